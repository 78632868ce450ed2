"""Who a community is and when it meets, and what is said about a file that is wrong."""

from __future__ import annotations

import datetime
import pickle
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cafe_site.community import (
    Cancellation,
    Community,
    CommunityError,
    Extra,
    Move,
    Period,
    Repository,
    Series,
    load_community,
    read_community,
)
from cafe_site.community.model import HOSTS
from cafe_site.community.settings import KEYS
from cafe_site.community.values import RULE_PARTS

from .samples import FULL


def problems(text: str) -> list[str]:
    """Return what is said about a text, without the name of the file."""
    with pytest.raises(CommunityError) as caught:
        read_community(text)
    lines = str(caught.value).splitlines()
    assert lines == list(caught.value.problems), "a problem is one line"
    assert all(line.startswith("community.yaml:") for line in lines)
    return [line.removeprefix("community.yaml:") for line in lines]


def series(**changes: str) -> str:
    """Return the text of a file with one series; each key is in a line of its own, from 3 on.

    A value that is empty leaves the key out.
    """
    keys = {
        "id": "cafe",
        "rrule": "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "time": "11:00",
        "timezone": "America/Los_Angeles",
        "first": "2025-10-07",
        **changes,
    }
    lines = [f"  {key}: {value}\n" for key, value in keys.items() if value]
    return "name: Café\nschedule:\n" + "".join(lines)


def test_every_key_is_read() -> None:
    hour = datetime.timedelta(hours=1)
    zone = "America/Los_Angeles"
    eleven = datetime.time(11)
    assert read_community(FULL) == Community(
        name="Collaboration Café",
        organizers="The Example community",
        site="https://cafe.example.org/",
        domain="example.net",
        links={"pad": "https://pad.example.org/cafe", "our-own": "http://example.org/a?b=c#d"},
        repository=Repository(
            host="gitlab", owner="group/subgroup", name="compass", branch="dev", folder="site"
        ),
        hide_people=("ada", "@bob"),
        drop_sections=("Ice breaker",),
        schedule=(
            Series(
                id="cafe",
                title="Collaboration Café",
                notes="",
                periods=(
                    Period(
                        "FREQ=WEEKLY",
                        eleven,
                        "UTC",
                        hour,
                        datetime.date(2023, 3, 21),
                        datetime.date(2023, 12, 31),
                    ),
                    Period(
                        "FREQ=MONTHLY;BYDAY=3TU",
                        datetime.time(9, 30),
                        zone,
                        1.5 * hour,
                        datetime.date(2024, 1, 1),
                        datetime.date(2025, 9, 30),
                    ),
                    Period(
                        "FREQ=MONTHLY;BYDAY=1TU,3TU",
                        eleven,
                        zone,
                        1.5 * hour,
                        datetime.date(2025, 10, 7),
                        datetime.date(2027, 12, 21),
                    ),
                ),
                updated=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC),
                canceled=(
                    Cancellation(datetime.date(2026, 7, 7)),
                    Cancellation(datetime.date(2026, 7, 21), "Summer break"),
                ),
                moved=(
                    Move(datetime.date(2024, 2, 20), datetime.datetime(2024, 2, 27, 9, 30)),
                    Move(
                        datetime.date(2026, 11, 3),
                        datetime.datetime(2026, 11, 10, 12, 30),
                        "Election day",
                    ),
                ),
                extra=(
                    # The time is the one of the period that the day is in.
                    Extra(datetime.datetime(2024, 8, 12, 9, 30), "Summer special"),
                    Extra(datetime.datetime(2026, 8, 10, 17, 30)),
                    Extra(datetime.datetime(2026, 8, 12, 11)),
                    Extra(datetime.datetime(2026, 8, 14, 8)),
                ),
            ),
            Series(
                id="team",
                title="Team meeting",
                notes="team",
                periods=(
                    Period(
                        "FREQ=WEEKLY",
                        datetime.time(16),
                        "UTC",
                        hour,
                        datetime.date(2026, 1, 5),
                    ),
                ),
            ),
        ),
    )


def test_a_name_is_enough() -> None:
    assert read_community("name: Café") == Community(name="Café")


