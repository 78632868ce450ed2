"""What this package uses of Sphinx and MyST-Parser without their documentation promising it.

There is no public way to any of it. pyproject.toml has upper bounds for these projects,
and tests/test_interfaces.py fails, and says where, when a release changes something here.
What it uses of markdown-it-py is in ``cafe_site.notes.dialect``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.directives.other import TocTree

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.parsers import Parser

__all__ = [
    "ENV_PICKLE_FILENAME",
    "TASK_BOX",
    "MystParser",
    "TocTree",
    "application",
    "children",
    "environment",
    "parser_of",
    "set_input_encoding",
]

# MystParser: MyST-Parser documents its Sphinx extension and not its classes. A subclass overrides
# `parse` and `get_transforms`, and leaves pages that are no notes to it.

# TocTree: the class of the directive `toctree`, whose options are documented.

# ENV_PICKLE_FILENAME: the file of the environment in the folder of doctrees.

TASK_BOX = '<input class="task-list-item-checkbox"'
"""What the raw HTML begins with that MyST-Parser makes of the box of a task."""


def environment(parser: Parser) -> BuildEnvironment:
    """Return the environment that a parser reads for; Sphinx 9 deprecates ``Parser.env``."""
    return parser._env


def application(env: BuildEnvironment) -> Sphinx:
    """Return the application of an environment; Sphinx 9 deprecates ``env.app``.

    Directives and parsers know no other way to the folder of ``conf.py``.
    """
    return env._app


def set_input_encoding(env: BuildEnvironment, encoding: str) -> None:
    """Set how Sphinx decodes the documents that it reads from now on (``Builder.read_doc``)."""
    env.settings["input_encoding"] = encoding


def children(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the documents in the toctrees of each document, in their order."""
    return env.toctree_includes


def parser_of(app: Sphinx, filetype: str) -> type | None:
    """Return the class that reads files of a type."""
    return app.registry.source_parsers.get(filetype)
