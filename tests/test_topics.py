"""What a meeting was about, and what only all meetings of a series show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cafe_site.notes.lines import shorten, trimmed, without_frame
from cafe_site.notes.reader import read
from cafe_site.notes.series import settle
from cafe_site.vocabulary import vocabulary

if TYPE_CHECKING:
    from cafe_site.notes.model import Meeting


def meeting(text: str, date: str = "2025-12-16", language: str = "en") -> Meeting:
    """Read a text as the notes of one meeting."""
    notes = read(f"## {date}\n\n{text}", int(date[:4]), vocabulary=vocabulary(language))
    return notes.meetings[0]


def about(text: str, language: str = "en") -> list[str]:
    """Return what a meeting was about."""
    return list(meeting(text, language=language).about)


def test_topics_are_agenda_items_and_headings_of_topics() -> None:
    found = meeting(
        "### Check-in\n\n- Ada / @ada\n- Bob / @bob\n\n"
        "### Celebrations and Shout-Outs :tada:\n\n- **All done**\n\n"
        "## Agenda :clock2:\n\n- **Ada (5m):** Engines <https://example.org>\n  - **Bob:** why?\n"
        "- **Ada** punched cards\n- **Shafts**\n- plain\n- **Link:** none\n\n"
        "### Breakout room 1: Looms\n\nWoven.\n\n"
        "### Breakout room 2: Cards\n\n- **Bob:** Holes\n\n"
        "### Punching\n\n#### Notes\n\n- **Ada:** slow\n"
    )
    assert [(topic.title, topic.speaker, topic.minutes) for topic in found.topics] == [
        ("Engines", "Ada", "5m"),
        ("punched cards", "Ada", None),
        ("Shafts", None, None),
        ("plain", None, None),
        ("Looms", None, None),
        ("Holes", "Bob", None),
        ("Punching", None, None),
    ]


def led(text: str) -> list[tuple[str, str | None]]:
    """Return the topics that somebody leads, each with the speaker."""
    return [(topic.title, topic.speaker) for topic in meeting(text).topics if topic.speaker]


def test_a_form_that_most_items_have_with_names_of_people_is_trusted() -> None:
    assert led(
        "## Wooden Looms (Zoe Quill, Yan Marsh)\n\nx\n\n## Cards (Una Bell)\n\n## Holes (urgent)\n"
    ) == [("Wooden Looms", "Zoe Quill, Yan Marsh"), ("Cards", "Una Bell")]
    assert led("## Reports\n\n- Looms | Zoe Quill\n- Cards (old)| Yan Marsh\n") == [
        ("Looms", "Zoe Quill"),
        ("Cards (old)", "Yan Marsh"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Looms (Zoe Quill)\n\nx\n\n## Cards\n",
        "## Agenda\n\n- Looms (Wip)\n- Cards (Draft)\n",
        "## Agenda\n\n- Looms (Part Two)\n- Cards (wood)\n- Holes (Version B)\n- Pins (Tin)\n",
        "## Agenda\n\n- Zoe Quill (Engine Works)\n- Yan Marsh (Card Union)\n",
        "## Agenda\n\n- Looms - How They Hum\n- Cards - What They Say\n",
    ],
)
def test_a_form_that_others_have_without_names_is_not(text: str) -> None:
    assert led(text) == []


def test_names_in_brackets_in_front_are_trusted_if_half_are_known() -> None:
    people = "## Attendees\n\n- Ada Lovelace\n- Bob Marsh\n\n"
    items = "- [x] (AKL) Looms\n  - (Bob) loud\n- (Bob) Cards\n- (Zoe, Yan) Holes\n- plain\n"
    expected = [("Looms", "AKL"), ("Cards", "Bob"), ("Holes", "Zoe, Yan")]
    assert led(f"{people}## Weaving\n\n{items}")[:2] == expected[:2]
    assert led(f"{people}## Agenda\n\n### Weaving\n\n{items.replace('Zoe, Yan', 'Zoe')}") == [
        *expected[:2],
        ("Holes", "Zoe"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "*Zoe Quill presenting*",
        "Presenter: Zoe Quill",
        "**Led by:** Zoe Quill",
        "- Owner: Zoe Quill",
        "> About engines in general (Zoe Quill)",
    ],
)
def test_the_line_below_a_heading_may_say_who_leads_it(line: str) -> None:
    people = "## Attendees\n\n- Zoe Quill\n\n"
    assert led(f"{people}## Looms\n\n{line}\n\nLoud.\n") == [("Looms", "Zoe Quill")]


@pytest.mark.parametrize(
    "line", ["Presenter: TBD", "Presenter: the one", "Nobody presenting", "They hum (Zoe Quill)"]
)
def test_other_lines_below_a_heading_do_not(line: str) -> None:
    assert led(f"## Looms\n\n{line}\n\nLoud.\n") == []


def test_the_first_item_below_an_agenda_item_may_say_who_leads_it() -> None:
    assert led("## Agenda\n\n- Looms\n  - Presenter: Zoe\n  - loud\n- Cards\n") == [
        ("Looms", "Zoe")
    ]


def test_a_conversation_with_names_in_brackets_has_no_speakers() -> None:
    people = "## Attendees\n\n- Ada Lovelace\n- Bob Marsh\n\n"
    talk = "- [Ada] hums\n  - [Bob] no\n  - [Ada] yes\n"
    assert led(f"{people}## Weaving\n\n{talk}") == []


def test_indented_items_of_an_agenda_with_names_at_the_end_belong_to_it() -> None:
    people = "## Attendees\n\n- Ada Lovelace\n- Bob Marsh\n\n"
    items = "1. Proposals\n    1. Looms (Ada Lovelace)\n    1. Cards (Bob Marsh presenting)\n"
    assert led(f"{people}## Agenda\n\n{items}") == [
        ("Looms", "Ada Lovelace"),
        ("Cards", "Bob Marsh"),
    ]
    # Below an item that somebody leads, they are notes.
    assert led(f"{people}## Agenda\n\n- Looms (Ada)\n  - Loud (Bob)\n  - Large (Ada)\n") == [
        ("Looms", "Ada")
    ]


def test_items_with_a_planned_time_belong_to_the_agenda_wherever_they_are() -> None:
    found = meeting(
        "## Agenda\n\n### Day 1\n\n- <= 1h: Looms\n  - 20m: Cards\n  - loud\n\n"
        "### Day 2\n\n~ 30m: Holes\n\nNobody came in time.\n\nShafts (Ada, 5 min)\n"
    )
    led = [(topic.title, topic.speaker, topic.minutes) for topic in found.topics if topic.minutes]
    assert led == [
        ("Looms", None, "<= 1h"),
        ("Cards", None, "20m"),
        ("Holes", None, "~ 30m"),
        ("Shafts", "Ada", "5 min"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Headings without their frames.
        ("### Notes for looms\n\ntext\n", ["looms"]),
        ("### Topic 1: Looms\n\ntext\n", ["Looms"]),
        ("### 2. Looms (10 min) 🎉\n\ntext\n", ["Looms"]),
        ("### 2.b) Looms\n\ntext\n", ["Looms"]),
        ("### Item 2 Looms\n\ntext\n", ["Looms"]),
        ("### V. Looms\n\ntext\n", ["V. Looms"]),
        ("### Looms for all [#12](https://github.com/a/b/issues/12)\n", ["Looms for all"]),
        ("### Topic 1\n\ntext\n", []),
        # A topic with parts of its own is one topic.
        ("### Looms\n\ntext\n\n#### Background\n\nx\n\n#### Next steps\n\n- x\n", ["Looms"]),
        # A heading that only joins others is none.
        ("### Groups\n\n#### Looms\n\nx\n\n#### Mills\n\ny\n", ["Looms", "Mills"]),
        # Standing headings, also joined.
        ("### Welcome & introductions\n\n- x\n\n### News, thanks, and links\n\n- y\n", []),
        ("### Action items\n\n- x\n\n### Next meeting\n\n#### Looms\n\n- y\n", []),
        # Agenda items.
        ("### Agenda\n\n1. Welcome\n2. Looms\n3. Next meeting\n", ["Looms"]),
        ("### Agenda / Notes\n\n- Looms\n  - they weave\n- Mills\n", ["Looms", "Mills"]),
        ("**Agenda**\n\n- Looms\n", ["Looms"]),
        ("Agenda:\n\n- Looms\n", ["Looms"]),
        ("### Agenda\n\n#### org/loom\n\n- Weave faster\n", ["Weave faster"]),
        ("### Agenda\n\n- Welcome\n- Discussion\n  - Looms\n  - Mills\n", ["Looms", "Mills"]),
        ("### Agenda\n\n- [name=Ada] (5m)\n  - Looms\n  - Mills\n", ["Looms"]),
        ("### Agenda\n\n**1) Looms** are loud\n\n- so loud\n\n**2) Mills**\n", ["Looms", "Mills"]),
        # What is not about anything.
        (
            "### Agenda\n\n- TBD\n- [name=Your name] Your topic\n- https://example.org\n- a/b#1\n",
            [],
        ),
        ("### Agenda\n\n- Link: https://example.org/a\n- Time: noon\n- Decision: yes\n", []),
        # The notes of the agenda's items are none.
        ("### Agenda\n\n- Looms\n- Mills\n\n### Notes\n\n- We talked.\n", ["Looms", "Mills"]),
        ("### Notes\n\n- Looms\n- Mills\n", ["Looms", "Mills"]),
        # What people report is only if there is nothing else.
        ("### Updates\n\n- Looms run\n\n### Mills\n\ntext\n", ["Mills"]),
        ("### Updates\n\n- Looms run\n", ["Looms run"]),
        ("- Looms\n- Mills\n", ["Looms", "Mills"]),
        ("We talked about looms.\n", []),
    ],
)
def test_what_a_meeting_was_about(text: str, expected: list[str]) -> None:
    assert about(text) == expected


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Voting Member Attendees"),
        ("en", "Other attendees (3)"),
        ("en", "Action items from the last meeting"),
        ("en", "2. Notes of our previous call"),
        ("en", "Check-in on previous action items"),
        ("en", "Today's agenda and minutes"),
        ("en", "Next call"),
        ("en", "Meeting Date/Time: Friday at noon"),
        ("de", "Nächste Treffen"),
        ("de", "TOP-Vorschläge"),
        ("de", "Aufgaben aus der letzten Sitzung"),
        ("fr", "Tâches de la précédente réunion"),
        ("fr", "Nouvelles tâches"),
        ("fr", "Proposition d'ordre du jour"),
        ("es", "Tareas de la reunión anterior"),
        ("es", "Orden del día de la sesión"),
        ("pt", "Participantes Presentes"),
        ("pt", "Pautas da Reunião"),
    ],
)
def test_a_standing_heading_may_say_which_one_it_is(language: str, heading: str) -> None:
    assert about(f"### {heading}\n\n### Mills\n\ntext\n", language) == ["Mills"]


@pytest.mark.parametrize(
    "heading",
    [
        "Release notes",
        "New members' fund",
        "Open AI",
        "New chair",
        "Research agenda",
        "New release",
    ],
)
def test_other_words_make_a_heading_a_topic(heading: str) -> None:
    assert about(f"### {heading}\n\ntext\n\n### Mills\n\ntext\n") == [heading, "Mills"]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Select a member to take minutes"),
        ("en", "Confirm quorum"),
        ("en", "Hellos, Intros & Policies"),
        ("en", "Antitrust policy notice"),
        ("en", "Coffee break"),
        ("en", "Date of the next meeting: Friday"),
        ("en", "Called to order at noon"),
        ("en", "Treasurer's report"),
        ("de", "Ende der Sitzung"),
        ("de", "TOP 1: Begrüßung"),
        ("de", "TOP 2 Formalia"),
        ("en", "IV. Next meeting"),
        ("en", "B. Roll call"),
        ("en", "2a) Minutes of the last meeting"),
        ("en", "Tooling team report"),
        ("en", "Hello, roll call, and a shared document"),
        ("en", "Day 2 canceled"),
        ("de", "Genehmigung des letzten Protokolls"),
        ("es", "Revisión de acuerdos anteriores"),
        ("de", "Statistiken"),
        ("de", "Feststellung der Anwesenheit"),
        ("fr", "Météo du début"),
        ("fr", "Feuille de présence"),
        ("es", "Verificación del quórum"),
        ("pt", "Próximas Etapas"),
    ],
)
def test_what_every_meeting_has_is_no_topic(language: str, heading: str) -> None:
    assert about(f"### {heading}\n\n- x\n\n### Mills\n\ntext\n", language) == ["Mills"]
    assert about(f"### Agenda\n\n- {heading}\n- Mills\n", language) == ["Mills"]


def test_a_heading_with_the_title_of_the_meeting_only_joins_the_others() -> None:
    for title in ("Planning call #12", "Example teleconference - 2025-12-16"):
        text = f"### {title}\n\nHello.\n\n#### Looms\n\nx\n\n#### Mills\n\ny\n"
        assert about(f"{text}\n### Sails\n\nz\n") == ["Looms", "Mills", "Sails"]


def test_lines_about_the_meeting_itself_do_not_hide_notes_without_headings() -> None:
    numbered = "**1) Looms**\n\nThey are loud.\n\n{}**2) Mills**\n\nThey turn.\n\n"
    assert about(numbered.format("") + "Next meeting: Friday\n") == ["Looms", "Mills"]
    assert about(numbered.format("Action item:\n\n- oil\n\n")) == ["Looms", "Mills"]
    assert about("- Looms\n- Mills\n\nNext meeting: Friday\n") == ["Looms", "Mills"]


@pytest.mark.parametrize("heading", ["Scribe: Ada Lovelace", "Chair: @ada", "Chair: Ada and Bob"])
def test_who_has_which_role_is_no_topic(heading: str) -> None:
    assert about(f"### {heading}\n\n### Mills\n\nx\n") == ["Mills"]
    assert about("### Chair: how to elect one\n\nx\n") == ["Chair: how to elect one"]


def test_days_of_an_agenda_are_parts_of_it() -> None:
    text = "#### Day 1\n\n- Looms\n\n#### Day 2\n\n- Mills\n"
    assert about(f"### Agenda\n\n{text}") == ["Looms", "Mills"]
    assert about(f"### Schedule\n\n{text}") == []


def test_a_heading_above_names_alone_is_no_topic() -> None:
    people = "### Attendees\n\n- Ada Lovelace\n- Bob\n\n"
    assert about(f"{people}### Timekeeping\n\nAda Lovelace\n\n### Mills\n\nx\n") == ["Mills"]
    assert about(f"{people}### Timekeeping\n\nIt works.\n") == ["Timekeeping"]


def test_a_person_who_was_there_for_a_time_is_no_topic() -> None:
    people = "### Attendees\n\n- Ada Lovelace\n- Bob Byron (10 min)\n- Cleo Clay\n\n"
    assert about(f"{people}### Mills\n\nx\n") == ["Mills"]


def test_a_numbered_list_below_people_is_an_agenda_if_there_is_no_other() -> None:
    people = "### Attendees\n\n- Ada\n- Bob\n\nWe have a quorum.\n\n"
    items = "1. **Looms**\n\nThey are loud.\n\n2. **Mills**\n\nThey turn.\n"
    assert about(f"{people}{items}") == ["Looms", "Mills"]
    assert about(f"{people}{items}\n### Sails\n\nx\n") == ["Sails"]
    assert about(f"{people}- loud\n- quiet\n") == []


def test_paragraphs_above_lists_are_agenda_items() -> None:
    text = "### Agenda\n\n{}Looms?\n\n- loud\n- (5 min) oil\n\n**Mills**\n\n- turn\n"
    assert about(text.format("")) == ["Looms?", "oil", "Mills"]
    assert about(text.format("- Sails\n\n")) == ["Sails", "loud", "oil", "turn"]
    assert about("### Agenda\n\nAdd your items here.\n\n- Looms\n- Mills\n") == ["Looms", "Mills"]


def test_paragraphs_with_planned_times_are_agenda_items() -> None:
    assert about("### Agenda\n\nLooms (5 min)\n\nThey are loud.\n\nMills (10 min)\n") == [
        "Looms", "Mills",
    ]  # fmt: skip


def test_bold_lines_may_be_headings_of_topics() -> None:
    text = "**Looms**\n\nThey are loud.\n\n**Mills**\n\nThey turn.\n\n**Next meeting**\n\nFriday\n"
    assert about(f"**Attendees**\n\n- Ada\n- Bob\n\n{text}") == ["Looms", "Mills"]
    assert about(f"### Discussion\n\n{text}") == ["Looms", "Mills"]
    assert about(f"### Agenda\n\n{text}") == ["Looms", "Mills"]
    # Between the items of an agenda, they group them.
    groups = "**Old**\n\n- Looms\n\n**Far**\n\n- Mills\n"
    assert about(f"**Agenda**\n\n- Sails\n\n{groups}") == ["Sails", "Looms", "Mills"]
    # What is below a topic or follows an agenda has parts of its own.
    assert about(f"### Sails\n\n{text}") == ["Sails"]
    assert about(f"### Agenda\n\n- Sails\n- Ropes\n\n### Notes\n\n{text}") == ["Sails", "Ropes"]


@pytest.mark.parametrize(
    "text",
    [
        "### Mills\n\n**Read this**\n\nx\n",
        "**Read this**\n\n### Mills\n\nx\n",
        "**We are here.**\n\n**All of us.**\n\n### Mills\n\nx\n",
        "### Attendees\n\n- Ada\n- Bob\n\n### Mills\n\n**Ada**\n\nhello\n\n**Bob**\n\nx\n",
    ],
)
def test_other_bold_lines_are_no_headings(text: str) -> None:
    assert about(text) == ["Mills"]


def test_bold_names_are_no_topics() -> None:
    assert (
        about("### Attendees\n\n- Ada\n- Bob\n\n### Notes\n\n**Ada**\n\nhm\n\n**Bob**\n\nx\n")
        == []
    )


def test_a_numbered_agenda_heading_has_items() -> None:
    text = "### I. Call to order\n\n- x\n\n### II. New business\n\n- Looms\n- Mills\n"
    assert about(text) == ["Looms", "Mills"]


@pytest.mark.parametrize("bullet", ["• ", "•", "-", "– "])
def test_lines_with_other_bullets_are_items(bullet: str) -> None:
    text = "".join(f"{bullet}{words}\n" for words in ("Welcome", "Looms", "**Mills** turn"))
    found = meeting(text)
    assert [(t.title, t.line, t.anchor) for t in found.topics] == [
        ("Looms", 4, "2025-12-16"), ("Mills turn", 5, "2025-12-16"),
    ]  # fmt: skip
    assert about("Looms\n-Mills\nSails\n") == []


def test_words_in_brackets_alone_are_no_topic() -> None:
    assert about("### Agenda\n\n- (see below: )\n- Looms\n") == ["Looms"]


def test_a_qualified_agenda_has_items() -> None:
    assert about("### Day 1 agenda\n\n- Looms\n\n### Day 2 agenda\n\n- Mills\n") == [
        "Looms", "Mills",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "### Begrüßung\n\n### Tagesordnung\n\n- Webstühle\n- Verschiedenes\n",
            ["Webstühle"],
        ),
        ("de", "### Diskussion zu Webstühlen\n\ntext\n", ["Webstühlen"]),
        (
            "fr",
            "### Ordre du jour\n\n1. Accueil\n2. Métiers\n\n### Prochaine réunion\n",
            ["Métiers"],
        ),
        (
            "es",
            "### Orden del día\n\n- Bienvenida\n- Telares\n\n### Acuerdos\n\n- x\n",
            ["Telares"],
        ),
        ("pt", "### Pauta\n\n- Abertura\n- Teares\n\n### Encaminhamentos\n\n- x\n", ["Teares"]),
    ],
)
def test_the_words_are_those_of_the_language(
    language: str, text: str, expected: list[str]
) -> None:
    assert about(text, language) == expected


def test_what_somebody_reports_is_standing_if_there_is_something_else() -> None:
    found = meeting("### Updates\n\n- [name=Ada] Looms run\n- more\n\n### Mills\n\ntext\n")
    assert [(t.title, t.speaker, t.standing) for t in found.topics] == [
        ("Looms run", "Ada", True),
        ("Mills", None, False),
    ]


def test_a_standing_item_with_a_planned_time_is_kept() -> None:
    found = meeting("### Review of the agenda (2m, Host)\n\n### Mills\n\ntext\n")
    assert [(t.minutes, t.standing) for t in found.topics] == [("2m", True), (None, False)]
    assert found.about == ("Mills",)


def test_a_name_alone_speaks_about_the_items_below() -> None:
    found = meeting("### Attendees\n\n- Ada\n\n### Agenda\n\n- Ada\n  - Looms\n  - Mills\n")
    assert [(t.title, t.speaker) for t in found.topics] == [("Looms", "Ada"), ("Mills", "Ada")]


def test_what_people_said_is_no_agenda() -> None:
    said = "".join(f"- {name}: point {i}\n" for i in range(6) for name in ("Ada", "Bob"))
    assert about(f"### Attendees\n\n- Ada\n- Bob\n\n### Notes\n\n{said}") == []


def test_the_planned_time_may_stand_below_an_item() -> None:
    found = meeting("### Agenda\n\n- Looms\n  - 10 minute timebox\n  - loud\n")
    assert [(t.title, t.minutes) for t in found.topics] == [("Looms", "10 minute")]


# --- titles ---------------------------------------------------------------------------------


def test_a_title_is_cut_after_a_sentence_or_a_word() -> None:
    long = "words " * 40
    (found,) = about(f"### Agenda\n\n- We release today. Many {long}\n")
    assert found == "We release today."
    (found,) = about(f"### Agenda\n\n- {long}\n")
    assert found.endswith("words…")
    assert len(found) <= 101


@pytest.mark.parametrize(
    "end", ["(a bracket of words)", "`some code here`", "[a link](https://e.org)"]
)
@pytest.mark.parametrize("count", [15, 16, 17, 18, 19])
def test_a_title_is_not_cut_in_a_link_a_bracket_or_code(count: int, end: str) -> None:
    before = "word " * count
    (found,) = about(f"### Agenda\n\n- {before}{end} and more of this, and so on\n")
    words = (
        end.strip("`").removesuffix("](https://e.org)").removeprefix("[" if "](" in end else "")
    )
    assert found.startswith(before.strip())
    assert words in found or not set(words.split()) & set(found.removesuffix("…").split())


def test_a_url_is_left_out_of_a_title() -> None:
    assert about("### Agenda\n\n- Looms (see https://example.org/a)\n") == ["Looms"]
    assert about("### Agenda\n\n- <https://example.org/a> Looms\n") == ["Looms"]


def test_a_line_without_what_is_around_it() -> None:
    assert trimmed("  1. 🎉 Looms +1 ") == "Looms"
    assert shorten("one two") == "one two"
    assert trimmed("🎉") == ""
    assert trimmed("C++ and .github") == "C++ and .github"
    assert without_frame("Room for all", vocabulary(), heading=True) == "Room for all"


# --- the series -----------------------------------------------------------------------------


def series(*texts: str, step: int = 1) -> list[Meeting]:
    """Return meetings that are some months apart."""
    return [
        meeting(text, f"{2020 + i * step // 12}-{i * step % 12 + 1:02}-05")
        for i, text in enumerate(texts)
    ]


def test_who_is_known_in_the_series_speaks() -> None:
    first, second = series(
        "### Attendees\n\n- Ada Lovelace\n\n### Agenda\n\n- Looms\n",
        "### Agenda\n\n- Ada: Mills\n- Security: urgent\n- Shafts (Ada)\n",
    )
    assert [topic.speaker for topic in second.topics] == [None, None, None]
    _, settled = settle([first, second])
    assert [(topic.title, topic.speaker) for topic in settled.topics] == [
        ("Mills", "Ada"),
        ("Security: urgent", None),
        ("Shafts", "Ada"),
    ]
    assert [topic.anchor for topic in settled.topics] == [topic.anchor for topic in second.topics]
    assert all(topic.candidate is None for topic in settled.topics)


def test_an_unknown_name_alone_is_no_topic_if_the_series_knows_it() -> None:
    found = settle(series("### Attendees\n\n- Ada\n", "### Agenda\n\n- Ada\n- Looms\n"))
    assert found[1].about == ("Looms",)


def test_items_of_most_meetings_are_standing() -> None:
    texts = [
        f"### Agenda\n\n- Oil the mills\n- Topic {word}\n" for word in ("a", "b", "c", "d", "e")
    ]
    found = settle(series(*texts))
    assert [one.about for one in found] == [
        (f"Topic {word}",) for word in ("a", "b", "c", "d", "e")
    ]


def test_an_item_that_somebody_leads_stays_as_standing() -> None:
    found = settle(series(*["### Agenda\n\n- [name=Ada] Oil the mills\n"] * 5))
    assert [(t.speaker, t.standing) for one in found for t in one.topics] == [("Ada", True)] * 5


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_few_meetings_in_a_row_may_have_the_same_topic(count: int) -> None:
    text = "### Agenda\n\n- Looms\n"
    found = [
        replace(one, date=replace(one.date, month=1, day=day + 1))
        for day, one in enumerate(series(*[text] * count))
    ]
    assert [one.about for one in settle(found)] == [("Looms",)] * count


def test_a_topic_that_comes_up_once_in_a_while_is_not_standing() -> None:
    texts = ["### Agenda\n\n- Looms\n"] + ["### Agenda\n\n- Mills\n- Sails\n"] * 4
    many = [
        one if i % 5 == 0 else one.replace("Mills", f"Mills {i}").replace("Sails", f"Sails {i}")
        for i, one in enumerate(texts * 4)
    ]
    found = settle(series(*many))
    assert found[0].about == ("Looms",)


def test_the_order_of_the_meetings_does_not_matter() -> None:
    texts = ["### Attendees\n\n- Ada\n", *["### Agenda\n\n- Ada: Looms\n- Mills\n"] * 4]
    meetings = series(*texts)
    assert settle(meetings[::-1]) == settle(meetings)[::-1]


def titled(*titles: str) -> list[str]:
    """Return the subjects of meetings with these titles, a week apart."""
    meetings = [
        meeting("", f"2025-{number // 4 + 1:02}-{number % 4 * 7 + 1:02} {title}")
        for number, title in enumerate(titles)
    ]
    return [found.subject for found in settle(meetings)]


def test_a_title_that_several_meetings_have_is_the_name_of_the_series() -> None:
    titles = ["Example call #1", "Example call #2", "Example call #3", "Roadmap", "", "Oslo"]
    assert titled(*titles) == ["", "", "", "Roadmap", "", "Oslo"]


def test_a_title_that_only_differs_in_its_last_word_is_the_name_of_the_series() -> None:
    titles = [f"Call of the example team: {month}" for month in ("May", "June", "July")]
    assert titled(*titles, "Release of the example app", "") == [
        "", "", "", "Release of the example app", "",
    ]  # fmt: skip


def test_the_title_of_both_meetings_of_a_series_is_its_name() -> None:
    assert titled("Example call", "Example call") == ["", ""]
    assert titled("Roadmap", "Roadmap", "Oslo", "Rome", "Bern") == [
        "Roadmap", "Roadmap", "Oslo", "Rome", "Bern",
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["Meeting", "Meeting notes", "Community meeting", "Call 12"])
def test_a_title_that_only_says_that_it_is_a_meeting_is_not_what_it_was_about(title: str) -> None:
    assert titled(title) == [""]
    assert titled("Planning call") == ["Planning call"]


@pytest.mark.parametrize("column", ["Speaker", "Owner", "Who"])
def test_a_table_of_agenda_items_has_speakers_and_times(column: str) -> None:
    found = meeting(
        f"### Agenda\n\n| Topic | {column} | Time |\n|---|---|---|\n"
        "| Looms | Zoe, Yan | 10 min |\n| Mills | TBD | 5 |\n| Welcome | | |\n| | Ada | |\n"
    )
    assert [(t.title, t.speaker, t.minutes, t.anchor, t.line) for t in found.topics] == [
        ("Looms", "Zoe, Yan", "10 min", "2025-12-16-agenda", 7),
        ("Mills", None, "5", "2025-12-16-agenda", 8),
    ]


def test_other_tables_have_no_topics() -> None:
    assert about("### Agenda\n\n| Name | Handle |\n|---|---|\n| Ada | @ada |\n") == []
    assert about("### Agenda\n\n| Item | Color |\n|---|---|\n| Looms | red |\n") == []


@pytest.mark.parametrize("column", ["Notes", "Discussion", "Decision", "Action items"])
def test_a_table_with_the_notes_of_items_has_topics(column: str) -> None:
    text = f"### Agenda\n\n| # | Item | {column} |\n|---|---|---|\n| 1 | Welcome | hi |\n"
    assert about(f"{text}| 2 | Looms | loud |\n") == ["Looms"]


def test_topics_say_more_than_whose_meeting_it_was() -> None:
    with_topics = meeting("### Looms\n\nText.\n", "2025-12-16 Example board meeting")
    assert (with_topics.subject, with_topics.about) == ("", ("Looms",))
    assert meeting("Text.", "2025-12-16 Example board meeting").subject == "Example board meeting"
    assert meeting("### Looms\n\nText.\n", "2025-12-16 Mills").subject == "Mills"
