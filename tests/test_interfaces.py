"""What Sphinx, MyST-Parser and markdown-it-py do not promise is as the package takes it to be.

When one of these fails with a new release, look at what ``cafe_site.sphinxext.interfaces``
or ``cafe_site.notes.dialect`` says of it, and at what has become of it there.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from docutils.parsers import Parser
from sphinx.application import Sphinx
from sphinx.config import Config

from cafe_site.notes.dialect import markdown
from cafe_site.sphinxext import interfaces

if TYPE_CHECKING:
    from docutils import nodes

# All rules that read notes; one that is new may read what is text so far.
RULES = {
    "core": ["normalize", "block", "inline", "text_join", "unseen", "shortcodes"],
    "block": [
        "flatten",
        "table",
        "code",
        "fence",
        "blockquote",
        "hr",
        "list",
        "footnote_def",
        "reference",
        "html_block",
        "heading",
        "lheading",
        "paragraph",
    ],
    "inline": [
        "text",
        "newline",
        "escape",
        "backticks",
        "strikethrough",
        "emphasis",
        "link",
        "image",
        "footnote_ref",
        "autolink",
        "html_inline",
        "entity",
        "gfm_autolink_protocol",
    ],
    "inline2": ["balance_pairs", "strikethrough", "emphasis", "fragments_join"],
}


def test_the_rules_that_read_notes_are_known() -> None:
    assert markdown().get_active_rules() == RULES


def test_rules_of_html_make_text_of_it() -> None:
    tokens = markdown().parse("<b>\n\na <b>c</b>\n")
    types = {child.type for token in tokens for child in (token, *(token.children or ()))}
    assert types == {"paragraph_open", "inline", "paragraph_close", "text"}


def test_the_parser_of_myst_can_be_subclassed() -> None:
    parser = interfaces.MystParser
    assert issubclass(parser, Parser)
    assert list(inspect.signature(parser.parse).parameters) == ["self", "inputstring", "document"]
    assert list(inspect.signature(parser.get_transforms).parameters) == ["self"]


def test_parser_environment_and_application_know_each_other(site, monkeypatch) -> None:
    found = []
    parse = interfaces.MystParser.parse

    def spy(self, inputstring: str, document: nodes.document) -> None:
        env = interfaces.environment(self)
        found.append((env, interfaces.application(env), env.current_document.docname))
        parse(self, inputstring, document)

    monkeypatch.setattr(interfaces.MystParser, "parse", spy)
    site.write("notes/2025.md", "## 2025-12-16\n")
    site.build()
    assert sorted(docname for _, _, docname in found) == ["index", "notes/index"]
    for env, app, _ in found:
        assert isinstance(app, Sphinx)
        assert app.env is env


def test_the_encoding_of_documents_can_be_set(site) -> None:
    # Strictly read, this would end the build.
    site.write("notes/2025.md", "## 2025-12-16\n\ncaf\xe9\n".encode("latin-1"))
    build = site.build(warnings=True)
    assert "caf\N{REPLACEMENT CHARACTER}" in build.article("notes/2025.html").get_text()


def test_the_class_of_toctrees_takes_their_options(site) -> None:
    for path in ("notes/2025.md", "notes/2024.md", "notes/team/2023.md"):
        site.write(path, f"## {path[-7:-3]}-12-16\n")
    site.write("conf.py", (site.root / "conf.py").read_text() + KEEP)
    build = site.build()
    entries = (build.outdir / "toctrees.txt").read_text().splitlines()
    assert entries == [
        "[(None, 'notes/index')] ['notes/index'] None False False",
        "[('2025', 'notes/2025'), ('2024', 'notes/2024')] ['notes/2025', 'notes/2024'] "
        "Notes True True",
        "[('Team 2023', 'notes/team/2023')] ['notes/team/2023'] Team True True",
    ]


KEEP = """

def setup(app):
    from pathlib import Path
    from docutils import nodes
    from sphinx import addnodes

    def keep(app, exception):
        lines = []
        for docname in sorted(app.env.found_docs):
            for tree in app.env.get_doctree(docname).findall(addnodes.toctree):
                names = ("entries", "includefiles", "caption", "hidden", "glob")
                lines.append(" ".join(str(tree[name]) for name in names))
        Path(app.outdir, "toctrees.txt").write_text("\\n".join(lines))

    app.connect("build-finished", keep)
"""


def test_the_environment_is_in_the_file_of_its_name(site) -> None:
    site.build()
    assert Path(site.root, "_build/doctrees", interfaces.ENV_PICKLE_FILENAME).is_file()


def test_a_task_begins_with_the_box_that_is_replaced(site) -> None:
    site.write(
        "conf.py", (site.root / "conf.py").read_text() + 'myst_enable_extensions = ["tasklist"]\n'
    )
    site.write("page.md", "---\norphan: true\n---\n\n# Page\n\n- [ ] open\n- [x] done\n")
    boxes = site.build().article("page.html").select("input")
    assert [(box["aria-label"], box.has_attr("checked")) for box in boxes] == [
        ("to do", False),
        ("done", True),
    ]


def test_a_configuration_of_nothing_has_the_defaults() -> None:
    assert Config().project == "Project name not set"
