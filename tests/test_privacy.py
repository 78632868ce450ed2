"""What the options for privacy keep off the site is in no byte of any output."""

from __future__ import annotations

import gzip
import html
import io
import re
import unicodedata
import zipfile
import zlib
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from cafe_site.notes.dialect import hidden_word, plain_text
from cafe_site.notes.identities import who_is_hidden
from cafe_site.notes.model import NotesFile, Privacy, ProblemKind
from cafe_site.notes.reader import read
from cafe_site.notes.sections import section_key
from cafe_site.vocabulary import vocabulary
from tests.conftest import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILDERS = (
    "html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "texinfo", "gettext",
)  # fmt: skip

# --- what is planted ------------------------------------------------------------------------

# One is hidden by name, one by handle, one by both; their lines in one file say the rest.
HIDE = ["Zelqa Quuxhid", "@qarlhid", "Zöeqa Ñuxhid / zonuxhid"]
DROP = ["Ice breaker", "🧊", "# Private **matters**"]
SECRETS = (
    *("zelqa", "quuxhid", "zelxhid", "qarlo", "vexhid", "qarlhid", "zoeqa", "nuxhid", "zonuxhid"),
    *("dropsecret", "drop-secret"),
)
SIGN_IN = """\
## 2024-03-05

### Check-in

- Zelqa Quuxhid / @zelxhid / Uni
- Qarlo Vexhid (he/him) / @qarlhid
- Zöeqa Ñuxhid, Uni
- Ada Byron / @ada-b
"""
DECOMPOSED = unicodedata.normalize("NFD", "Zöeqa Ñuxhid")
# Wherever they stand.
FORMS = (
    "Zelqa Quuxhid",
    "**Zelqa** Quuxhid",
    "ZELQA  QUUXHID's",
    "Quuxhid, Zelqa",
    "Zelqa M. Quuxhid",
    "Zel\u200bqa Quux\u00adhid",
    "Zel**qa** Quuxhid",
    "@zelxhid",
    "@ZelXhid!",
    "`zelxhid`",
    "zelxhid",
    "zelxhid/repo#12",
    "[Zelqa](https://github.com/zelxhid)",
    "[her pull request](https://github.com/zelxhid/repo/pull/3)",
    "<https://github.com/search?q=author%3Azelxhid>",
    "https://github.com/zel%78hid/repo/issues/1",
    "[mail](mailto:zelqa.quuxhid@example.org)",
    '[a link](https://example.org "by Zelqa Quuxhid")',
    '![Zelqa Quuxhid](https://example.org/zelxhid.png "Zelqa Quuxhid")',
    '![a picture](https://example.org/a.png "@zelxhid")',
    "[![@qarlhid](https://example.org/b.png)](https://example.org)",
    "Qarlo&nbsp;Vexhid",
    "Qarlo\nVexhid",
    "Qarlo Vexhid (@qarlhid)",
    "&#81;arlo Vexhid",
    "[name=Qarlo Vexhid]",
    DECOMPOSED,
    "Zoeqa Nuxhid",
    "ｚｏｎｕｘｈｉｄ",
    "zonuxhid.github.io",
)
PLACES = (
    "{}",
    "Thanks to {}, who did it.",
    "## 2025-{date} With {}",
    "### About {}",
    "About {}\n---",
    "- {}",
    "- a\n  - b\n    - {}",
    "1. {}\n   and more",
    "> {}",
    "> - > {} said so",
    "- **{}:** spoke",
    "- **{} (5m):** spoke",
    "- **Action:** {} does it",
    "- [ ] Action ({}): does it",
    "- Agreed: {} decides",
    "- **Host:** {}",
    "| Name | by |\n|---|---|\n| {} | a |",
    "| {} | by |\n|---|---|",
    "~~{}~~ *{}*",
    "A note.[^{n}]\n\n[^{n}]: By {}",
    "> [!NOTE]\n> {}",
    "**Tags:** a, {}",
    "### Attendees\n\n#### Room 1\n\n- {}\n- Ada Byron / @ada-b",
    "### Sign in\n\n- {} / Uni\n  - nested {}\n- {} @ Uni",
    "Roll call:\n\n* {} – Uni 🎉",
    "Present: {}, Ada Byron",
    "**Regrets:** Ada Byron and {}",
    "- **Attendees:** Ada Byron, {} (Uni)",
    "### Guests\n\nAda Byron\n{}",
    "| Attendee | Lab |\n|---|---|\n| {} | Uni |",
    "| Lab | Name | Present |\n|---|---|---|\n| Uni | {} | x |",
    "[{n}]: https://example.org/zelxhid 'Zelqa Quuxhid'",
    "[see][n{n}]\n\n[n{n}]: https://example.org/{n} 'Zelqa Quuxhid'",
    "[x](#2024-03-05-zelqa-quuxhid)",
)
# Code is shown as it was typed, with all markup.
PLACES_IN_CODE = ("```\n{}\n```", "~~~ {}\ncode\n~~~", "    {}", "`` {} ``", "- ~~~\n  {}\n  ~~~")
# A first name alone, where it can be nothing else.
FIRST_NAMES = """\
### Attendees

- Zelqa
- Zelqa 🎉
- Qarlo!
- Zelqa, Uni
- Zelqa @ Uni
- Zelqa | Uni
- Zelqa / zelxhid
- [Qarlo](https://github.com/qarlhid)

### Agenda

- **Zelqa:** Looms
- **Zelqa (5m):** Mills
- **Qarlo** Cards
- **Ada & Zelqa:** Both
- [name=Zelqa] Wheels
- **Action (Zelqa):** asks
- Action: **Qarlo** asks
- Notes: Zelqa, Ada
- Zelqa (@zelxhid) asks

| Who | What |
|---|---|
| Zelqa | Looms |
"""
DROPPED = """\
{mark} Ice Breaker :tada:

dropsecret [a], [see drop-secret][b], and a note.[^secret]

[a]: https://example.org/dropsecret
[b]: https://example.org/drop-secret
[c-dropsecret]: https://example.org/unused-dropsecret
[^secret]: dropsecret
[^other]: dropsecret

{mark}# Below it

- dropsecret

{mark} Kept

It stays.[^secret] [b] [text][b]

- a

  {mark} :ice_cube:

  dropsecret

- stays in the list

> {mark} private matters
>
> dropsecret

{mark} 🧊

```
dropsecret
```
"""


