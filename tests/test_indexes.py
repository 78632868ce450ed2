"""The indexes of an archive: issues, people and tags; and what is kept out of them."""

from __future__ import annotations

import pytest

from cafe_site.notes import archive
from cafe_site.notes.model import Privacy
from cafe_site.notes.reader import read

from .samples import NEW, OLD

ISSUE = "https://github.com/jupyter/hub/issues/12"
PAGE = "# Index\n\n```{{cafe:{}}}\n```\n"


@pytest.fixture
def archive_site(site):
    """Return a site with two years and a page for each index."""
    site.write("notes/2025.md", NEW)
    site.write("notes/2024.md", OLD)
    for kind in ("discussed", "people", "tags"):
        site.write(f"notes/{kind}.md", PAGE.format(kind))
    site.write(
        "index.md",
        "# Home\n\n```{toctree}\nnotes/index\nnotes/discussed\nnotes/people\nnotes/tags\n```\n",
    )
    return site


def links(element) -> list[tuple[str, str]]:
    """Return the texts and addresses of the links within an element."""
    return [(a.get_text(), a["href"]) for a in element.select("a:not(.headerlink)")]


def test_issues_are_listed_by_repository_with_their_meetings(archive_site) -> None:
    page = archive_site.build().article("notes/discussed.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2")] == ["a/b", "Jupyter/Hub"]
    assert links(page.find(id="discussed-jupyter-hub")) == [
        ("#12", "https://github.com/Jupyter/Hub/pull/12"),
        ("2025-12-16", "2025.html#2025-12-16-agenda-engines"),
        ("2024-03-19", "2024.html#2024-03-19-looms"),
        ("#9", "https://github.com/jupyter/hub/issues/9"),
        ("2025-12-16", "2025.html#2025-12-16-agenda-cards-jupyter-hub-9"),
    ]
    assert "2025-12-16 Engines" in page.get_text()


def test_a_reference_says_where_else_it_came_up(archive_site) -> None:
    built = archive_site.build()
    (also,) = built.article("notes/2025.html").select(".cafe-also")
    assert also.get_text() == " (also in 2024-03-19)"
    assert links(also) == [("2024-03-19", "2024.html#2024-03-19-looms")]
    (also,) = built.article("notes/2024.html").select(".cafe-also")
    assert links(also) == [("2025-12-16", "2025.html#2025-12-16-agenda-engines")]


def test_a_reference_names_the_newest_meetings_only(site) -> None:
    dates = [f"2025-0{month}-02" for month in range(6, 0, -1)]
    site.write("notes/2025.md", "".join(f"## {date}\n\n<{ISSUE}> <{ISSUE}>\n\n" for date in dates))
    page = site.build().article("notes/2025.html")
    texts = [also.get_text() for also in page.select(".cafe-also")]
    assert texts[0] == " (also in 2025-05-02, 2025-04-02, 2025-03-02, and 2 more)"
    assert texts[-1] == " (also in 2025-06-02, 2025-05-02, 2025-04-02, and 2 more)"
    assert len(texts) == 6


def test_people_are_listed_with_their_topics_and_meetings(archive_site) -> None:
    page = archive_site.build().article("notes/people.html")
    people = page.select("ul.cafe-persons > li")
    names = [person.p.get_text() for person in people]
    assert names == ["Ada Lovelace @Ada-L", "Bob @bob", "Cleo"]
    assert links(people[0]) == [
        ("@Ada-L", "https://github.com/Ada-L"),
        ("2025-12-16", "2025.html#2025-12-16-agenda-engines"),
        ("2025-12-16", "2025.html#2025-12-16"),
        ("2024-03-19", "2024.html#2024-03-19"),
    ]
    assert people[0].summary.get_text() == "Present at 2 meetings"
    for person in people[1:]:
        assert "Cards jupyter/hub#9" in person.get_text()


def test_tags_are_listed_with_their_years_and_meetings(archive_site) -> None:
    page = archive_site.build().article("notes/tags.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2")] == ["cafe", "roadmap"]
    assert links(page.find(id="tag-cafe")) == [("Notes 2025", "2025.html#notes-2025")]
    assert links(page.find(id="tag-roadmap")) == [
        ("2025-12-16", "2025.html#2025-12-16"),
        ("2024-03-19", "2024.html#2024-03-19"),
    ]


