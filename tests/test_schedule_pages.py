"""What pages show of the schedule, and the calendar files, as a build writes them."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING

import icalendar
import pytest

from cafe_site.community import read_community
from cafe_site.community.schedule import occurrences
from cafe_site.formats.occurrence_views import occurrences_to_show, view_of
from cafe_site.sphinxext.calendar_files import single_name

from .samples import checklist_page

if TYPE_CHECKING:
    from .conftest import Build, Site

CAFE = """\
  - id: cafe
    title: Repair Café
    rrule: FREQ=MONTHLY;BYDAY=1TU,3TU
    time: "11:00"
    timezone: America/Los_Angeles
    first: 2025-10-07
    canceled:
      2026-12-15: Holidays
    moved:
      - {from: 2027-01-05, to: 2027-01-06 09:30, reason: Room}
    extra:
      - 2026-12-08
"""
TEAM = """\
  - id: team
    title: Team meeting
    notes: team
    rrule: FREQ=WEEKLY;BYDAY=TH
    time: "17:00"
    timezone: UTC
    first: 2026-11-05
"""
HEAD = "name: The <Repair> & Care\nlinks: {pad: https://pad.example.org}\n"
CONF = (
    'extensions = ["cafe_site"]\nhtml_theme = "basic"\ncafe_search = "sphinx"\n'
    'cafe_community = "community.yaml"\ncafe_today = "2026-11-30"\n'
    'myst_enable_extensions = ["tasklist"]\n'
)
INDEX = """\
# Home

```{cafe:next}
:count: 3
```

