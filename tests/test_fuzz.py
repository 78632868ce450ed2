"""Notes that are changed at random do no harm; `make fuzz` tries more of them."""

from __future__ import annotations

import re

import pytest

from cafe_site.notes import reader
from tests import fuzz
from tests.oracles import typed_words

# Enough of each to find what breaks often, within some seconds.
INPUTS, PAGES = 300, 12


def test_changed_notes_are_read() -> None:
    lines: list[str] = []
    failed = fuzz.fuzz(2025, INPUTS, 0, say=lines.append)
    assert not failed, "\n".join(lines)


def test_changed_notes_are_built_by_all_builders() -> None:
    lines: list[str] = []
    failed = fuzz.fuzz(2025, 0, PAGES, batch=PAGES, say=lines.append)
    assert not failed, "\n".join(lines)


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert list(fuzz.inputs(1, 20)) == list(fuzz.inputs(1, 20)) != list(fuzz.inputs(2, 20))


def test_a_failure_is_found_and_cut_down(monkeypatch: pytest.MonkeyPatch) -> None:
    read = reader.read_file

    def failing(text: str, *args: object, **options: object) -> object:
        if "> " in text and "|" in text:
            raise ValueError("planted")
        return read(text, *args, **options)

    monkeypatch.setattr(reader, "read_file", failing)
    lines: list[str] = []
    assert fuzz.fuzz(1, 100, 0, say=lines.append) > 0
    found = re.search(r"input 1-\d+\n--- b(.+)\n    exception: ValueError", lines[0])
    assert found, lines[0]
    assert found[1].count("\\n") <= 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("</section>", "<script>x</script></section>", "forbidden"),
        ("</section>", '<p id="notes-2025"></p></section>', "ids twice"),
        ("</section>", "<h1>x</h1></section>", "h1"),
        ("</section>", '<a href="#nowhere">x</a></section>', "lead nowhere"),
        ("keptword", "", "words lost"),
    ],
)
def test_what_is_wrong_with_a_page_is_seen(tmp_path, old: str, new: str, fault: str) -> None:
    path = tmp_path / "2025.html"
    page = (
        '<div class="body"><section id="notes-2025"><h1>Notes</h1>'
        '<section class="cafe-meeting" id="2025-12-16"><p>keptword</p></section></section></div>'
    )
    source = b"## 2025-12-16\n\nkeptword\n"
    path.write_text(page, encoding="utf-8")
    assert fuzz._html_faults(path, source) == []
    path.write_text(page.replace(old, new, 1), encoding="utf-8")
    assert [found for found in fuzz._html_faults(path, source) if fault in found] != []


def test_lines_that_a_failure_does_not_take_are_cut() -> None:
    data = b"".join(b"line %d\n" % number for number in range(100))
    small = fuzz.minimize(data, lambda rest: b"line 17\n" in rest and b"line 83\n" in rest)
    assert small == b"line 17\nline 83\n"


def test_names_of_emoji_are_no_words_that_are_lost() -> None:
    assert typed_words("review[r]:tada: [label]: target") == {"review", "target"}
