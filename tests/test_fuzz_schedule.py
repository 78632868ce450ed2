"""Random rules and random changes of community.yaml: dates, or lines that say what is wrong.

``CAFE_FUZZ`` is how many times as many as usual are tried.
"""

from __future__ import annotations

import datetime
import os
import random
import re
import time
from typing import TYPE_CHECKING

from cafe_site import cli
from cafe_site.community import FIRST_DAY, LAST_DAY, CommunityError, load_community, read_community
from cafe_site.community.schedule import missing, occurrences, upcoming
from cafe_site.formats.ical import calendar
from cafe_site.formats.occurrence_views import occurrences_to_show

from .samples import FULL

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TIMES = int(os.environ.get("CAFE_FUZZ", "1"))
NOW = (
    datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC),
    datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC),
    datetime.datetime(2199, 12, 31, 23, 59, tzinfo=datetime.UTC),
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def numbers(draw: random.Random, last: int) -> str:
    """Return one to three numbers, mostly at the limits."""
    return ",".join(
        str(draw.choice((1, last, draw.randint(1, last))) * draw.choice((1, 1, -1)))
        for _ in range(draw.choice((1, 1, 2, 3)))
    )


def some_rule(draw: random.Random) -> str:
    """Return a rule in the form of RFC 5545, with numbers that may be too large or impossible."""
    parts = [f"FREQ={draw.choice(('DAILY', 'WEEKLY', 'MONTHLY', 'MONTHLY', 'YEARLY', 'YEARLY'))}"]
    number = (
        "",
        "",
        "1",
        "2",
        "5",
        "-1",
        "-5",
        "6",
        "13",
        "-6",
        "53",
        "-53",
        "54",
        "99",
        "0",
        "+1",
    )
    choices = {
        "INTERVAL": draw.choice(("1", "2", "7", "12", "99", "1000", "1001")),
        "BYMONTH": numbers(draw, 12).replace("-", ""),
        "BYWEEKNO": numbers(draw, 53),
        "BYYEARDAY": numbers(draw, 366),
        "BYMONTHDAY": numbers(draw, 31),
        "BYDAY": ",".join(
            draw.choice(number) + draw.choice(DAYS) for _ in range(draw.choice((1, 2)))
        ),
        "BYSETPOS": numbers(draw, draw.choice((2, 31, 366))),
        "WKST": draw.choice(DAYS),
    }
    chances = {"BYDAY": 0.6, "BYWEEKNO": 0.1, "BYYEARDAY": 0.1}
    parts += [
        f"{key}={value}"
        for key, value in choices.items()
        if draw.random() < chances.get(key, 0.25)
    ]
    return ";".join(parts)


