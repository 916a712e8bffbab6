"""The whole report on paper.

| question | file |
|---|---|
| What is printed, as one page? | book |
| What is in it, and on which sheet? | contents |
| Where are the tables of its figures? | numbers |
| How does Chromium print it? | pdf |
"""
