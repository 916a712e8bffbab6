"""Is there a difference or a relation, how large, and how sure are we?

Pure functions over counts and vectors; each module answers one question and knows no study, page or file. Tests hand
back a `Tested`, sizes an `Estimate` with its interval (result.py); nothing is rounded.

| the two answers | module |
|---|---|
| yes/no by yes/no | two_by_two |
| yes/no by ordered or count | dominance |
| ordered or count by ordered or count | association |
| nominal by ordered or count | groups |
| nominal by nominal | categories |
| the same people twice or more | pairs |
| the same question in two waves | change |
| adjusted for others | regression |
| two or more coders | agreement |
| columns of a cross table | columns |
| ends and mean of a scale | scores |
| any of these in a weighted, stratified or clustered sample | sampled; by group, domains |

Across questions: equivalence, multiplicity. Bounds of sizes without a direction: undirected. Which tables chance would
give: contingency. What tests and sizes hand back: result.
"""
