"""Which keys may stand in `_quarto.yml`, in front matter and in the options of a cell, and what may their values be?

A key of Quarto is done, or has no effect on a web page, or is refused because it would change the page.
"""

from __future__ import annotations

# fmt: off
# What a value may be. A tuple lists alternatives; a dict is a mapping; a list tells what its items are; a set, words.
BOOL, TEXT, INT, NUMBER, ANY = "true or false", "text", "a whole number", "a number", "anything"
DATE = "a date such as 2026-03-14"
TEXTS = (TEXT, [TEXT])
WORDS = (TEXT, INT, NUMBER)  # YAML takes `4` or `1.5` for a number where a text is meant

FIGURES: dict = {  # of matplotlib: for a page, as Quarto knows none for a single cell of Python
    "fig-width": (INT, NUMBER), "fig-height": (INT, NUMBER), "fig-dpi": INT,
    "fig-format": {"retina", "png", "svg", "jpeg"},
}
EXECUTE: dict = {
    "echo": (BOOL, {"fenced"}), "eval": BOOL, "output": (BOOL, {"asis"}), "warning": BOOL, "error": BOOL,
    "include": BOOL, "enabled": {True},
    # these change when and where Quarto runs cells, never what a page shows
    "cache": (BOOL, {"refresh"}), "freeze": (BOOL, {"auto"}), "daemon": (BOOL, INT), "daemon-restart": BOOL,
    "debug": BOOL, "keep-md": BOOL, "keep-ipynb": BOOL, "ipynb-output": {"all", "none", "best"}, **FIGURES,
}
ALIGNED = {"left", "center", "right", "default"}
CAPTIONS: dict = {"fig-cap-location": {"top", "bottom"}, "tbl-cap-location": {"top", "bottom"}}
CODE: dict = {"code-fold": (BOOL, {"show"}), "code-summary": WORDS}
THEMES = {
    "default", "none", "cerulean", "cosmo", "cyborg", "darkly", "flatly", "journal", "litera", "lumen", "lux",
    "materia", "minty", "morph", "pulse", "quartz", "sandstone", "simplex", "sketchy", "slate", "solar", "spacelab",
    "superhero", "united", "vapor", "yeti", "zephyr",
}
THEMES |= {"brand"}  # what a _brand.yml says, which is refused where there is one
THEME = (THEMES, [THEMES])
# Passed over, with a line that says so: formats that are no web pages, keys for paper, buttons of Quarto's frame, links
# to a repository or files
OTHER_FORMATS = {
    "asciidoc", "beamer", "commonmark", "context", "docbook", "docx", "epub", "gfm", "hugo-md", "ipynb", "jats",
    "latex", "markdown", "mediawiki", "ms", "odt", "pdf", "pptx", "revealjs", "rtf", "typst",
}
ON_PAPER = {
    "biblatexoptions", "biblio-config", "biblio-style", "biblio-title", "citecolor", "classoption", "colorlinks",
    "documentclass", "filecolor", "fontenc", "geometry", "header-includes", "hyperrefoptions", "indent", "keep-tex",
    "keep-typ", "links-as-notes", "lof", "lot", "mainfontoptions", "mathfont", "microtypeoptions", "natbiboptions",
    "pagestyle", "papersize", "pdf-engine", "pdf-engine-opt", "pdf-engine-opts", "pdf-standard", "reference-doc",
    "sansfont", "toccolor", "top-level-division", "urlcolor",
}
# Keys of other formats, of slides and of tools, in the names of Quarto's schema
OF_OTHERS = {
    "CJKmainfont", "CJKoptions", "adjusting", "affiliation", "article", "ascii", "aspectratio", "author-meta",
    "auto-animate", "auto-animate-duration", "auto-animate-easing", "auto-animate-styles", "auto-animate-unmatched",
    "auto-play-media", "auto-slide", "auto-slide-method", "auto-slide-stoppable", "auto-stretch",
    "background-transition", "beamerarticle", "beameroption", "belongs-to-collection", "bibliographystyle",
    "block-headings", "brand-mode", "category", "center", "center-title-slide", "chalkboard", "cite-method",
    "code-block-height", "codefont", "colortheme", "colorthemeoptions", "columns", "contrastcolor", "contributor",
    "controls", "controls-back-arrows", "controls-layout", "controls-tutorial", "coverage", "creator", "date-meta",
    "default-timing", "description-meta", "disable-layout", "display", "document-css", "dpi", "dump-args",
    "email-obfuscation", "email-version", "embedded", "eol", "epub-chapter-level", "epub-cover-image", "epub-fonts",
    "epub-metadata", "epub-subdirectory", "epub-title-page", "expandable", "fail-if-warnings", "font-paths",
    "fontfamily", "fontfamilyoptions", "fonttheme", "fontthemeoptions", "footer", "footertext", "format-links",
    "fragment-in-url", "fragments", "group-position", "hash", "hash-one-based-index", "hash-type", "header",
    "headertext", "height", "help", "hide-cursor-time", "hide-inactive-cursor", "history", "hyphenate", "ibooks",
    "identifier", "ignore-args", "image-alt", "image-height", "image-lazy-loading", "image-width", "includesource",
    "incremental", "indenting", "innertheme", "innerthemeoptions", "input-file", "input-files", "institute",
    "interlinespace", "ipynb", "journal", "julia", "jump-to-slide", "keep-hidden", "keep-source", "keyboard",
    "latex-auto-install", "latex-auto-mk", "latex-clean", "latex-input-paths", "latex-makeindex",
    "latex-makeindex-opts", "latex-max-runs", "latex-min-runs", "latex-output-dir", "latex-tinytex",
    "latex-tlmgr-opts", "layout", "lineheight", "link-external-filter", "linkstyle", "listings", "log-file", "loop",
    "margin", "margin-geometry", "markdown-headings", "mathfontoptions", "max-scale", "menu", "merge-includes",
    "metadata", "min-scale", "mobile-view-distance", "monofontoptions", "mouse-wheel", "multiplex", "nav-buttons",
    "navigation", "navigation-mode", "notebook-links", "notebook-preview-options", "notebook-view",
    "notebook-view-style", "notes", "notes-after-punctuation", "order", "orientation", "outertheme",
    "outerthemeoptions", "overview", "page-numbering", "page-progression-direction", "pagenumbering",
    "parallax-background-horizontal", "parallax-background-image", "parallax-background-size",
    "parallax-background-vertical", "pause", "pdf-max-pages-per-slide", "pdf-page-height-offset",
    "pdf-separate-fragments", "pdfa", "pdfaiccprofile", "pdfaintent", "pointsize", "prefer-html", "preload-iframes",
    "preserve-tabs", "preview-links", "preview-mode", "progress", "quarto-required", "relation", "repo-actions",
    "request-headers", "respect-user-color-scheme", "respond-to-hash-changes", "revealjs-url", "rights", "rtl",
    "s5-url", "sansfontoptions", "scroll-view", "scrollable", "scrolling", "secnumdepth", "section",
    "section-numbering", "section-titles", "self-contained-math", "shorthands", "show-notes", "show-slide-number",
    "shuffle", "slide-level", "slide-number", "slide-tone", "slideous-url", "slidy-url", "smaller", "split-level",
    "strip-comments", "subject", "syntax-highlighting", "tab-stop", "tags", "thanks", "themeoptions",
    "theorem-appearance", "title-block-banner-color", "title-meta", "title-slide-attributes", "title-slide-style",
    "titlegraphic", "touch", "trace", "track-changes", "transition", "transition-speed", "type", "use-rsvg-convert",
    "variant", "verbosity", "view-distance", "whitespace", "width", "wrap", "zotero",
}
ON_PAPER |= OF_OTHERS | {"copyright", "license", "number-offset"}  # the last three: nothing in a book shows them
OF_BOOK = {
    "back-to-top-navigation", "bread-crumbs", "edition", "image", "image-alt", "open-graph", "output-file", "publisher",
    "reader-mode", "twitter-card",
    "cover-title", "doi", "downloads", "isbn", "issue-url", "license", "llms-txt", "repo-actions",
    "repo-branch", "repo-link-rel", "repo-link-target", "repo-subdir", "repo-url", "sharing", "site-path", "tools",
}
OF_SIDEBAR = {"alignment", "background", "border", "foreground", "pinned", "tools"}
PASSED = {place: dict.fromkeys(sorted(keys), ANY) for place, keys in
          {"format": OTHER_FORMATS, "document": ON_PAPER, "book": OF_BOOK, "sidebar": OF_SIDEBAR}.items()}
