"""The next meeting, by the clock and in the time zone of the reader's browser."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import Site

from .conftest import REPAIR_CONF, REPAIR_SCHEDULE, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PAGE = "# Home\n\n```{cafe:next}\n:count: 4\n```\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site with dates on the first day of September 2026."""
    site = Site(tmp_path_factory.mktemp("next"))
    site.write("conf.py", REPAIR_CONF)
    site.write("community.yaml", REPAIR_SCHEDULE)
    site.write("index.md", PAGE)
    return site.build().outdir


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """Serve the site below a folder, as project pages are."""
    (built.parent / "top").mkdir()
    (built.parent / "top" / "repair").symlink_to(built)
    for address in serve(built.parent / "top"):
        yield f"{address}/repair/index.html"


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page at a time and in a time zone."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(
        now: str,
        zone: str = "America/Los_Angeles",
        url: str = address,
        script: str = "",
        **more,
    ) -> Page:
        context = browser.new_context(timezone_id=zone, **more)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        page = context.new_page()
        # A clock that stands still until a test lets it run.
        moment = datetime.datetime.fromisoformat(now)
        page.clock.install(time=moment - datetime.timedelta(minutes=5))
        page.clock.pause_at(moment)
        page.add_init_script(script)
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def card(page: Page) -> list[str]:
    """Return the lines of the card, without its link."""
    lines = page.locator(".cafe-card > p:not(.cafe-add)").all_inner_texts()
    return [" ".join(line.split()) for line in lines]


def listed(page: Page) -> list[str]:
    """Return the dates that are visible in the list."""
    return page.locator(".cafe-dates time:visible").all_inner_texts()


@pytest.mark.parametrize(
    ("zone", "own"),
    [
        ("America/Los_Angeles", "the same as your time"),
        ("Europe/London", "19:00 your time (Europe/London)"),
        ("Asia/Kolkata", "Wednesday, December 2, 00:30 your time (Asia/Kolkata)"),
        ("Pacific/Auckland", "Wednesday, December 2, 08:00 your time (Pacific/Auckland)"),
    ],
)
@pytest.mark.parametrize(
    ("now", "title", "soon"),
    [
        ("2026-12-01T18:59:30Z", "Next Repair Café", "in a minute"),
        ("2026-12-01T19:00:00Z", "Under way: Repair Café", "it has just begun"),
        ("2026-12-01T19:10:00Z", "Under way: Repair Café", "it began 10 minutes ago"),
        ("2026-12-01T19:59:59Z", "Under way: Repair Café", "it began 59 minutes ago"),
    ],
)
def test_a_meeting_is_the_next_one_until_it_ends(open_page, zone, own, now, title, soon) -> None:
    page = open_page(now, zone)
    assert card(page) == [
        title,
        "Tuesday, December 1, 2026",
        f"11:00 in Los Angeles – {own} – {soon}",
    ]


@pytest.mark.parametrize(
    "zone", ["America/Los_Angeles", "Europe/London", "Asia/Kolkata", "Pacific/Auckland"]
)
def test_after_its_end_the_following_one_is_next_and_canceled_ones_are_said(
    open_page, zone
) -> None:
    page = open_page("2026-12-01T20:00:01Z", zone)
    lines = card(page)
    assert lines[:2] == ["Next Repair Café", "Tuesday, January 19, 2027"]
    assert lines[3:] == [
        "Tuesday, December 15, 2026 is canceled: Holidays",
        "Tuesday, January 5, 2027 is canceled",
    ]
    assert "December 1," not in page.locator("article").inner_text()


# A browser that does not know some time zones, and calls its own one something.
UNKNOWN = """
const Real = Intl.DateTimeFormat;
Intl.DateTimeFormat = function (locales, options) {
  if (%s) throw new RangeError("Invalid time zone specified");
  const format = new Real(locales, options);
  const resolved = format.resolvedOptions();
  format.resolvedOptions = () => ({ ...resolved, timeZone: %s });
  return format;
};
"""


