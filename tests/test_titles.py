"""Titles from a pad, which themes put into HTML as they are."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from cafe_site.notes.titles import safe_title
from cafe_site.sphinxext.nodes import make_titles_safe
from tests.payloads import TITLES

text = st.text(alphabet="<>&\"'/!?;# abltgmpx3=\u2028\n\x00é", max_size=30)


class Tags(HTMLParser):
    """Notes every tag, comment and declaration."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def _with_examples(test):
    for title in TITLES:
        test = example(title)(test)
    return test


@_with_examples
@given(text)
def test_a_title_is_text_wherever_it_is_put(title: str) -> None:
    safe = safe_title(title)
    assert len(safe) == len(title)
    ways = {
        "as it is": safe,
        "unescaped": html.unescape(safe),
        "twice unescaped": html.unescape(html.unescape(safe)),
        "without tags": re.sub(r"<[^<]*?>", "", safe),
        "without more tags": re.sub(r"<[^>]*>", "", safe),
        "by Jinja": str(Markup(safe).striptags()),
        "its beginning": safe[: len(safe) // 2],
        "its end": safe[len(safe) // 2 :],
    }
    for way, shown in ways.items():
        assert Tags(f"<p>{shown}</p>").found == ["p", "p"], way
        body = BeautifulSoup(f"<p>{shown}</p>", "html5lib").body
        assert [tag.name for tag in body.find_all(True)] == ["p"], way
        for quote in "\"'":
            tag = BeautifulSoup(f"<p title={quote}{shown}{quote}></p>", "html5lib").p
            assert set(tag.attrs) == {"title"}, way
    assert len(safe.splitlines()) < 2


@given(text)
def test_a_safe_title_stays_as_it_is(title: str) -> None:
    assert safe_title(safe_title(title)) == safe_title(title)


@pytest.mark.parametrize(
    "title",
    ["Q&A", "AT&T & R&D", "C++ <3", "a < b", "a > b", "x -> y", "50 % & more", "C#; F#", "1 << 2"],
)
def test_an_ordinary_title_stays_as_it_is(title: str) -> None:
    assert safe_title(title) == title


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("What's new", "What’s new"),
        ('The "new" release', "The “new” release"),
        ("Option<T> and <details>", "Option‹T› and ‹details›"),
    ],
)
def test_a_title_with_signs_still_reads_well(title: str, shown: str) -> None:
    assert safe_title(title) == shown


@pytest.mark.parametrize(
    "title", ["&lt;", "&amp;", "&copy", "&#60", "&#x3C;", "&notit;", "&#" + "1" * 4000]
)
def test_what_could_be_an_entity_is_none(title: str) -> None:
    assert html.unescape(safe_title(title)) == "＆" + title[1:]


@pytest.mark.parametrize("part", ["<", "&", "<>", "'", "&#", "a", "&#x", "&a", "1"])
@pytest.mark.parametrize("start", ["", "&", "&#", "&#x", "<"])
def test_a_title_of_any_length_is_read_in_little_time(start: str, part: str) -> None:
    title = start + part * 100_000
    begun = time.process_time()
    assert len(safe_title(title)) == len(title)
    assert time.process_time() - begun < 20  # minutes, if it were the square


def test_titles_whose_markup_divides_a_tag_are_looked_at_as_a_whole() -> None:
    title = nodes.title("", "", nodes.Text("<"), nodes.emphasis("", "<"), nodes.Text("<"))
    title += nodes.strong("", "script>")
    make_titles_safe(nodes.section("", title))
    assert title.astext() == "‹‹‹script›"
    title = nodes.title("", "", nodes.Text("<"), nodes.emphasis("", " 3 "), nodes.Text("<"))
    title += nodes.strong("", "b")
    make_titles_safe(nodes.section("", title))
    assert title.astext() == "< 3 ‹b"
