"""How does a book look where Quarto cannot be installed?  The same files in, the same pages out.

| question | file |
|---|---|
| What is the whole way from a folder to a site? | `build.py` |
| Which keys may stand in `_quarto.yml`, in front matter and in the options of a cell? | `keys.py` |
| How are they read and checked? | `settings.py` |
| What is set beside them: of one's own copy, of a folder, in the environment? | `metadata.py` |
| Where are text, cells and inline expressions of a page? | `source.py` |
| What is a page made of then? | `pieces.py` |
| What does a shortcode stand for, and a date? | `shortcodes.py`, `dates.py` |
| Which headings does a text have, and how do cells learn of them? | `headings.py` |
| What is asked of cells, what do they show, and what may they take? | `cells.py` |
| How large are figures of matplotlib? | `figures.py` |
| How are the cells of all pages run? | `execution.py`: forked by `runner/`, or in kernels by `jupyter.py` |
| When is a page not run again? | `cache.py` |
| How do a page and what its cells show become one Markdown text? | `markdown.py` |
| How does that become HTML? | `pandoc.py` and `pages.lua`, with a file in `filter/` for each kind of thing |
| Which pages are there, with which numbers and titles? | `book.py` |
| What is a label called, and where does a reference lead? | `references.py` |
| Where does an address lead? | `links.py` |
| Which other files go along? | `files.py` |
| What stands around the body of a page? | `page.py`, `page.html`, `base.css` |
| What do all pages share, such as outline and search index? | `site.py` |
| How does the site take the place of the last one? | `output.py` |
| What is told while it is built, and what is wrong with a book? | `progress.py`, `problems.py` |
| How is a book shown while it is written? | `serve.py`, with a build in a process of its own (`work.py`) |
| Which files changed? | `watch.py` |

What needs other pages is done after Pandoc; what is wrong is collected, so that one build tells all of it. A file
imports from the floors below it alone (`pyproject.toml`).
"""
