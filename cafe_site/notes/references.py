"""How notes refer to issues, pull requests, discussions and advisories on GitHub and the like."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cafe_site.notes.model import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cafe_site.vocabulary import Vocabulary

GITHUB = "github.com"

_OWNER = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})"
_NAME = r"[\w.-]{1,100}"
_NUMBER = r"(?P<number>[0-9]{1,9})"
_PATHS: Mapping[str, re.Pattern[str]] = {
    software: re.compile(rf"{path}(?![\w-])", re.IGNORECASE)
    for software, path in {
        "github": (
            rf"(?:(?!orgs/)(?P<repository>{_OWNER}/{_NAME})/"
            # Other software says "pulls", and people mix them up.
            rf"(?:(?P<kind>issues|pulls?|discussions)/{_NUMBER}"
            r"|security/advisories/(?P<advisory>GHSA(?:-[a-z0-9]{4}){3}))"
            rf"|orgs/(?P<organization>{_OWNER})/discussions/(?P<discussion>[0-9]{{1,9}}))"
        ),
        # Groups can have subgroups. Older addresses have no hyphen.
        "gitlab": (
            rf"(?P<repository>{_NAME}(?:/(?!-/){_NAME}){{1,9}}?)/(?:-/)?"
            rf"(?P<kind>issues|work_items|merge_requests)/{_NUMBER}"
        ),
        "gitea": rf"(?P<repository>{_NAME}/{_NAME})/(?P<kind>issues|pulls)/{_NUMBER}",
    }.items()
}
SOFTWARE = tuple(_PATHS)
"""What a forge may run. Forgejo, which Codeberg runs, has the addresses of Gitea."""
# What a path calls the same thing as another one.
_KINDS = {
    "github": {"pulls": "pull"},
    "gitlab": {
        "issues": "-/issues",
        "work_items": "-/issues",
        "merge_requests": "-/merge_requests",
    },
    "gitea": {},
}
# The kinds of an issue and of a pull request that are known by their number alone.
_BY_NUMBER = {
    "github": ("issues", "pull"),
    "gitlab": ("-/issues", "-/merge_requests"),
    "gitea": ("issues", "pulls"),
}
# A comment, a file or another part of an issue or pull request.
_REST = re.compile(r"(?:/[\w/-]*\w)?(?:\?[\w=&%-]*)?(?:#[\w-]*)?")
_REPOSITORY = re.compile(rf"(?P<repository>{_OWNER}/{_NAME}?)(?=$|[/#?])")
# Not the names of accounts.
_PAGES = frozenset("orgs users topics search settings notifications features sponsors".split())  # noqa: SIM905


@functools.lru_cache(maxsize=16)
def _address(hosts: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, hosts))
    return re.compile(rf"(?P<scheme>https?://)?(?:www\.)?(?P<host>{named})/", re.IGNORECASE)


def split_address(
    address: str, forges: Mapping[str, str] | None = None
) -> tuple[Reference, str] | None:
    """Return the reference in a URL and the rest of the URL, or None.

    Comments, files and other parts of an issue or pull request count as the whole.

    :param forges: the software that runs on hosts other than GitHub's

    >>> found = split_address("https://github.com/jupyterhub/binderhub/pull/1824#issuecomment-1")
    >>> found[0].name, found[1]
    ('jupyterhub/binderhub#1824', '#issuecomment-1')
    >>> split_address("https://github.com/orgs/jupyter-book/discussions/2404")[0].name
    'jupyter-book#2404'
    >>> split_address("https://lab.example/a/b/c/-/merge_requests/1", {"lab.example": "gitlab"})
    (Reference(repository='a/b/c', number='1', kind='-/merge_requests', ...), '')
    """
    match = _address((GITHUB, *(forges or ()))).match(address)
    if match is None or not match["scheme"]:
        return None
    found = _at(address, match, forges or {})
    return None if found is None else (found[0], address[found[1] :])


def _at(
    text: str, start: re.Match[str], forges: Mapping[str, str]
) -> tuple[Reference, int] | None:
    """Return the reference in an address in a text, and where its path ends."""
    host = start["host"].lower()
    software = forges.get(host, "github")
    match = _PATHS[software].match(text, start.end())
    if match is None:
        return None
    if software == "github" and match["organization"]:
        found = Reference(match["organization"], match["discussion"], "discussions", site=host)
    elif software == "github" and match["advisory"]:
        number = "GHSA" + match["advisory"][4:].lower()
        found = Reference(match["repository"], number, "security/advisories", site=host)
    else:
        kind = match["kind"].lower()
        kind = _KINDS[software].get(kind, kind)
        found = Reference(match["repository"], match["number"], kind, site=host)
    return found, match.end()


def repository_in(address: str, forges: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the host and the repository that a URL leads into, or None.

    >>> repository_in("https://github.com/jupyterhub/binderhub/tree/main", {})
    ('github.com', 'jupyterhub/binderhub')
    """
    if found := split_address(address, forges):
        reference = found[0]
        return (reference.site, reference.repository) if "/" in reference.repository else None
    start = _address((GITHUB, *forges)).match(address)
    if start is None or forges.get(start["host"].lower(), "github") == "gitlab":
        return None
    match = _REPOSITORY.match(address, start.end())
    if match is None or match["repository"].partition("/")[0].lower() in _PAGES:
        return None
    return start["host"].lower(), match["repository"].removesuffix(".git")


