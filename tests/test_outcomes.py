"""Decisions and actions."""

from __future__ import annotations

import pytest

from cafe_site.notes.model import Outcome
from cafe_site.notes.reader import read


def outcomes(text: str) -> list[tuple[str, str, bool, str | None]]:
    """Return the outcomes of a text as kind, text, done and owner."""
    (meeting,) = read(f"## 2025-12-16\n\n{text}", 2025).meetings
    return [(o.kind, o.text, o.done, o.owner) for o in meeting.outcomes]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Decision: Build it", "Build it"),
        ("- **Decision:** Build it", "Build it"),
        ("- **Decision**: Build it", "Build it"),
        ("- **Decision** Build it", "Build it"),
        ("- [Decision] Build it", "Build it"),
        ("- DECIDED – Build it", "Build it"),
        ("- Resolution - Build it", "Build it"),
        ("- Agreed: Build it", "Build it"),
        ("- Agreed to build it", "Agreed to build it"),
        ("We talked.\nDecided that it is built", "Decided that it is built"),
    ],
)
def test_a_decision(line: str, text: str) -> None:
    assert outcomes(line) == [("decision", text, False, None)]


@pytest.mark.parametrize(
    ("line", "text", "done", "owner"),
    [
        ("- Action: build it", "build it", False, None),
        ("- **Action item:** build it", "build it", False, None),
        ("- ACTION ITEM: open a thread, @ada", "open a thread, @ada", False, "ada"),
        ("- **Action (Ada):** build it", "build it", False, "Ada"),
        ("- Action (@ada): build it", "build it", False, "ada"),
        ("- [Action] **Ada** builds it", "Ada builds it", False, "Ada"),
        ("- **Action:** @ada-l builds it", "@ada-l builds it", False, "ada-l"),
        ("- Action @ada builds it", "@ada builds it", False, "ada"),
        ("- TODO build it", "build it", False, None),
        ("- TODO: build it", "build it", False, None),
        ("- To-do: build it", "build it", False, None),
        ("- [ ] Action: build it", "build it", False, None),
        ("- [x] **Action:** build it", "build it", True, None),
        ("- ~~Action: build it~~", "build it", True, None),
    ],
)
def test_an_action(line: str, text: str, done: bool, owner: str | None) -> None:
    assert outcomes(line) == [("action", text, done, owner)]


@pytest.mark.parametrize(
    "line",
    [
        "- Actions speak louder than words",
        "- Action plan for the year",
        "- Decision making is hard",
        "- Agreed",
        "- Resolution of the screen",
        "- todo lists are nice",
        "- Call to action: help",
        "- **Sarah:** her action items",
        "- no decision: yet",
        "### Decision: build it",
        "### Actions\n\n- build it",
        "`Action: build it`",
        "```\nAction: build it\n```",
    ],
)
def test_other_lines_are_neither(line: str) -> None:
    assert outcomes(line) == []


def test_a_word_alone_stands_for_the_list_below_it() -> None:
    text = (
        "- Looms\n  - Action:\n    - oil it\n      - well\n    - [x] paint it\n"
        "  - nothing\n- more\n"
    )
    assert outcomes(text) == [
        ("action", "oil it", False, None),
        ("action", "paint it", True, None),
    ]


def test_an_outcome_goes_on_until_the_next_one() -> None:
    text = "Decision: Build\nit.\nAction: @ada builds\nit\n"
    assert outcomes(text) == [
        ("decision", "Build it.", False, None),
        ("action", "@ada builds it", False, "ada"),
    ]


def test_an_outcome_knows_its_agenda_item() -> None:
    text = "## 2025-12-16\n\n### Agenda\n\n- **Ada:** Looms\n  - **Decision:** Build it\n"
    (meeting,) = read(text, 2025).meetings
    anchor = "2025-12-16-agenda-looms"
    assert meeting.outcomes == (Outcome("decision", "Build it", anchor),)


def test_open_actions_come_first_then_decisions_then_what_is_done(site) -> None:
    site.write(
        "notes/2025.md",
        "## 2025-12-16\n\n- Decision: Build it\n- [x] Action: Paint it\n\n"
        "## 2025-12-02\n\n- Action: Oil it, @ada\n",
    )
    site.write("index.md", "# Home\n\n```{cafe:outcomes}\n```\n\n```{toctree}\nnotes/index\n```\n")
    page = site.build().article("index.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2")] == [
        "Open actions",
        "Decisions",
        "Done",
    ]
    assert [item.get_text().strip() for item in page.select(".cafe-index li")] == [
        "2025-12-02 Oil it, @ada ada",
        "2025-12-16 Build it",
        "2025-12-16 Paint it",
    ]
    assert page.select_one(".cafe-index a")["href"] == "notes/2025.html#2025-12-02"
