"""Footnotes of notes in Sphinx's LaTeX and Texinfo writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from cafe_site.sphinxext.sources import notes_source

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx


class FlattenFootnotes(SphinxPostTransform):
    """Adapt the footnotes of notes to Sphinx's LaTeX and Texinfo writers.

    - Number them uniquely on a page. Each meeting numbers its own from 1,
      and these writers treat two footnotes with the same number as one.
    - Replace references between footnotes with text. These writers expand them in place:
      endlessly if they are circular, and exponentially if each refers to the next one twice.
    - Turn unreferenced footnotes into text, since these writers would omit them.
    """

    # Before LaTeXFootnoteTransform (600).
    default_priority = 590
    formats = ("latex", "texinfo")

    def run(self, **kwargs: Any) -> None:
        """Change the footnotes of one document, which may combine many pages."""
        footnotes: dict[tuple[str, str], nodes.footnote] = {}
        numbers: dict[tuple[str, str], str] = {}
        counts: dict[str, int] = {}
        for footnote in self.document.findall(nodes.footnote):
            docname = footnote["docname"]
            if notes_source(docname, self.config) is not None:
                counts[docname] = counts.get(docname, 0) + 1
                key = (docname, footnote["ids"][0])
                footnotes[key] = footnote
                numbers[key] = str(counts[docname])
                footnote[0] = nodes.label("", numbers[key])
        for footnote in footnotes.values():
            for inner in list(footnote.findall(nodes.footnote_reference)):
                number = numbers[inner["docname"], inner["refid"]]
                inner.parent.replace(inner, nodes.Text(f"[{number}]"))
        unused = dict(footnotes)
        for reference in self.document.findall(nodes.footnote_reference):
            if (key := (reference["docname"], reference["refid"])) in footnotes:
                unused.pop(key, None)
                reference.clear()
                reference += nodes.Text(numbers[key])
        for key, footnote in unused.items():
            label = nodes.paragraph("", f"[{numbers[key]}]")
            footnote.parent.replace(footnote, [label, *footnote.children[1:]])


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(FlattenFootnotes)