PLACE = (TEXT, {"name": TEXT})
NAME = (TEXT, {
    "name": (TEXT, {"given": TEXT, "family": TEXT}), "email": TEXT, "orcid": TEXT, "url": TEXT,
    "affiliation": (*PLACE, [PLACE]), "affiliations": (*PLACE, [PLACE]),
    "corresponding": BOOL, "equal-contributor": BOOL, "roles": ANY,
})
# What captions and references call a kind of thing (`sec` and chapters keep their names)
LABELLED = ("fig", "tbl", "lst", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "rem", "sol")
CROSSREF: dict = {
    **{f"{kind}-{what}": TEXT for kind in LABELLED for what in ("title", "prefix")}, "chapters": {True},
    "custom": [{"kind": {"float"}, "key": TEXT, "reference-prefix": TEXT, "caption-prefix": TEXT,
                "caption-location": {"bottom"}, "space-before-numbering": {True}, "latex-env": TEXT,
                "latex-list-of-file-extension": TEXT, "latex-list-of-description": TEXT}],
}
DOCUMENT: dict = {  # in front matter, under `format: html:` or at the top of _quarto.yml
    **CODE, **FIGURES, "crossref": CROSSREF, "toc": BOOL, "toc-depth": INT, "toc-title": TEXT, "css": TEXTS,
    "number-sections": BOOL, "number-depth": INT,
    "lang": {"en", "en-US", "en-GB"}, "html-math-method": {"mathml"},
    "theme": (*THEME, {"light": THEME, "dark": THEME}),
    # switches of Quarto's own scripts, and looks, which the renderer's style sheet takes care of
    "smooth-scroll": BOOL, "anchor-sections": BOOL, "code-copy": (BOOL, {"hover"}), "highlight-style": ANY,
    "citations-hover": BOOL, "footnotes-hover": BOOL, "crossrefs-hover": BOOL, "embed-resources": {False},
    # only what is so anyway
    "lightbox": (BOOL, {"auto"}), "code-annotations": ({False}, {"below", "hover", "select", "none"}),
    "page-layout": {"article"}, "minimal": {False}, "link-external-newwindow": {False},
    "code-overflow": {"scroll", "wrap"}, "code-line-numbers": BOOL, "code-tools": {False}, "code-link": BOOL,
    **CAPTIONS, "fig-align": ALIGNED, "title-block-categories": BOOL, "citation-location": {"document"},
    "reference-location": {"document"}, "df-print": {"default"}, "link-citations": {True},
    "citeproc": {True}, "keep-md": BOOL, "title-block-banner": {False}, "toc-location": {"right"},
    **PASSED["document"],
    "toc-expand": (BOOL, INT), "fig-responsive": BOOL, "link-external-icon": {False}, "self-contained": {False},
    "include-in-header": ANY, "include-before-body": ANY, "include-after-body": ANY,
    "standalone": {True}, "callout-appearance": {"default", "simple", "minimal"}, "callout-icon": BOOL,
}
HTML: dict = DOCUMENT
ANYWHERE: dict = {
    **DOCUMENT, "execute": EXECUTE,
    "format": ({"html"}, {"html": ({"default"}, HTML), **PASSED["format"]}), "engine": {"jupyter"},
    "jupyter": ({"python3"}, {"kernelspec": {"name": {"python3"}, "language": {"python"}, "display_name": TEXT}}),
    "editor": ANY, "editor_options": ANY, "nocite": TEXT, "date-format": TEXT, "params": ANY, "bibliography": TEXTS,
    "keywords": TEXTS, "categories": TEXTS, "abstract": TEXT, "abstract-title": TEXT,
}
FRONT: dict = {
    **ANYWHERE, "title": WORDS, "subtitle": WORDS, "description": WORDS, "author": (*NAME, [NAME]), "date": DATE,
}
CHAPTER: dict = {"href": TEXT, "file": TEXT, "text": TEXT}
CHAPTERS = [(TEXT, {"part": TEXT, "chapters": [(TEXT, CHAPTER)], **CHAPTER})]
LINKED = [(TEXT, {"text": TEXT, "href": TEXT, "file": TEXT, "icon": TEXT, "aria-label": TEXT})]
FOOTER = (TEXT, {"left": (TEXT, LINKED), "center": (TEXT, LINKED), "right": (TEXT, LINKED),
                 "background": ANY, "foreground": ANY, "border": ANY})
