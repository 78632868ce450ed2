"""A language in which each message is marked, to find words that stand in the code.

It goes by the name of Greek: dates, cities, and what people write are in letters of another
script, so each Latin word outside of the marks is a hard-coded one.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup
from icalendar import Calendar

import cafe_site
from cafe_site.formats import messages
from tests.conftest import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

PACKAGE = Path(cafe_site.__file__).parent
PO_FILES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/cafe_site.po"))


def catalog_of(path: Path) -> Catalog:
    """Return the catalog in a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


LANGUAGE = "el"
COMMUNITY = """\
name: Καφέ
site: https://example.org/
organizers: Εμείς
links: {pad: "https://example.org/1", issues: "https://example.org/2"}
privacy: {hide_people: [Ада]}
schedule:
  - id: "1"
    title: Πρώτο
    notes: .
    rrule: FREQ=WEEKLY;BYDAY=TU
    time: 18:00
    timezone: America/Los_Angeles
    first: 2026-01-06
    canceled: {2026-09-08: Διακοπές, 2026-09-22: }
    moved: [{from: 2026-09-15, to: 2026-09-16 12:00, reason: Λόγος}]
    extra: [{date: 2026-09-19, time: 12:00}]
  - id: "2"
    title: Δεύτερο
    notes: "2"
    rrule: FREQ=MONTHLY;BYDAY=1TU
    time: 18:00
    timezone: Europe/Vienna
    first: 2026-01-06
"""
NOTES = """\
## 2026-08-04 Τίτλος

### Check-in

- Ада
- Ζήτα / @77

### Agenda

- **Ζήτα** (5): Θέμα 1 [1](https://github.com/1/2/issues/3)
- **Ада**: Θέμα 2
- Θέμα 3
- Θέμα 4
- Θέμα 5
- Θέμα 6
- Θέμα 7
- Θέμα 8
- Θέμα 9
- Θέμα 10

  > [!NOTE]
  > Κείμενο [![7](https://github.com/1.png)](https://github.com/1)

- **Action:** Να γίνει
- **Decision:** Ναι
- [x] **Action:** Έγινε

## 2026-08-11 CANCELLED

## 2026-08-18

### Agenda

- Ξανά [1](https://github.com/1/2/issues/3)
"""
PAGE = """\
# Σελίδα

```{cafe:next}
```

```{cafe:missing}
```

```{cafe:latest}
```

```{cafe:discussed}
```

```{cafe:people}
```

```{cafe:outcomes}
```

```{cafe:outcomes}
:limit: 1
```

```{toctree}
1
notes/index
```
"""
CHECKLIST = """\
# Λίστα

```{cafe:checklist}
```

```{cafe:due} -7
```

```{cafe:due} 0
```

"""
PASTED = "".join(
    f"```{{cafe:message}} {name}\n{following}```\n\n"
    for name in messages.MESSAGES
    # The headings of a pad are what the archive goes by.
    if name != "pad"
    for following in ("", ":following:\n")
)
TASKS = "- [ ] Ένα\n- [x] Δύο\n"
CONF = """\
extensions = ["cafe_site"]
myst_enable_extensions = ["tasklist"]
project = "Καφέ"
cafe_series_title = "Καφέ"
cafe_community = "community.yaml"
cafe_today = "2026-09-01"
html_theme = "basic"
html_baseurl = "https://example.org/"
html_context = {"github_user": "1", "github_repo": "2", "github_version": "3"}
"""


def marked(message: str) -> str:
    """Return a message in the marks of this language."""
    return f"⟦{message}⟧"


def write_catalog(folder: Path, without: str = "") -> None:
    """Write the catalog of this language, compiled and not, perhaps without a message."""
    catalog = catalog_of(PO_FILES[0])
    made = type(catalog)(locale=LANGUAGE)
    for message in catalog:
        if message.id and message.id != without:
            ids = message.id
            made.add(ids, tuple(map(marked, ids)) if isinstance(ids, tuple) else marked(ids))
    folder = folder / LANGUAGE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "cafe_site.po").open("wb") as file:
        write_po(file, made)
    with (folder / "cafe_site.mo").open("wb") as file:
        write_mo(file, made)


