"""``cafe-site check``: what it shows of notes, its problems, and that a build has the same."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from cafe_site import cli
from cafe_site.checking import Finding
from cafe_site.formats import check_report

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Site

CONF = """\
extensions = ["cafe_site"]
cafe_notes = "minutes"
cafe_community = "community.yaml"
cafe_today = "2026-01-31"
cafe_pages = ["people.md", "guides/**"]
cafe_series = {"*-sync": "sync"}
cafe_hide_people = ["hidden-h"]
cafe_vocabulary = {"attendees": ["the usual suspects"]}
language = "de"
exclude_patterns = ["_build", "minutes/drafts/**"]
suppress_warnings = ["cafe.email_address"]
cafe_search = "sphinx"
"""
COMMUNITY = "name: Looms\nvocabulary:\n  decisions: [beschlossene sache]\n"
YEAR = """\
# Looms

ada@jacquard-looms.net

## 2025-12-16 Planning

### The usual suspects

- Ada Lovelace / @ada
- Hidden Person / @hidden-h

### Beschlossene Sache

- Use cards

### Tagesordnung

- Join https://video.example.org/room?pwd=tulip
- Dein Name

## 2025-02-30

+49 30 12345678

## Tuesday, 2025-12-03

```
open
"""
FILES = {
    "community.yaml": COMMUNITY,
    "index.md": "# L\n\n```{toctree}\nminutes/index\nminutes/people\nminutes/guides/host\n```\n",
    "minutes/index.md": "# Minutes\n\n```{cafe:archive}\n```\n",
    "minutes/people.md": "# People\n",
    "minutes/guides/host.md": "# Host 2025-12-16\n",
    "minutes/2025.md": YEAR,
    "minutes/2025-11-04-sync.md": "# Sync 2025-11-05\n\nhttps://hackmd.io/0123456789?both\n",
    "minutes/2027-01-01.md": "# Later\n\ntext\n",
    "minutes/2025-12-16-again.md": "# Again\n\ntext\n",
    "minutes/2025-09-02.md": "# Looms\n\ntext\n",
    "minutes/2025-09-02-notes.md": "text\n",
    "minutes/undated.md": "# Undated\n\ntext\n",
    "minutes/drafts/2025-01-01.md": "# Draft\n\nPasscode: 123456\n",
    "minutes/attachment.txt": "Passcode: 123456\n",
    "minutes/2025-10-07.rst": "Title\n=====\n",
}


class Run:
    """Runs the command and keeps what it prints."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capture = capfd

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Return the exit code, standard output and standard error."""
        self._capture.readouterr()
        code = cli.main(("check", *arguments))
        return (code, *self._capture.readouterr())


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    return Run(capfd)


@pytest.fixture
def messy(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project with problems of many kinds, in its folder."""
    site.write("conf.py", CONF)
    (site.root / "notes" / "index.md").unlink()
    for name, text in FILES.items():
        site.write(name, text)
    site.write("minutes/2024.md", b"## 2024-12-17\n\ncaf\xe9\n")
    (site.root / "minutes" / "2023.md").symlink_to("/etc/passwd")
    monkeypatch.chdir(site.root)
    return site


def problems(output: str) -> list[str]:
    """Return the lines of problems in an output."""
    return [line for line in output.splitlines() if re.search(r":\d+: .* \[\w+\]$", line)]


def test_the_problems_are_the_warnings_of_a_build(messy: Site, run: Run) -> None:
    code, out, err = run()
    build = messy.build(warnings=True)
    warned = []
    for line in build.warnings:
        text = line.replace(f"{messy.root}/", "").replace("WARNING: ", "").replace("[cafe.", "[")
        # A refused file has no place of its own.
        text = re.sub(r"^(minutes/[^:]+): (?=.* it is not read)", r"\1:1: ", text)
        warned.append(text)
    assert (code, err) == (1, "")
    assert sorted(problems(out)) == sorted(warned)
    kinds = {line.rpartition("[")[2].rstrip("]") for line in warned}
    assert kinds >= {
        "date_conflict",
        "duplicate_date",
        "editable_pad",
        "encoding",
        "future_date",
        "invalid_date",
        "passcode",
        "phone_number",
        "refused_file",
        "template_text",
        "unclosed_fence",
        "undated_notes",
        "wrong_weekday",
    }
    assert "email_address" not in kinds


def test_facts_are_those_of_the_site(messy: Site, run: Run) -> None:
    found = json.loads(run("--format", "json")[1])
    built = json.loads((messy.build(warnings=True).outdir / "meetings.json").read_text("utf-8"))

    def facts(meetings: list[dict[str, object]]) -> list[str]:
        return sorted(
            json.dumps({key: m[key] for key in m.keys() - {"page", "line"}}, sort_keys=True)
            for m in meetings
        )

    assert facts(found["meetings"]) == facts(built["meetings"])
    planning = next(m for m in found["meetings"] if m["page"] == "minutes/2025.md" and m["people"])
    assert planning["people"] == 2
    assert [person["handle"] for person in planning["attendees"]] == ["ada"]
    assert [outcome["text"] for outcome in planning["outcomes"]] == ["Use cards"]
    assert (planning["page"], planning["line"]) == ("minutes/2025.md", 5)
    assert {m["series"] for m in found["meetings"]} == {"", "sync"}
    assert "hidden" not in json.dumps(found).lower()


def test_a_table_fits_the_terminal(messy: Site, run: Run) -> None:
    messy.write("minutes/2022.md", f"## 2022-03-01 {'織機とカード ' * 20}\n")
    table = run()[1].partition("\n\n")[0].splitlines()
    assert table[0].split() == ["File", "Date", "Series", "People", "Outcomes", "Topics"]
    assert all(check_report._width(line) <= 80 for line in table)
    assert any(line.endswith("…") for line in table)
    (sync,) = [line for line in table if "sync" in line]
    assert sync.split()[:3] == ["…/2025-11-04-sync.md", "2025-11-05", "sync"]


def test_a_file_or_folder_of_a_project_is_read_as_in_the_project(messy: Site, run: Run) -> None:
    whole = problems(run()[1])
    year = "minutes/2025.md"
    for name in (year, str(messy.root / year), f"minutes/../{year}"):
        code, out, _ = run(name)
        assert (code, problems(out)) == (1, [line for line in whole if year in line])
    assert problems(run("minutes")[1]) == whole
    assert problems(run(".")[1]) == whole


def test_pages_are_not_checked(messy: Site, run: Run) -> None:
    for name in ("minutes/people.md", "minutes/guides/host.md", "minutes/index.md"):
        assert "0 problems in 0 files" in run(name)[1]


def test_a_clean_project_exits_with_0(site: Site, run: Run, monkeypatch) -> None:
    site.write("conf.py", 'extensions = ["cafe_site"]\n')
    site.write("notes/2025.md", "## 2025-12-16\n\n### Agenda\n\n- Ada: Looms\n")
    monkeypatch.chdir(site.root)
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "0 problems in 1 file"
    assert run("--format", "github") == (0, "", "")


def test_a_file_outside_of_a_project_is_read_by_its_path(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pad.md").write_text("# Looms 2025-12-16\n\n- Your name\n", encoding="utf-8")
    (tmp_path / "2025").mkdir()
    (tmp_path / "2025" / "12-02-call.md").write_text("# Call\n\ntext\n", encoding="utf-8")
    code, out, _ = run("pad.md", "2025/12-02-call.md")
    assert code == 1
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [
        ["pad.md", "2025-12-16"],
        ["2025/12-02-call.md", "2025-12-02"],
    ]
    assert [line.partition(":")[0] for line in problems(out)] == ["pad.md"]
    assert run(str(tmp_path))[0] == 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("cafe_notes = 'a' + 'b'", "cafe_notes is computed"),
        ("cafe_hide_people = load()", "cafe_hide_people is computed"),
        ("cafe_notes = 'nowhere'", "there is no folder"),
    ],
)
def test_what_is_not_known_is_a_usage_error(
    site: Site, run: Run, monkeypatch, line: str, problem: str
) -> None:
    site.write("conf.py", f'extensions = ["cafe_site"]\n{line}\n')
    monkeypatch.chdir(site.root)
    code, out, err = run()
    assert (code, out) == (2, "")
    assert problem in err


@pytest.mark.parametrize("day", ["nonsense", "2025-02-30", "9999-12-31"])
def test_an_invalid_day_is_an_error_without_a_traceback(
    site: Site, run: Run, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    site.write("conf.py", f'extensions = ["cafe_site"]\ncafe_today = "{day}"\n')
    site.write("notes/2025.md", "## 2025-12-16\n")
    monkeypatch.chdir(site.root)
    code, out, err = run()
    assert (code, out) == (1, "")
    assert "conf.py: cafe_today: " in err


def test_without_a_project_the_files_have_to_be_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "no conf.py with cafe_site" in err
    assert run("nowhere.md")[0] == 2
    assert run("--format", "xml")[0] == 2


def test_annotations_are_escaped() -> None:
    finding = Finding("a,b:c%.md", 3, "code", "50 % of\nlines: a, b")
    assert check_report.as_annotations([finding]) == (
        "::warning file=a%2Cb%3Ac%25.md,line=3,title=code::50 %25 of%0Alines: a, b"
    )


def test_hostile_notes_cannot_write_commands_or_control_the_terminal(
    site: Site, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("conf.py", 'extensions = ["cafe_site"]\n')
    site.write(
        "notes/2025.md",
        "## 2025-12-16 \x1b[31m\n\n- Your name\r::error::a\n- \u202eYour name %0A::error::b\n\n"
        "## December 2025 \x07 ::error::a\n",
    )
    site.write("notes/a\x1b[2J\n::error::b.md", "# x\n")
    monkeypatch.chdir(site.root)
    for form in ("text", "github", "json"):
        _, out, err = run("--format", form)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", out + err)
        assert not re.search(r"(?m)^::error", out)


def test_a_file_that_cannot_be_read_is_a_problem(site: Site, run: Run, monkeypatch) -> None:
    site.write("conf.py", 'extensions = ["cafe_site"]\n')
    site.write("notes/2024.md", "## 2024-12-17\n\ntext\n")
    os.mkfifo(site.root / "notes" / "2025.md")
    monkeypatch.chdir(site.root)
    code, out, _ = run()
    assert code == 1
    assert problems(out) == ["notes/2025.md:1: cannot be read: is not a regular file [unreadable]"]
