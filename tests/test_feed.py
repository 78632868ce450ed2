"""The Atom feed: valid, harmless, and with every word of the notes."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from cafe_site.formats.atom import Feed, FeedEntry, atom, entries
from cafe_site.formats.content import TAGS, content
from cafe_site.notes.model import Privacy
from cafe_site.notes.reader import read
from cafe_site.notes.rendering import Rendering
from cafe_site.sphinxext import nodes as cafe_nodes
from cafe_site.sphinxext.renderer import Renderer
from tests.oracles import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from cafe_site.notes.model import Entry, NotesFile

HOME = "https://cafe.example/archive/"
PAGE = f"{HOME}2025.html"
PERSON = "https://people.example/{handle}"
NS = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
UTC = datetime.UTC
DAY = datetime.datetime(2025, 12, 16, tzinfo=UTC)

WORD = re.compile(r"[^\W_]+")
BLOCK = re.compile(r"<(?!/?(?:a|code|em|s|strong|sup)\b)")

YEAR = """\
---
tags: [cafés]
---
# Notes of 2025

## 2025-12-16 Planning & <more>

**Tags:** planning, cafés

### Check-in

- Ada / @ada-l

### Agenda

- **Ada (5m):** see [the release](https://example.org/r?a=1&b=2)

## 2025-11-18: no meeting

## 2025-11

Text about a month.

## 2025-02-30

A day that is not.
"""


def page_of(notes: NotesFile) -> str:
    """Return the address that a year's page has in these tests."""
    return f"{HOME}{notes.series + '/' if notes.series else ''}{notes.year}.html"


def feed_of(*years: NotesFile, **options) -> Feed:
    """Return a feed of all meetings."""
    return Feed(
        title="Notes & more",
        address="https://cafe.example/feed.xml",
        home=HOME,
        author="The community",
        id="tag:cafe.example,2025:feed",
        entries=entries(years, page_of, "cafe.example", person_url=PERSON, **options),
    )


def entry_of(body: str, heading: str = "## 2025-12-16", **options) -> Entry:
    """Return the only meeting of a text."""
    (entry,) = read(f"{heading}\n\n{body}", 2025, **options).entries
    return entry


def html_of(body: str, **options) -> str:
    """Return the content of a meeting with a text."""
    return content(entry_of(body, **options), PAGE, PERSON)


def text_of(html: str) -> str:
    """Return the text of HTML, with space wherever a block begins or ends."""
    return BeautifulSoup(BLOCK.sub(" <", html), "html5lib").get_text()


def assert_harmless(html: str) -> None:
    """Check that HTML has nothing but what a meeting may consist of."""
    for tag in BeautifulSoup(html, "html5lib").body.find_all(True):
        assert tag.name in TAGS
        allowed = {"a": {"href", "title", "rel"}, "ol": {"start"}}.get(tag.name, set())
        assert set(tag.attrs) <= allowed
        if tag.name == "a":
            assert re.match(r"(?:https?://|mailto:)", tag["href"], re.IGNORECASE), tag
            inside = tag["href"].startswith(f"{PAGE}#")
            assert tag.get("rel") == (None if inside else ["nofollow", "ugc"])
            assert tag.find("a") is None


# --- the text of a meeting --------------------------------------------------------------

# fmt: off
CONTENTS = {
    "paragraph": ("One\ntwo\\\nthree.", "<p>One\ntwo<br>\nthree.</p>"),
    "emphasis": ("*a* **b** ~~c~~ `d`",
        "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
    "html-is-text": ("<b>a</b> &amp;lt;", "<p>&lt;b&gt;a&lt;/b&gt; &amp;lt;</p>"),
    "html-in-code-is-text": ("`<b>a</b>`", "<p><code>&lt;b&gt;a&lt;/b&gt;</code></p>"),
    "headings-begin-at-h3": ("# A\n\n### B\n\n## C\n\n# D",
        "<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>\n<h3>D</h3>"),
    "headings-end-at-h6": ("# A\n## B\n### C\n#### D\n##### E",
        "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h6>D</h6>\n<h6>E</h6>"),
    "heading-in-a-quotation": ("> # A", "<blockquote>\n<p><strong>A</strong></p>\n</blockquote>"),
    "tight-list": ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
    "loose-list": ("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
    "numbers": ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    "tasks": ("- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>"),
    "task-without-paragraph": ("- [x] # a",
        "<ul>\n<li>\n<p>☑ </p>\n<p><strong>a</strong></p>\n</li>\n</ul>"),
    "alert": ("> [!TIP]\n> a",
        "<blockquote>\n<p><strong>Tip</strong></p>\n<p>a</p>\n</blockquote>"),
    "rule": ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
    "code": ("```python\n<x>\n\n```",
        "<p><code>python</code></p>\n<pre><code>&lt;x&gt;\n\n</code></pre>"),
    "code-without-language": ("```\na\n```", "<pre><code>a\n</code></pre>"),
    "indented-code": ("    a", "<pre><code>a\n</code></pre>"),
    "table": ("| a | b |\n|:--|--:|\n| 1 | 2 |",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"),
    "cells-without-a-column": ("- | a |\n  |---|\n  | b | c |\n  | d | e |",
        "<ul>\n<li>\n<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>b</td>\n</tr>\n<tr>\n<td>d</td>\n</tr>\n</tbody>\n</table>\n<p>c</p>\n<p>e</p>\n</li>\n</ul>"),
    "link": ('[a](https://e.org/?x=1&y=2 "T")',
        '<p><a href="https://e.org/?x=1&amp;y=2" title="T" rel="nofollow ugc">a</a></p>'),
    "mail": ("<mailto:a@e.org>",
        '<p><a href="mailto:a@e.org" rel="nofollow ugc">mailto:a@e.org</a></p>'),
    "shortened-issue": ("https://github.com/o/r/issues/1",
        '<p><a href="https://github.com/o/r/issues/1" rel="nofollow ugc">o/r#1</a></p>'),
    "issue-as-the-text-of-another-link": ("[https://github.com/o/r/issues/1](https://e.org)",
        '<p><a href="https://e.org" rel="nofollow ugc">https://github.com/o/r/issues/1</a></p>'),
    "local-link": ("[a](b.html)", "<p>a (b.html)</p>"),
    "other-scheme": ('[*a*](ftp://b "T")', '<p><em>a</em> (ftp://b "T")</p>'),
    "script-link": ("[*a*](javascript:b)", "<p>[<em>a</em>](javascript:b)</p>"),
    "address-that-cannot-be-opened": ("[a](https://[b)", "<p>a (https://[b)</p>"),
    "anchor-elsewhere": ("[a](#b)", "<p>a (#b)</p>"),
    "anchor": ("# A\n\n[b](#2025-12-16-a)",
        f'<h3>A</h3>\n<p><a href="{PAGE}#2025-12-16-a">b</a></p>'),
    "anchor-in-other-letters": ("# Ж\n\n[b](<#2025-12-16-ж>)",
        f'<h3>Ж</h3>\n<p><a href="{PAGE}#2025-12-16-%D0%B6">b</a></p>'),
    "image": ("![a](https://e.org/i.png)",
        '<p><a href="https://e.org/i.png" rel="nofollow ugc">a</a></p>'),
    "image-without-words": ("![](https://e.org/i.png)",
        '<p><a href="https://e.org/i.png" rel="nofollow ugc">https://e.org/i.png</a></p>'),
    "local-image": ("![a](i.png)", "<p>a (i.png)</p>"),
    "image-in-a-link": ("[![a](https://e.org/i.png)](https://e.org)",
        '<p><a href="https://e.org" rel="nofollow ugc">a</a> '
        '(<a href="https://e.org/i.png" rel="nofollow ugc">image</a>)</p>'),
    "image-in-an-image": ("![a ![b](c.png)](d.png)", "<p>a b (c.png) (d.png)</p>"),
    "handle": ("by @ada-l, not a@b",
        '<p>by <a href="https://people.example/ada-l" rel="nofollow ugc">@ada-l</a>, not a@b</p>'),
    "handle-in-a-link": ("[@ada-l](https://e.org)",
        '<p><a href="https://e.org" rel="nofollow ugc">@ada-l</a></p>'),
    "speaker-badge": ("- [name=Ada] (5m): a",
        "<ul>\n<li><strong>Ada</strong> (5m): a</li>\n</ul>"),
    "speaker": ("- [name=Ada] (5m): a",
        "<ul>\n<li><strong>Ada</strong> (5m): a</li>\n</ul>"),
    "footnotes": ("a[^x] b[^y]\n\n[^y]: Y\n[^x]: X",
        f'<p>a<sup><a href="{PAGE}#2025-12-16--note-1">[1]</a></sup> '
        f'b<sup><a href="{PAGE}#2025-12-16--note-2">[2]</a></sup></p>\n'
        "<dl>\n<dt>[2]</dt><dd><p>Y</p>\n</dd>\n<dt>[1]</dt><dd><p>X</p>\n</dd>\n</dl>"),
    "footnote-twice-and-unused": ("[^a]: A\n[^a]: B",
        "<dl>\n<dt>[1]</dt><dd><p>A</p>\n</dd>\n<dt>[1]</dt><dd><p>B</p>\n</dd>\n</dl>"),
    "footnote-in-a-list": ("- a[^1]\n\n  [^1]: A\n\n  b",
        f'<ul>\n<li>\n<p>a<sup><a href="{PAGE}#2025-12-16--note-1">[1]</a></sup></p>\n'
        "<p>b</p>\n</li>\n</ul>\n<dl>\n<dt>[1]</dt><dd><p>A</p>\n</dd>\n</dl>"),
    "footnote-in-brackets": ("[a[^1]](https://e.org)\n\n[^1]: A",
        f'<p>[a<sup><a href="{PAGE}#2025-12-16--note-1">[1]</a></sup>]'
        '(<a href="https://e.org" rel="nofollow ugc">https://e.org</a>)</p>\n'
        "<dl>\n<dt>[1]</dt><dd><p>A</p>\n</dd>\n</dl>"),
    "emoji": (":tada:", "<p>🎉</p>"),
    "unused-definition": ("[a]: https://e.org",
        '<p>[a]: <a href="https://e.org" rel="nofollow ugc">https://e.org</a></p>'),
    "nothing": ("", ""),
}
# fmt: on


@pytest.mark.parametrize(("source", "expected"), CONTENTS.values(), ids=CONTENTS)
def test_a_meeting_becomes_plain_html(source: str, expected: str) -> None:
    html = html_of(source)
    assert html == expected
    assert_harmless(html)


def test_links_of_the_heading_stand_above_the_text() -> None:
    heading = "## 2025-12-16 [Plan](https://e.org) [b](c.md)"
    html = content(entry_of("Text.", heading), PAGE)
    assert html == (
        '<p><a href="https://e.org" rel="nofollow ugc">https://e.org</a> · c.md</p>\n<p>Text.</p>'
    )


def test_links_lead_to_other_meetings_of_the_page() -> None:
    source = (
        "## 2025-12-16\n\n[a](#2025-11-18)\n\n## 2025-11-18\n\n### B\n\n[c](#introduction-i)\n"
    )
    notes = read(f"### I\n\n{source}", 2025)
    feed = feed_of(notes)
    assert f'<a href="{PAGE}#2025-11-18">a</a>' in feed.entries[0].html
    assert f'<a href="{PAGE}#introduction-i">c</a>' in feed.entries[1].html


def test_handles_stay_text_without_an_address_for_people() -> None:
    assert content(entry_of("by @ada-l"), PAGE) == "<p>by @ada-l</p>"


def test_what_the_reader_leaves_out_is_not_in_the_feed() -> None:
    privacy = Privacy(frozenset({"ada-l"}), frozenset({"secret"}))
    html = html_of("# Check-in\n\n- Ada / @ada-l\n- Bob\n\n# Secret\n\nhush\n", privacy=privacy)
    assert "Ada" not in html
    assert "ada-l" not in html
    assert "hush" not in html
    assert "A participant" in html
    assert "Bob" in html


@pytest.mark.parametrize("page", ["", "2025.html", "/2025.html", "ftp://e.org/", "https:///x"])
def test_a_page_without_an_absolute_address_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        content(entry_of("a"), page)


def words_on_site(entry: Entry) -> Counter[str]:
    """Return the words that the site's own renderer shows of a meeting."""
    document = new_document("notes/2025.md", get_default_settings(Parser))
    meeting = entry.meeting
    anchors = frozenset(t.meta["id"] for t in entry.body if "id" in t.meta) | {meeting.id}
    rendering = Rendering(meeting.id, anchors, PERSON)
    renderer = Renderer(document, "2025.md", rendering)
    section = nodes.section(ids=[meeting.id])
    document += section
    renderer.render(entry.body, section)
    # A line's end has no text of its own, and the number of a footnote stands in brackets.
    for node in list(section.findall(cafe_nodes.hard_break)):
        node.parent.replace(node, nodes.Text("\n"))
    for node in list(section.findall(nodes.footnote_reference)):
        node.parent.replace(node, nodes.Text(f"[{node.astext()}]"))
    return Counter(WORD.findall(section.astext()))


def assert_nothing_lost(entry: Entry) -> None:
    """Check that every word on the site is in the feed, as often."""
    shown = Counter(WORD.findall(text_of(content(entry, PAGE, PERSON))))
    assert words_on_site(entry) - shown == Counter()


@pytest.mark.parametrize("source", [source for source, _ in CONTENTS.values()], ids=CONTENTS)
def test_every_word_on_the_site_is_in_the_feed(source: str) -> None:
    assert_nothing_lost(entry_of(source))


def test_every_word_and_link_of_the_real_notes_is_in_the_feed(corpus: Path) -> None:
    count = 0
    for path in sorted(corpus.glob("*/*.md")):
        source = path.read_text(encoding="utf-8")
        if path.parent.name != "cafe":
            source = re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.S)
            source = f"## {path.stem.removesuffix('_report')}\n\n{source}"
        notes = read(source, int(path.stem[:4]))
        feed = feed_of(notes, limit=1000)
        assert len(feed.entries) == len(notes.entries)
        text = " ".join(f"{entry.title} {text_of(entry.html)}" for entry in feed.entries)
        first = min(meeting.line for meeting in notes.meetings)
        below = "\n".join(source.split("\n")[first - 1 :])
        # The numbers of a list's items are not part of its text.
        expected = words_of(re.sub(r"(?m)^\s*\d{1,9}[.)]\s", "", below))
        assert expected - set(WORD.findall(text)) == set(), path.name
        for entry in notes.entries:
            assert_nothing_lost(entry)
            html = content(entry, PAGE, PERSON)
            addresses = {a["href"] for a in BeautifulSoup(html, "html5lib").select("a")}
            inlines = [child for token in entry.body for child in token.children or ()]
            links = {str(t.attrs["href"]) for t in inlines if t.type == "link_open"}
            outside = {normalizeLink(link) for link in links if link.startswith("http")}
            assert outside - addresses == set()
            count += 1
    assert count >= 20


# --- hostile text -----------------------------------------------------------------------

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script-never-closed": "<script>alert(1)",
    "handler": '<img src=x onerror="alert(1)"><b onclick=alert(1)>b</b>',
    "style": '<style>*{display:none}</style><p style="position:fixed">x</p>',
    "comment": "<!-- x --> <!DOCTYPE x> <?php x ?> <![CDATA[ x ]]>",
    "end-of-cdata": "a ]]> b ]]&gt; c",
    "end-of-content": "</content></entry></feed> &lt;/p> </code></pre>",
    "javascript": "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) <javascript:alert(1)>",
    "javascript-entity": "[a](java&#10;script:alert(1)) [b](&#1;javascript:alert(1))",
    "data": "[a](data:text/html,<script>alert(1)</script>) ![b](data:image/svg+xml,x)",
    "protocol-relative": "[a](//evil.example/x) ![b](//evil.example/x.png)",
    "attribute-in-address": "[a](<https://e.org/\" onmouseover=\"alert(1)>) <https://e.org/'x'>",
    "attribute-in-title": "[a](https://e.org '\" onmouseover=\"alert(1)')",
    "attribute-in-image": '![" onerror="alert(1)](https://e.org/x.png \'">\')',
    "attribute-in-code": '```"><script>alert(1)</script>\nx\n```',
    "handle": '@a"onclick="x @<script> @ada-l<b>',
    "control": "a\x00b\x0bc\x1bd\x7fe\ufffef\uffffg",
    "control-entities": "a&#0;b&#11;c&#x1b;d&#xfffe;e&#13;f",
    "surrogates": "a\ud800b\udc00c &#xd800; [d](https://e.org/\udfff)",
    "reordering": "a\u202eb\u2066c &#x202e; &#x2067;d",
    "entities": "&lt;!ENTITY x SYSTEM 'file:///etc/passwd'&gt; &x; &amp;x;",
    "deep-lists": "".join(f"{'  ' * depth}- {depth}\n" for depth in range(150)),
    "deep-quotations": f"{'>' * 300} a",
    "deep-emphasis": f"{'*' * 300}a{'*' * 300} {'[' * 300}b{']' * 300}",
    "deep-images": f"{'![' * 60}a{'](https://e.org)' * 60}",
    "huge-table": "| a | b | c |\n|---|---|---|\n" + "| <b> | `c` | [d](x) | e |\n" * 500,
    "wide-table": f"|{' a |' * 500}\n|{'---|' * 500}\n|{' b |' * 600}",
    "long-paragraph": "<b>x " * 4100,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(source: str) -> None:
    notes = read(f"## 2025-12-16 {source.splitlines()[0][:200]}\n\n{source}\n", 2025)
    document = atom(feed_of(notes))
    root = ET.fromstring(document)
    assert [child.tag.partition("}")[2] for child in root].count("entry") == 1
    html = root.findtext("a:entry/a:content", namespaces=NS)
    assert_harmless(html)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html)
    title = root.findtext("a:entry/a:title", namespaces=NS)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", title)
    assert_nothing_lost(notes.entries[0])


def test_markup_shows_as_it_was_typed() -> None:
    source = "<script>alert('a')</script> <img src=x onerror=\"b()\"> ]]> </content>"
    assert text_of(html_of(source)).strip() == source


def test_emphasis_within_emphasis_ends_somewhere() -> None:
    html = BeautifulSoup(html_of(f"{'*' * 300}a{'*' * 300}"), "html5lib")
    assert 5 < len(html.select("em, strong")) < 25
    assert html.get_text().strip() == "a"


def test_a_kind_of_token_that_nobody_knows_becomes_text() -> None:
    inline = Token("inline", "", 0, children=[Token("html_inline", "", 0, content="<b>a</b>")])
    body = (
        Token("box_open", "div", 1),
        Token("html_block", "", 0, content="<script>b</script>"),
        inline,
        Token("box_close", "div", -1),
    )
    html = content(replace(entry_of(""), body=body), PAGE)
    assert html == "<p>&lt;script&gt;b&lt;/script&gt;</p>\n&lt;b&gt;a&lt;/b&gt;"


MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(list("\n\n\n   ##--**__~~``[[]]()!>|:x1.<&;@\"'\\^=")),
        st.sampled_from(["https://e.org/", "[^1]", "[^1]: ", "- [x] ", "&#x202e;", "</p>"]),
        st.sampled_from(["[a](", "![", "](ftp:b)", "\n- ", "\n> ", "**Ada (5m):** ", "|-|-|\n"]),
        st.characters(),
    ),
    max_size=60,
).map("".join)


