"""The keys of ``community.yaml``: who a community is."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from cafe_site.community.document import (
    Document,
    Fields,
    Place,
    list_of,
    mapping_of,
    pairs_of,
    quoted,
    scalar,
)
from cafe_site.community.model import FORGES, HOSTS, Community, CommunityError, Repository
from cafe_site.community.people import read_people
from cafe_site.community.series import KEYS as SERIES_KEYS
from cafe_site.community.series import check_unique, read_schedule, series_of
from cafe_site.community.values import (
    NAME,
    host_of,
    parse_address,
    parse_choice,
    parse_domain,
    parse_folder,
    parse_pattern,
    parse_person,
    parse_section,
    parse_site,
    parse_some_text,
    parse_text,
)
from cafe_site.reading import read_file
from cafe_site.vocabulary import KEYS as WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

    from cafe_site.community.document import Reader


def load_community(path: Path) -> Community:
    """Read a community's file.

    :raises CommunityError: if it cannot be read, or for what `read_community` refuses
    """
    try:
        text = io.TextIOWrapper(io.BytesIO(read_file(path)), encoding="utf-8").read()
    except FileNotFoundError:
        raise CommunityError((f"{path}: there is no such file",)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"{path.name}:{line}: is not UTF-8; save it as UTF-8"
        raise CommunityError((problem,)) from None
    except OSError as error:
        raise CommunityError((f"{path}: cannot be read: {error.strerror or error}",)) from None
    return read_community(text, path.name)


def read_community(text: str, name: str = "community.yaml") -> Community:
    """Parse the text of a community's file.

    It is YAML without tags, aliases and duplicate keys,
    and every value is read as a string: ``11:00`` is not a number, ``no`` not a boolean.
    A key without a value counts as left out.

    >>> read_community("name: Example Café\\nsite: https://cafe.example.org").domain
    'cafe.example.org'
    >>> read_community("name: Example Café\\nsite: cafe.example.org")
    Traceback (most recent call last):
    cafe_site.community.model.CommunityError: community.yaml:2: site: 'cafe.example.org' is not \
a valid URL; it should begin with https://

    :param name: the name of the file, for problems
    :raises CommunityError: with all problems, in the order of the file's lines
    """
    document = Document(name)
    root = document.compose(text)
    community = None if root is None else _community(document, root)
    if document.problems or community is None:
        document.problems.sort(key=lambda problem: problem[0])
        raise CommunityError(line for _, line in document.problems)
    return community


# --- the keys -------------------------------------------------------------------------------


def _named_addresses(place: Place) -> dict[str, str]:
    addresses = {}
    for key, at_key, below in pairs_of(place):
        if not re.fullmatch(r"[\w-]+", key):
            at_key.report("must be a name of letters, digits, '_' and '-'")
        elif not below.is_left_out and (address := scalar(parse_address)(below)) is not None:
            addresses[key] = address
    return addresses


def _forges(place: Place) -> dict[str, str]:
    forges = {}
    for key, at_key, below in pairs_of(place):
        host = scalar(parse_domain)(at_key)
        software = scalar(parse_choice(*FORGES))(below)
        if host == "github.com":
            at_key.report("is known already; leave it out")
        elif host and software:
            forges[key] = software
    return forges


_REPOSITORY: Mapping[str, Reader] = {
    "host": scalar(parse_choice(*HOSTS)),
    # A group on GitLab can have subgroups.
    "owner": scalar(parse_pattern(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", NAME)),
    "name": scalar(parse_pattern(r"(?!\.\.?$)[\w.-]+", NAME)),
    "branch": scalar(parse_pattern(r"(?!/)(?!.*\.\.)[\w./-]+(?<!/)", "the name of a branch")),
    "folder": scalar(parse_folder),
}
_PRIVACY: Mapping[str, Reader] = {
    "hide_people": list_of(scalar(parse_person)),
    "drop_sections": list_of(scalar(parse_section)),
}
_VOCABULARY: Mapping[str, Reader] = {key: list_of(scalar(parse_some_text)) for key in WORDS}
_COMMUNITY: Mapping[str, Reader] = {
    "name": scalar(parse_some_text),
    "organizers": scalar(parse_text),
    "site": scalar(parse_site),
    "domain": scalar(parse_domain),
    "links": _named_addresses,
    "repository": mapping_of(_REPOSITORY, "owner", "name"),
    "privacy": mapping_of(_PRIVACY),
    "people": read_people,
    "vocabulary": mapping_of(_VOCABULARY),
    "forges": _forges,
    "schedule": read_schedule,
}


KEYS: Mapping[str, tuple[str, ...]] = {
    "community": tuple(_COMMUNITY),
    "repository": tuple(_REPOSITORY),
    "privacy": tuple(_PRIVACY),
    "vocabulary": tuple(_VOCABULARY),
    **SERIES_KEYS,
}
"""All keys, by the mapping that they belong to."""


def _community(document: Document, root: yaml.Node) -> Community | None:
    fields = mapping_of(_COMMUNITY, "name")(Place(document, root, ""))
    if fields is None:
        return None
    name = fields.value("name", "")
    site = fields.value("site", "")
    privacy = fields.value("privacy", {})
    vocabulary = fields.value("vocabulary", {})
    repository = fields.value("repository")
    read = [(found.value, series_of(found.value, name)) for found in fields.value("schedule", ())]
    check_unique(series_fields for series_fields, _ in read)
    forges = fields.value("forges", {})
    for series_fields, _ in read:
        host, *names = series_fields.value("repository", "").split("/")
        if len(names) > 1 and host not in forges:
            series_fields["repository"].place.report(f"{quoted(host)} must be one of 'forges'")
    return Community(
        name=name,
        organizers=fields.value("organizers", ""),
        site=site,
        domain=fields.value("domain", host_of(site)),
        links=fields.value("links", {}),
        repository=None if repository is None else _repository(repository),
        hide_people=_texts(privacy, "hide_people"),
        drop_sections=_texts(privacy, "drop_sections"),
        people=fields.value("people", {}),
        vocabulary={key: _texts(vocabulary, key) for key in vocabulary},
        forges=forges,
        schedule=tuple(series for _, series in read if series is not None),
    )


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(found.value for found in fields[key].value) if key in fields else ()


def _repository(fields: Fields) -> Repository | None:
    if "owner" not in fields or "name" not in fields:
        return None
    return Repository(**{key: found.value for key, found in fields.items()})
