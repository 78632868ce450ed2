"""No word that is shown stands outside of the catalogs, and all catalogs are whole."""

from __future__ import annotations

import datetime
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup
from icalendar import Calendar

import cafe_site
from cafe_site import cli, translation
from cafe_site.community import load_community
from cafe_site.community.schedule import occurrences
from cafe_site.formats import messages
from tests.conftest import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

PACKAGE = Path(cafe_site.__file__).parent
PO_FILES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/cafe_site.po"))
METHODS = [("**.py", "python"), ("templates/messages/**.jinja", "jinja2")]
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None, "_": None}
PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)(?:![rs])?\}")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Leave the language as it was: that of a build stays after it."""
    with translation.using(translation.ENGLISH):
        yield


def extracted() -> set[str | tuple[str, str]]:
    """Return the messages of the code and the templates."""
    found = extract_from_dir(str(PACKAGE), method_map=METHODS, keywords=KEYWORDS)
    return {
        tuple(message) if isinstance(message, tuple) else message for _, _, message, *_ in found
    }


def catalog_of(path: Path) -> Catalog:
    """Return the catalog in a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


# --- catalogs -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parent.parent.name)
def test_a_catalog_has_all_messages_with_their_placeholders(path: Path) -> None:
    catalog = catalog_of(path)
    assert {message.id for message in catalog if message.id} == extracted(), "run make messages"
    for message in catalog:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), f"not translated: {message.id}"
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = {place.group() for text in originals for place in PLACE.finditer(text)}
        for form in forms:
            found = {place.group() for place in PLACE.finditer(form)}
            # One minute may go without its number.
            assert found == wanted or (len(forms) > 1 and found < wanted), message.id
            assert form.count("\n") == originals[0].count("\n"), message.id
        assert not set(message.string if isinstance(message.string, tuple) else ()) & {""}


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parent.parent.name)
def test_a_compiled_catalog_is_that_of_the_texts(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)

    def texts(catalog: Catalog) -> list[list[list[str]]]:
        both = [(one.id, one.string) for one in catalog if one.id]
        return sorted(
            [[text] if isinstance(text, str) else list(text) for text in one] for one in both
        )

    assert texts(compiled) == texts(catalog_of(path))


def test_there_is_a_german_catalog() -> None:
    assert "de" in {path.parent.parent.name for path in PO_FILES}
    with translation.using("de_AT"):
        assert translation.gettext("Canceled") == "Abgesagt"
        assert translation.ngettext("{count} meeting", "{count} meetings", 2) == "{count} Treffen"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de_DE"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en_US"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "tlh:de"}, "de"),
        # Not half in one language and half in another.
        ({"LANG": "tlh"}, "en"),
    ],
)
def test_the_command_line_speaks_as_the_environment_asks(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert translation.environment_language() == language


# --- a language in which each message is marked ---------------------------------------------
# It goes by the name of Greek: dates, cities, and what people write are in letters of another
# script, so each Latin word outside of the marks is one that stands in the code.

LANGUAGE = "el"
COMMUNITY = """\
name: Καφέ
site: https://example.org/
organizers: Εμείς
links: {pad: "https://example.org/1", issues: "https://example.org/2"}
privacy: {hide_people: [Ада]}
schedule:
  - id: "1"
    title: Πρώτο
    notes: .
    rrule: FREQ=WEEKLY;BYDAY=TU
    time: 18:00
    timezone: America/Los_Angeles
    first: 2026-01-06
    canceled: {2026-09-08: Διακοπές, 2026-09-22: }
    moved: [{from: 2026-09-15, to: 2026-09-16 12:00, reason: Λόγος}]
    extra: [{date: 2026-09-19, time: 12:00}]
  - id: "2"
    title: Δεύτερο
    notes: "2"
    rrule: FREQ=MONTHLY;BYDAY=1TU
    time: 18:00
    timezone: Europe/Vienna
    first: 2026-01-06
"""
NOTES = """\
## 2026-08-04 Τίτλος

### Check-in

- Ада
- Ζήτα / @77

### Agenda