@settings(max_examples=120, deadline=None)
@given(MARKDOWN)
def test_any_text_makes_a_feed_that_parses_and_is_harmless(text: str) -> None:
    notes = read(f"## 2025-12-16 {text}\n\n{text}\n\n## 2025-11-18\n\n{text}", 2025)
    feed = feed_of(notes)
    root = ET.fromstring(atom(feed))
    shown = [element.text or "" for element in root.iterfind("a:entry/a:content", NS)]
    assert shown == [re.sub(r"\r\n?", "\n", entry.html) for entry in feed.entries]
    for html in shown:
        assert_harmless(html)
    for entry in notes.entries:
        assert_nothing_lost(entry)


# --- entries ----------------------------------------------------------------------------


def test_entries_are_the_newest_meetings_of_all_series() -> None:
    main = read("## 2025-12-16\n\n## 2025-11\n\n## 2025-11-01\n\n## 2025-02-30\n", 2025)
    old = read("".join(f"## 2024-{month:02}-01\n\n" for month in range(1, 13)), 2024)
    team = read("## 2025-12-16\n\n## 2025-12-17\n", 2025, series="team")
    found = entries([old, team, main], page_of, "cafe.example", limit=7)
    assert [(entry.address.removeprefix(HOME)) for entry in found] == [
        "team/2025.html#2025-12-17",
        "2025.html#2025-12-16",
        "team/2025.html#2025-12-16",
        "2025.html#2025-11-01",
        "2025.html#2025-11",
        "2024.html#2024-12-01",
        "2024.html#2024-11-01",
    ]
    assert found[4].published == datetime.datetime(2025, 11, 1, tzinfo=UTC)
    assert entries([main, old, team], page_of, "cafe.example", limit=7) == found


