"""Who was at a meeting, in the forms in which communities write it down."""

from __future__ import annotations

import pytest

from cafe_site.notes.announcements import announced
from cafe_site.notes.reader import read
from cafe_site.vocabulary import vocabulary


def people(text: str, language: str = "en") -> list[str]:
    """Return who was at a meeting with these notes, with handles."""
    notes = read(f"## 2025-12-16\n\n{text}\n", 2025, vocabulary=vocabulary(language))
    return [
        f"{person.name} @{person.handle}" if person.handle else person.name
        for person in notes.meetings[0].attendees
    ]


TWO = ["Ada Lovelace", "Bob"]


@pytest.mark.parametrize(
    "heading",
    [
        "### Attendees", "### Attending", "### Atending", "### Present",
        "### Participants (2)", "### In attendance:", "#### Roll call", "## Sign in!",
        "### 👥 People", "### **Attendees**", "### [Attendees](https://example.org/team):",
        "### Board members present", "# Attendance",
        "### Roll call and introductions", "### Attendance and apologies",
        "### Sign in (name / affiliation)", "### Who's here?", "Attendees\n---", "Attendees:",
        "**Attendees**", "**Present:**", "__Attendees (2)__:", "Attending today: ",
        "<b>Attendees</b>", "Please sign in below so that we know who was here:",
        "### Present on Monday", "### Attendees online", "Present were:",
        "### Attendees of the meeting",
        "### Who was there?", "Present or represented (2):", "### Participants from the mills",
    ],
)  # fmt: skip
def test_what_announces_a_list(heading: str) -> None:
    assert people(f"{heading}\n\n- Ada Lovelace\n- Bob\n") == TWO