@pytest.mark.parametrize(
    ("throws", "called", "own"),
    [
        # Its own time zone has no name, or one that it does not know.
        ("false", "undefined", "Wednesday, December 2, 08:00 your time – "),
        ("false", '""', "Wednesday, December 2, 08:00 your time – "),
        (
            'options?.timeZone === "Etc/Unknown"',
            '"Etc/Unknown"',
            "Wednesday, December 2, 08:00 your time – ",
        ),
        # It does not know the time zone of the meetings.
        (
            'options?.timeZone === "America/Los_Angeles"',
            '"Pacific/Auckland"',
            "Wednesday, December 2, 08:00 your time (Pacific/Auckland) – ",
        ),
        # It knows none, or nothing.
        ("options?.timeZone", "undefined", "Wednesday, December 2, 08:00 your time – "),
        ("true", "undefined", ""),
    ],
)
def test_a_browser_that_does_not_know_a_time_zone_keeps_the_card(
    open_page, throws, called, own
) -> None:
    script = UNKNOWN % (throws, called)
    page = open_page("2026-11-28T19:00Z", "Pacific/Auckland", script=script)
    assert card(page) == [
        "Next Repair Café",
        "Tuesday, December 1, 2026",
        f"11:00 in Los Angeles – {own}in 3 days",
    ]
    assert listed(page)[0] == "Tuesday, December 15, 2026"
    inner = page.locator(".cafe-dates > li:visible .cafe-own").all_inner_texts()
    assert bool(inner) is bool(own)


@pytest.mark.parametrize(
    ("now", "zone", "date", "time"),
    [
        # Europe goes back a week before North America, and forward two or three weeks after it.
        ("2026-10-21T00:00Z", "Europe/London", "November 3", "19:00 your time"),
        ("2027-03-10T00:00Z", "Europe/London", "March 16", "18:00 your time"),
        ("2027-03-25T00:00Z", "Europe/London", "April 6", "19:00 your time"),
        ("2027-03-10T00:00Z", "Europe/Berlin", "March 16", "19:00 your time"),
        ("2027-03-10T00:00Z", "Asia/Kolkata", "March 16", "Tuesday, March 16, 23:30 your time"),
        ("2027-03-10T00:00Z", "Pacific/Auckland", "March 16", "Wednesday, March 17, 07:00"),
        ("2027-04-10T00:00Z", "Pacific/Auckland", "April 20", "Wednesday, April 21, 06:00"),
    ],
)
def test_the_readers_time_is_right_when_clocks_change(open_page, now, zone, date, time) -> None:
    lines = card(open_page(now, zone))
    assert date in lines[1]
    assert time.removeprefix(f"Tuesday, {date}, ") in lines[2]


@pytest.mark.parametrize(
    ("now", "soon"),
    [
        ("2026-11-18T12:00:00Z", "in 13 days"),
        ("2026-11-29T20:00:00Z", "in 2 days"),
        # Half past eleven at night in Berlin is another day there than in Los Angeles.
        ("2026-11-29T22:30:00Z", "in 2 days"),
        ("2026-11-29T23:30:00Z", "tomorrow"),
        ("2026-11-30T18:00:00Z", "tomorrow"),
        ("2026-11-30T19:30:00Z", "in 24 hours"),
        ("2026-12-01T12:00:00Z", "in 7 hours"),
        ("2026-12-01T16:30:00Z", "in 2 hours and 30 minutes"),
        ("2026-12-01T17:59:00Z", "in 1 hour and 1 minute"),
        ("2026-12-01T18:00:00Z", "in 1 hour"),
        ("2026-12-01T18:00:30Z", "in 1 hour"),
        ("2026-12-01T18:01:00Z", "in 59 minutes"),
    ],
)
def test_how_soon_is_said_in_words(open_page, now, soon) -> None:
    page = open_page(now, "Europe/Berlin")
    assert page.locator(".cafe-soon").inner_text() == soon