def test_a_rule_gives_dates_or_one_line() -> None:
    draw = random.Random(20261201)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(120 * TIMES):
        rule = some_rule(draw)
        first = draw.choice(("1970-01-01", "2024-02-29", "2026-06-01", "2199-12-31"))
        started = time.process_time()
        text = (
            f"name: Tea\nschedule:\n  id: tea\n  rrule: {rule}\n  time: 11:00\n"
            f"  timezone: Europe/Berlin\n  first: {first}\n"
        )
        try:
            community = read_community(text)
        except CommunityError as error:
            (line,) = error.problems
            assert line.startswith("community.yaml:4: schedule.rrule: "), rule
            outcomes["refused"] += 1
        else:
            (series,) = community.schedule
            year = occurrences(series, datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
            assert all(one.date.year == 2026 for one in year)
            assert series.days(FIRST_DAY, LAST_DAY), rule
            for now in NOW:
                upcoming(community.schedule, now, 3)
                occurrences_to_show(community.schedule, now)
            missing(series, (), datetime.date(2026, 6, 1))
            assert calendar(community)
            outcomes["read"] += 1
        assert time.process_time() - started < 10, (rule, first)
    assert min(outcomes.values()) > 20


VALUES = (
    "", "~", "[]", "{}", "[1, 2]", "{a: b}", "-1", "0", "99999999", "1e9", ".inf", "0x10",
    "true", "2026-01-01", "1970-01-01", "2199-12-31", "9999-12-31", "0000-00-00", "2026-02-30",
    "٢٠٢٦-٠١-٠١", "2026-01-01 24:00", "2026-01-01T00:00", "00:00", "23:59", "24:00", "7",
    "UTC", "localtime", "../UTC", "/etc/passwd", "Pacific/Apia", "America/Nuuk",
    "Antarctica/Troll", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=13FR", "FREQ=YEARLY;BYWEEKNO=53",
    "meetings", "cafe", "team", ".", "a/../b", "https://a:b@c.org", "https://[::1",
    "https://a.org:x", "https://ä.org", "http://", "*a", "&a b", "!!python/name:os.system",
    "!a b", "'\\ud800'", '"\\ud800"', '"\\0"', "\u202e", "'", '"', "{", "]", "|", ">-", "@",
    "`", "%", "- -", "? a", "a: b: c", "\t", "x" * 5000, "[" * 200, "🧊", "\u0301",
)  # fmt: skip


def some_change(draw: random.Random, text: str) -> str:
    """Return a text with one change that somebody, or something, could make."""
    lines = text.splitlines(keepends=True)
    at = draw.randrange(len(lines))
    value = draw.choice(VALUES)
    match draw.randrange(9):
        case 0:
            del lines[at]
        case 1:
            lines.insert(draw.randrange(len(lines) + 1), lines[at])
        case 2:
            lines[at] = re.sub(r": .*", lambda _: f": {value}", lines[at], count=1)
        case 3:
            lines[at] = re.sub(r"(: )[^,{}\n]+([,}])", lambda m: m[1] + value + m[2], lines[at])
        case 4:
            lines[at] = draw.choice((" ", "  ", "    ", "\t", "- ")) + lines[at]
        case 5:
            lines[at] = lines[at].lstrip(" ")
        case 6:
            place = draw.randrange(len(lines[at]))
            lines[at] = lines[at][:place] + value + lines[at][place:]
        case 7:
            lines[at] = re.sub(r"[0-9]", lambda _: str(draw.randrange(10)), lines[at])
        case _:
            lines[at] = lines[at][: draw.randrange(len(lines[at]))]
    return "".join(lines) or "\n"


COMMANDS = (
    ("next",),
    ("next", "--json", "--today", "2199-12-31"),
    ("next", "--on", "2026-08-10"),
    ("calendar",),
    ("missing", "--today", "2026-09-01", "--notes", "."),
    ("pad", "--today", "2026-06-01"),
    ("issue", "--today", "1970-01-01"),
    ("remind", "--thanks", "--today", "2199-12-31"),
)


def test_a_changed_file_gives_an_answer_or_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "community.yaml"
    draw = random.Random(20261201)
    outcomes = {"read": 0, "refused": 0}
    for number in range(120 * TIMES):
        text = FULL
        for _ in range(draw.choice((1, 1, 1, 2, 4))):
            text = some_change(draw, text)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        command = COMMANDS[number % len(COMMANDS)]
        lines: tuple[str, ...] = ()
        try:
            community = load_community(path)
        except CommunityError as error:
            lines = error.problems
            assert lines
            for line in lines:
                assert re.match(r"community\.yaml:[0-9]+: .", line), text
                assert line.isprintable(), text
        outcomes["refused" if lines else "read"] += 1
        if not lines and community.schedule:
            assert calendar(community)
            for now in NOW:
                occurrences_to_show(community.schedule, now)
        capfd.readouterr()
        code = cli.main(command)
        out, err = capfd.readouterr()
        assert code in (0, 1), text
        if lines:
            assert (code, out, err) == (1, "", "".join(f"{line}\n" for line in lines))
        else:
            assert err.count("\n") <= len(community.schedule) + 1
    assert min(outcomes.values()) > 20
