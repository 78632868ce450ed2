"""What docs/note-format.md and docs/using-cafe-site.md say is what happens.

Each example of the note format, a fence marked ``markdown``, is built as a year of notes.
One that begins with front matter, with ``# `` or with a dated heading is a file of its own,
any other is put below ``## 2025-12-16``.
HTML comments directly before the fence say what has to come out:

=============================== ==========================================================
``<!-- id: 2025-12-16 -->``     there is this anchor (``noid``: there is not)
``<!-- gives: 2 people -->``    these words are on the page (``hides``: they are not)
``<!-- list: Planning -->``     these words are in the list of meetings
``<!-- href: https://… -->``    there is a link to this address (``nohref``: there is not)
``<!-- warns: kind in line 2 -->``  this warning and no other, for this line of the example
=============================== ==========================================================
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from cafe_site.notes import reader
from cafe_site.notes.dates import parse_date
from cafe_site.notes.dialect import markdown
from cafe_site.notes.model import ProblemKind
from cafe_site.notes.people import attendee
from cafe_site.sphinxext.options import OPTIONS
from cafe_site.vocabulary import vocabulary
from tests.conftest import CONF, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup

DOCS = Path(__file__).parent.parent / "docs"
NOTE_FORMAT = DOCS / "note-format.md"
USING = DOCS / "using-cafe-site.md"

# Kinds of warning that an example cannot show: it would need bytes or characters that do not
# belong on the page, brackets by the thousand, files of other names, or options.
UNSHOWN = {
    ProblemKind.CONTROL_CHARACTER,
    ProblemKind.ENCODING,
    ProblemKind.HIDDEN_PERSON,
    ProblemKind.LONG_PARAGRAPH,
    ProblemKind.NESTING,
    ProblemKind.REFUSED_FILE,
    ProblemKind.UNDATED_NOTES,
    ProblemKind.UNSTRUCTURED,
    ProblemKind.DATE_CONFLICT,
}

_MARKER = re.compile(r"<!--\s*(\w+):\s*(.*?)\s*-->")
_WARNS = re.compile(r"(\w+) in line (\d+)")
_FRONT_MATTER = re.compile(r"---\n.*?^---\n", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)


# --- reading the pages ------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A fence of a page and what the page says about it."""

    line: int
    """The line of the fence in the page, counted from 1."""
    language: str
    text: str
    markers: tuple[tuple[str, str], ...]

    def get(self, name: str) -> list[str]:
        """Return what the markers of one name say."""
        return [value for key, value in self.markers if key == name]

    @property
    def complete(self) -> bool:
        """Whether this is a file rather than a part of one."""
        first = self.text.split("\n", 1)[0]
        heading = _HEADING.fullmatch(first)
        return first == "---" or first.startswith("# ") or bool(heading and parse_date(heading[1]))

    @property
    def file(self) -> str:
        """The year file that the example is, or is a part of."""
        return self.text if self.complete else f"## 2025-12-16\n\n{self.text}"

    @property
    def year(self) -> int:
        """The year of the first date in a heading."""
        dates = [found[0].year for h in _HEADING.findall(self.text) if (found := parse_date(h))]
        return dates[0] if self.complete and dates else 2025

    @property
    def id(self) -> str:
        """The name of the example in the output of pytest, and of its folder."""
        return f"line-{self.line}"


def fences(page: Path) -> Iterator[Example]:
    """Yield the fences of a page that stand at its outer level."""
    markers: list[tuple[str, str]] = []
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "html_block" and token.level == 0:
            markers.extend(_MARKER.findall(token.content))
        elif token.type == "fence" and token.level == 0:
            yield Example(token.map[0] + 1, token.info.strip(), token.content, tuple(markers))
            markers.clear()
        else:
            assert not markers, f"{page.name}: no fence follows {markers}"
    assert not markers, f"{page.name}: markers at the end"


def table(page: Path, *head: str) -> list[list[str]]:
    """Return the rows of the page's only table with these cells in its head."""
    tables: list[list[list[str]]] = []
    for token in markdown().parse(page.read_text(encoding="utf-8")):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and tables and tables[-1] and token.level:
            row = tables[-1][-1]
            row.append("".join(child.content for child in token.children))
    found = [rows for rows in tables if rows[0][: len(head)] == list(head)]
    assert len(found) == 1, f"{page.name} has {len(found)} tables with the head {head}"
    return [row[: len(head)] for row in found[0][1:]]


EXAMPLES = [example for example in fences(NOTE_FORMAT) if example.language == "markdown"]
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)


