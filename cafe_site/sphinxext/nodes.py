"""Custom docutils nodes, and how each builder writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

from cafe_site.notes.titles import safe_title
from cafe_site.sphinxext.interfaces import TASK_BOX
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sphinx.application import Sphinx

    Visit = Callable[[Any, Any], None]


def make_titles_safe(element: nodes.Element) -> None:
    """Make section titles harmless in themes that insert them into HTML unescaped.

    A title is checked as a whole, since markup may split a tag in its text:
    ``<*script*>``.
    """
    for title in element.findall(nodes.title):
        # Replaced by position, since nodes with the same text are equal.
        places = {
            id(child): (parent, index)
            for parent in title.findall(nodes.Element)
            for index, child in enumerate(parent.children)
        }
        texts = list(title.findall(nodes.Text))
        safe = safe_title("".join(texts))
        start = 0
        for text in texts:
            end = start + len(text)
            if safe[start:end] != text:
                parent, index = places[id(text)]
                parent[index] = nodes.Text(safe[start:end])
            start = end


class details(nodes.General, nodes.Element):
    """Collapsible content below a line of text, ``summary``."""


class navigation(nodes.General, nodes.Element):
    """Links to neighboring pages; ``label`` is its accessible name."""


class footnote(nodes.footnote):
    """A footnote that finds its neighbors without searching all of its siblings.

    docutils' HTML writer (0.22) needs both for each footnote, and a section may have thousands.
    """

    place = 0
    """Its index in its parent, unless nodes were added or removed before it."""

    def _index(self) -> int:
        siblings = self.parent.children
        if self.place >= len(siblings) or siblings[self.place] is not self:
            for place, sibling in enumerate(siblings):
                if isinstance(sibling, footnote):
                    sibling.place = place
        return self.place

    def previous_sibling(self) -> nodes.Node | None:
        """Return the sibling before it."""
        index = self._index()
        return self.parent[index - 1] if index else None

    def next_node(self, *arguments: Any, **options: Any) -> Any:
        """Return the next matching node, with a fast path for the next sibling."""
        if arguments or options != {"descend": False, "siblings": True}:
            return super().next_node(*arguments, **options)
        index = self._index() + 1
        return self.parent[index] if index < len(self.parent) else None


class strikethrough(nodes.Inline, nodes.TextElement):
    """Text that is struck through."""


class hard_break(nodes.Inline, nodes.Element):
    """A line break within a paragraph."""


class task_box(nodes.Inline, nodes.Element):
    """The checkbox of a task, ``checked`` or not."""


class edit_link(nodes.Inline, nodes.Element):
    """A placeholder for the link that opens a notes file at a ``line``."""


class year_navigation(nodes.General, nodes.Element):
    """A placeholder for the links to the years before and after."""


class meeting_list(nodes.General, nodes.Element):
    """A placeholder for a list made from the whole archive, of a ``kind`` and ``selection``."""


class schedule_place(nodes.General, nodes.Element):
    """A placeholder for content from the schedule, of a ``kind``, for one ``series`` or all."""


class also_in(nodes.Inline, nodes.Element):
    """A placeholder for links to the other meetings that mention the reference ``key``."""


def _pass(self: Any, node: nodes.Element) -> None:
    """Write only the children."""


def _skip(self: Any, node: nodes.Element) -> None:
    raise nodes.SkipNode


def _html_visit_details(self: Any, node: details) -> None:
    self.body.append(self.starttag(node, "details"))
    self.body.append(f"<summary>{self.encode(node['summary'])}</summary>\n")


def _html_visit_navigation(self: Any, node: navigation) -> None:
    self.body.append(self.starttag(node, "nav", **{"aria-label": node["label"]}))


def _html_visit_task_box(self: Any, node: task_box) -> None:
    state = (
        {"checked": "checked", "aria-label": gettext("done")}
        if node["checked"]
        else {"aria-label": gettext("to do")}
    )
    self.body.append(
        self.emptytag(node, "input", " ", type="checkbox", disabled="disabled", **state)
    )


def _appends(text: str, in_title: str | None = None) -> Visit:
    """Return a visitor that writes a text, another one in titles if given."""

    def visit(self: Any, node: nodes.Element) -> None:
        is_in_title = in_title is not None and isinstance(node.parent, nodes.title)
        self.body.append(in_title if is_in_title else text)

    return visit


def _adds(text: str) -> Visit:
    """Return a visitor that writes a text with Sphinx's text writer."""
    return lambda self, node: self.add_text(text)


