"""The oldest releases that pyproject.toml allows, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def constraints(pyproject: str) -> list[str]:
    """Return a constraint for each requirement with a lower bound, of the package and the site.

    >>> constraints('project.dependencies = ["pagefind[bin]>=1.5,<2", "tzdata"]\\n'
    ...     'project.optional-dependencies.site = ["sphinx-design>=0.6"]')
    ['pagefind==1.5', 'sphinx-design==0.6']
    """
    project = tomllib.loads(pyproject)["project"]
    requirements = project["dependencies"] + project["optional-dependencies"]["site"]
    bounds = (re.match(r"([\w-]+)(?:\[\w+\])?>=([\w.]+)", text) for text in requirements)
    return [f"{bound[1]}=={bound[2]}" for bound in bounds if bound]


if __name__ == "__main__":
    print("\n".join(constraints(PYPROJECT.read_text(encoding="utf-8"))))
