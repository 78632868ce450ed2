"""What tells people, tags, repositories and lists apart, and what does not."""

from __future__ import annotations

import itertools

import pytest
from sphinx.errors import ConfigError

from cafe_site.notes import archive
from cafe_site.notes.model import Reference
from cafe_site.notes.persons import register
from cafe_site.notes.reader import read

from .conftest import CONF

# What is done to make an index for the search, without making it.
SEARCH = """
from cafe_site.sphinxext.search.texts import records

def setup(app):
    app.connect("env-updated", lambda app, env: [*records(app)][:0], 900)
"""
KINDS = ("archive", "discussed", "latest", "outcomes", "people", "tags")


def people_of(*lists: str) -> list[archive.Person]:
    """Return the people of meetings with these lists, from the newest."""
    text = "".join(
        f"## 2025-{12 - i:02}-16\n\n### Check-in\n\n{lines}\n\n" for i, lines in enumerate(lists)
    )
    return archive.people(("2025", meeting) for meeting in read(text, 2025).meetings)


# --- people -----------------------------------------------------------------------------------

# Each group is one person, in all the ways in which somebody signs in.
SPELLINGS = [
    ("- Ada", "- Ada Lovelace / @ada", "- @ada", "- ADA", "- Ada / @Ada"),
    ("- José Doe", "- Jose\u0301 Doe", "- JOSÉ DOE", "- José  DOE"),
    ("- Weiß", "- WEISS"),
    ("- 李雷", "- 李雷 (he/him)"),
]


@pytest.mark.parametrize(
    ("first", "second"),
    [pair for group in SPELLINGS for pair in itertools.permutations(group, 2)],
)
def test_a_person_is_one_in_all_spellings_and_orders(first: str, second: str) -> None:
    (person,) = people_of(first, second)
    assert len(person.attended) == 2
    handles = {line.rpartition("@")[2].lower() for line in (first, second) if "@" in line}
    assert {(person.handle or "").lower()} == (handles or {""})


@pytest.mark.parametrize(
    ("first", "second"),
    [("- Ada / @ada", "- Ada / @ada-l"), ("- Jose", "- José"), ("- Ada L", "- Adal / @ada-l")],
)
def test_two_people_are_two(first: str, second: str) -> None:
    both = people_of(first, second)
    assert len(both) == len({archive.person_anchor(person) for person in both}) == 2


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        # A name joins the only handle that goes by it.
        (("- Ada Lovelace / @ada-l", "- Ada Lovelace"), ["Ada Lovelace @ada-l 2"]),
        (("- Ada / @ada-l", "- Ada"), ["Ada @ada-l 2"]),
        (("- Ada / @ada-l", "- Ada", "- Ada Lovelace / @ADA-L"), ["Ada Lovelace @ada-l 3"]),
        (("- Ada / @ada-l", "- Ada Lovelace"), ["Ada Lovelace @ada-l 2"]),
        (("- Ada Lovelace / @one", "- Ada Lovelace / @two", "- Ada Lovelace"),
         ["Ada Lovelace @one 1", "Ada Lovelace @two 1", "Ada Lovelace 1"]),
        # A first name, or an initial, joins the only full name.
        (("- Ada Lovelace", "- Ada"), ["Ada Lovelace 2"]),
        (("- Ada Lovelace", "- Ada L"), ["Ada Lovelace 2"]),
        (("- Ada King Lovelace", "- Ada Lovelace"), ["Ada Lovelace 2"]),
        (("- Ada Lovelace", "- Ada B."), ["Ada Lovelace 1", "Ada B. 1"]),
        (("- Ada Lovelace", "- Ada Byron / @ada"), ["Ada Lovelace 1", "Ada Byron @ada 1"]),
        (("- Ada Lovelace", "- Ada Byron", "- Ada"),
         ["Ada Lovelace 1", "Ada Byron 1", "Ada 1"]),
        (("- Ada / @one", "- Ada / @two", "- Ada Lovelace"),
         ["Ada @one 1", "Ada @two 1", "Ada Lovelace 1"]),
        # Two lines of one list are two people.
        (("- Ada Lovelace\n- Ada",), ["Ada Lovelace 1", "Ada 1"]),
        (("- Ada / @ada\n- Ada Lovelace", "- Ada Lovelace"), ["Ada @ada 1", "Ada Lovelace 2"]),
        # Names with somebody else's handle are slips.
        (("- Bob / @bob", "- Bob / @bob", "- Ada Lovelace / @bob"), ["Bob @bob 3"]),
    ],
)  # fmt: skip
def test_one_person_has_one_entry(lists: tuple[str, ...], expected: list[str]) -> None:
    found = [
        " ".join(filter(None, (p.name, p.handle and f"@{p.handle.lower()}", str(len(p.attended)))))
        for p in people_of(*lists)
    ]
    assert sorted(found) == sorted(expected)


