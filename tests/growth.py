"""Sites that grow in one way each, and how much longer their builds take when they do.

    python -m tests.growth 250 people issues

measures whole builds of some shapes (of all, if none is named) at n and at four times n,
in CPU time. Four times the input may take four times as long, and not sixteen.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

Files = dict[str, str]
Shape = Callable[[int], Files]
SHAPES: dict[str, Shape] = {}

CONF = """\
extensions = ["cafe_site"]
cafe_notes = "notes"
cafe_search = "sphinx"
cafe_hide_people = ["hidden-person"]
cafe_drop_sections = ["Dropped"]
html_theme = "basic"
html_baseurl = "https://example.org/"
project = "Notes"
suppress_warnings = ["cafe"]
"""
KINDS = ("archive", "discussed", "latest", "outcomes", "people", "tags")
INDEX = "# Home\n\n```{toctree}\n:glob:\n\nlists\n```\n"
LISTS = "# Lists\n\n" + "".join(f"```{{cafe:{kind}}}\n```\n\n" for kind in KINDS)
ROOM = 300
"""How many meetings a year file of a shape of many meetings holds."""


def shape(make: Callable[[int], str | Files]) -> Callable[[int], str | Files]:
    """Add a function that makes one meeting's text, or whole files, to the table."""

    def files(n: int) -> Files:
        made = make(n)
        return made if isinstance(made, dict) else {"notes/2025.md": f"## 2025-12-16\n\n{made}"}

    SHAPES[make.__name__.rstrip("_")] = files
    return make


def times(n: int, text: str, between: str = "\n") -> str:
    """Return a text many times, with the number of each in the place of ``%``."""
    return between.join(text.replace("%", str(i)) for i in range(n))


def meetings(n: int, text: str) -> Files:
    """Return the year files of many meetings with one text, the numbers as in `times`."""
    files: dict[str, list[str]] = {}
    for i in range(n):
        year, day = 1500 + i // ROOM, i % ROOM
        date = f"{year}-{day // 25 + 1:02}-{day % 25 + 1:02}"
        files.setdefault(f"notes/{year}.md", []).append(
            f"## {date}\n\n{text.replace('%', str(i))}\n\n"
        )
    return {path: "".join(parts) for path, parts in files.items()}


def one_file(n: int, text: str, heading: str = "Number %") -> Files:
    """Return a year file of many meetings of one day."""
    return {"notes/2025.md": times(n, f"## 2025-12-16 {heading}\n\n{text}\n\n")}


# --- people, topics, outcomes ---------------------------------------------------------------


@shape
def people(n: int) -> str:
    return "### Check-in\n\n" + times(n, "- Person% / @handle%")


@shape
def people_and_topics(n: int) -> str:
    return (
        f"### Check-in\n\n{times(n, '- Person% / @handle%')}\n\n"
        f"### Agenda\n\n{times(n, '- **Person%:** Topic%')}"
    )


@shape
def people_of_one_first_name_and_topics(n: int) -> str:
    return (
        f"### Check-in\n\n{times(n, '- Ada N% / @handle%')}\n\n"
        f"### Agenda\n\n{times(n, '- **Nobody & Else% (5m):** Topic')}"
    )


@shape
def people_hidden(n: int) -> str:
    return (
        f"### Check-in\n\n{times(n, '- Some / @hidden-person')}\n\n"
        f"### Agenda\n\n{times(n, '- **Some:** Topic%')}"
    )


@shape
def lists_of_people(n: int) -> str:
    return times(n, "### Check-in\n\n- Person% / @handle%\n- Some / @hidden-person\n")


@shape
def speaker(n: int) -> str:
    return f"### Check-in\n\n- Ada / @ada\n\n### Agenda\n\n{times(n, '- **Ada:** Topic%')}"


@shape
def speakers_in_one_topic(n: int) -> str:
    return f"### Check-in\n\n- Ada / @ada\n\n### Agenda\n\n- **Ada:** {times(n, 'word%', ' ')}"


@shape
def topics_of_one_title(n: int) -> str:
    return f"### Agenda\n\n{times(n, '- **Ada:** Topic')}"


@shape
def agendas(n: int) -> str:
    return times(n, "### Agenda\n\n- **Ada:** Topic%\n")


