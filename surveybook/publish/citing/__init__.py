"""How are the report and its parts cited, and what do pages tell programs of them?

| question | file |
|---|---|
| How is a part cited in text, BibTeX, RIS and CSL-JSON? | formats |
| How does a reader come to a citation? | links |
| What does a page tell reference managers and search engines? | metadata |
| What do pages and the whole site say in the words of schema.org? | linked_data |
| What does an archive say of a release? | zenodo |
"""
