"""Which blocks of code in notes are highlighted.

Most of Pygments' lexers take time that grows with the square of a text, or worse:
4 KB of a shell session kept one busy for minutes. So

- only languages are highlighted whose lexers take time in proportion to the text, whatever
  it is, as ``benchmarks/lexers.py`` finds out by attacking them;
- and of each page, not more than `MAX_PAGE` characters, counted in the order of the page.

No count goes from page to page: it would depend on which pages a build reads, and in which
processes. What a site takes is bounded all the same, by that of a page times the pages.
"""

from __future__ import annotations

import functools

from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

MAX_BLOCK = 4_000
"""The length of the longest block that is highlighted, in characters."""
MAX_PAGE = 20_000
"""How many characters of a page are highlighted."""
LANGUAGES = frozenset({"bash", "diff", "json", "text"})
"""The languages that are highlighted, by the first name that Pygments has for them."""


class Highlighting:
    """What of a page is highlighted.

    >>> highlighting = Highlighting()
    >>> highlighting.includes("sh", "ls -l"), highlighting.includes("console", "$ ls -l")
    (True, False)
    """

    def __init__(self) -> None:
        self._left = MAX_PAGE

    def includes(self, language: str, code: str) -> bool:
        """Return whether a block is highlighted, and take it from what is left for the page."""
        if len(code) > min(MAX_BLOCK, self._left) or _lexer(language) not in LANGUAGES:
            return False
        self._left -= len(code)
        return True


@functools.lru_cache(maxsize=256)
def _lexer(language: str) -> str:
    """Return the first name that Pygments has for a language; ``""`` if it has none.

    >>> _lexer("py3"), _lexer("sh"), _lexer("no-such-language")
    ('python', 'bash', '')
    """
    try:
        return find_lexer_class_by_name(language).aliases[0] if language else ""
    except ClassNotFound:
        return ""
