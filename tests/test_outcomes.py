"""Decisions and actions."""

from __future__ import annotations

import pytest

from cafe_site.notes.model import Meeting, Outcome
from cafe_site.notes.reader import read
from cafe_site.notes.series import settle
from cafe_site.vocabulary import vocabulary

PEOPLE = "### Attendees\n\n- Ada Lovelace / @ada-l\n- Bob\n\n### Looms\n\n"


def read_meeting(text: str, language: str = "") -> Meeting:
    """Read the notes of one meeting."""
    words = vocabulary(language)
    (meeting,) = read(f"## 2025-12-16\n\n{text}", 2025, vocabulary=words).meetings
    return meeting


def outcomes(text: str, language: str = "") -> list[tuple[str, str, bool, str | None]]:
    """Return the outcomes of a text as kind, text, done and owner."""
    found = read_meeting(text, language).outcomes
    return [(o.kind, o.text, o.done, o.owner) for o in found]


def actions(text: str) -> list[tuple[str, str | None]]:
    """Return the text and owner of the actions of a text, which are all of its outcomes."""
    found = outcomes(text)
    assert all(kind == "action" for kind, *_ in found)
    return [(text, owner) for _, text, _, owner in found]


def texts(text: str) -> list[str]:
    """Return the texts of the outcomes of a text."""
    return [text for _, text, *_ in outcomes(text)]


# --- labels -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Decision: Build it", "Build it"),
        ("- **Decision:** Build it", "Build it"),
        ("- **Decision**: Build it", "Build it"),
        ("- **Decision** Build it", "Build it"),
        ("- *Decision* Build it", "Build it"),
        ("- `Decision`: Build it", "Build it"),
        ("- [Decision] Build it", "Build it"),
        ("- DECIDED – Build it", "Build it"),
        ("- DECISION build it", "build it"),
        ("- ✅ Decision: Build it", "Build it"),
        ("- => Decision: Build it", "Build it"),
        ("- Decision 2: Build it", "Build it"),
        ("- Resolution - Build it", "Build it"),
        ("- Conclusion: Build it", "Build it"),
        ("- Agreed: Build it", "Build it"),
        ("- Agreed to build it", "Agreed to build it"),
        ("- We agreed to build it", "We agreed to build it"),
        ("- Too big? The group agreed to cut it.", "Too big? The group agreed to cut it."),
        ("- Bigger looms - all agreed to have them", "Bigger looms - all agreed to have them"),
        ("- Passed unanimously.", "Passed unanimously."),
        ("We talked.\nDecided that it is built", "Decided that it is built"),
        ("We talked at length. Decision: build it", "build it"),
        ("- Agreement on bigger looms", "Agreement on bigger looms"),
        ("### Looms\n\n#### Decision\n\nBuild it.", "Build it."),
        ("**Resolution:**\n\nBuild it.", "Build it."),
        ("**Resolved**\n\nBuild it.\n\nThat takes a year.", "Build it."),
        ("- [bob] **RESOLVED** Build it", "Build it"),
        ("- [bob] RESOLVED: Build it", "Build it"),
        ("RESOLVED, that we build it", "that we build it"),
        ("- ==Decision:== build it", "build it"),
        ("- A decision was made to build it", "A decision was made to build it"),
        ("- Which looms? [Outcome: build it]", "build it"),
        ("- Big or small? (Decision: small)", "small"),
        (
            "- We met and we agreed to build it",
            "We met and we agreed to build it",
        ),
        ("- Big? -> we agreed to build it", "Big? -> we agreed to build it"),
        ("- The new loom was unanimously accepted.", "The new loom was unanimously accepted."),
        ("Bob moved to build it. Motion carried.", "Bob moved to build it. Motion carried."),
        ("- Approved by unanimous consent", "Approved by unanimous consent"),
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
        ("- TODO (Ada) build it", "build it", False, "Ada"),
        ("- AI(Ada): build it", "build it", False, "Ada"),
        ("- AI: @ada builds it", "@ada builds it", False, "ada"),
        ("- Looms\n  - AI: build it", "build it", False, None),
        ("- To-do: build it", "build it", False, None),
        ("- To do → build it", "build it", False, None),
        ("- Task: build it", "build it", False, None),
        ("- Next step: build it", "build it", False, None),
        ("- Follow-up: build it", "build it", False, None),
        ("- [Action point] build it", "build it", False, None),
        ("- `TODO` build it", "build it", False, None),
        ("- Ada: TODO: build it", "build it", False, "Ada"),
        ("- **Ada:** TODO: build it", "build it", False, "Ada"),
        ("- [name=Ada] Action: build it", "build it", False, "Ada"),
        ("- It squeaks. AI: build another", "build another", False, None),
        ("- [Action: Ada] build it", "build it", False, "Ada"),
        ("- Action for @ada: build it", "build it", False, "ada"),
        ("- ACTION-12: build it", "build it", False, None),
        ("- It squeaks. Action: @ada", "It squeaks. Action: @ada", False, "ada"),
        ("- ☑ Action: build it", "build it", True, None),
        ("- It squeaks (TODO: oil it)", "oil it", False, None),
        ("- Oil it (TODO: Ada)", "Oil it", False, "Ada"),
        ("- Oil it (TODO)", "Oil it", False, None),
        ("- [ ] Action: build it", "build it", False, None),
        ("- It squeaks, ACTION: oil it", "oil it", False, None),
        ("- Homework for Ada: build it", "build it", False, None),
        ("**Action:**\n\nBuild it.", "Build it.", False, None),
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
        "- Was it unanimously accepted?",
        "- A screen (resolution: high)",
        "- Looms (if it is unanimously accepted)",
        "- The next action: none",
        "- Our action: talk",
        "- [Decisions](#decisions)\n- [Remarks](#remarks)",
        "**Decision:**\n\nWhich one?",
        "- Decide which loom (see Outcome)",
        "- Action plan for the year",
        "- Decision making is hard",
        "- Agreed",
        "- Resolution of the screen",
        "- Should we agree? We decided to ask?",
        "- todo lists are nice",
        "- AI models are nice",
        "- AI: a policy",
        "- AI – a policy",
        "- Ai: he said so",
        "- Call to action: help",
        "- GitHub (action) broken",
        "- **Sarah:** her action items",
        "- no decision: yet",
        f"- We talked {'and talked ' * 30}. We agreed to go on.",
        "### Conclusion\n\nThank you all.",
        "- Decision: none",
        "- Action items: n/a",
        "- Action item: No new action items",
        "### Decision: build it",
        "### Actions speak\n\n- build it",
        "### Action items from last time\n\n- build it",
        "### AI\n\n- a policy\n- models",
        "`Action: build it`",
        "```\nAction: build it\n```",
    ],
)
def test_other_lines_are_neither(line: str) -> None:
    assert outcomes(line) == []


