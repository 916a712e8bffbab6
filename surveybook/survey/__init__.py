"""What is true?  Data in; estimates, verdicts, findings, figures and tables out. Knows nothing of sites.

Floors, from the ground; a file imports only from floors below its own:

| question | floor |
|---|---|
| What cannot be used, where, and what to do? | errors |
| What is a share, how sure are we, and which counts must be withheld? | estimates |
| How is a number, a course or a finding written? | words |
| Is there a difference or a relation, and how large? | stats |
| What was asked, of whom, what was answered, or drawn from a model, and what may be shown? | data |
| What does that say about what was expected? | verdicts |
| What can a survey of this size show? | design |
| What is known by name, and what follows from all sources? | evidence |
| What does a reader see? | show |
| What did people answer in a file that some tool exported? | intake |

A report starts at evidence/report.py: `Report(folder)` knows its studies by name.
"""
