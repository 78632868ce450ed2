"""Small projects that change at random, and builds of them in processes that can be killed."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.cmd.build import build_main

from cafe_site.sphinxext.search.index import is_current

if TYPE_CHECKING:
    import random
    from multiprocessing.process import BaseProcess

ROUNDS = int(os.environ.get("CAFE_STRESS_ROUNDS", "0"))
"""How many rounds each test makes; 0 for the few of a normal run."""
SEED = int(os.environ.get("CAFE_STRESS_SEED", "1"))
"""What each test's changes follow from: round n of seed s is round 0 of seed s + n."""

# Forks from a process without threads, which has everything imported.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def seeds(rounds: int) -> range:
    """Return a seed for each round of a test."""
    return range(SEED, SEED + (ROUNDS or rounds))


def _run(log: str, arguments: list[str]) -> None:
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(handle, stream)
    sys.exit(build_main(arguments))


class Running:
    """A build in a process of its own."""

    def __init__(self, project: Project, number: int, arguments: list[str]) -> None:
        self._log = project.root.parent / f"log-{number}.txt"
        self.process: BaseProcess = _context.Process(target=_run, args=(str(self._log), arguments))
        self.process.start()

    def signal(self, number: int) -> None:
        """Send a signal, if the process has not ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def end(self) -> str:
        """Wait for the end, and return what went wrong: an exit code and what was written."""
        self.process.join(120)
        if self.process.exitcode is None:
            self.process.kill()
            return "it hangs"
        code = self.process.exitcode
        self.process.close()
        text = self._log.read_text(encoding="utf-8", errors="replace")
        return "" if code == 0 and not text else f"exit code {code}: {text}"


class Project:
    """A project that changes at random."""

    def __init__(self, root: Path, random: random.Random, search: str = "sphinx") -> None:
        self.root = root
        self.random = random
        self.search = search
        self.options: dict[str, object] = {}
        self.today = "2026-06-01"
        self.gone: set[str] = set()
        """The pages written by hand that were removed: Sphinx leaves them in the output."""
        self._words = 0
        self._builds = 0
        self._write("index.md", _INDEX)
        self._write("notes/index.md", _ARCHIVE)
        self._write("pages/lists.md", _LISTS)
        for year in ("2024", "2025", "team/2024"):
            self._write(f"notes/{year}.md", self._year(year[-4:]))
        self._configure()

    # --- its files ---

    def _write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def _configure(self) -> None:
        lines = [f"{name} = {value!r}" for name, value in sorted(self.options.items())]
        self._write("conf.py", _CONF.format(search=self.search, today=self.today, root=self.root))
        with (self.root / "conf.py").open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def _word(self) -> str:
        self._words += 1
        return f"{self.random.choice(_WORDS)}{self._words}"

    def _year(self, year: str) -> str:
        lines = [f"# {self._word()}\n"] if self.random.random() < 0.3 else []
        for month in self.random.sample(range(1, 6), self.random.randint(1, 3)):
            lines.append(f"## {year}-{month:02}-0{self.random.randint(1, 9)} {self._word()}\n")
            if self.random.random() < 0.5:
                lines.append(f"Tags: {self.random.choice(_WORDS)}\n")
            people = self.random.sample(_PEOPLE, 2)
            lines.append("### Check-in\n\n" + "".join(f"- {name}\n" for name in people))
            lines.append(f"### {self._word()}\n\n- **Ada:** {self._word()}\n- o/r#1\n")
            lines.append(f"- [x] @bob: {self._word()}\n")
        return "\n".join(lines)

    def _years(self) -> list[Path]:
        found = (self.root / "notes").rglob("*.md")
        return sorted(path for path in found if path.stem != "index")

    def _pages(self) -> list[Path]:
        return sorted((self.root / "pages").glob("?.md"))

    # --- its changes ---

    def change(self) -> str:
        """Change something, and return what."""
        changes = [
            *[self.add_year, self.edit_year, self.edit_year, self.rename_year, self.remove_year],
            *[self.rename_series, self.remove_series],
            *[self.add_page, self.edit_page, self.remove_page],
            *[self.set_option, self.set_option, self.set_community, self.pass_time],
        ]
        change = self.random.choice(changes)
        change()
        return change.__name__

    def add_year(self) -> None:
        series = self.random.choice(["", "", "team/", "events/"])
        year = str(self.random.randint(2020, 2026))
        self._write(f"notes/{series}{year}.md", self._year(year))

    def edit_year(self) -> None:
        if years := self._years():
            path = self.random.choice(years)
            text = path.read_text(encoding="utf-8")
            if self.random.random() < 0.5:
                text = self._year(path.stem)
            else:
                text += f"\n{self._word()} o/r#{self.random.randint(1, 3)}\n"
            path.write_text(text, encoding="utf-8")

    def rename_year(self) -> None:
        if years := self._years():
            path = self.random.choice(years)
            target = path.with_stem(str(self.random.randint(2010, 2019)))
            if not target.exists():
                text = path.read_text(encoding="utf-8").replace(path.stem, target.stem)
                path.unlink()
                target.write_text(text, encoding="utf-8")

    def remove_year(self) -> None:
        if len(years := self._years()) > 1:
            self.random.choice(years).unlink()

    def rename_series(self) -> None:
        team, other = self.root / "notes/team", self.root / "notes/board"
        if team.exists() and not other.exists():
            team.rename(other)
        elif other.exists() and not team.exists():
            other.rename(team)

    def remove_series(self) -> None:
        if len({path.parent for path in self._years()}) > 1:
            shutil.rmtree(self.root / "notes/events", ignore_errors=True)

    def add_page(self) -> None:
        name = self.random.choice("abc")
        kind = self.random.choice(["latest", "people", "tags", "discussed", "outcomes", "next"])
        self._write(f"pages/{name}.md", f"# {self._word()}\n\n```{{cafe:{kind}}}\n```\n")
        self.gone.discard(f"pages/{name}")

    def edit_page(self) -> None:
        if pages := self._pages():
            path = self.random.choice(pages)
            path.write_text(path.read_text("utf-8") + f"\n{self._word()}\n", encoding="utf-8")

    def remove_page(self) -> None:
        if pages := self._pages():
            path = self.random.choice(pages)
            path.unlink()
            self.gone.add(f"pages/{path.stem}")

    def set_option(self) -> None:
        name = self.random.choice([*_OPTIONS])
        self.options[name] = self.random.choice(_OPTIONS[name])
        self._configure()

    def set_community(self) -> None:
        lines = [f"name: {self._word()}", "domain: cafe.example", "schedule:"]
        for name, notes in self.random.sample([("tea", "."), ("ink", "team")], 2):
            lines.append(
                f"  - {{id: {name}, notes: {notes}, title: T{self._word()}, "
                "rrule: FREQ=MONTHLY;BYDAY=1TU, time: 18:00, timezone: UTC, first: 2026-01-06}"
            )
        if self.random.random() < 0.3:
            lines.append("privacy: {hide_people: [bob]}")
        self._write("community.yaml", "\n".join(lines) + "\n")
        self.options["cafe_community"] = self.random.choice(["community.yaml"] * 3 + [""])
        self._configure()

    def pass_time(self) -> None:
        self.today = f"2026-{self.random.randint(6, 12):02}-{self.random.randint(1, 28):02}"
        self._configure()

    # --- its builds ---

    def start(self, outdir: str, doctreedir: str, builder: str = "html", jobs: int = 1) -> Running:
        """Start a build."""
        self._builds += 1
        out, doctrees = (self.root.parent / name for name in (outdir, doctreedir))
        options = ["-q", "-b", builder, "-d", str(doctrees)]
        return Running(self, self._builds, [*options, f"-j{jobs}", str(self.root), str(out)])

    def cold(self, builder: str = "html") -> Path:
        """Build from nothing, and return the output folder."""
        for name in ("cold", "cold-doctrees"):
            shutil.rmtree(self.root.parent / name, ignore_errors=True)
        assert self.start("cold", "cold-doctrees", builder).end() == ""
        return self.root.parent / "cold"

    def processes(self) -> list[str]:
        """Return the command lines of all processes that work for this project, but builds."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                command = path.read_bytes().decode("utf-8", "replace")
                if str(self.root.parent) in command:
                    found.append(command.replace("\0", " "))
        return found

    def wait_for_processes(self) -> list[str]:
        """Wait until no process works for this project, and return those that do not end."""
        until = time.monotonic() + 10
        while (found := self.processes()) and time.monotonic() < until:
            time.sleep(0.02)
        return found