@pytest.mark.parametrize(
    "heading",
    ["### The design in 2025", "### Presentations", "### Agenda", "### Next steps", "### Absent",
     "### Members absent", "**Regrets:**", "Apologies", "### Welcome", "### How we work",
     "We thank these people:", "### Participants in the next meeting", "### Not present in town",
     "### Presented at the fair"],
)  # fmt: skip
def test_what_does_not(heading: str) -> None:
    assert people(f"{heading}\n\n- Ada Lovelace\n- Bob\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "Present: Ada Lovelace, Bob",
        "**Present:** Ada Lovelace and Bob",
        "**Present**: Ada Lovelace; Bob",
        "**Present** Ada Lovelace, Bob.",
        "Attendees (2): Ada Lovelace (Lab, Town), Bob (chair)",
        "Attendees - Ada Lovelace, Bob",
        "Attending: Ada Lovelace | Bob",
        "Attendees: Ada Lovelace · Bob",
        "Attendees: [Ada Lovelace](mailto:ada@example.org) [Bob](mailto:b@example.org)",
        "Attendees: [Ada Lovelace](mailto:ada@example.org)[Bob](mailto:b@example.org) c@d.org",
        "**Date:** today\n**Present:** Ada Lovelace, Bob\n**Place:** Online, Town",
        "Date: today  \nPresent: Ada Lovelace, Bob  \nRegrets: Carl, Dora",
        "**Present:**\\\nAda Lovelace\\\nBob",
        "**Members present:**  \nAda Lovelace  \n\n**Others present:**  \nBob  \n",
        "Attendees:\nAda Lovelace,\nBob",
        "- Date: today\n- Attendees: Ada Lovelace, Bob\n- Place: Online, Town",
        "- **Attendees:** Ada Lovelace, Bob",
        "- Attendees\n  - Ada Lovelace\n  - Bob\n- Place\n  - Online",
        "- **Attendees:**\n  1. Ada Lovelace\n  2. Bob",
        "1. Opening and roll call\n   - Ada Lovelace\n   - Bob\n2. Mills",
        "### Attendees\n\nAda Lovelace, Bob",
        "### Attendees\n\nAda Lovelace\nBob",
        "### Attendees\n\nPlease add your name.\n\n- Ada Lovelace\n- Bob",
        "> ### Attendees\n>\n> - Ada Lovelace\n> - Bob",
        "### Attendees\n\n#### Room 1\n\n- Ada Lovelace\n\n#### Room 2\n\n- Bob",
        "### Members\n\n- Ada Lovelace\n\n### Guests\n\n- Bob",
        "### Attendees\n\n- Members:\n  - Ada Lovelace\n- Guests:\n  - Bob",
        "### Attendees\n\n- Ada Lovelace\n- Bob\n\n**Apologies:**\n\n- Carl",
        "### Attendees\n\n- Ada Lovelace and Bob",
        "### Attendees\n\n- Ada Lovelace, Bob & Carl (absent)",
        "### Attendees\n\n- Mill: Ada Lovelace, Bob\n- Uni: Carl (regrets)",
        "### Attendees\n\n- Mill\n  - Ada Lovelace\n- Uni:\n  - Bob",
        "### Attendees\n\n- Ada Lovelace; Bob",
        "Attendees\n\nAda Lovelace\n\nBob\n\nAgenda\n\nLooms",
        "Attendees: Ada Lovelace, Bob, others",
        "Present: Ada Lovelace (chair), Bob; Absent: Carl",
        "**Attendees:** Ada Lovelace, Bob **Regrets:** Carl",
        "**Attendees:** Ada Lovelace, Bob | **Regrets:** Carl",
        "### Roll call\n\n- Ada Lovelace: present\n- Carl: absent\n- Bob: present",
        "| Name | Present | Absent |\n|---|---|---|\n| Ada Lovelace | x | |\n| Bob | x | |\n"
        "| Carl | | x |",
        "### Attendees\n\n| Attendee |\n|---|\n| Ada Lovelace |\n| Bob |",
        "### Attendees\n\n| Name | Lab |\n|---|---|\n| Ada Lovelace | Mill |\n| Bob | Town |",
        "### Attendees\n\n| Lab | Name |\n|---|---|\n| Mill | Ada Lovelace |\n| Town | Bob |",
        "| Participants | Lab |\n|---|---|\n| Ada Lovelace | Mill |\n| Bob | Town |",
        "| Name | Present |\n|---|---|\n| Ada Lovelace | x |\n| Bob | ✓ |\n| Carl | |",
        "| Name | Present |\n|---|---|\n| Ada Lovelace | yes |\n| Bob | yes |\n| Carl | no |",
        "| | |\n|---|---|\n| Date | today |\n| Attendees | Ada Lovelace, Bob |",
        "| Attendees | Ada Lovelace, Bob |\n|---|---|\n| Place | Online, Town |",
        "### Attendees\n\nAda Lovelace<br>Bob",
        "### Attendees\n\n    Ada Lovelace, Bob (online)\n\nLooms",
        "### Attendees\n\n```\nAda Lovelace\nBob\n```",
        "### Attendees\n\nBoard\n\n- Ada Lovelace\n\nStaff\n\n- Bob",
        "### Attendees\n\nBoard:\n- Ada Lovelace\n\nStaff:\n- Bob\n\nAgenda:\n- Big Loom",
        "### Attendees\n\n**Board**\n- Ada Lovelace\n\n**Staff**\n- Bob",
        "### Attendees\n\nVoters:\nAda Lovelace\nBob",
        "* **Present**\n\n  Ada Lovelace, Bob\n* **Agenda**\n\n  Big Loom, Mill Hill",
        "Present -> Ada Lovelace, Bob",
        "Attendees: Ada Lovelace, Bob, etc.",
        "### Attendees\n\n| Org | Delegate |\n|---|---|\n| Mill | Ada Lovelace |\n| Loom | Bob |",
        "### Attendees\n\n<ul>\n<li>Ada Lovelace</li>\n<li>Bob</li>\n</ul>",
        "### Attendees\n\n- ✅ Ada Lovelace\n- ✅ Bob\n- ❌ Carl Roe",
        "### Attendees\n\n- Ada Lovelace\n- Bob\n- Carl Roe, represented by Ada",
        "Attending: Ada Lovelace, Bob\nNot attending: Carl",
        "Attendees: Ada Lovelace, Bob (absent: Carl Roe)",
        "Guests:\n\nAda Lovelace, Bob\n\nRegrets: Carl\n\nAgenda:\n\n1) Looms\n2) Mill Review",
        "### Attendees\n\n- Ada Lovelace\n- Bob\n- Release Team\n- Analytical Society",
    ],
)
def test_all_kinds_of_lists(text: str) -> None:
    assert people(text) == TWO


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ada Lovelace, Analytical Society, London", "Ada Lovelace"),
        ("Dr. Ada Lovelace (she/her) – late", "Ada Lovelace"),
        ("Ada King Lovelace 🎉", "Ada King Lovelace"),
        ("Ada\tMill\t@ada", "Ada @ada"),
        ("@ada (Ada Lovelace)", "Ada Lovelace @ada"),
        ("adal (Ada Lovelace)", "Ada Lovelace @adal"),
        ("Ada Lovelace ada-l", "Ada Lovelace @ada-l"),
        ("AL: Ada Lovelace", "Ada Lovelace"),
        ("Ada (@ada)", "Ada @ada"),
        ("Ada ([@ada](https://github.com/ada))", "Ada @ada"),
        ("[Ada](https://github.com/ada-l)", "Ada @ada-l"),
        ("https://github.com/ada-l", "ada-l @ada-l"),
        ("[Ada](https://codeberg.org/ada-l) / Mill", "Ada @ada-l"),
        ("[Ada](https://example.org/ada-l)", "Ada"),
        (r"Ada / \@ada-l / Mill", "Ada @ada-l"),
        ("Ada / `ada-l` / Mill", "Ada @ada-l"),
        ("Ada Lovelace / alovelace", "Ada Lovelace @alovelace"),
        ("Ada / Mill", "Ada"),
        ("Ada / @Ada Lovelace / Mill", "Ada"),
        ("Ada / @a_b", "Ada"),
        ("Ada <ada@example.org>", "Ada"),
        ("Chair: Ada", "Ada"),
        ("Ada Lovelace (after the fact)", "Ada Lovelace"),
        ("Ada Lovelace (host), Mill", "Ada Lovelace"),
        ("Ada er/ihm", "Ada"),
        ("A. B. Lovelace", "A. B. Lovelace"),
        ("Ludwig van der Ada", "Ludwig van der Ada"),
        ("李雷", "李雷"),
        ("Сонья Ковалевская", "Сонья Ковалевская"),
    ],
)
def test_one_line(line: str, expected: str) -> None:
    assert people(f"### Attendees\n\n- {line}\n- Grace Hopper\n") == [expected, "Grace Hopper"]


