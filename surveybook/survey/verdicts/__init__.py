"""What do the responses say about each hypothesis?

| question | file |
|---|---|
| Which test and size for which two kinds of answers? | plan |
| Which ones for a weighted, stratified or clustered sample? | sampled |
| What does the plan say about a table, and about a family? | test |
| What does that mean for the claim, in a sentence? | sentence |
| From a declaration to its verdict? | verdict |
| Would another reasonable choice have changed it? | robustness |
| What is known of all of them, kept and as plain data? | record |
"""