```{toctree}
notes/index
check
plain
```
"""
CHECK = checklist_page("- [ ] Tell [people](https://example.org)\n")


@pytest.fixture
def cafe(site: Site) -> Site:
    """Return a site with a schedule, and with pages that show it."""
    site.write("conf.py", CONF)
    site.write("community.yaml", f"{HEAD}site: https://repair.example.org/cafe\nschedule:\n{CAFE}")
    site.write("index.md", INDEX)
    site.write("check.md", CHECK)
    site.write("plain.md", "# Plain\n\nNothing of the schedule.\n")
    site.write("notes/index.md", "# Archive\n\n```{cafe:archive}\n```\n\n```{cafe:missing}\n```\n")
    site.write("notes/2026.md", "## 2026-11-17\n\nHello.\n")
    return site


def several(site: Site) -> None:
    """Give a site a second series."""
    site.write("community.yaml", f"{HEAD}schedule:\n{CAFE}{TEAM}")


def texts(found) -> list[str]:
    """Return the texts of elements, each on one line."""
    return [" ".join(one.get_text(" ").split()) for one in found]


def written(before: dict[str, bytes], build: Build) -> set[str]:
    """Return the pages that a build has written anew, by its own report."""
    return {
        *re.findall(r"writing output.*?\] (\S+)", re.sub(r"\x1b\[[0-9;]*m", "", build.status))
    } & {path.removesuffix(".html") for path in before}


def calendars(build: Build) -> list[str]:
    """Return the calendar files of a build."""
    return sorted(str(path.relative_to(build.outdir)) for path in build.outdir.rglob("*.ics"))


# --- in words ---------------------------------------------------------------------------------


def meeting(day: str, rest: str = "", *, time: str = "11:00", zone: str = "America/Los_Angeles"):
    """Return the meeting of a weekly series on a Tuesday."""
    text = (
        "name: Tea\nschedule:\n  id: tea\n  rrule: FREQ=WEEKLY;BYDAY=TU\n"
        f'  time: "{time}"\n  timezone: {zone}\n  first: 2026-01-06\n{rest}'
    )
    date = datetime.date.fromisoformat(day)
    (found,) = occurrences(read_community(text).schedule[0], date, date)
    return found


@pytest.mark.parametrize(
    ("time", "zone", "place", "utc"),
    [
        ("11:00", "America/Los_Angeles", "11:00 in Los Angeles", "19:00 UTC"),
        ("18:00", "America/Los_Angeles", "18:00 in Los Angeles", "02:00 UTC on Wednesday"),
        ("08:00", "Pacific/Auckland", "08:00 in Auckland", "19:00 UTC on Monday"),
        ("08:00", "America/Argentina/Buenos_Aires", "08:00 in Buenos Aires", "11:00 UTC"),
        ("08:00", "UTC", "08:00 UTC", ""),
        ("08:00", "Etc/GMT+5", "08:00 Etc/GMT+5", "13:00 UTC"),
    ],
)
def test_the_time_is_said_where_the_series_is_and_in_utc(time, zone, place, utc) -> None:
    said = view_of(meeting("2026-12-01", time=time, zone=zone))
    assert (said.place, said.utc) == (place, utc)


@pytest.mark.parametrize(
    ("day", "rest", "remarks"),
    [
        ("2026-12-01", "", ()),
        ("2026-12-01", "  canceled: {2026-12-01: Snow}\n", ("Snow",)),
        ("2026-12-01", "  canceled: {2026-12-01: }\n", ()),
        (
            "2026-12-02",
            "  moved: [{from: 2026-12-01, to: 2026-12-02}]\n",
            ("Moved from Tuesday, December 1, 2026",),
        ),
        (
            "2026-12-02",
            "  moved: [{from: 2026-12-01, to: 2026-12-02, reason: Snow}]\n",
            ("Moved from Tuesday, December 1, 2026: Snow",),
        ),
        (
            "2026-12-01",
            "  moved: [{from: 2026-12-01, to: 2026-12-01 12:00}]\n",
            ("At another time than usual",),
        ),
        ("2026-12-03", "  extra: [2026-12-03]\n", ("An extra meeting",)),
        ("2026-03-10", "", ("In Europe this one begins an hour earlier than usual.",)),
        ("2026-03-10", "  canceled: {2026-03-10: }\n", ()),
    ],
)
def test_what_is_special_about_a_meeting_is_said(day, rest, remarks) -> None:
    assert view_of(meeting(day, rest)).remarks == remarks


def test_dates_are_those_of_two_years_and_change_only_when_a_meeting_has_ended() -> None:
    schedule = read_community(f"{HEAD}schedule:\n{CAFE}").schedule

    def at(text: str) -> list[str]:
        return [
            str(one.date)
            for one in occurrences_to_show(schedule, datetime.datetime.fromisoformat(text))
        ]

    found = at("2026-11-18T00:00Z")
    assert found[:4] == ["2026-12-01", "2026-12-08", "2026-12-15", "2027-01-06"]
    assert found[-1] == "2028-11-21"
    assert found == at("2026-11-30T00:00Z") == at("2026-12-01T19:59Z")
    assert at("2026-12-01T20:00Z")[0] == "2026-12-08"
    assert occurrences_to_show((), datetime.datetime.fromisoformat("2026-11-18T00:00Z")) == []


def test_the_file_of_a_moved_meeting_keeps_its_name() -> None:
    rest = "  moved: [{from: 2026-12-01, to: 2026-12-02}]\n"
    moved = meeting("2026-12-02", rest)
    assert single_name(moved, several=False) == "calendar/2026-12-01.ics"
    assert single_name(moved, several=True) == "calendar/tea-2026-12-01.ics"


# --- the next dates ---------------------------------------------------------------------------


def test_a_page_has_all_dates_and_shows_the_first_ones(cafe) -> None:
    rows = cafe.build().article("index.html").select(".cafe-dates > li")
    assert len(rows) == 49
    assert [row.has_attr("hidden") for row in rows] == [False] * 3 + [True] * 46
    assert rows[0].time["datetime"] == "2026-12-01T19:00:00Z"
    assert rows[0]["data-end"] == "2026-12-01T20:00:00Z"
    assert rows[0]["data-zone"] == "America/Los_Angeles"
    assert [row.has_attr("data-canceled") for row in rows[:4]] == [False, False, True, False]
    assert texts(rows[:4]) == [
        "Tuesday, December 1, 2026 11:00 in Los Angeles 19:00 UTC Add to calendar",
        "Tuesday, December 8, 2026 11:00 in Los Angeles 19:00 UTC "
        "An extra meeting Add to calendar",
        "Tuesday, December 15, 2026 Canceled 11:00 in Los Angeles 19:00 UTC Holidays",
        "Wednesday, January 6, 2027 09:30 in Los Angeles 17:30 UTC "
        "Moved from Tuesday, January 5, 2027: Room Add to calendar",
    ]
    assert "next" not in rows[0].parent.get_text().lower()


def test_a_second_checklist_of_a_page_is_reported(cafe) -> None:
    cafe.write("check.md", CHECK + "\n```{cafe:checklist}\n```\n")
    (warning,) = cafe.build(warnings=True).warnings
    assert warning.startswith(f"{cafe.root}/check.md:{CHECK.count(chr(10)) + 2}: WARNING: ")
    assert "already" in warning
    assert warning.endswith("[cafe.checklist]")


def test_tasks_that_are_nothing_but_text_are_reported(cafe) -> None:
    cafe.write("plain.md", "# Plain\n\n- [ ] No task, on a page without a checklist.\n")
    (warning,) = cafe.build(overrides={"myst_enable_extensions": []}, warnings=True).warnings
    assert re.match(
        rf"{cafe.root}/check\.md:1[12]: WARNING: \{{cafe:checklist\}} does not ", warning
    )
    assert "add 'tasklist' to myst_enable_extensions in conf.py" in warning
    assert warning.endswith("[cafe.checklist]")


def test_links_lead_to_files_and_to_the_published_calendar(cafe) -> None:
    build = cafe.build()
    page = build.article("index.html")
    files = [link["href"] for link in page.select(".cafe-add > a")]
    assert files[0] == "calendar/2026-12-01.ics"
    assert len(files) == 12
    assert all((build.outdir / file).is_file() for file in files)
    links = {link["href"] for link in page.select(".cafe-subscribe > a")}
    assert links == {"webcal://repair.example.org/cafe/meetings.ics", "meetings.ics"}


def test_html_baseurl_is_the_address_of_the_site_if_it_is_given(cafe) -> None:
    page = cafe.build(overrides={"html_baseurl": "https://example.com/en"}).article("index.html")
    link = page.select_one(".cafe-subscribe > a")
    assert link["href"] == "webcal://example.com/en/meetings.ics"


def test_without_an_address_of_the_site_there_is_a_file_to_subscribe_to(cafe) -> None:
    several(cafe)
    cafe.write("index.md", INDEX.replace(":count: 3", ":series: team"))
    page = cafe.build().article("index.html")
    assert [link["href"] for link in page.select(".cafe-subscribe > a")] == ["team.ics"]
    rows = page.select(".cafe-dates > li")
    assert {row["data-title"] for row in rows} == {"Team meeting"}
    assert sum(not row.has_attr("hidden") for row in rows) == 6


def test_several_series_are_in_one_list_with_their_titles(cafe) -> None:
    several(cafe)
    found = texts(cafe.build().article("index.html").select(".cafe-when"))[:3]
    assert found == [
        "Repair Café Tuesday, December 1, 2026",
        "Team meeting Thursday, December 3, 2026",
        "Repair Café Tuesday, December 8, 2026",
    ]


@pytest.mark.parametrize(
    ("builder", "page", "root"),
    [("html", "sub/page.html", "../"), ("dirhtml", "sub/page/index.html", "../../")],
)
def test_links_work_on_every_level_of_the_site(cafe, builder, page, root) -> None:
    cafe.write("index.md", INDEX.replace("plain\n", "plain\nsub/page\n"))
    cafe.write("sub/page.md", "# Page\n\n```{cafe:next}\n```\n")
    build = cafe.build(builder)
    links = build.article(page).select(".cafe-add > a, .cafe-subscribe > a:last-child")
    assert {link["href"].startswith(root) for link in links} == {True}
    for link in links:
        assert ((build.outdir / page).parent / link["href"]).is_file()


def test_a_title_with_markup_is_text(cafe) -> None:
    cafe.write("community.yaml", f"{HEAD}schedule:\n{CAFE}".replace("Repair Café", '"<b>&\\""'))
    row = cafe.build().article("index.html").select_one(".cafe-dates > li")
    assert row["data-title"] == '<b>&"'


@pytest.mark.parametrize("builder", ["text", "epub", "latex", "man", "texinfo"])
def test_other_builders_show_the_first_dates_as_text(cafe, builder) -> None:
    settings = {"copyright": "us", "version": "1", "epub_title": "t", "project": "p"}
    build = cafe.build(
        builder, overrides={**settings, "man_pages": [("index", "p", "p", ["a"], 1)]}
    )
    suffixes = {".txt", ".xhtml", ".tex", ".1", ".texi"}
    found = " ".join(
        path.read_text(encoding="utf-8")
        for path in build.outdir.rglob("*")
        if path.suffix in suffixes and "_sources" not in path.parts
    )
    found = " ".join(found.split())
    assert "Tuesday, December 1, 2026, 11:00 in Los Angeles (19:00 UTC)" in found
    assert "Tuesday, December 15, 2026" in found
    assert "Canceled. Holidays" in found
    assert "January 6, 2027" not in found
    assert "cafe-next" not in found
    assert "application/json" not in found
    assert calendars(build) == []


def test_a_single_page_has_everything_once(cafe) -> None:
    build = cafe.build("singlehtml")
    page = build.article("index.html")
    assert len(page.select(".cafe-dates")) == len(page.select(".cafe-checklist-data")) == 1
    assert page.select_one(".cafe-add > a")["href"] == "calendar/2026-12-01.ics"
    scripts = [script["src"] for script in build.html("index.html").select("script[src]")]
    assert sum("cafe_next.js" in script for script in scripts) == 1


def test_scripts_are_on_the_pages_that_need_them_only(cafe) -> None:
    build = cafe.build()

    def scripts(page: str) -> set[str]:
        return {
            name
            for name in ("cafe_next.js", "cafe_checklist.js")
            if name in str(build.html(page).head)
        }

    assert scripts("index.html") == {"cafe_next.js"}
    assert scripts("check.html") == {"cafe_checklist.js"}
    assert (
        scripts("plain.html") == scripts("notes/index.html") == scripts("genindex.html") == set()
    )


def test_no_meeting_to_come_is_said(cafe) -> None:
    over = CAFE.replace("first: 2025-10-07", "first: 2025-10-07\n    last: 2027-01-31")
    cafe.write("community.yaml", f"{HEAD}schedule:\n{over}")
    build = cafe.build(overrides={"cafe_today": "2027-03-01"})
    assert "No meeting is planned at present." in build.article("index.html").text
    assert calendars(build) == ["meetings.ics"]
    assert "No meeting is planned" in (
        cafe.build("text", overrides={"cafe_today": "2027-03-01"}).outdir / "index.txt"
    ).read_text(encoding="utf-8")


# --- what is wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "name: Tea\n"])
def test_without_a_schedule_a_warning_names_the_place_and_the_page_says_so(cafe, given) -> None:
    cafe.write("community.yaml", given or "name: Tea\n")
    build = cafe.build(
        warnings=True, overrides={} if given else {"cafe_community": ""}, outdir=f"o{bool(given)}"
    )
    why = (
        "community.yaml has no schedule"
        if given
        else "conf.py names no community.yaml (cafe_community)"
    )
    assert sorted(build.warnings) == [
        f"{cafe.root}/check.md:3: WARNING: {{cafe:checklist}} has no dates to show: {why} "
        "[cafe.schedule]",
        f"{cafe.root}/index.md:3: WARNING: {{cafe:next}} has no dates to show: {why} "
        "[cafe.schedule]",
        f"{cafe.root}/notes/index.md:6: WARNING: {{cafe:missing}} has no dates to show: {why} "
        "[cafe.schedule]",
    ]
    sentence = "The dates are not known: this site has no schedule."
    assert sentence in build.article("index.html").text
    assert sentence in build.article("notes/index.html").text
    assert build.article("check.html").select(".cafe-due, .cafe-message, .cafe-checklist") == []
    assert not build.html("index.html").select('link[type="text/calendar"]')
    assert calendars(build) == []


def page_of(cafe: Site, text: str) -> list[str]:
    """Return the warnings about a page, without its path."""
    cafe.write("check.md", f"# Page\n\n{text}\n")
    found = cafe.build(warnings=True).warnings
    return [line.removeprefix(f"{cafe.root}/check.md:3: WARNING: ") for line in found]


def test_an_unknown_series_is_reported_with_the_known_ones(cafe) -> None:
    assert page_of(cafe, "```{cafe:next}\n:series: tea\n```") == [
        "unknown series 'tea' in the schedule; the series are: cafe [cafe.schedule]"
    ]


def test_an_unknown_message_is_reported_with_the_known_ones(cafe) -> None:
    (found,) = page_of(cafe, "```{cafe:message} remind-weak\n```")
    assert found.startswith(
        "unknown message 'remind-weak'; did you mean 'remind-week'?; the messages are issue"
    )


def test_a_day_that_is_no_number_is_reported(cafe) -> None:
    (found,) = page_of(cafe, "```{cafe:due} a week\n```")
    assert found.startswith("'a week' is not a number of days; write -7 for a week before")


def test_a_day_without_a_checklist_is_reported(cafe) -> None:
    assert page_of(cafe, "```{cafe:due} 0\n```") == [
        "{cafe:due} needs a {cafe:checklist} on the same page [cafe.schedule]"
    ]


def test_a_broken_message_of_the_community_is_reported_once(cafe) -> None:
    cafe.write("messages/remind-week.md.jinja", "{{ dete }}")
    (found,) = cafe.build(warnings=True).warnings
    assert found.startswith(f"{cafe.root}/check.md:3: WARNING: ")
    assert "remind-week.md.jinja:1: 'dete' is undefined" in found


# --- the checklist ------------------------------------------------------------------------------


def checklist(build: Build) -> dict:
    """Return what the checklist's page knows."""
    return json.loads(build.article("check.html").select_one("script.cafe-checklist-data").string)