@pytest.mark.parametrize("kind", ["discussed", "people", "tags"])
def test_an_index_of_one_series_and_year(archive_site, kind: str) -> None:
    archive_site.write("notes/team/2025.md", NEW.replace("@bob", "@dan"))
    directive = f"```{{cafe:{kind}}}\n:series: .\n:year: 2025\n```\n"
    archive_site.write(f"notes/{kind}.md", f"# Index\n\n{directive}")
    page = archive_site.build().article(f"notes/{kind}.html")
    targets = {a["href"].partition("#")[0] for a in page.select("li a.internal")}
    assert targets == {"2025.html"}


# --- parts of indexes -------------------------------------------------------------------------

LIMITED = "# Index\n\n```{{cafe:{}}}\n:limit: {}\n```\n"


def test_a_few_issues_are_those_of_the_newest_meetings(archive_site) -> None:
    archive_site.write("notes/discussed.md", LIMITED.format("discussed", 2))
    page = archive_site.build().article("notes/discussed.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2")] == ["Jupyter/Hub"]
    assert [a.get_text() for a in page.select(".cafe-index > li > p > a")] == ["#12", "#9"]
    # With all meetings that they came up in, older ones too.
    assert "2024-03-19" in page.get_text()
    assert page.select_one("p.cafe-more").get_text() == "and 1 more"


def test_a_few_people_are_those_who_were_there_most_often_in_the_usual_order(site) -> None:
    lists = ["Cleo", "Bob", "Ada"], ["Cleo", "Bob"], ["Cleo", "Dan"]
    site.write(
        "notes/2025.md",
        "".join(
            f"## 2025-12-0{day}\n\n### Check-in\n\n"
            + "".join(f"- {name}\n" for name in names)
            + "\n"
            for day, names in enumerate(lists, 1)
        ),
    )
    site.write("index.md", f"{LIMITED.format('people', 2)}\n```{{toctree}}\nnotes/index\n```\n")
    page = site.build().article("index.html")
    assert [name.get_text() for name in page.select("ul.cafe-persons strong")] == ["Bob", "Cleo"]
    assert page.select_one("p.cafe-more").get_text() == "and 2 more"


def test_a_few_tags_are_those_that_are_used_most_in_the_usual_order(archive_site) -> None:
    archive_site.write("notes/tags.md", LIMITED.format("tags", 1))
    page = archive_site.build().article("notes/tags.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2")] == ["roadmap"]
    assert page.select_one("p.cafe-more").get_text() == "and 1 more"


def test_each_list_of_outcomes_has_a_few_lines(site) -> None:
    actions = "".join(f"- Action: thing {number}\n" for number in range(3))
    site.write("notes/2025.md", f"## 2025-12-16\n\n{actions}- Decision: yes\n- Decision: no\n")
    site.write("index.md", f"{LIMITED.format('outcomes', 2)}\n```{{toctree}}\nnotes/index\n```\n")
    page = site.build().article("index.html")
    found = [
        (
            section.h2.get_text().rstrip("¶"),
            [line.get_text().strip() for line in section.select("li")],
            [more.get_text() for more in section.select("p.cafe-more")],
        )
        for section in page.select("section section")
    ]
    assert found == [
        ("Open actions", ["2025-12-16 thing 0", "2025-12-16 thing 1"], ["and 1 more"]),
        ("Decisions", ["2025-12-16 yes", "2025-12-16 no"], []),
    ]


@pytest.mark.parametrize("kind", ["discussed", "outcomes", "people", "tags"])
def test_a_limit_that_is_not_reached_leaves_nothing_out(archive_site, kind: str) -> None:
    archive_site.write("notes/people.md", PAGE.format(kind))
    archive_site.write("notes/tags.md", LIMITED.format(kind, 99))
    archive_site.write("notes/discussed.md", "# Nothing\n")
    build = archive_site.build()
    whole, limited = (build.article(f"notes/{page}.html") for page in ("people", "tags"))
    texts = [page.select_one("section").get_text() for page in (whole, limited)]
    assert texts[0] == texts[1]
    assert limited.select(".cafe-more") == []


@pytest.mark.parametrize(
    ("kind", "role", "name"),
    [
        ("discussed", "ref", "jupyter/hub#12"),
        ("people", "person", "ada-l"),
        ("tags", "tag", "cafe"),
    ],
)
def test_roles_lead_to_a_whole_index_and_never_to_a_part(archive_site, kind, role, name) -> None:
    # On the same page, before the whole index, and on the page whose name is the first.
    part = LIMITED.format(kind, 9).partition("\n\n")[2]
    archive_site.write(f"notes/{kind}.md", f"# Index\n\n{part}\n{PAGE.format(kind)[9:]}")
    archive_site.write("a.md", f"---\norphan: true\n---\n# A\n\n{{cafe:{role}}}`{name}`\n\n{part}")
    build = archive_site.build()
    (link,) = [
        a for a in build.article("a.html").select("a") if f"notes/{kind}.html#" in a["href"]
    ]
    anchor = link["href"].partition("#")[2]
    page = build.html(f"notes/{kind}.html")
    assert len(page.find_all(id=anchor)) == 1
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    archive_site.write(f"notes/{kind}.md", f"# Index\n\n{part}")
    (warning,) = archive_site.build(warnings=True, doctreedir="fresh").warnings
    assert f"cafe:{role} reference target not found: {name}" in warning