# --- building the examples, all at once -------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What came out of one example."""

    page: BeautifulSoup
    text: str
    """The words of the page, with one space between."""
    meetings: str
    """The words of the list of its meetings."""
    warnings: list[str]


def words_of(soup: BeautifulSoup) -> str:
    """Return the text of a part of a page, with one space between words."""
    for link in soup.select("a.headerlink"):
        link.decompose()
    return " ".join(soup.get_text().split())


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, Result]:
    """Build each example in a series of its own."""
    site = Site(tmp_path_factory.mktemp("examples"))
    site.write("conf.py", f'{CONF}cafe_today = "2026-06-30"\n')
    site.write("index.md", "# Home\n")
    for example in EXAMPLES:
        site.write(f"notes/{example.id}/{example.year}.md", example.file)
        latest = f"```{{cafe:latest}}\n:series: {example.id}\n:limit: 99\n```\n"
        site.write(f"lists/{example.id}.md", f"---\norphan: true\n---\n# List\n\n{latest}")
    build = site.build(warnings=True)
    found = {}
    for example in EXAMPLES:
        page = build.article(f"notes/{example.id}/{example.year}.html")
        path = str(site.root / "notes" / example.id / f"{example.year}.md")
        mine = [line.removeprefix(path) for line in build.warnings if line.startswith(f"{path}:")]
        meetings = words_of(build.article(f"lists/{example.id}.html"))
        found[example.id] = Result(page, words_of(page), meetings, mine)
    assert sum(len(result.warnings) for result in found.values()) == len(build.warnings)
    return found


# --- the note format --------------------------------------------------------------------


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 30
    known = {"id", "noid", "gives", "hides", "list", "href", "nohref", "warns"}
    assert {name for example in EXAMPLES for name, _ in example.markers} <= known


@each_example
def test_an_example_warns_only_if_the_page_says_so(example, results) -> None:
    added = 0 if example.complete else 2
    expected = Counter()
    for marker in example.get("warns"):
        kind, line = _WARNS.fullmatch(marker).groups()
        expected[ProblemKind(kind).value, int(line) + added] += 1
    found = Counter()
    for warning in results[example.id].warnings:
        match = re.fullmatch(r":(\d+): WARNING: .+ \[cafe\.(\w+)\]", warning)
        assert match, warning
        found[match[2], int(match[1])] += 1
    assert found == expected


@each_example
def test_an_example_gives_what_the_page_says(example, results) -> None:
    result = results[example.id]
    ids = {element["id"] for element in result.page.select("[id]")}
    assert set(example.get("id")) <= ids
    assert not set(example.get("noid")) & ids
    hrefs = {link["href"] for link in result.page.select("a[href]")}
    assert set(example.get("href")) <= hrefs
    assert not set(example.get("nohref")) & hrefs
    for text in example.get("gives"):
        assert text in result.text
    for text in example.get("hides"):
        assert text not in result.text
    for text in example.get("list"):
        assert text in result.meetings


def expected_words(example: Example) -> list[str]:
    """Return the words of an example that have to be on its page."""
    text = example.file
    if "front_matter in line 2" not in example.get("warns"):
        # The marker `gives` says what is to be seen of it.
        text = _FRONT_MATTER.sub("", text, count=1) if text.startswith("---\n") else text
    # Dates of headings are written in full; the title behind them stays.
    text = _HEADING.sub(lambda m: found[1] if (found := parse_date(m[1])) else m[1], text)
    text = re.sub(r"\[name=(\w+)\]", r"\1", text)  # a speaker
    for label in re.findall(r"^\[\^(\w+)\]:", text, re.MULTILINE):
        text = text.replace(f"[^{label}]", "")  # a footnote becomes a number
    text = re.sub(r"^(\s*)- \[[x ]\]", r"\1", text, flags=re.MULTILINE)  # a box
    text = re.sub(r"(?<!\w):(?:tada|\+1):", "", text)  # an emoji
    for label in re.findall(r"\]\[(\w+)\]", text):  # the name of an address
        text = text.replace(f"][{label}]", "]").replace(f"\n[{label}]: ", "\n")
    return re.findall(r"\w+", text)


@each_example
def test_no_word_of_an_example_is_lost(example, results) -> None:
    result = results[example.id]
    links = " ".join(unquote(link["href"]) for link in result.page.select("a[href]"))
    languages = " ".join(" ".join(e["class"]) for e in result.page.select("[class^=highlight-]"))
    shown = set(re.findall(r"\w+", f"{result.text} {links} {languages}".casefold()))
    missing = [word for word in expected_words(example) if word.casefold() not in shown]
    assert missing == []


