"""References of a meeting to GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ConfigError

from cafe_site.community import CommunityError, read_community
from cafe_site.community.model import FORGES as KNOWN_FORGES
from cafe_site.notes.archive import discussed, reference_anchor
from cafe_site.notes.reader import read
from cafe_site.notes.reference_links import Forges
from cafe_site.notes.references import SOFTWARE, split_address

from .conftest import CONF

if TYPE_CHECKING:
    from cafe_site.notes.model import Meeting


FORGES = Forges({"lab.example": "gitlab", "berg.example": "gitea", "corp.example": "github"})


def meeting(text: str, forges: Forges | None = None) -> Meeting:
    """Read a text as the notes of one meeting."""
    return read(f"## 2025-12-16\n\n{text}", 2025, forges=forges).meetings[0]


def names(text: str, forges: Forges | None = None) -> list[str]:
    """Return the short names of a text's references."""
    return [reference.name for reference in meeting(text, forges).references]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://github.com/a/b/issues/1", "a/b#1"),
        ("<https://github.com/a/b/pull/1/files#diff-3>", "a/b#1"),
        ("[words](https://github.com/a/b.c/discussions/1?sort=new)", "a/b.c#1"),
        ("![words](https://github.com/a/b/pull/1)", "a/b#1"),
        ("[words][1]\n\n[1]: http://www.github.com/a/b/pull/1", "a/b#1"),
        ("https://github.com/orgs/a/discussions/1", "a#1"),
        (
            "https://github.com/a/b/security/advisories/GHSA-7R3H-4ph8-w38g",
            "a/b#GHSA-7r3h-4ph8-w38g",
        ),
        ("see a/b#1, please", "a/b#1"),
        ("(a/b#1)", "a/b#1"),
        ("(https://github.com/a/b/issues/1)", "a/b#1"),
        ("(see https://github.com/a/b/issues/1).", "a/b#1"),
        ("PRhttps://github.com/a/b/pull/1, soon", "a/b#1"),
        ("issue:https://github.com/a/b/issues/1", "a/b#1"),
        ("see github.com/a/b/issues/1#issuecomment-2.", "a/b#1"),
        ("www.github.com/a/b/issues/1", "a/b#1"),
        ("https://github.com/a/b/pulls/1", "a/b#1"),
        ("### Planning of a/b#1", "a/b#1"),
    ],
)
def test_what_is_a_reference(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/a/b",
        "https://github.com/a/b/issues",
        "https://github.com/a/b/issues/new",
        "https://github.com/a/b/issues/1st",
        "https://github.com/a/b/issues?q=is:open",
        "https://github.com/orgs/a/projects/1",
        "https://github.com.example.org/a/b/issues/1",
        "https://example.org/?u=https://github.com/a/b/issues/1",
        "`https://github.com/a/b/issues/1`",
        "```\nhttps://github.com/a/b/issues/1\n```",
        "#12 and b#12",
        "https://example.org/github.com/a/b/issues/1",
        "notgithub.com/a/b/issues/1",
        "me@github.com/a/b/issues/1",
        "x/a/b#1 and a/b#x",
        "https://example.org/a/b#1",
        "[a/b#1](https://example.org/)",
    ],
)
def test_what_is_none(text: str) -> None:
    assert names(text) == []


def test_a_reference_has_the_address_of_the_whole_thing() -> None:
    for address in (
        "https://github.com/a/b/issues/1",
        "https://github.com/orgs/a/discussions/1",
        "https://github.com/a/b/security/advisories/GHSA-7r3h-4ph8-w38g",
    ):
        found = split_address(f"{address}#issuecomment-1")
        assert found is not None
        assert (found[0].address, found[1]) == (address, "#issuecomment-1")


def test_a_reference_knows_its_section_or_agenda_item() -> None:
    found = meeting(
        "a/b#1\n\n### Agenda\n\na/b#2\n\n- **Ada:** Looms\n  - a/b#3\n- plain\n  - a/b#4\n\n"
        "a/b#5\n\n### Cards\n\na/b#1 a/b#1 A/B#1\n"
    )
    assert [(r.name, r.anchor) for r in found.references] == [
        ("a/b#1", "2025-12-16"),
        ("a/b#2", "2025-12-16-agenda"),
        ("a/b#3", "2025-12-16-agenda-looms"),
        ("a/b#4", "2025-12-16-agenda-plain"),
        ("a/b#5", "2025-12-16-agenda"),
        ("a/b#1", "2025-12-16-cards"),
    ]


