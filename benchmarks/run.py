"""Measure cafe_site against plain Sphinx with MyST and the same theme, on the same notes.

Prints a table of times, peak memory and their ratios; see README.md beside this file.

    .venv/bin/python benchmarks/run.py --scale 1,10
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cafe_site.notes import reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PROJECT = Path(__file__).resolve().parent.parent
SITES = ("cafe", "plain")
LONG = 10

# What both sites have; the same as in the project's own conf.py.
COMMON_CONF = """\
project = html_title = "Collaboration Café"
html_theme = "pydata_sphinx_theme"
html_theme_options = {"show_toc_level": 1, "navigation_with_keys": False}
html_context = {
    "github_user": "jupyterhub",
    "github_repo": "team-compass",
    "github_version": "main",
    "doc_path": "",
}
"""
CONF = {
    "cafe": """\
extensions = ["cafe_site"]
cafe_series_title = "Collaboration Café"
cafe_today = "TODAY"
cafe_search = "SEARCH"
""",
    # The syntax that notes are written in, as far as MyST has it, and silence about
    # footnotes and link definitions that two meetings share.
    "plain": """\
extensions = ["myst_parser"]
myst_enable_extensions = ["alert", "gfm_autolink", "strikethrough", "tasklist"]
suppress_warnings = ["myst", "ref.footnote", "misc.highlighting_failure"]
""",
}
HOME = {
    "cafe": "```{cafe:latest}\n```\n",
    "plain": "The notes of all meetings.\n",
}


class BenchmarkError(Exception):
    """Something that makes it impossible to measure, in one line."""


# --- the notes ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class YearFile:
    """A year file; years and texts change, series do not."""

    series: str
    """The subfolder, `""` for the notes folder itself."""
    year: int
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        """The path of the file in the notes folder."""
        return f"{self.series}/{self.year:04}.md".removeprefix("/")


def read_notes(folder: Path) -> list[YearFile]:
    """Read the year files of a folder and of its subfolders."""
    if not folder.is_dir():
        raise BenchmarkError(f"there is no folder {folder}; name the one with the year files")
    files = [
        YearFile(
            path.parent.relative_to(folder).as_posix().removeprefix("."),
            int(path.stem),
            path.read_bytes().decode("utf-8-sig", errors="replace"),
        )
        for path in folder.rglob("*.md")
        if re.fullmatch(r"[0-9]{4}", path.stem)
    ]
    if not files:
        raise BenchmarkError(f"there is no year file such as 2025.md in {folder}")
    return sorted(files)


def move(file: YearFile, back: int) -> YearFile:
    """Return a year file as that of an earlier year, with its date headings and title renamed.

    Numbers of GitHub issues are moved too: copies would else all be about the same issues,
    and each of them would be named in as many meetings as there are copies.
    """
    if not back:
        return file
    old, new = f"{file.year:04}", f"{file.year - back:04}"
    # 29 February is not in every year.
    text = re.sub(rf"(?m)^(#+ .*\b{old}-02-)29\b", r"\g<1>28", file.text)
    text = re.sub(
        rf"(?m)^(?:#+ |title:).*\b{old}\b", lambda match: match[0].replace(old, new), text
    )
    text = re.sub(
        r"(?<=/)(issues|pull|discussions)/(\d+)",
        lambda match: f"{match[1]}/{int(match[2]) + 100_000 * back}",
        text,
    )
    return YearFile(file.series, file.year - back, text)


def multiply(files: Sequence[YearFile], scale: int) -> list[YearFile]:
    """Return the year files and copies of them as earlier years, scale times as many in all."""
    result: list[YearFile] = []
    for series in sorted({file.series for file in files}):
        years = [file for file in files if file.series == series]
        span = years[-1].year - years[0].year + 1
        if years[0].year - span * (scale - 1) < 1:
            most = 1 + (years[0].year - 1) // span
            raise BenchmarkError(
                f"--scale {scale}: going back, the calendar ends; {most} at most with these notes"
            )
        result.extend(move(file, span * copy) for copy in range(scale) for file in years)
    return result


def newest(files: Sequence[YearFile]) -> YearFile:
    """Return the newest year file, one that is in no subfolder if there are several."""
    return max(files, key=lambda file: (file.year, not file.series))


def lengthen(files: Sequence[YearFile]) -> list[YearFile]:
    """Return the year files with the newest one `LONG` times as long.

    Its meetings are repeated, with days that are spread over the year.
    """
    file = newest(files)
    lines = file.text.split("\n")
    starts = sorted(meeting.line - 1 for meeting in read_meetings(file))
    meetings = [
        lines[start + 1 : end]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    level = re.match("#*", lines[starts[0]])[0] or "##"
    count = len(meetings) * LONG
    last = datetime.date(file.year, 12, 31)
    long = lines[: starts[0]]
    for index in range(count):
        day = last - datetime.timedelta(days=index * 364 // count)
        long += [f"{level} {day} Meeting {count - index}", *meetings[index % len(meetings)], ""]
    return [f for f in files if f != file] + [YearFile(file.series, file.year, "\n".join(long))]


def read_meetings(file: YearFile) -> Sequence[reader.Meeting]:
    """Return the meetings of a year file, newest first."""
    meetings = reader.read(file.text, file.year, series=file.series).meetings
    if not meetings:
        raise BenchmarkError(f"there is no meeting in {file.name}")
    return meetings


class Edit:
    """Changes a word of the newest meeting in the newest year file.

    The word is one of the meeting's first topic if it has topics, since these stand
    in the lists on other pages too: those pages have to be written again as well.
    """

    def __init__(self, files: Sequence[YearFile]) -> None:
        self.file = newest(files)
        meetings = read_meetings(self.file)
        lines = self.file.text.split("\n")
        start = meetings[0].line
        end = min((m.line - 1 for m in meetings if m.line > start), default=len(lines))
        body = "\n".join(lines[start:end])
        for word in re.findall(
            r"[A-Za-z]{4,}", "\n".join([*(topic.title for topic in meetings[0].topics), body])
        ):
            match = re.search(rf"(?m)^[-*+ \t]*[*\w].*?(?<![\w/.@-]){word}(?![\w/.@-])", body)
            if match:
                position = match.end() - len(word)
                self._before = "\n".join([*lines[:start], body[:position]])
                self._after = "\n".join([body[match.end() :], *lines[end:]])
                return
        raise BenchmarkError(
            f"there is no word to change in the newest meeting of {self.file.name}"
        )

    def apply(self, source: Path, number: int) -> str:
        """Write the year file with the word changed; another number is another word."""
        word = f"changed{number}"
        path = source / "notes" / self.file.name
        path.write_text(f"{self._before}{word}{self._after}", encoding="utf-8")
        return word


# --- the sites ------------------------------------------------------------------------


def plain_archive(files: Iterable[YearFile]) -> str:
    """Return the archive page of the plain site: a list of the years and their meetings."""
    parts = ["# Notes archive\n"]
    parts.extend(
        f"```{{toctree}}\n:glob:\n:reversed:\n:maxdepth: 2\n:caption: {series or 'Café'}\n\n"
        f"{series}/*\n```\n".replace("\n/*", "\n[0-9]*")
        for series in sorted({file.series for file in files})
    )
    return "\n".join(parts)


def write_site(site: str, folder: Path, files: Sequence[YearFile]) -> None:
    """Write the sources of a site."""
    source = folder / "source"
    archive = "# Notes archive\n\n```{cafe:archive}\n```\n"
    pages = {
        "conf.py": COMMON_CONF + CONF[site].replace("TODAY", f"{newest(files).year:04}-12-31"),
        "index.md": f"# Café\n\n{HOME[site]}\n```{{toctree}}\n:hidden:\n\nnotes/index\n```\n",
        "notes/index.md": archive if site == "cafe" else plain_archive(files),
        **{f"notes/{file.name}": file.text for file in files},
    }
    for name, text in pages.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Run:
    """What one build took."""

    seconds: float
    cpu_seconds: float
    """The processor's time, which another load on the machine disturbs less."""
    mib: float
    """The peak memory."""


