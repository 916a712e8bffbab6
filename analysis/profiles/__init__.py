"""What is to be known of each attack?  A profile of each, as data/attacks.yaml, the interviews and ATLAS have it.

| question | file |
|---|---|
| What is declared, and does each name in it lead somewhere? | declaration |
| Which numbers can stand in a sentence? | findings |
| What does a reader see? | tables, sections |
| What can be ticked off? | checklist |

Picks, cases, techniques and mitigations are counted; names that others give, what to log and gaps are judged.
"""