@shape
def outcomes(n: int) -> str:
    return times(n, "- Decision: number %\n- Action: @ada does %\n- [x] TODO: %")


@shape
def outcomes_below_one_word(n: int) -> str:
    return f"- Decisions:\n{times(n, '  - number %')}"


@shape
def details(n: int) -> str:
    return times(n, "- **Word%:** value")


@shape
def person_in_meetings(n: int) -> Files:
    return meetings(n, "### Check-in\n\n- Ada / @ada\n\n### Agenda\n\n- **Ada:** Topic%")


@shape
def person_in_meetings_of_one_day(n: int) -> Files:
    return one_file(n, "### Check-in\n\n- Ada / @ada\n\n### Agenda\n\n- **Ada:** Topic%")


@shape
def people_in_meetings(n: int) -> Files:
    return meetings(n, "### Check-in\n\n- Ada% / @ada%\n\n### Agenda\n\n- **Ada%:** Topic%")


@shape
def tag_in_meetings(n: int) -> Files:
    return meetings(n, "**Tags:** one, own%")


@shape
def tags(n: int) -> str:
    return f"**Tags:** {times(n, 't%', ', ')}"


@shape
def tags_of_a_year(n: int) -> Files:
    return {"notes/2025.md": f"---\ntags:\n{times(n, '  - t%')}\n---\n\n## 2025-12-16\n\nText.\n"}


@shape
def outcomes_in_meetings(n: int) -> Files:
    return meetings(n, "- Decision: number %")


# --- references -----------------------------------------------------------------------------


@shape
def issues(n: int) -> str:
    return times(n, "- <https://github.com/a/b/issues/%>")


@shape
def issues_in_one_paragraph(n: int) -> str:
    return times(n, "a/b#%", " ")


@shape
def issue_in_paragraphs(n: int) -> str:
    return times(n, "- <https://github.com/a/b/issues/1>")


@shape
def issue_in_sections(n: int) -> str:
    return times(n, "### Section %\n\n<https://github.com/a/b/issues/1>\n")


@shape
def issue_in_meetings(n: int) -> Files:
    return meetings(n, "<https://github.com/a/b/issues/1>")


@shape
def issue_in_meetings_of_one_day(n: int) -> Files:
    return one_file(n, "<https://github.com/a/b/issues/1>")


@shape
def repositories(n: int) -> str:
    return times(n, "- <https://github.com/a/b%/issues/1>")


@shape
def issues_in_pairs_of_meetings(n: int) -> Files:
    files = meetings(n, "a/b#%")
    more = meetings(n, "a/b#%")
    return {**files, **{path.replace("notes/", "notes/more/"): t for path, t in more.items()}}


# --- Markdown -------------------------------------------------------------------------------


@shape
def footnotes(n: int) -> str:
    return times(n, "Text[^%].\n") + "\n\n" + times(n, "[^%]: Note.\n")


@shape
def footnotes_without_references(n: int) -> str:
    return times(n, "[^%]: Note.\n")


@shape
def footnote_referred_to_often(n: int) -> str:
    return times(n, "Text[^1].\n") + "\n\n[^1]: Note.\n"


@shape
def footnote_defined_often(n: int) -> str:
    return "Text[^1].\n\n" + times(n, "[^1]: Note %.\n")


@shape
def footnotes_in_meetings(n: int) -> Files:
    return meetings(n, "Text[^1].\n\n[^1]: Note.")


@shape
def tables(n: int) -> str:
    return times(n, "| a | b |\n|---|---|\n| % | c |\n")


@shape
def tables_without_rows(n: int) -> str:
    return times(n, "| a | b |\n|---|---|\n\nText.\n")


@shape
def table_rows(n: int) -> str:
    return "| a | b |\n|---|---|\n" + times(n, "| % | c | d |")


@shape
def table_columns(n: int) -> str:
    return f"|{times(n, ' % ', '|')}|\n|{times(n, '---', '|')}|\n|{times(n, ' % ', '|')}|"


@shape
def headings(n: int) -> str:
    return times(n, "### Heading %\n")


@shape
def headings_of_one_text(n: int) -> str:
    return times(n, "### Heading\n")


@shape
def headings_and_texts_that_are_the_same(n: int) -> str:
    return times(n, "### Heading\n\nText.\n")