QUARTO: dict = {
    **ANYWHERE, "csl": TEXT, "metadata-files": TEXTS,
    "project": {
        "type": {"book"}, "output-dir": TEXT, "execute-dir": {"project", "file"}, "pre-render": TEXTS,
        "post-render": TEXTS, "render": [TEXT], "resources": TEXTS, "lib-dir": TEXT, "preview": ANY,
    },
    "book": {
        "title": WORDS, "subtitle": WORDS, "author": (*NAME, [NAME]), "date": DATE, "description": WORDS,
        "abstract": TEXT,
        "chapters": CHAPTERS, "appendices": CHAPTERS, "site-url": TEXT, "page-navigation": {True}, "favicon": TEXT,
        "search": (BOOL, {"location": {"sidebar", "navbar"}, "type": {"textbox", "overlay"}, "limit": INT}),
        "cookie-consent": {False},
        **PASSED["book"],
        "page-footer": FOOTER, "date-format": TEXT, "cover-image": TEXT, "cover-image-alt": TEXT,
        "sidebar": {
            "style": {"docked", "floating"}, "search": BOOL, "collapse-level": INT, "logo": TEXT, "logo-alt": TEXT,
            **PASSED["sidebar"],
        },
    },
}
# What Quarto itself passes over in a cell of Python: keys of other engines, and of paper
OF_KNITR = dict.fromkeys(sorted({
    *FIGURES,
    "animation-hook", "aniopts", "attr-error", "attr-message", "attr-output", "attr-source", "attr-warning",
    "autodep", "cache", "cache-comments", "cache-globals", "cache-lazy", "cache-path", "cache-rebuild", "cache-vars",
    "child", "class-error", "class-message", "class-output", "class-source", "class-warning", "code", "collapse",
    "color", "comment", "content", "context", "dependson", "expandable", "export", "external", "fig-asp", "fig-env",
    "fig-keep", "fig-pos", "fig-scap", "fig-show", "file", "height", "highlight", "id", "interval", "message",
    "out-extra", "out-height", "out-width", "padding", "prompt", "purl", "results", "sanitize", "tags", "tidy",
    "tidy-opts", "width",
}), ANY)
CELL: dict = {
    **{key: EXECUTE[key] for key in ("echo", "eval", "output", "warning", "error", "include")}, **CODE,
    "label": TEXT, "fig-cap": (*WORDS, [WORDS]), "fig-alt": WORDS, "tbl-cap": WORDS, "lst-cap": TEXT, "lst-label": TEXT,
    "fig-subcap": (BOOL, [WORDS]), "tbl-subcap": (BOOL, [WORDS]), "layout-ncol": INT, "layout-nrow": INT, "layout": ANY,
    "layout-align": ALIGNED, "layout-valign": {"top", "center", "bottom", "default"},
    "column": TEXT, "fig-column": TEXT, "tbl-column": TEXT, **OF_KNITR,
    "fig-align": ALIGNED, "tbl-colwidths": (TEXT, [(INT, NUMBER)], BOOL),
    **CAPTIONS, "fig-link": TEXT, "filename": TEXT,
    "classes": TEXTS, "code-overflow": {"scroll", "wrap"}, "code-line-numbers": BOOL,
}
KNOWN = {"quarto": QUARTO, "folder": FRONT, "front": FRONT, "cell": CELL, "variables": {}}
PLACES = {"quarto": "_quarto.yml", "folder": "_metadata.yml", "front": "front matter", "cell": "a cell's options",
          "variables": "_variables.yml"}
