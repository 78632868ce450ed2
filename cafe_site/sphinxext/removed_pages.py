"""Remove pages of deleted notes, and copies of their sources, which Sphinx leaves behind."""

from __future__ import annotations

from glob import escape as escape_glob
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx.builders.html import StandaloneHTMLBuilder

from cafe_site.sphinxext import builds
from cafe_site.sphinxext.site import cafe_domain, is_site
from cafe_site.sphinxext.source_links import source_address

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Remove the pages of deleted files of notes.

    This is done before anything is written, so that a new page in the same place stays.
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or not is_site(app):
        return
    for docname in sorted(builds.pages(app) - env.found_docs):
        source = Path(app.outdir, "_sources", docname)
        for path in (
            Path(builder.get_output_path(docname)),
            *sorted(source.parent.glob(f"{escape_glob(source.name)}.*")),
        ):
            _remove_page(path, Path(app.outdir))


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Remove copies of sources that an earlier build made and this one did not."""
    if exception is not None or not is_site(app):
        return
    domain = cafe_domain(app.env)
    sources = Path(app.outdir, "_sources")
    for folder in {Path(sources, docname).parent for docname in domain.data["notes"]}:
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            docname = path.relative_to(sources).as_posix().removesuffix("".join(path.suffixes))
            if docname in domain.data["notes"]:
                address = source_address(app, docname)
                if address is None or quote(path.relative_to(app.outdir).as_posix()) != address:
                    _remove_page(path, Path(app.outdir))


def _remove_page(path: Path, outdir: Path) -> None:
    """Remove a file in the output folder, and the folders that become empty."""
    if not path.is_file() or not path.resolve().is_relative_to(outdir.resolve()):
        return
    path.unlink()
    for folder in path.parents:
        if folder == outdir or any(folder.iterdir()):
            return
        folder.rmdir()


def setup(app: Sphinx) -> None:
    """Register the removal."""
    app.connect("env-updated", on_env_updated)
    app.connect("build-finished", on_build_finished)
