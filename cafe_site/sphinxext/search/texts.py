"""The texts of pages, stored between builds, and the records made from them."""

from __future__ import annotations

import functools
import json
import re
import zlib
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from cafe_site.formats import search_records
from cafe_site.formats.search_records import Page, Part
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.domain import Selection
from cafe_site.sphinxext.site import cafe_domain, page_uri

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from cafe_site.formats.search_records import Record

# Nodes that are not part of the text of a page.
_NOT_SEARCHED = (
    nodes.Invisible,
    nodes.image,
    nodes.label,
    nodes.raw,
    nodes.system_message,
    addnodes.toctree,
    cafe.navigation,
)
_NOT_SEARCHED_CLASSES = frozenset({"cafe-bar", "cafe-summary", "no-search"})
_LONE_SIGN = re.compile(r" ([^\w\s]+)(?= |$)")


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Store the text of a page that was just read."""
    docname = app.env.current_document.docname
    metadata = app.env.metadata[docname]
    if "no-search" in metadata or "nosearch" in metadata:
        return
    found = [(part.anchor, part.title, part.meeting, part.texts) for part in parts(doctree)]
    # Compressed, since Sphinx loads and stores all of it in every build.
    cafe_domain(app.env).note_text(docname, zlib.compress(json.dumps(found).encode()))


def parts(document: nodes.document) -> list[Part]:
    """Return the parts of a page in the order in which they begin."""
    page = Part("", "")
    found = [page]
    _collect(document.children, page, found)
    return found


def _collect(children: Sequence[nodes.Node], part: Part, found: list[Part]) -> None:
    """Add nodes to the part that they belong to, and start new parts."""
    for node in children:
        if not isinstance(node, nodes.Element) or isinstance(node, (nodes.title, *_NOT_SEARCHED)):
            continue
        if _NOT_SEARCHED_CLASSES.intersection(node["classes"]):
            continue
        if isinstance(node, nodes.section) and node["ids"]:
            text = _text(node[0]) if node.children else ""
            below = part
            if not part.anchor and not part.title:  # the page's own title
                part.title = text
                if "cafe-meeting" in node["classes"]:  # the page is one meeting
                    part.anchor, part.meeting = node["ids"][0], True
            else:
                below = Part(node["ids"][0], text, "cafe-meeting" in node["classes"])
                found.append(below)
            _collect(node.children, below, found)
        elif isinstance(node, nodes.list_item) and node["ids"] and node.children:
            item = Part(node["ids"][0], _text(node[0]))
            found.append(item)
            _collect(node.children[1:], item, found)
        elif isinstance(node, nodes.TextElement):
            if text := _text(node):
                part.texts.append(text)
        else:
            _collect(node.children, part, found)


def _text(node: nodes.Node) -> str:
    """Return the text of a node on one line.

    In a phrase search, Pagefind counts an isolated punctuation mark in the text as a word,
    but ignores it in the query, so the text must not contain any.
    """
    return _LONE_SIGN.sub(
        lambda sign: "," if sign[1] in "/|" else sign[1], " ".join(node.astext().split())
    )


def records(app: Sphinx) -> Iterator[Record]:
    """Return the records of all pages, sorted by page and position."""
    domain = cafe_domain(app.env)
    notes = {page.docname: page.notes for page in domain.pages(Selection())}
    pages = (
        Page(
            page_uri(app, docname),
            [Part(*stored) for stored in json.loads(zlib.decompress(blob))],
            notes.get(docname),
            docname,
        )
        for docname, blob in sorted(domain.data["texts"].items())
    )
    meetings = [(page.docname, meeting) for page, meeting in domain.meetings(Selection())]
    title = functools.partial(options.series_title, app.config)
    return search_records.records(pages, meetings, title, domain.who())