def plant(site: Site) -> None:
    """Write all forms at all places into several files and series."""
    site.write("conf.py", CONF)
    site.write("index.md", INDEX)
    site.write("notes/2024.md", SIGN_IN)
    number = 0
    meetings: list[str] = []
    for place in (*PLACES, *PLACES_IN_CODE):
        for form in FORMS:
            number += 1
            if "\n" in form and (place.startswith("##") or place in PLACES_IN_CODE):
                continue
            if place in PLACES_IN_CODE and ("&" in form or "Zel**" in form):
                continue
            date = f"{1 + number % 12:02}-{1 + number % 28:02}"
            text = place.replace("{}", form)
            text = text.replace("{n}", f"note{number}").replace("{date}", date)
            meetings.append(f"## 2025-{date} Item {number}\n\n### Part\n\n{text}\n\nEnd.\n")
    half = len(meetings) // 2
    front = "---\ntitle: Notes by Zelqa Quuxhid\ntags: [a, '@qarlhid', zelqa]\n---\n"
    top = "".join(f"Thanks to {form}.\n\n" for form in FORMS)
    site.write(
        "notes/2025.md", f"{front}{top}{DROPPED.format(mark='##')}{''.join(meetings[:half])}"
    )
    site.write("notes/team/2025.md", f"# {DECOMPOSED} and @zelxhid\n\n{''.join(meetings[half:])}")
    misdated = f"## Febtober 3\n\n{DROPPED.format(mark='###')}"
    site.write(
        "notes/team/2024.md",
        f"{misdated}\n## 2024-02-06\n\n{FIRST_NAMES}\n{DROPPED.format(mark='###')}",
    )
    site.write("notes/broken/2023.md", "---\nZelqa Quuxhid: [\n---\n\n## 2023-01-03\n\nText.\n")


CONF = f"""\
extensions = ["cafe_site"]
html_theme = "basic"
html_baseurl = "https://cafe.example.org/"
cafe_hide_people = {HIDE!r}
cafe_drop_sections = {DROP!r}
version = "1"
copyright = "the community"
suppress_warnings = ["cafe.duplicate_date", "cafe.front_matter", "cafe.not_a_date", "epub"]
latex_documents = [("index", "notes.tex", "Notes", "", "manual")]
"""
INDEX = """\
# Home

```{cafe:latest}
```

```{cafe:people}
```

```{cafe:outcomes}
```

```{cafe:discussed}
```

```{cafe:tags}
```

```{cafe:archive}
```
"""

# --- what is searched -----------------------------------------------------------------------


