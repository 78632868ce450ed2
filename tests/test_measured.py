"""The reader understands most of the notes that real communities have written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.measure import communities, measure, table

if TYPE_CHECKING:
    from collections.abc import Callable

# In the whole, the goals for notes that were never seen; a single community may be below.
GOALS = {
    "dates": 0.97,
    "people": 0.95,
    "speakers": 0.85,
    "minutes": 0.9,
    "outcomes": 0.85,
    "references": 0.97,
    "useful lines": 0.85,
}

needs_notes = pytest.mark.skipif(
    not (os.environ.get("CAFE_ARCHIVES") and os.environ.get("CAFE_CORPUS")),
    reason="CAFE_ARCHIVES and CAFE_CORPUS are not set: no real notes to run against",
)


@needs_notes
def test_labeled_notes_are_understood(record_property: Callable[[str, object], None]) -> None:
    measured = {community: measure(community) for community in communities()}
    lines = table(measured)
    for number, line in enumerate(lines):
        record_property("figure", f"notes {number:2}  {line}")
    right = {
        name: [sum(getattr(f[name], part) for f in measured.values()) for part in PARTS]
        for name in GOALS
    }
    f1 = {name: 2 * r / (2 * r + wrong + missed) for name, (r, wrong, missed) in right.items()}
    assert {name: round(f1[name], 3) for name in GOALS if f1[name] < GOALS[name]} == {}


PARTS = ("right", "wrong", "missed")
