"""Real notes: nothing of them is lost, and their pages are in order."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cafe_site.notes.dialect import markdown, short_reference, walk
from cafe_site.notes.reader import read
from tests.conftest import ARCHIVE, CONF, INDEX, Site
from tests.oracles import WORD, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup


def links_of(source: str) -> set[str]:
    """Return the addresses that a plain Markdown parser finds in a text."""
    tokens = walk(markdown().parse(source))
    return {str(t.attrs["href"]) for t in tokens if t.type == "link_open"}


# What real notes publish, as the warnings say.
PUBLISHED = tuple(
    f"[cafe.{kind}]" for kind in ("editable_pad", "email_address", "passcode", "template_text")
)

NOTES = Path(__file__).parents[1] / "notes"
YEARS = sorted(NOTES.rglob("[0-9][0-9][0-9][0-9].md"))
if folder := os.environ.get("CAFE_CORPUS"):
    YEARS += sorted(Path(folder).glob("cafe/*.md"))


@pytest.fixture(scope="module", params=YEARS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def cafe_year(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, BeautifulSoup]:
    """Return the text and the page of a year of this project's notes or of the corpus."""
    path = request.param
    site = Site(tmp_path_factory.mktemp("year"))
    site.write("conf.py", CONF)
    site.write("index.md", INDEX)
    site.write("notes/index.md", ARCHIVE)
    site.write(f"notes/{path.name}", path.read_bytes())
    build = site.build(warnings=True)
    assert all(warning.endswith(PUBLISHED) for warning in build.warnings)
    page = build.article(f"notes/{path.stem}.html")
    return path.read_text(encoding="utf-8"), page


def test_every_word_and_link_of_a_year_is_on_its_page(cafe_year) -> None:
    source, page = cafe_year
    shown = set(WORD.findall(page.get_text(" ") + " " + page.get_text()))
    # The keys of the front matter are not shown.
    body = re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.S)
    assert words_of(body) - shown == set()
    addresses = {a["href"] for a in page.select("a[href]")}
    assert links_of(source) - addresses == set()


def test_a_year_has_one_top_heading_and_its_meetings_newest_first(cafe_year) -> None:
    source, page = cafe_year
    assert len(page.select("h1")) == 1
    anchors = [section["id"] for section in page.select("section.cafe-meeting")]
    dates = re.findall(r"(?m)^## (\d{4}-\d\d(?:-\d\d)?)", source)
    assert sorted(anchors) == sorted(dates)
    assert anchors == sorted(anchors, reverse=True)
    for section in page.select("section.cafe-meeting section"):
        assert section["id"].startswith(section.find_parent(class_="cafe-meeting")["id"])


def test_addresses_of_issues_are_shortened(cafe_year) -> None:
    _, page = cafe_year
    bare = [a for a in page.select("a.external") if a.get_text() == a["href"]]
    assert [a["href"] for a in bare if short_reference(a["href"])] == []


def test_the_real_years_build_in_place_with_three_lines_of_settings(site, corpus: Path) -> None:
    shutil.rmtree(site.root)
    shutil.copytree(corpus / "cafe", site.root)
    site.write("conf.py", 'extensions = ["cafe_site"]\ncafe_notes = "."\nroot_doc = "2024"\n')
    # Pagefind's files differ from run to run.
    own = {
        "cafe_search": "sphinx",
        "suppress_warnings": ["cafe.editable_pad", "cafe.email_address"],
    }
    serial = site.build(outdir="serial", doctreedir="serial-doctrees", overrides=own).files()
    parallel = site.build(
        jobs=2, outdir="parallel", doctreedir="parallel-doctrees", overrides=own
    ).files()
    assert serial == parallel
    assert "2023.html#notes-2023" in serial["2024.html"].decode()


def test_every_other_real_file_reads_as_one_meeting(site, corpus: Path) -> None:
    files = sorted(corpus.glob("team/*.md")) + sorted(corpus.glob("hpc/*.md"))
    assert files
    years: dict[str, list[str]] = {}
    for path in files:
        date = path.stem.removesuffix("_report")
        text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.S)
        years.setdefault(f"{path.parent.name}/{date[:4]}", []).append(f"## {date}\n\n{text}\n\n")
    for name, meetings in years.items():
        site.write(f"notes/{name}.md", "".join(meetings))
        notes = read("".join(meetings), int(name[-4:]))
        assert len(notes.meetings) == len(meetings)
        assert all(f"[cafe.{problem.kind}]" in PUBLISHED for problem in notes.problems)
    built = site.build(warnings=True)
    for name, meetings in years.items():
        page = built.article(f"notes/{name}.html")
        shown = set(WORD.findall(page.get_text(" ") + " " + page.get_text()))
        assert words_of("".join(meetings)) - shown == set(), name


