"""From the Markdown tokens of notes to docutils nodes.

Only the nodes made here can come out of a note: there is no raw HTML, no image,
no substitution, no directive, and no label among them,
and only ``http``, ``https`` and ``mailto`` addresses become links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from markdown_it.common.normalize_url import normalizeLink

from cafe_site.notes.agenda import lead
from cafe_site.notes.details import detail
from cafe_site.notes.dialect import (
    HANDLE,
    MAX_INLINE_DEPTH,
    SAFE_ADDRESS,
    description,
    short_reference,
    typed_target,
    walk,
)
from cafe_site.notes.references import split_address
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.highlighting import Highlighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.notes.model import Link, Reference

_NO_TEXT = "…"
"""What stands for the text of a heading or footnote that has none."""

_ALERTS: dict[str, type[nodes.Element]] = {
    "NOTE": nodes.note,
    "TIP": nodes.tip,
    "IMPORTANT": nodes.important,
    "WARNING": nodes.warning,
    "CAUTION": nodes.caution,
}
_CONTAINERS: dict[str, type[nodes.Element]] = {
    "paragraph": nodes.paragraph,
    "blockquote": nodes.block_quote,
    "thead": nodes.thead,
    "tbody": nodes.tbody,
    "tr": nodes.row,
}
_INLINES: dict[str, type[nodes.Element]] = {
    "em": nodes.emphasis,
    "strong": nodes.strong,
    "s": cafe.strikethrough,
}


class Renderer:
    """Renders the tokens of one meeting, or of an introduction, into a section.

    :param document: the document that the nodes become part of
    :param source: the path of the notes file
    :param prefix: what the anchors of footnotes begin with
    :param anchors: the anchors on the page, which ``[text](#anchor)`` may link to
    :param names: the small-letter names of the people who were there
    :param person_url: an address with ``{handle}`` in it, or an empty text
    :param docname: the page, if its references are to say in which other meetings they occur
    :param highlighting: what is highlighted of the page, which all its renderers share
    """

    def __init__(
        self,
        document: nodes.document,
        source: str,
        prefix: str,
        *,
        anchors: frozenset[str] = frozenset(),
        names: frozenset[str] = frozenset(),
        person_url: str = "",
        docname: str = "",
        highlighting: Highlighting | None = None,
    ) -> None:
        self._document = document
        self._source = source
        self._prefix = prefix
        self._anchors = anchors
        self._names = names
        self._person_url = person_url
        self._docname = docname
        self._highlighting = highlighting or Highlighting()
        self._sections: list[tuple[int, nodes.section]] = []
        self._parents: list[nodes.Element] = []
        self._footnotes: dict[str, cafe.footnote] = {}
        self._numbers: dict[str, int] = {}
        self._references: dict[str, list[str]] = {}
        # What was referred to before in this meeting; the first time says where else.
        self._seen: set[tuple[str, str]] = set()

    def render(
        self,
        tokens: Sequence[Token],
        section: nodes.section,
        people: range | None = None,
        summary: str = "",
    ) -> None:
        """Append the tokens to a section.

        :param people: the tokens that are the list of people, to be folded away
        :param summary: the line that stands for them
        """
        self._sections = [(0, section)]
        self._parents = [section]
        for token in walk(tokens):
            if token.type == "footnote_ref":
                self._numbers.setdefault(token.meta["label"], len(self._numbers) + 1)
        for index, token in enumerate(tokens):
            if people and index == people.start:
                self._open(cafe.details(summary=summary, classes=["cafe-people"]), token)
            method = getattr(self, f"_{token.type}", None)
            name, _, kind = token.type.rpartition("_")
            if method is not None:
                method(tokens, index)
            elif kind == "open" and name in _CONTAINERS:
                self._open(_CONTAINERS[name](), token)
            elif kind == "close":
                self._parents.pop()
            elif token.content:  # a kind of token that a later markdown-it may bring
                self._add(nodes.paragraph("", "", nodes.Text(token.content)), token)
            if people and index == people.stop - 1:
                self._parents.pop()
        section.extend(self._footnotes.values())
        for anchor, footnote in self._footnotes.items():
            _fill(footnote)
            footnote["backrefs"] = self._references.get(anchor, [])
        _remove_stray_transitions(section)

    # --- blocks -----------------------------------------------------------------------

    def _open(self, node: nodes.Element, token: Token) -> None:
        self._add(node, token)
        self._parents.append(node)

    def _add(self, node: nodes.Element, token: Token) -> None:
        node.source = self._source
        node.line = token.map[0] + 1 if token.map else self._parents[-1].line
        self._parents[-1].append(node)

    def _heading_open(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        if "id" not in token.meta:
            # A heading within a list or a quotation cannot begin a section.
            self._open(nodes.paragraph(classes=["cafe-heading"]), token)
            self._open(nodes.strong(), token)
            return
        while self._sections[-1][0] >= token.meta["level"]:
            self._sections.pop()
        self._parents = [self._sections[-1][1]]
        section = nodes.section(ids=[token.meta["id"]])
        self._open(section, token)
        self._document.set_id(section)
        self._sections.append((token.meta["level"], section))
        self._open(nodes.title(), token)

    def _heading_close(self, tokens: Sequence[Token], index: int) -> None:
        heading = self._parents.pop()
        if isinstance(heading, nodes.strong):
            self._parents.pop()
        elif not heading.astext().strip():
            # What would link to a heading without words could not be seen.
            heading += nodes.Text(_NO_TEXT)

    def _blockquote_close(self, tokens: Sequence[Token], index: int) -> None:
        quotation = self._parents.pop()
        if not quotation.children:
            # Sphinx removes it later, and a rule would then begin the section.
            del quotation.parent[-1]

    def _inline(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        parent = self._parents[-1]
        if isinstance(parent, nodes.field_body) and (line := detail(token)) is not None:
            name = nodes.field_name()
            self._inlines(line.key, name)
            parent.parent.insert(0, name)
            if line.value:
                value = nodes.paragraph()
                self._inlines(line.value, value)
                parent += value
            return
        item = parent.parent if isinstance(parent, nodes.paragraph) else None
        first = isinstance(item, nodes.list_item) and item.index(parent) == 0
        found = lead(token, self._names) if first else None
        if found is None or found.marked_up:
            self._inlines(token.children or (), parent)
            return
        if found.speaker:
            speaker = nodes.inline(classes=["cafe-speaker"])
            self._text(found.speaker, speaker, in_link=False)
            parent += speaker
        if found.minutes:
            parent += nodes.Text(" ")
            parent += nodes.inline("", f"({found.minutes})", classes=["cafe-minutes"])
        parent += nodes.Text(": " if found.colon else " ")
        self._inlines(found.rest, parent)

    def _list_item_open(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        if isinstance(self._parents[-1], nodes.field_list):
            self._open(nodes.field(), token)
            return
        self._open(nodes.list_item(), token)
        if "id" in token.meta:
            self._parents[-1]["ids"].append(token.meta["id"])
            self._document.set_id(self._parents[-1])
        if "checked" in token.meta:
            self._parents[-1]["classes"].append("cafe-task")
            # The box stands in the item's first paragraph, which may be missing.
            box = cafe.task_box(checked=token.meta["checked"])
            if tokens[index + 1].type != "paragraph_open":
                self._add(nodes.paragraph("", "", box), token)

    def _paragraph_open(self, tokens: Sequence[Token], index: int) -> None:
        if isinstance(self._parents[-1], nodes.field):
            self._open(nodes.field_body(), tokens[index])
            return
        self._open(nodes.paragraph(), tokens[index])
        before = tokens[index - 1] if index else None
        if before is not None and before.type == "list_item_open" and "checked" in before.meta:
            self._parents[-1].append(cafe.task_box(checked=before.meta["checked"]))

    def _bullet_list_open(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        details = "details" in token.meta
        self._open(
            nodes.field_list(classes=["cafe-details"]) if details else nodes.bullet_list(), token
        )

    def _ordered_list_open(self, tokens: Sequence[Token], index: int) -> None:
        node = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        start = tokens[index].attrs.get("start", 1)
        if start != 1:
            node["start"] = start
        self._open(node, tokens[index])

    def _alert_open(self, tokens: Sequence[Token], index: int) -> None:
        kind = _ALERTS.get(tokens[index].meta.get("kind", ""), nodes.note)
        self._open(kind(), tokens[index])

    def _alert_title_open(self, tokens: Sequence[Token], index: int) -> None:
        # The admonition brings its own title; the token's goes to a node nobody keeps.
        self._parents.append(nodes.paragraph())

    def _hr(self, tokens: Sequence[Token], index: int) -> None:
        if isinstance(self._parents[-1], nodes.section):
            self._add(nodes.transition(), tokens[index])

    def _fence(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
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

    def _footnote_reference_open(self, tokens: Sequence[Token], index: int) -> None:
        label = tokens[index].meta["label"]
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        anchor = f"{self._prefix}--note-{number}"
        if anchor in self._footnotes:
            anchor = f"{anchor}-line-{len(self._footnotes)}"  # defined twice; both are kept
        footnote = cafe.footnote(ids=[anchor])
        footnote += nodes.label("", str(number))
        footnote.source = self._source
        footnote.line = self._parents[-1].line
        self._footnotes[anchor] = footnote
        self._parents.append(footnote)

    def _table_open(self, tokens: Sequence[Token], index: int) -> None:
        columns, head = 0, index
        while tokens[head].type != "thead_close":
            columns += tokens[head].type == "th_open"
            head += 1
        self._open(nodes.table(classes=["colwidths-auto"]), tokens[index])
        group = nodes.tgroup(cols=columns)
        self._open(group, tokens[index])
        group.extend(nodes.colspec(colwidth=100 // max(columns, 1)) for _ in range(columns))

    def _table_close(self, tokens: Sequence[Token], index: int) -> None:
        group = self._parents[-1]
        if not isinstance(group[-1], nodes.tbody):
            # GFM has tables with a head alone, and docutils has none without a body.
            group += nodes.tbody()
        del self._parents[-2:]

    def _cell_open(self, tokens: Sequence[Token], index: int) -> None:
        entry = nodes.entry()
        align = str(tokens[index].attrs.get("style", "")).removeprefix("text-align:")
        if align in ("left", "center", "right"):
            entry["classes"].append(f"text-{align}")
        self._open(entry, tokens[index])
        self._open(nodes.paragraph(), tokens[index])

    def _cell_close(self, tokens: Sequence[Token], index: int) -> None:
        del self._parents[-2:]

    _th_open = _td_open = _cell_open
    _th_close = _td_close = _cell_close

    # --- inlines ----------------------------------------------------------------------

    def _inlines(self, tokens: Sequence[Token], parent: nodes.Element) -> None:
        parents = [parent]
        # Where an image within a link, or a link that is none, goes once the link is closed.
        after: list[nodes.Node] = []
        in_link = False
        for token in tokens:
            here = parents[-1]
            name, _, kind = token.type.rpartition("_")
            if token.type == "link_open":
                href = str(token.attrs["href"])
                link = self._link(href, token.attrs.get("title"))
                in_link = link is not None
                if link is None:
                    after.append(nodes.Text(f" ({typed_target(token)})"))
                    parents.append(here)
                else:
                    here += link
                    parents.append(link)
            elif token.type == "link_close":
                link_node = parents.pop()
                parents[-1].extend(after)
                after.clear()
                if in_link and (found := split_address(link_node.get("refuri", ""))):
                    parents[-1].extend(self._also_in(found[0]))
                in_link = False
            elif token.type == "image":
                self._image(token, here, after, in_link=in_link)
            elif token.type == "text":
                self._text(token.content, here, in_link=in_link)
            elif token.type == "softbreak":
                here += nodes.Text("\n")
            elif token.type == "hardbreak":
                here += cafe.hard_break()
            elif token.type == "code_inline":
                here += nodes.literal("", token.content, language="")
            elif token.type == "footnote_ref":
                self._footnote_ref(token, here)
            elif kind == "open" and name in _INLINES and len(parents) < MAX_INLINE_DEPTH:
                node = _INLINES[name]()
                here += node
                parents.append(node)
            elif kind == "open":
                parents.append(here)
            elif kind == "close":
                parents.pop()
            elif token.content:
                here += nodes.Text(token.content)

    def _text(self, text: str, parent: nodes.Element, *, in_link: bool) -> None:
        if in_link:
            short = short_reference(text) if text == parent.get("refuri") else None
            parent += nodes.Text(short or text)
            return
        position = 0
        if "@" in text and self._person_url:
            for match in HANDLE.finditer(text):
                parent += nodes.Text(text[position : match.start()])
                parent += nodes.reference(
                    "",
                    match[0],
                    refuri=self._person_url.format(handle=match[1]),
                    classes=["cafe-person"],
                )
                position = match.end()
        if position < len(text):
            parent += nodes.Text(text[position:])

    def address(self, target: Link) -> nodes.Node:
        """Return a link that shows its own address, or the address as text."""
        link = self._link(target.address, target.title)
        if link is None:
            return nodes.Text(target.typed)
        link += nodes.Text(short_reference(target.address) or target.address)
        return link

    def _also_in(self, reference: Reference) -> list[nodes.Node]:
        """Return a place for links to the other meetings with a reference, once each."""
        if not self._docname or reference.key in self._seen:
            return []
        self._seen.add(reference.key)
        return [cafe.also_in(docname=self._docname, meeting=self._prefix, key=reference.key)]

    def _link(self, href: str, title: object = None) -> nodes.reference | None:
        """Return a link, or None if the address is not one that notes may link to."""
        if href.startswith("#") and href[1:] in self._anchors:
            link = nodes.reference(refid=href[1:], internal=True)
        elif SAFE_ADDRESS.match(href):
            # Anybody can write into the pad; search engines should not count it as ours.
            link = nodes.reference(refuri=normalizeLink(href), rel="nofollow ugc")
        else:
            return None
        if title:
            link["reftitle"] = str(title)
        return link

    def _image(
        self, token: Token, parent: nodes.Element, after: list[nodes.Node], *, in_link: bool
    ) -> None:
        """Show a link to an image rather than the image itself."""
        source = str(token.attrs["src"])
        text = description(token)
        link = self._link(source, token.attrs.get("title"))
        if link is None:
            parent += nodes.Text(
                f"{text} ({typed_target(token)})" if text else typed_target(token)
            )
            return
        link["classes"].append("cafe-image")
        if in_link:
            parent += nodes.Text(text or source)
            link += nodes.Text("image")
            after.extend((nodes.Text(" ("), link, nodes.Text(")")))
        else:
            link += nodes.Text(text or source)
            parent += link

    def _footnote_ref(self, token: Token, parent: nodes.Element) -> None:
        number = self._numbers[token.meta["label"]]
        target = f"{self._prefix}--note-{number}"
        references = self._references.setdefault(target, [])
        anchor = f"{target}-from-{len(references) + 1}"
        references.append(anchor)
        parent += nodes.footnote_reference("", str(number), ids=[anchor], refid=target)


def _fill(footnote: nodes.footnote) -> None:
    """Give a footnote a text if it has none, as docutils and its writers expect.

    That of a rule, ``[^1]: ***``, has no place in one.
    """
    if not any(child.astext().strip() for child in footnote.children[1:]):
        footnote += nodes.paragraph("", _NO_TEXT)


def _remove_stray_transitions(section: nodes.section) -> None:
    """Remove the rules that docutils rejects: at either end of a section, or two in a row."""
    for parent in section.findall(nodes.section):
        body = parent.children
        for index in range(len(body) - 1, -1, -1):
            if not isinstance(body[index], nodes.transition):
                continue
            before = body[index - 1] if index else None
            behind = body[index + 1] if index + 1 < len(body) else None
            if isinstance(before, (nodes.title, nodes.transition, type(None))) or isinstance(
                behind, (nodes.section, nodes.footnote, type(None))
            ):
                del parent[index]