def test_an_outcome_goes_on_until_the_next_one() -> None:
    text = "Decision: Build\nit.\nAction: @ada builds\nit\n"
    assert outcomes(text) == [
        ("decision", "Build it.", False, None),
        ("action", "@ada builds it", False, "ada"),
    ]


# --- lists --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "above",
    [
        "### Actions",
        "### ACTION ITEMS",
        "### 4. Action items",
        "### IV. Action items",
        "### Action items (5 min)",
        "### ✅ Action items:",
        "### Tasks and owners",
        "### Next steps / To do",
        "**Action items**",
        "**Action items:**",
        "**3. Action items (5 min)**",
        "Tasks and next steps:",
        "Tasks for the next release:",
        "### Action items from this meeting",
        "*To do:*",
        "Follow-ups:",
        "TODO",
    ],
)
def test_items_below_a_heading_or_line_of_that_meaning(above: str) -> None:
    text = (
        f"{above}\n\n- [x] oil it\n  - well\n- Bob to paint it\n\n### Looms\n\n- nothing to do\n"
    )
    assert outcomes(f"{PEOPLE}{text}") == [
        ("action", "oil it", True, None),
        ("action", "Bob to paint it", False, "Bob"),
    ]


def test_a_word_alone_stands_for_the_list_below_it() -> None:
    text = (
        "- Looms\n  - Action:\n    - oil it\n      - well\n    - [x] paint it\n"
        "  - nothing\n- more\n"
    )
    assert outcomes(text) == [
        ("action", "oil it", False, None),
        ("action", "paint it", True, None),
    ]
    assert texts("- Looms\n\n  They squeak.\n\n  **TODO**:\n\n  - oil it\n") == ["oil it"]


def test_lines_below_a_word_in_one_paragraph() -> None:
    assert texts("Action items:\n• oil it\n• paint it\n") == ["oil it", "paint it"]
    assert actions("Action:\noil it\nwell\n") == [("oil it well", None)]


def test_lines_below_a_heading_in_one_paragraph() -> None:
    text = "### Action items\n\n{}\n"
    assert texts(PEOPLE + text.format("Ada: oil it\nBob to paint it")) == [
        "Ada: oil it",
        "Bob to paint it",
    ]
    assert texts(text.format("☐ oil it\n☑ paint it")) == ["oil it", "paint it"]
    assert texts(text.format("Please add yours.")) == []


