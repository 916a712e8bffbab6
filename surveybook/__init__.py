"""From answers to a site that can be read, cited, verified and rebuilt.

`survey` computes what is true, `publish` makes a rendered book a site to cite and verify, `render` makes pages as
Quarto does, `skeleton` is what a new report begins with. None of them knows another; `commands` knows them all, and
`cli` says how they are called. What they all stand on:

| question | file |
|---|---|
| What is refused, and how? | errors |
| What does a file of YAML say, and on which line? | document |
| Where may a path lead that an author wrote? | boundary |
| How does a file or a folder take the place of another one? | folders |
| What was made once, and need not be made again? | store |
| What does a program do when the one that started it ends? | processes |
| Is a text of HTML, or a file of BibTeX, one that can be read to its end? | markup, bibtex |
| Which Pandoc is run, and which day is it? | pandoc, clock |
"""

__version__ = "0.2.0"