def test_the_checklist_knows_the_meetings_their_days_and_their_messages(cafe) -> None:
    data = checklist(cafe.build())
    assert data["label"] == "For which Repair Café?"
    found = data["meetings"]
    assert [one["id"] for one in found][:5] == [
        "cafe/2026-11-03",
        "cafe/2026-11-17",
        "cafe/2026-12-01",
        "cafe/2026-12-08",
        "cafe/2027-01-05",
    ]
    assert len(found) == 2 + 12
    assert (found[2]["end"], found[2]["label"], found[2]["when"]) == (
        "2026-12-01T20:00:00Z",
        "Tuesday, December 1, 2026",
        "Tuesday, December 1, 2026, 11:00 in Los Angeles, 19:00 UTC",
    )
    assert found[2]["due"] == {
        "-7": "by Tuesday, November 24, 2026",
        "1": "by Wednesday, December 2, 2026",
    }
    assert "December 1, 2026" in found[2]["messages"]["remind-week"]
    assert found[3]["following"] == "Wednesday, January 6, 2027"
    assert found[3]["followingMessages"] == {
        "issue-title": "Repair Café: Wednesday, January 6, 2027\n"
    }
    assert found[4]["remarks"] == ["Moved from Tuesday, January 5, 2027: Room"]


def test_a_message_cannot_end_its_script(cafe) -> None:
    cafe.write("messages/remind-week.md.jinja", "</script><script>alert(1)</script> {{ date }}")
    build = cafe.build()
    assert b"<script>alert" not in (build.outdir / "check.html").read_bytes()
    text = checklist(build)["meetings"][2]["messages"]["remind-week"]
    assert text == "</script><script>alert(1)</script> Tuesday, December 1, 2026\n"


