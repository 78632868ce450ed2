"""What scripts say is in the language of the page."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest

from tests.marked import marked_site, unmarked

from .conftest import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site in the language in which each message is marked."""
    site = marked_site(tmp_path_factory.mktemp("marked"))
    conf: Path = site.root / "conf.py"
    site.write("conf.py", conf.read_text("utf-8").replace('"basic"', '"pydata_sphinx_theme"'))
    yield from serve(site.build(warnings=True).outdir)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page in Japan, in a browser that speaks English."""
    context = browser.new_context(timezone_id="Asia/Tokyo", locale="en-US")
    yield context.new_page()
    context.close()


def hard_coded(page: Page, selector: str) -> list[str]:
    """Return the words in a part of a page that no catalog has; there must be some text."""
    texts = page.locator(selector).all_inner_texts()
    assert any(texts)
    # The browser's own name of its time zone.
    return unmarked("\n".join(texts).replace("Asia/Tokyo", ""))


@pytest.mark.parametrize(
    ("now", "some"),
    [
        ("2026-08-30T00:00Z", "⟦Next Δεύτερο⟧"),
        ("2026-09-01T13:30Z", "⟦in {duration}⟧".format(duration="2 ώρες και 30 λεπτά")),
        ("2026-09-01T15:59:30Z", "⟦in a minute⟧"),
        ("2026-09-01T16:00:10Z", "⟦it has just begun⟧"),
        ("2026-09-01T16:10Z", "πριν από 10 λεπτά"),
        ("2026-09-06T00:00Z", "⟦Πρώτο on "),
        ("2029-09-01T00:00Z", "⟦The next date is not known here.⟧"),
    ],
)
def test_the_card_of_the_next_meeting(page: Page, address: str, now: str, some: str) -> None:
    page.clock.install(time=datetime.datetime.fromisoformat(now))
    page.goto(f"{address}/index.html")
    assert some in page.locator(".cafe-card").inner_text()
    assert hard_coded(page, ".cafe-next") == []


def test_the_checklist(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.goto(f"{address}/1.html")
    page.locator(".cafe-press").first.click()
    page.locator(".cafe-message .cafe-press").first.click()
    assert hard_coded(page, ".cafe-checklist, .cafe-message, .cafe-due") == []
    assert unmarked(asked[0]) == []
    buttons = page.locator(".cafe-message .cafe-press")
    names = buttons.evaluate_all("all => all.map(b => b.ariaLabel)")
    assert unmarked("\n".join(names)) == []


def test_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=Θέμα")
    page.locator(".cafe-results > li").first.wait_for()
    for query in ("Θέμα", "Ξανά", "7777777"):
        page.locator("main input[name=q]").fill(query)
        page.wait_for_timeout(500)
        # The name of a repository is made of digits; what a theme says is not ours.
        assert hard_coded(page, ".cafe-filters, .cafe-status") == []
    page.goto(f"{address}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("Θέμα")
    page.locator("#pst-search-dialog .cafe-results > li").first.wait_for()
    assert re.search("⟦.* result", page.locator("#pst-search-dialog .cafe-status").inner_text())
    assert hard_coded(page, "#pst-search-dialog .cafe-status, .cafe-all") == []
