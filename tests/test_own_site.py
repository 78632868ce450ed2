"""This project's own site: the archive is whole, and the pages are in order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Build, Site

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the site without warnings."""
    out = tmp_path_factory.mktemp("own-site")
    return Site(ROOT).build(outdir=str(out / "html"), doctreedir=str(out / "doctrees"))


@pytest.fixture(scope="module")
def pages(built: Build) -> dict[str, BeautifulSoup]:
    """Return the site's pages by name."""
    names = [str(path.relative_to(built.outdir)) for path in built.outdir.rglob("*.html")]
    return {name: built.html(name) for name in names}


def test_the_archive_holds_all_52_meetings_3_of_them_cancelled(pages) -> None:
    meetings = [
        meeting
        for name, page in pages.items()
        if name.startswith("notes/")
        for meeting in page.select("section.cafe-meeting")
    ]
    assert len(meetings) == 52
    assert sum(bool(meeting.select(".cafe-cancelled")) for meeting in meetings) == 3
    rows = pages["notes/index.html"].select(".cafe-row")
    assert len(rows) == 52
    assert {row.a["href"].partition("#")[2] for row in rows} == {m["id"] for m in meetings}


def test_every_link_within_the_site_has_a_target(built, pages) -> None:
    missing = []
    for name, page in pages.items():
        for link in page.select("a[href]"):
            path, _, anchor = link["href"].partition("#")
            if re.match(r"[a-z]+:|//", path):
                continue
            target = (built.outdir / name).parent / path if path else built.outdir / name
            page = pages.get(str(target.resolve().relative_to(built.outdir.resolve())))
            if not target.exists() or (anchor and page and page.find(id=anchor) is None):
                missing.append((name, link["href"]))
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_guide_page_has_one_title_and_a_heading_on_every_second_screen(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    headings, fence = [], ""
    for number, line in enumerate(lines):
        mark = re.match(r"(`{3,}|~{3,}|:{3,})", line)
        if mark and (not fence or line.strip() == fence):
            fence = "" if fence else mark[1]
        elif not fence and re.match(r"#{1,6} ", line):
            headings.append(number)
    assert sum(lines[number].startswith("# ") for number in headings) == 1
    gaps = [b - a for a, b in zip(headings, [*headings[1:], len(lines)], strict=True)]
    assert max(gaps) <= 60