def test_every_reference_in_the_real_notes_is_found_and_no_other(
    corpus: Path, figure: Callable[[str], None]
) -> None:
    # An independent look at the bare text; the corpus has no such address in code.
    pattern = re.compile(
        r"github\.com/(?:orgs/)?([\w-]+(?:/[\w.-]+)?)/"
        r"(?:(?:issues|pull|discussions)/(\d+)|security/advisories/(GHSA-[\w-]{14}))"
    )
    expected, found = set(), set()
    for path in sorted(corpus.glob("*/*.md")):
        source = path.read_text(encoding="utf-8")
        expected |= {
            (path.name, repository.lower(), (number or advisory).lower())
            for repository, number, advisory in pattern.findall(source)
        }
        date = path.stem.removesuffix("_report")
        text = source if path.parent.name == "cafe" else f"## {date}\n\n{source}"
        for meeting in read(text, int(date[:4])).meetings:
            found |= {(path.name, *reference.key) for reference in meeting.references}
    true = len(expected & found)
    figure(f"references: precision {true / len(found):.3f}, recall {true / len(expected):.3f}")
    assert len(expected) > 90
    # By its number alone, below an item with a link to another issue of the repository.
    assert found - expected == {("2022-01-05.md", "jupyterhub/wrapspawner", "45")}
    assert expected <= found


# Read by hand: every line of the real notes that says what was decided or is to be done,
# by its first words.
OUTCOMES = {
    ("cafe/2023", "decision", "Erik will describe"),
    ("cafe/2024", "action", "Erik has volunteered"),
    ("cafe/2024", "action", "batchspawner,"),
    ("cafe/2024", "action", "oauthenticator"),
    ("cafe/2024", "action", "jupyter-server-proxy"),
    ("hpc/2021-11-03", "action", "Felix says"),
    ("hpc/2022-01-05", "action", "Will happen"),
    ("hpc/2023-06-07", "action", "Topic to post"),
    ("hpc/2023-06-07", "action", "Topic on"),
    ("team/2018-01-04_report", "action", "Please add yourself"),
    ("team/2018-01-04_report", "action", "Come up"),
    ("team/2018-01-04_report", "action", "Figure out"),
    ("team/2018-01-04_report", "action", "List all"),
    ("team/2018-01-04_report", "action", "Follow up"),
    ("team/2018-02-08", "action", "Tim to find"),
    ("hpc/2022-01-05", "action", "Add comment"),
    ("hpc/2022-01-05", "action", "Merge"),
    ("hpc/2022-01-05", "action", "Open issue"),
    ("team/2019-06-19", "action", "open a"),
    ("team/2020-05-21", "action", "Can we"),
    ("team/2020-05-21", "decision", "Positive"),
    ("team/2020-05-21", "action", "make an"),
    ("team/2020-05-21", "action", "do we"),
    ("team/2020-05-21", "action", "add a"),
    ("team/2023-01-17", "decision", "Agreed"),
}


def test_the_outcomes_of_the_real_notes(corpus: Path, figure: Callable[[str], None]) -> None:
    found = set()
    for path in sorted(corpus.glob("*/*.md")):
        source = path.read_text(encoding="utf-8")
        text = source if path.parent.name == "cafe" else f"## {path.stem[:10]}\n\n{source}"
        for meeting in read(text, int(path.stem[:4])).meetings:
            for outcome in meeting.outcomes:
                name = f"{path.parent.name}/{path.stem}"
                words = next(
                    (w for _, _, w in OUTCOMES if outcome.text.startswith(w)), outcome.text
                )
                found.add((name, outcome.kind, words))
    true = len(OUTCOMES & found)
    figure(f"outcomes: precision {true / len(found):.3f}, recall {true / len(OUTCOMES):.3f}")
    assert true / len(found) >= 0.9
    assert true / len(OUTCOMES) >= 0.9
