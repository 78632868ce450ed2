"""The work of a build grows as its input does, whatever it is that grows.

CPU time says that of whole builds, see `tests.growth`, but not twice the same.
Here the steps are counted that each function takes, so that a small site shows it.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from . import growth
from .conftest import CONF

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import CodeType, FrameType

SMALL = 10
# Four times the input, and some steps that a short input does not need.
MOST, SOME = 4.6, 300
# Several shapes are built as one site, since a site takes longer to set up than to build.
GROUPS = 8


class Steps:
    """How often a function was called and, if it is one of cafe_site, how many lines it ran."""

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.count = 0
        self.trace = self._line if "cafe_site" in code.co_filename else None

    def _line(self, frame: FrameType, event: str, _: object) -> object:
        self.count += 1
        return self.trace


def steps(folder: Path, files: growth.Files) -> Counter[CodeType]:
    """Build a site and count the lines run in each function of cafe_site, and calls of others."""
    # By identity: to compare code takes long.
    found: dict[int, Steps] = {}

    def call(frame: FrameType, event: str, _: object) -> object:
        code = frame.f_code
        steps = found.get(id(code))
        if steps is None:
            steps = found[id(code)] = Steps(code)
        steps.count += 1
        return steps.trace

    growth.write(files, folder)
    before = sys.gettrace()
    sys.settrace(call)
    try:
        growth.build(folder)
    finally:
        sys.settrace(before)
    counts: Counter[CodeType] = Counter()
    for one in found.values():
        counts[one.code] += one.count
    return counts


def together(names: Iterable[str], n: int) -> growth.Files:
    """Return the files of some shapes as one site, each as a series."""
    return {
        path.replace("notes/", f"notes/{name}/"): text
        for name in names
        for path, text in growth.SHAPES[name](n).items()
    }


@pytest.mark.parametrize("first", range(GROUPS))
def test_no_function_takes_steps_that_grow_with_the_square(first: int, tmp_path: Path) -> None:
    names = list(growth.SHAPES)[first::GROUPS]
    small = steps(tmp_path / "small", together(names, SMALL))
    large = steps(tmp_path / "large", together(names, 4 * SMALL))
    found = {
        f"{code.co_filename}:{code.co_firstlineno} {code.co_qualname}": (small[code], count)
        for code, count in large.items()
        if count > MOST * small[code] + SOME
    }
    assert found == {}, names


def test_a_page_names_its_own_feed_alone_if_there_are_many(site) -> None:
    site.write("conf.py", f'{CONF}html_baseurl = "https://example.org/"\nproject = "Site"\n')
    for path, text in growth.SHAPES["series"](21).items():
        site.write(path, text)
    build = site.build()
    for page, expected in (("index", ["notes"]), ("notes/s7/2025", ["notes", "notes-s7"])):
        found = build.html(f"{page}.html").select("link[type='application/atom+xml']")
        assert [link["href"] for link in found] == [
            f"https://example.org/{name}.atom" for name in expected
        ]
    assert len(list(build.outdir.glob("*.atom"))) == 22