def build(folder: Path, bytecode: Path) -> Run:
    """Build a site in a process of its own.

    :param bytecode: where all of Python's bytecode is kept, so that no package is compiled
        in every run, whatever the environment says
    """
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(folder / "doctrees")),
        *(str(folder / "source"), str(folder / "html")),
    ]
    # Strings hash the same in every run, so that every run does the same work.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            last = output.read().decode(errors="replace").strip().splitlines()[-1:]
            raise BenchmarkError(f"the {folder.name} site does not build: {' '.join(last)}")
    # Linux counts in KiB, macOS in bytes.
    mib = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(seconds, usage.ru_utime + usage.ru_stime, mib)


# --- measuring ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """What one scenario took on both sites; runs of the same index are a pair."""

    notes: str
    scenario: str
    cafe: list[Run]
    plain: list[Run]

    def seconds(self, site: str) -> float:
        """Return the median time of a site."""
        return statistics.median(run.seconds for run in getattr(self, site))

    def mib(self, site: str) -> float:
        """Return the median of the peak memory of a site."""
        return statistics.median(run.mib for run in getattr(self, site))

    def ratio(self, value: str) -> float:
        """Return the median of the pairs' ratios, steadier than the ratio of the medians.

        :param value: what of a run, such as ``seconds``
        """
        pairs = zip(self.cafe, self.plain, strict=True)
        return statistics.median(getattr(c, value) / getattr(p, value) for c, p in pairs)