def test_a_first_name_joins_nobody_of_another_series() -> None:
    text = "## 2025-12-16\n\n### Check-in\n\n- {}\n"
    meetings = [
        (page, read(text.format(line), 2025).meetings[0])
        for page, line in (("a", "Ada / @ada-l"), ("a2", "Ada"), ("b", "Ada"), ("b2", "Ada Byron"))
    ]
    who = register(meetings, series={"a": "a", "a2": "a", "b": "b", "b2": "b"})
    found = archive.people(meetings, who)
    assert {person.name: [m.page for m in person.attended] for person in found} == {
        "Ada": ["a", "a2"],
        "Ada Byron": ["b", "b2"],
    }


def test_a_community_says_who_is_who(site) -> None:
    text = "## 2025-{:02}-16\n\n### Check-in\n\n- {}\n\n"
    lines = ("Ada / @old", "Countess / @ada-l", "A. Lovelace", "Bob", "Zelda", "Zelhid / @zzz")
    site.write("notes/2025.md", "".join(text.format(i + 1, line) for i, line in enumerate(lines)))
    roles = "{cafe:person}`Ada Lovelace` {cafe:person}`ada-l` {cafe:person}`old`"
    people = "```{cafe:people}\n```\n"
    site.write("page.md", f"---\norphan: true\n---\n# P\n\n{roles}\n\n{people}")
    site.write("community.yaml", "name: A\npeople:\n  Ada Lovelace: [old, '@ada-l', A. Lovelace]\n"
               "  Zelda: ['@zzz']\nprivacy:\n  hide_people: [zelda]\n")  # fmt: skip
    site.write("conf.py", f'{CONF}cafe_community = "community.yaml"\n{SEARCH}')
    build = site.build()
    entries = [
        item.p.get_text() for item in build.article("page.html").select(".cafe-persons > li")
    ]
    assert entries == ["Ada Lovelace @old", "Bob"]
    links = build.article("page.html").select("p > a[href^='#person-']")
    assert [link["href"] for link in links] == ["#person-old"] * 3
    for path in build.outdir.parent.rglob("*"):
        if path.is_file():
            assert b"zelhid" not in path.read_bytes().lower(), path
    site.write("conf.py", f"{CONF}cafe_people = {{'Ada': ['a / b'], 'Bob': ['ada']}}\n")
    with pytest.raises(ConfigError, match=r"(?s)one name or one handle.*one of 'Ada' already"):
        site.build()


@pytest.mark.parametrize("lines", [*SPELLINGS, sum(SPELLINGS, ())])
def test_every_person_is_found_by_the_search_and_by_role(site, lines: tuple[str, ...]) -> None:
    hidden = "- Zelda Hid / @zelhid\n- Nobody\n\n"
    for order, year in ((1, 2024), (-1, 2025)):
        text = "".join(
            f"## {year}-{i + 1:02}-02\n\n### Check-in\n\n{line}\n{hidden}"
            for i, line in enumerate(lines[::order][:12])
        )
        site.write(f"notes/{year}.md", text)
    names = [line[2:].partition("(")[0].rpartition("/")[2].strip() for line in lines]
    roles = " ".join(f"{{cafe:person}}`{name}`" for name in names)
    site.write("page.md", f"---\norphan: true\n---\n# P\n\n{roles}\n\n```{{cafe:people}}\n```\n")
    site.write("conf.py", f'{CONF}cafe_hide_people = ["zelhid", "nobody"]\n{SEARCH}')
    build = site.build()
    page = build.article("page.html")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    links = page.select("p > a[href^='#person-']")
    assert len(links) == len(names)
    for link in links:
        assert ids.count(link["href"][1:]) == 1


def test_a_topic_belongs_to_nobody_if_two_have_the_name() -> None:
    text = (
        "## 2025-12-16\n\n### Check-in\n\n- Ada One / @one\n- Ada Two / @two\n- Bob\n\n"
        "### Agenda\n\n- **Ada:** Looms\n- **Ada Two & Bob:** Mills\n- **@one:** Cards\n"
    )
    found = archive.people([("2025", read(text, 2025).meetings[0])])
    assert {person.name: [mention.title for mention in person.spoke] for person in found} == {
        "Ada One": ["Cards"],
        "Ada Two": ["Mills"],
        "Bob": ["Mills"],
    }


# --- anchors ----------------------------------------------------------------------------------