def test_an_edit_updates_every_index_and_no_page_too_many(archive_site) -> None:
    before = archive_site.build().files()
    archive_site.write("notes/2025.md", NEW.replace("pull/12", "pull/13"))
    after = archive_site.build().files()
    # Sphinx's search data keeps words that are gone until the next build from nothing.
    del after["searchindex.js"]
    assert {p for p in after if before[p] != after[p] and p.endswith(".html")} == {
        "notes/2024.html",
        "notes/2025.html",
        "notes/discussed.html",
    }
    cold = archive_site.build(outdir="cold", doctreedir="cold-doctrees").files()
    del cold["searchindex.js"]
    assert after == cold


def test_a_line_more_in_a_year_changes_no_other_page(archive_site) -> None:
    before = archive_site.build().files()
    archive_site.write("notes/2025.md", NEW.replace("## 2025", "\nMore.\n\n## 2025"))
    after = archive_site.build()
    changed = {p for p, data in after.files().items() if before[p] != data and p.endswith(".html")}
    assert changed == {"notes/2025.html"}
    assert "people" not in after.status.partition("writing output")[2]


def test_names_that_differ_in_capital_letters_are_one_person() -> None:
    meetings = [("2025", m) for m in read(NEW, 2025).meetings + read(OLD, 2024).meetings]
    people = archive.people(meetings)
    assert [(p.name, p.handle, len(p.attended)) for p in people] == [
        ("Ada Lovelace", "Ada-L", 2),
        ("Bob", "bob", 1),
        ("Cleo", None, 1),
    ]


# --- privacy --------------------------------------------------------------------------------


def test_a_hidden_person_is_in_no_index_and_no_list(archive_site) -> None:
    built = archive_site.build(overrides={"cafe_hide_people": ["@ADA-L"]})
    for path, data in built.files().items():
        if path not in ("searchindex.js", "notes/2025.html") and "_static" not in path:
            assert b"Lovelace" not in data, path
            assert b"@ada-l" not in data.lower(), path
    page = built.article("notes/2025.html")
    people = page.select_one("details.cafe-people")
    assert [item.get_text().strip() for item in people.select("li")] == [
        "A participant",
        "Bob / @bob",
        "Cleo",
    ]
    assert people.summary.get_text() == "3 people"
    assert "Lovelace" not in page.get_text()
    assert "lovelace" not in (built.outdir / "searchindex.js").read_text(encoding="utf-8").lower()


def test_a_dropped_section_is_nowhere_on_the_site(archive_site) -> None:
    overrides = {"cafe_drop_sections": ["Ice breaker"]}
    built = archive_site.build(overrides=overrides)
    for path, data in built.files().items():
        assert b"secretword" not in data, path
    page = built.article("notes/2024.html")
    assert "Afterwards." in page.get_text()
    assert page.find(id="2024-03-19-ice-breaker") is None


def test_the_source_of_a_year_with_private_parts_is_taken_back(archive_site) -> None:
    source = archive_site.build().outdir / "_sources/notes/2024.md.txt"
    assert "secretword" in source.read_text(encoding="utf-8")
    built = archive_site.build(overrides={"cafe_drop_sections": ["Ice breaker"]})
    assert not source.exists()
    assert (built.outdir / "_sources/notes/people.md.txt").exists()


def test_hiding_keeps_lines_and_other_people() -> None:
    text = "## 2025-12-16\n\n### Check-in\n\n- Ada / @ada\n  - nested\n- Bob / @bob\n\nAfter.\n"
    (meeting,) = read(text, 2025, privacy=Privacy(frozenset({"ada"}))).meetings
    assert [(a.name, a.handle, a.hidden) for a in meeting.attendees] == [
        ("A participant", None, True),
        ("Bob", "bob", False),
    ]


# --- roles ------------------------------------------------------------------------------------


