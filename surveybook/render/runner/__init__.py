"""How are the cells of all pages run? By a process of their own, which has imported what they import, and forks.

| question | file |
|---|---|
| What is it told, and what does it answer? | `__main__.py`, which is started by its path |
| What does it import beforehand? | `warm.py`, and `imports.py`, which reads what modules import |
| Which pages share what they import? | `branches.py` |
| How does a page run, seen from outside? | `pages.py`: its child, and what ends it; `limits.py`: what it may take |
| What does a page show? | `shell.py`: IPython's shell, as a kernel has it |
| What is a page made from? | `following.py`: which files its cells read, write and import |

Cells must find neither the package `surveybook` nor its folder, so that this one is imported under a name of its own,
and imports nothing of the tool.
"""
