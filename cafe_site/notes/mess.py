"""Find what is left of a template or of an export, and does not belong into an archive."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text
from cafe_site.notes.model import Problem, ProblemKind
from cafe_site.notes.secrets import count
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.model import Meeting
    from cafe_site.vocabulary import Vocabulary

_LONG = 200
"""The number of words from which a meeting is expected to have structure."""
_STRUCTURE = frozenset({"heading_open", "bullet_list_open", "ordered_list_open", "table_open"})

# A comment of HTML, which is shown as text. In code it is what people wrote about.
_COMMENT = re.compile(r"<!--(?=[\s\w>-])")
# HackMD's mark for the name of a person.
_NAME_MARK = re.compile(r"\[name=([^\]\n]{1,60})\]", re.IGNORECASE)
# Year, month and day in letters, in one of the orders and languages of the tables.
_DATE = re.compile(
    r"(?P<year>YYYY|JJJJ|AAAA)(?P<a>[-./ ])MM(?P=a)(?:DD|TT|JJ)(?!\w)"
    r"|(?:DD|TT|JJ)(?P<b>[-./ ])MM(?P=b)(?:YYYY|JJJJ|AAAA)(?!\w)"
    r"|MM/DD/YYYY(?!\w)"
)
_PART = re.compile(r"\s*[/|,:;()\[\]–—<>]\s*|\s-\s")


def mess(tokens: Sequence[Token], meeting: Meeting, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield the problems of a meeting as a whole.

    :param tokens: those of the meeting, with its heading
    """
    yield from left_of_template(tokens, vocabulary)
    yield from _unstructured(tokens[3:], meeting)


def left_of_template(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield a problem if text of a template was neither replaced nor deleted.

    It is a list item or a table cell that begins with words that only a template says,
    a date such as ``YYYY-MM-DD`` in a heading or alone in a line,
    a placeholder for a name in HackMD's ``[name=…]``, or a comment in HTML.
    A line that explains the list below it stays in many notes, and is none.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> tokens = markdown().parse("- Ada / @ada\\n- Your name / your handle")
    >>> [problem.line for problem in left_of_template(tokens, vocabulary())]
    [2]
    """
    found = [
        (token.map[0] + 1 + line, text)
        for index, token in enumerate(tokens)
        if token.type == "inline" and token.map
        for line, text in _left(tokens, index, vocabulary)
    ]
    if found:
        line, text = found[0]
        yield Problem(
            ProblemKind.TEMPLATE_TEXT,
            line,
            f"{text[:60]!r} looks like a part of a template and is shown on the page; "
            "replace or delete it" + count([line for line, _ in found]),
        )


def _left(
    tokens: Sequence[Token], index: int, vocabulary: Vocabulary
) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text that are left of a template, counted from its first one."""
    before = tokens[index - 1].type if index else ""
    begins_item = (
        before == "paragraph_open" and index > 1 and tokens[index - 2].type == "list_item_open"
    )
    for number, line in enumerate(_lines(tokens[index])):
        text = plain_text(line)
        words = "".join(token.content for token in line if token.type != "code_inline")
        names = (match[1] for match in _NAME_MARK.finditer(words))
        if (
            ((before == "td_open" or (begins_item and not number)) and _says(text, vocabulary))
            or _COMMENT.search(words)
            or any(vocabulary.has("placeholders", name) for name in names)
            or _is_date(words, vocabulary, is_heading=before == "heading_open")
        ):
            yield number, text


def _lines(inline: Token) -> Iterator[list[Token]]:
    line: list[Token] = []
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            yield line
            line = []
        else:
            line.append(token)
    yield line


def _says(text: str, vocabulary: Vocabulary) -> bool:
    start = text[:200].lstrip("<[({* ")
    return folded(_PART.split(start, maxsplit=1)[0]) in _template(vocabulary)


@functools.lru_cache(maxsize=16)
def _template(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(folded(word) for word in vocabulary.words["template"])


def _is_date(text: str, vocabulary: Vocabulary, *, is_heading: bool) -> bool:
    found = _DATE.search(text[:200])
    if found is None:
        return False
    before, after = text[: found.start()].strip(" *_[<({"), text[found.end() :].strip(" *_]>)}.")
    if before and not (before[-1] in ":：" and vocabulary.has("date", before)):
        return False
    return is_heading or not after


def _unstructured(body: Sequence[Token], meeting: Meeting) -> Iterator[Problem]:
    """Yield a problem if a meeting is long, and the reader recognized nothing in it."""
    if meeting.attendees or meeting.outcomes or meeting.canceled:
        return
    if any(token.type in _STRUCTURE for token in body):
        return
    # A code block in a named language is code; any other may hold a whole export.
    texts = (t.content for t in body if t.type in ("inline", "fence", "code_block") and not t.info)
    words = sum(len(text.split()) for text in texts)
    if words >= _LONG:
        yield Problem(
            ProblemKind.UNSTRUCTURED,
            meeting.line,
            f"these notes have {words} words but no headings or lists, and no people or decisions "
            "were recognized; if they are from a pad, export them as Markdown",
        )
