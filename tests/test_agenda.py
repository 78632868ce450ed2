"""Who leads the items of an agenda, and for how long."""

from __future__ import annotations

import pytest

from cafe_site.notes.agenda import Lead, lead
from cafe_site.notes.dialect import markdown, plain_text
from cafe_site.notes.model import Attendee
from cafe_site.notes.reader import read
from cafe_site.notes.rendering import Rendering
from cafe_site.notes.speakers import known_names, split_names
from cafe_site.vocabulary import vocabulary

PEOPLE = [
    Attendee("Ada Lovelace", "ada-l"),
    Attendee("Bob", "bob99"),
    Attendee("Cléo Dupont"),
    Attendee("Christopher Hill", "chill"),
    Attendee("Émile"),
]
KNOWN = known_names(PEOPLE)


def read_line(text: str, language: str = "en") -> Lead:
    """Read one line of an agenda at which `PEOPLE` were there."""
    return lead(markdown().parseInline(text)[0], KNOWN, vocabulary(language))


@pytest.mark.parametrize(
    ("item", "speaker", "minutes", "title"),
    [
        # HackMD's marks.
        ("[name=Zoe] Engines", "Zoe", None, "Engines"),
        ("[name=Zoe Q] (5m): Engines", "Zoe Q", "5m", "Engines"),
        ("[name=Zoe] [time=5 minutes] Engines", "Zoe", "5 minutes", "Engines"),
        ("[time=5 minutes] [name=Zoe] Engines", "Zoe", "5 minutes", "Engines"),
        ("[name=Zoe][name=Yan] Engines", "Zoe, Yan", None, "Engines"),
        ("[name=Zoe & Yan] Engines", "Zoe & Yan", None, "Engines"),
        ("[name=Zoe] [time=Mon, Oct 3, 2025] Engines", "Zoe", None, "Engines"),
        ("_[name=Zoe] (10m): Engines_", "Zoe", "10m", "Engines"),
        ("Engines, again [name=Zoe]", "Zoe", None, "Engines, again"),
        # Bold names.
        ("**Ada (5m):** Engines", "Ada", "5m", "Engines"),
        ("**Ada (5min)**: Engines", "Ada", "5min", "Engines"),
        ("**Ada** (15mins): Engines", "Ada", "15mins", "Engines"),
        ("**Ada** (10 min) Engines", "Ada", "10 min", "Engines"),
        ("**Ada** 10 mins: Engines", "Ada", "10 mins", "Engines"),
        ("**Ada** 5 - 10 mins: Engines", "Ada", "5 - 10 mins", "Engines"),
        ("**Ada** 1-2 min look at engines", "Ada", "1-2 min", "look at engines"),
        ("**Ada:** Engines", "Ada", None, "Engines"),
        ("**Ada**: Engines", "Ada", None, "Engines"),
        ("**Ada** engines", "Ada", None, "engines"),
        ("**Ada** - engines", "Ada", None, "engines"),
        ("**Ada, Zoe & Bob:** Engines", "Ada, Zoe & Bob", None, "Engines"),
        ("**Ada** and **Bob** (5 min): Engines", "Ada and Bob", "5 min", "Engines"),
        ("**Zoe c/o Bob (10m)**: Engines", "Zoe c/o Bob", "10m", "Engines"),
        ("**Ada (no idea how long)**: Engines", "Ada (no idea how long)", None, "Engines"),
        ("**@zoe:** Engines", "@zoe", None, "Engines"),
        # Names without markup.
        ("Ada: Engines", "Ada", None, "Engines"),
        ("Ada Lovelace: Engines", "Ada Lovelace", None, "Engines"),
        ("ada-l: Engines", "ada-l", None, "Engines"),
        ("AL: Engines", "AL", None, "Engines"),
        ("Ada L.: Engines", "Ada L.", None, "Engines"),
        ("Chris Hill: Engines", "Chris Hill", None, "Engines"),
        ("Emile: Engines", "Emile", None, "Engines"),
        ("Ada 3 mins: Engines", "Ada", "3 mins", "Engines"),
        ("Ada (10 mins): Engines", "Ada", "10 mins", "Engines"),
        ("Ada (5 min discussion):", "Ada", "5 min", ""),
        ("Ada [10min] - Engines", "Ada", "10min", "Engines"),
        ("Ada - Engines", "Ada", None, "Engines"),
        ("Ada + Zoe - Engines", "Ada + Zoe", None, "Engines"),
        ("[Ada] Engines", "Ada", None, "Engines"),
        (r"\[Ada\] Engines", "Ada", None, "Engines"),
        ("(ada-l) Engines", "ada-l", None, "Engines"),
        ("Bob", "Bob", None, ""),
        # At the end.
        ("Engines (Ada)", "Ada", None, "Engines"),
        ("Engines (Ada, Zoe)", "Ada, Zoe", None, "Engines"),
        ("Engines [Ada]", "Ada", None, "Engines"),
        ("Engines (@zoe)", "@zoe", None, "Engines"),
        ("Engines (Lead: @zoe)", "@zoe", None, "Engines"),
        ("Engines (5m)", None, "5m", "Engines"),
        ("Engines (2–5m)", None, "2–5m", "Engines"),
        ("Engines (5m, Zoe, Yan)", "Zoe, Yan", "5m", "Engines"),
        ("Engines (5m) (Ada)", "Ada", "5m", "Engines"),
        ("Engines - Ada", "Ada", None, "Engines"),
        ("Engines -- Ada, Bob (remote) +1", "Ada, Bob", None, "Engines"),
        ("Engines - 10 min", None, "10 min", "Engines"),
        ("Bob: Engines [3m]", "Bob", "3m", "Engines"),
        ("Engines https://example.org (Ada)", "Ada", None, "Engines"),
        ("Engines | Ada", "Ada", None, "Engines"),
        ("Engines| Ada & Bob", "Ada & Bob", None, "Engines"),
        ("Engines (Ada presenting)", "Ada", None, "Engines"),
        ("Engines (led by Ada)", "Ada", None, "Engines"),
        ("Engines (Ada). More of them", "Ada", None, "Engines. More of them"),
        ("Engines (Ada) - if there is time", "Ada", None, "Engines - if there is time"),
        # Words that say so.
        ("Engines led by Zoe Quill", "Zoe Quill", None, "Engines"),
        ("Engines, presented by Ada and Bob", "Ada and Bob", None, "Engines"),
        ("Demo by Zoe", "Zoe", None, "Demo by Zoe"),
        ("Engines via @zoe", "@zoe", None, "Engines"),
        ("Engines from [@zoe](https://github.com/zoe)", "@zoe", None, "Engines"),
        ("Updates from Ada", "Ada", None, "Updates"),
        # Handles.
        ("@zoe on engines", "@zoe", None, "engines"),
        ("@zoe & @yan: engines", "@zoe & @yan", None, "engines"),
        ("[@zoe](https://github.com/zoe) engines", "@zoe", None, "engines"),
        ("20m: @zoe on engines", "@zoe", "20m", "engines"),
        ("<= 5m: Engines led by [@zoe](https://github.com/zoe)", "@zoe", "<= 5m", "Engines"),
        # Only a time.
        ("⚡ (5 minutes) Engines", None, "5 minutes", "Engines"),
        ("10 min: Engines", None, "10 min", "Engines"),
        ("Engines (5 min): all of them", None, "5 min", "Engines: all of them"),
        ("<= 10m: Engines", None, "<= 10m", "Engines"),
        (r"\<= 10m: Engines", None, "<= 10m", "Engines"),
        ("~ 1h 30m: Engines", None, "~ 1h 30m", "Engines"),
        ("~ 1h [Engines](https://example.org)", None, "~ 1h", "Engines"),
        ("== 5m Engines", None, "== 5m", "Engines"),
        ("≥ 20 min Engines", None, "≥ 20 min", "Engines"),
        ("1 hour and 15 minutes: Engines", None, "1 hour and 15 minutes", "Engines"),
        ("Engines (1h30)", None, "1h30", "Engines"),
        ("Engines ~10m", None, "~10m", "Engines"),
        # From when to when, of the clock or of the meeting.
        ("10:00-10:15 Engines", None, "15 min", "Engines"),
        ("10:00 – 10:15: Engines", None, "15 min", "Engines"),
        ("11:50 am - 12:10 pm | Engines", None, "20 min", "Engines"),
        ("14h00-14h20 Engines", None, "20 min", "Engines"),
        ("Engines [0:35-0:45]", None, "10 min", "Engines"),
        ("Engines (Ada, 0:35 - 1:05)", "Ada", "30 min", "Engines"),
    ],
)
def test_the_speaker_of_an_agenda_item(
    item: str, speaker: str | None, minutes: str | None, title: str
) -> None:
    found = read_line(item)
    assert (found.speaker, found.minutes, found.title) == (speaker, minutes, title)


