"""What is imported is declared, and what is declared is used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import cafe_site

from .oldest import PYPROJECT

PACKAGE = Path(cafe_site.__file__).parent
# Needed, and never imported.
NOT_IMPORTED = {
    "pagefind",  # runs as a program
    "tzdata",  # what `zoneinfo` reads where the system has no time zones
}


def normalized(name: str) -> str:
    """Return the name of a project in the form in which names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """Return the names of all projects that the package imports, wherever it does."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    projects = packages_distributions()
    others = found - sys.stdlib_module_names - {"cafe_site"}
    return {normalized(projects.get(name, [name])[0]) for name in others}


def test_what_is_imported_is_what_is_declared() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    names = (re.match(r"[\w.-]+", text)[0] for text in project["dependencies"])
    assert {normalized(name) for name in names} == imported() | NOT_IMPORTED