def test_without_scripts_the_checklist_is_plain(cafe) -> None:
    page = cafe.build().article("check.html")
    for place in page.select(".cafe-checklist, .cafe-due, .cafe-message"):
        assert place.has_attr("hidden")
        assert place.get_text() == ""
    assert [box.has_attr("disabled") for box in page.select("input")] == [True]


def test_a_message_of_the_community_is_taken_and_a_change_of_it_is_seen(cafe) -> None:
    before = cafe.build().files()
    cafe.write("messages/remind-week.md.jinja", "Come on {{ date }}!")
    after = cafe.build()
    text = checklist(after)["meetings"][2]["messages"]["remind-week"]
    assert text == "Come on Tuesday, December 1, 2026!\n"
    # Sphinx writes the page with the table of contents as well.
    assert written(before, after) == {"check", "index"}


# --- missing notes ------------------------------------------------------------------------------


def missing(build: Build) -> list[str]:
    """Return the dates that a page says to have no notes."""
    return texts(build.article("notes/index.html").select(".cafe-missing > li"))


def test_meetings_without_notes_are_listed_newest_first(cafe) -> None:
    found = missing(cafe.build(overrides={"cafe_today": "2027-01-20"}))
    assert found[:5] == [
        "Tuesday, January 19, 2027",
        "Wednesday, January 6, 2027",
        "Tuesday, December 8, 2026",
        "Tuesday, December 1, 2026",
        "Tuesday, November 3, 2026",
    ]
    assert found[-1] == "Tuesday, October 7, 2025"