def test_keys_without_values_count_as_left_out() -> None:
    text = (
        "name: Café\norganizers:\nsite: ~\ndomain: null\nlinks:\n  pad:\nrepository:\n"
        "privacy:\n  hide_people:\nschedule:\n"
    )
    assert read_community(text) == Community(name="Café")
    changes = dict.fromkeys(("title", "last", "earlier", "canceled", "moved", "extra"), "~")
    assert read_community(series(**changes)) == read_community(series())


def test_a_single_series_need_not_be_in_a_list() -> None:
    listed = series().replace("  id", "- id")
    assert read_community(series()).schedule == read_community(listed).schedule


@pytest.mark.parametrize(
    ("site", "domain"),
    [
        ("https://Cafe.Example.org:8000/a/b//", "cafe.example.org"),
        ("https://café.example.org", "xn--caf-dma.example.org"),
    ],
)
def test_the_domain_is_the_site_s_host_unless_it_is_given(site: str, domain: str) -> None:
    assert read_community(f"name: Café\nsite: {site}").domain == domain
    assert read_community(f"name: Café\nsite: {site}\ndomain: a.org").domain == "a.org"


@pytest.mark.parametrize("value", ["no", "010", "12:30", "2025-12-16", "1e3", "<<", "☕ 👩‍💻"])
def test_values_are_the_texts_that_they_are(value: str) -> None:
    assert read_community(f"name: {value}").name == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1: name: is required"]),
        ("# only a comment\n", ["1: name: is required"]),
        ("Café", ["1: must be a mapping, not 'Café'"]),
        ("- name: Café", ["1: must be a mapping, not a list"]),
        ("name:", ["1: name: is required"]),
        ('name: ""', ["1: name: must not be empty"]),
        ('name: "a\\0b"', ["1: name: 'a\\x00b' contains a character that cannot be displayed"]),
        ('name: "\\uD800"', ["1: name: '\\ud800' contains a character that cannot be displayed"]),
        (
            'name: "\\u202Ex"',
            ["1: name: '\\u202ex' contains a character that cannot be displayed"],
        ),
        ("name: a\nname: b", ["2: name: duplicate key; keep one of them"]),
        ("name: a\n? [b]\n: c", ["2: '': a key must be a single word, not a list"]),
        ("name: [Café]", ["1: name: must be a single value, not a list"]),
        ("name: {a: b}", ["1: name: must be a single value, not a mapping"]),
        ("name: a\nb: c: d", ["2: is not YAML: mapping values are not allowed here"]),
        ("name: a\nb: 'c", ["2: is not YAML: found unexpected end of stream"]),
        ("name: &a b\nsite: *a", ["2: is not YAML: aliases (*name) are not allowed"]),
        ("name: !!python/name:os.system", ["1: is not YAML: tags (!name) are not allowed"]),
        ("name: a\n---\nname: b", ["2: is not YAML: but found another document"]),
        ("name: a\n\n\x07", ["3: U+0007 is not allowed in YAML"]),
        ("a: " * 3 + "[" * 5000, ["1: is not YAML: mapping values are not allowed here"]),
        ("[" * 50_000, ["1: is nested too deeply"]),
        ("x" * 200_001, ["1: is longer than 200,000 characters"]),
        (
            "name: a\nsit: b",
            ["2: sit: unknown key; did you mean 'site'?"],
        ),
        (
            "name: a\nxyzzy: b",
            [
                "2: xyzzy: unknown key; the keys are name, organizers, site, domain, links, "
                "repository, privacy, people, vocabulary, forges, schedule"
            ],
        ),
        (
            'name: a\n"x\\ny": b\nlinks: {"a b": https://a.org}',
            [
                "2: 'x\\ny': unknown key; the keys are name, organizers, site, domain, links, "
                "repository, privacy, people, vocabulary, forges, schedule",
                "3: links.'a b': must be a name of letters, digits, '_' and '-'",
            ],
        ),
    ],
)
def test_what_is_no_file_of_a_community(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    "address",
    [
        "/pad",
        "../pad",
        "//example.org/pad",
        "example.org",
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "mailto:ada@example.org",
        "https:///pad",
        "https://",
        "https://[::1",
        "https://a.org:x",
        "https://a.org/<b>",
        'https://a.org/"b',
        "https://a.org/b c",
    ],
)
def test_only_web_addresses_are_links(address: str) -> None:
    text = f"name: Café\nlinks: {{pad: {address!r}}}"
    assert problems(text) == [
        f"2: links.pad: {address!r} is not a valid URL; it should begin with https://"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("site: https://a.org/?b", "site: 'https://a.org/?b' must be a URL without '?' "),
        ("site: https://a..é/", "site: 'a..é' is not a valid host name"),
        ("domain: https://a.org", "domain: 'https://a.org' must be a host name in lowercase"),
        ("domain: A.org", "domain: 'A.org' must be a host name in lowercase, such as"),
        ("domain: -a.org", "domain: '-a.org' must be a host name in lowercase, such as"),
        ("links: https://a.org", "links: must be a mapping, not 'https://a.org'"),
        ("repository: {owner: a}", "repository.name: is required"),
        ("repository: {name: a}", "repository.owner: is required"),
        (
            "repository: {host: githb, owner: a, name: b}",
            "repository.host: 'githb' must be github, gitlab or bitbucket",
        ),
        ("repository: {owner: a b, name: b}", "repository.owner: 'a b' must be letters,"),
        ("repository: {owner: a, name: ..}", "repository.name: '..' must be letters,"),
        ("repository: {owner: a, name: b/c}", "repository.name: 'b/c' must be letters,"),
        ("repository: {owner: a, name: b, branch: 'x y'}", "repository.branch: 'x y' must be"),
        ("repository: {owner: a, name: b, folder: ../x}", "repository.folder: '../x' must be"),
        ("repository: {owner: a, name: b, folder: /x}", "repository.folder: '/x' must be a"),
        ("privacy: {hide_people: ada}", "privacy.hide_people: must be a list, not 'ada'"),
        ("privacy: {hide_people: [[ada]]}", "privacy.hide_people[0]: must be a single value,"),
        ("privacy: {drop: []}", "privacy.drop: unknown key; the keys are hide_people, drop_s"),
        ("schedule: weekly", "schedule: must be a list, not 'weekly'"),
        ("schedule: [weekly]", "schedule[0]: must be a mapping, not 'weekly'"),
    ],
)
def test_what_is_wrong_with_the_community(line: str, expected: str) -> None:
    (problem,) = problems(f"name: Café\n{line}")
    assert problem.startswith(f"2: {expected}")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("id", "", "is required"),
        ("rrule", "", "is required"),
        ("time", "", "is required"),
        ("timezone", "", "is required"),
        ("first", "", "is required"),
        (
            "id",
            "Café",
            "'Café' must be lowercase letters, digits and hyphens, "
            "no hyphen at either end, and not 'meetings'",
        ),
        (
            "id",
            "a/b",
            "'a/b' must be lowercase letters, digits and hyphens, "
            "no hyphen at either end, and not 'meetings'",
        ),
        (
            "id",
            "meetings",
            "'meetings' must be lowercase letters, digits and hyphens, "
            "no hyphen at either end, and not 'meetings'",
        ),
        (
            "id",
            "-a",
            "'-a' must be lowercase letters, digits and hyphens, "
            "no hyphen at either end, and not 'meetings'",
        ),
        ("title", '""', "must not be empty"),
        ("title", '"\u200b \u00ad"', "must not be empty"),
        ("notes", "../x", "'../x' must be a folder such as team-meetings or a/b"),
        ("notes", "a//b", "'a//b' must be a folder such as team-meetings or a/b"),
        (
            "timezone",
            "America/Los_Angles",
            "'America/Los_Angles' is not an IANA time zone; did you mean 'America/Los_Angeles'?",
        ),
        (
            "timezone",
            "los angeles",
            "'los angeles' is not an IANA time zone; did you mean 'America/Los_Angeles'?",
        ),
        (
            "timezone",
            "../../etc/passwd",
            "'../../etc/passwd' is not an IANA time zone; use a name such as Europe/Berlin",
        ),
        ("timezone", "localtime", "'localtime' is not an IANA time zone; use a name such as"),
        ("timezone", "posixrules", "'posixrules' is not an IANA time zone; use a name such as"),
        ("timezone", "Factory", "'Factory' is not an IANA time zone; use a name such as"),
        ("timezone", "europe/berlin", "'europe/berlin' is not an IANA time zone; did you mean"),
        ("timezone", "right/Europe/Berlin", "'right/Europe/Berlin' is not an IANA time zone; did"),
        ("timezone", "posix/Europe/Berlin", "'posix/Europe/Berlin' is not an IANA time zone; did"),
        ("timezone", "/etc/localtime", "'/etc/localtime' is not an IANA time zone; use a name"),
        ("updated", "2026-06-01 25:00", "'25:00' is not a valid time; write it as HH:MM, such"),
        ("time", "11", "'11' is not a valid time; write it as HH:MM, such as 17:30"),
        ("time", "24:00", "'24:00' is not a valid time; write it as HH:MM, such as 17:30"),
        ("time", "11:60", "'11:60' is not a valid time; write it as HH:MM, such as 17:30"),
        ("time", "5 pm", "'5 pm' is not a valid time; write it as HH:MM, such as 17:30"),
        ("duration", "0", "'0' must be a number of minutes from 1 to 1439"),
        ("duration", "1440", "'1440' must be a number of minutes from 1 to 1439"),
        ("duration", "1h30", "'1h30' must be a number of minutes from 1 to 1439"),
        ("duration", "-5", "'-5' must be a number of minutes from 1 to 1439"),
        ("first", "7 October 2025", "'7 October 2025' is not a valid date; write it as"),
        ("first", "2025-10", "'2025-10' is not a valid date; write it as YYYY-MM-DD"),
        ("first", "20251007", "'20251007' is not a valid date; write it as YYYY-MM-DD"),
        ("first", "2025-02-30", "'2025-02-30' is not a valid date: the calendar has no such day"),
        (
            "first",
            "0025-02-03",
            "'0025-02-03' must be a date between the years 1970 and 2199",
        ),
        ("last", "2025-10-06", "'2025-10-06' is before 'first', 2025-10-07"),
        ("updated", "today", "'today' is not a valid date; write it as YYYY-MM-DD"),
        ("title", "[a]", "must be a single value, not a list"),
        ("earlier", "{}", "must be a list, not a mapping"),
        ("canceled", "[2025-10-07]", "must be a mapping, not a list"),
        ("moved", "2025-10-07", "must be a list, not '2025-10-07'"),
        ("extra", "{date: 2025-10-08}", "must be a list, not a mapping"),
        ("timezon", "UTC", "unknown key; did you mean 'timezone'?"),
    ],
)
def test_what_is_wrong_with_a_series(key: str, value: str, expected: str) -> None:
    text = series(**{key: value})
    lines = [i for i, line in enumerate(text.splitlines(), 1) if line.startswith(f"  {key}:")]
    # What is not there is reported where its series begins.
    (problem,) = problems(text)
    assert problem.startswith(f"{lines[0] if lines else 3}: schedule.{key}: {expected}")