# Keys of Quarto that change a page and are not done here: never taken for the author's own metadata, nor for a slip
FOREIGN = {
    "abbreviations", "about", "aliases", "appendix-cite-as", "appendix-style", "axe",
    "backgroundcolor", "body-classes", "brand", "canonical-url", "citation", "citation-abbreviations",
    "code-block-bg", "code-block-border-left", "code-links", "comments", "css-property-processing",
    "data-dir", "date-modified", "default-image-extension", "defaults", "dir", "doi", "extensions",
    "extract-media", "fig-asp", "file-scope", "filters", "fontcolor", "fontsize", "from", "funding",
    "google-analytics", "html-pre-tag-processing", "html-q-tags", "html-table-processing", "identifier-prefix",
    "include-after", "include-before",
    "indented-code-classes", "ipynb-filters", "ipynb-shell-interactivity", "knitr", "language",
    "linestretch", "link-bibliography", "linkcolor", "list-tables", "listing", "mainfont", "manuscript",
    "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "mermaid", "metadata-file",
    "metadata-files", "monobackgroundcolor", "monofont", "notebook-subarticles", "ojs-engine", "other-links",
    "output-divs", "output-ext", "output-file", "page-footer", "page-width", "pagetitle", "plotly-connected",
    "profile", "resource-path", "resources", "search", "section-divs", "server", "shift-heading-level-by",
    "shortcodes", "syntax-definition", "syntax-definitions", "tabsets", "template", "template-partials",
    "title-block-style", "title-prefix", "to", "variables", "website",
}
# The same of keys that only mean something below others, or to a cell
INNER = {
    "announcement", "background", "body-footer", "body-header", "bread-crumbs", "cap-location",
    "comments", "contents", "draft-mode", "drafts",
    "foreground", "grid", "image", "logo", "logo-alt", "margin-footer",
    "margin-header", "navbar", "output-location", "panel",
    "plausible-analytics", "references", "renderings", "title", "toc-indent",
    "tools",
}
# fmt: on
