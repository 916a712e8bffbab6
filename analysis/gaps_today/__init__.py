"""What of the twelve gaps is closed today?  A judgement of this report, as data/gaps-today.yaml holds it.

| question | file |
|---|---|
| What is declared, and does each name in it lead somewhere? | declaration |
| Which numbers can stand in a sentence? | findings |
| What does a reader see? | tables, figures, sections |

Verdicts are opinions with reasons; only how many there are of each is counted.
"""
