"""The facilitator's checklist: of which meeting, by when, what to paste, what is done."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import Site
from tests.samples import checklist_page

from .conftest import REPAIR_CONF, REPAIR_SCHEDULE, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, WebError

pytestmark = pytest.mark.browser

PAGE = checklist_page("""\
- [ ] Remind everybody
- [ ] Ask the [chairs](https://example.org/chairs): are they *ready*?
- [x] Breathe
  - [ ] In
- [ ] Remind everybody
""")
DATES = {
    "2026-12-01": "Tuesday, December 1, 2026",
    "2027-01-19": "Tuesday, January 19, 2027",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site that has a checklist and was built at the end of November 2026."""
    site = Site(tmp_path_factory.mktemp("checklist"))
    site.write("conf.py", REPAIR_CONF + 'myst_enable_extensions = ["tasklist"]\n')
    site.write("community.yaml", REPAIR_SCHEDULE)
    site.write("index.md", PAGE)
    build = site.build(overrides={"cafe_today": "2026-11-20"})
    for address in serve(build.outdir):
        yield f"{address}/index.html"


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that makes a browser with nothing stored."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(error: WebError) -> None:
        # The theme's scripts are not of this project.
        if "cafe_checklist" in (error.error.stack or ""):
            errors.append(error.error.stack)

    def make(**more) -> BrowserContext:
        context = browser.new_context(timezone_id="Europe/London", **more)
        context.on("weberror", note)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def open_page(context: BrowserContext, address: str, now: str = "2026-11-25T12:00:00Z") -> Page:
    """Open the checklist at a time."""
    page = context.new_page()
    page.clock.set_fixed_time(datetime.datetime.fromisoformat(now))
    page.goto(address)
    return page


@pytest.fixture
def page(new_context, address: str) -> Page:
    """Open the checklist on a desktop screen."""
    return open_page(new_context(), address)


def box(page: Page, name: str, index: int = 0):
    """Return the box with a name."""
    return page.get_by_role("checkbox", name=name, exact=True).nth(index)


def choose(page: Page, date: str) -> None:
    """Choose a meeting."""
    page.get_by_label("For which Repair Café?").select_option(label=DATES[date])


def chosen(page: Page) -> str:
    """Return the date of the chosen meeting."""
    return page.locator(".cafe-chooser option:checked").inner_text()


def test_the_next_meeting_is_chosen_and_the_last_ones_are_there(page) -> None:
    assert chosen(page) == DATES["2026-12-01"]
    options = page.locator(".cafe-chooser option").all_inner_texts()
    assert options[:4] == [
        "Tuesday, November 3, 2026 (over)",
        "Tuesday, November 17, 2026 (over)",
        DATES["2026-12-01"],
        DATES["2027-01-19"],  # those between are canceled
    ]


@pytest.mark.parametrize(
    ("now", "date"),
    [
        ("2026-12-01T19:59:59Z", DATES["2026-12-01"]),
        ("2026-12-01T20:00:00Z", DATES["2027-01-19"]),
        # Nobody has built the site for a year.
        ("2028-01-01T00:00:00Z", "Tuesday, June 15, 2027 (over)"),
    ],
)
def test_which_one_is_next_is_decided_by_the_clock(new_context, address, now, date) -> None:
    assert chosen(open_page(new_context(), address, now)) == date


def test_stages_have_their_dates_and_messages_theirs(page) -> None:
    dues = page.locator(".cafe-due")
    assert dues.all_inner_texts() == [
        "by Tuesday, November 24, 2026",
        "by Wednesday, December 2, 2026",
    ]
    texts = page.locator(".cafe-paste")
    assert "December 1, 2026" in texts.nth(0).text_content()
    assert texts.nth(1).text_content() == "Repair Café: Tuesday, January 19, 2027"
    choose(page, "2027-01-19")
    assert dues.all_inner_texts()[0] == "by Tuesday, January 12, 2027"
    assert "January 19, 2027" in texts.nth(0).text_content()
    assert texts.nth(1).text_content() == "Repair Café: Wednesday, February 3, 2027"
    summary = page.locator(".cafe-message summary").nth(1)
    assert summary.inner_text() == "Title of the issue for Wednesday, February 3, 2027"
    assert page.locator(".cafe-chosen").inner_text() == (
        "Repair Café: Tuesday, January 19, 2027, 11:00 in Los Angeles, 19:00 UTC"
    )


def test_boxes_are_named_by_their_lines(page) -> None:
    names = [
        "Remind everybody",
        "Ask the chairs: are they ready?",
        "Breathe",
        "In",
        "Remind everybody",
    ]
    assert page.get_by_role("checkbox").count() == len(names)
    for name in names:
        assert box(page, name).is_enabled()
    assert page.get_by_role("link", name="chairs").get_attribute("href").endswith("/chairs")


def test_ticks_stay_and_each_meeting_has_its_own(page) -> None:
    box(page, "Remind everybody", 1).check()
    box(page, "Breathe").uncheck()
    choose(page, "2027-01-19")
    assert not box(page, "Remind everybody", 1).is_checked()
    assert box(page, "Breathe").is_checked()  # as it is in the page
    box(page, "In").check()
    page.reload()
    assert chosen(page) == DATES["2027-01-19"]  # remembered for the session
    assert box(page, "In").is_checked()
    choose(page, "2026-12-01")
    assert box(page, "Remind everybody", 1).is_checked()
    assert not box(page, "Remind everybody", 0).is_checked()
    assert not box(page, "Breathe").is_checked()
    assert not box(page, "In").is_checked()
    assert page.locator(".cafe-progress").inner_text() == "1 of 5 done"


def test_a_new_session_begins_with_the_next_meeting_and_keeps_ticks(page, address) -> None:
    box(page, "In").check()
    choose(page, "2027-01-19")
    other = open_page(page.context, address)
    assert chosen(other) == DATES["2026-12-01"]
    assert box(other, "In").is_checked()


def test_a_second_window_follows(page, address) -> None:
    other = open_page(page.context, address)
    box(page, "In").check()
    other.wait_for_function(
        "document.querySelector('.cafe-progress').textContent === '2 of 5 done'"
    )
    assert box(other, "In").is_checked()


def test_reset_asks_first(page) -> None:
    box(page, "In").check()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Reset").click()
    assert box(page, "In").is_checked()
    asked: list[str] = []

    def accept(dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.once("dialog", accept)
    page.get_by_role("button", name="Reset").click()
    assert asked == ["Clear all boxes for Tuesday, December 1, 2026?"]
    assert not box(page, "In").is_checked()
    page.reload()
    assert not box(page, "In").is_checked()


def test_ticks_of_long_ago_are_forgotten_and_what_others_keep_is_not(new_context, address) -> None:
    context = new_context()
    page = open_page(context, address)
    box(page, "In").check()
    (key,) = page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('cafe-check'))")
    old = key.replace("2026-12-01", "2025-10-07")
    page.evaluate(
        "([old, other]) => { localStorage[old] = '[]'; localStorage[other] = 'x'; }",
        [old, "somebody else's 2020-01-01"],
    )
    page.reload()
    keys = page.evaluate("Object.keys(localStorage)")
    assert key in keys
    assert old not in keys
    assert "somebody else's 2020-01-01" in keys


@pytest.mark.parametrize("stored", ["{", "null", "7", json.dumps(["gone", "In"])])
def test_what_else_is_stored_does_no_harm(new_context, address, stored) -> None:
    context = new_context()
    page = open_page(context, address)
    box(page, "In").check()
    page.evaluate(
        "stored => { for (const k of Object.keys(localStorage)) localStorage[k] = stored; }",
        stored,
    )
    page = open_page(context, address)
    assert box(page, "In").is_checked() == ("In" in stored)


def test_without_storage_boxes_can_still_be_ticked(new_context, address) -> None:
    context = new_context()
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new Error('no storage'); }});"
    )
    page = context.new_page()
    page.clock.set_fixed_time(datetime.datetime.fromisoformat("2026-11-25T12:00:00Z"))
    page.goto(address)
    box(page, "In").check()
    assert page.locator(".cafe-progress").inner_text() == "2 of 5 done"
    choose(page, "2027-01-19")
    assert page.locator(".cafe-progress").inner_text() == "1 of 5 done"


