"""Find the files of a project from its ``conf.py``, which is parsed but never run."""

from __future__ import annotations

import ast
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


@dataclass(frozen=True)
class Conf:
    """A ``conf.py`` that uses this extension."""

    path: Path
    settings: dict[str, str | None]
    """The strings assigned to names; None if an assignment is computed or conditional."""

    def text(self, name: str, default: str) -> str:
        """Return a setting.

        :raises Unclear: if it is computed
        """
        found = self.settings.get(name, default)
        if found is None:
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


def find_language(community: Path) -> str:
    """Return the language of the site that a community's file belongs to.

    It is English if ``conf.py`` does not set it, or computes it.
    """
    conf = _find_conf(community)
    return (conf and conf.settings.get("language")) or ENGLISH


def _find_conf(community: Path) -> Conf | None:
    """Return the ``conf.py`` of the project that contains a community's file, or None."""
    beside = [community.parent / place / "conf.py" for place in _PLACES]
    above = [folder / "conf.py" for folder in community.absolute().parent.parents]
    for path in (*beside, *above):
        conf = read_conf(path)
        if conf is None:
            continue
        named = conf.settings.get("cafe_community")
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
    settings: dict[str, str | None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [one.id for target in targets for one in _names(target)]
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=value)
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                names = [name]
            case _:
                continue
        for name in names:
            match value:
                case ast.Constant(value=str(text)) if id(node) in plain and not isinstance(
                    node, ast.AugAssign
                ):
                    settings[name] = text
                case _:
                    settings[name] = None
    return Conf(path, settings)


def _names(target: ast.expr) -> list[ast.Name]:
    return [node for node in ast.walk(target) if isinstance(node, ast.Name)]
