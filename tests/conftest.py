"""What all tests share: small sites to build, and the corpus of real notes."""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import settings
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Callable

# How long an example takes is the machine's business: CI runs several tests at a time.
settings.register_profile("cafe_site", deadline=None)
settings.load_profile("cafe_site")

# Without an index for the search: making one takes longer than the rest of a small build.
CONF = (
    'extensions = ["cafe_site"]\ncafe_notes = "notes"\nhtml_theme = "basic"\n'
    'cafe_search = "sphinx"\n'
    'cafe_pages = ["discussed.md", "outcomes.md", "people.md", "tags.md"]\n'
)
INDEX = "# Home\n\n```{cafe:latest}\n```\n\n```{toctree}\nnotes/index\n```\n"
ARCHIVE = "# Archive\n\n```{cafe:archive}\n```\n"


@dataclass
class Build:
    """What came out of one build."""

    outdir: Path
    warnings: list[str]
    status: str = field(repr=False)

    def html(self, page: str) -> BeautifulSoup:
        """Return a page as parsed HTML."""
        return BeautifulSoup((self.outdir / page).read_text(encoding="utf-8"), "html5lib")

    def article(self, page: str) -> BeautifulSoup:
        """Return the part of a page that the document is in."""
        return self.html(page).select_one("div.body, article.bd-article")

    def files(self) -> dict[str, bytes]:
        """Return all pages by their path, without what differs from run to run."""
        return {
            str(path.relative_to(self.outdir)): path.read_bytes()
            for path in sorted(self.outdir.rglob("*"))
            if path.is_file() and path.suffix in (".html", ".txt", ".tex", ".js", ".inv", ".json")
        }


class Site:
    """A Sphinx project in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file of the project."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            target.write_text(content, encoding="utf-8")
        return target

    def build(
        self,
        builder: str = "html",
        *,
        jobs: int = 1,
        outdir: str | None = None,
        doctreedir: str | None = None,
        overrides: dict[str, object] | None = None,
        warnings: bool = False,
    ) -> Build:
        """Build the project in this process.

        :param warnings: whether warnings are expected; if not, there must be none
        """
        out = self.root / "_build" / (outdir or builder)
        status, warning = io.StringIO(), io.StringIO()
        # Sphinx keeps the language of an earlier build in this process.
        locale.translators.clear()
        with patch_docutils(self.root), docutils_namespace():
            app = Sphinx(
                self.root,
                self.root,
                out,
                self.root / "_build" / (doctreedir or "doctrees"),
                builder,
                confoverrides={"nitpicky": True, **(overrides or {})},
                status=status,
                warning=warning,
                parallel=jobs,
            )
            app.build()
        # Without the colors that Sphinx writes for terminals.
        text = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue())
        found = [line for line in text.splitlines() if line.strip()]
        assert app.statuscode == 0, text
        if not warnings:
            assert found == []
        return Build(out, found, status.getvalue())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a project with a home page, an archive page, and no notes yet."""
    project = Site(tmp_path / "project")
    project.write("conf.py", CONF)
    project.write("index.md", INDEX)
    project.write("notes/index.md", ARCHIVE)
    return project


@pytest.fixture
def year_page(site: Site) -> Callable[..., BeautifulSoup]:
    """Return a function that builds notes/2025.md from a text and returns the page's body."""

    def build(text: str | bytes, *, warnings: bool = False) -> BeautifulSoup:
        site.write("notes/2025.md", text)
        return site.build(warnings=warnings).article("notes/2025.html")

    return build


@pytest.fixture
def corpus() -> Path:
    """Return the folder of real notes, or skip the test and say so."""
    folder = os.environ.get("CAFE_CORPUS")
    if not folder:
        pytest.skip("CAFE_CORPUS is not set: no real notes to run against")
    return Path(folder)


@pytest.fixture
def archives() -> Path:
    """Return the folder of other communities' notes, or skip the test and say so."""
    folder = os.environ.get("CAFE_ARCHIVES")
    if not folder:
        pytest.skip("CAFE_ARCHIVES is not set: no real notes to run against")
    return Path(folder)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return a function that takes a line with a measured figure, shown below all tests."""
    return lambda line: record_property("figure", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests have measured."""
    figures = sorted(
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "figure" and report.when == "call"
    )
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)