def test_a_month_stands_below_the_days_of_it_in_other_series() -> None:
    main = read("## 2025-11\n", 2025)
    team = read("## 2025-11-01\n", 2025, series="team")
    found = entries([main, team], page_of, "cafe.example")
    assert [entry.title for entry in found] == ["2025-11-01", "2025-11"]


def test_there_are_twenty_entries_unless_told() -> None:
    text = "".join(f"## 2025-{1 + day // 28:02}-{1 + day % 28:02}\n\n" for day in range(30))
    notes = read(text, 2025)
    assert len(entries([notes], page_of, "cafe.example")) == 20
    assert entries([], page_of, "cafe.example") == ()


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("2025-12-16", "2025-12-16"),
        ("Tuesday 16 December 2025: Planning", "2025-12-16: Planning"),
        ("2025-12", "2025-12"),
        ("2025-12-16 **No meeting**", "2025-12-16: No meeting (Canceled)"),
        ("2025-12-16 Canceled", "2025-12-16: Canceled"),
        ("2025-12-16 canceled: snow", "2025-12-16: canceled: snow"),
    ],
)
def test_a_title_begins_with_the_date_and_says_canceled(heading: str, title: str) -> None:
    (entry,) = entries([read(f"## {heading}\n", 2025)], page_of, "cafe.example")
    assert entry.title == title


