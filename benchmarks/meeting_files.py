"""Measure sites with one file per meeting against plain Sphinx with MyST on the same files.

Prints the table of ``run.py``, for which see README.md beside this file.

    .venv/bin/python benchmarks/meeting_files.py --files 250,500,1000
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import shutil
import sys
import tempfile
from pathlib import Path

import run

_WEEK = datetime.timedelta(days=7)
_LAST = datetime.date(2026, 1, 6)
# What the plain site has instead of the archive: all files in the navigation, or none of them.
_TOCTREE = "```{toctree}\n:glob:\n:reversed:\n:maxdepth: 1\n\n[0-9]*\n```\n"
ARCHIVES = {"toctree": f"# Notes archive\n\n{_TOCTREE}", "orphans": "# Notes archive\n"}


def texts(folder: Path) -> list[str]:
    """Return the texts of all meetings in the year files of a folder, without their headings."""
    found = []
    for file in run.read_notes(folder):
        lines = file.text.split("\n")
        starts = sorted(meeting.line - 1 for meeting in run.read_meetings(file))
        for start, end in itertools.pairwise([*starts, len(lines)]):
            found.append("\n".join(lines[start + 1 : end]))
    return found


def write_site(site: str, folder: Path, meetings: list[str], count: int, archive: str) -> None:
    """Write the sources of a site with some meeting files, one a week."""
    source = folder / "source"
    (source / "notes").mkdir(parents=True)
    conf = run.COMMON_CONF + run.CONF[site].replace("TODAY", "2026-12-31")
    conf = conf.replace("SEARCH", "sphinx")
    (source / "conf.py").write_text(conf, encoding="utf-8")
    home = f"# Café\n\n{run.HOME[site]}\n```{{toctree}}\n:hidden:\n\nnotes/index\n```\n"
    (source / "index.md").write_text(home, encoding="utf-8")
    page = "# Notes archive\n\n```{cafe:archive}\n```\n" if site == "cafe" else ARCHIVES[archive]
    (source / "notes/index.md").write_text(page, encoding="utf-8")
    orphan = "---\norphan: true\n---\n" if site == "plain" and archive == "orphans" else ""
    for number in range(count):
        day = _LAST - number * _WEEK
        text = f"{orphan}# Meeting {day}\n\n{meetings[number % len(meetings)]}"
        (source / f"notes/{day}.md").write_text(text, encoding="utf-8")


def edit(folder: Path, number: int) -> None:
    """Change the title of the newest meeting."""
    path = folder / f"source/notes/{_LAST}.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    index = next(i for i, line in enumerate(lines) if line.startswith("# "))
    lines[index] = f"# Meeting changed{number} {_LAST}"
    path.write_text("\n".join(lines), encoding="utf-8")


def measure(
    folder: Path, meetings: list[str], count: int, archive: str, runs: int
) -> list[run.Row]:
    """Measure all scenarios with some number of files."""
    for site in run.SITES:
        write_site(site, folder / site, meetings, count, archive)
    rows = []
    for scenario in ("cold", "no change", "edit"):
        found: dict[str, list[run.Run]] = {site: [] for site in run.SITES}
        for number in range(runs):
            print(f"{count} files, {scenario}: {number + 1} of {runs}", file=sys.stderr)
            for site in run.SITES:
                if scenario == "cold":
                    for name in ("doctrees", "html"):
                        shutil.rmtree(folder / site / name, ignore_errors=True)
                elif scenario == "edit":
                    edit(folder / site, number)
                found[site].append(run.build(folder / site, folder.parent / "bytecode"))
        rows.append(run.Row(f"{count} files", scenario, **found))
    shutil.rmtree(folder)
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", default="250,1000", help="numbers of files")
    parser.add_argument("--runs", type=int, default=2, help="pairs of runs for each row")
    parser.add_argument("--notes", type=Path, default=run.PROJECT / "notes")
    parser.add_argument(
        "--plain", choices=ARCHIVES, default="toctree", help="the archive of the plain site"
    )
    options = parser.parse_args()
    meetings = texts(options.notes)
    rows: list[run.Row] = []
    cold: dict[int, run.Row] = {}
    with tempfile.TemporaryDirectory(prefix="cafe-bench-") as name:
        for count in map(int, options.files.split(",")):
            found = measure(Path(name) / str(count), meetings, count, options.plain, options.runs)
            cold[count] = found[0]
            rows += found
    print(run.table(rows))
    smallest = min(cold)
    for site in run.SITES:
        for value in ("seconds", "mib"):
            first = getattr(cold[smallest], value)(site) / smallest
            grown = [
                f"{getattr(cold[n], value)(site) / n / first:.2f} at {n}" for n in sorted(cold)
            ]
            print(f"{site}, {value} per file relative to {smallest} files: {', '.join(grown)}")


if __name__ == "__main__":
    main()
