"""Support for notes that are not valid UTF-8.

Sphinx decodes a document strictly before it emits any event for it, and stops the build at
the first invalid byte (Builder.read_doc, Sphinx 9.0 to 9.2). Notes are pasted
from anywhere, so while such a file is among the documents to be read,
Sphinx decodes leniently; the parser reads the file itself, and reports the invalid bytes.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from cafe_site.reading import read_file
from cafe_site.sphinxext.interfaces import set_input_encoding
from cafe_site.sphinxext.sources import notes_source

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_LENIENT_UTF_8 = "cafe-site-lenient-utf-8"


class _LenientDecoder(codecs.getincrementaldecoder("utf-8-sig")):  # type: ignore[misc]
    def __init__(self, errors: str = "replace") -> None:
        super().__init__("replace")


def _find_lenient_codec(name: str) -> codecs.CodecInfo | None:
    # Python looks it up with underscores instead of hyphens.
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
    """Make Sphinx decode leniently if only notes need it."""
    bad = [docname for docname in docnames if not _is_utf_8(env.doc2path(docname))]
    if bad and all(notes_source(docname, app.config) for docname in bad):
        set_input_encoding(env, _LENIENT_UTF_8)


def _is_utf_8(path: str | Path) -> bool:
    try:
        read_file(Path(path)).decode("utf-8")
    except UnicodeDecodeError:
        return False
    except OSError:  # Sphinx reports unreadable files
        return True
    return True


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Restore strict decoding."""
    set_input_encoding(env, app.config.source_encoding)


def setup(app: Sphinx) -> None:
    """Register the lenient decoder and the event handlers that use it."""
    codecs.register(_find_lenient_codec)
    app.connect("env-before-read-docs", on_env_before_read_docs)
    app.connect("env-updated", on_env_updated)