def test_topics_have_the_anchors_of_their_headings_and_items() -> None:
    found = meeting("- **Ada:** First\n\n### Agenda\n\n- **Ada:** Looms\n\n### Cards\n\nText.\n")
    assert [(topic.title, topic.anchor) for topic in found.topics] == [
        ("Ada: Looms", "2025-12-16-agenda-looms"),
        ("Cards", "2025-12-16-cards"),
    ]


def test_agenda_items_are_anchors_on_the_page(year_page) -> None:
    page = year_page("## 2025-12-16\n\n### Agenda\n\n- **Ada:** Looms\n- **Ada:** Looms\n")
    items = page.select("#\\32 025-12-16-agenda li")
    assert [item.get("id") for item in items] == [
        "2025-12-16-agenda-looms",
        "2025-12-16-agenda-looms-2",
    ]


# --- numbers alone ------------------------------------------------------------------------

REPOSITORY = "https://github.com/a/b/issues/99"


@pytest.mark.parametrize(
    "text",
    [
        "#12",
        "(#12)",
        "See #12, please.",
        "gh-12",
        "GH-12",
        "PR 12",
        "PR #12",
        "PR-12",
        "pull request 12",
        "Issue 12",
        "issue #12",
        "b#12",
    ],
)
def test_a_number_refers_to_the_only_repository_around(text: str) -> None:
    assert names(f"{REPOSITORY}\n\n{text}\n") == ["a/b#99", "a/b#12"]
    assert names(text) == []
    assert names(text, Forges(repository="a/b")) == ["a/b#12"]