TAGS = ["C", "C++", "C#", ".c", "c c", "c-c", "C/C", "é", "e", "🎉", "🎈", "a" * 50, "a" * 60]
REPOSITORIES = [
    "a/b",
    "a/b-1",
    "a/b.c",
    "a/b-c",
    "a/b_c",
    "a-b/c",
    "a-b",
    "a/b-ghsa-2222-2222",
    "a/2",
]


def test_tags_have_anchors_of_their_own() -> None:
    assert len({archive.tag_anchor(tag) for tag in TAGS}) == len(TAGS)
    assert archive.tag_anchor("C++") == archive.tag_anchor("c++")
    assert archive.tag_anchor("road-map") == "tag-road-map"


def test_repositories_and_references_have_anchors_of_their_own() -> None:
    anchors = [archive.repository_anchor(name) for name in REPOSITORIES]
    anchors += [
        archive.reference_anchor(Reference(name, number, "issues"))
        for name in REPOSITORIES
        for number in ("1", "2222", "GHSA-2222-2222-2222")
    ]
    assert len(set(anchors)) == len(anchors)


def test_an_anchor_has_only_what_every_builder_takes() -> None:
    for tag in TAGS:
        assert archive.tag_anchor(tag).replace("-", "").isalnum()


def test_tags_that_look_alike_lead_to_places_of_their_own(site) -> None:
    site.write("notes/2025.md", "---\ntags: [C#]\n---\n\n## 2025-12-16\n\n**Tags:** C, C++\n")
    site.write(
        "page.md",
        "---\norphan: true\n---\n# P\n\n{cafe:tag}`c` {cafe:tag}`C++` {cafe:tag}`c#`\n\n"
        "```{cafe:tags}\n```\n",
    )
    page = site.build().article("page.html")
    targets = [link["href"][1:] for link in page.select("p > a[href^='#tag-']")]
    titles = [page.find(id=target).h2.contents[0] for target in targets]
    assert titles == ["c", "c++", "c#"]


# --- lists that are on a page twice -----------------------------------------------------------


def ids_of(page) -> list[str]:
    return [element["id"] for element in page.select("[id]")]


@pytest.fixture
def doubled(site):
    """Return a site with every list on two pages, and parts of lists among them."""
    for year in (2024, 2025):
        site.write(
            f"notes/{year}.md",
            f"---\ntags: [year]\n---\n\n## {year}-12-16\n\n**Tags:** looms\n\n"
            "### Check-in\n\n- Ada / @ada\n\n### Agenda\n\n- **Ada:** a/b#1\n- Decision: Weave\n",
        )
    options = (":series: .\n:year: 2025\n", ":limit: 1\n", "", "", ":limit: 1\n", ":year: 2024\n")
    lists = "".join(
        f"```{{cafe:{kind}}}\n{option if kind not in ('archive', 'latest') else ''}```\n\n"
        for option in options
        for kind in KINDS
    )
    roles = "{cafe:person}`ada` {cafe:ref}`a/b#1` {cafe:tag}`looms`\n\n"
    site.write("notes/index.md", f"# Archive\n\n{roles}{lists}")
    site.write("conf.py", f"{CONF}cafe_pages = ['more.md']\n")
    site.write("notes/more.md", f"# More\n\n## Archive 2025\n\n{roles}{lists}")
    site.write("index.md", "# Home\n\n```{toctree}\nnotes/more\nnotes/index\n```\n")
    return site


@pytest.mark.parametrize("builder", ["html", "singlehtml"])
def test_lists_may_be_on_a_page_more_than_once(doubled, builder: str) -> None:
    build = doubled.build(builder, warnings=True)
    assert not [line for line in build.warnings if "archive" not in line]
    pages = ["index.html"] if builder == "singlehtml" else ["notes/index.html", "notes/more.html"]
    for path in pages:
        ids = ids_of(build.html(path))
        assert len(ids) == len(set(ids))
    page = build.html(pages[0])
    for kind, text in (("person-ada", "@ada"), ("discussed-a-b-1", "#1"), ("tag-looms", "looms")):
        (link, *_) = page.select(f"p > a[href$='#{kind}']")
        place = page.find(id=link["href"][1:])
        # A list of all meetings.
        assert text in place.get_text()
        assert "2025-12-16" in place.get_text()
        assert "2024-12-16" in place.get_text()


def test_lists_on_two_pages_of_one_document_keep_their_anchors(doubled) -> None:
    build = doubled.build("latex", warnings=True)
    (tex,) = build.outdir.glob("*.tex")
    text = tex.read_text(encoding="utf-8")
    for page in ("notes/index", "notes/more"):
        assert text.count(rf"\label{{\detokenize{{{page}:tag-looms}}}}") == 1
