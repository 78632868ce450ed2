"""No word that is shown stands outside of the catalogs, and all catalogs are whole."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo

from cafe_site import cli, translation
from cafe_site.community import load_community
from cafe_site.community.schedule import occurrences
from cafe_site.formats import messages
from cafe_site.notes.reader import read
from tests.marked import (
    COMMUNITY,
    LANGUAGE,
    NOTES,
    PACKAGE,
    PO_FILES,
    catalog_of,
    hard_coded,
    marked_site,
    unmarked,
    write_catalog,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog

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
    # Wide enough for tables whole: a word that was cut is in no catalog.
    monkeypatch.setenv("COLUMNS", "300")
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
    "check",
    "check --format x",
    "check notes",
    "check nowhere",
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
SYSTEM = ("No such file or directory", "Is a directory", "is not a regular file", "integer range")


def test_every_word_of_a_message_comes_from_a_catalog(marked_terminal: Path) -> None:
    community = load_community(marked_terminal / "community.yaml")
    days = [datetime.date(2026, 9, day) for day in (1, 8, 16, 19, 22)]
    with translation.using(LANGUAGE):
        for name in messages.MESSAGES:
            for day in days:
                for one in occurrences(community.schedule[0], day, day):
                    text = messages.render(name, community, one)
                    if name == "pad":
                        text = re.sub(r"(?m)^(###.*|- Name / .*|Canceled.*)$", "", text)
                    assert unmarked(text) == [], (name, day)


@pytest.mark.parametrize("language", [path.parent.parent.name for path in PO_FILES])
def test_a_translated_pad_is_still_what_the_archive_reads(tmp_path: Path, language: str) -> None:
    (tmp_path / "community.yaml").write_text(COMMUNITY, encoding="utf-8")
    community = load_community(tmp_path / "community.yaml")
    day = datetime.date(2026, 9, 1)
    with translation.using(language):
        (meeting,) = occurrences(community.schedule[0], day, day)
        pad = messages.render("pad", community, meeting)
    assert pad != messages.render("pad", community, meeting)
    (empty,) = read(pad, 2026).meetings
    assert (empty.attendees, empty.topics, empty.outcomes) == ((), (), ())
    row = "- Name / GitHub handle / institution\n"
    assert row in pad
    (filled,) = read(pad.replace(row, f"{row}- Ada / @ada-l\n"), 2026).meetings
    assert [person.handle for person in filled.attendees] == ["ada-l"]


# --- directions of writing ------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("static/*.css")), ids=lambda path: path.name)
def test_a_style_names_no_left_and_right(path: Path) -> None:
    assert not re.findall(r"\b(?:left|right)\b", re.sub(r"/\*.*?\*/", "", path.read_text("utf-8")))
