"""The words of the scripts in the browser, which the page passes in an attribute of the script.

The browser itself formats dates, durations and lists, in the language of the page.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from cafe_site import translation
from cafe_site.formats.search_records import other_pages
from cafe_site.translation import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx


def add_script(app: Sphinx, name: str) -> None:
    """Add a script of this package, with its words, to the pages being written.

    What the scripts share comes first: deferred scripts run in the order of the page.
    """
    words: dict[str, Any] = {
        "cafe_next.js": _next,
        "cafe_checklist.js": _checklist,
        "cafe_search.js": _search,
    }[name]()
    attributes: dict[str, Any] = {
        "data-words": json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    }
    app.add_js_file("cafe_page.js", loading_method="defer")
    app.add_js_file(name, loading_method="defer", **attributes)


def _next() -> dict[str, Any]:
    return {
        "next": gettext("Next {title}"),
        "underWay": gettext("Under way: {title}"),
        "ownTime": gettext("{time} your time"),
        "ownDay": gettext("{day}, {time} your time"),
        "sameTime": gettext("the same as your time"),
        "inAMinute": gettext("in a minute"),
        # {duration} is "2 hours and 30 minutes", for example.
        "inDuration": gettext("in {duration}"),
        "justBegun": gettext("it has just begun"),
        # {ago} is "10 minutes ago", for example.
        "began": gettext("it began {ago}"),
        "begunFor": gettext("it began {duration} ago"),
        "dateCanceled": gettext("{date} is canceled"),
        "dateCanceledBecause": gettext("{date} is canceled: {reason}"),
        "titleCanceled": gettext("{title} on {date} is canceled"),
        "titleCanceledBecause": gettext("{title} on {date} is canceled: {reason}"),
        "allCanceled": gettext("All meetings that this page knows are canceled."),
        "unknown": gettext("The next date is not known here."),
        "lastKnown": gettext(
            "This site has not been built for a while: the last date that it knows was {date}."
        ),
    }


def _checklist() -> dict[str, Any]:
    return {
        "reset": gettext("Reset"),
        "clear": gettext("Clear all boxes for {meeting}?"),
        "over": gettext("{meeting} (over)"),
        "progress": gettext("{done} of {count} done"),
        "facts": gettext("{title}: {when}"),
        "messageFor": gettext("{title} for {meeting}"),
        "copy": gettext("Copy"),
        "copyMessage": gettext("Copy: {title}"),
        "copied": gettext("Copied"),
        "pressToCopy": gettext("Press Ctrl+C or ⌘C to copy"),
    }


def _search() -> dict[str, Any]:
    return {
        "filters": {
            "year": gettext("Year"),
            "series": gettext("Meetings"),
            "person": gettext("Person"),
            "tag": gettext("Tag"),
            "repository": gettext("Repository"),
        },
        "otherPages": other_pages(),
        "results": _forms(lambda n: ngettext("{count} result", "{count} results", n)),
        "best": _forms(
            lambda n: ngettext(
                "{count} result, the best {shown} here",
                "{count} results, the best {shown} here",
                n,
            )
        ),
        "all": gettext("All results, with filters"),
        "any": gettext("Any"),
        "narrow": gettext("Narrow the search"),
        "newest": gettext("Newest first (notes only)"),
        "more": gettext("More results"),
        "none": gettext("No results. Fewer words or filters may find more."),
        "noAnswer": gettext("The search does not answer. Is this device offline?"),
    }


def _forms(message: Callable[[int], str]) -> dict[str, str]:
    """Return the plural forms of a message by CLDR plural category, as browsers name them.

    Catalogs follow CLDR, too, so an example number of each category gives its form.
    """
    return {form: message(number) for form, number in _examples(translation.language())}


@functools.lru_cache(maxsize=8)
def _examples(language: str) -> tuple[tuple[str, int], ...]:
    if language == translation.ENGLISH:
        return (("one", 1), ("other", 0))
    from cafe_site.formats.words import plural_form

    found: dict[str, int] = {}
    for number in range(200):
        found.setdefault(plural_form(number), number)
    # Used for millions in some languages.
    found.setdefault(plural_form(1_000_000), 1_000_000)
    found.setdefault("other", 0)
    return tuple(found.items())
