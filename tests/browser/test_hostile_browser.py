"""Hostile notes in a browser: nothing runs, nothing is fetched from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.payloads import Hostile, collisions

from .conftest import serve, watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["basic", "pydata_sphinx_theme"])
def hostile_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[str]]]:
    """Build the notes of all payloads and serve them; give the address and the pages."""
    hostile = Hostile(tmp_path_factory.mktemp("hostile"), html_theme=request.param)
    hostile.site.write("notes/ids/2025.md", collisions())
    hostile.site.write(
        "notes/front/2025.md",
        "---\ntitle: <script>window.__pwned=90</script>\n"
        "tags: ['<img src=x onerror=window.__pwned=91>']\n"
        "myst: {html_meta: {refresh: '0;url=https://evil.example'}}\n---\n\n"
        "## 2025-12-16\n\ntext\n",
    )
    hostile.site.write("plain.md", "---\norphan: true\n---\n\n# No notes\n")
    build = hostile.site.build(overrides=hostile.overrides, warnings=True)
    pages = [*(f"{page}.html" for page in hostile.pages), "notes/ids/2025.html"]
    for server in serve(build.outdir):
        yield server, [*pages, "notes/front/2025.html", "notes/index.html", "index.html"]


def test_a_browser_runs_nothing_and_asks_nobody_else(
    browser: Browser, hostile_site: tuple[str, list[str]]
) -> None:
    address, pages = hostile_site
    context = browser.new_context()
    page = context.new_page()
    happened = watch(page)
    # What the theme complains about without any notes is not theirs.
    page.goto(f"{address}/plain.html", wait_until="networkidle")
    usual = set(happened)
    for path in pages:
        page.goto(f"{address}/{path}", wait_until="load")
        assert page.url == f"{address}/{path}"
        assert page.evaluate("window.__pwned === undefined")
        body = "div.body, article.bd-article"
        handlers = page.evaluate(
            f"""[...document.querySelector("{body}").querySelectorAll("*")]
            .flatMap(element => [...element.attributes])
            .filter(attribute => attribute.name.startsWith("on"))
            .map(attribute => attribute.name + "=" + attribute.value)"""
        )
        assert handlers == []
        dangerous = page.evaluate(
            f"""[...document.querySelector("{body}").querySelectorAll("a")]
            .filter(link => !["http:", "https:", "mailto:"].includes(link.protocol))
            .map(link => link.href)"""
        )
        assert dangerous == []
    assert [event for event in happened if event not in usual] == []
    context.close()


def test_a_link_to_a_meeting_goes_to_the_meeting_whatever_its_neighbors(
    browser: Browser, hostile_site: tuple[str, list[str]]
) -> None:
    address, _ = hostile_site
    page = browser.new_page()
    page.goto(f"{address}/notes/ids/2025.html#2025-06-01")
    assert page.evaluate("document.querySelector(':target').className").split() == ["cafe-meeting"]
    assert page.evaluate("document.querySelector(':target').id") == "2025-06-01"
    page.close()


def test_notes_cover_nothing_of_the_page(
    browser: Browser, hostile_site: tuple[str, list[str]]
) -> None:
    address, pages = hostile_site
    page = browser.new_page()
    for path in pages[:2]:
        page.goto(f"{address}/{path}")
        positions = page.evaluate(
            """[...document.querySelectorAll(".cafe-meeting *")]
            .map(element => getComputedStyle(element).position)"""
        )
        assert not {"fixed"} & set(positions)
    page.close()