- **Ζήτα** (5): Θέμα 1 [1](https://github.com/1/2/issues/3)
- **Ада**: Θέμα 2
- Θέμα 3
- Θέμα 4
- Θέμα 5
- Θέμα 6
- Θέμα 7
- Θέμα 8
- Θέμα 9
- **Action:** Να γίνει
- **Decision:** Ναι
- [x] **Action:** Έγινε

## 2026-08-11 CANCELLED

## 2026-08-18

### Agenda

- Ξανά [1](https://github.com/1/2/issues/3)
"""
PAGE = """\
# Σελίδα

```{cafe:next}
```

```{cafe:missing}
```

```{cafe:latest}
```

```{cafe:discussed}
```

```{cafe:people}
```

```{cafe:outcomes}
```

```{cafe:outcomes}
:limit: 1
```

```{toctree}
1
notes/index
```
"""
CHECKLIST = """\
# Λίστα

```{cafe:checklist}
```

```{cafe:due} -7
```

```{cafe:due} 0
```

"""
TEXTS = "".join(
    f"```{{cafe:message}} {message.name}\n{following}```\n\n"
    for message in messages.MESSAGES
    # The headings of a pad are what the archive goes by.
    if message.name != "pad"
    for following in ("", ":following:\n")
)
TASKS = "- [ ] Ένα\n- [x] Δύο\n"
CONF = """\
extensions = ["cafe_site"]
myst_enable_extensions = ["tasklist"]
project = "Καφέ"
cafe_series_title = "Καφέ"
cafe_community = "community.yaml"
cafe_today = "2026-09-01"
html_theme = "basic"
html_baseurl = "https://example.org/"
html_context = {"github_user": "1", "github_repo": "2", "github_version": "3"}
"""


def marked(message: str) -> str:
    """Return a message in the marks of this language."""
    return f"⟦{message}⟧"


def write_catalog(folder: Path, without: str = "") -> None:
    """Write the catalog of this language, compiled and not, perhaps without a message."""
    catalog = catalog_of(PO_FILES[0])
    made = type(catalog)(locale=LANGUAGE)
    for message in catalog:
        if message.id and message.id != without:
            ids = message.id
            made.add(ids, tuple(map(marked, ids)) if isinstance(ids, tuple) else marked(ids))
    folder = folder / LANGUAGE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "cafe_site.po").open("wb") as file:
        write_po(file, made)
    with (folder / "cafe_site.mo").open("wb") as file:
        write_mo(file, made)


ALLOWED = re.compile(
    # Addresses, files, options, what programs are called, and the one name of a time everywhere.
    r"\w+://\S+|[\w./-]+\.(?:yaml|py|md|json|atom|ics)\b|--?[a-z][\w-]*|\bcafe-site\b|\bUTC\b"
    # Words that the archive goes by in notes, which are quoted.
    r"|Check-in|Agenda|Action|Decision|CANCELLED"
)


def unmarked(text: str) -> list[str]:
    """Return the Latin words of a text that stand outside of the marks."""
    depth, outside = 0, []
    for character in text:
        depth += character == "⟦"
        if not depth:
            outside.append(character)
        if character == "⟧":
            depth -= 1
            outside.append(" ")
    return re.findall(r"[A-Za-z]{2,}", ALLOWED.sub(" ", "".join(outside)))


def words_of_page(html: str) -> Iterator[str]:
    """Yield what a page shows or reads out, but for what Sphinx and its theme say."""
    page = BeautifulSoup(html, "html5lib")
    for script in page.select("script[data-words]"):
        yield from leaves(json.loads(script["data-words"]))
    for script in page.select("script.cafe-checklist-data"):
        data = json.loads(script.string)
        for meeting in data["meetings"]:
            del meeting["id"], meeting["end"]
        yield from leaves(data)
    for link in page.select('head link[rel="alternate"]'):
        yield link["title"]
    body = page.select_one("div.body")
    for element in body.select("script, style, .headerlink, code, pre"):
        element.extract()
    yield from body.strings
    for element in body.find_all(True):
        yield from (element.get(name, "") for name in ("title", "aria-label", "alt", "data-title"))


def leaves(data: object) -> Iterator[str]:
    """Yield the texts of JSON without its keys."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value)


def marked_site(root: Path, without: str = "") -> Site:
    """Return a site in this language with all directives."""
    site = Site(root)
    site.write("conf.py", f"{CONF}language = {LANGUAGE!r}\n")
    site.write("community.yaml", COMMUNITY)
    site.write("index.md", PAGE)
    site.write("1.md", CHECKLIST + TEXTS + TASKS)
    site.write("notes/index.md", "# Αρχείο\n\n```{cafe:archive}\n```\n\n```{cafe:tags}\n```\n")
    site.write("notes/2026.md", f"---\ntags: [ένα]\n---\n\n{NOTES}")
    site.write("notes/2025.md", "## 2025-12-16\n\n- Ξανά [1](https://github.com/1/2/issues/3)\n")
    site.write("notes/2/2026.md", "## 2026-01-06\n\n- Ξανά [1](https://github.com/1/2/issues/3)\n")
    write_catalog(root / "locales", without)
    return site


def hard_coded(outdir: Path) -> dict[str, set[str]]:
    """Return the words of a site outside of the marks, by page or file."""
    found: dict[str, list[str]] = {}
    skip = ("search.html", "genindex.html")
    for path in sorted(outdir.rglob("*.html")):
        if path.name not in skip and "pagefind" not in path.parts:
            found[path.name] = list(words_of_page(path.read_text(encoding="utf-8")))
    for path in sorted(outdir.rglob("*.atom")):
        for element in ET.parse(path).getroot().iter():
            if element.tag.rpartition("}")[2] in ("title", "name", "content"):
                text = BeautifulSoup(element.text or "", "html5lib").get_text()
                found.setdefault(path.name, []).append(text)
    for path in sorted(outdir.rglob("*.ics")):
        for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            found.setdefault(path.name, []).extend(
                str(event.get(name, "")) for name in ("SUMMARY", "DESCRIPTION")
            )
    lines = (outdir / "llms.txt").read_text(encoding="utf-8")
    found["llms.txt"] = [re.sub(r"\]\([^)]*\)", "] ", lines)]
    assert len(found) > 8
    words = {
        name: {word for text in texts for word in unmarked(text)} for name, texts in found.items()
    }
    return {name: found for name, found in words.items() if found}


def test_every_word_of_a_site_comes_from_a_catalog(tmp_path: Path) -> None:
    build = marked_site(tmp_path).build(warnings=True)
    assert hard_coded(build.outdir) == {}


def test_a_word_that_no_catalog_has_is_found(tmp_path: Path) -> None:
    build = marked_site(tmp_path, without="Edit this meeting").build(warnings=True)
    found = hard_coded(build.outdir)
    assert set(found) == {"2025.html", "2026.html"}
    assert found["2026.html"] == {"Edit", "this", "meeting"}
    assert unmarked("⟦a {b}: ⟦cd⟧ ef⟧ Hard Τρίτη") == ["Hard"]


@pytest.fixture
def marked_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command line speak this language, in the folder of a community."""
    write_catalog(tmp_path / "locale")
    for module in ("cafe_site.translation", "cafe_site.cli.help"):
        monkeypatch.setattr(f"{module}.FOLDER", tmp_path / "locale")
    for name in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.setenv(name, f"{LANGUAGE}_GR.UTF-8" if name != "LANGUAGE" else LANGUAGE)
    (tmp_path / "community.yaml").write_text(COMMUNITY, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/2026.md").write_text(NOTES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


NOW = "--now 2026-09-01"
COMMANDS = [
    "--help",
    *(f"{name} --help" for name in cli.cafe_site.commands),
    "unknown",
    "next --unknown",
    "next --json=1",
    "next --count 0",
    "next --count x",
    "next --templates",
    "pad --templates nowhere",
    "pad --templates community.yaml",
    f"next {NOW}",
    f"next {NOW} --count 40",
    "next --now 2026-13-01",
    "next --now x",
    "next --now 2026-12-01T99",
    "next --now 1900-01-01",
    f"missing {NOW}",
    f"missing {NOW} --notes 1",
    "next --series 3",
    "next --now 2999-01-01",
    f"issue {NOW} --series 1 --language {LANGUAGE}",
    f"issue --on 2026-09-08 --series 1 --language {LANGUAGE}",
    "issue --on 2026-09-15 --series 1",
    "issue --on 2026-09-10",
    "issue --on 2026-01-06",
    "issue --now 2026-09-07 --series 1",
    "remind",
    "remind --thanks --now 2020-01-01",
    f"remind --thanks {NOW} --series 1 --language {LANGUAGE}",
    "calendar --output notes",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_word_of_the_command_line_comes_from_a_catalog(
    marked_terminal: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(command.split())
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert said
    for given in (*command.split(), str(marked_terminal), *SYSTEM):
        said = said.replace(given, " ")
    # The list of commands.
    said = re.sub(rf"(?m)^  (?:{'|'.join(cli.cafe_site.commands)})  ", "", said)
    assert unmarked(re.sub(r"[A-Z]\w+/[\w/]+", " ", said)) == []


# What the operating system says, and what Python calls a type.
SYSTEM = ("No such file or directory", "Is a directory", "is no regular file", "integer range")


def test_every_word_of_a_message_comes_from_a_catalog(marked_terminal: Path) -> None:
    community = load_community(marked_terminal / "community.yaml")
    days = [datetime.date(2026, 9, day) for day in (1, 8, 16, 19, 22)]
    with translation.using(LANGUAGE):
        for message in messages.MESSAGES:
            for day in days:
                for one in occurrences(community.schedule[0], day, day):
                    text = messages.render(message.name, community, one)
                    if message.name == "pad":
                        text = re.sub(r"(?m)^(###.*|- Name / .*|Canceled.*)$", "", text)
                    assert unmarked(text) == [], (message.name, day)