@pytest.mark.parametrize("address", ["https://ada:secret@example.org/x", "http://ada@a.org"])
@pytest.mark.parametrize("key", ["site", "link"])
def test_an_address_with_a_password_is_refused_and_not_repeated(key: str, address: str) -> None:
    line = f"site: {address}" if key == "site" else f"links: {{pad: '{address}'}}"
    (problem,) = problems(f"name: Café\n{line}\n")
    where = "site" if key == "site" else "links.pad"
    assert problem == (
        f"2: {where}: contains a user name or password, which would be published; "
        "remove the part before the '@'"
    )


def test_an_address_may_have_an_at_sign_elsewhere() -> None:
    read = read_community("name: Café\nlinks: {video: 'https://example.org/@ada?mail=a@b.org'}\n")
    assert read.links == {"video": "https://example.org/@ada?mail=a@b.org"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("weekly", "'WEEKLY' is not allowed in a rule; the parts are FREQ, INTERVAL, BYMONTH,"),
        ("RRULE:FREQ=WEEKLY", "'RRULE:FREQ=WEEKLY' is not allowed in a rule; the parts are FREQ,"),
        ("BYDAY=TU", "'BYDAY=TU' has no FREQ, such as FREQ=MONTHLY"),
        ("FREQ=HOURLY", "'FREQ=HOURLY' must be DAILY, WEEKLY, MONTHLY or YEARLY"),
        (
            "FREQ=MONTHLY;UNTIL=20260101",
            "'UNTIL=20260101' is not allowed in a rule; use the key 'l",
        ),
        ("FREQ=MONTHLY;COUNT=3", "'COUNT=3' is not allowed in a rule; use the key 'last' instead"),
        ("FREQ=DAILY;DTSTART=1", "'DTSTART=1' is not allowed in a rule; use the key 'first' inst"),
        ("FREQ=DAILY;BYHOUR=1", "'BYHOUR=1' is not allowed in a rule; use the key 'time' instead"),
        ("FREQ=DAILY;BYEASTER=1", "'BYEASTER=1' is not allowed in a rule; the parts are FREQ,"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ occurs twice in the rule"),
        ("FREQ=DAILY;INTERVAL=0", "'INTERVAL=0' is not a valid part of an RFC 5545 rule"),
        ("FREQ=DAILY;BYMONTH=13", "'BYMONTH=13' is not a valid part of an RFC 5545 rule"),
        ("FREQ=MONTHLY;BYDAY=XX", "'BYDAY=XX' is not a valid part of an RFC 5545 rule"),
        ("FREQ=MONTHLY;BYDAY=1TU;", "'' is not allowed in a rule; the parts are FREQ, INTERVAL,"),
        ("FREQ=WEEKLY;BYDAY=1TU", "'1TU': numbered weekdays need FREQ=MONTHLY, or FREQ=YEAR"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY is not allowed with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO is not allowed with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another part that begins with BY"),
        ("FREQ=MONTHLY;BYDAY=0TU", "'0TU': the number of a weekday must be 1 to 5, or"),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "'BYMONTHDAY=30' does not occur in these months",
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
            "'FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2' gives no date from 2025-10-07 on",
        ),
        ("FREQ=MONTHLY;BYDAY=13FR", "'13FR': the number of a weekday must be 1 to 5, or -1 to"),
        ("FREQ=MONTHLY;BYDAY=-6FR", "'-6FR': the number of a weekday must be 1 to 5, or -1 to"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=6FR", "'6FR': the number of a weekday must be 1 to 5"),
        ("FREQ=YEARLY;BYDAY=54FR", "'54FR': the number of a weekday must be 1 to 53, or -1"),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=2", "'BYSETPOS=2' must be from 1 to 1 with these oth"),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-3", "'BYSETPOS=-3' must be from 1 to 2 with the"),
        ('"FREQ=DAILY\\nEXDATE=x"', "'FREQ=DAILY\\nEXDATE=X' must be DAILY, WEEKLY, MONTHLY"),
    ],
)
def test_what_is_wrong_with_a_rule(rule: str, expected: str) -> None:
    (problem,) = problems(series(rrule=rule))
    assert problem.startswith(f"4: schedule.rrule: {expected}")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=10",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1",
        "FREQ=YEARLY;BYMONTH=1,6;BYDAY=+2TU",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=TU",
        "FREQ=YEARLY;BYYEARDAY=-1,100",
    ],
)
def test_rules_of_the_rfc_are_read(rule: str) -> None:
    assert read_community(series(rrule=rule)).schedule[0].periods[0].rrule == rule


