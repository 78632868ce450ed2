"""The Markdown that notes are written in.

GitHub Flavored Markdown (https://github.github.com/gfm/) and nothing else:
tables, task lists, strikethrough, footnotes, alerts and bare URLs with a scheme.
There are no directives and no roles, and HTML is text,
since notes come from a public pad and cannot be trusted.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit, table
from markdown_it.token import Token
from mdit_py_plugins.gfm import gfm_plugin

from cafe_site.notes.characters import UNSEEN
from cafe_site.notes.model import Link
from cafe_site.notes.references import short_form, split_address
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

# Lists open two levels each, so text is shown flat below the 20th list.
# The doctree of 100 nested lists cannot be pickled within Python's default
# recursion limit, and markdown-it itself drops what is nested past `maxNesting`.
MAX_BLOCK_LEVEL = 40

# A handle, but not within a mail address, a path, or a package name such as @org/package.
HANDLE = re.compile(
    r"(?<![\w@/.`-])@([A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?)(?![\w@/]|\.\w|-\w)"
)

# Parsing a paragraph takes time quadratic in its length.
MAX_PARAGRAPH = 20_000

_SHORTCODE = re.compile(
    r"(?<![\w:]):(?=[^:]{0,59}[a-z])[a-z0-9_+'&.-]{1,60}:(?![\w:])|(?<!\w):100:|:[+-]1:"
)
# GFM 6.9, extended autolinks, with the schemes that notes may link to. Bounded, so that
# many colons do not take quadratic time.
_ADDRESS = re.compile(
    r"(?:https?://[\w-]|mailto:[\w.+-]{1,64}@[\w-])[^\s<]{0,2000}", re.IGNORECASE
)
_SCHEME = re.compile(r"(?:^|[\s*_~(\[])(https?|mailto)$", re.IGNORECASE)
_TRAILING = re.compile(r"(?:[?!.,:*_~'\"\[\]]|&[a-z0-9]{1,31};|;)+$", re.IGNORECASE)


class _Markdown(MarkdownIt):
    """A parser that keeps URLs as typed, to show those that do not become links."""

    def normalizeLink(self, url: str) -> str:
        return url


@functools.cache
def markdown() -> MarkdownIt:
    """Return the parser of notes.

    Differences from GitHub's rendering:

    - HTML is text: it neither runs nor disappears.
    - Bare ``www.`` names and mail addresses stay text.
    - Footnotes stay where they are defined, since the footnote plugin drops
      unreferenced ones.
    - Cells beyond the columns of a table go into a paragraph below it.
    - Text nested deeper than `MAX_BLOCK_LEVEL` becomes a paragraph.
    - A paragraph longer than `MAX_PARAGRAPH` is plain text.
    """
    md = _Markdown("commonmark", {"html": False, "maxNesting": 100}).use(gfm_plugin)
    md.options["store_labels"] = True
    md.disable(["footnote_tail", "gfm_autolink_www", "gfm_autolink_email"])
    md.inline.ruler.at("gfm_autolink_protocol", _autolink)
    md.block.ruler.before("table", "flatten", _flatten)
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.at("inline", _inline)
    md.core.ruler.after("text_join", "unseen", _show_unseen)
    md.core.ruler.after("unseen", "shortcodes", _replace_shortcodes)
    return md


def text_token(content: str) -> Token:
    """Return an inline token of plain text."""
    return Token("text", "", 0, content=content)


def hidden_word() -> str:
    """Return the placeholder for a person who asked not to be named, in the current language."""
    return gettext("A participant")


def hidden_text() -> Token:
    """Return the placeholder for a person who asked not to be named, as a token.

    It is marked, since somebody may write the same words.

    >>> is_hidden(hidden_text()), is_hidden(text_token(hidden_word()))
    (True, False)
    """
    return Token("text", "", 0, content=hidden_word(), meta={"hidden": True})


def is_hidden(token: Token) -> bool:
    """Return whether a token is the placeholder for a person who asked not to be named."""
    return bool(token.meta.get("hidden"))


def typed_target(token: Token) -> str:
    """Return the URL and the title of a link or image as typed."""
    return link_of(token).typed


def link_of(token: Token) -> Link:
    """Return the target of a link or image."""
    address = token.attrs.get("href") or token.attrs.get("src") or ""
    return Link(str(address), str(token.attrs.get("title") or ""))


def walk(tokens: Iterable[Token]) -> Iterable[Token]:
    """Yield block and inline tokens in the order of the text."""
    for token in tokens:
        yield token
        if token.children and token.type != "image":
            yield from token.children


def with_images(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield inline tokens and those within the descriptions of images, in order."""
    waiting = [*tokens][::-1]
    while waiting:
        token = waiting.pop()
        yield token
        if token.type == "image":
            waiting.extend((token.children or ())[::-1])


def description(image: Token) -> str:
    """Return the description of an image, and the targets of the images and links within it.

    These are not shown anywhere else, however deeply they are nested.

    >>> description(markdown().parseInline('![a [b](c.md "d")](e.png)')[0].children[0])
    'a b (c.md "d")'
    """
    inner = (t for t in with_images(image.children or ()) if t.type in ("image", "link_open"))
    return " ".join((plain_text(image.children), *(f"({typed_target(t)})" for t in inner))).strip()


