"""The names and handles that a community says are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.community.document import Refused, list_of, pairs_of, quoted, scalar
from cafe_site.community.values import parse_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cafe_site.community.document import Place


def parse_form(text: str) -> str:
    """Return one name or one handle.

    >>> parse_form("Ada Lovelace"), parse_form("https://github.com/ada-l")
    ('Ada Lovelace', '@ada-l')
    """
    form = parse_person(text)
    if "/" in form:
        raise Refused(f"{quoted(text)} must be one name or one handle; write each on its own")
    return form


def read_people(place: Place) -> dict[str, tuple[str, ...]]:
    """Read a mapping of preferred names to other names and handles."""
    people: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for key, at_key, below in pairs_of(place):
        try:
            name = parse_form(key)
        except Refused as error:
            at_key.report(str(error))
            continue
        found = None if below.is_left_out else list_of(scalar(parse_form))(below)
        forms = tuple(one.value for one in found or ())
        for form, at_form in [(name, at_key), *((one.value, one.place) for one in found or ())]:
            if problem := _taken(form, name, taken):
                at_form.report(problem)
        people[name] = forms
    return people


def problems_of_people(people: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what is wrong with such a mapping."""
    problems: list[str] = []
    taken: dict[str, str] = {}
    for name, forms in people.items():
        for form in (name, *forms):
            try:
                problem = _taken(parse_form(form), name, taken)
            except Refused as error:
                problem = str(error)
            if problem:
                problems.append(problem)
    return problems


def _taken(form: str, name: str, taken: dict[str, str]) -> str:
    """Note whose name or handle it is; return what is wrong if it is somebody else's."""
    owner = taken.setdefault(_key(form), name)
    return "" if owner == name else f"{quoted(form)} is one of {quoted(owner)} already"


def _key(form: str) -> str:
    return form.strip().removeprefix("@").casefold()


def without_hidden(
    people: Mapping[str, Sequence[str]], hide: Iterable[str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the people who are not hidden, and the entries of those who are with all forms.

    >>> without_hidden({"Ada": ["@ada-l"], "Bob": ["bobby"]}, ["ada-l"])
    ({'Bob': ('bobby',)}, ('Ada / @ada-l',))
    """
    asked = {_key(form) for entry in hide for form in (entry, *entry.split("/"))}
    kept: dict[str, tuple[str, ...]] = {}
    hidden: list[str] = []
    for name, forms in people.items():
        everything = (name, *forms)
        if asked.isdisjoint(map(_key, everything)):
            kept[name] = tuple(forms)
        else:
            hidden.append(" / ".join(everything))
    return kept, tuple(hidden)