def test_what_is_below_both_shows_what_it_is() -> None:
    text = "### Decisions and action items\n\n- Build it\n- Bob to oil it\n- [ ] paint it\n"
    assert [(kind, text) for kind, text, *_ in outcomes(PEOPLE + text)] == [
        ("decision", "Build it"),
        ("action", "Bob to oil it"),
        ("action", "paint it"),
    ]


def test_sub_headings_belong_to_the_heading_above() -> None:
    text = (
        "### Action items\n\n#### Bob\n\n- oil it\n\n#### Looms\n\n- paint it\n\n"
        "### Cards\n\n- punched\n"
    )
    assert actions(PEOPLE + text) == [("oil it", "Bob"), ("paint it", None)]
    assert actions("# Actions\n\n- oil it\n\n### Notes\n\n- words\n") == [("oil it", None)]


def test_a_name_above_a_list_is_the_owner_of_its_items() -> None:
    text = (
        "### Actions\n\n- Bob\n  - oil it\n  - paint it\n- @cleo:\n  - punch cards\n"
        "- Cards:\n  - sell\n"
    )
    assert actions(PEOPLE + text) == [
        ("oil it", "Bob"),
        ("paint it", "Bob"),
        ("punch cards", "cleo"),
        ("sell", None),
    ]


def test_what_is_discussed_below_such_a_heading_did_not_come_out_of_it() -> None:
    text = "### Actions\n\n1. Looms\n   - old\n2. Cards\n   - new\n3. Decisions\n   - Build it\n"
    assert outcomes(text) == [("decision", "Build it", False, None)]


def test_lists_below_one_heading_count_as_one() -> None:
    text = "### Actions\n\n1. Looms\n\n   - they smell\n\n- Oil\n  - which?\n\n2. Other\n"
    assert outcomes(text) == []
    assert texts("### Actions\n\n1. oil it\n\n- paint it\n\n2. sell it\n") == [
        "oil it",
        "paint it",
        "sell it",
    ]


@pytest.mark.parametrize(
    "item",
    ["", "…", "-", "none", "None.", "N/A", "No action items", "no new decisions this time",
     "[ ] ", "TBD", "Add your item here", "Action items"],
)  # fmt: skip
def test_none_and_what_a_template_says_are_no_outcome(item: str) -> None:
    assert outcomes(f"### Action items\n\n- {item}\n") == []


def test_nothing_may_begin_an_outcome() -> None:
    assert texts("### Decisions\n\n- No meetings in August\n") == ["No meetings in August"]


# --- tables -------------------------------------------------------------------------------


def test_rows_of_a_table_of_actions() -> None:
    text = (
        "| Task | Who | When |\n|---|---|---|\n| oil it | @ada-l | now |\n"
        "| ~~paint it~~ | Bob | |\n| | | |\n| none | | |\n"
    )
    assert outcomes(text) == [
        ("action", "oil it", False, "ada-l"),
        ("action", "paint it", True, "Bob"),
    ]
    below = "### Action items\n\n| Owner | What |\n|---|---|\n| Ada, Bob | oil it |\n"
    assert actions(below) == [("oil it", "Ada, Bob")]
    kinds = (
        "| # | What | Kind |\n|---|---|---|\n| 1 | Build it | Decision |\n| 2 | Looms | Talk |\n"
    )
    assert outcomes(kinds) == [("decision", "Build it", False, None)]
    numbered = (
        "### Action items\n\n| No | What | Who |\n|---|---|---|\n| 1 | oil it | Ada and Bob |\n"
    )
    assert actions(numbered) == [("oil it", "Ada, Bob")]
    assert outcomes("| Name | What |\n|---|---|\n| Ada | oil it |\n") == []


