"""The words of a heading or list item, cleaned and shortened to a title."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text, short_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

MAX_TITLE = 100
_WRAPPED = 65
"""A line that is longer may have been wrapped."""
MAX_LINE = 500
"""What follows these characters of a line is not part of its title."""
NO_CUT = "\x00"
"""Stands for a space at which a title must not be cut; notes have no such characters."""
_PICTURES = (
    "\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3"
)
_LEADING = re.compile(
    rf"^(?:[\s{_PICTURES}•·*:,;|/–—-]+"
    r"|\d{1,2}(?:\.(?:\d{1,2}|[a-z])){0,2}[a-z]?[.)]\s+)+"
)
_TRAILING = re.compile(rf"(?:[\s{_PICTURES}:;,|/–—-]|\s\+[\d+]{{0,4}})+$")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[^\W\d_a-z])")
# Brackets around a URL that has been left out.
_EMPTY = re.compile(r"\s*(?:\((?:[^\W\d_]{1,8}:?\s+|\s*)\)|\[\s*\]|<\s*>)")
_TAG = re.compile(r"</[A-Za-z]\w*\s*>|<[A-Za-z]\w*\s[^<>]{0,300}>|<br\s*/?>")
LABEL = re.compile(r"(?:[\w.-]{1,60}/)?[\w.-]{0,60}#\d{1,7}")
"""The number of an issue, with or without its repository."""
_LABEL_AT_END = re.compile(
    rf"\s*(?:[(\[]\s*(?:\w{{1,8}}:?\s+)?)?(?<![\w/.-]){LABEL.pattern}(?:\s*[)\]])?$"
)


def text_of(children: Sequence[Token]) -> str:
    """Return the words of a line: without bare URLs, unless it has nothing else.

    The spaces within links and code are marked, so that a title is not cut there.
    Up to its first link, the text has as many characters as the tokens.

    >>> from cafe_site.notes.dialect import markdown
    >>> text_of(markdown().parseInline("see https://example.org `a b`")[0].children)
    'see                     a\\x00b'
    """
    parts: list[str] = []
    shown: list[str] = []
    address = ""
    for number, token in enumerate(children):
        text = token.content
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            address = ""
        elif token.type in ("softbreak", "hardbreak"):
            if _ends("".join(parts), children[number + 1 :]):
                break
            text = " "
        elif token.type == "image":
            text = plain_text(token.children)
        short = short_reference(text) if text and text == address else None
        text = short or text
        if address or token.type == "code_inline":
            text = " ".join(text.split()).replace(" ", NO_CUT)
        shown.append(text)
        parts.append(" " * len(text) if text == address and not short else text)
    words = "".join(parts)
    return (words if re.search(r"[^\W_]", words) else "".join(shown))[:MAX_LINE]


def _ends(line: str, below: Sequence[Token]) -> bool:
    """Return whether a line ends here, rather than that its text was wrapped."""
    if len(line) > _WRAPPED or not re.search(r"[^\W_]", line) or line.count("(") > line.count(")"):
        return False
    following = next((token.content for token in below if token.content.strip()), "").lstrip()
    return not following[:1].islower() or following.startswith("http")


def trimmed(text: str) -> str:
    """Return a line without the numbers, emoji, votes and punctuation around it.

    >>> trimmed("1. 🎉 Release party 🎈 +2:")
    'Release party'
    """
    text = _EMPTY.sub("", " ".join(_TAG.sub(" ", text).split()))
    text = _TRAILING.sub("", _LEADING.sub("", text))
    return text if re.search(r"[^\W_]", text) else ""


def start_of(text: str) -> int:
    """Return where a line begins, after what `trimmed` removes."""
    return match.end() if (match := _LEADING.match(text)) else 0


def end_of(text: str) -> int:
    """Return where a line ends, before what `trimmed` removes."""
    return match.start() if (match := _TRAILING.search(text)) else len(text)


def without_labels(text: str) -> str:
    """Return a line without the numbers of issues at its end, unless it has few other words.

    >>> without_labels("Define the core #84"), without_labels("See #84")
    ('Define the core', 'See #84')
    """
    for _ in range(4):
        shorter = _LABEL_AT_END.sub("", text).rstrip(" ,;:([–—-")
        if shorter == text or len(re.findall(r"[^\W\d_]{2,}", shorter)) < 2:
            break
        text = shorter
    return text


def shorten(text: str, length: int = MAX_TITLE) -> str:
    """Return a line cut after its first sentence or a word, never in a link, bracket or code.

    >>> shorten("One two. Three four five", 12), shorten("one (two three) four", 12)
    ('One two.', 'one…')
    """
    text = _kept_together(text)
    if len(text) > length:
        first = _SENTENCE.split(text, maxsplit=1)[0]
        if " " in first and len(first) <= length:
            text = first
        else:
            cut = text[: length + 1].rpartition(" ")[0]
            text = (cut or text[:length].rpartition(NO_CUT)[0] or text[:length]) + "…"
            text = re.sub(r"[\s,.;:–—&/+-]+…$", "…", text)
    return " ".join(text.replace(NO_CUT, " ").split())


def _kept_together(text: str) -> str:
    """Mark the spaces within brackets."""
    depth, closing = 0, text.count(")") + text.count("]")
    characters: list[str] = []
    for character in text:
        if character in "([" and closing:
            depth += 1
        elif character in ")]":
            depth, closing = max(0, depth - 1), closing - 1
        characters.append(NO_CUT if depth and character == " " else character)
    return "".join(characters)


@functools.lru_cache(maxsize=16)
def _frames(vocabulary: Vocabulary) -> tuple[re.Pattern[str], re.Pattern[str]]:
    number = r"(?:\s*(?:#|no\.?|nr\.?)?\s*\d{1,3}(?:\s*[&,+]\s*\d{1,3})*)?"
    frame = vocabulary.pattern("frames")
    joint = vocabulary.pattern("and")
    several = (word for word in vocabulary.words["frames"] if " " in word)
    words = "|".join(sorted(map(re.escape, several), key=lambda word: (-len(word), word)))
    return (
        re.compile(rf"^{frame}{number}\s*(?:[:(–—]|-\s|$)\s*", re.IGNORECASE),
        re.compile(
            rf"^(?:(?:{words or '(?!)'}){number}|{frame}\s*\d{{1,2}}(?:\.\d{{1,2}})?[.)]?)\s+"
            rf"(?!{joint}\b)(?=[^\W\d])",
            re.IGNORECASE,
        ),
    )


def without_frame(text: str, vocabulary: Vocabulary, *, heading: bool = False) -> str:
    """Return a line without what only says which part of a meeting it is.

    :param heading: whether words without a colon are a frame, too: *Notes for*

    >>> from cafe_site.vocabulary import vocabulary
    >>> without_frame("Breakout room 2: Notes for releases", vocabulary(), heading=True)
    'releases'
    """
    before, words = _frames(vocabulary)
    for _ in range(3):
        shorter = before.sub("", text, count=1)
        if shorter.count(")") > shorter.count("("):
            shorter = shorter.rstrip(") ")
        if heading and shorter == text:
            shorter = words.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return text