def test_each_series_has_notes_of_its_own(cafe) -> None:
    several(cafe)
    cafe.write("notes/team/2026.md", "## 2026-11-05\n\n## 2026-11-17\n\n## 2026-11-26\n")
    found = missing(cafe.build())
    assert found[:3] == [
        "Team meeting: Thursday, November 19, 2026",
        "Team meeting: Thursday, November 12, 2026",
        "Repair Café: Tuesday, November 3, 2026",
    ]


def test_a_complete_archive_gets_a_friendly_line(cafe) -> None:
    new = CAFE.replace("first: 2025-10-07", "first: 2026-11-10")
    cafe.write("community.yaml", f"{HEAD}schedule:\n{new}")
    build = cafe.build()
    assert missing(build) == []
    assert "Every Repair Café so far has its notes." in build.article("notes/index.html").text


def test_notes_that_are_added_leave_the_list(cafe) -> None:
    assert missing(cafe.build())[0] == "Tuesday, November 3, 2026"
    cafe.write("notes/2026.md", "## 2026-11-17\n\nHello.\n\n## 2026-11-03\n\nHello.\n")
    assert missing(cafe.build())[0] == "Tuesday, October 20, 2026"


# --- calendars ----------------------------------------------------------------------------------


def test_there_is_a_calendar_of_all_meetings_and_one_of_each_next_one(cafe) -> None:
    build = cafe.build()
    found = calendars(build)
    assert found[:3] == [
        "calendar/2026-12-01.ics",
        "calendar/2026-12-08.ics",
        "calendar/2027-01-05.ics",
    ]
    assert "calendar/2026-12-15.ics" not in found  # canceled
    assert found[12:] == ["meetings.ics"]
    file = icalendar.Calendar.from_ical((build.outdir / "meetings.ics").read_bytes())
    addresses = {str(event["URL"]) for event in file.events}
    assert "https://repair.example.org/cafe/notes/2026.html#2026-11-17" in addresses
    one = icalendar.Calendar.from_ical((build.outdir / found[0]).read_bytes())
    assert [event.start.isoformat() for event in one.events] == ["2026-12-01T11:00:00-08:00"]


