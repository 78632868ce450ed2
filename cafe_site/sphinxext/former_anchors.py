"""The anchors that headings had before the site used cafe_site, so that old links still work.

A heading of notes gets up to two more: the ID that docutils makes from it, which Sphinx uses,
and the one that GitHub shows when it renders the file. Both have to be unambiguous on the page.
They are only in the HTML: inventory, search, and feeds use the anchors of `cafe_site.notes`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from docutils.nodes import Element, make_id, section

from cafe_site.notes.archive import page_anchor
from cafe_site.notes.dialect import typed_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docutils.nodes import document
    from sphinx.application import Sphinx

    from cafe_site.notes.model import NotesFile

# Nobody links to the anchor of a longer heading.
_LONGEST = 200

# IDs in the templates and scripts of Sphinx, its themes Alabaster, Furo, PyData, Read the Docs,
# and Sphinx Book, and of sphinx-copybutton and sphinx-design; serial IDs of docutils and Sphinx,
# which denote another heading as soon as one is added; and those of footnotes.
_RESERVED = re.compile(
    r"id\d*|(?:index|fn|toc-entry|toggle|cap|codecell|module|term|equation)-?\d*|"
    r"(?:__|bd-|cafe-|furo-|jb-|navbar|pst-|readthedocs-|rtd-|sd-|svg-|tippy-).*|"
    r".*--(?:note|ref).*|"
    r"back-?to-?top|body|content|contentwrapper|documentwrapper|ethical-ad-placement|fallback|flyout|"
    r"footer|genindex|head|header|html|main|main-content|modindex|nav|navigation|ncx|page|"
    r"print-main-content|py-modindex|rellinks|root|search|search-documentation|search-form|"
    r"search-input|search-progress|search-results|search-summary|searchbox|searchindexloader|"
    r"searchlabel|sidebar|sidebarbutton|sidebar-tree|site-navigation|theme|theme-toggle|toc|version|"
    r"versions|"
    # An element with such an ID is a global variable, by which scripts find out how to load.
    r"amd|define|document|exports|global|globalthis|module|process|require|self|window"
)


def former_anchors(notes: NotesFile) -> dict[str, list[str]]:
    """Return the former anchors of a page by the present ones.

    An anchor is left out

    - if several headings of the page have it, or would have it with a number appended,
      as GitHub does for headings with the same words;
    - if it is a present anchor, or a `_RESERVED` one;
    - if docutils would only number the heading, such as ``## 2025-12-16``.

    >>> from cafe_site.notes.reader import read
    >>> former_anchors(read("## 2025-12-16\\n\\n### Q&A: looms", 2025))
    {'2025-12-16-q-a-looms': ['q-a-looms', 'qa-looms']}
    """
    headings = [(anchor, _slugs(text)) for anchor, text in _headings(notes)]
    counts = Counter(slug for _, slugs in headings for slug in slugs)
    ambiguous = {slug for slug, count in counts.items() if count > 1}
    numbered = {f"{slug}-{n}" for slug in ambiguous for n in range(1, counts[slug])}
    taken = notes.anchors | ambiguous | numbered | {page_anchor(notes)}
    found: dict[str, list[str]] = {}
    for anchor, slugs in headings:
        free = [slug for slug in slugs if slug not in taken and not _RESERVED.fullmatch(slug)]
        if anchor and free:
            found[anchor] = free
    return found


def add_former_anchors(page: section, former: Mapping[str, list[str]]) -> None:
    """Add former anchors to the sections of a page."""
    for node in page.findall(section):
        if found := former.get(node["ids"][0]):
            node["ids"] += found
            node["former"] = found


def on_doctree_resolved(app: Sphinx, doctree: document, docname: str) -> None:
    """Remove the former anchors that several pages have if all pages are in one file."""
    if app.builder.name != "singlehtml":
        return
    counts: Counter[str] = Counter()
    for element in doctree.findall(Element):
        counts.update(element["ids"])
    for node in doctree.findall(section):
        former: list[str] = node.get("former", [])
        for name in former:
            if counts[name] > 1:
                node["ids"].remove(name)


def setup(app: Sphinx) -> None:
    """Register the removal of anchors on a single page."""
    app.connect("doctree-resolved", on_doctree_resolved)


def _headings(notes: NotesFile) -> Iterator[tuple[str, str]]:
    """Yield the anchor and the text of each heading; those in lists and quotations have none."""
    if not notes.is_one_meeting:
        yield page_anchor(notes), notes.title
    for entry in notes.entries:
        yield entry.meeting.id, entry.heading
    for tokens in (notes.introduction, *(entry.body for entry in notes.entries)):
        for index, token in enumerate(tokens):
            if token.type == "heading_open":
                yield token.meta.get("id", ""), typed_text(tokens[index + 1].children)


def _slugs(text: str) -> list[str]:
    """Return the IDs that docutils and GitHub make from a heading, without empty ones."""
    if len(text) > _LONGEST:
        return []
    return [*dict.fromkeys(slug for slug in (make_id(text), github_slug(text)) if slug)]


def github_slug(text: str) -> str:
    """Return what GitHub makes from a heading.

    Lowercase, without punctuation and symbols, and a hyphen for each space
    (https://github.com/Flet/github-slugger).

    >>> github_slug("Drafting a new roadmap 🎉"), github_slug("C++ & Größe_1 - x")
    ('drafting-a-new-roadmap-', 'c--größe_1---x')
    """
    kept = (c for c in text.strip().lower() if c in " _-" or c.isalnum() or _is_mark(c))
    return "".join(kept).replace(" ", "-")


def _is_mark(character: str) -> bool:
    # Not the variation selectors of emoji.
    return unicodedata.category(character)[0] == "M" and not "\ufe00" <= character <= "\ufe0f"