def measure(
    folder: Path, notes: str, files: Sequence[YearFile], runs: Mapping[str, int]
) -> list[Row]:
    """Measure all scenarios on some notes, each in some pairs of runs."""
    folders = {site: folder / site for site in SITES}
    for site in SITES:
        write_site(site, folders[site], files)
    edit = Edit(files)
    rows = []
    for scenario, count in runs.items():
        found: Mapping[str, list[Run]] = {site: [] for site in SITES}
        for number in range(count):
            print(f"{notes}, {scenario}: {number + 1} of {count}", file=sys.stderr)
            for site in SITES:
                word = ""
                if scenario == "cold":
                    for name in ("doctrees", "html"):
                        shutil.rmtree(folders[site] / name, ignore_errors=True)
                elif scenario == "edit":
                    word = edit.apply(folders[site] / "source", number)
                found[site].append(build(folders[site], folder.parent / "bytecode"))
                page = folders[site] / "html/notes" / Path(edit.file.name).with_suffix(".html")
                if word not in page.read_text(encoding="utf-8"):
                    raise BenchmarkError(f"the {site} site does not show what was changed")
        rows.append(Row(notes, scenario, **found))
    shutil.rmtree(folder)
    return rows


def pairs(scale: int, wanted: int | None) -> dict[str, int]:
    """Return how many pairs of runs each scenario gets; a cold build of many notes takes long."""
    cold = 5 if scale < 10 else 3 if scale < 50 else 2
    return {"cold": wanted or cold, "no change": wanted or 5, "edit": wanted or 5}


def warm_up(folder: Path, files: Sequence[YearFile]) -> None:
    """Build both sites, so that Python's bytecode and the files are in their caches."""
    edit = Edit(files)
    for site in SITES:
        write_site(site, folder / site, files)
        build(folder / site, folder.parent / "bytecode")
        edit.apply(folder / site / "source", 0)
        build(folder / site, folder.parent / "bytecode")
    shutil.rmtree(folder)