def test_roles_lead_to_meetings_people_issues_and_tags(archive_site) -> None:
    archive_site.write("notes/team/2021.md", "## 2021-11-18\n")
    archive_site.write(
        "roles.md",
        "---\norphan: true\n---\n# Roles\n\n"
        "{cafe:meeting}`2025-12-16` {cafe:meeting}`words <2024-03-19>`\n"
        "{cafe:meeting}`team/2021-11-18` {cafe:person}`@Ada-L` {cafe:ref}`jupyter/hub#12`\n"
        "{cafe:tag}`roadmap` {any}`2025-12-16`\n",
    )
    page = archive_site.build().article("roles.html")
    assert links(page) == [
        ("Tuesday, December 16, 2025", "notes/2025.html#2025-12-16"),
        ("words", "notes/2024.html#2024-03-19"),
        ("Thursday, November 18, 2021", "notes/team/2021.html#2021-11-18"),
        ("@Ada-L", "notes/people.html#person-ada-l"),
        ("jupyter/hub#12", "notes/discussed.html#discussed-jupyter-hub-12"),
        ("roadmap", "notes/tags.html#tag-roadmap"),
        ("Tuesday, December 16, 2025", "notes/2025.html#2025-12-16"),
    ]
    for _, address in links(page)[3:6]:
        path, _, anchor = address.partition("#")
        assert archive_site.build().article(path).find(id=anchor) is not None


@pytest.mark.parametrize("role", ["meeting", "person", "ref", "tag"])
def test_a_role_without_a_target_is_reported(archive_site, role: str) -> None:
    archive_site.write("roles.md", f"---\norphan: true\n---\n# Roles\n\n{{cafe:{role}}}`none`\n")
    (warning,) = archive_site.build(warnings=True).warnings
    assert f"roles.md:6: WARNING: cafe:{role} reference target not found: none" in warning


def test_other_projects_find_meetings_in_the_inventory(archive_site) -> None:
    from sphinx.util.inventory import InventoryFile

    data = (archive_site.build().outdir / "objects.inv").read_bytes()
    inventory = InventoryFile.loads(data, uri="https://example.org/")
    meeting = inventory["cafe:meeting", "2025-12-16"]
    assert meeting.uri == "https://example.org/notes/2025.html#2025-12-16"
    assert ("cafe:person", "ada-l") in inventory


@pytest.mark.parametrize("name", ["latest", "discussed", "outcomes", "people", "tags", "archive"])
def test_a_list_of_a_series_that_is_not_there_is_reported(site, name: str) -> None:
    site.write("notes/2025.md", NEW)
    use = f"```{{cafe:{name}}}\n:series: tema\n```\n"
    site.write("page.md", f"---\norphan: true\n---\n# P\n\n{use}")
    (warning,) = site.build(warnings=True).warnings
    assert "unknown series 'tema'; the series are: ." in warning
    assert "page.md:6" in warning


def test_people_without_a_handle_are_hidden_by_name(site) -> None:
    text = "## 2025-12-16\n\n### Check-in\n\n- Pat Doe\n- Pat / @pat-doe\n\n"
    site.write("notes/2025.md", f"{text}### Agenda\n\n- **Pat Doe (5m):** Looms\n")
    site.write("people.md", "---\norphan: true\n---\n# P\n\n```{cafe:people}\n```\n")
    build = site.build(overrides={"cafe_hide_people": ["pat doe"]})
    people = [item.text for item in build.article("people.html").select(".cafe-index strong")]
    assert people == ["Pat"]
    shown = build.article("notes/2025.html").select("details.cafe-people li")
    assert [item.text.strip() for item in shown] == ["A participant", "Pat / @pat-doe"]


@pytest.mark.parametrize(
    "lists",
    [
        "Room 1\n\n- Bob / @bob\n\nRoom 2\n\n- Ada / @ada\n",
        "* Bob / @bob\n- Ada / @ada\n",
        "- Bob / @bob\n\n### Attendees\n\n- Ada / @ada\n",
    ],
)
def test_people_are_hidden_in_every_list_of_a_meeting(site, lists: str) -> None:
    agenda = "### Agenda\n\n- **Ada (5m):** Looms\n- Ada spoke of mills\n"
    site.write("notes/2025.md", f"## 2025-12-16\n\n### Check-in\n\n{lists}\n{agenda}")
    build = site.build(overrides={"cafe_hide_people": ["ada"]}, warnings=True)
    page = build.article("notes/2025.html")
    assert "@ada" not in page.text
    assert page.text.count("A participant") == 2
    # It may be another Ada, or a language.
    assert "may belong to a person who asked not to be named" in build.warnings[0]
    assert "Ada spoke of mills" in page.text
    facts = (build.outdir / "meetings.json").read_text(encoding="utf-8")
    assert '"speaker": null' in facts