@pytest.mark.parametrize(
    "line",
    [
        "", "Your name / institution", "add your name", "*Name / GitHub handle*", "n/a", "TBD",
        "Carl (regrets)", "Carl / Mill / @carl (absent, but thanks)", "Carl - apologies",
        "~~Carl~~", "carl@example.org", "- [ ]", "…", "What is your favorite bird?",
        "https://example.org", "Carl said that we should all meet next week",
    ],
)  # fmt: skip
def test_lines_that_are_nobody(line: str) -> None:
    assert people(f"### Attendees\n\n- {line}\n- Ada Lovelace\n- Bob\n") == TWO


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [x] Ada\n- [ ] Bob\n- [x] Carl", ["Ada", "Carl"]),
        ("- [ ] Ada\n- [ ] Bob", ["Ada", "Bob"]),
        ("- Ada / Mill / ada\n- Bob / Town / bobby\n- Carl / 2i2c / xyz",
         ["Ada @ada", "Bob @bobby", "Carl @xyz"]),
        ("Your name / GitHub ID / affiliation\n\n- Ada / xyz1 / Mill\n- Bob / GitHub ID / x",
         ["Ada @xyz1", "Bob"]),
        ("- Affiliation / Name / GitHub\n- Mill / Ada / @ada\n- Town / Bob / xyz",
         ["Ada @ada", "Bob @xyz"]),
        ("| Name | GitHub |\n|---|---|\n| Ada | @ada |\n| Bob | |", ["Ada @ada", "Bob"]),
        ("- Ada / ada / Mill\n- Min / simula / Oslo\n- Carl / Mill", ["Ada @ada", "Min", "Carl"]),
        ("- adal\n- bobby\n- carl7", ["adal", "bobby", "carl7"]),
        ("- Ada Lovelace, Bob Byron, Carl Roe", ["Ada Lovelace", "Bob Byron", "Carl Roe"]),
        ("@ada @bob @carl", ["ada @ada", "bob @bob", "carl @carl"]),
        ("- @ada, @bob and @carl", ["ada @ada", "bob @bob", "carl @carl"]),
        ("- Ada (@ada) & Bob (@bob)", ["Ada @ada", "Bob @bob"]),
        ("- Ada Byron, Mill\n- Bob Roe, Loom Inc.\n- Carl Day, Mill & Loom",
         ["Ada Byron", "Bob Roe", "Carl Day"]),
        ("- Ada Byron (Mill), Bob Roe (Loom)", ["Ada Byron", "Bob Roe"]),
        ("- [@ada](https://github.com/ada) Ada Byron\n- @bob Bob Roe",
         ["Ada Byron @ada", "Bob Roe @bob"]),
        ("- Mill Hill\n  - Ada Byron\n  - Bob Roe\n- Loom Lane\n  - Carl Day",
         ["Ada Byron", "Bob Roe", "Carl Day"]),
        ("- Ada Byron\n  - Mill Hill\n- Bob Roe\n  - Loom Lane", ["Ada Byron", "Bob Roe"]),
        ("ada, bobby, e-carl (online)", ["ada", "bobby", "e-carl"]),
        ("[Ada](https://github.com/ada-l), Carl, **[Bob](https://github.com/bob-b)**",
         ["Ada @ada-l", "Carl", "Bob @bob-b"]),
        ("    ada, bobby, e-carl (online)", ["ada", "bobby", "e-carl"]),
        ("    Ada, Bob\n    Regrets: Carl", ["Ada", "Bob"]),
    ],
)  # fmt: skip
def test_what_the_lines_have_in_common(text: str, expected: list[str]) -> None:
    assert people(f"### Attendees\n\n{text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "### Roll call\n\n- Mills: how do we build them in time for spring?\n- And looms?\n- Ada",
        "### Check-in\n\n- What did you do this week?\n- Please write a line.",
        "Attendees should sign in below.\n\n- Looms are fast, said Ada\n- the mills are slow",
        "### Attendees\n\n12 people came.",
        "### Guests\n\nnone",
        "Attendees: 12",
        "Present: the new looms, which are fast",
        "### Attendees\n\nWe did not write down who came, sorry.\n\n### Looms\n\n- Ada\n- Bob",
        "### Attendees\n\n### Agenda\n\n- Ada Lovelace\n- Bob",
        "1. Sprint check-in\n   - Roadmap\n   - Looms",
        "Chair: Ada Lovelace\n\nNotes by: Bob",
        "- **Host:** Ada Lovelace",
        "Ada Lovelace (US), Bob Byron (UK), Carl Roe (FR)",
        "### Attendees\n\n```\nimport looms\nlooms.run(1)\n```",
        "### Attendees\n\n- Release Team\n- All Hands Mailing List",
    ],
)
def test_what_is_no_list_of_people(text: str) -> None:
    assert people(text) == []