def _latex_visit_task_box(self: Any, node: task_box) -> None:
    self.body.append(r"{[}x{]} " if node["checked"] else r"{[}~{]} ")


def _text_visit_task_box(self: Any, node: task_box) -> None:
    self.add_text("[x] " if node["checked"] else "[ ] ")


def _roff_visit_task_box(self: Any, node: task_box) -> None:
    self.body.append("[x] " if node["checked"] else "[ ] ")


class LabelTaskBoxes(SphinxTransform):
    """Make the task lists of handwritten pages accessible, and visible in all builders.

    MyST-Parser writes a checkbox as raw HTML without a label for screen readers,
    and omits it in builders other than HTML.
    """

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Replace the raw HTML of one document."""
        for raw in list(self.document.findall(nodes.raw)):
            text = raw.astext()
            if raw["format"] == "html" and text.startswith(TASK_BOX):
                item = raw.parent.parent
                if isinstance(item, nodes.list_item):
                    item["classes"].append("cafe-task")
                raw.parent.replace(raw, task_box(checked='checked="checked"' in text))


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make sure that no section has an empty name in Texinfo.

    Sphinx names sections after their titles without the characters below, and an empty
    name aborts the build (TexinfoTranslator.escape_id, Sphinx 9.0 to 9.2).
    """
    if app.builder.format != "texinfo":
        return
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        if title is not None and not re.search(r"[^\s,:()]", title.astext()):
            title += nodes.Text(" …")


# How many of the 70 columns of Sphinx's text writer are kept for words.
_MIN_TEXT_WIDTH = 20


def keep_text_width(app: Sphinx) -> None:
    """Limit the indentation in Sphinx's text writer so that there is room for words.

    It raises an error when quotes and lists are indented by more than the line width
    (sphinx/writers/text.py, Sphinx 9.0 to 9.2), which can happen in notes.
    """
    if app.builder.format != "text":
        return
    from sphinx.writers.text import MAXWIDTH, STDINDENT

    base: Any = app.registry.get_translator_class(app.builder)

    class Translator(base):  # type: ignore[misc]
        def new_state(self, indent: int = STDINDENT) -> None:
            room = MAXWIDTH - _MIN_TEXT_WIDTH - sum(self.stateindent)
            super().new_state(max(0, min(indent, room)))

    app.set_translator(app.builder.name, Translator, override=True)


def setup(app: Sphinx) -> None:
    """Register the nodes with all of Sphinx's writers."""
    app.connect("builder-inited", keep_text_width)
    # After the lists, which contain sections, have been filled in.
    app.connect("doctree-resolved", on_doctree_resolved, priority=900)
    app.add_transform(LabelTaskBoxes)
    plain: dict[str, Any] = dict.fromkeys(("latex", "text", "man", "texinfo"), (_pass, _pass))
    app.add_node(details, html=(_html_visit_details, _appends("</details>\n")), **plain)
    app.add_node(navigation, html=(_html_visit_navigation, _appends("</nav>\n")), **plain)
    # Strikethrough in LaTeX needs a package and breaks on links; tildes do not.
    tildes = _appends(r"\textasciitilde{}\textasciitilde{}")
    app.add_node(
        strikethrough,
        html=(_appends("<s>"), _appends("</s>")),
        latex=(tildes, tildes),
        text=(_adds("~~"), _adds("~~")),
        man=(_appends("~~"), _appends("~~")),
        texinfo=(_appends("~~"), _appends("~~")),
    )
    app.add_node(
        hard_break,
        html=(_appends("<br />\n"), _pass),
        # With the braces, a following asterisk or bracket is plain text.
        latex=(_appends("\\\\{}\n"), _pass),
        text=(_adds("\n"), _pass),
        # A heading ends at the end of its line.
        man=(_appends("\n.br\n", in_title=" "), _pass),
        texinfo=(_appends("@*\n", in_title=" "), _pass),
    )
    app.add_node(
        task_box,
        html=(_html_visit_task_box, _pass),
        latex=(_latex_visit_task_box, _pass),
        text=(_text_visit_task_box, _pass),
        man=(_roff_visit_task_box, _pass),
        texinfo=(_roff_visit_task_box, _pass),
    )
    # Placeholders are replaced before anything is written.
    skip: dict[str, Any] = dict.fromkeys(("html", *plain), (_skip, None))
    for placeholder in (edit_link, year_navigation, meeting_list, schedule_place, also_in):
        app.add_node(placeholder, **skip)
