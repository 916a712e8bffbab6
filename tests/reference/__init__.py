"""Does the tool give the values that R gives?  `python -m tests.reference CASES.json`

| question | file |
|---|---|
| Which values differ, and which are not offered? | comparison |
| Which function of the tool answers a value? | kinds, relations (two answers), changes (the same people again) |
| Which test or size does a name mean? | family |
| What does a case give and ask? | case |
| What does its call in R do where it says nothing? | calls |
| What does a name say? | words |
"""