@shape
def headings_without_words(n: int) -> str:
    return times(n, "### 🎉\n")


@shape
def headings_on_two_levels(n: int) -> str:
    return times(n, "### Agenda\n\n#### Sub %\n\nText.\n")


@shape
def headings_that_look_like_dates(n: int) -> str:
    return times(n, "### 16/12/2025 %\n")


@shape
def dropped_sections(n: int) -> str:
    return times(n, "### Dropped\n\nText.\n\n### Kept %\n")


@shape
def list_items(n: int) -> str:
    return times(n, "- Item %")


@shape
def loose_list_items(n: int) -> str:
    return times(n, "1. Item %\n")


@shape
def lists(n: int) -> str:
    return times(n, "- Item %\n\nText.\n")


@shape
def tasks(n: int) -> str:
    return times(n, "- [ ] Item %")


@shape
def lists_below_items(n: int) -> str:
    return times(n, "- Item\n  - Item %\n    - Item")


@shape
def paragraphs(n: int) -> str:
    return times(n, "Text %.\n")


@shape
def rules(n: int) -> str:
    return times(n, "***\n")


@shape
def rules_between_paragraphs(n: int) -> str:
    return times(n, "Text %.\n\n***\n")


@shape
def quotations(n: int) -> str:
    return times(n, "> Text %.\n\nText.\n")


@shape
def lines_of_a_quotation(n: int) -> str:
    return times(n, "> Text %.\n>")


@shape
def alerts(n: int) -> str:
    return times(n, "> [!NOTE]\n> Text %.\n\nText.\n")


@shape
def code_blocks(n: int) -> str:
    return times(n, "```\ncode %\n```\n")


@shape
def code_blocks_in_python(n: int) -> str:
    return times(n, "```python\nx = %\n```\n")


@shape
def code_blocks_with_a_caption(n: int) -> str:
    return times(n, "```unknown%\nx = %\n```\n")


@shape
def lines_of_code(n: int) -> str:
    return f"```\n{times(n, 'code %')}\n```\n"


@shape
def html(n: int) -> str:
    return times(n, "<div>%\n\n<!-- x\n")


@shape
def images(n: int) -> str:
    return times(n, "![image](https://example.org/%.png)\n")


@shape
def links(n: int) -> str:
    return times(n, "[link](https://example.org/%)\n")


@shape
def link_definitions(n: int) -> str:
    return times(n, "[link][%]\n") + "\n\n" + times(n, "[%]: https://example.org/%")


@shape
def link_definitions_without_links(n: int) -> str:
    return times(n, "[%]: https://example.org/%")


@shape
def link_definitions_of_one_name(n: int) -> str:
    return "[1]\n\n" + times(n, "[1]: https://example.org/%")


@shape
def links_within_the_page(n: int) -> str:
    return times(n, "### Heading %\n\n[link](#2025-12-16-heading-%)\n")


@shape
def handles(n: int) -> str:
    return times(n, "- @handle%")


@shape
def emoji(n: int) -> str:
    return times(n, "- :tada: `code` **bold** ~~out~~")


@shape
def control_characters(n: int) -> str:
    return times(n, "Text \x0b %\n")


@shape
def emphasis_in_one_paragraph(n: int) -> str:
    return times(n, "*a **b", " ")


@shape
def brackets_in_one_paragraph(n: int) -> str:
    # The first hundred are within each other.
    return times(100 + n, "[", "")


# --- meetings and files ---------------------------------------------------------------------


@shape
def meetings_(n: int) -> Files:
    return meetings(n, "Text.")


@shape
def meetings_of_one_day(n: int) -> Files:
    return one_file(n, "Text.")


@shape
def meetings_of_one_day_and_title(n: int) -> Files:
    return one_file(n, "Text.", "Same")


@shape
def meetings_without_text(n: int) -> Files:
    return one_file(n, "", "")


@shape
def meetings_on_no_day(n: int) -> Files:
    return {"notes/2025.md": times(n, "## 2025-13-45\n\nText.\n")}


@shape
def open_fences(n: int) -> Files:
    return one_file(n, "```\ncode")


@shape
def fences_with_headings_in_them(n: int) -> Files:
    return {"notes/2025.md": times(n, "## 2025-12-16 A %\n\n```\n## 2025-12-17\n```\n\n")}


