"""Renders the Markdown tokens of notes as docutils nodes.

Notes can produce only the nodes created here: no raw HTML, images,
substitutions, directives or labels,
and only ``http``, ``https`` and ``mailto`` URLs become links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.highlighting import Highlighting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.model import Link
    from cafe_site.notes.rendering import Rendering

_NO_TEXT = "…"
"""The text of a footnote that has none."""

_ALERTS: dict[str, type[nodes.Element]] = {
    "NOTE": nodes.note,
    "TIP": nodes.tip,
    "IMPORTANT": nodes.important,
    "WARNING": nodes.warning,
    "CAUTION": nodes.caution,
}
# The node for each opening token; the closing token ends it.
_CONTAINERS: dict[str, Callable[[Token], nodes.Element]] = {
    "alert": lambda token: _ALERTS.get(token.meta.get("kind", ""), nodes.note)(),
    "blockquote": lambda token: nodes.block_quote(),
    "bullet_list": lambda token: nodes.bullet_list(),
    "dl": lambda token: nodes.field_list(classes=["cafe-details"]),
    "dd": lambda token: nodes.field_body(),
    "em": lambda token: nodes.emphasis(),
    "link": lambda token: _link(token),
    "minutes": lambda token: nodes.inline(classes=["cafe-minutes"]),
    "paragraph": lambda token: nodes.paragraph(
        classes=["cafe-heading"] if "heading" in token.meta else []
    ),
    "s": lambda token: cafe.strikethrough(),
    "speaker": lambda token: nodes.inline(classes=["cafe-speaker"]),
    "strong": lambda token: nodes.strong(),
    "tbody": lambda token: nodes.tbody(),
    "thead": lambda token: nodes.thead(),
    "tr": lambda token: nodes.row(),
}
_LEAVES: dict[str, Callable[[Token], nodes.Node]] = {
    "code_inline": lambda token: nodes.literal("", token.content, language=""),
    "footnote_ref": lambda token: nodes.footnote_reference(
        "", token.content, ids=[token.meta["id"]], refid=token.meta["target"]
    ),
    "hardbreak": lambda token: cafe.hard_break(),
    "softbreak": lambda token: nodes.Text("\n"),
    "task_box": lambda token: cafe.task_box(checked=token.meta["checked"]),
    "text": lambda token: nodes.Text(token.content),
}


class Renderer:
    """Renders the tokens of one meeting, or of an introduction, into a section.

    :param document: the document that the nodes become part of
    :param source: the path of the notes file
    :param rendering: what to show of the tokens
    :param docname: the page, if its references are to link to other meetings that mention them
    :param highlighting: the highlighting of the page, shared by all its renderers
    """

    def __init__(
        self,
        document: nodes.document,
        source: str,
        rendering: Rendering,
        *,
        docname: str = "",
        highlighting: Highlighting | None = None,
    ) -> None:
        self._document = document
        self._source = source
        self._rendering = rendering
        self._docname = docname
        self._highlighting = highlighting or Highlighting()
        self._summary = ""
        self._sections: list[nodes.section] = []
        self._parents: list[nodes.Element] = []
        # References seen in this meeting; only the first one links to other meetings.
        self._seen: set[tuple[str, str]] = set()

    def render(
        self,
        tokens: Sequence[Token],
        section: nodes.section,
        people: range | None = None,
        summary: str = "",
    ) -> None:
        """Append the tokens to a section.

        :param people: the range of tokens that is the list of people, to be collapsed
        :param summary: the line shown in its place
        """
        self._summary = summary
        self._sections = [section]
        self._parents = [section]
        self._write(self._rendering.tokens(tokens, people))

    def address(self, target: Link) -> nodes.Node:
        """Return a link that shows its own URL, or the URL as text."""
        shown = nodes.inline()
        self._parents = [shown]
        self._write(self._rendering.address(target))
        return shown[0]

    def _write(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            name = token.type.removesuffix("_open")
            if method := getattr(self, f"_{token.type}", None):
                method(token)
            elif token.nesting < 0:
                self._parents.pop()
            elif name in _CONTAINERS:
                self._open(_CONTAINERS[name](token), token)
            elif token.type != "text" or token.content:
                self._parents[-1].append(_LEAVES[name](token))

    def _open(self, node: nodes.Element, token: Token) -> None:
        self._add(node, token)
        self._parents.append(node)

    def _add(self, node: nodes.Element, token: Token) -> None:
        node.source = self._source
        node.line = token.map[0] + 1 if token.map else self._parents[-1].line
        self._parents[-1].append(node)

    # --- tokens that become more than one node ------------------------------------------

    def _inline(self, token: Token) -> None:
        self._write(token.children or ())

    def _heading_open(self, token: Token) -> None:
        del self._sections[token.meta["depth"] :]
        self._parents = [self._sections[-1]]
        section = nodes.section()
        self._sections.append(section)
        self._open(section, token)
        self._name(section, token)
        self._open(nodes.title(), token)

    def _name(self, node: nodes.Element, token: Token) -> None:
        """Give a node the anchor of its token."""
        node["ids"].append(token.meta["id"])
        self._document.set_id(node)

    def _list_item_open(self, token: Token) -> None:
        item = nodes.list_item(classes=["cafe-task"] if "checked" in token.meta else [])
        if "id" in token.meta:
            self._name(item, token)
        self._open(item, token)

    def _ordered_list_open(self, token: Token) -> None:
        node = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        if (start := token.attrs.get("start", 1)) != 1:
            node["start"] = start
        self._open(node, token)

    def _people_open(self, token: Token) -> None:
        self._open(cafe.details(summary=self._summary, classes=["cafe-people"]), token)

    def _dt_open(self, token: Token) -> None:
        self._open(nodes.field(), token)
        self._open(nodes.field_name(), token)

    def _dd_close(self, token: Token) -> None:
        del self._parents[-2:]

    def _hr(self, token: Token) -> None:
        self._add(nodes.transition(), token)

    def _fence(self, token: Token) -> None:
        info = token.info.strip()
        language = info.split()[0] if info else ""
        known = self._highlighting.includes(language, token.content)
        if info and (not known or info != language):
            caption = nodes.paragraph(classes=["cafe-code-info"])
            caption += nodes.literal("", info)
            self._add(caption, token)
        # `force` keeps the highlighter from warning about code that does not parse.
        block = nodes.literal_block(token.content, token.content, force=True)
        block["language"] = language if known else "none"
        self._add(block, token)

    _code_block = _fence

    def _table_open(self, token: Token) -> None:
        self._open(nodes.table(classes=["colwidths-auto"]), token)
        self._open(nodes.tgroup(), token)

    def _table_close(self, token: Token) -> None:
        group = self._parents[-1]
        columns = len(next(group.findall(nodes.row)))
        group["cols"] = columns
        group[:0] = [nodes.colspec(colwidth=100 // max(columns, 1)) for _ in range(columns)]
        if not isinstance(group[-1], nodes.tbody):
            # GFM allows tables with only a header; docutils requires a body.
            group += nodes.tbody()
        del self._parents[-2:]

    def _cell_open(self, token: Token) -> None:
        align = str(token.attrs.get("style", "")).removeprefix("text-align:")
        known = align in ("left", "center", "right")
        self._open(nodes.entry(classes=[f"text-{align}"] if known else []), token)
        self._open(nodes.paragraph(), token)

    def _cell_close(self, token: Token) -> None:
        del self._parents[-2:]

    _th_open = _td_open = _cell_open
    _th_close = _td_close = _cell_close

    def _footnote_block_open(self, token: Token) -> None:
        self._parents = [self._sections[0]] * 2  # the closing token pops one

    def _footnote_open(self, token: Token) -> None:
        footnote = cafe.footnote(ids=[token.meta["id"]], backrefs=token.meta["backrefs"])
        footnote += nodes.label("", str(token.meta["number"]))
        self._open(footnote, token)

    def _footnote_close(self, token: Token) -> None:
        """End a footnote, which must have text for docutils and its writers.

        A thematic break, ``[^1]: ***``, has none.
        """
        footnote = self._parents.pop()
        if not any(child.astext().strip() for child in footnote.children[1:]):
            footnote += nodes.paragraph("", _NO_TEXT)

    def _reference(self, token: Token) -> None:
        """Add a placeholder for links to other meetings, once per reference."""
        key = token.meta["reference"].key
        if self._docname and key not in self._seen:
            self._seen.add(key)
            place = cafe.also_in(docname=self._docname, meeting=self._rendering.prefix, key=key)
            self._parents[-1].append(place)


def _link(token: Token) -> nodes.reference:
    address, title, kind = token.attrs["href"], token.attrs.get("title"), token.meta["kind"]
    if kind == "person":
        link = nodes.reference(refuri=address)
    elif str(address).startswith("#"):
        link = nodes.reference(refid=str(address)[1:], internal=True)
    else:
        # Anybody can edit the pad; search engines should not count its links as ours.
        link = nodes.reference(refuri=address, rel="nofollow ugc")
    if kind:
        link["classes"].append(f"cafe-{kind}")
    if title:
        link["reftitle"] = title
    return link