# --- what is printed ------------------------------------------------------------------


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = (
        *("notes", "scenario", "cafe s", "plain s", "time ratio", "CPU ratio"),
        *("cafe MiB", "plain MiB", "memory ratio"),
    )
    lines = [
        (
            *(row.notes, row.scenario),
            *(f"{row.seconds('cafe'):.2f}", f"{row.seconds('plain'):.2f}"),
            *(f"{row.ratio('seconds'):.2f}", f"{row.ratio('cpu_seconds'):.2f}"),
            *(f"{row.mib('cafe'):.0f}", f"{row.mib('plain'):.0f}"),
            f"{row.ratio('mib'):.2f}",
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]

    def line(cells: Iterable[str]) -> str:
        # Words stand on the left, numbers on the right.
        padded = [
            cell.ljust(width) if index < 2 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * width if index < 2 else "-" * (width - 1) + ":" for index, width in enumerate(widths)
    ]
    return "\n".join([line(head), line(rule), *map(line, lines)])


def growth(cold: Mapping[int, Row]) -> str:
    """Return how the time of a cold build grows from the smallest scale on."""
    base, *others = sorted(cold)
    parts = []
    for site in SITES:
        first = cold[base].seconds(site) / base
        found = [f"{cold[n].seconds(site) / n / first:.2f} at {n}×" for n in others]
        parts.append(f"{site} {', '.join(found)}")
    return (
        f"Cold build, time per unit of notes relative to {base}× (linear growth: 1 or, "
        f"as starting takes a fixed time, below): {'; '.join(parts)}"
    )


def marginal_growth(cold: Mapping[int, Row]) -> str:
    """Return how the time that further notes add to a cold build grows."""
    scales = sorted(cold)
    parts = []
    for site in SITES:
        added = [
            (cold[b].seconds(site) - cold[a].seconds(site)) / (b - a)
            for a, b in itertools.pairwise(scales)
        ]
        found = [
            f"{cost / added[0]:.2f} from {a}× to {b}×"
            for cost, a, b in zip(added[1:], scales[1:], scales[2:], strict=False)
        ]
        parts.append(f"{site} {', '.join(found)}")
    return (
        f"Cold build, time that each further unit adds, relative to from {scales[0]}× to "
        f"{scales[1]}× (linear growth: about 1): {'; '.join(parts)}"
    )


def setting(files: Sequence[YearFile]) -> dict[str, object]:
    """Return what was measured and on what."""
    packages = ("sphinx", "myst-parser", "pydata-sphinx-theme", "markdown-it-py")
    return {
        "notes": {
            "files": len(files),
            "bytes": sum(len(file.text.encode()) for file in files),
            "meetings": sum(len(read_meetings(file)) for file in files),
        },
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "versions": {package: version(package) for package in packages},
    }


# --- the command line -----------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and stop."""
        self.exit(2, f"{self.prog}: {message}\n")


def scales(text: str) -> list[int]:
    """Read a list of scales such as ``1,10``."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}(,[1-9][0-9]{0,3})*", text):
        raise argparse.ArgumentTypeError(f"{text!r} should be numbers such as 1,10,50")
    return sorted({int(scale) for scale in text.split(",")})


def positive(text: str) -> int:
    """Read a number of runs."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(f"{text!r} should be a number from 1 on")
    return int(text)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = Parser(
        description="Measure cafe_site against plain Sphinx with MyST and the same theme."
    )
    parser.add_argument(
        "--scale", type=scales, default=[1, 10], help="how many times the notes (default: 1,10)"
    )
    parser.add_argument(
        "--runs",
        type=positive,
        help="pairs of runs per scenario (default: 5; cold builds: 3 from 10× on, 2 from 50× on)",
    )
    parser.add_argument(
        "--notes", type=Path, default=PROJECT / "notes", help="the folder with the year files"
    )
    parser.add_argument(
        "--long", action="store_true", help=f"also measure one year file {LONG} times as long"
    )
    parser.add_argument(
        "--search",
        choices=("pagefind", "sphinx"),
        default="pagefind",
        help="the search of cafe_site's site; the plain one has Sphinx's (default: pagefind)",
    )
    parser.add_argument("--json", type=Path, help="also write every single run to this file")
    options = parser.parse_args(argv)
    if options.json and not options.json.absolute().parent.is_dir():
        parser.error(f"argument --json: there is no folder {options.json.absolute().parent}")
    return options


def run(options: argparse.Namespace) -> None:
    """Measure what the options say and print it."""
    CONF["cafe"] = CONF["cafe"].replace("SEARCH", options.search)
    files = read_notes(options.notes)
    jobs = [(f"{n}×", n, multiply(files, n)) for n in options.scale]
    if options.long:
        jobs.append((f"one year {LONG}× as long", LONG, lengthen(files)))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="cafe-site-bench-") as temporary:
        warm_up(Path(temporary) / "warm-up", files)
        for index, (name, scale, notes) in enumerate(jobs):
            rows += measure(Path(temporary) / str(index), name, notes, pairs(scale, options.runs))

    about = setting(files)
    print(
        "1× is {meetings} meetings in {files} year files, {bytes} bytes.".format(**about["notes"])
    )
    print(
        f"Python {about['python']} on {about['system']};",
        ", ".join(f"{name} {number}" for name, number in about["versions"].items()),
    )
    print(f"\n{table(rows)}\n")
    cold = {
        n: row
        for n in options.scale
        for row in rows
        if (row.notes, row.scenario) == (f"{n}×", "cold")
    }
    if len(cold) > 1:
        print(growth(cold))
    if len(cold) > 2:
        print(marginal_growth(cold))
    if options.json:
        result = {**about, "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code."""
    options = arguments(argv)
    try:
        run(options)
    except (BenchmarkError, OSError) as error:
        print(f"{Path(__file__).name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
