"""What the pages need for the search, and when a build makes its index."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cafe_site.sphinxext.domain import ENV_VERSION
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.script_words import add_script
from cafe_site.sphinxext.search.index import Index, IndexingError, is_current, remove_index
from cafe_site.sphinxext.search.texts import on_doctree_read, records
from cafe_site.sphinxext.site import cafe_domain

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FOLDER = "pagefind"
"""The folder of the index in the output folder."""
_SPHINXS = ("searchindex.js", "_static/searchtools.js", "_static/language_data.js")
"""The scripts of Sphinx's own search, which `cafe_search.js` loads on demand."""
_NO_SCRIPT = "data:text/javascript,"


def _is_wanted(app: Sphinx) -> bool:
    """Return whether this build should have the search of this package."""
    return (
        app.config.cafe_search == "pagefind"
        and app.builder.format == "html"
        and bool(getattr(app.builder, "search", False))
        and app.builder.name != "singlehtml"
    )


def _has_search(app: Sphinx) -> bool:
    """Return whether this build has one."""
    return _is_wanted(app) and find_spec("pagefind") is not None


def on_builder_inited(app: Sphinx) -> None:
    """Add the script of the search to all pages, or warn why there is none."""
    if _has_search(app):
        add_script(app, "cafe_search.js")
        app.add_css_file("cafe_search.css")
    elif _is_wanted(app):
        _fall_back(app, "Pagefind is not installed: pip install 'pagefind[bin]'")


def _fall_back(app: Sphinx, reason: str) -> None:
    # An old index may show people who have since been hidden.
    remove_index(Path(app.outdir, FOLDER))
    warn(
        SiteProblem.SEARCH,
        "the site has Sphinx's own search instead of one that finds meetings: %s "
        '(cafe_search = "sphinx" in conf.py asks for that)',
        reason,
    )


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Let pages load Sphinx's own search only when it is needed.

    Its index contains all words of the site, and pydata-sphinx-theme loads it on every page
    before anything is shown.
    """
    as_you_type = str(context.get("theme_search_as_you_type", "")).lower() == "true"
    if _has_search(app) and not as_you_type:
        context["pathto"] = _without_search(context["pathto"])


def _without_search(pathto: Callable[..., str]) -> Callable[..., str]:
    """Return a `pathto` for templates that gives an empty script for those of Sphinx's search."""

    def wrapped(otheruri: str, *args: Any, **kwargs: Any) -> str:
        return _NO_SCRIPT if otheruri in _SPHINXS else pathto(otheruri, *args, **kwargs)

    return wrapped


class _Build:
    """The index in the making during one build."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._problem: Exception | None = None

    def on_env_updated(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Start to make the index, while pages are written, unless there is a current one."""
        folder = Path(app.outdir, FOLDER)
        # Other code may make other records from the same texts.
        key = f"{cafe_domain(env).texts_digest} {ENV_VERSION} {app.config.language}"
        if _has_search(app) and not is_current(folder, key):
            try:
                self._index = Index(records(app), folder, app.config.language, key)
            except OSError as error:
                self._problem = error

    def on_build_finished(self, app: Sphinx, exception: Exception | None) -> None:
        """Put the index in place."""
        index, self._index = self._index, None
        if exception is not None:
            if index is not None:
                index.cancel()
            return
        try:
            if index is not None:
                index.finish()
        except (OSError, IndexingError) as error:
            self._problem = error
        if isinstance(self._problem, OSError):
            _fall_back(
                app,
                f"its index cannot be written ({self._problem}): free disk space, "
                f"or remove {Path(app.outdir, FOLDER)}, then build again",
            )
        elif self._problem is not None:
            _fall_back(
                app,
                f"Pagefind does not run here ({self._problem}): build again, "
                "or install it again (pip install --force-reinstall 'pagefind[bin]')",
            )
        elif app.builder.format == "html" and not _has_search(app):
            remove_index(Path(app.outdir, FOLDER))


def setup(app: Sphinx) -> None:
    """Register the search."""
    app.connect("builder-inited", on_builder_inited)
    app.connect("doctree-read", on_doctree_read)
    app.connect("html-page-context", on_html_page_context)
    build = _Build()
    # After the domain has seen what changed.
    app.connect("env-updated", build.on_env_updated, priority=600)
    app.connect("build-finished", build.on_build_finished)
