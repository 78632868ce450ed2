"""Builds that are killed, that follow random edits, and that run at the same time.

A few rounds of each belong to every run of the tests; ``make stress`` makes many.
"""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from .stress import Project, differences, seeds

if TYPE_CHECKING:
    from pathlib import Path

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]
# What Sphinx leaves in the output: words of former texts in its index, the digest of the
# configuration before the last one, and the script of a former language.
SPHINXS = {"searchindex", "_static/german-stemmer", "_static/english-stemmer"}


def normal_build(project: Project, builder: str = "html", jobs: int = 1, **folders: str) -> Path:
    """Build, and return the output folder."""
    outdir = folders.get("outdir", builder)
    running = project.start(outdir, folders.get("doctreedir", "doctrees"), builder, jobs)
    assert running.end() == ""
    return project.root.parent / outdir


@pytest.mark.parametrize("seed", seeds(2))
def test_a_build_after_killed_ones_equals_a_cold_build(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    project = Project(
        tmp_path / "project", chance, chance.choice(["pagefind", "pagefind", "sphinx"])
    )
    begin = time.monotonic()
    normal_build(project)
    whole = time.monotonic() - begin
    for _ in range(chance.randint(1, 3)):
        for _ in range(chance.randint(1, 3)):
            project.change()
        running = project.start("html", "doctrees", jobs=chance.choice([1, 2]))
        time.sleep(chance.uniform(0, whole))
        running.signal(chance.choice(SIGNALS))
        running.end()
        if chance.random() < 0.5:
            assert project.wait_for_processes() == []
    outdir = normal_build(project)
    assert differences(outdir, project.cold(), project.gone | SPHINXS) == []
    assert project.wait_for_processes() == []


@pytest.mark.parametrize("seed", seeds(1))
def test_builds_after_random_edits_equal_cold_builds(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    project = Project(tmp_path / "project", chance)
    done = []
    for _ in range(3):
        for _ in range(chance.randint(1, 4)):
            done.append(project.change())
        for builder in chance.sample(["html", "dirhtml"], chance.randint(1, 2)):
            done.append(builder)
            outdir = normal_build(project, builder, chance.choice([1, 2]))
            cold = project.cold(builder)
            assert differences(outdir, cold, project.gone | SPHINXS) == [], done


@pytest.mark.parametrize("seed", seeds(2))
def test_builds_at_the_same_time_do_not_harm_each_other(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    project = Project(tmp_path / "project", chance, "pagefind")
    own = chance.choice([True, False])
    builds = []
    for number in range(chance.randint(2, 3)):
        doctreedir = f"doctrees-{number}" if own else "doctrees-0"
        builds.append(project.start("html", doctreedir, jobs=chance.choice([1, 2])))
        time.sleep(chance.uniform(0, 0.3))
        if chance.random() < 0.5:
            project.edit_year()
    assert [build.end() for build in builds] == ["" for _ in builds]
    outdir = tmp_path / "html"
    assert (outdir / "pagefind/pagefind-entry.json").exists()
    normal_build(project, outdir="html", doctreedir="doctrees-0")
    assert differences(outdir, project.cold(), project.gone | SPHINXS) == []
    assert project.wait_for_processes() == []
