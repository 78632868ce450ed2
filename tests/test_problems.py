"""Warnings: each is of a kind that is written down, and can be silenced."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import cafe_site
from cafe_site.notes.model import ProblemKind
from cafe_site.sphinxext.problems import SiteProblem

PACKAGE = Path(cafe_site.__file__).parent
DOCS = PACKAGE.parent / "docs"
KINDS = (ProblemKind, SiteProblem)


def calls() -> list[tuple[str, ast.Call]]:
    """Return all calls in the package, each with where it is."""
    return [
        (f"{path.relative_to(PACKAGE)}:{node.lineno}", node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def test_warnings_are_given_in_one_place() -> None:
    others = [
        place
        for place, call in calls()
        if (isinstance(call.func, ast.Attribute) and call.func.attr in ("warning", "error"))
        or any(keyword.arg == "subtype" for keyword in call.keywords)
    ]
    assert [place.partition(":")[0] for place in others] == ["sphinxext/problems.py"]


def test_every_kind_of_warning_is_given() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    for kinds in KINDS:
        used = set(re.findall(rf"\b{kinds.__name__}\.([A-Z_]+)", source))
        assert used == set(kinds.__members__)


def test_every_kind_of_warning_is_documented_once() -> None:
    tables = {
        ProblemKind: ("note-format.md", r"^\| `(\w+)` \|", "### All kinds of warning"),
        SiteProblem: ("using-cafe-site.md", r"^\| `cafe\.(\w+)` \|", "### Failing on warnings"),
    }
    for kinds, (page, row, heading) in tables.items():
        text = (DOCS / page).read_text(encoding="utf-8")
        section = re.split(r"^#+ ", text.partition(f"\n{heading}\n")[2], flags=re.M)[0]
        assert re.findall(row, section, re.M) == sorted(kind.value for kind in kinds)
    assert not {*ProblemKind} & {*SiteProblem}
    for kinds in KINDS:
        assert all(kind.name.lower() == kind.value for kind in kinds)
