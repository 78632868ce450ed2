"""Code in notes is highlighted where that takes little time, whatever the code is."""

from __future__ import annotations

import itertools
import random
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pygments.lexers import get_lexer_by_name

from cafe_site.sphinxext.highlighting import LANGUAGES, MAX_BLOCK, MAX_PAGE, Highlighting

if TYPE_CHECKING:
    from .conftest import Site

ATTACK = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks/lexers.py"))
MEETING = "## 2025-12-16\n\n"


def block(language: str, code: str) -> str:
    """Return a block of code in Markdown."""
    return f"~~~~~~~~ {language}\n{code}\n~~~~~~~~\n\n"


def highlighted(page) -> int:
    """Return how many characters stand in blocks that are highlighted."""
    blocks = page.select("[class^=highlight-]:not(.highlight-none) pre")
    return sum(len(found.text) for found in blocks)


SLOW = {
    "console": "a" * 2_000 + ":" * 1_999,
    "rst": "`a_ *" * 790,
    "restructuredtext": "::\n\n a" * 650,
    "yaml": "&a\t" * 1_300,
    "css": "a;" * 1_999,
    "toml": "a\t" * 1_999,
    "csharp": "a\n  " * 990,
    "markdown": "```css\n" + "a;" * 1_900 + "\n```\n",
    "html": "<style>" + "a;" * 1_900 + "</style>",
    "python": '\\"' + " \n" * 1_990,
}


def test_code_that_lexers_take_long_for_is_shown_plain(site: Site) -> None:
    text = "".join(block(language, code) for language, code in SLOW.items())
    site.write("notes/2025.md", MEETING + text * 10)
    page = site.build(overrides={"cafe_today": "2026-01-01"}).article("notes/2025.html")
    assert highlighted(page) == 0
    shown = [found.text.rstrip("\n") for found in page.select("pre")]
    assert shown[: len(SLOW)] == [code.rstrip("\n") for code in SLOW.values()]
    captions = [caption.text for caption in page.select(".cafe-code-info")]
    assert "console" in captions


def test_a_page_is_highlighted_up_to_its_budget_in_its_order(site: Site) -> None:
    code = "ls -l  # " + "y" * 990 + "\n"
    count = 4 * MAX_PAGE // len(code)
    halves = [block("bash", code) * (count // 2)] * 2
    site.write("notes/2025.md", f"{MEETING}{halves[0]}## 2025-12-09\n\n{halves[1]}")
    page = site.build(overrides={"cafe_today": "2026-01-01"}).article("notes/2025.html")
    assert MAX_PAGE - len(code) <= highlighted(page) <= MAX_PAGE
    kinds = [found["class"][0] for found in page.select("[class^=highlight-]")]
    assert len(kinds) == 2 * (count // 2)
    assert [kind for kind, _ in itertools.groupby(kinds)] == ["highlight-bash", "highlight-none"]


def test_what_is_highlighted_is_the_same_in_parallel_and_later(site: Site) -> None:
    code = block("bash", "ls -l\n" * 600) * 7
    for year in range(2020, 2026):
        site.write(f"notes/{year}.md", f"## {year}-01-05\n\n{code}")
    overrides = {"cafe_today": "2026-01-01"}
    site.build(overrides=overrides)
    site.write("notes/2020.md", f"## 2020-01-05\n\nmore\n\n{code}")
    later = site.build(overrides=overrides)
    cold = site.build(jobs=2, outdir="cold", doctreedir="cold-doctrees", overrides=overrides)
    assert later.files() == cold.files()
    for year in range(2020, 2026):
        assert highlighted(later.article(f"notes/{year}.html")) == 5 * 3_600


def test_a_block_that_is_too_long_takes_nothing_from_the_others() -> None:
    highlighting = Highlighting()
    assert not highlighting.includes("bash", "x" * (MAX_BLOCK + 1))
    assert not highlighting.includes("console", "x")
    taken = 0
    while highlighting.includes("bash", "x" * 1_000):
        taken += 1_000
    assert taken == MAX_PAGE


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_lexer_takes_time_in_proportion_to_the_text(language: str) -> None:
    """Attack each lexer with a part of what benchmarks/lexers.py has in full."""
    lexer = get_lexer_by_name(language, stripnl=False)
    shapes = random.Random(language).sample(list(ATTACK["shapes"]()), 400)
    shapes += [("", "a", ":"), ("", "(", ""), ("", "[", "]"), ("", '"', ""), ("", "\\", "a")]
    seconds, make = ATTACK["seconds"], ATTACK["make"]
    times = sorted(((seconds(lexer, make(shape, 1_000)), shape) for shape in shapes), reverse=True)
    for _, shape in times[:10]:
        small, large = make(shape, 1_000), make(shape, 16_000)
        # Sixteen times the text; the square would be 256 times. A busy machine makes some runs
        # slow and not all of them.
        tries = range(10)
        assert any(seconds(lexer, large) < max(64 * seconds(lexer, small), 0.1) for _ in tries), (
            shape
        )


@pytest.mark.parametrize("language", ["", "console", "no-such", "{python}", "a" * 10_000, "\x00"])
def test_other_languages_are_plain(language: str) -> None:
    assert not Highlighting().includes(language, "x")