def plain_text(tokens: Sequence[Token] | None) -> str:
    """Return the words of inline tokens, with URLs of GitHub issues shortened.

    >>> plain_text(markdown().parseInline("a **b** `c`")[0].children)
    'a b c'
    """
    parts: list[str] = []
    address: object = None
    for token in tokens or ():
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(plain_text(token.children))
        elif token.content:
            # Code, and the text of a link to another target, stay as typed.
            short = short_reference(token.content) if token.content == address else None
            parts.append(short or token.content)
        address = token.attrs.get("href")
    return " ".join("".join(parts).split())


def typed_text(tokens: Sequence[Token] | None) -> str:
    """Return the words of inline tokens as typed, without descriptions of images.

    >>> typed_text(markdown().parseInline("**Hello** :wave: `a`")[0].children)
    'Hello :wave: a'
    """
    parts = []
    for token in tokens or ():
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type != "image":
            typed = str(token.meta.get("typed", token.content))
            # It may contain a name that has been hidden since.
            is_same = typed == token.content or _SHORTCODE.sub(_emoji, typed) == token.content
            parts.append(typed if is_same else token.content)
    return " ".join("".join(parts).split())


@functools.lru_cache(maxsize=4096)
def short_reference(url: str) -> str | None:
    """Return the short form of a GitHub URL that is a `Reference`.

    >>> short_reference("https://github.com/jupyterhub/binderhub/pull/1824")
    'jupyterhub/binderhub#1824'
    >>> short_reference("https://github.com/jupyterhub/binderhub/pull/1824#issuecomment-1")
    'jupyterhub/binderhub#1824 (comment)'
    >>> short_reference("https://github.com/jupyterhub") is None
    True
    """
    found = split_address(url)
    return None if found is None else short_form(*found)


def _flatten(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Turn what is nested deeper than `MAX_BLOCK_LEVEL` into one paragraph."""
    if silent or state.level < MAX_BLOCK_LEVEL:
        return False
    line = start
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    paragraph = state.push("paragraph_open", "p", 1)
    paragraph.map = [start, line]
    paragraph.meta["flattened"] = True
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, line, state.blkIndent, False).strip()
    inline.map = [start, line]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    state.line = line
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table, and keep the cells beyond the columns of its header.

    GFM 4.10 drops them; here they become a paragraph below the table.
    """
    before = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if silent:
        return True
    columns = sum(token.type == "th_open" for token in state.tokens[before:])
    for line in range(start + 2, state.line):
        content = state.getLines(line, line + 1, state.blkIndent, False)
        more = [cell for cell in _cells(content)[columns:] if cell]
        if more:
            state.push("paragraph_open", "p", 1).map = [line, line + 1]
            inline = state.push("inline", "", 0)
            inline.content = " | ".join(more)
            inline.map = [line, line + 1]
            inline.children = []
            state.push("paragraph_close", "p", -1)
    return True


def _cells(line: str) -> list[str]:
    """Return the cells of a table row.

    >>> _cells(r"| a | b \\| c |")
    ['a', 'b | c']
    """
    cells = [cell.strip() for cell in escapedSplit(line.strip())]
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells


def _inline(state: StateCore) -> None:
    """Parse the inline markup of all but very long paragraphs."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) <= MAX_PARAGRAPH:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            continue
        token.meta["too_long"] = True
        for number, line in enumerate(token.content.split("\n")):
            if number:
                token.children.append(Token("softbreak", "br", 0))
            token.children.append(text_token(line))


def _autolink(state: StateInline, silent: bool) -> bool:
    """Turn a bare URL with a scheme into a link; this runs at its colon."""
    if state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.pending[-8:])
    if scheme is None:
        return False
    start = state.pos - len(scheme[1])
    match = _ADDRESS.match(state.src, start, state.posMax)
    if match is None:
        return False
    url = _trim(match[0])
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": url}
        opening.markup, opening.info = "autolink", "auto"
        state.push("text", "", 0).content = url
        closing = state.push("link_close", "a", -1)
        closing.markup, closing.info = "autolink", "auto"
    state.pos = start + len(url)
    return True


def _trim(url: str) -> str:
    """Remove trailing punctuation and unbalanced brackets from a URL.

    >>> _trim("https://example.org/a_(b)).")
    'https://example.org/a_(b)'
    """
    surplus = url.count(")") - url.count("(")
    while True:
        shorter = _TRAILING.sub("", url)
        if shorter.endswith(")") and surplus > 0:
            shorter, surplus = shorter[:-1], surplus - 1
        if shorter == url:
            return url
        url = shorter


def _show_unseen(state: StateCore) -> None:
    """Show invisible characters, which may be written as entities: ``&#x202E;``.

    They may also come from elsewhere: from a link definition.
    """
    for token in state.tokens:
        if token.type == "inline":
            for child in with_images(token.children or ()):
                child.content = UNSEEN.sub("\ufffd", child.content)
                for name, value in child.attrs.items():
                    child.attrs[name] = UNSEEN.sub("\ufffd", str(value))


def _replace_shortcodes(state: StateCore) -> None:
    """Replace shortcodes such as ``:tada:`` with emoji, in text but not in code or URLs."""
    for block in state.tokens:
        if block.type != "inline" or ":" not in block.content:
            continue
        for token in _texts(block.children or []):
            if ":" in token.content and "://" not in token.content:
                token.meta["typed"] = token.content
                token.content = _SHORTCODE.sub(_emoji, token.content)


def _texts(children: Sequence[Token]) -> Iterable[Token]:
    for token in children:
        if token.type == "text":
            yield token
        elif token.type == "image":
            yield from _texts(token.children or [])


def _emoji(match: re.Match[str]) -> str:
    import emoji  # slow to import, and many notes have none

    return emoji.emojize(match[0], language="alias")
