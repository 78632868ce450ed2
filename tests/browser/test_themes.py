"""Titles from a pad in the themes that sites use: no theme makes anything run."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.conftest import CONF, Site
from tests.payloads import TITLES

from .conftest import serve, watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.browser,
    # The theme uses what Sphinx 11 removes.
    pytest.mark.filterwarnings("ignore:'sphinx_book_theme"),
]

THEMES = ["pydata_sphinx_theme", "sphinx_book_theme", "furo", "sphinx_rtd_theme", "alabaster"]
FOLDERS = [
    "<img src=x onerror=window.__pwned=50>",
    'x" onmouseover="window.__pwned=51" y="',
    "x' onmouseover='window.__pwned=52' y='",
    "&lt;img src=x onerror=window.__pwned=53&gt;",
    "{{ 7 }} {% raw %}&quot; onmouseover=&quot;window.__pwned=54",
    "';window.__pwned=55;'",
    "ordinary folder",
]
# The years stand directly in the root's table of contents, and in those of an archive.
HOME = """# Home

```{toctree}
:glob:
:caption: Years

notes/2*
```

```{toctree}
:glob:
:hidden:

notes/*/2*
lists
archive
```
"""
LISTS = "".join(
    f"```{{cafe:{kind}}}\n```\n\n" for kind in ("latest", "people", "discussed", "tags")
)


def write(folder: Path) -> Site:
    """Write a site all of whose titles are hostile."""
    site = Site(folder / "project")
    site.write("conf.py", CONF)
    site.write("index.md", HOME)
    site.write("archive.md", "# Archive\n\n```{cafe:archive}\n```\n")
    site.write("lists.md", f"# Lists\n\n{LISTS}")
    site.write("plain.md", "---\norphan: true\n---\n\n# No notes\n")
    for index, title in enumerate(TITLES):
        day = f"{2000 + index}-01-07"
        quoted = title.replace("'", "''").replace("\u2028", " ")
        site.write(
            f"notes/{2000 + index}.md",
            (f"# {title}\n\n" if index % 2 else f"---\ntitle: '{quoted}'\n---\n\n")
            + f"## {day} {title}\n\nTags: {title}\n\n### Check-in\n\n- {title}\n\n### {title}\n\n"
            f"- **{title}** about\n\n#### [{title}](https://example.org)\n\ntext\n",
        )
    for index, name in enumerate(FOLDERS):
        site.write(f"notes/{name}/{2050 + index}.md", f"## {2050 + index}-01-07 {name}\n\ntext\n")
    return site


@pytest.fixture(scope="module", params=[*((t, "html") for t in THEMES), (THEMES[0], "dirhtml")])
def themed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[str]]]:
    """Build the site with a theme and serve it; give the address and the pages."""
    theme, builder = request.param
    if importlib.util.find_spec(theme) is None:
        pytest.skip(f"the theme {theme} is not installed")
    site = write(tmp_path_factory.mktemp("themed"))
    overrides = {"html_theme": theme, "cafe_today": "2060-01-01"}
    build = site.build(builder, overrides=overrides, warnings=True)
    pages = sorted(
        str(path.relative_to(build.outdir))
        for path in build.outdir.rglob("*.html")
        if not path.is_relative_to(build.outdir / "_static")
    )
    assert sum("notes" in page for page in pages) > len(TITLES)
    for server in serve(build.outdir):
        yield server, pages


# All of the document: titles stand in headers, sidebars, breadcrumbs, and links to neighbors.
FOUND = """[...document.querySelectorAll("*")].flatMap(element => [
    ...[...element.attributes]
        .filter(a => a.name.startsWith("on") || /^\\s*javascript:/i.test(a.value)
            || a.name === "srcdoc")
        .map(a => `${element.localName} ${a.name}=${a.value}`),
    ...(["iframe", "object", "embed", "base"].includes(element.localName)
        || (element.localName === "img" && element.getAttribute("src") === "x")
        ? [element.outerHTML] : []),
])"""


def test_titles_run_nothing_in_any_theme(browser: Browser, themed: tuple[str, list[str]]) -> None:
    address, pages = themed
    context = browser.new_context()
    page = context.new_page()
    happened = watch(page)
    plain = next(path for path in pages if path.startswith("plain"))
    page.goto(f"{address}/{plain}", wait_until="networkidle")
    # What a theme does without any notes is not theirs.
    usual = set(happened)
    own = set(page.evaluate(FOUND))
    for path in pages:
        page.goto(f"{address}/{quote(path)}", wait_until="load")
        assert page.evaluate("window.__pwned === undefined"), path
        assert set(page.evaluate(FOUND)) - own == set(), path
    assert set(happened) - usual == set()
    context.close()
