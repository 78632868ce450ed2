"""The references of a meeting, and the links to what its text refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes.dialect import is_hidden, plain_text, text_token
from cafe_site.notes.parts import in_parts
from cafe_site.notes.references import (
    GITHUB,
    in_text,
    repository_in,
    short_form,
    split_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cafe_site.notes.model import Reference
    from cafe_site.vocabulary import Vocabulary

    Repository = tuple[str, str]
    """The host and the name of a repository."""

# Stands for the index of the heading above what has none.
_BEGINNING = -1
_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[\w.-]{1,100}")


@dataclass(frozen=True)
class Forges:
    """Where the issues of a series of meetings are, besides GitHub."""

    software: Mapping[str, str] = field(default_factory=dict)
    """What runs on hosts, one of `SOFTWARE`."""
    repository: str = ""
    """The repository that numbers alone refer to, with its host if that is not GitHub's;
    empty if there is no such one."""

    @property
    def own(self) -> Repository | None:
        """The host and the name of the `repository`."""
        host, _, name = self.repository.partition("/")
        if host in self.software:
            return host, name
        return (GITHUB, self.repository) if name and "/" not in name else None


@dataclass(slots=True)
class _Context:
    """The repositories that a meeting, a section or a list item names."""

    above: _Context | None = None
    """That of the heading above a section."""
    linked: dict[Repository, Repository] = field(default_factory=dict)
    """As written, by their names in lowercase."""
    named: Repository | None = None
    """The one that the heading of a section names."""

    @property
    def only(self) -> Repository | None:
        return next(iter(self.linked.values())) if len(self.linked) == 1 else None

    @property
    def heading(self) -> Repository | None:
        """The repository that the heading of a section, or one above it, names."""
        return self.named or (self.above.heading if self.above else None)

    @property
    def around(self) -> Repository | None:
        """The only one of the sections around a section that links to none."""
        if self.linked or self.above is None:
            return None
        return self.above.only or self.above.around


def link_references(
    body: Sequence[Token],
    anchor: str,
    people: range | None,
    forges: Forges,
    words: Vocabulary,
) -> tuple[Reference, ...]:
    """Make the references in the text of a meeting links, and return all of its references.

    References are URLs of links and in the text, and ``org/repo#123`` and ``PR 123`` in the text,
    but not in code. Each is returned once per section or agenda item.

    A number alone refers to the only repository that the list items around it name, or that
    the heading above names, or whose issues its section names, or else to that of the series,
    or to the only one whose issues the meeting names.

    :param anchor: the meeting's own anchor
    :param people: the tokens that are the list of people, whose text stays as it is
    """
    mark_links(body, forges)
    contexts, meeting, known = _contexts(body, forges.software, words)
    own = forges.own
    if own:
        known.setdefault(own[1].rpartition("/")[2].lower(), own)
    found: dict[tuple[str, str, str], Reference] = {}
    section = contexts[_BEGINNING]
    items: list[_Context] = []
    for index, (place, part, token) in enumerate(in_parts(body, anchor, words)):
        if token.type == "list_item_open":
            items.append(contexts[index])
        elif token.type == "list_item_close":
            items.pop()
        elif index in contexts:
            section = contexts[index]
        elif token.type == "inline" and token.children:
            certain = next((one.only for one in reversed(items) if one.linked), None)
            certain = certain or section.heading or section.only or own
            certain = certain or section.around or meeting.only
            if index not in (people or ()):
                where = (certain, known, forges.software, words)
                token.children = list(_linked(token.children, *where))
                # Shown in their place: the words after the name of a speaker.
                if lead := token.meta.get("lead"):
                    rest = tuple(_linked(lead.rest, *where))
                    token.meta["lead"] = replace(lead, rest=rest)
            for reference in _of(token.children, forges.software, words):
                one = replace(reference, anchor=place, part=part)
                found.setdefault((*reference.key, place), one)
    return tuple(found.values())


def mark_links(body: Sequence[Token], forges: Forges) -> None:
    """Give each link to an issue or the like its reference, and the short form of its URL."""
    for token in body:
        for child in token.children or ():
            if child.type in ("link_open", "image"):
                found = split_address(_target(child), forges.software)
                if found is not None:
                    child.meta["reference"] = found[0]
                    child.meta["short"] = short_form(*found)


def _contexts(
    body: Sequence[Token], forges: Mapping[str, str], words: Vocabulary
) -> tuple[dict[int, _Context], _Context, dict[str, Repository]]:
    """Return the contexts of list items and sections by their index, that of the meeting with
    the repositories whose issues it names, and the repositories that are certain by name.
    """
    contexts = {_BEGINNING: _Context()}
    meeting = _Context()
    items: list[_Context] = []
    # The sections around, with the levels of their headings.
    sections = [(7, contexts[_BEGINNING])]
    by_name: dict[str, dict[Repository, Repository]] = {}
    titles: list[tuple[_Context, str]] = []
    for index, token in enumerate(body):
        if token.type == "list_item_open":
            contexts[index] = _Context()
            items.append(contexts[index])
        elif token.type == "list_item_close":
            items.pop()
        elif token.type == "heading_open" and token.level == 0:
            level = int(token.tag[1])
            while sections and sections[-1][0] >= level:
                sections.pop()
            contexts[index] = _Context(sections[-1][1] if sections else None)
            sections.append((level, contexts[index]))
            titles.append((contexts[index], plain_text(body[index + 1].children)))
        for place, is_reference in _repositories(token, forges, words):
            key = (place[0], place[1].lower())
            # A link to the repository itself says nothing about what is around its item.
            around = [meeting, *(section for _, section in sections), *items]
            for one in around if is_reference else items[-1:]:
                one.linked.setdefault(key, place)
            by_name.setdefault(key[1].rpartition("/")[2], {}).setdefault(key, place)
    owners = {name.partition("/")[0] for found in by_name.values() for _, name in found}
    for one, title in titles:
        name = title.strip(" :")
        # Not any two words, such as *CI/CD*.
        if _NAMED.fullmatch(name) and name.lower().partition("/")[0] in owners:
            one.named = (GITHUB, name)
    known = {
        name: next(iter(found.values())) for name, found in by_name.items() if len(found) == 1
    }
    return contexts, meeting, known


def _repositories(
    token: Token, forges: Mapping[str, str], words: Vocabulary
) -> Iterator[tuple[Repository, bool]]:
    """Yield the repositories that a line names, and whether by one of their issues."""
    in_link = False
    for child in token.children or ():
        if child.type in ("link_open", "link_close"):
            in_link = child.type == "link_open"
        if child.type in ("link_open", "image"):
            if place := repository_in(_target(child), forges):
                yield place, "reference" in child.meta
        elif child.type == "text" and not in_link:
            for _, _, reference in in_text(child.content, None, {}, forges, words):
                if "/" in reference.repository:
                    yield (reference.site, reference.repository), True


def _linked(
    children: Sequence[Token],
    repository: Repository | None,
    known: Mapping[str, Repository],
    forges: Mapping[str, str],
    words: Vocabulary,
) -> Iterator[Token]:
    """Yield inline tokens with links to what their text refers to."""
    in_link = False
    for child in children:
        if child.type in ("link_open", "link_close"):
            in_link = child.type == "link_open"
        if child.type != "text" or in_link or is_hidden(child):
            yield child
            continue
        text, position = child.content, 0
        for start, end, reference in in_text(text, repository, known, forges, words):
            if start > position:
                yield text_token(text[position:start])
            address = text[start:end] if "://" in text[start:end] else reference.address
            yield Token(
                "link_open", "a", 1, attrs={"href": address}, meta={"reference": reference}
            )
            yield text_token(text[start:end])
            yield Token("link_close", "a", -1)
            position = end
        if not position:
            yield child
        elif position < len(text):
            yield text_token(text[position:])


def _of(
    children: Sequence[Token], forges: Mapping[str, str], words: Vocabulary
) -> Iterator[Reference]:
    """Yield the references of links, and those that the text of a link makes.

    A number in the text of a link into a repository refers to that repository.
    """
    repository: Repository | None = None
    for child in children:
        if child.type in ("link_open", "image") and "reference" in child.meta:
            yield child.meta["reference"]
        if child.type in ("link_open", "link_close"):
            repository = None
            if child.type == "link_open" and child.info != "auto":
                repository = repository_in(_target(child), forges)
        elif child.type == "text" and repository:
            for _, _, reference in in_text(child.content, repository, {}, forges, words):
                yield reference


def _target(token: Token) -> str:
    return str(token.attrs.get("href") or token.attrs.get("src") or "")
