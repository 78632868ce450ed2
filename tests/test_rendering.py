"""What is shown of a meeting's tokens, on its page as in a feed."""

from __future__ import annotations

import pytest

from cafe_site.notes.reader import read
from cafe_site.notes.rendering import Rendering
from cafe_site.translation import using

EVERYTHING = """\
- **Date:** December 16

### Check-in

- Ada / @ada-l

### Agenda

- [x] **Ada (5m):** [a](b.md) ![c](https://e.org/c.png)[^1]
- > # A heading

[^1]: A note
"""


def types(text: str) -> list[str]:
    """Return the types of the block tokens that are shown of a meeting."""
    (entry,) = read(f"## 2025-12-16\n\n{text}", 2025).entries
    return [token.type for token in Rendering(entry.meeting.id).tokens(entry.body)]


def test_the_tokens_of_the_reader_stay_as_they_are() -> None:
    (entry,) = read(f"## 2025-12-16\n\n{EVERYTHING}", 2025).entries
    before = repr(entry.body)
    shown = Rendering("x", frozenset(), "https://e.org/{handle}").tokens(entry.body, entry.people)
    assert repr(entry.body) == before
    found = {token.type for token in shown}
    found |= {child.type for token in shown for child in token.children or ()}
    assert {"dl_open", "people_open", "footnote_open", "speaker_open", "task_box"} <= found
    assert "image" not in found


def test_the_name_of_an_image_in_a_link_is_translated() -> None:
    text = "[![Ein Diagramm](https://e.org/c.png)](https://e.org)"
    (entry,) = read(f"## 2025-12-16\n\n{text}", 2025).entries
    with using("de"):
        shown = Rendering(entry.meeting.id).tokens(entry.body)
    words = "".join(child.content for token in shown for child in token.children or ())
    assert words == "Ein Diagramm (Bild)"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("***\n\na\n", 1),
        ("a\n\n***\n\nb\n", 1),
        ("a\n\n***\n\n***\n\nb\n", 1),
        ("### A\n\n***\n\nb\n", 0),
        ("a\n\n***\n\n### B\n", 0),
        ("a\n\n***\n", 0),
        ("a\n\n***\n\n[^1]: b\n", 0),
        ("- ***\n", 0),
        ("> ***\n", 0),
    ],
)
def test_a_rule_stands_between_two_blocks_of_a_section(text: str, count: int) -> None:
    assert types(text).count("hr") == count


@pytest.mark.parametrize("text", [">\n", "> >\n", "> ***\n"])
def test_a_quotation_of_nothing_is_not_shown(text: str) -> None:
    assert types(text) == []
