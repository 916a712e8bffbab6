"""One visit a page and reader: `wide`, `phone` and `plain` are each page of the book in turn, opened once for all tests
of a file that ask for it (see visits.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from project import PAGES
from visits import KINDS, OTHERS, READERS, Visit, looked_at

from surveybook.publish.site.page import float_labels, read_pages


@pytest.fixture(scope="session")
def figures(site) -> dict[str, set[str]]:
    """The labels of the figures of each page, as parsed."""
    return {page.name: {label for label in float_labels(page) if label.startswith("fig-")} for page in read_pages(site)}


@pytest.fixture(scope="module")
def visited(opened) -> Callable[[str, str], Iterator[Visit]]:
    """visited(reader, page): the page as this reader finds it."""

    @contextmanager
    def visit(reader: str, name: str) -> Iterator[Visit]:
        settings, way, look = READERS[reader]
        with opened(name, way, **settings) as page:
            yield look(page, name)

    return visit


@pytest.fixture(scope="module", params=looked_at(PAGES))
def wide(request, visited) -> Iterator[Visit]:
    with visited("wide", request.param) as visit:
        yield visit


@pytest.fixture(scope="module", params=looked_at(PAGES))
def phone(request, visited) -> Iterator[Visit]:
    with visited("phone", request.param) as visit:
        yield visit


@pytest.fixture(scope="module", params=[
    *KINDS, *(pytest.param(page, marks=pytest.mark.exhaustive) for page in OTHERS),
])
def plain(request, visited) -> Iterator[Visit]:
    with visited("plain", request.param) as visit:
        yield visit
