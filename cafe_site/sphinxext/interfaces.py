"""The undocumented parts of Sphinx and MyST-Parser that this package uses.

None of them has a public alternative. pyproject.toml has upper bounds for these projects,
and tests/test_interfaces.py fails, and says where, when a release changes one of them.
For markdown-it-py, see ``cafe_site.notes.dialect``.
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

# MystParser: MyST-Parser documents its Sphinx extension but not its classes. A subclass overrides
# `parse` and `get_transforms`, and calls them for pages that are not notes.

# TocTree: the class of the `toctree` directive, whose options are documented.

# ENV_PICKLE_FILENAME: the pickled environment in the doctree directory.

TASK_BOX = '<input class="task-list-item-checkbox"'
"""The start of the raw HTML that MyST-Parser generates for the checkbox of a task."""


def environment(parser: Parser) -> BuildEnvironment:
    """Return the environment of a parser; Sphinx 9 deprecates ``Parser.env``."""
    return parser._env


def application(env: BuildEnvironment) -> Sphinx:
    """Return the application of an environment; Sphinx 9 deprecates ``env.app``.

    Directives and parsers have no other access to the directory of ``conf.py``.
    """
    return env._app


def set_input_encoding(env: BuildEnvironment, encoding: str) -> None:
    """Set the encoding with which Sphinx reads documents from now on (``Builder.read_doc``)."""
    env.settings["input_encoding"] = encoding


def children(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the documents in the toctrees of each document, in order."""
    return env.toctree_includes


def parser_of(app: Sphinx, filetype: str) -> type | None:
    """Return the parser class for a file type."""
    return app.registry.source_parsers.get(filetype)
