"""What is set beside _quarto.yml and the pages: by one's own copy, by a folder, by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.render.build import build
from surveybook.render.metadata import read_environment
from surveybook.render.problems import Refused

QUARTO = 'project:\n  type: book\nbook:\n  title: "Harbour"\n  chapters: [index.qmd, part/a.qmd]\nwho: writers\n'
PAGE = ('# One\n\nFor {{< meta who >}}.\n\n```{python}\nimport os\n'
        'print("wave", os.environ.get("SEA_WAVE"))\n```\n\n## Quay\n')


@pytest.fixture
def book(tmp_path):
    """book({"name": "text"}): a book of a home page and part/a.qmd, with these files beside."""

    def make(files: dict[str, str]) -> Path:
        given = {"_quarto.yml": QUARTO, "index.qmd": "# Hello {.unnumbered}\n", "part/a.qmd": PAGE}
        for name, text in {**given, **files}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(text.encode())
        return tmp_path

    return make


def shown(root: Path) -> LexborHTMLParser:
    return LexborHTMLParser((build(root).output / "part" / "a.html").read_text(encoding="utf-8"))


def test_the_settings_of_ones_own_copy_go_over_those_of_the_book(book):
    page = shown(book({"_quarto.yml.local": "who: readers\nnumber-sections: false\n"}))
    assert "For readers." in page.css_first("main").text() and page.css_first(".header-section-number") is None
    assert page.css_first(".cell-code") is not None


def test_a_slip_in_them_is_refused_with_their_name(book):
    with pytest.raises(Refused, match=r"_quarto\.yml\.local:2: “toc” is “maybe”"):
        build(book({"_quarto.yml.local": "who: readers\ntoc: maybe\n"}))


def test_what_a_folder_says_holds_for_its_pages_unless_they_say_otherwise(book):
    said = "who: sailors\nexecute:\n  echo: false\nnumber-sections: false\n"
    page = shown(book({"part/_metadata.yml": said, "_metadata.yml": "who: nobody\n"}))
    assert page.css_first(".cell-code") is None and page.css_first(".header-section-number") is None
    assert "For sailors." in page.css_first("main").text()
    root = book({"part/a.qmd": "---\nnumber-sections: true\n---\n" + PAGE})
    assert shown(root).css_first(".header-section-number") is not None


def test_cells_see_the_variables_of_the_environment_file_that_are_not_set_yet(book, monkeypatch):
    files = {"_environment": '# of all\nSEA_WAVE="high tide"\n', "_environment.local": "SEA_WAVE=low\n"}
    root = book({"_environment": files["_environment"]})
    assert "wave high tide" in shown(root).css_first("main").text()
    assert "wave low" in shown(book(files)).css_first("main").text(), "a kept output would be of the file before"
    monkeypatch.setenv("SEA_WAVE", "set outside")
    (root / ".cache").rename(root / "before")
    assert "wave set outside" in shown(root).css_first("main").text()


def test_cells_know_their_page_and_pages_show_variables_of_the_environment_as_they_are(book, monkeypatch):
    monkeypatch.delenv("SEA_GONE", raising=False)
    page = ("# One\n\nA {{< env SEA_WAVE >}}, {{< env SEA_GONE \"*low* -- no\" >}} and `{{< env SEA_WAVE >}}`.\n\n"
            "```{python}\n#| echo: false\nfrom os import environ, path\n"
            "book, page = environ['QUARTO_PROJECT_DIR'], environ['QUARTO_DOCUMENT_PATH']\n"
            "print(path.relpath(page, book), environ['QUARTO_DOCUMENT_FILE'], environ['QUARTO_PROJECT_ROOT'] == book)\n"
            "```\n")
    text = shown(book({"part/a.qmd": page, "_environment": 'SEA_WAVE="a *b* c"\n'})).css_first("main").text()
    assert "A a *b* c, *low* -- no and a *b* c." in text and "part a.qmd True" in text
    with pytest.raises(Refused, match="part/a.qmd:3: the variable SEA_GONE of the environment is not set; set it, or"):
        build(book({"part/a.qmd": "# One\n\n{{< env SEA_GONE >}}\n"}))


def test_bare_values_of_the_environment_file_take_those_of_other_variables_and_quoted_ones_do_not(tmp_path):
    lines = ["DEEP=9", "SEA=$DEEP-m", "FAR=${LATE}s", "LATE=mile", "ELSE=${SEA_GONE:-${DEEP}ft}", 'TWO="a\\nb $DEEP"',
             "ONE='a\\nb'", "COST=5$"]
    (tmp_path / "_environment").write_text("\n".join(lines), encoding="utf-8")
    assert read_environment(tmp_path) == {"DEEP": "9", "SEA": "9-m", "FAR": "miles", "LATE": "mile", "ELSE": "9ft",
                                          "TWO": "a\nb $DEEP", "ONE": "a\\nb", "COST": "5$"}
    (tmp_path / "_environment").write_text("A=1\nB=$SEA_GONE\n", encoding="utf-8")
    with pytest.raises(Refused, match="_environment:2: B takes the value of SEA_GONE, which is not set; set it"):
        read_environment(tmp_path)


def test_pages_and_their_folders_bring_style_sheets_html_and_sources_named_from_where_they_stand(book):
    said = "css: own.css\nbibliography: b.bib\nformat:\n  html:\n    include-after-body:\n      - file: end.html\n"
    front = "---\ncss: ../page.css\ninclude-in-header:\n  - text: <meta name=tide>\n---\n\n# Two\n\n@reef\n"
    files = {"_quarto.yml": QUARTO.replace("a.qmd", "a.qmd, part/deep/b.qmd") + "css: all.css\n", "all.css": "",
             "part/_metadata.yml": said, "part/deep/_metadata.yml": "toc: false\n", "part/deep/b.qmd": front,
             "part/own.css": "", "part/page.css": "", "part/end.html": "<b>End</b>\n",
             "part/b.bib": "@book{reef, title={Reefs}, author={Ada Reef}, year={1801}}\n"}
    site = build(book(files)).output
    names = ("part/deep/b.html", "part/a.html", "index.html")
    pages = [LexborHTMLParser((site / name).read_text("utf-8")) for name in names]
    sheets = [[link.attributes["href"] for link in page.css("link[rel=stylesheet]")][1:] for page in pages]
    assert sheets == [["../../all.css", "../own.css", "../page.css"], ["../all.css", "own.css"], ["all.css"]]
    assert [len(page.css("meta[name=tide]")) for page in pages] == [1, 0, 0]
    assert [page.body.text().strip().endswith("End") for page in pages] == [True, True, False]
    assert "Reef (1801)" in pages[0].css_first("main").text() and (site / "part" / "own.css").is_file()
    with pytest.raises(Refused, match=r"part/a.qmd:2: there is no file part/gone.css; write it, or mend `css`"):
        build(book({"part/a.qmd": "---\ncss: gone.css\n---\n" + PAGE}))


def test_a_fault_of_a_folder_is_told_with_its_file_and_one_of_a_page_with_the_page(book):
    said = "toc: false\ncss: gone.css\nbibliography: gone.bib\n"
    with pytest.raises(Refused) as caught:
        build(book({"part/_metadata.yml": said, "part/a.qmd": "---\ninclude-in-header: gone.html\n---\n" + PAGE}))
    assert [str(one).split(";")[0] for one in caught.value.problems] == [
        "part/_metadata.yml:2: there is no file part/gone.css", "part/_metadata.yml:3: there is no file part/gone.bib",
        "part/a.qmd:2: there is no file part/gone.html"]


def test_files_that_the_settings_name_go_over_them_and_their_faults_are_told_with_their_names(book):
    files = {"_quarto.yml": QUARTO + "metadata-files: [more.yml, part/last.yml]\n",
             "more.yml": "who: nobody\ntoc: true\n", "part/last.yml": "who: sailors\ncss: gone.css\n"}
    with pytest.raises(Refused, match="part/last.yml:2: there is no file gone.css"):
        build(book(files))
    assert "For sailors." in shown(book({**files, "gone.css": ""})).css_first("main").text()
    with pytest.raises(Refused, match="_quarto.yml:7: there is no file none.yml; write it, or mend `metadata-files`"):
        build(book({"_quarto.yml": QUARTO + "metadata-files: none.yml\n"}))


def test_a_line_of_the_environment_file_that_sets_nothing_is_refused(book):
    with pytest.raises(Refused, match=r"_environment:2: “high tide” sets no variable; write NAME=value"):
        build(book({"_environment": "SEA_WAVE=1\nhigh tide\n"}))


def test_lines_may_end_with_a_carriage_return_alone(book):
    page = shown(book({"part/a.qmd": PAGE.replace("\n", "\r")}))
    assert page.css_first("h1").text().endswith("One") and len(page.css("h2")) == 1 and "wave None" in page.body.text()


def test_an_author_left_empty_is_none(book):
    root = book({"_quarto.yml": QUARTO.replace("  chapters", '  author: ["", {name: ""}]\n  chapters')})
    assert "Author" not in (build(root).output / "index.html").read_text(encoding="utf-8")


def test_appendices_go_on_after_z(book):
    names = [f"x{number}.qmd" for number in range(1, 29)]
    root = book({"_quarto.yml": f"{QUARTO}".replace("who:", f"  appendices: [{', '.join(names)}]\nwho:"),
                 **{name: f"# Of {name}\n" for name in names}})
    site = build(root).output
    labels = [LexborHTMLParser((site / f"x{number}.html").read_text(encoding="utf-8")).css_first("h1").text()
              for number in (26, 27, 28)]
    assert [label.split()[1] for label in labels] == ["Z", "AA", "AB"]


def test_a_profile_in_the_environment_is_refused_as_the_book_would_depend_on_who_builds_it(book, monkeypatch):
    monkeypatch.setenv("QUARTO_PROFILE", "draft")
    with pytest.raises(Refused, match="QUARTO_PROFILE is “draft”, .*; unset it, and put what differs into _q"):
        build(book({}))
