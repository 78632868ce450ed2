"""References of a meeting to GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cafe_site.notes.reader import read
from cafe_site.notes.references import split_address

if TYPE_CHECKING:
    from cafe_site.notes.model import Meeting


def meeting(text: str) -> Meeting:
    """Read a text as the notes of one meeting."""
    return read(f"## 2025-12-16\n\n{text}", 2025).meetings[0]


def names(text: str) -> list[str]:
    """Return the short names of a text's references."""
    return [reference.name for reference in meeting(text).references]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://github.com/a/b/issues/1", "a/b#1"),
        ("<https://github.com/a/b/pull/1/files#diff-3>", "a/b#1"),
        ("[words](https://github.com/a/b.c/discussions/1?sort=new)", "a/b.c#1"),
        ("![words](https://github.com/a/b/pull/1)", "a/b#1"),
        ("[words][1]\n\n[1]: http://www.github.com/a/b/pull/1", "a/b#1"),
        ("https://github.com/orgs/a/discussions/1", "a#1"),
        (
            "https://github.com/a/b/security/advisories/GHSA-7R3H-4ph8-w38g",
            "a/b#GHSA-7r3h-4ph8-w38g",
        ),
        ("see a/b#1, please", "a/b#1"),
        ("(a/b#1)", "a/b#1"),
    ],
)
def test_what_is_a_reference(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/a/b",
        "https://github.com/a/b/issues",
        "https://github.com/a/b/issues/new",
        "https://github.com/a/b/issues/1st",
        "https://github.com/a/b/issues?q=is:open",
        "https://github.com/orgs/a/projects/1",
        "https://github.com.example.org/a/b/issues/1",
        "https://example.org/?u=https://github.com/a/b/issues/1",
        "`https://github.com/a/b/issues/1`",
        "```\nhttps://github.com/a/b/issues/1\n```",
        "#1 and b#1",
        "x/a/b#1 and a/b#x",
        "https://example.org/a/b#1",
        "[a/b#1](https://example.org/)",
    ],
)
def test_what_is_none(text: str) -> None:
    assert names(text) == []


def test_a_reference_has_the_address_of_the_whole_thing() -> None:
    for address in (
        "https://github.com/a/b/issues/1",
        "https://github.com/orgs/a/discussions/1",
        "https://github.com/a/b/security/advisories/GHSA-7r3h-4ph8-w38g",
    ):
        found = split_address(f"{address}#issuecomment-1")
        assert found is not None
        assert (found[0].address, found[1]) == (address, "#issuecomment-1")


def test_a_reference_knows_its_section_or_agenda_item() -> None:
    found = meeting(
        "a/b#1\n\n### Agenda\n\na/b#2\n\n- **Ada:** Looms\n  - a/b#3\n- plain\n  - a/b#4\n\n"
        "a/b#5\n\n### Cards\n\na/b#1 a/b#1 A/B#1\n"
    )
    assert [(r.name, r.anchor) for r in found.references] == [
        ("a/b#1", "2025-12-16"),
        ("a/b#2", "2025-12-16-agenda"),
        ("a/b#3", "2025-12-16-agenda-looms"),
        ("a/b#4", "2025-12-16-agenda"),
        ("a/b#5", "2025-12-16-agenda"),
        ("a/b#1", "2025-12-16-cards"),
    ]


def test_topics_have_the_anchors_of_their_headings_and_items() -> None:
    found = meeting("- **Ada:** First\n\n### Agenda\n\n- **Ada:** Looms\n\n### Cards\n\nText.\n")
    assert [(topic.title, topic.anchor) for topic in found.topics] == [
        ("Looms", "2025-12-16-agenda-looms"),
        ("Cards", "2025-12-16-cards"),
    ]


def test_agenda_items_are_anchors_on_the_page(year_page) -> None:
    page = year_page("## 2025-12-16\n\n### Agenda\n\n- **Ada:** Looms\n- **Ada:** Looms\n")
    items = page.select("#\\32 025-12-16-agenda li")
    assert [item.get("id") for item in items] == [
        "2025-12-16-agenda-looms",
        "2025-12-16-agenda-looms-2",
    ]
