"""YAML files that people write, read so that every problem is reported with its place."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from cafe_site.plain_yaml import TextLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAX_LENGTH = 200_000
"""How many characters a file may have; a century of meetings fits."""


class Refused(Exception):
    """An invalid value; says what is wrong and what would be right."""


class Document:
    """A file that is being read, and the problems found in it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[tuple[int, str]] = []

    def report(self, line: int, path: str, message: str) -> None:
        where = f"{path}: " if path else ""
        self.problems.append((line, f"{self.name}:{line}: {where}{message}"))

    def compose(self, text: str) -> yaml.Node | None:
        """Return the file's nodes, or None and a problem if it is not YAML."""
        if len(text) > MAX_LENGTH:
            self.report(1, "", f"is longer than {MAX_LENGTH:,} characters")
            return None
        try:
            root: yaml.Node | None = TextLoader(text).get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = error.problem or error.context or "it cannot be read"
            self.report(mark.line + 1 if mark else 1, "", f"is not YAML: {problem}")
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.report(line, "", f"U+{error.character:04X} is not allowed in YAML")
        except RecursionError:
            self.report(1, "", "is nested too deeply")
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self.report(1, "", f"is not YAML: {' '.join(str(error).split())}")
        else:
            if root is None:
                self.report(1, "name", "is required")
            return root
        return None


@dataclass(frozen=True)
class Place:
    """A node of the file, and the keys that lead to it."""

    document: Document
    node: yaml.Node
    path: str

    def report(self, message: str) -> None:
        # PyYAML counts lines from 0.
        self.document.report(self.node.start_mark.line + 1, self.path, message)

    def at(self, key: str | int, node: yaml.Node) -> Place:
        """Return a place below this one."""
        if isinstance(key, int):
            return Place(self.document, node, f"{self.path}[{key}]")
        key = key if re.fullmatch(r"[\w-]{1,40}", key) else quoted(key)
        return Place(self.document, node, f"{self.path}.{key}" if self.path else key)

    def inside(self, key: str) -> Place:
        """Return the place of a key that is not there."""
        return self.at(key, self.node)

    @property
    def is_left_out(self) -> bool:
        """Whether there is no value: ``key:``, ``key: ~`` or ``key: null``."""
        node = self.node
        return (
            isinstance(node, yaml.ScalarNode)
            and node.style is None
            and node.value in ("", "~", "null")
        )


@dataclass(frozen=True)
class Found:
    """A value and its place."""

    place: Place
    value: Any


class Fields(dict[str, Found]):
    """The values of a mapping that could be read, by key."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.refused: set[str] = set()
        """The keys whose values could not be read, which has been reported."""

    def value(self, key: str, default: Any = None) -> Any:
        found = self.get(key)
        return default if found is None else found.value


if TYPE_CHECKING:
    # Reports what is wrong and then returns None.
    Reader = Callable[[Place], Any]


def quoted(text: str) -> str:
    """Return a string in quotes, on one line and not too long."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def guess_from(word: str, known: Sequence[str]) -> str:
    """Return a suggestion of the known word that is most like a word, or an empty string."""
    close = difflib.get_close_matches(word[:60], known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


# --- readers of nodes -----------------------------------------------------------------------


def scalar(parse: Callable[[str], Any]) -> Reader:
    """Return a reader of a single value."""

    def read(place: Place) -> Any:
        if not isinstance(place.node, yaml.ScalarNode):
            place.report(f"must be a single value, not {_kind(place.node)}")
            return None
        try:
            return parse(place.node.value.strip())
        except Refused as error:
            place.report(str(error))
            return None

    return read


def list_of(item: Reader) -> Reader:
    """Return a reader of a list, as a tuple of what could be read with its places."""

    def read(place: Place) -> tuple[Found, ...] | None:
        if not isinstance(place.node, yaml.SequenceNode):
            place.report(f"must be a list, not {_kind(place.node)}")
            return None
        places = [place.at(i, node) for i, node in enumerate(place.node.value)]
        found = [Found(below, item(below)) for below in places]
        return tuple(one for one in found if one.value is not None)

    return read


def pairs_of(place: Place) -> list[tuple[str, Place, Place]]:
    """Return the keys of a mapping with the places of their keys and values, each key once."""
    if not isinstance(place.node, yaml.MappingNode):
        place.report(f"must be a mapping, not {_kind(place.node)}")
        return []
    pairs: dict[str, tuple[str, Place, Place]] = {}
    for key, node in place.node.value:
        if not isinstance(key, yaml.ScalarNode):
            place.at("", key).report(f"a key must be a single word, not {_kind(key)}")
            continue
        at_key = place.at(key.value, key)
        if key.value in pairs:
            at_key.report("duplicate key; keep one of them")
        else:
            pairs[key.value] = (key.value, at_key, place.at(key.value, node))
    return list(pairs.values())


def mapping_of(readers: Mapping[str, Reader], *required: str) -> Reader:
    """Return a reader of a mapping with known keys."""

    def read(place: Place) -> Fields | None:
        fields = Fields(place)
        for key, at_key, below in pairs_of(place):
            reader = readers.get(key)
            if reader is None:
                known = guess_from(key, list(readers)) or f"; the keys are {', '.join(readers)}"
                at_key.report(f"unknown key{known}")
            elif not below.is_left_out:
                value = reader(below)
                if value is None:
                    fields.refused.add(key)
                else:
                    fields[key] = Found(below, value)
        if not isinstance(place.node, yaml.MappingNode):
            return None
        for key in required:
            if key not in fields and key not in fields.refused:
                place.inside(key).report("is required")
        return fields

    return read


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    return quoted(node.value) if node.value else "nothing"
