"""Real notes in both layouts: as they are, and as year files. No word of them is lost."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cafe_site.notes.reader import read_file
from cafe_site.notes.sources import source_of
from tests.conftest import ARCHIVE, CONF, INDEX, Site
from tests.oracles import kept, typed_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Build

# What real notes are warned about for good reasons.
KNOWN = {
    "date_conflict",
    "editable_pad",
    "email_address",
    "passcode",
    "phone_number",
    "template_text",
}


def folders() -> list[Path]:
    """Return the folders of the communities whose notes there are."""
    roots = [
        Path(os.environ[name]) for name in ("CAFE_CORPUS", "CAFE_ARCHIVES") if name in os.environ
    ]
    return [folder for root in roots for folder in sorted(root.iterdir()) if folder.is_dir()]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Build, dict[str, str]]:
    """Return a site of all real notes in their places, and the text of each file by its page."""
    if not folders():
        pytest.skip("neither CAFE_CORPUS nor CAFE_ARCHIVES is set: no real notes to run against")
    site = Site(tmp_path_factory.mktemp("real") / "project")
    site.write("conf.py", CONF)
    site.write("index.md", INDEX)
    site.write("notes/index.md", ARCHIVE)
    texts = {}
    for folder in folders():
        target = site.root / "notes" / f"{folder.parent.name}-{folder.name}"
        shutil.copytree(folder, target)
        for path in sorted(target.rglob("*.md")):
            page = path.relative_to(site.root).with_suffix("").as_posix()
            texts[page] = path.read_text(encoding="utf-8")
    return site, site.build(warnings=True), texts


def test_every_word_of_a_real_file_is_on_its_page(real, figure: Callable[[str], None]) -> None:
    _, build, texts = real
    lost = {}
    for page, text in texts.items():
        shown = kept(build.article(f"{page}.html"))
        if missing := {word for word in typed_words(text) if word not in shown}:
            lost[page] = missing
    figure(f"real files in their own layout: {len(texts)}, with lost words: {len(lost)}")
    assert lost == {}


def test_real_files_are_warned_about_only_for_known_reasons(
    real, figure: Callable[[str], None]
) -> None:
    _, build, texts = real
    kinds = Counter(re.findall(r"\[cafe\.(\w+)\]$", "\n".join(build.warnings), re.M))
    assert kinds.total() == len(build.warnings)
    figure(f"warnings about {len(texts)} real files: {dict(sorted(kinds.items()))}")
    assert kinds.keys() <= KNOWN


def test_every_real_file_with_a_date_in_its_path_is_one_meeting(real) -> None:
    _, build, texts = real
    for page in texts:
        source = source_of(page.removeprefix("notes/"))
        found = build.article(f"{page}.html").select("section.cafe-meeting")
        if source.dates:
            assert len(found) == 1, page


def test_parallel_and_incremental_builds_of_real_files_equal_a_serial_one(real) -> None:
    site, build, texts = real
    options = {"doctreedir": "parallel-doctrees", "outdir": "parallel", "warnings": True}
    parallel = site.build(jobs=3, **options)
    assert parallel.files() == build.files()
    page = next(iter(texts))
    for data in (f"{texts[page]}\n\nmoreword\n", texts[page]):
        site.write(f"{page}.md", data)
        site.build(**options)
    # Sphinx never removes words from its index.
    before, after = build.files(), parallel.files()
    assert {**after, "searchindex.js": b""} == {**before, "searchindex.js": b""}


def test_real_meeting_files_lose_no_word_as_year_files(tmp_path: Path) -> None:
    if not folders():
        pytest.skip("neither CAFE_CORPUS nor CAFE_ARCHIVES is set: no real notes to run against")
    years: dict[str, list[str]] = {}
    for folder in folders():
        for path in sorted(folder.rglob("*.md")):
            text = path.read_text(encoding="utf-8")
            source = source_of(path.relative_to(folder).with_suffix("").as_posix())
            notes = read_file(text, source)
            if notes.is_one_meeting:
                body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
                name = f"{folder.name}/{source.series}/{notes.meetings[0].date.year}"
                years.setdefault(name.replace("//", "/"), []).append(
                    f"## {notes.meetings[0].date.iso}\n\n{body}\n\n"
                )
    site = Site(tmp_path / "project")
    site.write("conf.py", CONF)
    site.write("index.md", INDEX)
    site.write("notes/index.md", ARCHIVE)
    for name, meetings in years.items():
        site.write(f"notes/{name}.md", "".join(meetings))
    build = site.build(warnings=True)
    for name, meetings in years.items():
        shown = kept(build.article(f"notes/{name}.html"))
        lost = {word for word in typed_words("".join(meetings)) if word not in shown}
        assert lost == set(), name
