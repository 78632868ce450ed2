"""Imports run one way: from what shows meetings down to what reads them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import cafe_site

PACKAGE = Path(cafe_site.__file__).parent
# What each part may import besides itself, and modules that stand by themselves.
BELOW = {
    "notes": set(),
    "community": set(),
    "formats": {"notes", "community"},
    "cli": {"notes", "community", "formats"},
    "sphinxext": {"notes", "community", "formats"},
}


def imports(path: Path) -> set[str]:
    """Return the modules of the package that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                below = PACKAGE.parent.joinpath(*node.module.split("."), alias.name)
                is_module = below.is_dir() or below.with_suffix(".py").exists()
                found.add(f"{node.module}.{alias.name}" if is_module else node.module)
    return {name for name in found if name.partition(".")[0] == "cafe_site"}


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


GRAPH = {name_of(path): imports(path) for path in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("part", BELOW)
def test_a_part_imports_nothing_from_above(part: str) -> None:
    found = {
        imported.split(".")[1]
        for name, wanted in GRAPH.items()
        if name.split(".")[1:2] == [part]
        for imported in wanted
        if imported.count(".")
    }
    assert found & set(BELOW) <= BELOW[part] | {part}


def test_no_import_goes_round_in_a_circle() -> None:
    # `setup` imports its modules late, and some of them want the version.
    graph = {name: wanted - {name} for name, wanted in GRAPH.items() if name != "cafe_site"}
    list(TopologicalSorter(graph).static_order())


# Looks up all modules but those of the Sphinx side.
SCRIPT = f"""
import importlib
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("sphinx", "docutils", "myst_parser"):
            raise ImportError(f"{{name}} is not to be imported")

sys.meta_path.insert(0, Refuse())
for name in {[name for name in GRAPH if ".sphinxext" not in name and "__main__" not in name]!r}:
    importlib.import_module(name)
from cafe_site.notes import reader
print(reader.read("## 2025-12-16\\n", 2025).meetings[0].id)
"""


def test_the_pure_parts_run_without_sphinx_and_docutils() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("2025-12-16", "")


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.rglob("*.py")), ids=lambda p: p.stem)
def test_no_test_module_is_imported(path: Path) -> None:
    found = [
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (getattr(node, "module", ""), *(alias.name for alias in node.names))
        if name and re.search(r"(?:^|\.)test_", name)
    ]
    assert found == []
