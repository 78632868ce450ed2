"""The file with the facts of all meetings."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from .test_indexes import NEW, OLD

SCHEMA = Path(__file__).parents[1] / "docs" / "meetings.schema.json"


def meetings(build) -> list[dict]:
    """Return the meetings of a build's file, which has to be of the documented form."""
    data = json.loads((build.outdir / "meetings.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert data["version"] == 1
    return data["meetings"]


@pytest.fixture
def two_years(site):
    """Return a site with notes of two years and another series."""
    site.write("notes/2025.md", NEW + "- Decision: Build it\n- [x] Action: Oil it, @bob\n")
    site.write("notes/2024.md", OLD)
    site.write("notes/team/2021.md", "## 2021-02-30\n\nCancelled.\n\n## 2021-02\n")
    return site


def test_it_has_the_facts_of_every_meeting_newest_first(two_years) -> None:
    new, old, cancelled, month = meetings(two_years.build(warnings=True))
    assert new == {
        "id": "2025-12-16",
        "series": "",
        "date": "2025-12-16",
        "title": "Planning",
        "page": "notes/2025.html",
        "cancelled": False,
        "people": 3,
        "attendees": [
            {"name": "Ada Lovelace", "handle": "Ada-L"},
            {"name": "Bob", "handle": "bob"},
            {"name": "Cleo", "handle": None},
        ],
        "topics": [
            {
                "title": "Engines",
                "speaker": "Ada",
                "minutes": "5m",
                "anchor": "2025-12-16-agenda-engines",
            },
            {
                "title": "Cards jupyter/hub#9",
                "speaker": "Bob & Cleo",
                "minutes": None,
                "anchor": "2025-12-16-agenda-cards-jupyter-hub-9",
            },
        ],
        "references": [
            {
                "repository": "Jupyter/Hub",
                "number": "12",
                "url": "https://github.com/Jupyter/Hub/pull/12",
                "anchor": "2025-12-16-agenda-engines",
            },
            {
                "repository": "jupyter/hub",
                "number": "9",
                "url": "https://github.com/jupyter/hub/issues/9",
                "anchor": "2025-12-16-agenda-cards-jupyter-hub-9",
            },
        ],
        "outcomes": [
            {
                "kind": "decision",
                "text": "Build it",
                "done": False,
                "owner": None,
                "anchor": "2025-12-16-agenda",
            },
            {
                "kind": "action",
                "text": "Oil it, @bob",
                "done": True,
                "owner": "bob",
                "anchor": "2025-12-16-agenda",
            },
        ],
        "tags": ["cafe", "Roadmap"],
    }
    assert (old["date"], old["tags"]) == ("2024-03-19", ["roadmap"])
    assert (cancelled["date"], cancelled["cancelled"]) == ("2021-02-30", True)
    assert (month["date"], month["series"], month["page"]) == (
        "2021-02",
        "team",
        "notes/team/2021.html",
    )


def test_it_is_whole_after_an_edit_and_a_removal(two_years) -> None:
    two_years.build(warnings=True)
    two_years.write("notes/2025.md", NEW.replace("Planning", "Renamed"))
    (two_years.root / "notes/2024.md").unlink()
    found = meetings(two_years.build())
    assert [meeting["title"] for meeting in found] == ["Renamed", "", ""]


def test_it_names_nobody_who_does_not_want_it(two_years) -> None:
    build = two_years.build(warnings=True, overrides={"cafe_hide_people": ["ada-l"]})
    new = meetings(build)[0]
    assert (new["people"], [person["name"] for person in new["attendees"]]) == (3, ["Bob", "Cleo"])
    assert [topic["speaker"] for topic in new["topics"]] == [None, "Bob & Cleo"]


def test_nor_as_the_owner_of_an_action(two_years) -> None:
    build = two_years.build(warnings=True, overrides={"cafe_hide_people": ["BOB"]})
    assert [outcome["owner"] for outcome in meetings(build)[0]["outcomes"]] == [None, None]
    two_years.write(
        "index.md", "# Home\n\n```{cafe:outcomes}\n```\n\n```{toctree}\nnotes/index\n```\n"
    )
    build = two_years.build(overrides={"cafe_hide_people": ["bob"]}, warnings=True)
    assert build.article("index.html").select(".cafe-index .cafe-tag") == []


def test_it_has_the_addresses_of_the_builder(two_years) -> None:
    assert meetings(two_years.build("dirhtml", warnings=True))[0]["page"] == "notes/2025/"
    assert not (two_years.build("text").outdir / "meetings.json").exists()


def test_it_is_written_again_if_it_is_gone_and_left_alone_if_nothing_changed(two_years) -> None:
    path = two_years.build(warnings=True).outdir / "meetings.json"
    path.write_text("{}", encoding="utf-8")
    two_years.build()
    assert path.read_text(encoding="utf-8") == "{}"
    path.unlink()
    assert len(meetings(two_years.build())) == 4
