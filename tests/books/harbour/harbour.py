"""What the almanac's cells show: a row of boats as a picture, a table, and the quays from the data."""

import csv
from html import escape


class Shown:
    """HTML that Quarto passes through, because it comes as a raw block in Markdown."""

    def __init__(self, html):
        self.html = html

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/markdown": f"```{{=html}}\n{self.html}\n```\n"}


def picture(values, name):
    bars = "".join(f'<rect x="{20 * i}" y="{40 - v}" width="16" height="{v}"></rect>' for i, v in enumerate(values))
    return Shown(f'<svg role="img" aria-label="{escape(name)}" width="120" height="40">{bars}</svg>')


def table(head, rows):
    def line(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"
    return Shown(f"<table><thead>{line(head, 'th')}</thead><tbody>{''.join(line(row, 'td') for row in rows)}</tbody></table>")


def quays():
    with open("data/quays.csv", newline="", encoding="utf-8") as lines:
        return [{**row, "boats": int(row["boats"]), "berths": int(row["berths"])} for row in csv.DictReader(lines)]
