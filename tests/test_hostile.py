"""Notes that somebody wrote to do harm: they show as text, and nothing else happens.

Most payloads stand in one year file, one meeting each, so that one build serves them all,
and each meeting also shows that its neighbors did it no harm.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.oracles import forbidden_markup
from tests.payloads import (
    FIRST_DAY,
    LONG,
    PAYLOADS,
    SHOWN_OTHERWISE,
    TODAY,
    Hostile,
    by_id,
    collisions,
    is_external,
    leaks,
    lost,
    new_site,
    warning,
    words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup

    from tests.conftest import Site


@pytest.fixture(scope="module", params=["years", "files"])
def hostile(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Hostile:
    """Return the built site with all payloads."""
    return Hostile(tmp_path_factory.mktemp("hostile"), layout=request.param)


# --- markup, links, directives --------------------------------------------------------


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_text_in_its_own_meeting(hostile: Hostile, name: str) -> None:
    meeting = hostile.meeting(name)
    assert lost(hostile.payload(name), meeting) <= SHOWN_OTHERWISE.get(name, set())
    # Its neighbors end and begin where they should.
    text = meeting.get_text()
    assert (text.count("headword"), text.count("leadword"), text.count("afterwards")) == (
        1,
        1,
        1 + PAYLOADS[name].count("afterwards"),
    )
    assert forbidden_markup(meeting) == set()


@pytest.mark.parametrize("name", PAYLOADS)
def test_links_of_a_payload_lead_to_the_web_or_to_the_page(hostile: Hostile, name: str) -> None:
    for link in hostile.meeting(name).find_all("a"):
        href = link["href"]
        if href.startswith("#"):
            hostile.target(name, href[1:])
        else:
            assert is_external(href)


def test_every_payload_has_its_meeting_and_no_meeting_is_invented(hostile: Hostile) -> None:
    found = [m["id"] for page in hostile.pages.values() for m in page.select(".cafe-meeting")]
    assert len(found) == len(PAYLOADS)


def test_payloads_are_nothing_to_warn_about_but_comments_and_phone_numbers(
    hostile: Hostile,
) -> None:
    kinds = {warning.rpartition("[cafe.")[2] for warning in hostile.build.warnings}
    assert kinds == {"template_text]", "phone_number]"}


def test_payloads_leak_no_file(hostile: Hostile) -> None:
    assert leaks(hostile.site) == []
    everything = b"".join(hostile.build.files().values())
    assert b"root:x:0" not in everything


def test_payloads_run_nothing(hostile: Hostile) -> None:
    assert not hostile.touched.exists()


def test_no_page_has_an_element_from_a_payload(hostile: Hostile) -> None:
    # Titles, people, topics and tags of meetings also stand on these.
    for page in ("index.html", "notes/index.html", *(f"{page}.html" for page in hostile.pages)):
        body = hostile.build.article(page)
        assert (
            body.select("script, iframe, style, form, svg, img, object, embed, base, meta, link")
            == []
        )
        for element in body.find_all(True):
            assert not [key for key in element.attrs if key.startswith("on")]
        head = hostile.build.html(page).head
        assert head.select("base, meta[http-equiv=refresh], [href*=evil], [src*=evil]") == []


def test_links_of_notes_tell_search_engines_that_they_are_not_ours(hostile: Hostile) -> None:
    links = [a for page in hostile.pages.values() for a in page.select("a.external")]
    people = [a for a in links if "cafe-person" in a["class"]]
    assert people
    for link in links:
        if "cafe-person" not in link["class"]:
            assert link["rel"] == ["nofollow", "ugc"]


@pytest.mark.parametrize(
    "text",
    [
        "![altword](https://good.example/x.png 'titleword')",
        "![altword](relative.png 'titleword')",
        "[clickword](relative.md 'titleword')",
        "[clickword](/absolute 'titleword')",
        "[![altword](https://good.example/x.png 'titleword')](https://good.example/)",
        "[clickword][ref]\n\n[ref]: relative.md 'titleword'",
        "[clickword](#2025-01-01 'titleword')",
        "![altword](#2025-01-01 'titleword')",
        "[clickword](#nowhere 'titleword')",
        "### [clickword](#2025-01-01 'titleword')",
        "### ![altword](relative.png 'titleword')",
        "- **[Minnie](https://good.example/ 'titleword') (5m):** spoke",
    ],
)
def test_titles_of_links_and_images_are_kept(year_page, text: str) -> None:
    page = year_page(f"# Notes\n\n## 2025-01-01\n\n{text}\n")
    assert lost("titleword", page) == set()


@pytest.mark.parametrize(
    "target", ["päth/dätei.md", "//höst/päth", "文件.md", "a%20b.md", "../%C3%BCber.md"]
)
def test_the_target_of_a_link_that_is_none_is_shown_as_typed(year_page, target: str) -> None:
    page = year_page(
        f"# Notes\n\n## 2025-01-01\n\n[clickword]({target})\n\n![altword]({target})\n"
    )
    assert page.get_text().count(target) == 2


@pytest.mark.parametrize(
    "text",
    [
        "![outer ![inner](innertarget.png)](outertarget.png)",
        "![outer [inner](innertarget.md)](outertarget.png)",
        "- **[Minnie](innertarget.md) (5m):** spoke",
        "- **![Minnie](innertarget.png) (5m):** spoke",
    ],
)
def test_targets_within_images_and_speakers_are_kept(year_page, text: str) -> None:
    page = year_page(f"# Notes\n\n## 2025-01-01\n\n{text}\n")
    assert lost("innertarget", page) == set()


@pytest.mark.parametrize(
    "heading",
    [
        "## 2025-01-01 [Planning](targetword.md)",
        "## 2025-01-01 [Planning](https://good.example/targetword)",
        "## 2025-01-01 ![Planning](targetword.png)",
        "## 2025-01-01 Planning <https://good.example/targetword>",
        "# [Notes](targetword.md)\n\n## 2025-01-01",
        "# [Notes](https://good.example/targetword)\n\n## 2025-01-01",
        "# [Notes](https://good.example/ 'targetword')\n\n## 2025-01-01",
        "# ![Notes](relative.png 'targetword')\n\n## 2025-01-01",
        "# [Notes](<> 'targetword')\n\n## 2025-01-01",
        "## 2025-01-01 [Planning](https://good.example/ 'targetword')",
        "## 2025-01-01 [Planning](#2025-01-01 'targetword')",
        "## 2025-01-01 [Planning](relative.md 'targetword')",
        "## 2025-01-01 ![a ![b ![c](c.png 'targetword')](b.png)](a.png)",
        "## 2025-01-01 [Planning][ref]\n\n[ref]: https://good.example/ 'targetword'",
        "## 2025-01-01 `https://github.com/owner/targetword/issues/1`",
    ],
)
def test_targets_in_titles_are_kept(year_page, heading: str) -> None:
    page = year_page(f"{heading}\n\ntext\n")
    assert lost("targetword", page) == set()


def test_surplus_cells_of_a_table_are_kept(year_page) -> None:
    table = "| one |\n| --- |\n| two | surplusword |\n| three | more | mostword |\n"
    page = year_page(f"# Notes\n\n## 2025-01-01\n\n{table}")
    assert lost("one two three more surplusword mostword", page) == set()


@pytest.mark.parametrize(
    ("before", "rest"),
    [
        ("", ""),
        ("  ", "  "),
        ("> ", "> "),
        ("- ", "  "),
        ("10. ", "    "),
        ("- > ", "  > "),
        ("> - ", ">   "),
        ("> [!NOTE]\n> ", "> "),
        ("[^x]: text\n\n    ", "    "),
    ],
)
def test_cells_of_a_table_are_shown_once_wherever_it_stands(
    year_page, before: str, rest: str
) -> None:
    rows = [
        "| headword | a |",
        "| - | - |",
        "| cellword | `code\\|pipeword` |",
        "| lastword | c | moreword |",
    ]
    table = before + f"\n{rest}".join(rows)
    page = year_page(f"# Notes\n\n## 2025-01-01\n\n{table}\n\nafterwards\n")
    assert page.select("table") != []
    for word in ("headword", "cellword", "pipeword", "lastword", "moreword", "afterwards"):
        assert page.get_text().count(word) == 1


@pytest.mark.parametrize("kind", ["NOTE", "WARNING", "DANGER", "note", "TIP]-"])
def test_words_beside_the_kind_of_an_alert_are_kept(year_page, kind: str) -> None:
    page = year_page(f"# Notes\n\n## 2025-01-01\n\n> [!{kind}] besideword\n> belowword\n")
    assert lost("besideword belowword", page) == set()


# --- front matter ---------------------------------------------------------------------

TOUCH = "{{ cycler.__init__.__globals__.os.system('touch @@TOUCH@@') }}"
BOMB = "a0: &a0 [laughword, laughword]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
# What the front matter says, and the line of the warning, or None for none.
FRONT_MATTER: dict[str, tuple[str, int | None]] = {
    "myst-substitutions": (
        f'myst:\n  enable_extensions: [substitution]\n  substitutions:\n    key: "{TOUCH}"\n',
        None,
    ),
    "myst-extensions": (
        "myst:\n  enable_extensions: [html_image, html_admonition, attrs_block, dollarmath]\n"
        "  html_meta:\n    refresh: 0\n  url_schemes: [javascript, file]\n"
        "  commonmark_only: false\n  disable_syntax: []\n  footnote_sort: true\n",
        None,
    ),
    "html-theme": ("html_theme.sidebar_secondary.remove: true\nhtml_theme: {x: y}\n", None),
    "orphan": ("orphan: true\ntocdepth: 0\nno-search: true\nnocomments: true\n", None),
    "jinja": (f'title: "{TOUCH}"\n', None),
    "html-title": ("title: <script>window.__pwned=80</script> entitled\n", None),
    "html-tags": ("tags: [<script>alert(81)</script>, '</main>']\n", None),
    "bomb": (BOMB, 3),
    "alias": ("title: &name text\ntags: *name\n", 3),
    "alias-to-itself": ("title: &name [*name]\n", 2),
    "merge": ("<<: {title: merged}\n", None),
    "tag-apply": ("title: !!python/object/apply:os.system ['touch @@TOUCH@@']\n", 2),
    "tag-new": ("a: 1\ntitle: !!python/object/new:os.system ['touch @@TOUCH@@']\n", 3),
    "tag-name": ("title: !!python/name:os.system\n", 2),
    "tag-module": ("title: !!python/module:antigravity\n", 2),
    "tag-binary": ("title: !!binary aGlkZGVu\n", 2),
    "tag-string": ("title: !!str texted\n", 2),
    "tag-own": ("title: !<tag:yaml.org,2002:python/object/apply:os.system> ['touch']\n", 2),
    "tag-set": ("tags: !!set {a, b}\n", 2),
    "key-twice": ("title: firstword\ntitle: secondword\n", 3),
    "key-twice-below": ("a:\n  b: firstword\n  b: secondword\n", 4),
    "title-list": ("title: [listed]\n", 2),
    "title-mapping": ("a: b\ntitle: {mapped: value}\n", 3),
    "tags-mapping": ("tags: {mapped: value}\n", 2),
    "tags-number": ("tags: 17\n", None),
    "tags-nested": ("tags: [[nested]]\n", 2),
    "huge-float": ("title: 1e999999\n", None),
    "nested-lists": ("a: " + "[" * 10_000 + "]" * 9_000 + "\n", 1),
    "nested-mappings": ("a: " + "{a: " * 4_000 + "\n", 1),
    "nested-blocks": ("- " * 8_000 + "deepword\n", 1),
    "nested-keys": ("? " * 8_000 + "deepword\n", 1),
    "too-long": ("title: " + "longword " * 125_000 + "\n", 1),
    "list": ("- listword\n- other\n", 1),
    "text": ("just proseword here\n", 1),
    "not-yaml": ("title: 'never closed\nother: lineword\n", 4),
    "not-yaml-colon": ("title: a: b\n", 2),
    "not-yaml-brace": ("title: {{ jinjaword }}\n", 2),
    "not-yaml-tab": ("\ttabbed: lineword\n", 2),
    "not-yaml-at": ("title: @handle\n", 2),
    "control-character": ("title: \x85\x86 controlword\n", 1),
    "directive": ("%YAML 9.9\n", 2),
    "complex-key": ("? [a, b]\n: value\n", 2),
    "numbers-as-keys": ("1: a\n2025-01-01: b\nnull: c\n", None),
    "empty": ("", None),
    "blank": ("\n\n", None),
}
# Titles of which YAML makes a number or a date, or cannot make one.
TITLES = {
    "no-such-day": "2025-13-45",
    "no-such-time": "2025-01-01 25:61:61",
    "no-such-zone": "2025-01-01 00:00:00 +99:99",
    "before-all-days": "0001-01-01 00:00:00 +10:00",
    "huge-number": "9" * 5000,
    "huge-binary-number": "0b" + "1" * 15_000,
    "huge-hexadecimal-number": "0x" + "f" * 15_000,
    "huge-sexagesimal-number": "1" + ":59" * 5000,
}


class FrontMatters:
    """A site with one series of notes for each front matter, built once.

    :param name: the name of all files: that of a year file, or of a meeting file
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.site = new_site(folder)
        self.touched = folder / "touched"
        for series in FRONT_MATTER:
            self.site.write(
                f"notes/{series}/{name}.md",
                f"---\n{self.source(series)}---\n\nintroword {{{{ key }}}}\n\n"
                "## 2025-12-16\n\nafterwards {{ key }} <b>tagged</b> [x](javascript:y) $math$\n",
            )
        for series, title in TITLES.items():
            self.site.write(
                f"notes/{series}/{name}.md",
                f"---\ntitle: {title}\n---\n\n## 2025-12-16\n\nafterwards\n",
            )
        self.build = self.site.build(overrides=TODAY, warnings=True)

    def source(self, name: str) -> str:
        return FRONT_MATTER[name][0].replace("@@TOUCH@@", str(self.touched))