# --- owners -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "owner"),
    [
        ("Ada to oil it", "Ada"),
        ("Ada Lovelace will oil it", "Ada Lovelace"),
        ("ada-l to oil it", "ada-l"),
        ("@cleo to oil it", "cleo"),
        ("@ada-l, @cleo oil it", "ada-l, cleo"),
        ("Ada & Bob to oil it", "Ada, Bob"),
        ("Ada, Bob and Cleo will oil it", "Ada, Bob, Cleo"),
        ("Ada: oil it", "Ada"),
        ("**Ada** – oil it", "Ada"),
        ("oil it (Ada)", "Ada"),
        ("oil it [Ada and Bob]", "Ada, Bob"),
        ("[Ada] oil it", "Ada"),
        ("→ AL to oil it", "AL"),
        ("oil it -> Ada", "Ada"),
        ("oil it (owner: Ada)", "Ada"),
        ("oil it (Ada) - soon", "Ada"),
        ("Yes, Bob will oil it", "Bob"),
        ("oil it – Ada", "Ada"),
        ("oil it, @cleo", "cleo"),
        ("oil it (slowly)", None),
        ("Need to oil it", None),
        ("Looms: oil it", None),
    ],
)
def test_the_owners_of_an_action(item: str, owner: str | None) -> None:
    found = outcomes(f"{PEOPLE}### Action items\n\n- {item}\n")
    assert [owner for *_, owner in found] == [owner]


@pytest.mark.parametrize(
    "line",
    [
        "- Ada to oil it",
        "- Looms\n  - Bob will oil it",
        "- Ada and Cleo to oil it",
        "- @ada-l to oil it",
        "- It squeaks. Bob is going to oil it",
        "- Once it is built, Bob will oil it",
        "- Plan: Bob will oil it",
        "- Looms- Bob will oil it",
        "- AI Bob to oil it",
        "- AI: Bob oils it",
        "3a) Bob will oil it",
        "- Bob says he'll oil it",
        f"Bob will oil it. {'We talked about oil at length. ' * 10}",
        "Bob will oil it.",
        "- Oil it -> Bob",
        "- [Ada] will oil it",
        "- --> Bob to oil it",
        "- [Cleo](https://github.com/cleo) will oil it",
    ],
)
def test_what_somebody_takes_on_is_an_action_of_its_own(line: str) -> None:
    assert len(actions(f"{PEOPLE}{line}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "- Cleo to oil it",
        "- This will oil it",
        "- Need to oil it",
        "- Bob will be there",
        "- Hopefully, Bob will come",
        "- Bob and Cleo were trying to oil it",
        "- Bob will soon be there",
        "- Bob will not come",
        "- Bob: to oil or not",
        "- Bob to oil it?",
        "- Bob told Ada to oil it",
        "- @ada-l is happy to oil it",
        "- Oil -> Loom",
        "- [name=Ada] To the Lighthouse",
        f"Bob will oil it, {'as he said before ' * 20}.",
        "### Celebrations\n\n- Bob will marry",
        "### Roll call\n\n- Ada to Bob",
    ],
)
def test_what_people_say_is_none(line: str) -> None:
    assert outcomes(f"{PEOPLE}{line}\n") == []


def test_a_word_alone_above_items_is_a_group_of_them() -> None:
    assert texts("### Action items\n\n- Cleo\n  - oil it\n  - sell it\n") == ["oil it", "sell it"]


def test_other_meetings_show_who_takes_something_on() -> None:
    one = read_meeting("### Looms\n\n- Bob will oil it\n- This will help\n")
    other = read_meeting("### Attendees\n\n- Bob\n")
    assert one.outcomes == ()
    settled, _ = settle((one, other))
    assert [(found.text, found.owner) for found in settled.outcomes] == [
        ("Bob will oil it", "Bob")
    ]
    assert settled.candidates == ()


# --- task boxes ---------------------------------------------------------------------------


def test_task_boxes_are_actions() -> None:
    assert outcomes("### Looms\n\n- [ ] oil it\n- [x] paint it, @cleo\n") == [
        ("action", "oil it", False, None),
        ("action", "paint it, @cleo", True, "cleo"),
    ]
    assert texts("- Looms\n  - [ ] oil it\n    - well\n") == ["oil it"]
    assert texts("### Looms\n\n- [] oil it\n") == ["oil it"]


def test_boxes_below_what_was_agreed_before_may_have_notes() -> None:
    text = "### Check-in on action items\n\n#### Last meeting\n\n- [x] (Bob) oil it\n  - smells\n"
    assert outcomes(f"{PEOPLE}{text}") == [("action", "(Bob) oil it", True, "Bob")]
    agenda = "### Looms\n\n- [x] (Bob) our looms\n  - they smell\n"
    assert outcomes(f"{PEOPLE}{agenda}") == []


@pytest.mark.parametrize(
    "text",
    [
        "### Attendees\n\n- [x] Ada / @ada\n- [ ] Bob\n",
        "### Agenda\n\n- [x] Looms\n- [ ] Cards\n",
        "### Looms\n\n- [x] Is it oiled?\n  - Yes.\n- [x] Is it painted?\n  - No.\n",
        "### Looms\n\n- [ ]\n",
    ],
)
def test_a_roll_call_and_an_agenda_have_boxes_too(text: str) -> None:
    assert outcomes(text) == []