def test_a_period_without_a_date_is_a_problem() -> None:
    (problem,) = problems(series(rrule="FREQ=MONTHLY;BYDAY=1MO", last="2025-11-02"))
    assert problem == (
        "4: schedule.rrule: 'FREQ=MONTHLY;BYDAY=1MO' gives no date from 2025-10-07 to 2025-11-02"
    )


EARLIER = "[{{rrule: FREQ=WEEKLY, first: {}, last: {}}}]"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-01-02", "2025-10-06", None),
        (
            "2024-01-02",
            "2025-10-07",
            ".earlier[0].last: '2025-10-07' must be before 2025-10-07, when the next rule begins",
        ),
        (
            "2026-01-06",
            "2026-02-03",
            ".first: '2025-10-07' must be before 2026-01-06, when the next rule begins",
        ),
    ],
)
def test_periods_do_not_overlap(first: str, last: str, expected: str | None) -> None:
    text = series(earlier=EARLIER.format(first, last))
    if expected is None:
        assert len(read_community(text).schedule[0].periods) == 2
    else:
        (problem,) = problems(text)
        assert problem.split("schedule", 1)[1] == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "canceled",
            "{2026-07-08: x}",
            "canceled: '2026-07-08' is not a day of this series; "
            "the nearest are 2026-07-07 and 2026-07-21",
        ),
        (
            "canceled",
            "{2020-01-01: x}",
            "canceled: '2020-01-01' is not a day of this series; the nearest is 2025-10-07",
        ),
        ("canceled", "{July: x}", "canceled: 'July' is not a valid date; write it as YYYY-MM-DD"),
        (
            "canceled",
            "{2026-07-07: x, 2026-07-07: y}",
            "canceled.2026-07-07: duplicate key; keep one of them",
        ),
        ("canceled", "{2026-07-07: [x]}", "canceled.2026-07-07: must be a single value,"),
        ("moved", "[{to: 2026-07-08}]", "moved[0].from: is required"),
        ("moved", "[{from: 2026-07-07}]", "moved[0].to: is required"),
        (
            "moved",
            "[{from: 2026-07-08, to: 2026-07-09}]",
            "moved[0].from: '2026-07-08' is not a day of this series; "
            "the nearest are 2026-07-07 and 2026-07-21",
        ),
        (
            "moved",
            "[{from: 2026-07-07, to: 2026-07-21}]",
            "moved[0].to: '2026-07-21' already has a meeting of this series",
        ),
        (
            "moved",
            "[{from: 2026-07-07, to: 2026-07-07 11:00}]",
            "moved[0].to: '2026-07-07 11:00' is already its scheduled time",
        ),
        (
            "moved",
            "[{from: 2026-07-07, to: 2026-07-08}, {from: 2026-07-21, to: 2026-07-08}]",
            "moved[1].to: '2026-07-08' already has a meeting of this series",
        ),
        (
            "moved",
            "[{from: 2026-07-07, to: 2026-07-08}, {from: 2026-07-07, to: 2026-07-09}]",
            "moved[1].from: '2026-07-07' is moved twice; keep one of them",
        ),
        ("moved", "[{from: 2026-07-07, to: 2026-07-08 25:00}]", "moved[0].to: '25:00' is not a"),
        (
            "extra",
            "[2026-07-07]",
            "extra[0]: '2026-07-07' already has a meeting of this series",
        ),
        (
            "extra",
            "[2026-07-08, 2026-07-08 17:00]",
            "extra[1]: '2026-07-08' already has a meeting of this series",
        ),
        ("extra", "[{time: '11:00'}]", "extra[0].date: is required"),
        ("extra", "[[2026-07-08]]", "extra[0]: must be a single value, not a list"),
        (
            "last",
            "2026-07-08\n  canceled: {2026-07-21: x}",
            "canceled: '2026-07-21' is not a day of this series; the nearest is 2026-07-07",
        ),
    ],
)
def test_changes_that_do_not_fit_the_rule(key: str, value: str, expected: str) -> None:
    (problem,) = problems(series(**{key: value}))
    assert problem.split(": schedule.", 1)[1].startswith(expected)


