"""A line below a heading or item that says who leads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.agenda import lead
from cafe_site.notes.lead_phrases import without_phrases
from cafe_site.notes.lines import text_of
from cafe_site.notes.speakers import are_known, is_person_like, names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

_LABELED = re.compile(r"[\s*_]*(?P<label>[^:\n]{1,40}):[\s*_]*(?P<names>[^:\n]{1,80})$")
_MAX_LINE = 300


def owner_of(line: Token, known: frozenset[str], vocabulary: Vocabulary) -> str | None:
    """Return the names in a line such as *Presenter: Ada* or *Ada presenting*.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> owner_of(markdown().parseInline("**Presenter:** Ada")[0], frozenset(), vocabulary())
    'Ada'
    """
    if len(line.content) > _MAX_LINE:
        return None
    text = text_of(line.children or ()).strip(" *_()[]")
    if match := _LABELED.match(text):
        written, label = match["names"].strip(" *_"), match["label"]
        names = names_in(written, vocabulary)
        labeled = vocabulary.has("speakers", label) or vocabulary.has("led_by", label)
        certain = labeled and (
            are_known(names, known) or all(not name[0].islower() for name in names)
        )
        return written if names and certain else None
    written = without_phrases(text, vocabulary)
    names = names_in(written, vocabulary)
    if written == text or not names:
        return None
    persons = all(is_person_like(name, vocabulary) for name in names)
    return written if persons or are_known(names, known) else None


def owner_below(
    tokens: Sequence[Token], known: frozenset[str], vocabulary: Vocabulary
) -> str | None:
    """Return who leads a topic by the first line below its heading.

    In a quotation, that line may also end with names, as an agenda item may.
    """
    quoted = bool(tokens) and tokens[0].type == "blockquote_open"
    listed = 2 if tokens and tokens[0].type == "bullet_list_open" else 0
    first = int(quoted) + listed
    if len(tokens) <= first + 1 or tokens[first].type != "paragraph_open":
        return None
    line = tokens[first + 1]
    found = owner_of(line, known, vocabulary)
    if found is None and quoted:
        read = lead(line, known, vocabulary)
        found = read.speaker if read.form == "end" else None
    return found
