"""Which attacks on machine learning have been documented?  MITRE ATLAS, as data/documented holds it.

| question | file |
|---|---|
| What does the published file say, and is it sound? | source |
| What changed from one version to the next? | changes |
| How is a newer version put in place of the old one? | `__main__` |
| Which cases, techniques, tactics and mitigations are there, and which belong together? | collection |
| Which cases show which attack of the list? | kinds |
| Where does the source slip? | slips |
| Which numbers can stand in a sentence? | findings |
| What does a reader see? | tables, figures |

Cases are counted, and nothing else: they were collected, so that no share of them says anything about all attacks.
"""