@pytest.mark.parametrize(
    "item",
    [
        "Engines at 15h20",
        "Engines: 20h",
        "Doors open 9:00-17:00",
        "9:00-17:00 Engines",
        "5 min of engines",
        "Python > 3.12",
        "~ 20 engines",
        "Release 1:10-1:05",
    ],
)
def test_other_numbers_are_no_planned_time(item: str) -> None:
    assert read_line(item).minutes is None


@pytest.mark.parametrize(
    "item",
    [
        "Engines",
        "**Engines**",
        "**Engines:** more of them",
        "Engines: more of them",
        "Security (urgent)",
        "Engines (in Python)",
        "Engines (see above)",
        "Engines - a talk",
        "[Engines](https://example.org): more of them",
        "**Description:** Engines",
        "**Zoe** engines",
        "Where this is kept: elsewhere",
        "Python 3.12 in 10 minutes or less",
        "[name=] engines",
        "Your name: engines",
        "Ada thinks that engines are loud",
        "@zoe to oil the engines",
        "@zoe will oil the engines",
        "Engines | looms",
        "Engines led by ???",
        "Engines from Debian",
        "Engines by default",
        "Power of engines (Watts) and looms",
        "AD: engines",
        "",
    ],
)
def test_other_items_have_no_speaker(item: str) -> None:
    assert read_line(item).speaker is None


