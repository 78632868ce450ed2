"""What other projects find in objects.inv, whatever stands in the notes."""

from __future__ import annotations

import re

import pytest
from sphinx.util.inventory import InventoryFile

from cafe_site.notes import archive

from .conftest import CONF, Build, Site

# What makes a line of an inventory, after a name; with what else str.splitlines takes for
# the end of a line.
ENTRY = "py:function 1 //evil.example/x Evil"
SEPARATORS = [" ", "\t", "\u00a0", "\u2003", "\u0085", "\u2028", "\u2029", "\u3000"]
NAMES = [f"evil{a}{ENTRY.replace(' ', a)}{b}z 1 //y" for a in SEPARATORS for b in SEPARATORS]
LISTS = "".join(f"```{{cafe:{kind}}}\n```\n\n" for kind in ("people", "discussed", "tags"))


def notes() -> str:
    """Return a year with a meeting for each hostile name."""
    meetings = []
    for index, name in enumerate(NAMES):
        meetings.append(
            f"## 2025-{index // 28 + 1:02}-{index % 28 + 1:02} {name}\n\n"
            f"Tags: {name} {index}, x{index}{name}\n\n"
            f"### Check-in\n\n- {name} {index}\n- B{index} {name} / @b{index}\n\n"
            f"### {name}\n\n- **{name}:** https://github.com/evil/py:function/issues/{index}\n"
            f"- evil/evil#{index} {ENTRY} https://github.com/evil/x/issues/1%20{name}\n"
        )
    return "\n\n".join(meetings)


def inventory(build: Build) -> dict[str, set[str]]:
    """Return the addresses by kind as Sphinx reads them."""
    data = (build.outdir / "objects.inv").read_bytes()
    found = InventoryFile.loads(data, uri="https://example.org/site").data
    return {kind: {item.uri for item in items.values()} for kind, items in found.items()}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a site with hostile names of tags, people, headings, pages and series."""
    project = Site(tmp_path_factory.mktemp("inventory") / "project")
    project.write("conf.py", CONF)
    project.write("index.md", "# Home\n\n```{cafe:archive}\n```\n")
    project.write("lists.md", f"---\norphan: true\n---\n\n# Lists\n\n{LISTS}")
    project.write("notes/2025.md", notes())
    for index, separator in enumerate((" ", "\u2003", "\u00a0")):
        folder = f"evil {ENTRY}".replace(" ", separator).replace(":", "·").replace("//", "·")
        title = f"a{separator}{ENTRY}".replace("\u2003", "\u2028")
        project.write(
            f"notes/{folder}/{2020 + index}.md", f"# {title}\n\n## {2020 + index}-01-05\n"
        )
    return project


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_an_inventory_has_nothing_but_our_own(hostile: Site, builder: str) -> None:
    # Another extension that makes entries of headings.
    extensions = ["cafe_site", "sphinx.ext.autosectionlabel"]
    build = hostile.build(builder, overrides={"extensions": extensions}, warnings=True)
    found = inventory(build)
    assert set(found) <= {
        *("cafe:meeting", "cafe:person", "cafe:ref", "cafe:tag", "std:doc", "std:label")
    }
    for kind, addresses in found.items():
        for address in addresses:
            assert address.startswith("https://example.org/site/"), (kind, address)
    for kind in ("cafe:meeting", "cafe:person", "cafe:tag"):
        assert len(found[kind]) > 20
        for address in found[kind]:
            page, _, anchor = address.removeprefix("https://example.org/site/").partition("#")
            if builder == "html" and "evil" not in page:
                text = (build.outdir / page).read_text(encoding="utf-8")
                assert re.search(rf'id="{re.escape(anchor)}"', text)


def test_roles_take_names_as_people_spell_them(site: Site) -> None:
    site.write(
        "notes/2025.md",
        "## 2025-12-16\n\nTags: Road  map, C++\n\n### Check-in\n\n- Grace Brewster Hopper\n",
    )
    site.write("notes/Reading group/2025.md", "## 2025-01-09\n")
    site.write("lists.md", f"---\norphan: true\n---\n\n# Lists\n\n{LISTS}")
    site.write(
        "roles.md",
        "---\norphan: true\n---\n\n# Roles\n\n{cafe:tag}`Road map` {cafe:tag}`#road-map` "
        "{cafe:tag}`c++` {cafe:person}`Grace Brewster Hopper` "
        "{cafe:person}`grace-brewster-hopper` {cafe:meeting}`Reading group/2025-01-09`\n",
    )
    build = site.build()
    anchors = [link["href"] for link in build.article("roles.html").select("p a")]
    person = anchors[3]
    assert anchors[0] == anchors[1] == f"lists.html#{archive.tag_anchor('road map')}"
    assert person.startswith("lists.html#person-grace-brewster-hopper--")
    assert "Grace" in build.article("lists.html").find(id=person.partition("#")[2]).get_text()
    assert anchors[3:5] == [person, person]
    assert anchors[5] == "notes/Reading%20group/2025.html#2025-01-09"
    data = (build.outdir / "objects.inv").read_bytes()
    found = InventoryFile.loads(data, uri="")
    assert ("cafe:meeting", "Reading-group/2025-01-09") in found
    assert found["cafe:person", "grace-brewster-hopper"].display_name == "Grace Brewster Hopper"
    assert found["cafe:tag", "road-map"].display_name == "road map"
