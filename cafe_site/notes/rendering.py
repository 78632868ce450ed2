"""The common part of all renderings of a meeting's notes.

The reader's tokens represent what was typed. This module turns them into what to show,
so that a page or a feed only has to write each of them in its own format.
Besides the types of markdown-it there are

- ``people_open``: the list of people;
- ``dl_open``, ``dt_open`` and ``dd_open``: the details that a meeting begins with;
- ``footnote_block_open``, at the end, with a ``footnote_open`` for each footnote;
- inline, ``task_box``, and ``speaker_open`` and ``minutes_open``: who speaks for how long;
- ``reference``, after a link to an issue or similar.

There are no images, and only links that notes may have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from cafe_site.notes.details import Detail
from cafe_site.notes.dialect import (
    HANDLE,
    description,
    short_reference,
    text_token,
    typed_target,
    walk,
)
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, Literal

    from cafe_site.notes.lead_words import LeadWords
    from cafe_site.notes.model import Link

_MAX_DEPTH = 19
"""The maximum nesting of emphasis; deeper emphasis is dropped and its words kept."""
_NO_TEXT = "…"
"""The text of a heading without any: links to it would be invisible."""
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
"""The start of URLs that notes may link to."""
_CONTAINERS = frozenset({
    "alert", "blockquote", "bullet_list", "list_item", "ordered_list",
    "paragraph", "table", "tbody", "td", "th", "thead", "tr",
})  # fmt: skip
_EMPHASIS = frozenset({"em", "s", "strong"})
_INLINE_LEAVES = frozenset({"code_inline", "hardbreak", "softbreak"})


@dataclass(frozen=True)
class Rendering:
    """Turns the tokens of one meeting, or of an introduction, into those to show."""

    prefix: str
    """The prefix of the anchors of footnotes."""
    anchors: frozenset[str] = frozenset()
    """The anchors on the page, which ``[text](#anchor)`` may link to."""
    person_url: str = ""
    """The URL that ``@handle`` links to, containing ``{handle}``; or an empty string."""
    is_link: Callable[[str], bool] = bool
    """Whether a URL that notes may link to becomes a link."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _footnotes: dict[str, list[Token]] = field(default_factory=dict)
    _references: dict[str, list[str]] = field(default_factory=dict)
    """The anchors of the references to each footnote."""

    # --- blocks -----------------------------------------------------------------------

    def tokens(self, body: Sequence[Token], people: range | None = None) -> list[Token]:
        """Return the tokens to show; the given ones are not modified.

        :param people: the tokens that are the list of people
        """
        for token in walk(body):
            if token.type == "footnote_ref":
                self._number(token)
        shown: list[Token] = []
        # The tokens around a footnote, continued when it ends.
        around: list[list[Token]] = []
        levels: list[int] = []
        in_details = False
        for index, token in enumerate(body):
            if people and index == people.start:
                shown.append(_block("people_open", "div", 1, token))
            name = token.type.rpartition("_")[0]
            if in_details:
                in_details = token.type != "bullet_list_close"
                if token.type == "inline":
                    shown += self._detail(token)
                elif not in_details:
                    shown.append(_block("dl_close", "dl", -1))
            elif "details" in token.meta:
                in_details = True
                shown.append(_block("dl_open", "dl", 1, token))
            elif token.type == "inline":
                shown.append(token.copy(children=list(self._line(body, index))))
            elif token.type == "footnote_reference_open":
                around.append(shown)
                shown = self._footnote(token)
            elif token.type == "footnote_reference_close":
                shown.append(_block("footnote_close", "dd", -1))
                shown = around.pop()
            elif name == "heading":
                _end_section(shown)
                shown.append(_heading(body, index, levels))
            elif token.type == "blockquote_close" and shown[-1].type == "blockquote_open":
                shown.pop()
            elif token.type == "hr":
                # A rule has to separate two blocks of a section.
                if not token.level and not (shown and shown[-1].type in ("heading_close", "hr")):
                    shown.append(token)
            elif name in _CONTAINERS:
                shown += _container(body, index)
            elif token.type in ("code_block", "fence"):
                shown.append(token)
            elif token.content:  # a kind of token that a later markdown-it may bring
                shown += _paragraph(token, [text_token(token.content)])
            if people and index == people.stop - 1:
                shown.append(_block("people_close", "div", -1))
        _end_section(shown)
        if self._footnotes:
            shown.append(_block("footnote_block_open", "dl", 1))
            for anchor, footnote in self._footnotes.items():
                footnote[0].meta["backrefs"] = self._references.get(anchor, [])
                shown += footnote
            shown.append(_block("footnote_block_close", "dl", -1))
        return shown

    def _detail(self, inline: Token) -> Iterator[Token]:
        found: Detail = inline.meta.get("detail") or Detail((), tuple(inline.children or ()))
        yield _block("dt_open", "dt", 1, inline)
        yield inline.copy(children=list(self._inlines(found.key)))
        yield _block("dt_close", "dt", -1)
        yield _block("dd_open", "dd", 1, inline)
        if found.value:
            yield from _paragraph(inline, list(self._inlines(found.value)), hidden=True)
        yield _block("dd_close", "dd", -1)

    def _footnote(self, opening: Token) -> list[Token]:
        """Begin a footnote; its first definition gets the anchor of the label's number."""
        number = self._number(opening)
        anchor = f"{self.prefix}--note-{number}"
        if anchor in self._footnotes:
            anchor = f"{anchor}-line-{len(self._footnotes)}"  # defined twice; both are kept
        footnote = [_block("footnote_open", "dd", 1, opening, id=anchor, number=number)]
        return self._footnotes.setdefault(anchor, footnote)

    def _number(self, token: Token) -> int:
        return self._numbers.setdefault(token.meta["label"], len(self._numbers) + 1)

    # --- lines ------------------------------------------------------------------------

    def _line(self, body: Sequence[Token], index: int) -> Iterator[Token]:
        """Yield what to show of the inline token at an index."""
        token = body[index]
        before, item = body[index - 1], body[index - 2]
        if before.type == "heading_open":
            yield from self._words_of_heading(token, before)
        elif before.type == "alert_title_open":
            return  # the name of its kind
        elif before.type == "paragraph_open" and item.type == "list_item_open":
            if "checked" in item.meta:
                yield _task_box(item)
            yield from self._first_line(token)
        else:
            yield from self._inlines(token.children or ())

    def _words_of_heading(self, inline: Token, opening: Token) -> Iterator[Token]:
        shown = list(self._inlines(inline.children or ()))
        if "id" not in opening.meta:
            yield Token("strong_open", "strong", 1)
            yield from shown
            yield Token("strong_close", "strong", -1)
            return
        yield from shown
        if not any(token.content.strip() for token in shown):
            yield text_token(_NO_TEXT)

    def _first_line(self, inline: Token) -> Iterator[Token]:
        """Yield the first line of a list item, with its speaker and planned time marked up."""
        found: LeadWords | None = inline.meta.get("lead")
        if found is None:
            yield from self._inlines(inline.children or ())
            return
        if found.speaker:
            yield Token("speaker_open", "strong", 1)
            yield from self._text(found.speaker)
            yield Token("speaker_close", "strong", -1)
        if found.minutes:
            yield text_token(" ")
            yield Token("minutes_open", "span", 1)
            yield text_token(f"({found.minutes})")
            yield Token("minutes_close", "span", -1)
        yield text_token(": " if found.colon else " ")
        yield from self._inlines(found.rest)

    def _inlines(self, children: Iterable[Token]) -> Iterator[Token]:
        # Whether each open token is shown.
        shown: list[bool] = []
        # To show after the link: an image within it, or its URL if it is not linked.
        after: list[Token] = []
        # The URL of the open link, and the number of tokens that were open before it.
        link, outside = "", 0
        # The short form of its URL, and what that refers to.
        short, reference = None, None
        for token in children:
            name, _, kind = token.type.rpartition("_")
            if token.type == "link_open":
                link, outside = self._address(str(token.attrs["href"])), len(shown)
                short, reference = token.meta.get("short"), token.meta.get("reference")
                shown.append(bool(link))
                if link:
                    yield _link(link, token.attrs.get("title"))
                else:
                    after.append(text_token(f" ({typed_target(token)})"))
            elif token.type == "link_close":
                if shown.pop():
                    yield token
                yield from after
                after.clear()
                if link and reference is not None:
                    yield Token("reference", "", 0, meta={"reference": reference})
                link = ""
            elif token.type == "image":
                yield from self._image(token, after if link else None)
            elif token.type == "text" and link:
                # Only a bare URL without emphasis is shortened.
                alone = token.content == link and len(shown) == outside + 1
                yield text_token((short if alone else None) or token.content)
            elif token.type == "text":
                yield from self._text(token.content)
            elif token.type == "footnote_ref":
                yield self._footnote_ref(token)
            elif token.type in _INLINE_LEAVES:
                yield token
            elif kind == "open":
                shown.append(name in _EMPHASIS and len(shown) < _MAX_DEPTH)
                if shown[-1]:
                    yield token
            elif kind == "close":
                if shown.pop():
                    yield token
            elif token.content:
                yield text_token(token.content)

    def _text(self, text: str) -> Iterator[Token]:
        """Yield a text with links to people."""
        position = 0
        if "@" in text and self.person_url:
            for match in HANDLE.finditer(text):
                yield text_token(text[position : match.start()])
                yield _link(self.person_url.format(handle=match[1]), kind="person")
                yield text_token(match[0])
                yield _LINK_CLOSE
                position = match.end()
        yield text_token(text[position:])

    def _image(self, image: Token, after: list[Token] | None) -> Iterator[Token]:
        """Yield a link to an image rather than the image itself.

        :param after: the tokens to show after the link that contains the image, if any:
            links cannot be nested
        """
        address = self._address(str(image.attrs["src"]))
        words = description(image)
        if not address:
            typed = typed_target(image)
            yield text_token(f"{words} ({typed})" if words else typed)
            return
        opening = _link(address, image.attrs.get("title"), kind="image")
        shown = text_token(words or str(image.attrs["src"]))
        if after is None:
            yield from (opening, shown, _LINK_CLOSE)
        else:
            yield shown
            name = text_token(gettext("image"))
            after += (text_token(" ("), opening, name, _LINK_CLOSE, text_token(")"))

    def _footnote_ref(self, token: Token) -> Token:
        number = self._number(token)
        target = f"{self.prefix}--note-{number}"
        references = self._references.setdefault(target, [])
        references.append(f"{target}-from-{len(references) + 1}")
        meta = {"id": references[-1], "target": target}
        return Token("footnote_ref", "", 0, content=str(number), meta=meta)

    def address(self, target: Link) -> list[Token]:
        """Return a link with its URL as text, or only the text."""
        address = self._address(target.address)
        if not address:
            return [text_token(target.typed)]
        shown = short_reference(target.address) or target.address
        return [_link(address, target.title), text_token(shown), _LINK_CLOSE]

    def _address(self, typed: str) -> str:
        """Return the target of a link, or an empty string if notes may not link there."""
        if typed.startswith("#") and typed[1:] in self.anchors:
            return typed
        if not _SAFE_ADDRESS.match(typed):
            return ""
        address = normalizeLink(typed)
        return address if self.is_link(address) else ""


def _end_section(shown: list[Token]) -> None:
    """Remove a rule at the end of a section."""
    if shown and shown[-1].type == "hr":
        shown.pop()


def _heading(body: Sequence[Token], index: int, levels: list[int]) -> Token:
    """Return the token that opens or closes a heading.

    Its depth is that of its section, from 1; the meeting's own heading is an ``h2``.
    Within a list or a quotation it is a paragraph, since no section can begin there.

    :param levels: the levels of the enclosing headings
    """
    token = body[index]
    opening = token if token.nesting > 0 else body[index - 2]
    if "id" not in opening.meta:
        name = token.type.replace("heading", "paragraph")
        return _block(name, "p", token.nesting, token, heading=True)
    if token.nesting > 0:
        while levels and levels[-1] >= token.meta["level"]:
            levels.pop()
        levels.append(token.meta["level"])
    depth = len(levels)
    return token.copy(tag=f"h{min(2 + depth, 6)}", meta={**token.meta, "depth": depth})


def _container(body: Sequence[Token], index: int) -> Iterator[Token]:
    """Yield the tokens that open or close a block."""
    token = body[index]
    opening = index if token.nesting > 0 else index - 2
    if token.hidden and body[opening - 1].type != "list_item_open":
        # Two paragraphs of a tight item would run together.
        token = token.copy(hidden=False)
    yield token
    # The checkbox goes into the item's first paragraph, which may be missing.
    if "checked" in token.meta and body[index + 1].type != "paragraph_open":
        yield from _paragraph(token, [_task_box(token)])


def _paragraph(token: Token, children: list[Token], *, hidden: bool = False) -> list[Token]:
    inline = Token("inline", "", 0, map=token.map, children=children)
    opening = _block("paragraph_open", "p", 1, token)
    closing = _block("paragraph_close", "p", -1)
    opening.hidden = closing.hidden = hidden
    return [opening, inline, closing]


def _block(
    kind: str, tag: str, nesting: Literal[-1, 0, 1], place: Token | None = None, **meta: Any
) -> Token:
    return Token(kind, tag, nesting, map=place.map if place else None, meta=meta, block=True)


def _task_box(item: Token) -> Token:
    return Token("task_box", "", 0, meta={"checked": bool(item.meta["checked"])})


def _link(address: str, title: object = None, *, kind: str = "") -> Token:
    attrs: dict[str, str | int | float] = {"href": address}
    if title:
        attrs["title"] = str(title)
    return Token("link_open", "a", 1, attrs=attrs, meta={"kind": kind})


_LINK_CLOSE = Token("link_close", "a", -1)
