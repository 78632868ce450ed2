"""Find the files of a project from its ``conf.py``, which is parsed but never run."""

from __future__ import annotations

import ast
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.reading import read_file
from cafe_site.translation import ENGLISH, gettext

if TYPE_CHECKING:
    from pathlib import Path

COMMUNITY = "community.yaml"
"""The usual name of a community's file."""
NOTES = "notes"
"""The usual name of the notes folder."""
_PLACES = (".", "docs", "doc", "source", "docs/source", "doc/source")
"""The usual documentation folders, relative to the project's folder."""


class Unclear(Exception):
    """A setting that cannot be read without running ``conf.py``; the message names it."""


COMPUTED = object()
"""In place of a value that is not known without running ``conf.py``."""


@dataclass(frozen=True)
class Conf:
    """A ``conf.py`` that uses this extension."""

    path: Path
    settings: dict[str, object]
    """The values assigned to names; `COMPUTED` if an assignment is computed or conditional."""

    def text(self, name: str, default: str) -> str:
        """Return a setting that is a string.

        :raises Unclear: if it is computed
        """
        return str(self.value(name, default))

    def value(self, name: str, default: object) -> object:
        """Return a setting of the type of its default; any other sequence becomes a tuple.

        :raises Unclear: if it is computed, or of another type
        """
        found = self.settings.get(name, default)
        if isinstance(found, (list, set)):
            found = tuple(found)
        if not isinstance(found, type(default)):
            message = gettext("{file}: {name} is computed, so it is not known here")
            raise Unclear(message.format(file=self.path, name=name))
        return found


def find_community(here: Path) -> Path | None:
    """Return the community's file of the project that contains a folder, or None.

    It is in the nearest folder, going up, that has one itself or in its documentation folder.
    If there is a ``conf.py``, its ``cafe_community`` takes precedence over the usual name.

    :raises Unclear: if ``conf.py`` computes where it is
    """
    for folder in (here, *here.parents):
        for place in _PLACES:
            conf = read_conf(folder / place / "conf.py")
            name = conf.text("cafe_community", "") if conf else ""
            path = folder / place / (name or COMMUNITY)
            # A missing file that conf.py names is an error, not replaced by another one.
            if name or path.exists():
                return path
    return None


def find_notes(community: Path) -> Path:
    """Return the notes folder of the project that contains a community's file.

    :raises Unclear: if ``conf.py`` computes where it is
    """
    conf = _find_conf(community)
    return conf.path.parent / conf.text("cafe_notes", NOTES) if conf else community.parent / NOTES


def find_conf(here: Path) -> Conf | None:
    """Return the ``conf.py`` of the project that contains a folder, or None.

    It is in the nearest folder, going up, that has one itself or in its documentation folder.
    """
    for folder in (here, *here.parents):
        for place in _PLACES:
            if conf := read_conf(folder / place / "conf.py"):
                return conf
    return None


def find_language(community: Path) -> str:
    """Return the language of the site that a community's file belongs to.

    It is English if ``conf.py`` does not set it, or computes it.
    """
    conf = _find_conf(community)
    found = conf.settings.get("language") if conf else None
    return found if isinstance(found, str) and found else ENGLISH


def _find_conf(community: Path) -> Conf | None:
    """Return the ``conf.py`` of the project that contains a community's file, or None."""
    beside = [community.parent / place / "conf.py" for place in _PLACES]
    above = [folder / "conf.py" for folder in community.absolute().parent.parents]
    for path in (*beside, *above):
        conf = read_conf(path)
        if conf is None:
            continue
        found = conf.settings.get("cafe_community")
        named = found if isinstance(found, str) else ""
        if named and (path.parent / named).resolve() != community.resolve():
            continue
        if named or path in beside:
            return conf
    return None


def read_conf(path: Path) -> Conf | None:
    """Return the literal settings of a ``conf.py``; None if it is missing or not ours."""
    try:
        source = read_file(path)
        if b"cafe_site" not in source:
            return None
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        # Sphinx gives a better error message.
        return None
    plain = {id(statement) for statement in tree.body}
    settings: dict[str, object] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [one.id for target in targets for one in _names(target)]
                is_plain = all(isinstance(target, ast.Name) for target in targets)
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                names = [name]
                is_plain = isinstance(node, ast.AnnAssign)
            case _:
                continue
        found: object = COMPUTED
        if is_plain and id(node) in plain:
            with contextlib.suppress(ValueError, TypeError, SyntaxError, RecursionError):
                found = ast.literal_eval(value)
        settings.update(dict.fromkeys(names, found))
    return Conf(path, settings)


def _names(target: ast.expr) -> list[ast.Name]:
    return [node for node in ast.walk(target) if isinstance(node, ast.Name)]
