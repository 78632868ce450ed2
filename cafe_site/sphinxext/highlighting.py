"""Decides which code blocks in notes are highlighted.

Most of Pygments' lexers take time quadratic in the length of the text, or worse:
4 KB of a shell session kept one busy for minutes. So

- only languages are highlighted whose lexers take linear time on any input,
  as ``benchmarks/lexers.py`` determines by attacking them;
- and at most `MAX_PAGE` characters of each page, counted from its top.

Nothing is counted across pages: the result would depend on which pages a build reads, and in
which processes. The time for a site is still bounded: by that for a page times their number.
"""

from __future__ import annotations

import functools

from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

MAX_BLOCK = 4_000
"""The maximum length of a highlighted block, in characters."""
MAX_PAGE = 20_000
"""The maximum number of highlighted characters on a page."""
LANGUAGES = frozenset({"bash", "diff", "json", "text"})
"""The highlighted languages, by their first alias in Pygments."""


class Highlighting:
    """Decides which code blocks of a page are highlighted.

    >>> highlighting = Highlighting()
    >>> highlighting.includes("sh", "ls -l"), highlighting.includes("console", "$ ls -l")
    (True, False)
    """

    def __init__(self) -> None:
        self._left = MAX_PAGE

    def includes(self, language: str, code: str) -> bool:
        """Return whether to highlight a block; if so, subtract it from the limit of the page."""
        if len(code) > min(MAX_BLOCK, self._left) or _lexer(language) not in LANGUAGES:
            return False
        self._left -= len(code)
        return True


@functools.lru_cache(maxsize=256)
def _lexer(language: str) -> str:
    """Return the first alias of a language in Pygments; ``""`` if it is unknown.

    >>> _lexer("py3"), _lexer("sh"), _lexer("no-such-language")
    ('python', 'bash', '')
    """
    try:
        return find_lexer_class_by_name(language).aliases[0] if language else ""
    except ClassNotFound:
        return ""