def test_a_canceled_meeting_cannot_be_moved_nor_replaced_on_its_day() -> None:
    text = series(
        canceled="{2026-07-07: x}",
        moved="[{from: 2026-07-07, to: 2026-07-08}, {from: 2026-08-04, to: 2026-07-07}]",
        extra="[2026-07-07]",
    )
    assert [problem.split(": ", 1)[1] for problem in problems(text)] == [
        "schedule.moved[0].from: '2026-07-07' is canceled as well; keep one of them",
        "schedule.moved[1].to: '2026-07-07' already has a meeting of this series",
        "schedule.extra[0]: '2026-07-07' already has a meeting of this series",
    ]


def test_a_day_that_a_meeting_was_moved_away_from_is_free() -> None:
    text = series(
        moved="[{from: 2026-07-07, to: 2026-07-08}, {from: 2026-07-21, to: 2026-07-07}]",
        extra="[2026-07-21]",
    )
    (read,) = read_community(text).schedule
    assert [move.start.day for move in read.moved] == [8, 7]
    assert [extra.start.day for extra in read.extra] == [21]


def test_a_meeting_can_be_moved_within_its_day() -> None:
    (read,) = read_community(series(moved="[{from: 2026-07-07, to: 2026-07-07 12:30}]")).schedule
    assert read.moved[0].start == datetime.datetime(2026, 7, 7, 12, 30)


