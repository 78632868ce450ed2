"""The messages of this package in the language of a site, a text, or a terminal.

All parts use the catalogs in ``locale/``, read with the standard library.
Sphinx's own `sphinx.locale.get_translation` does not support plurals or a site's own catalogs
for extensions, and is not available to code that does not import Sphinx.

Messages are whole sentences with named placeholders, as in `str.format`.
No catalog is read before a message in a language other than English is needed.
``docs/translating.md`` says how to add a language.
"""

from __future__ import annotations

import gettext as catalogs
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOMAIN = "cafe_site"
"""The name of the catalogs."""
FOLDER = Path(__file__).parent / "locale"
"""The folder with this package's catalogs, as in ``de/LC_MESSAGES/cafe_site.mo``."""
ENGLISH = "en"
"""The language of the messages themselves."""


@dataclass
class _Words:
    """A language, and its catalogs, which are loaded with the first message."""

    language: str = ENGLISH
    folders: tuple[Path, ...] = (FOLDER,)
    catalog: catalogs.NullTranslations | None = None


_now = _Words()


def set_language(language: str, folders: Iterable[Path] = ()) -> None:
    """Set the language of all messages from now on.

    :param language: such as ``de`` or ``pt_BR``; messages without a translation are in English
    :param folders: folders of catalogs that take precedence over those of this package
    """
    global _now
    _now = _Words(language or ENGLISH, (*folders, FOLDER))


@contextmanager
def using(language: str) -> Iterator[None]:
    """Set the language of all messages within a context.

    >>> with using("de"):
    ...     language()
    'de'
    """
    global _now
    before = _now
    set_language(language)
    try:
        yield
    finally:
        _now = before


def language() -> str:
    """Return the current language of messages."""
    return _now.language


def N_(message: str) -> str:
    """Mark a message for the catalogs, and return it unchanged; it is translated when shown."""
    return message


def gettext(message: str) -> str:
    """Return a message in the current language."""
    return _catalog().gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the message for a number in the current language."""
    return _catalog().ngettext(one, many, count)


def _catalog() -> catalogs.NullTranslations:
    if _now.catalog is None:
        wanted = _now.language.replace("-", "_")
        _now.catalog = catalogs.NullTranslations()
        for folder in reversed(_now.folders):
            found = catalogs.translation(DOMAIN, folder, [wanted], fallback=True)
            if isinstance(found, catalogs.GNUTranslations):
                found.add_fallback(_now.catalog)
                _now.catalog = found
    return _now.catalog


def environment_language() -> str:
    """Return the language that the environment requests, by the rules of gettext.

    ``LANGUAGE`` counts unless the locale is ``C`` or not set, and may list several languages:
    the first one with a catalog is used.
    """
    locale = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))),
        "C",
    )
    name = locale.partition(".")[0].partition("@")[0]
    if name in ("C", "POSIX"):
        return ENGLISH
    for wanted in (*os.environ.get("LANGUAGE", "").split(":"), name):
        if wanted.partition("_")[0] == ENGLISH or catalogs.find(DOMAIN, FOLDER, [wanted]):
            return wanted
    return ENGLISH