@shape
def headings_below_other_text(n: int) -> Files:
    return {"notes/2025.md": times(n, "Text.\n\n   2025-12-16 Number %\n===\n\n")}


@shape
def introduction(n: int) -> Files:
    return {"notes/2025.md": f"{times(n, '# Heading %')}\n\n## 2025-12-16\n\nText.\n"}


@shape
def years(n: int) -> Files:
    return {f"notes/{1000 + i}.md": f"## {1000 + i}-12-16\n\nText.\n" for i in range(n)}


@shape
def series(n: int) -> Files:
    return {f"notes/s{i}/2025.md": "## 2025-12-16\n\nText a/b#1.\n" for i in range(n)}


@shape
def meeting_files(n: int) -> Files:
    dates = (f"{1990 + i // 300}/{i % 300 // 25 + 1:02}-{i % 25 + 1:02}" for i in range(n))
    return {
        f"notes/{date}.md": f"# Call {i}\n\n## Agenda\n\n- a/b#1\n" for i, date in enumerate(dates)
    }


@shape
def undated_files(n: int) -> Files:
    return {f"notes/call-{i}.md": f"# Call {i}\n\nText.\n" for i in range(n)}


@shape
def headings_of_a_meeting_file(n: int) -> Files:
    return {"notes/2025-12-16.md": "# Call\n\n" + times(n, "## 2025-12-16 %\n\n### Part\n\n")}


@shape
def meetings_of_a_meeting_file(n: int) -> Files:
    dates = [f"{1990 + i // 300}-{i % 300 // 25 + 1:02}-{i % 25 + 1:02}" for i in range(n)]
    return {"notes/calls.md": "# Calls\n\n" + "\n".join(f"## {d}\n\nText.\n" for d in dates)}


@shape
def dates_of_a_path(n: int) -> Files:
    # Names of files have 255 bytes at most.
    return {f"notes/{'/'.join(['2025-12-1x'] * 20)}/{i}-01-02-x.md": "Text.\n" for i in range(n)}


@shape
def files_that_are_no_pages(n: int) -> Files:
    notes = {"notes/2025.md": "## 2025-12-16\n\nText.\n"}
    return notes | {f"notes/data/{i}.md.txt": "" for i in range(10 * n)}


@shape
def roles(n: int) -> Files:
    return {
        "notes/r/2025.md": times(n, "## 2025-12-16 A %\n\n- x\n\n"),
        "page.md": "# Page\n\n" + times(n, "{cafe:meeting}`r/2025-12-16-a-%`\n"),
    }


# --- measuring ------------------------------------------------------------------------------


def write(files: Files, root: Path) -> None:
    """Write a project with all lists and some files of a shape."""
    for path, text in {"conf.py": CONF, "index.md": INDEX, "lists.md": LISTS, **files}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def build(root: Path) -> None:
    """Build a project, with the search's records but without Pagefind, which is a process."""
    from cafe_site.sphinxext.search.texts import records

    with patch_docutils(root), docutils_namespace():
        out = root / "_build"
        app = Sphinx(root, root, out, out / "doctrees", "html", status=None, warning=io.StringIO())
        app.build()
        for record in records(app):
            record.html()
    assert app.statuscode == 0


def measure(name: str, n: int) -> tuple[float, int]:
    """Return the CPU time of a build in seconds, and the size of its pages in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(SHAPES[name](n), root)
        start = time.process_time()
        build(root)
        end = time.process_time()
        return end - start, sum(path.stat().st_size for path in root.rglob("_build/**/*.html"))


def main() -> None:
    """Print a line for each shape."""
    n, *names = sys.argv[1:]
    sizes = (1, 1, int(n), 4 * int(n))  # the first one also imports what is needed
    for name in names or SHAPES:
        _, (base, page), (small, pages), (large, more) = (measure(name, size) for size in sizes)
        ratio = (large - base) / max(small - base, 0.01)
        mark = "  <<<" if ratio > 5.5 else ""
        print(
            f"{name:42} {small:6.2f} s {large:7.2f} s  x{ratio:5.1f}"
            f"  bytes x{(more - page) / max(pages - page, 1):4.1f}{mark}",
            flush=True,
        )


if __name__ == "__main__":
    main()
