"""The language of a build, which is Sphinx's ``language``, and a site's own words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.i18n import CatalogRepository

from cafe_site import translation

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Set the language, with the catalogs that a site has in its `locale_dirs`.

    They are compiled first, as Sphinx does with its own catalogs at this point.
    """
    own = CatalogRepository(app.srcdir, config.locale_dirs, config.language, "utf-8")
    for catalog in own.catalogs:
        if catalog.domain == translation.DOMAIN and catalog.is_outdated():
            catalog.write_mo(config.language, config.gettext_allow_fuzzy_translations)
    translation.set_language(config.language, map(Path, own.locale_dirs))


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Reset the language for whatever runs next in the same process."""
    translation.set_language(translation.ENGLISH)


def setup(app: Sphinx) -> None:
    """Register the handlers that set and reset the language."""
    app.connect("config-inited", on_config_inited)
    # After everything that writes text.
    app.connect("build-finished", on_build_finished, priority=1000)