def contents(path: Path) -> Iterator[bytes]:
    """Yield what a file holds, also in compressed form."""
    data = path.read_bytes()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from map(archive.read, archive.namelist())
    elif path.name == "objects.inv":
        yield zlib.decompress(data.split(b"\n", 4)[4])


class _WithoutMarks(dict[int, int | None]):
    """A table for `str.translate` that drops accents and what cannot be seen."""

    def __missing__(self, code: int) -> int | None:
        mark = unicodedata.combining(chr(code)) or unicodedata.category(chr(code)) == "Cf"
        self[code] = None if mark else code
        return self[code]


WITHOUT_MARKS = _WithoutMarks()


def folded(text: str) -> str:
    """Return a text without capital letters, accents, and what cannot be seen."""
    if text.isascii():  # most are, and these are long
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return decomposed.translate(WITHOUT_MARKS)


def readings(data: bytes) -> set[str]:
    """Return what somebody, or a program, may read in a file."""
    text = data.decode("utf-8", "ignore")
    found = {text, re.sub(r"<[^<>]{0,2000}>", "", text)}
    found |= {unquote(html.unescape(one)) for one in found}
    found |= {re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), one) for one in found}
    return {folded(one) for one in found}


def leaks(folder: Path, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Return where a secret is found in the files of a folder, or in their names."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: its name" for secret in secrets if secret in folded(name)]
        if not path.is_file():
            continue
        for data in contents(path):
            for text in readings(data):
                for secret in secrets:
                    if (place := text.find(secret)) >= 0:
                        found.append(f"{name}: {text[max(0, place - 60) : place + 40]!r}")
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("privacy") / "project")
    plant(site)
    return site


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_byte_of_an_output_names_hidden_people_or_has_dropped_text(
    planted: Site, builder: str
) -> None:
    # What Sphinx stores lies in the output, unless it is told to put it elsewhere.
    folder = "gettext" if builder == "gettext" else "html"
    build = planted.build(builder, doctreedir=f"{folder}/.doctrees")
    assert leaks(build.outdir) == []
    text = " ".join(p.read_text("utf-8", "ignore") for p in build.outdir.rglob("*2024*.html"))
    if builder == "html":
        assert {"notes.atom", "meetings.json", "objects.inv", "llms.txt"} <= {
            path.name for path in build.outdir.iterdir()
        }
        assert list(build.outdir.glob("pagefind/fragment/*"))
        for words in ("Ada Byron", "It stays.", "stays in the list", "A participant"):
            assert words in text


def test_the_search_for_secrets_finds_them(planted: Site) -> None:
    overrides = {"cafe_hide_people": [], "cafe_drop_sections": []}
    build = planted.build(
        outdir="shown", doctreedir="shown-doctrees", overrides=overrides, warnings=True
    )
    for secret in SECRETS:
        if secret != "nuxhid":
            assert leaks(build.outdir / "notes", (secret,)), secret
    found = leaks(build.outdir)
    for part in ("pagefind/", "notes.atom", "meetings.json", "objects.inv", "searchindex.js"):
        assert any(line.startswith(part) for line in found), part


# --- who is hidden --------------------------------------------------------------------------


def hide(text: str, *people: str, archive: tuple[str, ...] = (), drop: str = "") -> NotesFile:
    """Read a file of notes without some people, as one of several."""
    sections = frozenset({section_key(drop)} if drop else ())
    hidden = who_is_hidden(people, (text, *archive), vocabulary())
    return read(text, 2025, privacy=Privacy(frozenset(people), sections, hidden))


def words(notes: NotesFile) -> str:
    """Return all words of a file, a line for each paragraph."""
    bodies = (notes.introduction, *(entry.body for entry in notes.entries))
    tokens = [token for body in bodies for token in body]
    return "\n".join(
        plain_text(token.children) if token.type == "inline" else token.content
        for token in tokens
        if token.type == "inline" or token.content
    )


def meeting(text: str) -> str:
    return f"## 2025-12-16\n\n### Check-in\n\n{text}\n"


ADA = "## 2024-01-09\n\n### Check-in\n\n- Ada Lovelace / @ada-l / Analytical\n"


