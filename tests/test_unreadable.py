"""Builds end, and say in one line what is wrong, whatever the files and settings of time are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ConfigError

from cafe_site.reading import read_file
from cafe_site.sphinxext import encoding, feeds, parser, sources

from .conftest import CONF

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Site

MEETING = "## 2025-12-16\n\nHello.\n"
COMMUNITY = """\
name: Tea
site: https://tea.example.org
schedule: {id: tea, rrule: FREQ=YEARLY, time: 11:00, timezone: Pacific/Auckland, first: 1970-12-04}
"""
DATES = (
    "# Dates\n\n```{cafe:next}\n```\n\n```{cafe:missing}\n```\n\n```{cafe:checklist}\n```\n\n"
    "```{cafe:due} -999\n```\n\n```{cafe:due} +999\n```\n\n```{cafe:latest}\n```\n"
)


# --- files ------------------------------------------------------------------------------------


def test_only_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="is not a regular file"):
        read_file(tmp_path / "pipe")
    with pytest.raises(OSError, match="is not a regular file"):
        read_file(Path("/dev/zero"))
    with pytest.raises(IsADirectoryError):
        read_file(tmp_path)
    (tmp_path / "file").write_bytes(b"\r\n\xff")
    assert read_file(tmp_path / "file") == b"\r\n\xff"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_pipe_among_the_notes_is_left_out_with_a_warning(site: Site, jobs: int) -> None:
    site.write("notes/2025.md", MEETING)
    site.write("notes/2024.md", "## 2024-12-16\n")
    site.build(jobs=jobs)
    (site.root / "notes" / "2024.md").unlink()
    os.mkfifo(site.root / "notes" / "2024.md")
    os.mkfifo(site.root / "page.md")
    (site.root / "notes" / "2023.md").mkdir()
    build = site.build(jobs=jobs, warnings=True)
    assert [line.partition("WARNING: ")[2] for line in build.warnings] == [
        "cannot be read: is not a regular file [cafe.unreadable]"
    ] * 2
    assert (build.outdir / "notes/2025.html").exists()
    assert not (build.outdir / "notes/2024.html").exists()
    cold = site.build(outdir="cold", doctreedir="cold", jobs=jobs, warnings=True)
    assert cold.warnings == build.warnings
    assert "2024" not in cold.html("notes/index.html").text


def test_a_pipe_instead_of_the_community_s_file_is_one_line(site: Site) -> None:
    site.write("conf.py", f'{CONF}cafe_community = "community.yaml"\n')
    os.mkfifo(site.root / "community.yaml")
    with pytest.raises(
        ConfigError, match=r"community\.yaml: cannot be read: is not a regular file$"
    ):
        site.build()


def vanishing(at: int, path: Path) -> Callable[[Path], bytes]:
    """Return a reader of files that removes one of them before it is read for a time."""
    times = 0

    def read(wanted: Path) -> bytes:
        nonlocal times
        if wanted == path:
            times += 1
            if times == at:
                path.unlink()
        return read_file(wanted)

    return read


GONE = "cannot be read: No such file or directory [cafe.unreadable]"


# The second time is right before Sphinx itself reads the file.
@pytest.mark.parametrize("at", [1, 3])
def test_a_year_that_vanishes_while_it_is_read_is_a_warning(
    site: Site, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    site.write("notes/2024.md", "## 2024-12-16\n")
    path = site.write("notes/2025.md", MEETING)
    read = vanishing(at, path)
    for module in (sources, parser, encoding):
        monkeypatch.setattr(module, "read_file", read)
    build = site.build(warnings=True)
    assert GONE in build.warnings[0]
    assert "Hello" not in build.html("notes/index.html").text
    monkeypatch.undo()
    # Nothing of it is left, and it is read again when it is back, however old it is.
    path.write_text(MEETING, encoding="utf-8")
    os.utime(path, (1, 1))
    assert "Hello" in site.build().html("notes/2025.html").text
    path.unlink()
    assert not (site.build().outdir / "notes/2025.html").exists()


def test_a_year_that_vanishes_before_the_feed_is_written_leaves_the_feed_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("conf.py", f'{CONF}html_baseurl = "https://tea.example.org/"\n')
    path = site.write("notes/2025.md", MEETING)
    before = (site.build().outdir / "notes.atom").read_bytes()
    site.write("notes/2025.md", MEETING + "\nMore.\n")
    monkeypatch.setattr(feeds, "read_file", vanishing(1, path))
    build = site.build(warnings=True)
    assert len(build.warnings) == 1
    assert GONE in build.warnings[0]
    assert (build.outdir / "notes.atom").read_bytes() == before
    monkeypatch.undo()
    assert not (site.build().outdir / "notes.atom").exists()


def test_years_are_written_with_the_digits_of_ascii(site: Site) -> None:
    site.write("notes/2025.md", MEETING)
    for name in ("٢٠٢٥", "२०२५", "２０２５", "²⁰²⁵"):
        site.write(f"notes/{name}.md", f"# A page called {name}\n")
    build = site.build(warnings=True)
    assert all(line.endswith("[cafe.undated_notes]") for line in build.warnings)
    assert build.html("notes/٢٠٢٥.html").h1.text.startswith("A page called")
    rows = build.html("notes/index.html").select(".cafe-archive .cafe-row a")
    assert [row["href"] for row in rows] == ["2025.html#2025-12-16"]


# --- days far away ------------------------------------------------------------------------------


@pytest.fixture
def dated(site: Site) -> Site:
    site.write(
        "conf.py", f'{CONF}cafe_community = "community.yaml"\nmyst_enable_extensions = []\n'
    )
    site.write("community.yaml", COMMUNITY)
    site.write("dates.md", f"---\norphan: true\n---\n\n{DATES}")
    return site


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-31", "2200-01-01"])
def test_a_day_that_cannot_be_meant_is_refused(dated: Site, day: str) -> None:
    expected = f"^conf.py: cafe_today: '{day}' must be a date between the years 1970 and 2199$"
    with pytest.raises(ConfigError, match=expected):
        dated.build(overrides={"cafe_today": day})


@pytest.mark.parametrize(
    "day", ["soon", "20261201", "2026-W01-1", "٢٠٢٦-٠١-٠١", "2026-02-30", " "]
)
def test_what_is_no_day_is_refused(dated: Site, day: str) -> None:
    expected = f"^conf.py: cafe_today: '{day}' is not a valid date"
    with pytest.raises(ConfigError, match=expected):
        dated.build(overrides={"cafe_today": day})


@pytest.mark.parametrize("epoch", ["-1", "7258118400", "99999999999", "-99999999999"])
def test_a_moment_that_cannot_be_meant_is_refused(
    dated: Site, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ConfigError, match=f"SOURCE_DATE_EPOCH is {epoch}, which is not between"):
        dated.build()


@pytest.mark.parametrize("epoch", ["x", "1.5", "1e9", "1_0", "+5", " 5", "٥", "9" * 30, "-", "\n"])
def test_what_is_no_number_of_seconds_is_refused(
    dated: Site, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ConfigError, match=r"SOURCE_DATE_EPOCH must be a number of seconds"):
        dated.build()


def test_the_first_and_the_last_day_and_years_beyond_them_can_be_built(dated: Site) -> None:
    for year in ("0000", "0001", "1969", "2199", "2200", "9999"):
        dated.write(f"notes/{year}.md", f"## {year}-01-01\n\n## {year}-12-31\n\nHello.\n")
    options = {"html_baseurl": "https://tea.example.org/", "cafe_today": ""}
    for day in ("1970-01-01", "2199-12-31"):
        build = dated.build(overrides={**options, "cafe_today": day}, warnings=True)
        assert all("cafe." in line for line in build.warnings)
        assert (build.outdir / "notes.atom").exists()
        assert (build.outdir / "meetings.ics").exists()


def test_an_epoch_within_the_years_counts_as_today(
    dated: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764547200")  # 2025-12-01
    shown = dated.build("text").outdir / "dates.txt"
    assert "December 4, 2025" in shown.read_text(encoding="utf-8")


def test_a_negative_epoch_is_a_configuration_error_of_the_process(dated: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", str(dated.root), str(dated.root / "_build")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": "-1"},
    )
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH is -1, which is not between the years 1970 and 2199" in done.stderr
    assert "Configuration error" in done.stderr