@pytest.mark.parametrize(
    "text",
    [
        "#1 priority",
        "Topic #2",
        "Issue 1: looms",
        "`#12`",
        "#336699",
        "&#12;",
        "#12px",
        "#12-a",
        "C#12",
        "v1.2#12.3",
        "issue 2025",
        "12 issues",
        "PR 12.5",
        "PR 50%",
        "[#12](https://example.org/)",
        "https://example.org/#12",
        "```\n#12\n```",
        "!12",
        "c#12",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert names(f"{REPOSITORY}\n\n{text}\n") == ["a/b#99"]


def test_of_several_repositories_the_closest_one_is_certain() -> None:
    text = (
        "c/d#1 #11\n\n### Looms\n\n- https://github.com/a/b/pull/2\n  - #12\n"
        "- https://github.com/a/e\n  - #13\n- #14\n\n### a/e\n\n- #15\n\n"
        "### a/e\n\n- [one](https://github.com/a/b/pull/2)\n  - #16\n- #17\n\n"
        "### CI/CD\n\n- #18\n"
    )
    assert [name for name in names(text) if name[-2] == "1"] == [
        "c/d#11",
        "a/b#12",
        "a/e#13",
        "a/b#14",
        "a/e#15",
        "a/b#16",
        "a/e#17",
    ]


def test_a_number_in_a_link_refers_to_the_repository_of_the_link() -> None:
    text = (
        "[Fix of issue #12](https://github.com/a/b/pull/13) [#14](https://github.com/a/b/commit/1)"
    )
    assert names(text) == ["a/b#13", "a/b#12", "a/b#14"]
    assert names("[#14](https://github.com/a)") == []


def test_the_repository_of_the_series_comes_before_what_other_sections_refer_to() -> None:
    text = "# Looms\n\n## Oil\n\na/b#2\n\n## Paint\n\n#12\n"
    assert names(text) == ["a/b#2", "a/b#12"]
    assert names(text, Forges(repository="c/d")) == ["a/b#2", "c/d#12"]


def test_of_two_repositories_in_an_item_neither_is_certain() -> None:
    one, two = "https://github.com/a/b/pull/2", "https://github.com/a/c/pull/2"
    assert names(f"- {one} {two}\n  - #12\n") == ["a/b#2", "a/c#2"]
    found = names(f"- {one} {two}\n  - #12\n", Forges(repository="a/b"))
    assert found == ["a/b#2", "a/c#2", "a/b#12"]


def test_a_repository_is_known_by_its_name_if_there_is_one_owner() -> None:
    one, two = "https://github.com/a/b/pull/2", "https://github.com/c/b/pull/2"
    assert names(f"{one} {one} b#3") == ["a/b#2", "a/b#3"]
    assert names(f"{one} {two} b#3") == ["a/b#2", "c/b#2"]


def test_references_in_the_text_are_links_on_the_page(year_page) -> None:
    page = year_page(
        "## 2025-12-16\n\n### Looms #12\n\nhttps://github.com/A/b/pull/2, #13 and "
        "github.com/A/b/pull/3/files, **PR 14**, `#15`.\n"
    )
    section = page.select_one("#\\32 025-12-16-looms-12")
    assert section.p.get_text() == ("A/b#2, #13 and github.com/A/b/pull/3/files, PR 14, #15.")
    assert [link["href"] for link in section.select("h3 a:not(.headerlink), p a")] == [
        "https://github.com/A/b/issues/12",
        "https://github.com/A/b/pull/2",
        "https://github.com/A/b/issues/13",
        "https://github.com/A/b/pull/3",
        "https://github.com/A/b/pull/14",
    ]


def test_references_after_the_name_of_a_speaker_are_links(year_page) -> None:
    page = year_page("## 2025-12-16\n\n### Agenda\n\n- **Ada (5m):** Looms, a/b#12\n")
    (link,) = page.select("#\\32 025-12-16-agenda-looms-a-b-12 a:not(.headerlink)")
    assert (link["href"], link.get_text()) == ("https://github.com/a/b/issues/12", "a/b#12")


# --- other forges -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("https://lab.example/a/b/-/issues/1#note_2", "a/b#1", "https://lab.example/a/b/-/issues/1"),
        (
            "https://lab.example/a/b/c/-/merge_requests/1/diffs",
            "a/b/c!1",
            "https://lab.example/a/b/c/-/merge_requests/1",
        ),
        ("https://lab.example/a/b/issues/1", "a/b#1", "https://lab.example/a/b/-/issues/1"),
        ("lab.example/a/b/-/work_items/1", "a/b#1", "https://lab.example/a/b/-/issues/1"),
        ("https://berg.example/a/b/issues/1", "a/b#1", "https://berg.example/a/b/issues/1"),
        ("https://berg.example/a/b/pulls/1", "a/b#1", "https://berg.example/a/b/pulls/1"),
        ("https://corp.example/a/b/pull/1", "a/b#1", "https://corp.example/a/b/pull/1"),
    ],
)  # fmt: skip
def test_addresses_on_other_forges(text: str, name: str, address: str) -> None:
    (found,) = meeting(text, FORGES).references
    assert (found.name, found.address) == (name, address)
    assert names(text) == []


def test_numbers_on_other_forges() -> None:
    text = "https://lab.example/a/b/-/issues/1\n\n#12, !13, MR 14, PR 15\n"
    assert [reference.address for reference in meeting(text, FORGES).references] == [
        "https://lab.example/a/b/-/issues/1",
        "https://lab.example/a/b/-/issues/12",
        "https://lab.example/a/b/-/merge_requests/13",
        "https://lab.example/a/b/-/merge_requests/14",
        "https://lab.example/a/b/-/merge_requests/15",
    ]


def test_the_same_number_on_two_hosts_is_not_the_same() -> None:
    text = (
        "a/b#1 https://lab.example/a/b/-/issues/1 https://lab.example/a/b/-/merge_requests/1 "
        "https://berg.example/a/b/pulls/1 https://berg.example/A/B/issues/1\n"
    )
    found = meeting(text, FORGES).references
    assert [(reference.project, reference.short) for reference in found] == [
        ("a/b", "#1"),
        ("lab.example/a/b", "#1"),
        ("lab.example/a/b", "!1"),
        ("berg.example/a/b", "#1"),
    ]
    assert len({reference_anchor(reference) for reference in found}) == 4


# --- parts --------------------------------------------------------------------------------


def test_a_reference_knows_the_part_of_the_meeting() -> None:
    found = meeting(
        "a/b#1\n\n### Check-in\n\na/b#2\n\n### Shout-outs\n\na/b#3\n\n#### To Ada\n\na/b#4\n\n"
        "### Agenda\n\na/b#5\n\n### Looms\n\na/b#6\n"
    )
    assert [reference.part for reference in found.references] == [
        "agenda",
        "introductions",
        "celebrations",
        "celebrations",
        "agenda",
        "agenda",
    ]