def test_people_with_their_initials_need_no_announcement() -> None:
    text = "Ada King-Byron (AKB), Bob Roe (BR), Carl Day (CD)\n\n### Looms\n\nAKB: fine."
    assert people(text) == ["Ada King-Byron", "Bob Roe", "Carl Day"]


def test_somebody_in_two_lists_is_one() -> None:
    text = (
        "### Check-in\n\n- Ada Lovelace / @ada-l\n- Bob / @bob\n- Matt One\n- Matt Two\n\n"
        "### Room\n\nAttendees: Ada, Bob Byron, Matt, Zoë\n\nParticipants: Zoe\n"
    )
    assert people(text) == [
        "Ada Lovelace @ada-l", "Bob Byron @bob", "Matt One", "Matt Two", "Matt", "Zoë",
    ]  # fmt: skip


def test_a_list_of_members_does_not_say_who_was_there_if_another_does() -> None:
    members = "### Members\n\n- Ada Lovelace\n- Bob Byron\n- Carl Roe\n\n"
    assert people(f"{members}### Attendees\n\n- Ada\n- Bob\n") == ["Ada", "Bob"]
    assert people(f"{members}### Guests\n\n- Dora\n") == [
        "Ada Lovelace", "Bob Byron", "Carl Roe", "Dora",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "### Anwesende Mitglieder\n\nAda Lovelace, Bob\n\n### Gäste\n\nkeine"),
        ("de", "Anwesend: Ada Lovelace und Bob\nEntschuldigt: Carl"),
        ("fr", "**Présent.es :** Ada Lovelace, Bob\\\n**Excusé.es :** Carl"),
        ("fr", "Présent(e)s : Ada Lovelace et Bob"),
        ("es", "## Asistentes\n\n- Ada Lovelace\n- Bob"),
        ("pt", "### Participantes\n\n| Nome | Presente |\n|---|---|\n| Ada Lovelace | sim |\n"
               "| Bob | sim |\n| Carl | não |"),
        ("pt", "Presentes: Ada Lovelace e Bob"),
        ("de", "### Anwesend am Montag\n\n- Ada Lovelace\n- Bob"),
        ("de", "Anwesend waren:\n\n- Ada Lovelace\n- Bob"),
        ("de", "### Teilnehmende\n\nAda Lovelace, Bob\n\nAda Lovelace\n\nSchriftführerin"),
        ("fr", "### Présents à la réunion\n\n- Ada Lovelace\n- Bob"),
        ("fr", "Présents ou représentés :\n\n- Ada Lovelace\n- Bob\n- Eve, représentée par Ada"),
        ("es", "Asisten a la reunión:\n\n- Ada Lovelace\n- Bob"),
        ("es", "Asistieron: Ada Lovelace y Bob"),
        ("pt", "Participaram da reunião: Ada Lovelace e Bob"),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str) -> None:
    assert people(text, language) == TWO


def test_every_word_of_the_vocabulary_announces_its_list() -> None:
    words = vocabulary()
    for kind in ("attendees", "absent", "members"):
        for phrase in words.words[kind]:
            assert announced(phrase, words) == kind, phrase


def test_a_community_may_add_words_of_symbols_only() -> None:
    words = vocabulary("en", {"attendees": ["🎉", "the usual suspects"]})
    assert announced("The usual suspects:", words) == "attendees"
    assert announced("🎉", words) is None


@pytest.mark.parametrize("text", ["- ' and [", "### ' & [", "### Attendees\n\n- ' and [\n- /"])
def test_signs_alone_are_nobody(text: str) -> None:
    assert people(text) == []


def test_a_line_end_by_its_code_is_none_of_the_notes() -> None:
    found = read("## 2025-12-16\n\nPresent: Ada Lovelace,&#10;Bob Smith\n", 2025).meetings[0]
    assert [person.name for person in found.attendees] == ["Ada Lovelace", "Bob Smith"]