@pytest.mark.parametrize("entry", ["Ada Lovelace", "ada-l", "@ADA-L", "https://github.com/ada-l"])
@pytest.mark.parametrize(
    "line",
    [
        "- Ada Lovelace",
        "- ada lovelace / Analytical",
        "- Ada Lovelace, Analytical",
        "- Ada Lovelace @ Analytical",
        "- Ada Lovelace - Analytical",
        "- Ada Lovelace (she/her)",
        "- Ada Lovelace from Analytical",
        "- Dr. Ada Lovelace",
        "- Ada M. Lovelace | Analytical",
        "- 🎉 Ada Lovelace!",
        "- **Ada** _Lovelace_",
        "- [Ada Lovelace](https://example.org/)",
        "- [Ada](https://github.com/Ada-L)",
        "- [ ] Ada Lovelace",
        "- Ada / ada-l",
        "- Ada (@ada-l)",
        "- @ada-l",
        "- @ada-l / Ada / Analytical",
        "- Analytical / Ada Lovelace / @ada-l",
        "- Ada",
        "- Ada, Analytical",
        "- ADA!",
        "1. Ada Lovelace",
        "* Ada Lovelace",
        "#### Room 1\n\n- Ada Lovelace",
        "> - Ada Lovelace",
        "Roll call\n\n- Ada Lovelace",
    ],
)
def test_a_line_of_a_list_is_hidden_in_any_form(entry: str, line: str) -> None:
    below = "" if line[0] in "1>" else "  - nested Ada\n"
    notes = hide(meeting(f"{line}\n{below}"), entry, archive=(ADA,))
    assert words(notes).splitlines()[-1] == hidden_word()
    assert not re.search("ada|lovelace|analytical", words(notes), re.IGNORECASE)
    attendees = notes.meetings[0].attendees
    assert all(person.hidden and person.name == hidden_word() for person in attendees)
    assert attendees or line.startswith(("#", ">"))
    assert notes.problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Present: Ada (Analytical), Bob", "Present: {}, Bob"),
        ("**Present:** Bob, [Ada](https://a.example), Carl", "Present: Bob, {}, Carl"),
        ("Regrets: Ada Lovelace (@ada-l), Bob", "Regrets: {}, Bob"),
        ("### Guests\n\nAda, Analytical\\\nBob", "Guests\n{} Bob"),
        ("- **Attendees:** Bob and Ada / Analytical", "Attendees: Bob and {}"),
        ("| Attendee | Lab |\n|---|---|\n| Ada | Analytical |", "Attendee\nLab\n{}\n"),
        ("Present:\n\n- Bob Byron and Ada Lovelace / Mill", "Present:\nBob Byron and {} / Mill"),
        ("Present:\n\n- Ada Lovelace (@ada-l) & Bob / Mill", "Present:\n{} & Bob / Mill"),
        ("Present:\n\n- Mill: Ada Lovelace, Bob", "Present:\nMill: {}, Bob"),
        ("Present:\n\n- Mill\n  - Ada, Uni\n  - Bob Byron", "Present:\nMill\n{}\nBob Byron"),
        ("Present:\n\n- Guests Ada Lovelace", "Present:\nGuests {}"),
        ("- **Present**\n\n  Ada, Bob Byron", "Present\n{}, Bob Byron"),
        ("Members present:\n\n1. Ada, Analytical", "Members present:\n{}"),
        ("### Guests\n\n    Ada, Bob Byron", "Guests\n{}, Bob Byron\n"),
        (
            "### Guests\n\nBoard:\n- Bob Byron\n\nStaff:\n- Ada, Uni",
            "Guests\nBoard:\nBob Byron\nStaff:\n{}",
        ),
    ],
)
def test_a_part_of_a_line_of_people_is_hidden(text: str, expected: str) -> None:
    notes = hide(f"## 2025-12-16\n\n{text}\n", "ada-l", archive=(ADA,))
    assert words(notes) == expected.format(hidden_word())
    assert notes.problems == ()


@pytest.mark.parametrize(
    "text",
    ["Present: Ada Lovelace (@ada-l), Bob", "Regrets: [Ada Lovelace](https://github.com/ada-l)",
     "| Attendee | GitHub |\n|---|---|\n| Ada Lovelace | @ada-l |",
     "### Guests\n\nAda Lovelace / @ada-l\\\nBob",
     "Present:\n\n- Mill: Ada Lovelace (@ada-l), Bob (@bob)\n- Uni: Carl Roe, Dora",
     "Present:\n\n- Bob Byron (@bob) and Ada Lovelace (@ada-l)",
     "Present:\n\n- Mill\n  - Bob Byron\n  - Ada Lovelace / @ada-l",
     "- Date: today\n- Attendees:\n  - Ada Lovelace, @ada-l",
     "### Guests\n\n    Bob Byron\n    Ada Lovelace / @ada-l",
     "### Guests\n\nBoard:\n- Bob\n\nStaff:\n- Ada Lovelace, @ada-l"],
)  # fmt: skip
def test_every_list_of_people_tells_who_is_who(text: str) -> None:
    hidden = who_is_hidden(["ada-l"], [f"## 2025-12-16\n\n{text}\n"], vocabulary())
    assert hidden.names == {"ada lovelace"}


