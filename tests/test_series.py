"""A series is called by its id or by the folder of its notes, in every directive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import CONF

if TYPE_CHECKING:
    from .conftest import Site

COMMUNITY = """\
name: Tea
schedule:
  - {id: tea, title: Tea, rrule: FREQ=WEEKLY, time: 11:00, timezone: UTC, first: 2026-01-06}
  - {id: toast, title: Toast, notes: bread/toast, rrule: FREQ=WEEKLY, time: 9:00, timezone: UTC,
     first: 2026-01-07}
"""
KINDS = ("archive", "latest", "discussed", "outcomes", "people", "tags", "next", "missing")


@pytest.fixture
def two(site: Site) -> Site:
    """Return a site with two series."""
    site.write("conf.py", f'{CONF}cafe_community = "community.yaml"\ncafe_today = "2026-01-20"\n')
    site.write("community.yaml", COMMUNITY)
    meeting = "\n\n### Check-in\n\n- {0}\n\n### Agenda\n\n- Decision: {0} {0}/{0}#1\n\nTags: {0}\n"
    site.write("notes/2026.md", f"## 2026-01-06{meeting.format('steep')}")
    site.write("notes/bread/toast/2026.md", f"## 2026-01-07{meeting.format('crumb')}")
    return site


def write_lists(site: Site, name: str, series: str) -> None:
    """Write a page with all lists of one series."""
    lists = "".join(
        f"## {kind}\n\n```{{cafe:{kind}}}\n:series: {series}\n```\n\n" for kind in KINDS
    )
    site.write(f"{name}.md", f"---\norphan: true\n---\n\n# Lists\n\n{lists}")


def test_an_id_and_a_folder_mean_the_same(two: Site) -> None:
    pages = {"ids": "toast", "folders": "bread/toast", "slashes": "bread/toast/"}
    own = {"id": "tea", "dot": "."}
    for name, series in (pages | own).items():
        write_lists(two, name, series)
    build = two.build("text", overrides={"cafe_search": "sphinx"})
    shown = {name: (build.outdir / f"{name}.txt").read_text("utf-8") for name in pages | own}
    assert len({shown[name] for name in pages}) == len({shown[name] for name in own}) == 1
    assert "crumb" in shown["ids"]
    assert "steep" not in shown["ids"]
    assert "January 21, 2026" in shown["ids"]
    assert "steep" in shown["id"]
    assert "crumb" not in shown["id"]
    assert "January 20, 2026" in shown["id"]


def test_another_folder_for_an_id_changes_the_lists(two: Site) -> None:
    write_lists(two, "ids", "toast")
    two.build("text")
    two.write("community.yaml", COMMUNITY.replace("notes: bread/toast", "notes: bread/jam"))
    two.write("notes/bread/jam/2026.md", "## 2026-01-14 Jam\n")
    changed = (two.build("text").outdir / "ids.txt").read_text("utf-8")
    cold = two.build("text", outdir="cold", doctreedir="cold").outdir / "ids.txt"
    assert changed == cold.read_text("utf-8")
    assert "Jam" in changed
    assert "crumb" not in changed


def test_a_series_that_there_is_not_is_warned_about(two: Site) -> None:
    write_lists(two, "ids", "jam")
    warnings = two.build("text", warnings=True).warnings
    assert len(warnings) == len(KINDS)
    assert all("unknown series 'jam'" in line for line in warnings)