def test_every_kind_of_warning_is_explained() -> None:
    kinds = [row[0] for row in table(NOTE_FORMAT, "Kind", "Meaning", "How to fix it")]
    assert sorted(kinds) == sorted(kind.value for kind in ProblemKind)


def test_every_kind_of_warning_that_an_example_can_show_has_one() -> None:
    shown = {marker.split()[0] for example in EXAMPLES for marker in example.get("warns")}
    assert shown == {kind.value for kind in ProblemKind if kind not in UNSHOWN}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"caf\xe9", ProblemKind.ENCODING),
        (b"a\x0bb", ProblemKind.CONTROL_CHARACTER),
        ("a\u202eb".encode(), ProblemKind.CONTROL_CHARACTER),
    ],
)
def test_a_character_that_does_harm_is_shown_as_a_replacement(site, text, kind) -> None:
    site.write("notes/2025.md", b"## 2025-12-16\n\n" + text)
    build = site.build(warnings=True)
    assert "\N{REPLACEMENT CHARACTER}" in build.article("notes/2025.html").text
    (warning,) = build.warnings
    assert warning.endswith(f"[cafe.{kind.value}]")


def test_the_warning_that_the_page_shows_is_worded_that_way() -> None:
    (shown,) = [e.text for e in fences(NOTE_FORMAT) if e.language == "text"]
    problem = reader.read("\n" * 13 + "## 2025-02-30\n", 2025).problems[0]
    assert shown == (
        f"notes/2025.md:{problem.line}: WARNING: {problem.message} [cafe.{problem.kind.value}]\n"
    )


def test_every_form_of_date_that_the_page_lists_is_read() -> None:
    rows = table(NOTE_FORMAT, "In the heading", "Read as")
    assert len(rows) > 5
    for written, meant in rows:
        assert [m.date.iso for m in reader.read(f"## {written}\n", 2025).meetings] == [meant]


def test_what_the_page_says_is_not_a_date_is_none() -> None:
    rows = table(NOTE_FORMAT, "In the heading", "Why")
    assert len(rows) > 5
    for written, _ in rows:
        assert reader.read(f"## {written}\n", 2025).meetings == (), written


def test_every_line_for_a_person_is_read_as_the_page_says() -> None:
    rows = table(NOTE_FORMAT, "Line", "Name", "Handle")
    assert len(rows) > 3
    for line, name, handle in rows:
        found = attendee(markdown().parseInline(line)[0], vocabulary())
        assert found is not None, line
        assert (found.name, found.handle or "") == (name, handle), line


@pytest.mark.parametrize(
    "line",
    [
        # All that the page names, which is more than the examples use.
        "Check-in", "Sign-in", "Roll call", "Attendees", "Attendance", "Participants", "Present",
        "People", "Who is here", "Who's here", "Check-in:", "Attendees 🎉",
        "Attendees (12)", "Board members present",
    ],
)  # fmt: skip
def test_the_headings_of_a_list_of_people(line) -> None:
    notes = reader.read(f"## 2025-12-16\n\n### {line}\n\n- Ada\n- Grace\n", 2025)
    assert [person.name for person in notes.meetings[0].attendees] == ["Ada", "Grace"]


CANCELED = ["canceled", "Canceled", "no meeting", "did not take place", "was skipped"]


@pytest.mark.parametrize("title", CANCELED)
def test_the_words_for_a_canceled_meeting(title) -> None:
    assert title.casefold() in NOTE_FORMAT.read_text(encoding="utf-8")
    for text in (f"## 2025-12-16 ({title})\n\n- a\n", f"## 2025-12-16\n\nToday {title}.\n"):
        assert reader.read(text, 2025).meetings[0].canceled
    assert not reader.read(f"## 2025-12-16\n\nIt {title}.\n\n- a\n", 2025).meetings[0].canceled


@pytest.mark.parametrize("quotes", [20, 39])
def test_quotations_as_deep_as_the_page_says_are_kept(year_page, quotes) -> None:
    page = year_page(f"## 2025-12-16\n\n{'>' * quotes} deep\n")
    assert len(page.select("blockquote")) == quotes


def test_lists_deeper_than_the_page_says_are_flat(year_page) -> None:
    text = "## 2025-12-16\n\n" + "".join(f"{'  ' * i}- w{i}\n" for i in range(25))
    page = year_page(text, warnings=True)
    assert len(page.select("section.cafe-meeting ul")) == 20
    assert "w24" in page.text


# --- using the extension ----------------------------------------------------------------


