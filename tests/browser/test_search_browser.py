"""The search in a browser: this project's own site, and one ten times its size."""

from __future__ import annotations

import io
import json
import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from ..pagefind_index import index
from .conftest import ROOT, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RESULTS = "#search-results .cafe-found a"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a window in which an error of a script fails the test."""
    context = browser.new_context(viewport=DESK)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def meetings(folder: Path) -> dict[str, str]:
    """Return the text of each meeting in an index, by address."""
    return {
        address: record["content"]
        for address, record in index(folder).items()
        if "date" in record["meta"]
    }


def own_phrases(texts: dict[str, str]) -> dict[str, str]:
    """Return for each meeting six words that no other one says, by address."""
    found = {}
    for address, text in texts.items():
        words = text.split()
        phrases = (" ".join(words[i : i + 6]) for i in range(len(words) // 2, len(words) - 6))
        phrase = next((p for p in phrases if sum(p in t for t in texts.values()) == 1), None)
        if phrase is not None:
            found[address] = phrase
    return found


def search(page: Page, site: str, query: str) -> list[str]:
    """Search on the search page; return the addresses that were found."""
    page.goto(f"{site}/search.html?q={quote(query)}")
    page.locator("#search-results .cafe-status", has_text=re.compile(r"\w")).wait_for()
    links = page.locator(RESULTS).evaluate_all("links => links.map(link => link.href)")
    return [link.removeprefix(f"{site}/") for link in links]


def at_top(page: Page, anchor: str) -> bool:
    """Return whether a meeting's heading is the first thing below the header.

    A meeting at the end of its page may stand lower, if the page cannot be scrolled further.
    """
    heading = page.locator(f"[id='{anchor}'] > h2").bounding_box()
    header = page.locator(".bd-header").bounding_box()
    assert heading is not None
    assert header is not None
    below = heading["y"] - (header["y"] + header["height"])
    is_at_end = page.evaluate(
        "scrollY + innerHeight >= document.documentElement.scrollHeight - 2 && innerHeight"
    )
    return 0 <= below < 120 or 0 <= below < is_at_end


def test_a_phrase_finds_its_meeting_first_or_second(
    page: Page, own_site: str, own_site_folder: Path
) -> None:
    texts = meetings(own_site_folder)
    phrases = own_phrases(texts)
    # Meetings of a line or two have none.
    assert len(phrases) > len(texts) / 2
    for address, phrase in phrases.items():
        assert address in search(page, own_site, phrase)[:2], phrase


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("part", [0, 1 / 3, 2 / 3])
def test_a_click_puts_the_meeting_at_the_top_of_the_window(
    page: Page, own_site: str, own_site_folder: Path, size: dict[str, int], part: float
) -> None:
    phrases = list(own_phrases(meetings(own_site_folder)).items())
    address, phrase = phrases[int(part * len(phrases))]
    page.set_viewport_size(size)
    found = search(page, own_site, phrase)
    page.locator(RESULTS).nth(found.index(address)).click()
    page.wait_for_url(f"**/{address}")
    assert at_top(page, address.partition("#")[2])


def test_a_place_leads_to_the_agenda_item(page: Page, own_site: str) -> None:
    search(page, own_site, "live review of JupyterHub pull requests")
    place = page.locator(".cafe-place a", has_text="Live review").first
    target = place.get_attribute("href").partition("#")[2]
    place.click()
    page.wait_for_url(f"**#{target}")
    assert "Live review" in page.locator(f"[id='{target}']").inner_text()


def test_a_date_finds_its_meeting(page: Page, own_site: str) -> None:
    assert search(page, own_site, "2025-12-16")[0] == "notes/2025.html#2025-12-16"


@pytest.mark.parametrize(
    ("query", "repository", "number"),
    [
        ("https://github.com/jupyterhub/roadmap/issues/8", "jupyterhub/roadmap", "8"),
        ("roadmap#8", "jupyterhub/roadmap", "8"),
        ("jupyterhub/roadmap#8", "jupyterhub/roadmap", "8"),
        ("#57", None, "57"),
    ],
)
def test_a_reference_finds_a_meeting_that_has_it(
    page: Page,
    own_site: str,
    own_site_folder: Path,
    query: str,
    repository: str | None,
    number: str,
) -> None:
    facts = json.loads((own_site_folder / "meetings.json").read_text(encoding="utf-8"))
    having = [
        f"{meeting['page']}#{meeting['id']}"
        for meeting in facts["meetings"]
        for reference in meeting["references"]
        if reference["number"] == number and repository in (None, reference["repository"])
    ]
    assert search(page, own_site, query)[0] in having


def test_guide_pages_are_found(page: Page, own_site: str) -> None:
    assert "docs/video-platform.html" in search(page, own_site, "video platform")[:3]


def test_filters_combine(page: Page, own_site: str) -> None:
    search(page, own_site, "binder")
    all_of_them = page.locator("#search-results .cafe-status").inner_text()
    page.get_by_label("Year").select_option("2024")
    status = page.locator("#search-results .cafe-status")
    page.wait_for_function(
        "text => document.querySelector('#search-results .cafe-status').textContent !== text",
        arg=all_of_them,
    )
    of_the_year = status.inner_text()
    links = page.locator(RESULTS).evaluate_all("links => links.map(link => link.href)")
    assert links
    assert all("notes/2024.html#" in link for link in links)
    person = page.get_by_label("Person").locator("option", has_text="@sgibson91")
    page.get_by_label("Person").select_option(person.get_attribute("value"))
    page.wait_for_function(
        "text => document.querySelector('#search-results .cafe-status').textContent !== text",
        arg=of_the_year,
    )
    fewer = page.locator(RESULTS).count()
    assert 0 < fewer < len(links)
    assert "year=2024" in page.url
    assert "sgibson91" in page.url
    # The address brings the same results again.
    page.reload()
    page.locator(RESULTS).first.wait_for()
    assert page.locator(RESULTS).count() == fewer
    assert page.get_by_label("Year").input_value() == "2024"


def test_newest_first(page: Page, own_site: str) -> None:
    search(page, own_site, "binder")
    page.get_by_label("Newest first").check()
    page.wait_for_url("**sort=newest**")
    page.wait_for_timeout(300)
    dates = page.locator(RESULTS).evaluate_all("links => links.map(l => l.hash.slice(1, 11))")
    dates = [date for date in dates if date]
    assert len(dates) > 5
    assert dates == sorted(dates, reverse=True)


def test_with_the_keyboard_alone(page: Page, own_site: str) -> None:
    page.goto(f"{own_site}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("named server slugs")
    dialog = page.locator("#pst-search-dialog")
    # The results of all letters, not of the first ones.
    dialog.locator(".cafe-all a[href$='named+server+slugs']").wait_for()
    status = dialog.get_by_role("status")
    assert re.fullmatch(r"\d+ results?(, .*)?", status.inner_text())
    page.keyboard.press("ArrowDown")
    target = page.evaluate("document.activeElement.href")
    assert target == dialog.locator(".cafe-found a").first.get_attribute("href")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(target)
    assert at_top(page, target.partition("#")[2])


def test_results_that_come_late_leave_the_focus_in_the_list(page: Page, own_site: str) -> None:
    page.goto(f"{own_site}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("named server")
    dialog = page.locator("#pst-search-dialog")
    dialog.locator(".cafe-all a[href$='named+server']").wait_for()
    page.keyboard.press("ArrowDown")
    # As if the last letters had been typed just before the key.
    dialog.locator("input[name=q]").evaluate(
        "field => { field.value += ' slugs'; field.dispatchEvent(new Event('input')); }"
    )
    dialog.locator(".cafe-all a[href$='named+server+slugs']").wait_for()
    assert page.evaluate("document.activeElement.matches('.cafe-results a')")


def test_enter_leads_to_all_results(page: Page, own_site: str) -> None:
    page.goto(f"{own_site}/docs/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("jupyter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=jupyter")
    page.locator(RESULTS).first.wait_for()
    assert page.locator(RESULTS).count() == 10
    page.get_by_role("button", name="More results").click()
    page.wait_for_function(f"document.querySelectorAll('{RESULTS}').length === 20")
    # The reader goes on at the first of the new ones.
    assert page.evaluate(f"document.activeElement === document.querySelectorAll('{RESULTS}')[10]")


def test_nothing_found_is_said(page: Page, own_site: str) -> None:
    assert search(page, own_site, "qqqqq") == []
    assert "No results" in page.locator("#search-results .cafe-status").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_are_accessible_and_fit(
    browser: Browser, own_site: str, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    search(page, own_site, "jupyter book")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    result = Axe().run(page, context=".bd-search-container")
    assert result.response["violations"] == [], result.generate_report()
    page.goto(f"{own_site}/index.html")
    page.locator(".search-button__button:visible").first.click()
    page.keyboard.type("jupyter book")
    page.locator("#pst-search-dialog .cafe-found a").first.wait_for()
    result = Axe().run(page, context="#pst-search-dialog .cafe-search")
    assert result.response["violations"] == [], result.generate_report()
    assert page.evaluate(overflow) <= 0
    context.close()


def test_markup_in_a_title_is_text(page: Page, own_site: str) -> None:
    # The note format's page shows markup in headings and excerpts.
    search(page, own_site, "details summary script img onerror")
    assert page.locator("#search-results").locator("script, img, details").count() == 0


def loaded(page: Page) -> dict[str, int]:
    """Return the sizes of all files that a page loads from now on, by address."""
    sizes: dict[str, int] = {}
    page.on(
        "requestfinished",
        lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}),
    )
    return sizes


def test_nothing_is_loaded_before_somebody_searches(page: Page, own_site: str) -> None:
    sizes = loaded(page)
    page.goto(f"{own_site}/index.html", wait_until="networkidle")
    assert sizes
    assert [url for url in sizes if "/pagefind/" in url or "searchindex" in url] == []


def first_query(page: Page, site: str, query: str) -> int:
    """Return how many bytes the first query of a reader loads for the search."""
    sizes = loaded(page)
    page.goto(f"{site}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(query)
    page.locator("#pst-search-dialog .cafe-found a").first.wait_for()
    page.wait_for_timeout(500)
    of_search = [size for url, size in sizes.items() if "/pagefind/" in url]
    assert len(of_search) > 4
    return sum(of_search)


def test_a_first_query_loads_little(
    page: Page, own_site: str, figure: Callable[[str], None]
) -> None:
    total = first_query(page, own_site, "jupyter book release")
    figure(f"search data of a first query: {total / 1000:.0f} KB")
    assert total <= 300_000


@pytest.fixture(scope="module")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build and serve this project's notes ten times over, with words of their own each time."""
    root = tmp_path_factory.mktemp("large")
    (root / "notes").mkdir()
    (root / "conf.py").write_text(
        'extensions = ["cafe_site"]\nhtml_theme = "pydata_sphinx_theme"\n', encoding="utf-8"
    )
    (root / "index.md").write_text("# Home\n\n```{cafe:archive}\n```\n", encoding="utf-8")
    for path in sorted((ROOT / "notes").glob("20*.md")):
        text = path.read_text(encoding="utf-8")
        for copy in range(10):
            year = int(path.stem) - 10 * copy
            shifted = re.sub(rf"(?m)^## {path.stem}-", f"## {year}-", text)
            # A tenth of the longer words become new ones.
            shifted = re.sub(
                r"\b([a-z]{7,})\b",
                lambda word, copy=copy: (
                    word[0] + "abcdefghij"[copy] if len(word[0]) % 10 == copy else word[0]
                ),
                shifted,
            )
            (root / "notes" / f"{year}.md").write_text(shifted, encoding="utf-8")
    with patch_docutils(root), docutils_namespace():
        app = Sphinx(
            root,
            root,
            root / "html",
            root / "doctrees",
            "html",
            status=None,
            warning=io.StringIO(),
        )
        app.build()
    yield from serve(root / "html")


