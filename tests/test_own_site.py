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


def test_every_heading_with_a_date_is_a_meeting_on_its_page_and_in_the_archive(pages) -> None:
    rows = {row.a["href"]: row for row in pages["notes/index.html"].select(".cafe-row")}
    dated = 0
    for path in (ROOT / "notes").rglob("[0-9][0-9][0-9][0-9].md"):
        headings = re.findall(
            r"(?m)^## ([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)\b", path.read_text("utf-8")
        )
        page = path.relative_to(ROOT).with_suffix(".html").as_posix()
        meetings = pages[page].select("section.cafe-meeting")
        assert headings
        assert [meeting["id"] for meeting in meetings] == sorted(headings, reverse=True)
        for meeting in meetings:
            row = rows[f"{page.removeprefix('notes/')}#{meeting['id']}"]
            is_canceled = meeting.select_one("h2 .cafe-canceled, h3 .cafe-canceled") is not None
            assert (row.select_one(".cafe-canceled") is not None) == is_canceled
        dated += len(headings)
    assert len(rows) == dated


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