# --- languages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "- **Beschluss:** Wir bauen", [("decision", "Wir bauen", None)]),
        ("de", "### Aufgaben\n\n- Bob: ölen\n- keine", [("action", "Bob: ölen", "Bob")]),
        ("de", "- Wir beschließen es", [("decision", "Wir beschließen es", None)]),
        ("de", "- Bob kümmert sich um das Öl", [("action", "Bob kümmert sich um das Öl", "Bob")]),
        ("de", "| Aufgabe | Wer |\n|-|-|\n| ölen | Bob |", [("action", "ölen", "Bob")]),
        ("de", "- Fazit: Wir bauen", [("decision", "Wir bauen", None)]),
        ("de", "- Es wird angenommen.", [("decision", "Es wird angenommen.", None)]),
        ("de", "- Hausaufgabe für Bob: ölen", [("action", "ölen", "Bob")]),
        ("de", "Bob aktualisiert die Seite.", [("action", "Bob aktualisiert die Seite.", "Bob")]),
        ("fr", "Il est adopté à 7 voix", [("decision", "Il est adopté à 7 voix", None)]),
        ("fr", "Approuvé à l’unanimité", [("decision", "Approuvé à l’unanimité", None)]),
        ("fr", "### Nouvelles tâches\n\n- Bob : huiler", [("action", "Bob : huiler", "Bob")]),
        ("fr", "### Tâches de la réunion précédente\n\n- Bob : huiler", []),
        ("es", "Se aprueba la compra", [("decision", "Se aprueba la compra", None)]),
        ("es", "### Nuevas tareas\n\n- limar (Bob)", [("action", "limar (Bob)", "Bob")]),
        ("pt", "### Próximas etapas\n\n- olear", [("action", "olear", None)]),
        ("pt", "- A compra foi aprovada", [("decision", "A compra foi aprovada", None)]),
        ("fr", "- Décision : construire", [("decision", "construire", None)]),
        ("fr", "**À faire :**\n\n- huiler (Bob)", [("action", "huiler (Bob)", "Bob")]),
        ("fr", "### Actions\n\n- Aucune action", []),
        ("es", "### Puntos acordados\n\n- Construir", [("decision", "Construir", None)]),
        ("es", "### Tareas\n\n- limar → Bob\n- Ninguna.", [("action", "limar → Bob", "Bob")]),
        ("pt", "- **Decisão:** construir", [("decision", "construir", None)]),
        ("pt", "### Encaminhamentos\n\n- Bob vai olear", [("action", "Bob vai olear", "Bob")]),
    ],
)  # fmt: skip
def test_the_words_of_other_languages(
    language: str, text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    found = outcomes(f"{PEOPLE}{text}\n", language)
    assert [(kind, text, owner) for kind, text, _, owner in found] == expected


# --- places -------------------------------------------------------------------------------


def test_an_outcome_knows_its_agenda_item() -> None:
    meeting = read_meeting("### Agenda\n\n- **Ada:** Looms\n  - **Decision:** Build it\n")
    anchor = "2025-12-16-agenda-looms"
    assert meeting.outcomes == (Outcome("decision", "Build it", anchor),)


def test_an_outcome_knows_its_line() -> None:
    text = (
        "### Looms\n\nWe talked.\nDecision: build\nit\n\n### Actions\n\n- oil it\n\n"
        "| Task |\n|---|\n| paint it |\n"
    )
    assert [(o.text, o.line) for o in read_meeting(text).outcomes] == [
        ("build it", 6),
        ("oil it", 11),
        ("paint it", 15),
    ]


def test_open_actions_come_first_then_decisions_then_what_is_done(site) -> None:
    site.write(
        "notes/2025.md",
        "## 2025-12-16\n\n- Decision: Build it\n- [x] Action: Paint it\n\n"
        "## 2025-12-02\n\n### Looms\n\n- Action: Oil it, @ada\n",
    )
    site.write("index.md", "# Home\n\n```{cafe:outcomes}\n```\n\n```{toctree}\nnotes/index\n```\n")
    page = site.build().article("index.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2")] == [
        "Open actions",
        "Decisions",
        "Done",
    ]
    assert [item.get_text().strip() for item in page.select(".cafe-index li")] == [
        "2025-12-02 Oil it, @ada ada · Looms",
        "2025-12-16 Build it",
        "2025-12-16 Paint it",
    ]
    assert page.select_one(".cafe-index a")["href"] == "notes/2025.html#2025-12-02-looms"