def test_a_meeting_without_a_title_is_called_by_its_topics() -> None:
    text = "## 2025-12-16\n\n### Agenda\n\n- [name=Ada] Looms\n- [name=Bob] Mills\n"
    (entry,) = entries([read(text, 2025)], page_of, "cafe.example")
    assert entry.title == "2025-12-16: Looms · Mills"
    many = "".join(f"- [name=Ada] Topic number {number}\n" for number in range(40))
    (entry,) = entries([read(f"## 2025-12-16\n\n### Agenda\n\n{many}", 2025)], page_of, "a.b")
    assert len(entry.title) < 140
    assert entry.title.endswith("…")


def test_ids_depend_on_neither_the_address_nor_other_meetings() -> None:
    notes = read("## 2025-11-18\n\nText.\n", 2025)
    (before,) = entries([notes], page_of, "cafe.example")
    more = read("## 2025-12-16\n\n## 2025-11-18 Renamed\n\nOther text.\n", 2025)
    after = entries([more], lambda year: "https://moved.example/x", "cafe.example")[1]
    assert before.id == after.id == "tag:cafe.example,2025:notes/2025-11-18"


def test_ids_of_all_series_and_years_differ() -> None:
    text = "## 2025-12-16 A\n\n## 2025-12-16 B\n\n## 2025-12-16 Ж\n"
    series = ["", "notes", "notes/notes", "team", "2025-12-16", "größe mit ?#"]
    years = [read(text, year, series=name) for name in series for year in (2024, 2025)]
    found = entries(years, lambda notes: PAGE, "cafe.example", limit=1000)
    assert len({entry.id for entry in found}) == len(found) == 3 * len(years)
    # RFC 4151, 2.1: after the date, pchar, "/" and "?" alone.
    form = re.compile(r"tag:cafe\.example,\d{4}:(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+")
    for entry in found:
        assert form.fullmatch(entry.id)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (None, "2025-12-16"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (datetime.date(2025, 12, 1), "2025-12-16"),
    ],
)
def test_an_entry_is_updated_when_its_file_says_so_but_not_before_the_meeting(
    changed: datetime.date | None, expected: str
) -> None:
    front = f"---\nupdated: {changed}\n---\n\n" if changed else ""
    notes = read(f"{front}## 2025-12-16\n", 2025)
    (entry,) = entries([notes], page_of, "cafe.example")
    assert entry.updated.isoformat() == f"{expected}T00:00:00+00:00"
    assert entry.published == DAY