@pytest.mark.parametrize("item", ["[name=Your name] Topic", "**Your name** (5 min): topic"])
def test_a_placeholder_is_nobody(item: str) -> None:
    found = read_line(item)
    assert (found.speaker, found.template) == (None, True)


@pytest.mark.parametrize(
    ("item", "maybe", "without"),
    [
        ("Zoe: Engines", "Zoe", "Engines"),
        ("**Zoe (5m):** Engines", "Zoe", "Engines"),
        ("[Zoe] Engines", "Zoe", "Engines"),
        ("Engines (Zoe)", "Zoe", "Engines"),
        ("Engines - Zoe Q", "Zoe Q", "Engines"),
    ],
)
def test_what_may_be_a_name_is_kept_apart(item: str, maybe: str, without: str) -> None:
    found = read_line(item)
    assert (found.speaker, found.maybe, found.without) == (None, maybe, without)


def test_the_units_of_time_are_those_of_the_language() -> None:
    assert read_line("Ada (5 Minuten): Motoren", "de").minutes == "5 Minuten"
    assert read_line("Motoren (10 Min., Zoe)", "de").speaker == "Zoe"
    assert read_line("Ada (1 heure) : Moteurs", "fr").minutes == "1 heure"


def test_the_words_next_to_names_are_those_of_the_language() -> None:
    assert read_line("Motoren, vorgestellt von Zoe", "de").speaker == "Zoe"
    assert read_line("Moteurs présentés (Ada présente)", "fr").speaker == "Ada"
    assert read_line("Motores presentado por Zoe", "es").speaker == "Zoe"
    assert read_line("Motores (apresentado por Ada)", "pt").speaker == "Ada"


def test_people_who_asked_not_to_be_named_are_nobody() -> None:
    assert known_names([Attendee("A participant", hidden=True)]) == frozenset()


def test_the_names_of_speakers_one_by_one() -> None:
    assert split_names("Ada (late), Bob & @cleo and Dan") == ("Ada", "Bob", "@cleo", "Dan")


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ("**Ada (5m):** Engines *hum*", "Ada (5m): Engines hum"),
        ("[name=Ada] [time=5 min] Engines", "Ada (5 min) Engines"),
        ("**Ada** and **Bob**: Engines", "Ada and Bob: Engines"),
    ],
)
def test_a_lead_is_shown_as_such(item: str, shown: str) -> None:
    text = f"## 2025-12-16\n\n### Attendees\n\n- Ada\n- Bob\n\n### Agenda\n\n- {item}\n"
    (entry,) = read(text, 2025).entries
    tokens = Rendering("x").tokens(entry.body)
    line = next(
        token
        for token in tokens
        if any(child.type == "speaker_open" for child in token.children or ())
    )
    assert plain_text(line.children) == shown


@pytest.mark.parametrize(
    "item",
    ["**Ada (5m discussion):** Engines", "**Zoe:** Engines", "**[Ada](https://e.org):** x"],
)
def test_what_would_lose_words_is_shown_as_it_is(item: str) -> None:
    text = f"## 2025-12-16\n\n### Attendees\n\n- Ada\n\n### Agenda\n\n- {item}\n"
    (entry,) = read(text, 2025).entries
    shown = [child.type for t in Rendering("x").tokens(entry.body) for child in t.children or ()]
    assert "speaker_open" not in shown
