"""How is it written?  Numbers and findings as they stand in a sentence.

| question | file |
|---|---|
| How is a number written, and where is it rounded? | text |
| How do values run along a scale? | course |
| How do findings go by name? | names |
"""