def searched(outdir: Path) -> str:
    """Return a digest of the records that a site's index was made from; empty without one."""
    folder = outdir / "pagefind"
    if not folder.exists():
        return ""
    key: str = json.loads((folder / "cafe-site.json").read_text(encoding="utf-8"))["records"]
    assert is_current(folder, key)  # all of its files are there, and no others
    return key


def differences(one: Path, other: Path, ignored: set[str] = frozenset()) -> list[str]:
    """Return the paths of all files that differ between two output folders.

    Of the index, what it was made from is compared, since Pagefind writes it in any order.

    :param ignored: docnames of which the files do not count
    """
    found = [] if searched(one) == searched(other) else ["pagefind"]
    files = [
        {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if not path.is_dir() and path.suffix != ".bak" and "pagefind" not in path.parts
        }
        for folder in (one, other)
    ]
    for name in sorted(files[0].keys() | files[1].keys()):
        source = name.startswith("_sources/")
        docname = name.removeprefix("_sources/").partition(".")[0]
        # Sphinx keeps copies of sources when these are no longer wanted.
        if source and (docname.endswith("index") or docname.startswith("pages/")):
            continue
        if docname.removesuffix("/index") in ignored:
            continue
        contents = [paths[name].read_bytes() if name in paths else None for paths in files]
        if contents[0] != contents[1]:
            found.append(name)
    return found


_CONF = """\
extensions = ["cafe_site"]
cafe_notes = "notes"
cafe_search = "{search}"
cafe_today = "{today}"
html_theme = "basic"
suppress_warnings = ["cafe.schedule", "cafe.future_date", "toc.not_included"]
"""
_INDEX = "# Home\n\n```{cafe:latest}\n```\n\n```{toctree}\n:glob:\npages/*\nnotes/index\n```\n"
_ARCHIVE = "# Archive\n\n```{cafe:archive}\n```\n"
_LISTS = "# Lists\n\n" + "".join(
    f"```{{cafe:{kind}}}\n```\n\n"
    for kind in ("people", "discussed", "outcomes", "tags", "next", "missing", "checklist")
)
_WORDS = ["apple", "birch", "cedar", "daisy", "elder", "fern"]
_PEOPLE = ["Ada / @ada", "Bob / @bob", "Cid", "Dee / @dee"]
_OPTIONS: dict[str, list[object]] = {
    "cafe_series_title": ["Notes", "Minutes"],
    "cafe_hide_people": [[], ["ada"], ["bob", "Cid"]],
    "cafe_drop_sections": [[], ["Check-in"]],
    "cafe_person_url": ["https://github.com/{handle}", "https://people.example/{handle}", ""],
    "html_baseurl": ["", "https://a.example/", "https://b.example/site/"],
    "html_copy_source": [True, False],
    "html_show_sourcelink": [True, False],
    "project": ["One", "Two"],
    "language": ["en", "de"],
}