def test_all_problems_are_said_at_once_in_the_order_of_lines() -> None:
    text = """\
names: Café
site: cafe.example.org
schedule:
  - id: cafe
    rrule: FREQ=MONTHLY;BYDAY=1TU
    time: 11
    timezone: America/Los_Angles
    first: 2025-10-07
  - id: cafe
    rrule: FREQ=MONTHLY;BYDAY=1TU
    time: 11:00
    timezone: UTC
    first: 2025-10-07
    canceled: {2025-10-08: x, 2025-10-09: y}
"""
    assert problems(text) == [
        "1: names: unknown key; did you mean 'name'?",
        "1: name: is required",
        "2: site: 'cafe.example.org' is not a valid URL; it should begin with https://",
        "6: schedule[0].time: '11' is not a valid time; write it as HH:MM, such as 17:30",
        "7: schedule[0].timezone: 'America/Los_Angles' is not an IANA time zone; "
        "did you mean 'America/Los_Angeles'?",
        "9: schedule[1].id: 'cafe' is already the id of another series",
        "9: schedule[1].notes: '.' is already the notes folder of another series; "
        "give each series its own folder",
        "14: schedule[1].canceled: '2025-10-08' is not a day of this series; "
        "the nearest are 2025-10-07 and 2025-11-04",
        "14: schedule[1].canceled: '2025-10-09' is not a day of this series; "
        "the nearest are 2025-10-07 and 2025-11-04",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"notes": "../x"},
        {"last": "never", "earlier": EARLIER.format("2026-01-06", "2026-02-03")},
        {"earlier": "[x]", "canceled": "{2025-01-07: x}"},
        {"earlier": "x", "canceled": "{2025-01-07: x}"},
        {"rrule": "x", "canceled": "{2025-01-07: x}"},
    ],
)
def test_what_cannot_be_read_has_no_further_problems(changes: dict[str, str]) -> None:
    more = "- {id: b, rrule: FREQ=WEEKLY, time: 11:00, timezone: UTC, first: 2025-10-07}\n"
    text = series(**changes).replace("  id", "- id")
    assert len(problems(text)) == 1
    if "notes" in changes:
        assert len(problems(text + more)) == 1


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "our.yaml"
    path.write_text(FULL, encoding="utf-8-sig", newline="\r\n")
    assert load_community(path) == read_community(FULL)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "our.yaml: there is no such file"),
        (b"name: a\norganizers: Caf\xe9\n", "our.yaml:2: is not UTF-8; save it as UTF-8"),
        (b"name: [", "our.yaml:1: is not YAML: expected the node content, but found"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, expected: str) -> None:
    path = tmp_path / "our.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommunityError) as caught:
        load_community(path)
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommunityError, match=r"cannot be read"):
        load_community(tmp_path)


