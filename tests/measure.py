"""How well the reader understands real notes, measured against labels.

The labels in ``labels/`` were made by hand, by reading the notes, for files of `CAFE_ARCHIVES` and
(with ``corpus:`` before the path) of `CAFE_CORPUS`. A meeting has these keys:

- ``date``, and ``line``, that of its heading; ``series``; ``canceled``
- ``people``: a line for each person who was there, with the handle that the text gives them
- ``roles``: people named only with their role, who count neither way; ``absent``
- ``agenda``: items led by somebody or with planned minutes, by their line
- ``topics``: the lines that say what the meeting was about
- ``outcomes``: decisions and actions by their line
- ``references``: issues and pull requests
- ``unsure``: lines that count neither way

Run ``python tests/measure.py --help`` from the project's folder to see each difference.
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from cafe_site.notes.reader import read_file
from cafe_site.notes.series import settle
from cafe_site.notes.sources import source_of
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cafe_site.notes.model import Meeting

LABELS = Path(__file__).parent / "labels"
FIELDS = (
    "dates", "people", "handles", "speakers", "minutes", "outcomes", "owners", "references",
    "topics", "useful lines",
)  # fmt: skip
# How many topics a list shows of a meeting.
SHOWN = 3


@dataclass
class Counts:
    """How many facts were found, how many of them wrongly, and how many were missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 if there is nothing to find."""
        found = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / found if found else 1.0

    def __str__(self) -> str:
        if not self.right + self.wrong + self.missed:
            return "–"
        precision = self.right / (self.right + self.wrong or 1)
        recall = self.right / (self.right + self.missed or 1)
        return f"{100 * self.f1:.0f} ({100 * precision:.0f}/{100 * recall:.0f})"


Figures = dict[str, Counts]


def communities() -> list[str]:
    """Return the names of the labeled communities."""
    return sorted(path.stem for path in LABELS.glob("*.yaml"))


def path_of(name: str) -> Path:
    """Return the path of a labeled file.

    :raises KeyError: if the environment variable with its folder is not set
    """
    if name.startswith("corpus:"):
        return Path(os.environ["CAFE_CORPUS"], name.removeprefix("corpus:"))
    return Path(os.environ["CAFE_ARCHIVES"], name)


@functools.cache
def measure(community: str) -> Figures:
    """Return the figures of a community."""
    figures = {name: Counts() for name in FIELDS}
    labels = yaml.safe_load((LABELS / f"{community}.yaml").read_text(encoding="utf-8"))
    for name, read in _read(labels):
        for label in labels[name]:
            meeting = _take(read, label)
            _compare_dates(figures, name, label, meeting)
            if not label.get("dates_only"):
                _compare(figures, name, label, meeting)
        for meeting in read:
            _wrong(figures["dates"], name, meeting.line, meeting.date.iso)
    return figures


def _read(labels: dict[str, Any]) -> Iterator[tuple[str, list[Meeting]]]:
    """Yield the meetings of each file, with what only all meetings of their series show."""
    series: dict[str, list[tuple[str, Meeting]]] = defaultdict(list)
    for name in labels:
        text = path_of(name).read_text(encoding="utf-8")
        # The folder of a community is its folder of notes.
        path = name.removeprefix("corpus:").partition("/")[2].removesuffix(".md")
        notes = read_file(text, source_of(path))
        series[notes.series].extend((name, meeting) for meeting in notes.meetings)
    read: dict[str, list[Meeting]] = {name: [] for name in labels}
    for named in series.values():
        settled = settle([meeting for _, meeting in named])
        for (name, _), meeting in zip(named, settled, strict=True):
            read[name].append(meeting)
    yield from read.items()


def _take(read: list[Meeting], label: dict[str, Any]) -> Meeting | None:
    """Take the meeting of a label out of those that were read."""
    same = [meeting for meeting in read if meeting.date.iso == str(label["date"])]
    if not same:
        return None
    found = min(same, key=lambda meeting: abs(meeting.line - label["line"]))
    read.remove(found)
    return found


def _compare_dates(
    figures: Figures, name: str, label: dict[str, Any], meeting: Meeting | None
) -> None:
    if meeting is None:
        _missed(figures["dates"], name, label["line"], str(label["date"]))
    else:
        figures["dates"].right += 1


def _compare(figures: Figures, name: str, label: dict[str, Any], meeting: Meeting | None) -> None:
    unsure = set(label.get("unsure", ()))
    _compare_people(figures, name, label, meeting)
    topics = [t for t in (meeting.topics if meeting else ()) if t.line not in unsure]
    agenda = [item for item in label.get("agenda", ()) if item["line"] not in unsure]
    speakers = {item["line"]: _names(item["speaker"]) for item in agenda if "speaker" in item}
    minutes = {item["line"]: int(item["minutes"]) for item in agenda if "minutes" in item}
    found = {topic.line: _names(topic.speaker) for topic in topics if topic.speaker}
    _compare_lines(figures["speakers"], name, speakers, found)
    found_minutes = {t.line: number for t in topics if (number := _number(t.minutes)) is not None}
    _compare_lines(figures["minutes"], name, minutes, found_minutes)
    _compare_outcomes(figures, name, label, meeting, unsure)
    wanted = {str(one).lower() for one in label.get("references", ())}
    references = {
        reference.name.lower()
        for reference in (meeting.references if meeting else ())
        if "/" in reference.repository and reference.number.isdecimal()
    }
    _compare_sets(figures["references"], name, label["line"], wanted, references)
    wanted_lines = set(label.get("topics", ()))
    own = [topic for topic in (meeting.topics if meeting else ()) if not topic.standing]
    found_lines = {topic.line for topic in own} - unsure
    _compare_sets(figures["topics"], name, 0, wanted_lines, found_lines)
    # The lines of items that somebody leads say what it was about, too.
    good = wanted_lines | unsure | {item["line"] for item in agenda}
    shown = [topic.line for topic in own][:SHOWN]
    if (set(shown) <= good) if shown else not wanted_lines:
        figures["useful lines"].right += 1
    else:
        _missed(figures["useful lines"], name, label["line"], f"shown are the lines {shown}")


def _compare_people(
    figures: Figures, name: str, label: dict[str, Any], meeting: Meeting | None
) -> None:
    roles = [folded(line) for line in _lines(label.get("roles"))]
    left = list(meeting.attendees if meeting else ())
    for line in _lines(label.get("people")):
        words, _, handle = line.rpartition(" @") if " @" in line else (line, "", "")
        handle = handle or (line[1:] if line.startswith("@") else "")
        same = [
            one
            for one in left
            if folded(one.name) == folded(words)
            or (handle and handle.lower() == (one.handle or "").lower() and line.startswith("@"))
        ]
        if not same:
            _missed(figures["people"], name, label["line"], line)
            continue
        left.remove(same[0])
        figures["people"].right += 1
        counts = figures["handles"]
        if (same[0].handle or "").lower() == handle.lower():
            counts.right += bool(handle)
        else:
            counts.missed += bool(handle)
            counts.wrong += bool(same[0].handle)
            counts.differences.append(f"~ {name}: {line}, read {same[0].handle}")
    for one in left:
        if not any(folded(one.name) in role or role in folded(one.name) for role in roles):
            _wrong(figures["people"], name, label["line"], f"{one.name} @{one.handle}")


def _compare_outcomes(
    figures: Figures,
    name: str,
    label: dict[str, Any],
    meeting: Meeting | None,
    unsure: set[int],
) -> None:
    wanted = {
        (item["line"], item["kind"]): _names(item.get("owner"))
        for item in label.get("outcomes", ())
        if item["line"] not in unsure
    }
    found = {
        (one.line, one.kind): _names(one.owner)
        for one in (meeting.outcomes if meeting else ())
        if one.line not in unsure
    }
    _compare_sets(figures["outcomes"], name, 0, set(wanted), set(found))
    both = wanted.keys() & found.keys()
    _compare_lines(
        figures["owners"],
        name,
        {line: wanted[line, kind] for line, kind in both if wanted[line, kind]},
        {line: found[line, kind] for line, kind in both if found[line, kind]},
    )


def _compare_lines(
    counts: Counts, name: str, wanted: dict[int, object], found: dict[int, object]
) -> None:
    for line in sorted(wanted.keys() | found.keys()):
        if wanted.get(line) == found.get(line):
            counts.right += 1
            continue
        counts.missed += line in wanted
        counts.wrong += line in found
        counts.differences.append(
            f"~ {name}:{line}: {wanted.get(line, '–')}, read {found.get(line, '–')}"
        )


def _compare_sets(counts: Counts, name: str, line: int, wanted: set[Any], found: set[Any]) -> None:
    counts.right += len(wanted & found)
    for one in sorted(wanted - found):
        _missed(counts, name, line, str(one))
    for one in sorted(found - wanted):
        _wrong(counts, name, line, str(one))


def _missed(counts: Counts, name: str, line: int, what: str) -> None:
    counts.missed += 1
    counts.differences.append(f"- {name}:{line}: {what}")


def _wrong(counts: Counts, name: str, line: int, what: str) -> None:
    counts.wrong += 1
    counts.differences.append(f"+ {name}:{line}: {what}")


def _lines(text: str | None) -> Iterator[str]:
    yield from filter(None, map(str.strip, (text or "").splitlines()))


def _names(text: str | None) -> frozenset[str]:
    without_remarks = re.sub(r"\([^()]*\)", "", text or "")
    parts = re.split(r"\s*(?:,|&|\+|/|\band\b)\s*", without_remarks)
    return frozenset(filter(None, map(folded, parts)))


def _number(minutes: str | None) -> int | None:
    if both := re.search(r"(\d+)\s*h\w*\s*(\d+)", minutes or ""):
        return 60 * int(both[1]) + int(both[2])
    numbers = [int(number) for number in re.findall(r"\d+", minutes or "")]
    return max(numbers) if numbers else None


def table(measured: dict[str, Figures]) -> list[str]:
    """Return the figures as lines of a table: F1 (precision/recall) in percent."""
    total = {name: Counts() for name in FIELDS}
    for figures in measured.values():
        for name, counts in figures.items():
            total[name].right += counts.right
            total[name].wrong += counts.wrong
            total[name].missed += counts.missed
    rows = list(measured.items())
    width = max(len(community) for community in measured)
    head = f"{'F1 (P/R), %':{width}} " + " ".join(f"{name:>13}" for name in FIELDS)
    return [head, *(_row(*row, width) for row in [*rows, ("all", total)])]


def _row(community: str, figures: Figures, width: int) -> str:
    return f"{community:{width}} " + " ".join(f"{figures[name]!s:>13}" for name in FIELDS)


def main(arguments: Iterable[str]) -> None:
    """Print the table, and the differences of one field."""
    parser = argparse.ArgumentParser(description="Measure the reader against labeled notes.")
    parser.add_argument("--community", choices=communities(), action="append")
    parser.add_argument("--field", choices=FIELDS, help="show its differences")
    options = parser.parse_args(list(arguments))
    if not (os.environ.get("CAFE_ARCHIVES") and os.environ.get("CAFE_CORPUS")):
        parser.error("set CAFE_ARCHIVES and CAFE_CORPUS to the folders of the labeled notes")
    measured = {one: measure(one) for one in options.community or communities()}
    for figures in measured.values():
        print(*figures[options.field].differences if options.field else (), sep="\n", end="")
    print("", *table(measured), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