def test_the_words_of_the_mark_alone_hide_nobody() -> None:
    (found,) = hide(meeting("- A participant / @bob")).meetings
    assert [(a.name, a.handle, a.hidden) for a in found.attendees] == [
        (hidden_word(), "bob", False)
    ]


def test_a_hidden_person_makes_no_name_known() -> None:
    text = meeting("- Ada Lovelace / @ada-l\n\n### Agenda\n\n- **A** loom\n- **Participant** b")
    (found,) = hide(text, "ada-l").meetings
    assert [topic.speaker for topic in found.topics] == [None, None]
    assert found.topics[0].title == "A loom"


OTHERS = """\
- Ada Byron / @byron
- Ada Countess / @ada-l2
- Adam Lovelace / @lovelace
- Lovelace Adams / @ada
- Bob / @bob (with Ada Lovelace)
"""


def test_others_of_the_same_name_are_shown() -> None:
    rest = (
        "### Agenda\n\n- **Ada Byron (5m):** Looms\n- @ada-l2 and @ada-l-x and Ada Byron's mills\n"
    )
    notes = hide(meeting(f"{OTHERS}\n{rest}"), "ada-l", archive=(ADA,))
    shown = words(notes)
    assert [(a.name, a.handle) for a in notes.meetings[0].attendees] == [
        ("Ada Byron", "byron"),
        ("Ada Countess", "ada-l2"),
        ("Adam Lovelace", "lovelace"),
        ("Lovelace Adams", "ada"),
        ("Bob", "bob"),
    ]
    assert notes.meetings[0].topics[0].speaker == "Ada Byron"
    assert "@ada-l2 and @ada-l-x and Ada Byron's mills" in shown
    assert shown.count(hidden_word()) == 1
    assert notes.problems == ()


@pytest.mark.parametrize(
    ("lines", "speaker"),
    [
        ("- Ada Lovelace / @ada-l", None),
        ("- Ada Byron / @byron", "Ada"),
    ],
)
def test_a_first_name_is_that_of_whoever_was_there(lines: str, speaker: str | None) -> None:
    text = meeting(f"{lines}\n\n### Agenda\n\n- **Ada (5m):** Looms")
    byron = meeting("- Ada Byron / @byron").replace("2025", "2023")
    notes = hide(text, "ada-l", archive=(ADA, byron))
    assert notes.meetings[0].topics[0].speaker == speaker
    assert notes.problems == ()


def test_what_cannot_be_known_is_reported_with_its_line() -> None:
    text = meeting("- Ada\n- Bob\n\n### Agenda\n\nWe thank Ada.\nAnd\nMs Lovelace!")
    notes = hide(text, "ada-l", archive=(ADA, meeting("- Ada Byron / @byron")))
    assert [(p.kind, p.line) for p in notes.problems] == [
        (ProblemKind.HIDDEN_PERSON, line) for line in (5, 10, 12)
    ]
    assert "Ada" not in notes.problems[0].message
    assert "We thank Ada." in words(notes)


def test_affiliations_and_words_of_a_template_join_nobody() -> None:
    text = meeting(
        "- Example University / Ada Lovelace / @ada-l\n- Bob / @bob / Example University\n"
        "- Carl Roe / Example University\n"
    )
    shown = words(hide(text, "ada-l"))
    assert shown.count("Example University") == 2
    assert shown.count(hidden_word()) == 1


def test_a_first_name_alone_joins_only_one_person() -> None:
    alone = hide(meeting("- Ada / @ada-l"), "Ada Lovelace", archive=(meeting("- Ada Lovelace"),))
    assert words(alone).splitlines()[-1] == hidden_word()
    two = (meeting("- Ada Lovelace"), meeting("- Ada Byron"))
    assert "@ada-l" in words(hide(meeting("- Ada / @ada-l"), "Ada Lovelace", archive=two))
    # Two lines of one list are two people.
    both = hide(meeting("- Ada Lovelace\n- Ada / @ada-l"), "Ada Lovelace")
    assert words(both).splitlines()[-2:] == [hidden_word(), "Ada / @ada-l"]


