"""Builds that are broken off, that meet junk in the output folder, or a Pagefind that fails."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ExtensionError

from cafe_site import files
from cafe_site.sphinxext import bound, builds, parser
from cafe_site.sphinxext.builds import BuildError
from cafe_site.sphinxext.files import WriteError, write
from cafe_site.sphinxext.search import index as search
from cafe_site.sphinxext.search import pages

from .conftest import CONF, Site
from .pagefind_index import index

if TYPE_CHECKING:
    from collections.abc import Callable

SEARCH = CONF.replace('"sphinx"', '"pagefind"')
YEAR = "## 2025-12-16 Planning\n\nPunched cards.\n"


@pytest.fixture
def searched(site: Site) -> Site:
    """Return a site that has an index."""
    site.write("conf.py", SEARCH)
    site.write("notes/2025.md", YEAR)
    return site


def break_off(site: Site, where: str = "sphinx.builders.Builder.write") -> None:
    """Build up to a point, as if the process was killed there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, lambda *args, **kwargs: sys.exit("killed"))
        with pytest.raises(SystemExit, match="killed"):
            site.build()


# --- pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_year_renamed_after_a_build_that_broke_off_is_removed(site: Site, builder: str) -> None:
    site.write("notes/2025.md", YEAR)
    site.build(builder)
    path = site.write("notes/2024.md", "## 2024-01-16\n")
    with pytest.MonkeyPatch.context() as patch:
        # All pages are there, and the files that are made from all of them are not.
        patch.setattr(
            "cafe_site.sphinxext.outputs.meetings_json", lambda *args: sys.exit("killed")
        )
        with pytest.raises(SystemExit, match="killed"):
            site.build(builder)
    assert [name for name in site.root.rglob("_build/**/*2024*") if name.suffix != ".doctree"]
    path.rename(path.with_name("2023.md"))
    site.write("notes/2023.md", "## 2023-01-16\n")
    build = site.build(builder)
    assert not list(build.outdir.rglob("*2024*"))
    assert list(build.outdir.rglob("*2023*"))


def test_the_first_build_of_all_may_be_broken_off(site: Site) -> None:
    path = site.write("notes/2024.md", "## 2024-01-16\n")
    break_off(site, "cafe_site.sphinxext.outputs.meetings_json")
    path.unlink()
    site.write("notes/2025.md", YEAR)
    build = site.build()
    assert not list(build.outdir.rglob("*2024*"))


def test_years_of_a_former_notes_folder_are_removed(site: Site) -> None:
    site.write("notes/2024.md", "## 2024-01-16\n")
    site.build()
    (site.root / "notes").rename(site.root / "minutes")
    site.write("index.md", "# Home\n\n```{toctree}\nminutes/index\n```\n")
    build = site.build(overrides={"cafe_notes": "minutes"})
    assert not (build.outdir / "notes/2024.html").exists()
    assert (build.outdir / "minutes/2024.html").exists()


def test_a_page_that_was_cut_off_is_written_again(site: Site) -> None:
    site.write("notes/2025.md", YEAR)
    site.write("plain.md", "---\norphan: true\n---\n\n# Plain\n")
    before = site.build()
    whole = before.files()
    site.write("plain.md", "---\norphan: true\n---\n\n# Plainer\n")
    break_off(site)
    for page in ("plain.html", "notes/2025.html"):
        (before.outdir / page).write_text("<html")
    after = site.build().files()
    assert "Plainer" in after["plain.html"].decode()
    assert after["notes/2025.html"] == whole["notes/2025.html"]


def test_two_output_folders_of_one_folder_of_doctrees_are_both_up_to_date(site: Site) -> None:
    site.write("notes/2025.md", YEAR)
    for outdir in ("one", "two"):
        site.build(outdir=outdir)
    site.write("notes/2025.md", YEAR.replace("Planning", "Renamed"))
    for outdir in ("one", "two"):
        assert "Renamed" in site.build(outdir=outdir).html("index.html").text, outdir


def test_two_folders_of_doctrees_of_one_output_folder_agree(site: Site) -> None:
    site.write("notes/2025.md", YEAR)
    site.build(doctreedir="one")
    site.write("notes/2025.md", YEAR.replace("Planning", "Renamed"))
    site.build(doctreedir="two")
    site.write("notes/2025.md", YEAR)
    page = site.build(doctreedir="one").html("index.html")
    assert "Planning" in page.text
    assert "Renamed" not in page.text


def test_pages_that_a_broken_off_build_read_with_other_options_are_read_again(site: Site) -> None:
    site.write("notes/2025.md", YEAR + "\n### Check-in\n\n- Ada / @ada\n")
    site.build()
    with pytest.MonkeyPatch.context() as patch:
        # The doctrees are new, and the environment is not.
        patch.setattr(
            "cafe_site.sphinxext.freshness.on_env_updated", lambda *args: sys.exit("killed")
        )
        with pytest.raises(SystemExit, match="killed"):
            site.build(overrides={"cafe_drop_sections": ["Check-in"]})
    assert "Ada" in site.build("dirhtml").html("notes/2025/index.html").text