def test_each_of_several_series_has_a_calendar_of_its_own(cafe) -> None:
    several(cafe)
    build = cafe.build()
    found = calendars(build)
    assert [name for name in found if "/" not in name] == ["cafe.ics", "meetings.ics", "team.ics"]
    assert found[1] == "calendar/cafe-2026-12-01.ics"
    heads = {
        (link["href"], link["title"])
        for link in build.html("notes/2026.html").select('link[type="text/calendar"]')
    }
    assert heads == {
        ("../meetings.ics", "The <Repair> & Care"),
        ("../cafe.ics", "Repair Café"),
        ("../team.ics", "Team meeting"),
    }


def test_the_head_keeps_what_other_parts_have_put_there(cafe) -> None:
    head = cafe.build().html("notes/2026.html").head
    assert head.select_one('link[type="text/markdown"]')
    assert head.select_one('link[type="text/calendar"]')
    assert head.select_one('meta[name="viewport"]')


def test_calendars_of_past_meetings_go_and_other_files_stay(cafe) -> None:
    several(cafe)
    build = cafe.build()
    (build.outdir / "calendar/party.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    cafe.write("community.yaml", f"{HEAD}schedule:\n{CAFE}")
    found = calendars(cafe.build(overrides={"cafe_today": "2026-12-02"}))
    assert found[0] == "calendar/2026-12-08.ics"
    assert [name for name in found if "team" in name or "cafe" in name] == []
    assert found[12:] == ["calendar/party.ics", "meetings.ics"]


def test_calendars_are_written_only_when_they_change(cafe) -> None:
    build = cafe.build()
    times = {name: (build.outdir / name).stat().st_mtime_ns for name in calendars(build)}
    cafe.write("plain.md", "# Plain\n\nAnother text.\n")
    cafe.build()
    assert times == {name: (build.outdir / name).stat().st_mtime_ns for name in calendars(build)}


# --- builds -------------------------------------------------------------------------------------


def everything(build: Build) -> dict[str, bytes]:
    """Return all pages and calendars without Sphinx's search data, which keeps old words."""
    files = {name: (build.outdir / name).read_bytes() for name in calendars(build)}
    pages = {path: data for path, data in build.files().items() if path != "searchindex.js"}
    return {**pages, **files}


def test_a_parallel_build_and_a_second_build_give_the_same_bytes(cafe) -> None:
    serial = cafe.build(outdir="serial", doctreedir="serial-doctrees")
    before = everything(serial)
    parallel = cafe.build(jobs=3, outdir="parallel", doctreedir="parallel-doctrees")
    assert everything(parallel) == before
    again = cafe.build(outdir="serial", doctreedir="serial-doctrees")
    assert everything(again) == before
    assert "no targets are out of date" in again.status


@pytest.mark.parametrize(
    ("today", "pages"),
    [
        # The meeting of December 1 ends on that day, in UTC.
        ("2026-12-01", set()),
        # A meeting is over, and it has no notes yet.
        ("2026-12-02", {"index", "check", "notes/index"}),
    ],
)
def test_a_day_later_only_pages_that_show_other_dates_are_written(cafe, today, pages) -> None:
    cafe.write("conf.py", CONF.replace('cafe_today = "2026-11-30"\n', ""))
    environment = pytest.MonkeyPatch()
    with environment.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(stamp("2026-11-30")))
        before = cafe.build().files()
        patch.setenv("SOURCE_DATE_EPOCH", str(stamp(today)))
        after = cafe.build()
        assert written(before, after) == pages
        cold = cafe.build(outdir="cold", doctreedir="cold-doctrees")
    assert everything(after) == everything(cold)


