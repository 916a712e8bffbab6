"""What does a site hold, and what is it made from?

| question | file |
|---|---|
| What do all steps of finishing share? | edition |
| What is on a page? | page |
| Which parts of it can be cited? | parts |
| What does it print, in words and in tables? | text |
| Which of its values are simulated? | marks |
| Where do its links lead, and what does it fetch? | addresses |
| What did the builder make of it? | originals |
| Whose is the report, and which version? | report |
| What do the descriptors of its studies say? | study |
| How many rows of a study have the same cells? | rows |
| What draws, and with which fonts? | engine |
| How is a file read that declares something? | declaration |
| How are rows, data and files written? | encoding |
"""
