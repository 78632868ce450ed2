"""No word that somebody wrote is lost, however inline markup is nested and wherever it stands."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ARCHIVE, CONF, INDEX, Site
from tests.oracles import kept

# Each § becomes a word of its own.
LEAVES = st.sampled_from(
    [
        "§",
        "`§`",
        "`https://github.com/o/§/issues/1`",
        "<https://x.example/§>",
        "https://x.example/§",
    ]
)
SHAPES = [
    "*{}*",
    "**{}**",
    "~~{}~~",
    "_{}_ §",
    "{} &amp; §",
    "[{}](https://x.example/§)",
    '[{}](https://x.example/§ "§ \\"§\\"")',
    "[{}](#2025-01-05 '§')",
    "[{}](#nowhere '§')",
    "[{}](rel/§.md (§))",
    "[{}](<> '§')",
    "[{}](javascript:§ '§')",
    '![{}](https://x.example/§.png "§")',
    "![{}](rel/§.png '§')",
    "![{}](#2025-01-05 '§')",
    "@a {} [§](https://github.com/o/r/issues/1 '§')",
]
inlines = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda shape, text: shape.replace("{}", text), st.sampled_from(SHAPES), inner),
        st.builds("{} {}".format, inner, inner),
    ),
    max_leaves=6,
)
PLACES = {
    "paragraph": "## {day}\n\n{text}\n",
    "item": "## {day}\n\n- {text}\n",
    "agenda": "## {day}\n\n### Agenda\n\n- {text}\n  - {text2}\n",
    "speaker": "## {day}\n\n### Agenda\n\n- **Ada** (5m): {text}\n- **{text2}** (5m): §\n",
    "person": "## {day}\n\n### Check-in\n\n- Ada / {text}\n- {text2}\n",
    "detail": "## {day}\n\n- **Date:** {text}\n- **{text2}:** §\n",
    "task": "## {day}\n\n- [ ] {text}\n",
    "cell": "## {day}\n\n| {text} |\n| - |\n| {text2} | {text} |\n",
    "quotation": "## {day}\n\n> [!NOTE]\n> {text}\n",
    "footnote": "## {day}\n\n§[^1]\n\n[^1]: {text}\n",
    "heading": "## {day}\n\n### {text}\n\n§\n",
    "nested-heading": "## {day}\n\n- ### {text}\n",
    "title": "## {day} {text}\n\n§\n",
    "page-title": "# {text}\n\n§\n\n## {day}\n\n§\n",
    "introduction": "{text}\n\n## Heading {text2}\n\n## {day}\n\n§\n",
}


def texts(number: int) -> list[tuple[str, str]]:
    """Return pairs of nested inline markup."""
    found: list[tuple[str, str]] = []

    @settings(max_examples=number, derandomize=True, database=None)
    @given(inlines, inlines)
    def collect(one: str, other: str) -> None:
        found.append((one, other))

    collect()
    return found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """Return, for each place, what was typed and what can be read on the page, from one build."""
    site = Site(tmp_path_factory.mktemp("words") / "project")
    site.write("conf.py", CONF)
    site.write("index.md", INDEX)
    site.write("notes/index.md", ARCHIVE)
    numbers = itertools.count()
    files: dict[str, list[str]] = {}
    for index, (one, other) in enumerate(texts(40)):
        day = datetime.date(2025, 1, 1) + datetime.timedelta(days=index)
        for name, place in PLACES.items():
            text = place.format(day=day, text=one, text2=other)
            source = re.sub("§", lambda _: f"qword{next(numbers)}q", text)
            # A page has one title and one introduction.
            alone = not place.startswith("## {day}")
            files.setdefault(f"{name}{index if alone else ''}", []).append(source)
    for name, sources in files.items():
        site.write(f"notes/{name}/2025.md", "\n".join(sources))
    build = site.build(overrides={"cafe_today": "2026-01-01"})
    found: dict[str, list[tuple[str, str]]] = {}
    for name, sources in files.items():
        page = build.article(f"notes/{name}/2025.html")
        parts = page.select(".cafe-meeting")[::-1] if len(sources) > 1 else [page]
        place = name.rstrip("0123456789")
        for source, part in zip(sources, parts, strict=True):
            found.setdefault(place, []).append((source, kept(part)))
    return found


@pytest.mark.parametrize("place", PLACES)
def test_every_word_is_on_the_page_as_often_as_it_was_typed(pages, place: str) -> None:
    for source, shown in pages[place]:
        typed = Counter(re.findall(r"qword\d+q|issues", source))
        found = Counter(re.findall(r"qword\d+q|issues", shown))
        assert typed - found == Counter(), source