def stamp(day: str) -> int:
    """Return the time stamp of a day's beginning in UTC."""
    return int(datetime.datetime.fromisoformat(f"{day}T00:00Z").timestamp())


def test_an_edit_of_the_schedule_updates_the_pages_that_show_it(cafe) -> None:
    before = cafe.build().files()
    text = (cafe.root / "community.yaml").read_text(encoding="utf-8")
    cafe.write("community.yaml", text.replace("2026-12-15: Holidays", "2026-12-01: Snow"))
    after = cafe.build()
    assert "Snow" in after.article("index.html").text
    assert checklist(after)["meetings"][2]["id"] == "cafe/2026-12-08"
    assert written(before, after) == {"index", "check", "notes/index"}
    cold = cafe.build(outdir="cold", doctreedir="cold-doctrees")
    assert everything(after) == everything(cold)


def test_another_name_of_the_community_is_in_the_head_of_every_page(cafe) -> None:
    cafe.build()
    text = (cafe.root / "community.yaml").read_text(encoding="utf-8")
    cafe.write("community.yaml", text.replace("<Repair> & Care", "Menders"))
    link = cafe.build().html("plain.html").select_one('link[type="text/calendar"]')
    assert link["title"] == "The Menders"


def test_two_builders_on_one_folder_of_doctrees_are_both_up_to_date(cafe) -> None:
    cafe.build()
    cafe.build("dirhtml")
    text = (cafe.root / "community.yaml").read_text(encoding="utf-8")
    cafe.write("community.yaml", text.replace("2026-12-15: Holidays", "2026-12-01: Snow"))
    cafe.build()
    assert "Snow" in cafe.build("dirhtml").article("index.html").text


def test_every_link_to_the_file_of_a_meeting_has_its_file(site) -> None:
    site.write(
        "community.yaml",
        "name: X\nschedule:\n"
        "  - {id: a, rrule: FREQ=WEEKLY, time: 10:00, timezone: UTC, first: 2026-01-05}\n"
        "  - {id: b, notes: b, rrule: FREQ=WEEKLY, time: 9:00, timezone: UTC, "
        "first: 2026-01-06}\n",
    )
    site.write("index.md", "# A\n\n```{cafe:next}\n:series: b\n```\n\n```{cafe:next}\n```\n")
    site.write("notes/index.md", "---\norphan: true\n---\n\n# Notes\n")
    options = {"cafe_community": "community.yaml", "cafe_today": "2026-11-21"}
    build = site.build(overrides=options)
    links = [a["href"] for a in build.html("index.html").select('a[href^="calendar/"]')]
    assert len(links) == 12 + 24
    assert [link for link in links if not (build.outdir / link).exists()] == []