ALLOWED = re.compile(
    # Addresses, files, options, what programs are called, and the one name of a time everywhere.
    r"\w+://\S+|[\w./-]+\.(?:yaml|py|md|json|atom|ics)\b|--?[a-z][\w-]*|\bcafe-site\b|\bUTC\b"
    # Words that the archive goes by in notes, which are quoted.
    r"|Check-in|Agenda|Action|Decision|CANCELLED"
)


def unmarked(text: str) -> list[str]:
    """Return the Latin words of a text that stand outside of the marks."""
    depth, outside = 0, []
    for character in text:
        depth += character == "⟦"
        if not depth:
            outside.append(character)
        if character == "⟧":
            depth -= 1
            outside.append(" ")
    return re.findall(r"[A-Za-z]{2,}", ALLOWED.sub(" ", "".join(outside)))


def words_of_page(html: str) -> Iterator[str]:
    """Yield what a page shows or reads out, but for what Sphinx and its theme say."""
    page = BeautifulSoup(html, "html5lib")
    for script in page.select("script[data-words]"):
        yield from leaves(json.loads(script["data-words"]))
    for script in page.select("script.cafe-checklist-data"):
        data = json.loads(script.string)
        for meeting in data["meetings"]:
            del meeting["id"], meeting["end"]
        yield from leaves(data)
    for link in page.select('head link[rel="alternate"]'):
        yield link["title"]
    body = page.select_one("div.body")
    for element in body.select("script, style, .headerlink, code, pre"):
        element.extract()
    yield from body.strings
    for element in body.find_all(True):
        yield from (element.get(name, "") for name in ("title", "aria-label", "alt", "data-title"))


def leaves(data: object) -> Iterator[str]:
    """Yield the texts of JSON without its keys."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value)


def marked_site(root: Path, without: str = "") -> Site:
    """Return a site in this language with all directives."""
    site = Site(root)
    site.write("conf.py", f"{CONF}language = {LANGUAGE!r}\n")
    site.write("community.yaml", COMMUNITY)
    site.write("index.md", PAGE)
    site.write("1.md", CHECKLIST + PASTED + TASKS)
    site.write("notes/index.md", "# Αρχείο\n\n```{cafe:archive}\n```\n\n```{cafe:tags}\n```\n")
    site.write("notes/2026.md", f"---\ntags: [ένα]\n---\n\n{NOTES}")
    site.write("notes/2025.md", "## 2025-12-16\n\n- Ξανά [1](https://github.com/1/2/issues/3)\n")
    site.write("notes/2/2026.md", "## 2026-01-06\n\n- Ξανά [1](https://github.com/1/2/issues/3)\n")
    write_catalog(root / "locales", without)
    return site


def hard_coded(outdir: Path) -> dict[str, set[str]]:
    """Return the words of a site outside of the marks, by page or file."""
    found: dict[str, list[str]] = {}
    skip = ("search.html", "genindex.html")
    for path in sorted(outdir.rglob("*.html")):
        if path.name not in skip and "pagefind" not in path.parts:
            found[path.name] = list(words_of_page(path.read_text(encoding="utf-8")))
    for path in sorted(outdir.rglob("*.atom")):
        for element in ET.parse(path).getroot().iter():
            if element.tag.rpartition("}")[2] in ("title", "name", "content"):
                text = BeautifulSoup(element.text or "", "html5lib").get_text()
                found.setdefault(path.name, []).append(text)
    for path in sorted(outdir.rglob("*.ics")):
        for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            found.setdefault(path.name, []).extend(
                str(event.get(name, "")) for name in ("SUMMARY", "DESCRIPTION")
            )
    lines = (outdir / "llms.txt").read_text(encoding="utf-8")
    found["llms.txt"] = [re.sub(r"\]\([^)]*\)", "] ", lines)]
    assert len(found) > 8
    words = {
        name: {word for text in texts for word in unmarked(text)} for name, texts in found.items()
    }
    return {name: found for name, found in words.items() if found}