def test_the_card_keeps_up_with_the_clock_and_announces_changes_only(open_page) -> None:
    page = open_page("2026-12-01T18:57:00Z")
    status = page.locator(".cafe-next [role=status]")
    assert page.locator(".cafe-soon").inner_text() == "in 3 minutes"
    page.clock.run_for(61_000)
    assert page.locator(".cafe-soon").inner_text() == "in 2 minutes"
    assert status.inner_text() == ""
    page.clock.run_for(121_000)
    assert card(page)[0] == status.inner_text() == "Under way: Repair Café"
    page.clock.run_for(60 * 60_000)
    assert card(page)[:2] == ["Next Repair Café", "Tuesday, January 19, 2027"]
    assert status.inner_text() == "Next Repair Café"


def test_what_is_in_the_card_is_not_in_the_list_and_past_dates_are_not_either(open_page) -> None:
    page = open_page("2026-11-18T00:00Z")
    assert listed(page) == [
        "Tuesday, December 15, 2026",
        "Tuesday, January 5, 2027",
        "Tuesday, January 19, 2027",
    ]
    link = page.locator(".cafe-card .cafe-add > a")
    assert link.get_attribute("href") == "calendar/2026-12-01.ics"
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "2026-12-01.ics"


def test_a_moved_meeting_says_where_it_was_moved_from(open_page) -> None:
    assert card(open_page("2027-01-25T00:00Z", "Europe/London")) == [
        "Next Repair Café",
        "Wednesday, February 3, 2027",
        "18:30 in Los Angeles – Thursday, February 4, 02:30 your time (Europe/London) "
        "– in 10 days",
        "Moved from Tuesday, February 2, 2027: The room is taken",
    ]


@pytest.mark.parametrize("url", ["served", "file"])
def test_a_site_that_nobody_builds_shows_the_right_date_for_two_years(
    open_page, built, address, url
) -> None:
    where = built.joinpath("index.html").as_uri() if url == "file" else address
    assert card(open_page("2028-06-08T00:00Z", "Europe/London", where))[1] == (
        "Tuesday, June 20, 2028"
    )


def test_when_all_dates_are_over_it_says_that_it_does_not_know(open_page) -> None:
    page = open_page("2029-01-01T00:00Z", "Europe/London")
    assert card(page) == [
        "The next date is not known here.",
        "This site has not been built for a while: "
        "the last date that it knows was Tuesday, August 15, 2028.",
    ]
    assert listed(page) == []


def test_without_scripts_there_is_a_list_of_dates_that_says_nothing_of_next(
    open_page,
) -> None:
    page = open_page("2026-11-18T00:00Z", java_script_enabled=False)
    assert listed(page) == [
        "Tuesday, September 1, 2026",
        "Tuesday, September 15, 2026",
        "Tuesday, October 6, 2026",
        "Tuesday, October 20, 2026",
    ]
    text = page.locator(".cafe-next").inner_text()
    assert "11:00 in Los Angeles" in text
    assert "18:00 UTC" in text
    assert "next" not in text.lower()
    assert page.locator(".cafe-subscribe > a").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_and_fits(open_page, scheme, width) -> None:
    page = open_page(
        "2026-12-01T22:00Z",
        "Pacific/Auckland",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
    )
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    # axe waits with timers.
    page.clock.resume()
    result = Axe().run(page, context="article.bd-article")
    assert result.response["violations"] == [], result.generate_report()


def test_links_can_be_reached_with_the_keyboard_and_name_their_dates(open_page) -> None:
    page = open_page("2026-11-18T00:00Z")
    page.locator(".cafe-card a").focus()
    names = []
    for _ in range(4):
        names.append(
            page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        )
        page.keyboard.press("Tab")
    assert names == [
        "Add to calendar: Tuesday, December 1, 2026",
        "Add to calendar: Tuesday, January 19, 2027",
        "Subscribe to all dates",
        "All dates as a calendar file",
    ]
