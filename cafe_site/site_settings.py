"""The settings of ``conf.py`` and ``community.yaml`` that the notes of a site are read with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from cafe_site.community.model import Community


def with_community(conf: Mapping[str, Any], found: Community) -> dict[str, Any]:
    """Return the settings of ``conf.py`` to which ``community.yaml`` adds, with what it adds.

    Those of ``conf.py`` take precedence. The ids of series become the names of their notes.

    :param conf: the values of all these settings
    """
    titles = {one.notes: one.title for one in found.schedule}
    repositories = {one.notes: one.repository for one in found.schedule if one.repository}
    notes = {one.id: one.notes for one in found.schedule}
    words = conf["cafe_vocabulary"]
    return {
        "cafe_hide_people": tuple(dict.fromkeys((*conf["cafe_hide_people"], *found.hide_people))),
        "cafe_drop_sections": tuple(
            dict.fromkeys((*conf["cafe_drop_sections"], *found.drop_sections))
        ),
        "cafe_people": {**found.people, **conf["cafe_people"]},
        "cafe_series_titles": {**titles, **conf["cafe_series_titles"]},
        "cafe_repositories": {**repositories, **conf["cafe_repositories"]},
        "cafe_series": {
            pattern: notes.get(series, series) for pattern, series in conf["cafe_series"].items()
        },
        "cafe_vocabulary": {
            key: (*found.vocabulary.get(key, ()), *words.get(key, ()))
            for key in {**found.vocabulary, **words}
        },
        "cafe_forges": {**found.forges, **conf["cafe_forges"]},
    }
