"""Titles that are safe wherever a theme puts them.

Themes trust the titles of pages and sections.
Some put them into HTML unescaped, others into attributes,
and others remove tags and resolve entities first (the pydata theme's header,
sphinx-book-theme's layout, ``striptags`` of Jinja). Titles of notes come from a public pad.
"""

from __future__ import annotations

import html
import re

from cafe_site.notes.characters import UNSEEN

# Where str.splitlines ends a line: a title is one line, also in a Sphinx inventory.
_LINE_END = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")
# https://html.spec.whatwg.org/multipage/parsing.html#tag-open-state; anything may
# follow the last character of a title.
_OPENS_TAG = re.compile(r"[A-Za-z/!?]|\Z")
# What `html.unescape` replaces, including names without a semicolon.
_ENTITY = re.compile(r"&(?:#[0-9xX]|[^\s<&#;]{1,32};?)")
_OPENING_QUOTE = re.compile(r"""(?:(?<=[\s(\[{/=<>–—-])|\A)["']""")
_QUOTES = {'"': "“”", "'": "‘’"}


def safe_title(text: str) -> str:
    r"""Return a title that reads the same as HTML, in an attribute, and unescaped.

    Its length does not change:

    - a ``<`` that opens a tag becomes ``‹``, and the ``>`` that belongs to it ``›``;
      so does any other ``<`` followed by a ``>``, since tag removal looks for the pair;
    - an ``&`` that begins an entity becomes ``＆`` (U+FF06);
    - straight quotation marks, which could end an attribute, become typographic ones;
    - line ends become spaces, and invisible characters U+FFFD.

    >>> safe_title("<script src='//x'>")
    '‹script src=‘//x’›'
    >>> safe_title('&lt;b onclick="x">')
    '＆lt;b onclick=“x”>'
    >>> safe_title("Q&A: C++ <3, a < b & b -> c")
    'Q&A: C++ ‹3, a ‹ b & b -> c'
    >>> safe_title("Q&A: C++ <3, a < b & c")
    'Q&A: C++ <3, a < b & c'
    """
    text = _LINE_END.sub(" ", UNSEEN.sub("\ufffd", text))
    text = _OPENING_QUOTE.sub(lambda match: _QUOTES[match[0]][0], text)
    text = text.replace('"', "”").replace("'", "’")
    return _ENTITY.sub(_safe_entity, _safe_tags(text))


def _safe_tags(text: str) -> str:
    if "<" not in text:
        return text
    # Removing everything from a `<` to a `>` may leave a tag: `<< >script`.
    last = text.rfind(">")
    characters = list(text)
    inside = False
    for index, character in enumerate(text):
        opens = character == "<" and _OPENS_TAG.match(text, index + 1) is not None
        if opens or (character == "<" and index < last):
            characters[index] = "‹"
            inside = inside or opens
        elif character == ">" and inside:
            characters[index] = "›"
            inside = False
    return "".join(characters)


def _safe_entity(match: re.Match[str]) -> str:
    entity = match[0]
    # Not for numbers: Python refuses to parse more than 4,300 digits.
    if entity[1] != "#" and html.unescape(entity) == entity:
        return entity
    return f"＆{entity[1:]}"