def test_the_site_in_four_files_builds_without_warnings(tmp_path) -> None:
    site = Site(tmp_path)
    for example in fences(USING):
        for path in example.get("file"):
            site.write(path, example.text)
    assert {path.name for path in tmp_path.iterdir()} == {"conf.py", "index.md", "notes"}
    build = site.build()
    home = words_of(build.article("index.html"))
    assert "Tuesday, December 16, 2025 How do we test upgrades? 2 people" in home
    assert "1 meeting" in words_of(build.article("notes/index.html"))
    assert build.article("notes/2025.html").select_one("[id='2025-12-16-agenda']")


def test_a_site_of_nothing_but_years_builds_without_warnings(tmp_path) -> None:
    (conf,) = [e.text for e in fences(USING) if "root_doc" in e.text]
    site = Site(tmp_path)
    site.write("conf.py", conf)
    site.write("2026.md", "## 2026-01-20\n\nHello.\n")
    site.write("2025.md", "## 2025-01-21\n\nHello.\n")
    site.write("team/2024.md", "## 2024-01-16\n\nHello.\n")
    links = site.build().article("2026.html").select("nav.cafe-years a")
    assert [link["href"] for link in links] == ["2025.html#notes-2025"]


def test_all_other_settings_and_directives_of_the_page_work(tmp_path) -> None:
    site = Site(tmp_path)
    wanted = ("html_context", "suppress_warnings")
    settings = [e.text for e in fences(USING) if e.text.startswith(wanted)]
    assert len(settings) == 2
    site.write("conf.py", CONF + "".join(settings) + 'language = "de"\n')
    uses = [
        e
        for e in fences(USING)
        if not e.markers and e.language in ("markdown", "rst") and "cafe:" in e.text
    ]
    assert len(uses) == 6
    toctree = "\n".join(f"page-{use.line}" for use in uses)
    site.write("index.md", f"# Home\n\n```{{toctree}}\n{toctree}\n```\n")
    for use in uses:
        name, suffix = f"Page {use.line}", {"markdown": "md", "rst": "rst"}[use.language]
        title = f"# {name}\n\n" if suffix == "md" else f"{name}\n{'=' * len(name)}\n\n"
        site.write(f"page-{use.line}.{suffix}", title + use.text)
    for path in ("notes/2025.md", "notes/team-meetings/2025.md"):
        # No warning, since the page's settings silence it.
        site.write(path, "## 2025-09-02\n\nHello jupyterhub/binderhub#1.\n")
    site.write("notes/2099.md", "## 2099-12-16\n\nHello.\n")
    build = site.build()
    page = build.article("notes/2025.html")
    assert page.select_one("h2").text.startswith("Dienstag, 2. September 2025")
    assert page.select_one("a.cafe-edit")["href"] == (
        "https://github.com/our-community/our-site/edit/main/docs/notes/2025.md#L1"
    )
    for use in uses:
        rows = build.article(f"page-{use.line}.html").select(
            ".cafe-meetings li, .cafe-index li, tbody tr"
        )
        assert rows, use.text


def test_the_pages_name_each_directive_and_show_each_option(tmp_path) -> None:
    site = Site(tmp_path)
    listing = (
        "def setup(app):\n"
        "    app.connect('build-finished', lambda app, exception: (\n"
        "        app.outdir / 'directives.txt').write_text(\n"
        "        ' '.join(app.env.domains['cafe'].directives)))\n"
    )
    site.write("conf.py", CONF + listing)
    site.write("index.md", "# Home\n\n```{toctree}\n:glob:\n\ndocs/*\n```\n")
    for path in DOCS.glob("*.md"):
        # The other pages are here for links to them, and may need more than this extension.
        text = path.read_text(encoding="utf-8") if path in (NOTE_FORMAT, USING) else "# Page\n"
        site.write(f"docs/{path.name}", text)
    for path in DOCS.glob("*.json"):
        site.write(f"docs/{path.name}", path.read_bytes())
    build = site.build()
    directives = (build.outdir / "directives.txt").read_text(encoding="utf-8").split()
    assert "archive" in directives
    using = build.article("docs/using-cafe-site.html")
    text = words_of(using)
    assert [name for name in directives if f"{{cafe:{name}}}" not in text] == []
    shown = {code.text for code in using.select("table code")}
    assert [option.name for option in OPTIONS if option.name not in shown] == []
    pages = [build.article(f"docs/{path.stem}.html") for path in (NOTE_FORMAT, USING)]
    links = [{link["href"] for link in page.select("a[href]")} for page in pages]
    assert {"archiving.html", "using-cafe-site.html"} <= links[0]
    assert {"archiving.html", "note-format.html"} <= links[1]