def test_a_message_is_copied_with_the_keyboard_and_that_is_announced(new_context, address) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = open_page(context, address)
    page.get_by_role("button", name="Copy: Reminder a week before").focus()
    page.keyboard.press("Enter")
    status = page.locator(".cafe-message [role=status]").first
    page.wait_for_function("document.querySelector('.cafe-said').textContent !== ''")
    assert status.inner_text() == "Copied"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".cafe-paste").first.text_content()
    assert "December 1, 2026" in copied


def test_a_message_is_marked_where_nothing_can_be_copied(new_context, address) -> None:
    context = new_context()
    context.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false;"
    )
    page = open_page(context, address)
    page.get_by_role("button", name="Copy: Reminder a week before").click()
    assert page.locator(".cafe-said").first.inner_text() == "Press Ctrl+C or ⌘C to copy"
    marked = page.evaluate("getSelection().toString()")
    assert marked.split() == page.locator(".cafe-paste").first.text_content().split()


def test_everything_works_with_the_keyboard(page) -> None:
    page.get_by_label("For which Repair Café?").focus()
    page.keyboard.press("ArrowDown")
    assert chosen(page) == DATES["2027-01-19"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past Reset, since the page ticks one box itself
    page.keyboard.press("Space")
    assert box(page, "Remind everybody").is_checked()
    page.get_by_text("Reminder a week before").focus()
    page.keyboard.press("Enter")
    assert page.locator(".cafe-paste").first.is_visible()


def test_without_scripts_it_is_the_plain_checklist(new_context, address) -> None:
    page = open_page(new_context(java_script_enabled=False), address)
    for selector in (".cafe-checklist", ".cafe-due", ".cafe-message"):
        assert not page.locator(selector).first.is_visible()
    assert page.locator("li.cafe-task").count() == 5
    assert page.locator("button.cafe-press").count() == 0


def test_on_paper_there_are_dates_and_boxes_and_nothing_to_press(page) -> None:
    box(page, "In").check()
    page.emulate_media(media="print")
    for selector in (".cafe-controls", ".cafe-message", ".cafe-press"):
        assert not page.locator(selector).first.is_visible()
    assert page.locator(".cafe-chosen").is_visible()
    assert page.locator(".cafe-due").first.is_visible()
    assert box(page, "In").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_and_fits(new_context, address, scheme, width) -> None:
    context = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = open_page(context, address)
    page.locator("details").first.evaluate("details => { details.open = true; }")
    page.get_by_role("button", name="Copy: Reminder a week before").click()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    frame = page.locator(".cafe-checklist").bounding_box()
    select = page.locator(".cafe-chooser").bounding_box()
    assert select["x"] + select["width"] < frame["x"] + frame["width"]
    result = Axe().run(page, context="article.bd-article")
    assert result.response["violations"] == [], result.generate_report()
