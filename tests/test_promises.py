"""What docs/promises.md says about tests is so."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/promises.md").read_text(encoding="utf-8")


def test_the_tests_that_the_page_names_are_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert named
    assert {path for path in named if not (ROOT / path).is_file()} == set()


def test_the_targets_that_the_page_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make (\w+)`", PAGE))
    assert named == {"test", "fuzz", "stress"}
    assert {name for name in named if not re.search(rf"(?m)^{name}:", makefile)} == set()
    for variable in ("N", "PAGES", "SEED", "ROUNDS"):
        assert re.search(rf"(?m)^{variable} \?=", makefile)
        assert f"`{variable}`" in PAGE


def test_each_promise_has_tests() -> None:
    promised = re.findall(r"(?m)^- \*\*(.+)\.\*\*$", PAGE)
    assert promised
    for promise in promised:
        assert re.search(rf"(?m)^\| {promise} \| .*`tests/", PAGE), promise