# --- in text ------------------------------------------------------------------------------


@functools.lru_cache(maxsize=16)
def _in_text(words: Vocabulary, hosts: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, hosts))
    pulls, issues = words.pattern("pull_request"), words.pattern("issue")
    return re.compile(
        # An address that is no link: without a scheme, or right after a word.
        rf"(?P<address>(?:(?<![=/%?&])https?://|(?<![\w@/.=%?&#:-]))(?:www\.)?(?:{named})/)"
        # a/b#1, b#1
        rf"|(?<![\w/.#@-])(?P<repository>(?:{_OWNER}/)?{_NAME}?)#(?P<short>[0-9]{{1,9}})"
        r"(?![\w-]|\.\d)"
        # PR 12, issue #1
        rf"|(?<![\w/-])(?:(?P<pull>{pulls})|{issues})(?:\s*#|\s+|-)(?P<named>[0-9]{{1,6}})"
        r"(?![\w%-]|[.,:]\d)"
        # gh-12, #12, and !12 for a merge request
        r"|(?<![\w/#&.=!-])(?P<mark>gh-|\#|!)(?P<bare>[0-9]{1,6})(?![\w%-]|[.,]\d)",
        re.IGNORECASE,
    )


def in_text(
    text: str,
    repository: tuple[str, str] | None,
    known: Mapping[str, tuple[str, str]],
    forges: Mapping[str, str],
    words: Vocabulary,
) -> Iterator[tuple[int, int, Reference]]:
    """Yield the references in a text that is neither code nor a link, with their places.

    ``#12``, ``gh-12``, ``PR 12`` and the like are references only if the repository is certain.
    A number alone of one digit is more often a rank, and one of six digits a color.

    :param repository: the host and the name of the repository that bare numbers refer to
    :param known: the host and the name of repositories by their name without the owner
    """
    position = 0
    pattern = _in_text(words, (GITHUB, *forges))
    while match := pattern.search(text, position):
        position = match.end()
        found = None
        if match["address"]:
            start = _address((GITHUB, *forges)).match(text, match.start())
            at = _at(text, start, forges) if start else None
            if at is not None:
                found, position = at
                rest = _REST.match(text, position)
                position = rest.end() if rest else position
        elif match["short"]:
            name = match["repository"]
            place = (GITHUB, name) if "/" in name else known.get(name.lower())
            if place is not None:
                found = _numbered(place, match["short"], forges, pull=False)
        elif repository is not None and (number := match["named"]):
            # "Issue 1" may be the first of a list, and "issue 2025" that of a year.
            plain = "#" not in match[0] and (
                len(number) == 1 or re.match(r"(?:19|20)\d\d$", number)
            )
            if not plain:
                found = _numbered(repository, number, forges, pull=bool(match["pull"]))
        elif repository is not None and (number := match["bare"]):
            software = forges.get(repository[0], "github")
            if 1 < len(number) < 6 and (match["mark"] != "!" or software == "gitlab"):
                found = _numbered(repository, number, forges, pull=match["mark"] == "!")
        if found is not None:
            yield match.start(), position, found


def _numbered(
    place: tuple[str, str], number: str, forges: Mapping[str, str], *, pull: bool
) -> Reference:
    kind = _BY_NUMBER[forges.get(place[0], "github")][pull]
    return Reference(place[1], number, kind, site=place[0])


def short_form(reference: Reference, rest: str) -> str | None:
    """Return the short form of a URL, given the reference in it and the rest of it."""
    if not rest:
        return reference.name
    if not re.fullmatch(r"(?:/[\w/-]*)?(?:#[\w-]*)?", rest):
        return None
    part = rest.replace("#", "/").strip("/").split("/")[0]
    if re.search("comment|discussion_r|pullrequestreview|note_", rest):
        part = "comment"
    return f"{reference.name} ({part})" if part else reference.name
