"""What IPython knows beyond Python runs in the forked processes as in a kernel: snippet by snippet the same outputs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from surveybook.render.execution import run_cells
from surveybook.render.settings import Settings
from surveybook.render.source import read_page

SNIPPETS = {
    "captured": "%%capture out\nprint('kept')",
    "what was captured": "print(out.stdout)",
    "shown from captured": "%%capture shown\ndisplay(1); 2",
    "shown again": "shown.outputs[0].data, len(shown.outputs)",
    "run within": "result = get_ipython().run_cell('3 + 4')\nresult.result",
    "a line within": "get_ipython().run_line_magic('precision', '3')\n3.14159265",
    "in HTML": "%%html\n<b>bold</b>",
    "in Markdown": "%%markdown\n*slanted*",
    "a program": "!echo hello",
    "what a program says": "lines = !echo one; echo two\nlines",
    "by the shell": "%%bash\necho from bash",
    "a variable of the environment": "%env SEA_WAVE=high",
    "two displays": "from IPython.display import Markdown, display\ndisplay(Markdown('*a*'), {'b': 1})",
    "shown anew": "handle = display('first', display_id='x')\nhandle.update('second')",
    "cleared": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "the last value": "_ = 5\n1 + 1",
    # as polars and great_tables show themselves, altair, matplotlib, seaborn and ipywidgets
    "HTML of its own": "class Frame:\n    def _repr_html_(self): return '<table><tr><td>1</td></tr></table>'\nFrame()",
    "a bundle": "class Chart:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
                "        return {'text/html': '<p>c</p>', 'text/plain': 'c'}, {'text/html': {'x': True}}\nChart()",
    "an SVG": "class Drawing:\n    def _repr_svg_(self): return '<svg/>'\nDrawing()",
    "a PNG with its size": "import base64\nDOT = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA'\n"
                           "    'DUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')\n"
                           "class Plot:\n    def _repr_png_(self): return DOT, {'width': 1, 'height': 1}\nPlot()",
    "displayed in its own way": "class Widget:\n    def _ipython_display_(self): display(Markdown('*own*'))\nWidget()",
    "Markdown of its own": "class Words:\n    def _repr_markdown_(self): return '*w*'\nWords()",
    "several": "display(Frame(), Drawing()); Words()",
    "names": "%reset -f\nsorted(name for name in dir() if name == 'lines')",
    "help shows nothing": "len?",
    "every value": "%config InteractiveShell.ast_node_interactivity = 'all'\n1\n2",
}
TIMED = ("%%time\n1 + 1", "%time 3", "%timeit -n1 -r1 1")


def outputs(folder: Path, backend: str) -> list[tuple]:
    (done,) = run_cells([read_page(Path("page.qmd"), folder, Settings(), {})], folder, backend)
    return [tuple((output.kind, output.data) for output in result) for result in done.results]


@pytest.fixture
def book(tmp_path):
    def make(snippets) -> Path:
        text = "".join(f"```{{python}}\n{code}\n```\n\n" for code in snippets)
        (tmp_path / "page.qmd").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def test_both_back_ends_give_the_same(book):
    folder = book(SNIPPETS.values())
    forked, kernels = outputs(folder, "fork"), outputs(folder, "jupyter")
    assert dict(zip(SNIPPETS, forked, strict=True)) == dict(zip(SNIPPETS, kernels, strict=True))
    assert forked[1] == (("stdout", {"text/plain": "kept\n\n"}),)


def test_what_takes_time_says_how_long_and_goes_on(book):
    folder = book(TIMED)
    for backend in ("fork", "jupyter"):
        texts = [re.sub(r"[\d.]+ ?(ns|µs|μs|ms|s)\b", "T", str(result)) for result in outputs(folder, backend)]
        assert "Wall time: T" in texts[0] and "'2'" in texts[0]
        assert "Wall time: T" in texts[1] and "per loop" in texts[2]


FIGURES = {
    "matplotlib/__init__.py": "rcParams = {}\n",
    "matplotlib/pyplot.py": "import matplotlib\ndef size():\n    return matplotlib.rcParams['figure.figsize'], "
                            "matplotlib.rcParams['figure.dpi']\n",
    "matplotlib_inline/__init__.py": "",
    "matplotlib_inline/config.py": "class InlineBackend:\n    print_figure_kwargs = {'bbox_inches': 'tight'}\n"
                                   "    @classmethod\n    def instance(cls, parent):\n        return cls\n",
}


@pytest.mark.parametrize(("front", "told"), [
    ("", "((7, 5), 96) {'retina'} {'bbox_inches': 'tight', 'metadata': {'Date': None}} 192 png"),
    ("---\nfig-width: 4.5\nfig-height: 3\nfig-dpi: 100\nfig-format: svg\n---\n\n",
     "((4.5, 3), 100) {'svg'} {'bbox_inches': 'tight', 'metadata': {'Date': None}} 100 svg")])
def test_figures_have_the_sizes_that_a_page_gives_them_when_their_library_is_imported(tmp_path, front, told):
    """A stand-in for matplotlib, as it is none of the project's libraries: it tells what it was given. Quarto 1.9.38
    sets [7.0, 5.0] and 96 dots, and QUARTO_FIG_DPI=192 and QUARTO_FIG_FORMAT=png, unless the page says otherwise."""
    code = ("import sys\nsys.path.insert(0, '.')\nfrom matplotlib import pyplot\nimport os\n"
            "from matplotlib_inline.config import InlineBackend as inline\n"
            "print(pyplot.size(), inline.figure_formats, inline.print_figure_kwargs, "
            "os.environ['QUARTO_FIG_DPI'], os.environ['QUARTO_FIG_FORMAT'])")
    for name, text in {**FIGURES, "page.qmd": f"{front}```{{python}}\n{code}\n```\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    ((shown,),) = outputs(tmp_path, "fork")
    assert shown[1]["text/plain"].strip() == told
