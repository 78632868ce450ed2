"""Read the tables that say who was at a meeting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.announcements import ABSENT
from cafe_site.notes.dialect import plain_text, text_token
from cafe_site.notes.inline_text import EDGE, joined
from cafe_site.notes.people import looks_like_name
from cafe_site.notes.people_lines import Line, pieces_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

# In a column that says who was there.
_LONGEST_MARK = 12
_NO = ("no", ABSENT)


def cells_of(tokens: Sequence[Token], index: int) -> tuple[list[list[int]], int, int]:
    """Read the table that begins at an index.

    Return the indexes of the inline tokens of each row, how many rows are its header,
    and the index of its last token.
    """
    rows: list[list[int]] = []
    header = 0
    while tokens[index].type != "table_close":
        token = tokens[index]
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(index)
        elif token.type == "thead_close":
            header = len(rows)
        index += 1
    return rows, header, index


def names_people(tokens: Sequence[Token], cell: int, vocabulary: Vocabulary) -> bool:
    """Return whether a cell names several people."""
    children = tokens[cell].children or ()
    text = "".join(map(joined, children))
    parts = [text[a:b].replace(EDGE, "") for a, b in pieces_of(text, 0, len(text), vocabulary)]
    return len(parts) > 1 and all(looks_like_name(part) for part in parts)


def line_of(
    tokens: Sequence[Token], row: Sequence[int], marks: Mapping[int, str], vocabulary: Vocabulary
) -> Line:
    """Return a row of a table as a line of a list of people.

    :param row: the indexes of the inline tokens of its cells
    :param marks: the kind of each column that marks who was there
    """
    line: list[Token] = []
    checked: bool | None = None
    for number, cell in enumerate(row):
        children = tokens[cell].children or ()
        if number in marks:
            mark = plain_text(children)
            if len(mark) <= _LONGEST_MARK:
                yes = re.search(r"[^\W_0]|[✓✔☑✅👍+]", mark) is not None
                yes = yes and not any(vocabulary.has(key, mark) for key in _NO)
                if marks[number] != ABSENT:
                    checked = yes
                elif yes:
                    checked = False
                children = ()
        line += ([text_token(" | ")] if number else []) + list(children)
    return Line(row[0], tuple(line), cells=tuple(row[1:]), checked=checked)