def test_what_is_read_can_be_pickled_and_the_error_too() -> None:
    read = read_community(FULL)
    assert pickle.loads(pickle.dumps(read)) == read
    error = CommunityError(("a", "b"))
    assert pickle.loads(pickle.dumps(error)).problems == ("a", "b")


def refuses_cleanly(text: str) -> None:
    """Check that a text is read, or refused with lines that can be printed."""
    try:
        read_community(text)
    except CommunityError as error:
        lines = error.problems
    else:
        return
    assert lines
    for line in lines:
        assert line.startswith("community.yaml:")
        assert line.splitlines() == [line]
        line.encode("utf-8")


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    refuses_cleanly(text)


# fmt: off
WORDS = st.sampled_from([
    "name", "site", "domain", "links", "pad", "repository", "host", "owner", "privacy",
    "hide_people", "schedule", "id", "title", "notes", "rrule", "time", "timezone", "duration",
    "first", "last", "updated", "earlier", "canceled", "moved", "from", "to", "reason",
    "extra", "date", "UTC", "Europe/Berlin", "2025-10-07", "2025-10-14", "2025-02-30", "11:00",
    "60", "-1", "https://a.org", ".", "../a", "FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=1TU",
    "FREQ=YEARLY;BYDAY=53TU",
])
# fmt: on
VALUES = st.recursive(
    st.one_of(WORDS, st.text(max_size=8), st.none(), st.integers(), st.booleans(), st.dates()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(WORDS, st.text()), inner)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_no_structure_raises_anything_else(value: object) -> None:
    refuses_cleanly(yaml.safe_dump(value, allow_unicode=True))


PLAUSIBLE = st.fixed_dictionaries(
    {
        "name": VALUES,
        "schedule": st.fixed_dictionaries(
            {
                "id": st.just("cafe"),
                "rrule": st.just("FREQ=MONTHLY;BYDAY=1TU,3TU"),
                "time": st.just("11:00"),
                "timezone": st.just("UTC"),
                "first": st.just("2025-10-07"),
            },
            optional=dict.fromkeys(
                ("last", "updated", "earlier", "canceled", "moved", "extra", "title"), VALUES
            ),
        ),
    },
    optional=dict.fromkeys(("site", "domain", "links", "repository", "privacy"), VALUES),
)


@given(PLAUSIBLE)
def test_no_change_of_a_good_file_raises_anything_else(value: object) -> None:
    refuses_cleanly(yaml.safe_dump(value, allow_unicode=True))


# --- the reference page ---------------------------------------------------------------------

PAGE = (Path(__file__).parent.parent / "docs" / "community-settings.md").read_text(
    encoding="utf-8"
)


def after(marker: str) -> str:
    """Return what follows a comment on the page, up to the next heading."""
    return PAGE.partition(f"<!-- {marker} -->")[2].partition("\n#")[0]


def fence(marker: str) -> str:
    """Return the text of the fence after a comment on the page."""
    found = re.search(r"^```\w+\n(.*?)^```$", after(marker), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_page_s_example_can_be_read_and_has_every_kind_of_change() -> None:
    read = read_community(fence("example"))
    cafe, team = read.schedule
    assert [len(part) for part in (cafe.periods, cafe.canceled, cafe.moved, cafe.extra)] == [
        2,
        2,
        1,
        1,
    ]
    assert (team.title, team.notes) == ("Team meeting", "team-meetings")
    assert read.repository == Repository("example", "compass")


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        ("[a]", "people: must be a mapping, not a list"),
        ("{Ada: ada-l}", "people.Ada: must be a list, not 'ada-l'"),
        ("{Ada / ada: []}", "must be one name or one handle"),
        ("{Ada: [a / b]}", "people.Ada[0]: 'a / b' must be one name or one handle"),
        ("{Ada: ['@a_b']}", "'@a_b' is not a valid handle"),
        ("{Ada: [x], Bob: ['@X']}", "people.Bob[0]: '@X' is one of 'Ada' already"),
        ("{Ada: [], ada: []}", "'ada' is one of 'Ada' already"),
        ("{Ada: [https://example.org]}", "must be a handle or a name, not a URL"),
    ],
)
def test_people_are_checked(people: str, problem: str) -> None:
    with pytest.raises(CommunityError, match=re.escape(problem)):
        read_community(f"name: A\npeople: {people}\n")


