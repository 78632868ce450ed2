"""The words that structure notes, such as *Attendees* or *Decision*, in several languages.

Each language has a table in this folder, such as ``de.yaml``, with the keys of `KEYS`.
A community adds words of its own in the same form, in ``community.yaml`` or ``conf.py``.
English is always included, as many notes mix it with another language.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from cafe_site.plain_yaml import TextLoader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FOLDER = Path(__file__).parent
_ENGLISH = "en"
_ANY = " *"
_ANY_BEFORE = "* "

KEYS: Mapping[str, str] = {
    "attendees": "announces the list of people who were there",
    "where": "stands between such a word and what it is about: *present at the meeting*",
    "absent": "announces the people who could not come",
    "members": "announces the members of a group, who were there unless another list says who was",
    "names": "the column of a list of people that has their names",
    "handles": "the column of a list of people that has their handles",
    "titles": "precedes a person's name: *Dr.*",
    "unnamed": "stands for people without naming them: *and others*",
    "groups": "begins or ends the name of a group, which is not a person: *Release team*",
    "no": "says in the column of a table that somebody was not there",
    "roles": "names the role of a person at the meeting, such as its host",
    "agenda": "a heading above the agenda or a part of it",
    "notes": "a heading above the notes of all items of an agenda",
    "reports": "a heading above what people report: *Quick updates*",
    "standing": "a heading or item that names a part of every meeting, not a topic",
    "qualifiers": "only says which agenda, list or meeting a heading is about: *previous*",
    "frames": "precedes the actual topic in a heading: *Breakout room 2: Releases*",
    "decisions": "a heading above decisions, or the label of a single one",
    "decided": "begins a sentence that is a decision, with what has to follow: *agreed to*",
    "voted": "says anywhere in a short text that a vote accepted it: *unanimously*",
    "actions": "a heading above action items, or the label of a single one",
    "assigned": "stands between a name and what that person is going to do",
    "unassigned": "follows one of these words where nobody takes on a task: *will be*",
    "owners": "the label or column of the people who take on a task",
    "nothing": "says that there is none, alone or before such a word: *no action items*",
    "celebrations": "a heading above news and thanks",
    "introductions": "a heading above introductions, besides those of `attendees`",
    "labels": "the label of a list item that is neither a topic nor a person: *Link:*",
    "speakers": "the column of those who lead agenda items",
    "led_by": "precedes the names of those who lead an agenda item: *led by*, *demo by*",
    "by": "precedes them if the meeting knows them: *from*",
    "presents": "follows their names in brackets or on a line below a heading: *presenting*",
    "about": "stands between a name and what that person speaks about: *on*",
    "minutes": "a unit of time, after a number of minutes",
    "hours": "a unit of time, after a number of hours",
    "placeholders": "what a template has for people to replace",
    "canceled": "says that the meeting did not take place",
    "date": "the label of the meeting's date",
    "before_date": "stands between a word for a meeting and its date: *notes of May 4*",
    "meeting": "a word for a meeting, in a heading with its date: *Meeting May 4*",
    "other_date": "says that a date in a heading is not the meeting's: *Next meeting: …*",
    "and": "joins the names of two people",
    "pull_request": "precedes the number of a pull request",
    "issue": "precedes the number of an issue",
    "passcode": "precedes the passcode of an online meeting",
    "meeting_id": "precedes the number of an online meeting",
    "phone": "precedes a phone number",
    "template": "what only a template says, and people have to replace or delete",
}
"""What the words of each key are for. A word is compared regardless of case, accents and
punctuation; ``*`` at its end stands for any further words, and at its start for any before."""


def folded(text: str) -> str:
    """Return the words of a text in lowercase, without accents and punctuation.

    >>> folded("Tagesordnung: (Café)")
    'tagesordnung cafe'
    """
    # Cut first: normalizing takes time quadratic in the length of a run of accents.
    return _folded(text[:500])


# Most words are compared several times.
@functools.lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    letters = text.casefold()
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))


# Compared by identity, as `vocabulary` returns the same object for the same words.
@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of some languages and of a community."""

    languages: tuple[str, ...]
    """The codes of the languages, the site's own first; for names of months and weekdays."""
    words: Mapping[str, tuple[str, ...]]
    """The words of each of `KEYS` as written."""
    _exact: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _open: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _ends: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for key in KEYS:
            found = self.words.get(key, ())
            self._exact[key] = frozenset(folded(word) for word in found)
            starts = (folded(word) for word in found if word.endswith(_ANY))
            self._open[key] = tuple(f"{start} " for start in starts)
            ends = (folded(word) for word in found if word.startswith(_ANY_BEFORE))
            self._ends[key] = tuple(f" {end}" for end in ends)

    def has(self, key: str, text: str) -> bool:
        """Return whether a text as a whole is one of the words of a key.

        >>> vocabulary("de").has("agenda", "Tagesordnung:")
        True
        """
        words = folded(text)
        return (
            words in self._exact[key]
            or words.startswith(self._open[key])
            or words.endswith(self._ends[key])
        )

    def pattern(self, *keys: str) -> str:
        """Return a regular expression for the words of some keys, the longest first.

        It is to be used with `re.IGNORECASE`, and has to be bounded by what calls for it.

        >>> re.match(vocabulary("en").pattern("decisions"), "Decision: yes", re.I)[0]
        'Decision'
        """
        found = {
            word.removesuffix(_ANY).removeprefix(_ANY_BEFORE)
            for key in keys
            for word in self.words.get(key, ())
        }
        ordered = sorted(found, key=lambda word: (-len(word), word))
        parts = (r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", word))) for word in ordered)
        return f"(?:{'|'.join(parts) or '(?!)'})"


def vocabulary(language: str = "", more: Mapping[str, Iterable[str]] | None = None) -> Vocabulary:
    """Return the words of a language, of English, and of a community.

    :param language: such as ``de`` or ``pt_BR``; one without a table has English words only
    :param more: the community's own words by key

    >>> vocabulary("de").languages
    ('de', 'en')
    """
    extra = tuple((key, tuple(words)) for key, words in sorted((more or {}).items()))
    return _vocabulary(re.split(r"[-_]", language)[0].lower() or _ENGLISH, extra)


@functools.lru_cache(maxsize=16)
def _vocabulary(language: str, extra: tuple[tuple[str, tuple[str, ...]], ...]) -> Vocabulary:
    languages = tuple(dict.fromkeys((language, _ENGLISH)))
    tables = [*map(_table, languages), dict(extra)]
    return Vocabulary(
        languages,
        {
            key: tuple(dict.fromkeys(word for table in tables for word in table.get(key, ())))
            for key in KEYS
        },
    )


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a table, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@functools.cache
def _table(language: str) -> Mapping[str, tuple[str, ...]]:
    if language not in languages():
        return {}
    text = (_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, Loader=TextLoader)  # noqa: S506 - it makes only strings, lists and mappings
    return {key: tuple(words) for key, words in table.items()}
