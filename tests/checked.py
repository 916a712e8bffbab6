"""A tiny page with something on it, and what the rules for finished pages say of it."""

from __future__ import annotations

from surveybook.publish.check import check

PAGE = """<!DOCTYPE html><html lang="en"{finished}><head><title>A Book</title>{head}</head><body>
<main><h1>A Book</h1><div id="here">{}</div></main></body></html>"""


def told(tmp_path, content: str, head: str = "", finished: str = "", **files: str) -> list[str]:
    text = PAGE.replace("{head}", head).replace("{finished}", finished).replace("{}", content)
    for name, words_ in {"index.html": text, **files}.items():
        (tmp_path / name).write_text(words_, encoding="utf-8")
    return [str(finding).removeprefix("index.html: ") for finding in check(tmp_path)]


def table(heads: list[str], *rows: list[str]) -> str:
    """A table as the analysis makes it."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "".join(f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{c}</td>" for c in row[1:])}</tr>' for row in rows)
    return (f'<div class="report-table"><table data-quarto-disable-processing="true"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")


def finding(text: str) -> str:
    return f'<p><span class="finding">{text}</span></p>'
