"""What makes any rendered book a site that can be read, cited, checked, taken along and verified?

It knows nothing of statistics, nor of who rendered the pages. Where is what:

| question | file |
|---|---|
| How is a site built, so that no failure costs anything? | `build` |
| Which program renders it, and need it be rendered at all? | `builders`, `receipt` |
| What is done to rendered pages, and in which order? | `finish` |
| What is on a site: pages, what can be cited, addresses, marks of simulation, words, files? | `site/` |
| What is put into a page: labels, search, links to terms, frame, looks, drawings, policy, old addresses? | `pages/` |
| How is a part cited, and what do pages tell programs of it? | `citing/` |
| What can be downloaded: data and pictures of a figure, studies, results, pages as Markdown? | `downloads/` |
| Is a finished site sound? The rules, one job a file | `check`, `checks/` |
| What is the site made of and from, and is a copy what the project makes? | `manifest`, `verify` |
| How is a copy fetched that stands on the web? | `mirror` |
| What do two sites say, and what changed between two versions? | `comparison`, `changes` |
| What does a static host need? | `host` |
| How is the whole report printed? | `printing/` |
| Which results that Quarto froze are stale? | `freeze` |
"""