def test_people_have_other_names_and_handles() -> None:
    text = "name: A\npeople:\n  Ada Lovelace: [Ada, https://github.com/ada-l]\n  Bob:\n"
    assert read_community(text).people == {"Ada Lovelace": ("Ada", "@ada-l"), "Bob": ()}


def test_the_page_has_every_key() -> None:
    tables = {
        "## The community": KEYS["community"],
        "### Repository": KEYS["repository"],
        "### Privacy": KEYS["privacy"],
        "### Vocabulary": KEYS["vocabulary"],
        "## A series of meetings": KEYS["series"],
    }
    for heading, keys in tables.items():
        section = PAGE.partition(f"\n{heading}\n")[2].partition("\n#")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(keys)
    for key in (*KEYS["period"], *KEYS["moved"], *KEYS["extra"], *RULE_PARTS, *HOSTS):
        assert f"`{key}`" in PAGE, key


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06 2026-01-13"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-01-13 2026-01-27"),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", "2026-01-06 2026-01-20"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30 2026-02-27"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "2026-01-15 2026-04-15"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "2026-02-02 2026-03-02"),
        ("FREQ=YEARLY;BYMONTH=3,9;BYDAY=2WE", "2026-03-11 2026-09-09"),
    ],
)
def test_the_page_s_rules_give_the_days_it_says(rule: str, expected: str) -> None:
    assert f"| `{rule}` |" in after("rules")
    # The first of January 2026 is a Thursday.
    (read,) = read_community(series(rrule=rule, first="2026-01-02")).schedule
    days = read.days(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    assert " ".join(str(day) for day, _ in days[:2]) == expected


def test_the_page_shows_problems_as_they_are() -> None:
    text = """\
name: Café
site: cafe.example.org
schedule:
  - id: a
    rrule: FREQ=MONTHLY;BYDAY=1TU,3TU
    timezone: America/Los_Angles
    time: 11:00
    canceled: {2026-07-08: x}
    first: 2025-10-07
"""
    shown = fence("problems").splitlines()
    assert [f"community.yaml:{line}" for line in problems(text)] == shown