def test_tags_of_the_year_and_the_meeting_are_categories() -> None:
    entry = feed_of(read(YEAR, 2025)).entries[0]
    assert entry.categories == ("cafés", "planning")


# --- RFC 4287 ---------------------------------------------------------------------------


@pytest.fixture
def root() -> ET.Element:
    """Return the feed of a year, parsed."""
    team = read("## 2025-12-16\n\n[^1]: x\n\na[^1] [b](#2025-12-16)\n", 2025, series="team")
    return ET.fromstring(atom(feed_of(read(YEAR, 2025), team)))


def count(element: ET.Element, name: str) -> int:
    """Return how many children of a name there are."""
    return len(element.findall(f"a:{name}", NS))


def test_the_document_says_its_encoding_and_language(root: ET.Element) -> None:
    document = atom(feed_of(read(YEAR, 2025)))
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<feed ')
    assert "cafés".encode() in document
    assert root.tag == f"{{{NS['a']}}}feed"
    assert root.get(LANG) == "en"
    german = ET.fromstring(atom(replace(feed_of(), language="de")))
    assert german.get(LANG) == "de"


def test_every_element_is_one_of_atom(root: ET.Element) -> None:
    names = {element.tag.partition("}")[2] for element in root.iter()}
    assert {element.tag.partition("}")[0] for element in root.iter()} == {f"{{{NS['a']}"}
    # RFC 4287, 4.1 and 4.2.
    assert names == {
        "feed", "title", "id", "updated", "author", "name", "generator", "link", "entry",
        "published", "category", "content",
    }  # fmt: skip