@pytest.mark.parametrize("damage", ["", "# Sphinx build info version 1\n", "\xff"])
def test_a_cut_off_file_of_sphinx_stops_no_build(site: Site, damage: str) -> None:
    path = site.build().outdir / ".buildinfo"
    before = path.read_bytes()
    path.write_text(damage, encoding="latin-1")
    site.build()
    assert path.read_bytes() == before


@pytest.mark.parametrize("state", ["", "{", "[]", "[" * 100_000, '{"years": 1}', '{"build": 1}'])
def test_a_damaged_state_stops_no_build(site: Site, state: str) -> None:
    site.write("notes/2025.md", YEAR)
    before = site.build()
    (before.outdir / builds.STATE).write_text(state)
    (before.outdir / "index.html").write_text("cut")
    assert "Planning" in site.build().html("index.html").text


# --- writing ------------------------------------------------------------------------------


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that lets writing files fail whose names have a text in them."""
    write_bytes = Path.write_bytes

    def fail(text: str) -> None:
        def write(path: Path, data: bytes) -> int:
            if text in path.name:
                write_bytes(path, data[:1])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write_bytes(path, data)

        monkeypatch.setattr(Path, "write_bytes", write)

    return fail


@pytest.mark.parametrize("name", ["meetings.json", "llms.txt", "notes.atom", "meetings.ics"])
def test_a_full_disk_is_one_line_and_leaves_the_old_file(
    site: Site, full_disk: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    base = {"html_baseurl": "https://a.example/", "cafe_community": "community.yaml"}
    schedule = "{id: a, rrule: FREQ=WEEKLY, time: 18:00, timezone: UTC, first: 2026-01-06}"
    site.write("community.yaml", f"name: A\nschedule: {schedule}\n")
    site.write("notes/2025.md", YEAR)
    path = site.build(overrides=base).outdir / name
    before = path.read_bytes()
    site.write("notes/2025.md", YEAR.replace("Planning", "Other") + "\n## 2025-12-17\n")
    site.write("community.yaml", f"name: B\nschedule: {schedule}\n")
    full_disk(name)
    with pytest.raises(WriteError, match="No space left on device; free disk space") as caught:
        site.build(overrides=base)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert list(path.parent.glob(f"{files.TEMPORARY}*")) == []
    monkeypatch.undo()
    site.build(overrides=base)
    assert path.read_bytes() != before


def test_what_is_in_the_way_of_a_file_is_named(site: Site) -> None:
    folder = site.build().outdir / "llms.txt"
    folder.unlink()
    folder.mkdir()
    with pytest.raises(WriteError, match=r"llms\.txt: is a folder"):
        site.build()
    folder.rmdir()
    site.build()
    assert folder.is_file()


def test_a_file_that_does_not_change_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt", "text")
    before = (tmp_path / "a/b.txt").stat()
    write(tmp_path, "a/b.txt", b"text")
    assert (tmp_path / "a/b.txt").stat() == before
    write(tmp_path, "a/b.txt", "other")
    assert (tmp_path / "a/b.txt").read_text() == "other"
    # Others may read it, as any file that is written here.
    (tmp_path / "plain").touch()
    assert (tmp_path / "a/b.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_what_a_killed_build_left_is_removed(searched: Site) -> None:
    outdir = searched.build().outdir
    (outdir / f"{files.TEMPORARY}abc/index").mkdir(parents=True)
    (outdir / f"{files.TEMPORARY}llms.txt").touch()
    searched.build()
    assert [path.name for path in outdir.glob(".*") if path.name != ".buildinfo"] == [builds.STATE]


# --- one build at a time ------------------------------------------------------------------


def test_a_build_waits_for_another_one_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdir = site.build().outdir
    # Another process than this one, which has ended its lock.
    code = "import sys; from pathlib import Path; from cafe_site.sphinxext import builds\n"
    code += "builds.lock([Path(sys.argv[1])]); print('locked', flush=True); sys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(outdir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "locked\n"
        monkeypatch.setattr(builds, "_PATIENCE", 0.0)
        with pytest.raises(BuildError, match=r"another build .* stop it"):
            site.build()
        monkeypatch.undo()
        monkeypatch.setattr(builds.time, "sleep", lambda seconds: other.kill())
        assert f"waiting for another build in {outdir}" in site.build().status


def locked(site: Site) -> list[Path]:
    """Return the folders of a site that this process has locked; not those of earlier tests."""
    return [folder for folder in builds._held if folder.is_relative_to(site.root)]


def test_folders_without_locks_are_built(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(builds, "_try_lock", fail)
    site.build()
    assert locked(site) == []


def test_no_lock_outlives_a_build(site: Site) -> None:
    site.build()
    assert locked(site) == []
    site.write("broken.md", b"# \xff\n")
    with pytest.raises(UnicodeDecodeError):
        site.build()
    assert locked(site) == []


# --- a Pagefind that fails ----------------------------------------------------------------

_FAKE = """\
mkdir -p $5; cd $5; echo junk | tee pagefind.js > pagefind.en_1.pf_meta
echo '{{"languages": {{"en": {{"hash": "en_1", "page_count": {}}}}}}}' > pagefind-entry.json
"""
PAGEFINDS = {
    "code": ("echo first; echo; echo 'it is  broken' >&2; exit 3", "it is broken"),
    "silent": ("exit 1", "it failed without saying why"),
    "bytes": (r"printf '\377\0\n'; exit 1", "\ufffd"),
    "signal": ("kill -SEGV $$", "it was ended by signal 11"),
    "nothing": ("exit 0", "it succeeded but wrote no index"),
    "talk": ("head -c 300000 /dev/zero; exit 0", "it succeeded but wrote no index"),
    "hanging": ("exec sleep 600", "it did not end within"),
    "hanging-child": ("sleep 600", "it did not end within"),
    "junk": ("mkdir -p $5; echo '[' > $5/pagefind-entry.json", "but wrote no index"),
    "count": (_FAKE.format(1), "its index has 1 of 5 records"),
    "missing": (None, "FileNotFoundError"),
    "unusable": ("", "Exec format error"),
}


@pytest.mark.parametrize("kind", PAGEFINDS)
def test_a_pagefind_that_fails_is_one_warning_and_the_next_build_makes_up_for_it(
    searched: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    script, reason = PAGEFINDS[kind]
    searched.build()
    searched.write("notes/2025.md", YEAR + "\n## 2025-12-17\n")
    broken = tmp_path / "pagefind"
    with monkeypatch.context() as patch:
        if script is not None:
            broken.write_text(f"#!/bin/sh\n{script}\n" if script else "\0")
            broken.chmod(0o755)
        patch.setenv("PAGEFIND_BINARY_PATH", str(broken))
        patch.setattr(search, "_PATIENCE", 0.3)
        build = searched.build(warnings=True)
    (warning,) = build.warnings
    assert reason in warning
    assert "build again" in warning
    assert list(build.outdir.glob("*pagefind*")) == []
    assert list(build.outdir.glob(f"{files.TEMPORARY}*")) == []
    # No text changes.
    assert "notes/2025.html#2025-12-17" in index(searched.build().outdir)


def test_no_pagefind_outlives_a_build_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho $$; exec sleep 600\n")
    program.chmod(0o755)
    # It starts the program, says so, and is killed.
    code = (
        "import os, subprocess, sys\n"
        "reader, writer = os.pipe()\n"
        "subprocess.Popen([sys.executable, '-IS', *sys.argv[1:]], stdin=reader)\n"
        "os.close(reader)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, bound.__file__, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        os.kill(number, 0)
        parent.kill()
        # The other end of the pipe is closed when the last of them has ended.
        parent.stdout.read()
    until = time.monotonic() + 5
    while _is_alive(number) and time.monotonic() < until:
        time.sleep(0.01)
    assert not _is_alive(number)


def _is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError, MemoryError])
def test_an_interrupted_index_leaves_nothing(
    searched: Site, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    made: list[search.Index] = []
    outdir = searched.build().outdir
    before = index(outdir)
    searched.write("notes/2025.md", YEAR + "\n## 2025-12-17\n")

    def fail(*args: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("cafe_site.sphinxext.search.index._check", fail)
        made_index = search.Index.__init__
        patch.setattr(
            search.Index, "__init__", lambda self, *a: made.append(self) or made_index(self, *a)
        )
        if error is OSError:
            assert len(searched.build(warnings=True).warnings) == 1
        else:
            with pytest.raises((error, ExtensionError)):
                searched.build()
            assert index(outdir) == before
    (one,) = made
    assert one._process is not None
    assert one._process.poll() is not None
    assert list(outdir.glob(f"{files.TEMPORARY}*")) == []
    assert "notes/2025.html#2025-12-17" in index(searched.build().outdir)


# --- junk in the place of the index -------------------------------------------------------


def _file(folder: Path) -> None:
    folder.write_text("junk")


def _link(folder: Path) -> None:
    target = folder.parent.parent / "target"
    target.mkdir()
    (target / "kept.txt").touch()
    folder.symlink_to(target)


def _dangling(folder: Path) -> None:
    folder.symlink_to(folder.parent / "nowhere")


def _other_files(folder: Path) -> None:
    (folder / "fragment/deep").mkdir(parents=True)
    (folder / "fragment/deep/junk").touch()
    (folder / "pagefind-entry.json").write_text("{}")
    (folder / "link").symlink_to(folder)


@pytest.mark.parametrize("junk", [_file, _link, _dangling, _other_files])
def test_junk_in_the_place_of_the_index_is_replaced(
    searched: Site, junk: Callable[[Path], None]
) -> None:
    folder = searched.build().outdir / "pagefind"
    before = index(folder.parent)
    files.remove(folder)
    junk(folder)
    searched.build()
    assert not folder.is_symlink()
    assert index(folder.parent) == before
    assert is_whole(folder)
    if junk is _link:
        assert (folder.parent.parent / "target/kept.txt").exists()


def is_whole(folder: Path) -> bool:
    """Return whether the files of an index are those that Pagefind has written, and no others."""
    return search.is_current(folder, json.loads((folder / search._STAMP).read_text())["records"])


def _first(folder: Path, pattern: str) -> Path:
    return min(folder.glob(pattern))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda folder: _first(folder, "fragment/*").unlink(),
    "cut off": lambda folder: _first(folder, "index/*").write_bytes(b"x"),
    "one byte": lambda folder: _first(folder, "*.pf_meta").write_bytes(
        _first(folder, "*.pf_meta").read_bytes()[:-1] + b"x"
    ),
    "entry": lambda folder: (folder / "pagefind-entry.json").unlink(),
    "stamp": lambda folder: (folder / "cafe-site.json").write_text("["),
    "more": lambda folder: (folder / "fragment/more").touch(),
    "folder": lambda folder: (
        (folder / "pagefind.js").unlink(),
        (folder / "pagefind.js").mkdir(),
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_again_although_no_text_changes(
    searched: Site, damage: str
) -> None:
    folder = searched.build().outdir / "pagefind"
    before = index(folder.parent)
    DAMAGES[damage](folder)
    build = searched.build(warnings=damage == "folder")
    if build.warnings:
        (warning,) = build.warnings
        assert f"remove {folder}, then build again" in warning
        assert not folder.exists()
        searched.build()
    assert index(folder.parent) == before
    assert is_whole(folder)


def test_a_new_index_is_put_into_place_so_that_one_is_whole_at_every_moment(
    searched: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = searched.build().outdir / "pagefind"
    searched.write("notes/2025.md", YEAR.replace("Planning", "Other"))
    replace, unlink = Path.replace, Path.unlink
    whole: dict[str, list[Path]] = {}
    seen = []

    def name(index: Path) -> str:
        entry = json.loads((index / "pagefind-entry.json").read_text())
        return next(language["hash"] for language in entry["languages"].values())

    def look() -> None:
        assert all((folder / path).is_file() for path in whole[name(folder)])
        seen.append(name(folder))

    def watched(call: Callable[..., object]) -> Callable[..., object]:
        def run(path: Path, *args: object, **kwargs: object) -> object:
            result = call(path, *args, **kwargs)
            look()
            return result

        return run

    publish = search._publish

    def run(new: Path, folder: Path) -> None:
        for found in (folder, new):
            paths = [path.relative_to(found) for path in found.rglob("*") if path.is_file()]
            whole[name(found)] = paths
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", watched(replace))
            patch.setattr(Path, "unlink", watched(unlink))
            publish(new, folder)

    monkeypatch.setattr(search, "_publish", run)
    searched.build()
    assert len(set(seen)) == 2
    assert seen == sorted(seen, key=seen.index)


def test_a_site_without_anything_to_be_found_has_no_index(
    searched: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "records", lambda app: ())
    assert not (searched.build().outdir / "pagefind").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(searched: Site) -> None:
    folder = searched.build().outdir / "pagefind"
    searched.write("notes/2025.md", YEAR + "\n## 2025-12-17\n")
    folder.chmod(0o555)
    try:
        (warning,) = searched.build(warnings=True).warnings
        assert f"remove {folder}" in warning
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("jobs", [1, 2])
def test_notes_that_are_edited_while_they_are_read_are_read_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    for year in range(2018, 2026):
        site.write(f"notes/{year}.md", f"## {year}-12-16\n\nbefore\n")
    site.build(jobs=jobs)

    def read_and_edit(path: Path) -> bytes:
        data = Path(path).read_bytes()
        Path(path).write_bytes(data.replace(b"changed", b"changed again"))
        return data

    site.write("notes/2025.md", "## 2025-12-16\n\nchanged\n")
    with monkeypatch.context() as patch:
        patch.setattr(parser, "read_file", read_and_edit)
        assert "changed again" not in site.build(jobs=jobs).article("notes/2025.html").text
    assert "changed again" in site.build(jobs=jobs).article("notes/2025.html").text
