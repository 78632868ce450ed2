"""Year files with bytes that are not UTF-8.

Sphinx reads a document strictly before any event of the document, and stops the build at
the first byte that is not UTF-8 (Builder.read_doc, Sphinx 9.0 to 9.2). Notes are pasted
from anywhere, so while a year file with such bytes is among the documents to be read,
Sphinx decodes leniently; the parser reads the file itself, and says where the bytes are.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from cafe_site.reading import read_file
from cafe_site.sphinxext.interfaces import set_input_encoding
from cafe_site.sphinxext.sources import year_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_LENIENT_UTF_8 = "cafe-site-lenient-utf-8"


class _LenientDecoder(codecs.getincrementaldecoder("utf-8-sig")):  # type: ignore[misc]
    def __init__(self, errors: str = "replace") -> None:
        super().__init__("replace")


def _find_lenient_codec(name: str) -> codecs.CodecInfo | None:
    # Python asks with underscores for the hyphens.
    if name.replace("_", "-") != _LENIENT_UTF_8:
        return None
    strict = codecs.lookup("utf-8-sig")
    return codecs.CodecInfo(
        name=_LENIENT_UTF_8,
        encode=strict.encode,
        decode=lambda data, errors="replace": strict.decode(data, "replace"),
        incrementalencoder=strict.incrementalencoder,
        incrementaldecoder=_LenientDecoder,
        streamreader=strict.streamreader,
        streamwriter=strict.streamwriter,
    )


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Let Sphinx read leniently if nothing but year files needs it."""
    bad = [docname for docname in docnames if not _is_utf_8(env.doc2path(docname))]
    if bad and all(year_of(docname, app.config) for docname in bad):
        set_input_encoding(env, _LENIENT_UTF_8)


def _is_utf_8(path: str | Path) -> bool:
    try:
        read_file(Path(path)).decode("utf-8")
    except UnicodeDecodeError:
        return False
    except OSError:  # Sphinx reports files that it cannot read
        return True
    return True


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Read strictly again."""
    set_input_encoding(env, app.config.source_encoding)


def setup(app: Sphinx) -> None:
    """Register the lenient decoder, and use it where it is needed."""
    codecs.register(_find_lenient_codec)
    app.connect("env-before-read-docs", on_env_before_read_docs)
    app.connect("env-updated", on_env_updated)