@pytest.fixture(scope="module", params=["2025", "2025-12-16"])
def front_matters(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> FrontMatters:
    """Return the built site with all front matters."""
    return FrontMatters(tmp_path_factory.mktemp("front"), request.param)


@pytest.mark.parametrize("name", FRONT_MATTER)
def test_notes_below_any_front_matter_render_as_ever(
    front_matters: FrontMatters, name: str
) -> None:
    page = front_matters.build.article(f"notes/{name}/{front_matters.name}.html")
    assert "introword {{ key }}" in page.get_text()
    assert len(page.select("h1")) == 1
    meeting = by_id(page, "2025-12-16")
    assert "afterwards {{ key }} <b>tagged</b> [x](javascript:y) $math$" in meeting.get_text()
    expected = {"section", "h2", "p", "a"}
    if meeting.h1:  # the page of a meeting, with what cannot be read
        expected |= {"h1", "nav", "div", "pre", "span"}
    assert {element.name for element in meeting.find_all(True)} <= expected


@pytest.mark.parametrize("name", FRONT_MATTER)
def test_a_front_matter_that_cannot_be_read_is_reported_at_its_line(
    front_matters: FrontMatters, name: str
) -> None:
    path = f"notes/{name}/{front_matters.name}.md"
    line = FRONT_MATTER[name][1]
    found = [w for w in front_matters.build.warnings if str(front_matters.site.root / path) in w]
    if front_matters.name != "2025":
        # What cannot be read is the text of this meeting, and some of it is long.
        found = [w for w in found if not w.endswith("[cafe.unstructured]")]
    if line is None:
        assert found == []
    else:
        assert len(found) == 1
        assert warning(front_matters.site, path, line, "front_matter").fullmatch(found[0])
        assert len(found[0]) < 500


@pytest.mark.parametrize("name", [name for name, (_, line) in FRONT_MATTER.items() if line])
def test_a_front_matter_that_cannot_be_read_is_shown(
    front_matters: FrontMatters, name: str
) -> None:
    source = front_matters.source(name)
    page = front_matters.build.article(f"notes/{name}/{front_matters.name}.html")
    assert {word for word in words(source) if word not in page.get_text()} == set()


@pytest.mark.parametrize("name", TITLES)
def test_a_title_that_yaml_cannot_read_is_shown_somewhere(
    front_matters: FrontMatters, name: str
) -> None:
    page = front_matters.build.article(f"notes/{name}/{front_matters.name}.html")
    assert {word for word in words(TITLES[name]) if word not in page.get_text()} == set()
    assert "afterwards" in by_id(page, "2025-12-16").get_text()
    path = str(front_matters.site.root / f"notes/{name}/{front_matters.name}.md")
    for found in front_matters.build.warnings:
        if path in found:
            assert re.match(re.escape(path) + r":[12]: WARNING: .+ \[cafe\.front_matter\]$", found)


def test_every_warning_about_front_matter_is_one_line_of_our_own(
    front_matters: FrontMatters,
) -> None:
    ours = ["front_matter"] if front_matters.name == "2025" else ["front_matter", "unstructured"]
    ends = tuple(f"[cafe.{kind}]" for kind in ours)
    assert [w for w in front_matters.build.warnings if not w.endswith(ends)] == []


def test_front_matter_runs_nothing_and_leaks_nothing(front_matters: FrontMatters) -> None:
    assert not front_matters.touched.exists()
    assert leaks(front_matters.site) == []


def test_front_matter_changes_no_head_and_no_layout(front_matters: FrontMatters) -> None:
    plain = front_matters.build.html(f"notes/empty/{front_matters.name}.html")
    for name in ("myst-extensions", "html-theme", "orphan"):
        page = front_matters.build.html(f"notes/{name}/{front_matters.name}.html")
        assert [tag.name for tag in page.head.find_all(True)] == [
            tag.name for tag in plain.head.find_all(True)
        ]
        assert len(page.select("body [role], body [class]")) == len(
            plain.select("body [role], body [class]")
        )


def test_a_title_with_markup_is_text_everywhere(front_matters: FrontMatters) -> None:
    for page in ("html-title/" + front_matters.name, "index", "html-tags/" + front_matters.name):
        assert front_matters.build.article(f"notes/{page}.html").select("script") == []
    title = front_matters.build.article(
        f"notes/html-title/{front_matters.name}.html"
    ).h1.get_text()
    assert title.removeprefix("Tuesday, December 16, 2025: ").startswith(
        "‹script›window.__pwned=80‹/script› entitled"
    )


@pytest.mark.parametrize("title", ["No", "yes", "On", "010", "0x1F", "1_000", "12:30", "1.10"])
def test_a_title_is_shown_as_typed_whatever_yaml_makes_of_it(year_page, title: str) -> None:
    page = year_page(f"---\ntitle: {title}\n---\n\n## 2025-12-16\n\ntext\n")
    assert page.h1.find(string=True) == title


def test_tags_are_shown_as_typed_whatever_yaml_makes_of_them(site: Site) -> None:
    site.write("notes/2025.md", "---\ntags: [no, on, 010, 1.10]\n---\n\n## 2025-12-16\n\ntext\n")
    tags = site.build().article("notes/index.html").select(".cafe-tag")
    assert [tag.get_text() for tag in tags] == ["no", "on", "010", "1.10"]


def test_a_front_matter_that_is_never_closed_is_shown_and_reported(site: Site) -> None:
    path = "notes/2025.md"
    site.write(path, f'---\ntitle: "{TOUCH}"\nother: lineword\n\n## 2025-12-16\n\nafterwards\n')
    build = site.build(warnings=True)
    page = build.article("notes/2025.html")
    assert len(build.warnings) == 1
    assert warning(site, path, 1, "front_matter").fullmatch(build.warnings[0])
    assert lost("title cycler touch other lineword", page) == set()
    assert "afterwards" in by_id(page, "2025-12-16").get_text()


@pytest.mark.parametrize(
    "text",
    [
        "Decision: keepword",
        "keepword",
        "- keepword",
        "### keepword",
        "# keepword",
        "[keepword]: x",
    ],
)
def test_a_rule_at_the_top_of_the_file_hides_no_meeting(site: Site, text: str) -> None:
    # Two rules with a meeting between them are not front matter.
    site.write(
        "notes/2025.md", f"---\n\n## 2025-12-16\n\n{text}\n\n---\n\n## 2025-12-09\n\nlater\n"
    )
    page = site.build(warnings=True).article("notes/2025.html")
    assert "keepword" in by_id(page, "2025-12-16").get_text()
    assert "later" in by_id(page, "2025-12-09").get_text()


def test_comments_in_front_matter_take_no_meeting_with_them(site: Site) -> None:
    site.write("notes/2025.md", "---\n## 2025-12-16 keepword\n---\n\n## 2025-12-09\n\nlater\n")
    page = site.build(warnings=True).article("notes/2025.html")
    assert lost("keepword", page) == set()


# --- anchors --------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["basic", "pydata_sphinx_theme"])
def colliding(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> BeautifulSoup:
    """Return the whole page of headings that collide, in two themes."""
    site = new_site(tmp_path_factory.mktemp("ids"))
    site.write("notes/2025.md", collisions())
    build = site.build(overrides={**TODAY, "html_theme": request.param}, warnings=True)
    return build.html("notes/2025.html")


def test_all_ids_of_a_page_are_unique(colliding: BeautifulSoup) -> None:
    ids = Counter(element["id"] for element in colliding.find_all(id=True))
    assert [anchor for anchor, count in ids.items() if count > 1] == []


def test_ids_of_a_meeting_begin_with_its_date(colliding: BeautifulSoup) -> None:
    meetings = colliding.select(".cafe-meeting")
    assert len(meetings) == 8
    for meeting in meetings:
        date = re.match(r"2025-\d\d(?:-\d\d)?", meeting["id"])[0]
        for element in meeting.find_all(id=True):
            is_former = element.name == "span" and not element.contents
            assert element["id"].startswith(date) or is_former
            assert not re.search(r"\s", element["id"])


def test_ids_of_the_introduction_say_so(colliding: BeautifulSoup) -> None:
    page = colliding.select_one("#notes-2025")
    own = [e["id"] for e in page.find_all(id=True) if e.find_parent(class_="cafe-meeting") is None]
    meetings = {meeting["id"] for meeting in page.select(".cafe-meeting")}
    assert own
    assert [i for i in own if i not in meetings and not i.startswith("introduction-")] == []


def test_each_link_on_the_page_has_its_one_target(colliding: BeautifulSoup) -> None:
    ids = {element["id"] for element in colliding.find_all(id=True)}
    body = colliding.select_one("#notes-2025")
    targets = {a["href"][1:] for a in body.select('a[href^="#"]')}
    assert targets <= ids


def test_headings_of_any_length_stay_whole(colliding: BeautifulSoup) -> None:
    page = colliding.select_one("#notes-2025")
    assert len(page.find_all(string=lambda text: text.strip() == LONG.strip())) == 6
    assert max(len(element["id"]) for element in page.find_all(id=True)) < 1000


def test_a_page_has_one_top_heading(colliding: BeautifulSoup) -> None:
    assert len(colliding.find_all("h1")) == 1


def test_a_month_and_a_day_do_not_share_an_anchor(site: Site) -> None:
    site.write("notes/2025.md", "## 2025-10: 16\n\na\n\n## 2025-10\n\nb\n\n## 2025-10-16\n\nc\n")
    page = site.build(warnings=True).article("notes/2025.html")
    ids = [meeting["id"] for meeting in page.select(".cafe-meeting")]
    assert len(ids) == len(set(ids)) == 3
    assert "c" in by_id(page, "2025-10-16").get_text()


# --- footnotes and link definitions ---------------------------------------------------


def test_footnotes_and_definitions_of_two_meetings_stay_apart(year_page) -> None:
    page = year_page(
        "intro[^1] [site]\n\n[^1]: introword\n\n[site]: https://intro.example\n\n"
        "## 2025-02-02\n\nnew[^1] [site]\n\n[^1]: newword\n\n[site]: https://new.example\n\n"
        "## 2025-01-01\n\nold[^1] [site]\n\n[^1]: oldword\n\n[SITE]: https://old.example\n\n"
        "## 2024-12-31\n\nnone[^1] [site]\n",
        warnings=True,
    )
    for day, word in (("2025-02-02", "new"), ("2025-01-01", "old")):
        meeting = by_id(page, day)
        assert meeting.find("a", string="site")["href"] == f"https://{word}.example"
        target = meeting.select_one("a.footnote-reference")["href"][1:]
        assert target.startswith(day)
        assert f"{word}word" in by_id(page, target).get_text()
    without = by_id(page, "2024-12-31")
    assert "none[^1] [site]" in without.get_text()
    assert page.find("a", href="https://intro.example") is not None


FOOTNOTES = {
    "unused": "text\n\n[^x]: unusedword",
    "undefined": "text[^undefinedword]",
    "twice": "text[^x]\n\n[^x]: firstword\n\n[^x]: secondword",
    "thrice": "text[^x] [^x]\n\n[^x]: firstword\n[^x]: secondword\n[^x]: thirdword",
    "empty": "text[^x]\n\n[^x]:\n\nbehindword",
    "with-blocks": "x[^x]\n\n[^x]: firstword\n\n    - itemword\n\n    ~~~\n    codeword\n    ~~~",
    "in-itself": "text[^x]\n\n[^x]: selfword[^x]",
    "in-each-other": "a[^x] b[^y]\n\n[^x]: oneword[^y]\n\n[^y]: twoword[^x]",
    "in-a-list": "- itemword[^x]\n\n  [^x]: listedword",
    "in-a-quotation": "> quotedword[^x]\n>\n> [^x]: noteword",
    "in-a-heading": "### headword[^x]\n\n[^x]: noteword",
    "in-a-link": "[linkword[^x]](https://good.example/)\n\n[^x]: noteword",
    "in-a-table": "| headword[^x] |\n| - |\n| cellword[^x] |\n\n[^x]: noteword",
    "in-bold": "- **Minword[^x] (5m):** saidword\n\n[^x]: noteword",
    "nested": "text[^x]\n\n[^x]: outerword\n\n    [^y]: innerword",
    "heading-inside": "text[^x]\n\n[^x]: # headedword",
    "date-inside": "text[^x]\n\n[^x]: ## 2025-06-30 datedword",
    "html-label": "text[^<script>]\n\n[^<script>]: noteword",
    "rule-before": "text[^x]\n\n---\n\n[^x]: noteword",
    "inline": "text^[inlineword]",
}
DEFINITIONS = {
    "unused": "text\n\n[label]: https://good.example/targetword 'titleword'",
    "unused-relative": "text\n\n[label]: relative/targetword.md 'titleword'",
    "twice": "[label]\n\n[label]: https://one.example/oneword\n[label]: https://two.example/twoword",
    "same-target": "<https://good.example/a>\n\n[labelword]: https://good.example/a",
    "two-labels": "[one]\n\n[one]: https://good.example/a\n[labelword]: https://good.example/a",
    "two-titles": "[a]\n\n[a]: https://good.example/a\n[a]: https://good.example/a 'titleword'",
    "in-a-list": "- itemword\n\n  [label]: https://good.example/targetword",
    "in-a-quotation": "> quotedword\n>\n> [label]: https://good.example/targetword",
    "many-lines": "text\n\n[x]:\n  https://good.example/targetword\n  'titleword\n  secondword'",
    "comment": "text\n\n[//]: # (commentword that nobody sees)",
    "comment-with-quotes": '[comment]: <> "commentword"\n\ntext',
    "under-a-heading": "### headword\n[label]: https://good.example/targetword\n",
}


class Notes:
    """A site with one meeting for each footnote and definition, built once."""

    def __init__(self, folder: Path) -> None:
        self.site = new_site(folder)
        self.texts = {f"footnote-{k}": v for k, v in FOOTNOTES.items()}
        self.texts |= {f"definition-{k}": v for k, v in DEFINITIONS.items()}
        self.days = {
            name: str(FIRST_DAY + datetime.timedelta(days=i)) for i, name in enumerate(self.texts)
        }
        self.site.write(
            "notes/2025.md",
            "".join(
                f"## {self.days[n]} headed\n\n{t}\n\nafterwards\n\n" for n, t in self.texts.items()
            ),
        )
        self.build = self.site.build(overrides=TODAY, warnings=True)
        self.page = self.build.article("notes/2025.html")


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> Notes:
    """Return the built site with all footnotes and definitions."""
    return Notes(tmp_path_factory.mktemp("references"))


REFERENCES = [f"footnote-{k}" for k in FOOTNOTES] + [f"definition-{k}" for k in DEFINITIONS]


@pytest.mark.parametrize("name", REFERENCES)
def test_footnotes_and_definitions_lose_no_word(references: Notes, name: str) -> None:
    meeting = by_id(references.page, references.days[name])
    typed = " ".join(re.findall(r"\w*word\b|afterwards", references.texts[name] + " afterwards"))
    assert lost(typed, meeting) == set()
    assert meeting.get_text().count("afterwards") == 1


@pytest.mark.parametrize("name", REFERENCES)
def test_footnotes_lead_to_their_own_meeting_and_back(references: Notes, name: str) -> None:
    day = references.days[name]
    meeting = by_id(references.page, day)
    for link in meeting.select('a[href^="#"]'):
        assert link["href"].startswith(f"#{day}")
        assert meeting["id"] == link["href"][1:] or meeting.find(id=link["href"][1:]) is not None


def test_only_a_date_in_a_footnote_is_to_be_warned_about(references: Notes) -> None:
    assert len(references.build.warnings) == 1
    assert (
        "'2025-06-30 datedword' is in a list, quotation or footnote"
        in (references.build.warnings[0])
    )


def test_ids_of_footnotes_are_unique(references: Notes) -> None:
    ids = Counter(element["id"] for element in references.page.find_all(id=True))
    assert [anchor for anchor, count in ids.items() if count > 1] == []


def test_links_stand_in_no_other_link(references: Notes) -> None:
    # A browser would close the outer one.
    source = (references.build.outdir / "notes/2025.html").read_text(encoding="utf-8")
    for match in re.finditer(r"<a\b[^>]*>(.*?)</a>", source, re.DOTALL):
        assert "<a " not in match[1]