def test_a_date_may_be_a_handle() -> None:
    notes = hide("## 16 December 2025: December and more\n", "@december")
    assert [(m.id, m.title) for m in notes.meetings] == [
        ("2025-12-16", f"{hidden_word()} and more"),
    ]


# --- sections -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "drop"),
    [
        ("### Ice breaker", "ice breaker"),
        ("### ICE *breaker* :tada:", "Ice breaker"),
        ("### Ice breaker 🧊", "Ice-breaker!"),
        ("Ice breaker\n---", "Ice breaker"),
        ("### 🧊", "🧊"),
        ("### :ice_cube:", "🧊"),
        ("### 🧊", ":ice_cube:"),
        ("### ❄️", "❄"),
        ("### ???", "???"),
    ],
)
@pytest.mark.parametrize("above", ["", "## 2025-12-16\n\n", "# Notes\n\n", "## Febtober 1\n\n"])
def test_a_section_is_dropped_wherever_it_stands(heading: str, drop: str, above: str) -> None:
    text = f"{above}{heading}\n\nhush [a][b] x[^1]\n\n[b]: https://hush.example\n[^1]: hush\n"
    notes = hide(f"{text}\n\n## 2025-12-09\n\n### Kept\n\nx[^1] [b]\n", drop=drop)
    assert "hush" not in words(notes)
    assert words(notes).endswith("Kept\nx[^1] [b]")


def test_what_is_dropped_ends_with_its_container() -> None:
    text = "> ### Secret\n>\n> hush\n\nkept\n\n- a\n\n  ### Secret\n\n  hush\n- b\n\n## 🧊\n\nc\n"
    assert words(hide(f"## 2025-12-16\n\n{text}", drop="secret")).split() == [
        *("kept", "a", "b", "🧊", "c"),
    ]


def test_lines_are_those_of_the_file_below_a_dropped_section() -> None:
    text = "## 2025-12-16\n\n### Secret\n\nhush\n\n### Kept\n\nWe thank Ada.\n"
    notes = hide(text, "Ada Lovelace", drop="secret")
    assert [problem.line for problem in notes.problems] == [9]


# --- builds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_file_says_of_a_person_counts_for_all_others(site: Site, jobs: int) -> None:
    """Incremental builds are those from nothing, and parallel ones those one by one."""
    site.write("conf.py", (site.root / "conf.py").read_text() + 'cafe_hide_people = ["ada-l"]\n')
    site.write("notes/index.md", INDEX.replace("Home", "Archive"))
    site.write("notes/2025.md", meeting("- Ada Lovelace\n- Bob"))
    for number in range(8):
        site.write(f"notes/series/{2010 + number}.md", f"## {2010 + number}-01-01\n\nText.\n")
    before = site.build(jobs=jobs)
    assert "Ada Lovelace" in before.article("notes/2025.html").text
    site.write("notes/2024.md", ADA)
    after = site.build(jobs=jobs)
    assert leaks(after.outdir, ("lovelace", "ada-l")) == []
    cold = site.build(outdir="cold", doctreedir="cold-doctrees")
    assert after.files() == cold.files()
    (site.root / "notes/2024.md").unlink()
    assert "Ada Lovelace" in site.build(jobs=jobs).article("notes/2025.html").text


def test_the_search_index_forgets_who_is_hidden_later(site: Site) -> None:
    site.write("notes/2025.md", f"{ADA.replace('2024', '2025')}\n### Secret\n\nhush\n")
    site.build()
    options = {"cafe_hide_people": ["ada-l"], "cafe_drop_sections": ["secret"]}
    assert leaks(site.build(overrides=options).outdir, ("lovelace", "hush")) == []


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("cafe_hide_people", "ada, bob", "'ada, bob' must be one person"),
        (
            "cafe_hide_people",
            "https://example.org/ada",
            "must be a handle or a name, not a URL",
        ),
        ("cafe_hide_people", "ada@example.org", "'ada@example.org' is not a valid handle"),
        ("cafe_hide_people", "Ada / ", "must be a handle or a name"),
        ("cafe_hide_people", " ", "must not be empty"),
        ("cafe_drop_sections", "", "must not be empty"),
        ("cafe_drop_sections", "##", "must be the words of a heading"),
    ],
)
def test_options_that_would_hide_nothing_are_refused(
    site: Site, option: str, value: str, message: str
) -> None:
    from sphinx.errors import ConfigError

    with pytest.raises(ConfigError, match=r"^conf\.py: ") as error:
        site.build(overrides={option: [value]})
    assert f"{option}: " in str(error.value)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