def test_the_index_lists_agendas_first() -> None:
    meetings = read(
        "## 2025-12-16\n\n### Kudos\n\na/b#1 a/b#2\n\n### Looms\n\na/b#2\n\n"
        "## 2025-12-02\n\na/b#1 a/b#2\n",
        2025,
    ).meetings
    found = discussed(("2025", meeting) for meeting in meetings)
    assert [[mention.anchor for mention in item.mentions] for item in found.values()] == [
        ["2025-12-02", "2025-12-16-kudos"],
        ["2025-12-16-looms", "2025-12-02"],
    ]


# --- settings -----------------------------------------------------------------------------

COMMUNITY = """\
name: Looms
forges: {lab.example: gitlab}
schedule:
  - id: looms
    rrule: FREQ=WEEKLY;BYDAY=TU
    time: 11:00
    timezone: UTC
    first: 2025-01-07
    repository: lab.example/a/b/c
"""


def test_a_community_names_its_forges_and_the_repository_of_a_series(site) -> None:
    site.write("community.yaml", COMMUNITY)
    site.write("conf.py", CONF + 'cafe_community = "community.yaml"\n')
    index = "# Home\n\n```{cafe:discussed}\n```\n\n```{toctree}\nnotes/index\n```\n"
    site.write("index.md", index)
    url = "https://lab.example/a/b/c/-/issues/12"
    site.write("notes/2025.md", f"## 2025-12-16\n\n#12, !13, {url}\n")
    build = site.build()
    links = build.article("notes/2025.html").select("p a[href^='https:']")
    assert [(link["href"], link.get_text()) for link in links] == [
        (url, "#12"),
        ("https://lab.example/a/b/c/-/merge_requests/13", "!13"),
        (url, "a/b/c#12"),
    ]
    (section,) = build.article("index.html").select("section.cafe-group")
    assert section.h2.get_text().startswith("lab.example/a/b/c")
    assert [a.get_text() for a in section.select("li > p > a[href^='https:']")] == ["!13", "#12"]

    without = COMMUNITY.replace("lab.example: gitlab", "")
    with pytest.raises(CommunityError, match=r"'lab\.example' must be one of 'forges'"):
        read_community(without)
    site.write("community.yaml", without.replace("lab.example/a/b/c", "a/b"))
    site.write("notes/2025.md", f"## 2025-12-16\n\n{url}\n")
    (link,) = site.build().article("notes/2025.html").select("p a[href^='https:']")
    assert link.get_text() == url


def test_conf_py_names_them_too(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n\n#12\n")
    options = {
        "cafe_forges": {"berg.example": "gitea"},
        "cafe_repositories": {"": "berg.example/a/b"},
    }
    (link,) = (
        site.build(overrides=options).article("notes/2025.html").select("p a[href^='https:']")
    )
    assert link["href"] == "https://berg.example/a/b/issues/12"
    with pytest.raises(ConfigError, match="cafe_forges: 'git' must be github, gitlab or gitea"):
        site.build(overrides={"cafe_forges": {"berg.example": "git"}})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("forges: [gitlab.com]", "forges: must be a mapping, not a list"),
        (
            "forges: {gitlab.com: git}",
            "forges.'gitlab.com': 'git' must be github, gitlab or gitea",
        ),
        ("forges: {'https://gitlab.com': gitlab}", "must be a host name in lowercase"),
        ("forges: {github.com: github}", "is known already; leave it out"),
    ],
)
def test_invalid_forges_are_reported(text: str, problem: str) -> None:
    with pytest.raises(CommunityError) as error:
        read_community(f"name: Example\n{text}\n")
    assert problem in str(error.value)


def test_an_invalid_repository_is_reported() -> None:
    for value in ("numpy", "https://github.com/a/b", "a/..", "a b/c"):
        with pytest.raises(CommunityError, match=r"schedule\[0\].repository: .* must be a repos"):
            read_community(COMMUNITY.replace("lab.example/a/b/c", f"'{value}'"))


def test_the_settings_know_the_forges_that_the_reader_knows() -> None:
    assert KNOWN_FORGES == SOFTWARE
