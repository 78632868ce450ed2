"""Characters that cannot be seen, and lines that are counted in other ways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from docutils.utils import new_document

from cafe_site.notes.characters import UNSEEN
from cafe_site.notes.reader import read
from cafe_site.notes.rendering import Rendering
from cafe_site.sphinxext.renderer import Renderer

if TYPE_CHECKING:
    from .conftest import Site


# Escapes and how many replacement characters stand for them.
ESCAPES = {
    r"\u202e": 1,
    r"\0": 1,
    r"\e": 1,
    r"\x7f": 1,
    r"\ud800": 1,
    r"\udfff\ud800": 2,
    r"\uffff": 1,
    r"\u2066": 1,
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_escapes_of_front_matter_bring_in_nothing_that_cannot_be_seen(
    site: Site, escape: str
) -> None:
    site.write(
        "notes/2025.md",
        f'---\nother: x\ntitle: "front{escape}word"\ntags: ["tag{escape}word"]\n---\n\n'
        "## 2025-12-16\n\ntext\n",
    )
    build = site.build(warnings=True)
    shown = "\ufffd" * ESCAPES[escape]
    assert build.article("notes/2025.html").h1.find(string=True) == f"front{shown}word"
    assert f"tag{shown}word" in build.article("notes/index.html").text
    for path, data in build.files().items():
        assert not UNSEEN.search(data.decode("utf-8", "replace")) or path.endswith(".inv"), path


def test_escapes_of_front_matter_are_reported_at_their_line() -> None:
    text = (
        '---\nother: x\ntitle: "a\\u202eb"\ntags: ["c\\ud800d", "e\\0f"]\n---\n\n## 2025-12-16\n'
    )
    problems = [(p.line, p.kind.value, p.message) for p in read(text, 2025).problems]
    assert [(line, kind) for line, kind, _ in problems] == [
        (3, "control_character"),
        (4, "control_character"),
        (4, "control_character"),
    ]
    assert "title contains the control character U+202E" in problems[0][2]
    assert "tags contains the control character U+D800" in problems[1][2]


def test_two_escapes_that_are_one_character_are_one() -> None:
    notes = read('---\ntitle: "a \\ud83c\\udf89 b"\n---\n\n## 2025-12-16\n', 2025)
    assert (notes.title, notes.problems) == ("a 🎉 b", ())


@pytest.mark.parametrize("escape", [r"\n", r"\t", r"\N", r"\L", r"\P", r"\v", r"\r"])
def test_titles_and_tags_of_front_matter_are_one_line(escape: str) -> None:
    notes = read(f'---\ntitle: "a{escape}b"\ntags: ["c{escape}d"]\n---\n\n## 2025-12-16\n', 2025)
    assert notes.title.splitlines() == [notes.title]
    assert notes.tags[0].splitlines() == [notes.tags[0]]


@pytest.mark.parametrize(
    "text",
    [
        "{0}",
        "[x](https://example.org/{0})",
        '[x](https://example.org "{0}")',
        "[x](other:{0})",
        '[x][a]\n\n[a]: https://example.org/{0} "t{0}"',
        "![x{0}][a]\n\n[a]: <other:{0}> 't{0}'",
        '![![{0}](y "{0}")](x)',
        "<https://example.org/{0}>",
        "https://example.org/{0}",
        "### {0}",
        "| {0} |\n|---|\n| {0} |",
        "- **{0} (5m):** {0}",
        "> [!NOTE] {0}\n> {0}",
        "Tags: a{0}b",
        "x[^{0}]\n\n[^{0}]: {0}",
        "```{0}\ncode\n```",
    ],
)
@pytest.mark.parametrize(
    "entity", ["&#x202E;", "&#xD800;", "&#8238;", "&#0;", "&#xFFFF;", "&#x9;"]
)
def test_entities_bring_in_nothing_that_cannot_be_seen(text: str, entity: str) -> None:
    notes = read(f"## 2025-12-16 a{entity}b\n\n### Agenda\n\n{text.format(entity)}\n", 2025)
    document = new_document("notes")
    section = nodes.section()
    renderer = Renderer(document, "notes", Rendering("prefix"))
    renderer.render(notes.entries[0].body, section)
    for node in section.findall():
        shown = str(node) if isinstance(node, nodes.Text) else repr(node.attributes)
        assert not UNSEEN.search(shown)
        assert not re.search(r"\\u202e|\\ud800|\\x00|\\uffff", shown)
    assert not UNSEEN.search(repr(notes.meetings))
    assert not re.search(r"\\u202e|\\ud800|\\x00|\\uffff", repr(notes.meetings))


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("title: a{0}{0}{0}\nother: *x\n", 3),
        ("# {0}{0}{0}{0}\ntitle: a: b\n", 3),
        ("a: '{0}{0}\n\nb: c\n", None),
        ("{0}{0}- {0}x: [\n", None),
        ("title: b\n{0}title: c\n", 3),
        ("x: y # {0}\ntitle: {0}\n  {{{{ z }}}}\n", None),
    ],
)
def test_problems_of_front_matter_are_reported_at_lines_that_editors_count(
    source: str, line: int | None, separator: str
) -> None:
    text = f"---\n{source.format(separator)}---\n\n## 2025-12-16\n"
    problems = read(text, 2025).problems
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= source.count("\n") + 2
        if line is not None:
            assert problem.line == line
