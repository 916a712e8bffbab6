"""How does a chart become a drawing?"""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import vl_convert

from .. import theme


def both(draw: Callable[[bool], alt.LayerChart]) -> tuple[str, str]:
    """The SVG of a chart for a wide and for a narrow page."""
    return svg(draw(True)), svg(draw(False))


def svg(chart: alt.LayerChart) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"config": theme.config()})
