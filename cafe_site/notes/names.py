"""Compare names and handles regardless of how they are written."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cafe_site.notes.model import Hidden

# What may separate the words of a name.
_BETWEEN = r"[\s_.,+%@*`-]{0,5}"

Name = tuple[str, ...]
"""The folded words of a name."""


@functools.lru_cache(maxsize=4096)
def letter(character: str) -> str:
    """Return what `fold` replaces a character with."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(c for c in decomposed if not _is_silent(c))


def _is_silent(character: str) -> bool:
    """Return whether to ignore a character: an accent, a joiner, or U+FFFD."""
    return (
        unicodedata.combining(character) != 0
        or "\ufe00" <= character <= "\ufe0f"
        or character == "\ufffd"
        or unicodedata.category(character) == "Cf"
    )


def fold(text: str) -> str:
    """Return a text in lowercase, without accents and invisible characters.

    >>> fold("Zoe\\u0308 Ångström")
    'zoe angstrom'
    """
    return text.lower() if text.isascii() else "".join(map(letter, text))


def words_of(text: str) -> Name:
    """Return the folded words of a text."""
    return tuple(re.findall(r"[^\W_]+", fold(text)))


@functools.lru_cache(maxsize=8)
def pattern(hidden: Hidden) -> re.Pattern[str]:
    """Return the pattern that finds hidden people in folded text.

    Its groups are ``hide``; ``handle``, a handle without its ``@``; and ``word``, which may be
    somebody else. The names of others match without a group, and are thereby skipped.
    """
    handles = sorted(hidden.handles, key=lambda handle: (-len(handle), handle))
    plain = [handle for handle in handles if handle not in hidden.words]
    hide = [_name_pattern(name) for name in sorted(hidden.names, key=lambda n: (-len(n), n))]
    behind = r"(?:/[\w./#-]*[\w#-])?"
    if handles:
        some = "|".join(map(re.escape, handles))
        hide.append(rf"@(?:{some})(?![^\W_]|-[^\W_]){behind}")
        hide.append(
            rf"(?<![^\W_])(?:(?:https?://)?(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org|hackmd\.io)/@?)"
            rf"(?:{some})(?![^\W_]|-[^\W_])"
        )
        hide.append(rf"(?<![^\W_])(?:{some})(?:(?=\.github\.io)|/[\w.-]+#\d+)")
    others = [_name_pattern(name) for name in sorted(hidden.others, key=lambda n: (-len(n), n))]
    parts = [f"(?P<hide>{'|'.join(hide)})"] if hide else []
    parts += [r"@[a-z0-9][a-z0-9-]*", *others]
    if plain:
        some = "|".join(map(re.escape, plain))
        parts.append(rf"(?P<handle>(?<![^\W_])(?:{some})(?![^\W_]){behind})")
    if hidden.words:
        some = "|".join(map(re.escape, sorted(hidden.words, key=lambda w: (-len(w), w))))
        parts.append(rf"(?P<word>(?<![^\W_])(?:{some})(?![^\W_]))")
    return re.compile("|".join(parts))


def _name_pattern(name: str) -> str:
    """Return a pattern for a folded name, also with an initial, or with the last word first."""
    words = [re.escape(word) for word in re.findall(r"[^\W_]+", name)]
    if "-" in name or len(words) < 2:
        return rf"(?<![^\W_]){re.escape(name)}(?![^\W_])"
    # Short words run together could be any word.
    apart = _BETWEEN.replace("{0,", "{1,")
    between = _BETWEEN if len(name) > 8 else apart
    first = between.join(words[:-1])
    forward = rf"{first}(?:{between}|{apart}[^\W\d_]\.?{apart}){words[-1]}"
    backward = rf"{words[-1]}\s*,\s*{first}"
    return rf"(?<![^\W_])(?:{forward}|{backward})(?![^\W_])"
