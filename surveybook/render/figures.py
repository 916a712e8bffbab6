"""How large are figures of matplotlib, and in which format?  What each page's process is told before its first cell.

As in Quarto: 7 by 5 inches at 96 dots an inch, drawn twice as fine, unless the page or the book says otherwise; and the
same in variables of the environment, for other libraries. Nothing is imported for it that the cells do not import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

USUAL = {"fig-width": 7, "fig-height": 5, "fig-dpi": 96, "fig-format": "retina"}
# Run on its own, in either back end. The salt makes the ids of SVG pictures the same in each build, and so does a
# picture without a date. The formats are set where `%matplotlib inline` finds them, whether it comes before or after.
SETUP = """
import importlib.util, os, sys

def prepare():
    import matplotlib
    from IPython import get_ipython
    from matplotlib_inline.config import InlineBackend
    matplotlib.rcParams.update({{"figure.figsize": ({width}, {height}), "figure.dpi": {dpi}, "savefig.dpi": "figure",
                                "svg.hashsalt": "surveybook"}})
    inline = InlineBackend.instance(parent=get_ipython())
    inline.shell = get_ipython()
    inline.print_figure_kwargs = {{**inline.print_figure_kwargs, "metadata": {{"Date": None}}}}
    inline.figure_formats = {{{format!r}}}

class Waiting:
    def find_spec(self, name, path=None, target=None):
        if name != "matplotlib.pyplot":
            return None
        sys.meta_path.remove(self)
        found = importlib.util.find_spec(name)
        run = found.loader.exec_module
        found.loader.exec_module = lambda module: (run(module), prepare())
        return found

os.environ.update(QUARTO_FIG_WIDTH="{width}", QUARTO_FIG_HEIGHT="{height}", QUARTO_FIG_DPI="{fine}",
                  QUARTO_FIG_FORMAT="{kind}")
prepare() if "matplotlib.pyplot" in sys.modules else sys.meta_path.insert(0, Waiting())
"""


def prepare_figures(options: Mapping[str, Any]) -> str:
    """The code that sets figures up for a page with these options."""
    width, height, dpi, form = (options.get(key, usual) for key, usual in USUAL.items())
    retina = form == "retina"
    return SETUP.format(width=width, height=height, dpi=dpi, format=form, fine=dpi * 2 if retina else dpi,
                        kind="png" if retina else form)
