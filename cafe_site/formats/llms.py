"""An outline of the site for language models, in the format of https://llmstxt.org."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cafe_site.formats import words
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cafe_site.notes.model import Meeting


@dataclass(frozen=True)
class Link:
    """A link in the outline."""

    title: str
    address: str
    """Relative to the root of the site."""
    note: str = ""


def llms_txt(
    title: str,
    meetings: Sequence[Meeting],
    series: Iterable[tuple[str, Sequence[Link]]],
    pages: Sequence[Link],
    base: str = "",
) -> str:
    """Return the outline: the years of each series, the facts of all meetings, and other pages.

    :param title: the title of the site, on one line
    :param meetings: all of them, newest first
    :param series: the title of each with its years
    :param base: the URL of the site; without one, URLs are relative to its root
    """
    summary = gettext("Notes of {meetings}.")
    first = last = ""
    if meetings:
        summary = gettext("Notes of {meetings}, from {first} to {last}.")
        first, last = meetings[-1].date.iso, meetings[0].date.iso
    summary = summary.format(meetings=words.count_meetings(meetings), first=first, last=last)
    facts = gettext("the facts of all meetings as JSON")
    sections = [
        *series,
        (gettext("Data"), [Link("meetings.json", "meetings.json", facts)]),
        *([(gettext("Pages"), pages)] if pages else []),
    ]
    lines = [f"# {title}", "", f"> {summary}"]
    for heading, links in sections:
        lines += ["", f"## {heading}", "", *(_item(link, base) for link in links)]
    return "\n".join(lines) + "\n"


def _item(link: Link, base: str) -> str:
    """Return an item of a list in Markdown.

    >>> _item(Link("Notes [old]", "2025.html", "3 meetings"), "")
    '- [Notes \\\\[old\\\\]](2025.html): 3 meetings'
    """
    text = re.sub(r"([\\\[\]<])", r"\\\1", " ".join(link.title.split()))
    return f"- [{text}]({_absolute(base, link.address)}){f': {link.note}' if link.note else ''}"


def _absolute(base: str, address: str) -> str:
    """Return an absolute URL, or one relative to the root of the site without a base.

    >>> _absolute("https://example.org/site", "notes/2025/"), _absolute("", "")
    ('https://example.org/site/notes/2025/', './')
    """
    if not base:
        return address or "./"
    return urljoin(base if base.endswith("/") else f"{base}/", address)
