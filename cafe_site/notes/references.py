"""References of a meeting to GitHub issues, pull requests, discussions and advisories."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cafe_site.notes.model import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_OWNER = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})"
_ADDRESS = re.compile(
    rf"https?://(?:www\.)?github\.com/(?:(?!orgs/)(?P<repository>{_OWNER}/[\w.-]{{1,100}})/"
    r"(?:(?P<kind>issues|pull|discussions)/(?P<number>[0-9]{1,9})"
    r"|security/advisories/(?P<advisory>GHSA(?:-[a-z0-9]{4}){3}))"
    rf"|orgs/(?P<organization>{_OWNER})/discussions/(?P<discussion>[0-9]{{1,9}}))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"(?<![\w/.#-])(?P<repository>{_OWNER}/[\w.-]{{1,100}})#(?P<number>[0-9]{{1,9}})\b"
)


def split_address(address: str) -> tuple[Reference, str] | None:
    """Return the reference in a URL and the rest of the URL, or None.

    Comments, files and other parts of an issue or pull request count as the whole.

    >>> found = split_address("https://github.com/jupyterhub/binderhub/pull/1824#issuecomment-1")
    >>> found[0].name, found[1]
    ('jupyterhub/binderhub#1824', '#issuecomment-1')
    >>> split_address("https://github.com/orgs/jupyter-book/discussions/2404")[0].name
    'jupyter-book#2404'
    """
    match = _ADDRESS.match(address)
    if match is None:
        return None
    rest = address[match.end() :]
    if match["organization"]:
        return Reference(match["organization"], match["discussion"], "discussions"), rest
    if match["advisory"]:
        number = "GHSA" + match["advisory"][4:].lower()
        return Reference(match["repository"], number, "security/advisories"), rest
    return Reference(match["repository"], match["number"], match["kind"].lower()), rest


def references(body: Sequence[Token], anchor: str) -> tuple[Reference, ...]:
    """Return the references of a meeting, each once per section or agenda item.

    References are link URLs and ``org/repo#123`` in the text, but not in code.

    :param anchor: the meeting's own anchor
    """
    found: dict[tuple[str, str, str], Reference] = {}
    for place, token in with_anchors(body, anchor):
        for reference in _of(token):
            found.setdefault((*reference.key, place), replace(reference, anchor=place))
    return tuple(found.values())


def with_anchors(body: Sequence[Token], anchor: str) -> Iterator[tuple[str, Token]]:
    """Yield the tokens of a meeting with the closest anchor above each."""
    section = place = anchor
    for token in body:
        if token.type == "heading_open" and "id" in token.meta:
            section = place = token.meta["id"]
        elif token.type == "list_item_open" and token.level == 1:
            place = token.meta.get("id", section)
        elif token.type.endswith("_list_close") and token.level == 0:
            place = section
        yield place, token


def _of(token: Token) -> Iterator[Reference]:
    in_link = False
    for child in token.children or ():
        if child.type in ("link_open", "image"):
            in_link = child.type == "link_open"
            found = split_address(str(child.attrs.get("href") or child.attrs.get("src")))
            if found is not None:
                yield found[0]
        elif child.type == "link_close":
            in_link = False
        elif child.type == "text" and not in_link:
            for match in _SHORT.finditer(child.content):
                yield Reference(match["repository"], match["number"], "issues")