def test_the_feed_has_what_it_must_have_once(root: ET.Element) -> None:
    # RFC 4287, 4.1.1.
    assert [count(root, name) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert root.findtext("a:author/a:name", namespaces=NS) == "The community"
    assert count(root, "generator") == 1
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
    assert links == {"self": "https://cafe.example/feed.xml", "alternate": HOME}
    assert root.findtext("a:title", namespaces=NS) == "Notes & more"


def test_the_feed_stands_before_its_entries(root: ET.Element) -> None:
    names = [child.tag.partition("}")[2] for child in root]
    assert names[-4:] == ["entry"] * 4
    assert "entry" not in names[:-4]


def test_every_entry_has_what_it_must_have_once(root: ET.Element) -> None:
    # RFC 4287, 4.1.2; the feed's author is the entries' too.
    for entry in root.findall("a:entry", NS):
        for name in ("id", "title", "updated", "published", "content"):
            assert count(entry, name) == 1
        (link,) = entry.findall("a:link", NS)
        assert link.get("rel") == "alternate"
        assert re.match(rf"{HOME}(?:team/)?2025\.html#2025-1", link.get("href"))
        assert entry.find("a:content", NS).get("type") == "html"


def test_ids_are_unique_absolute_uris(root: ET.Element) -> None:
    # RFC 4287, 4.2.6.
    ids = [element.text for element in root.iter(f"{{{NS['a']}}}id")]
    assert len(set(ids)) == len(ids) == 5
    assert all(identifier.startswith("tag:cafe.example,2025:") for identifier in ids)


def test_times_are_those_of_rfc_3339(root: ET.Element) -> None:
    # RFC 4287, 3.3.
    times = [
        element.text
        for name in ("updated", "published")
        for element in root.iter(f"{{{NS['a']}}}{name}")
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in times)
    # 4.2.15: the feed is as new as its newest entry.
    own, *others = (element.text for element in root.iter(f"{{{NS['a']}}}updated"))
    assert own == max(others) == "2025-12-16T00:00:00Z"


def test_every_address_is_absolute(root: ET.Element) -> None:
    links = [element.get("href") for element in root.iter(f"{{{NS['a']}}}link")]
    for element in root.iter(f"{{{NS['a']}}}content"):
        html = BeautifulSoup(element.text or "", "html5lib")
        assert not html.select("[src]")
        links += [a["href"] for a in html.select("[href]")]
    assert len(links) > 8
    assert all(re.match(r"https?://[a-z]", link) for link in links)


def test_text_with_markup_arrives_as_text(root: ET.Element) -> None:
    titles = [element.text for element in root.iterfind("a:entry/a:title", NS)]
    assert "2025-12-16: Planning & <more>" in titles


def test_an_empty_feed_has_a_time_without_a_clock() -> None:
    root = ET.fromstring(atom(feed_of()))
    assert root.findtext("a:updated", namespaces=NS) == "1970-01-01T00:00:00Z"
    assert count(root, "entry") == 0


def test_times_are_written_in_utc_with_four_digits_for_the_year() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=-8))
    moment = datetime.datetime(987, 1, 31, 18, 30, 5, 7, tzinfo=zone)
    entry = FeedEntry("tag:e.org,0987:x", "X", PAGE, moment, moment, "")
    root = ET.fromstring(atom(replace(feed_of(), entries=(entry,))))
    assert root.findtext("a:entry/a:updated", namespaces=NS) == "0987-02-01T02:30:05Z"


