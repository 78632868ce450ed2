"""This project's own site in a browser, on a desk and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SOURCES = [ROOT / "index.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "notes").rglob("*.md")]
PAGES = sorted(str(path.relative_to(ROOT).with_suffix(".html")) for path in SOURCES)
DESK, PHONE = (1280, 900), (390, 844)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Open a window of the size of a desktop screen or a phone."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_the_window(page: Page, own_site: str, path: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{own_site}/{path}")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    assert page.locator("h1").count() == 1
    # The article alone: the rest is the theme's.
    result = Axe().run(page, context="article.bd-article")
    assert result.response["violations"] == [], result.generate_report()
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_notes_can_be_read_in_both_color_schemes(
    browser: Browser, own_site: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for path in ("index.html", "notes/index.html", "notes/2024.html"):
        page.goto(f"{own_site}/{path}")
        options = {"runOnly": ["color-contrast"]}
        result = Axe().run(page, context="article.bd-article", options=options)
        assert result.response["violations"] == [], result.generate_report()
    context.close()


def test_a_permalink_puts_its_meeting_at_the_top_of_the_window(page: Page, own_site: str) -> None:
    page.goto(f"{own_site}/notes/2025.html#2025-09-16")
    heading = page.locator("[id='2025-09-16'] > h2")
    header = page.locator(".bd-header").bounding_box()
    box = heading.bounding_box()
    assert header is not None
    assert box is not None
    below = box["y"] - (header["y"] + header["height"])
    assert 0 <= below < 120


def test_the_archive_leads_to_a_meeting(page: Page, own_site: str) -> None:
    page.goto(f"{own_site}/notes/index.html")
    page.locator(".cafe-row a[href$='#2025-09-16']").first.click()
    page.wait_for_url("**/notes/2025.html#2025-09-16")
    assert page.locator("[id='2025-09-16'] > h2").inner_text().startswith("Tuesday, September 16")


def test_the_list_of_people_unfolds_by_keyboard(page: Page, own_site: str) -> None:
    page.goto(f"{own_site}/notes/2025.html")
    people = page.locator("details.cafe-people").first
    assert not people.locator("li").first.is_visible()
    people.locator("summary").focus()
    page.keyboard.press("Enter")
    assert people.locator("li").first.is_visible()


def test_on_this_page_lists_the_meetings(browser: Browser, own_site: str) -> None:
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    page = context.new_page()
    page.goto(f"{own_site}/notes/2025.html")
    entries = page.locator(".page-toc > ul > li > a, .page-toc > ul > li > ul > li > a")
    targets = entries.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    meetings = page.locator("section.cafe-meeting").evaluate_all("all => all.map(one => one.id)")
    assert [f"#{meeting}" for meeting in meetings] == [t for t in targets if t.count("-") == 2]
    context.close()


def test_every_page_is_reached_from_the_home_page(browser: Browser, own_site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    seen: set[str] = set()
    waiting = ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page.goto(f"{own_site}/{path}", wait_until="domcontentloaded")
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
        for link in links:
            address = link.partition("#")[0].partition("?")[0]
            if address.startswith(f"{own_site}/") and address.endswith(".html"):
                waiting.append(address.removeprefix(f"{own_site}/"))
    assert set(PAGES) <= seen
    context.close()