def test_a_first_query_loads_little_at_ten_times_the_size(
    page: Page, large_site: str, figure: Callable[[str], None]
) -> None:
    total = first_query(page, large_site, "jupyter book release")
    figure(f"search data of a first query, ten times the size: {total / 1000:.0f} KB")
    assert total <= 500_000


def test_under_a_sub_path(page: Page, own_site_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(own_site_folder, tmp_path / "some/where")
    server = serve(tmp_path)
    site = f"{next(server)}/some/where"
    assert search(page, site, "2025-12-16")[0] == "notes/2025.html#2025-12-16"
    page.locator(RESULTS).first.click()
    page.wait_for_url("**/some/where/notes/2025.html#2025-12-16")
    next(server, None)


def test_a_site_opened_from_disk_has_sphinxs_search(
    browser: Browser, own_site_folder: Path
) -> None:
    # Not `page`: Sphinx's search fails to fetch its summaries from disk, and says so.
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{(own_site_folder / 'index.html').as_uri()}")
    page.keyboard.press("Control+k")
    page.keyboard.type("facilitator")
    page.keyboard.press("Enter")
    page.locator("#search-results .search-summary").wait_for()
    page.locator("#search-results ul.search li a", has_text="Facilitator").first.wait_for()
    assert page.locator(".cafe-filters").count() == 0
    context.close()


def test_without_an_index_the_search_page_has_sphinxs_search(
    browser: Browser, own_site_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(own_site_folder, tmp_path / "site", ignore=shutil.ignore_patterns("pagefind"))
    server = serve(tmp_path / "site")
    # Not `page`: Sphinx's search goes on fetching summaries when its results are there already.
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{next(server)}/search.html?q=facilitator")
    page.locator("#search-results ul.search li a", has_text="Facilitator").first.wait_for()
    context.close()
    next(server, None)


def test_hostile_notes_stay_text_in_results(page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "conf.py").write_text(
        'extensions = ["cafe_site"]\nhtml_theme = "pydata_sphinx_theme"\n', encoding="utf-8"
    )
    (tmp_path / "index.md").write_text("# Home\n\n```{cafe:archive}\n```\n", encoding="utf-8")
    attack = "<img src=x onerror=alert(1)>"
    for number in (1, 2):
        (tmp_path / f"notes/202{number}.md").write_text(
            f"---\ntags: ['{attack}', tag{number}]\n---\n\n"
            f"## 202{number}-12-16 {attack} title\n\n"
            f"### Check-in\n\n- {attack} / @someone\n- <b>Two{number}</b>\n\n"
            f"### {attack} heading\n\n"
            f"precious &lt;img src=y onerror=alert(2)&gt; {attack} `{attack}`\n",
            encoding="utf-8",
        )
    with patch_docutils(tmp_path), docutils_namespace():
        app = Sphinx(
            tmp_path,
            tmp_path,
            tmp_path / "html",
            tmp_path / "doctrees",
            "html",
            status=None,
            warning=io.StringIO(),
        )
        app.build()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    server = serve(tmp_path / "html")
    site = next(server)
    assert len(search(page, site, "precious")) == 2
    assert attack in page.locator("#search-results").inner_text()
    assert page.locator("#search-results img, .cafe-filters img").count() == 0
    options = page.get_by_label("Tag").locator("option").all_inner_texts()
    assert any(attack in option for option in options)
    page.goto(f"{site}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("precious")
    page.locator("#pst-search-dialog .cafe-found a").first.wait_for()
    assert page.locator("#pst-search-dialog img").count() == 0
    page.wait_for_timeout(300)
    assert dialogs == []
    next(server, None)
