"""Builds the wheel, installs it into an environment of its own, and builds a small site there.

What the package needs and does not declare, and what the wheel lacks, shows there alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = {
    "conf.py": """\
extensions = ["cafe_site"]
cafe_notes = "notes"
cafe_community = "community.yaml"
html_theme = "alabaster"
html_baseurl = "https://example.org/"
language = "de"
""",
    "community.yaml": """\
name: Our community
domain: example.org
schedule:
  - id: cafe
    title: Café
    notes: .
    rrule: FREQ=MONTHLY;BYDAY=3TU
    time: "15:00"
    timezone: Europe/Paris
    duration: 60
    first: 2025-01-21
""",
    "index.md": "# Home\n\n```{cafe:latest}\n```\n\n```{cafe:next}\n```\n\n"
    "```{toctree}\nnotes/index\n```\n",
    "notes/index.md": "# Archive\n\n```{cafe:archive}\n```\n",
    "notes/2025.md": "## 2025-12-16\n\n### Check-in\n\n- Ada / @ada\n",
}
OUTPUT = (
    "index.html",
    "meetings.json",
    "_static/cafe_site.css",
    "_static/cafe_search.js",
    "pagefind/pagefind.js",
)


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command without this checkout on Python's path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, cwd=cwd, env=environment, check=True)


def main() -> int:
    """Return 0 if the wheel holds all that it needs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        scripts = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        pip = (scripts / "python", "-m", "pip", "--disable-pip-version-check", "-q")
        run(*pip, "wheel", "--no-deps", "-w", folder / "dist", ROOT, cwd=folder)
        (wheel,) = (folder / "dist").glob("*.whl")
        run(*pip, "install", wheel, cwd=folder)
        for path, content in SITE.items():
            file = folder / "site" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        run(scripts / "cafe-site", "--version", cwd=folder)
        run(scripts / "cafe-site", "next", cwd=folder / "site")
        run(scripts / "sphinx-build", "-q", "-W", "-n", ".", "_build", cwd=folder / "site")
        missing = [path for path in OUTPUT if not (folder / "site/_build" / path).exists()]
        if "1 Treffen" not in (folder / "site/_build/notes/2025.html").read_text("utf-8"):
            missing.append("words in German")
        print(f"{wheel.name}: " + (f"not built: {missing}" if missing else "a site was built"))
        return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