def test_what_xml_forbids_is_replaced_everywhere() -> None:
    bad = "a\x00\x0b\ud800\ufffe\u202eb <&>\"'"
    entry = FeedEntry("tag:e.org,2025:x", bad, PAGE, DAY, DAY, bad, (bad,))
    feed = replace(feed_of(), title=bad, author=bad, entries=(entry,))
    root = ET.fromstring(atom(feed))
    expected = "a\ufffd\ufffd\ufffd\ufffd\ufffdb <&>\"'"
    for path in ("a:title", "a:author/a:name", "a:entry/a:title", "a:entry/a:content"):
        assert root.findtext(path, namespaces=NS) == expected
    assert root.find("a:entry/a:category", NS).get("term") == expected


ENTRY = FeedEntry("tag:e.org,2025:x", "X", PAGE, DAY, DAY, "")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"address": "feed.xml"}, "absolute addresses, not 'feed.xml'"),
        ({"home": ""}, "absolute addresses, not ''"),
        ({"home": "https://e.org/a b"}, "absolute addresses"),
        ({"id": "2025"}, "absolute URI, not '2025'"),
        ({"id": "tag:e.org,2025:a b"}, "absolute URI"),
        ({"entries": (ENTRY, ENTRY)}, "same id: 'tag:e.org,2025:x'"),
        ({"entries": (replace(ENTRY, id="tag:cafe.example,2025:feed"),)}, "same id"),
        ({"entries": (replace(ENTRY, address="#x"),)}, "absolute addresses, not '#x'"),
        ({"entries": (replace(ENTRY, updated=DAY.replace(tzinfo=None)),)}, "time zone"),
        ({"entries": (replace(ENTRY, published=DAY.replace(tzinfo=None)),)}, "time zone"),
    ],
)
def test_a_feed_that_would_not_be_valid_is_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        atom(replace(feed_of(), **change))


# --- the same everywhere ----------------------------------------------------------------

SCRIPT = f"""
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("sphinx", "docutils", "myst_parser"):
            raise ImportError(f"{{name}} is not to be imported")

sys.meta_path.insert(0, Refuse())
from cafe_site.formats.atom import Feed, atom, entries
from cafe_site.notes.reader import read
from cafe_site.notes.rendering import Rendering
notes = read({YEAR!r}, 2025)
found = entries([notes], lambda year: {PAGE!r}, "cafe.example", person_url={PERSON!r})
feed = Feed("Notes", {HOME!r}, {HOME!r}, "We", "tag:cafe.example,2025:feed", found)
sys.stdout.buffer.write(atom(feed))
"""


def test_a_feed_has_the_same_bytes_in_every_process_without_sphinx_and_docutils() -> None:
    outputs = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stderr == b""
        outputs.add(done.stdout)
    (document,) = outputs
    assert ET.fromstring(document).findall("a:entry", NS)
