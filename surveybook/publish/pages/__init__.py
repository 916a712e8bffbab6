"""What is put into pages for those who read them?

| question | file |
|---|---|
| How is a chart drawn? | drawings |
| Where do the words of a figure stand? | captions |
| Where is it said that numbers are simulated? | labels |
| Where is a term explained? | glossary |
| What can be searched? | search |
| Do all addresses that were ever published lead somewhere? | anchors; where nothing is, dead |
| What surrounds the text, and how does one get from page to page? | frame, navigation |
| How does it look, and what moves? | theme |
| What stands on a printed sheet, and where do its links lead? | paper, notes |
| How does a reader verify the site? | verification |
| What do Quarto's own pages need? | quarto |
| What may a page run, show and ask for? | policy |
"""
