"""Checks of the options of ``conf.py``, before anything uses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from cafe_site.notes.references import SOFTWARE
from cafe_site.sphinxext import options
from cafe_site.vocabulary import KEYS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def _check_paths(config: Config) -> list[str]:
    """Return the errors in the options about the notes folder."""
    problems = []
    folder = config.cafe_notes
    if folder.startswith("/") or re.search(r"(^|/)\.\.(/|$)|\\", folder):
        problems.append(
            "cafe_notes must be a folder below the source directory, with '/' as separator, "
            f"not {folder!r}"
        )
    for name in ("cafe_pages", "cafe_series"):
        problems += [
            f"{name}: a pattern is relative to the notes folder, with '/' as separator, "
            f"not {pattern!r}"
            for pattern in getattr(config, name)
            if not pattern.strip("/") or re.search(r"^/|(^|/)\.\.?(/|$)|\\", pattern)
        ]
    return problems


def check(app: Sphinx, config: Config) -> None:
    """Check the values of all options, and report all errors at once.

    :raises ConfigError: if any is invalid
    """
    problems = []
    for option in options.OPTIONS:
        value = getattr(config, option.name)
        if isinstance(option.default, str):
            if not isinstance(value, str):
                problems.append(f"{option.name} must be a string, not {value!r}")
        elif option.of_strings:
            if not isinstance(value, dict) or not _are_strings([*value, *value.values()]):
                problems.append(f"{option.name} must be a dictionary of strings, not {value!r}")
        elif isinstance(option.default, dict):
            if not isinstance(value, dict) or not all(
                isinstance(key, str) and _are_strings(words) for key, words in value.items()
            ):
                problems.append(
                    f"{option.name} must be a dictionary with lists of strings, not {value!r}"
                )
        elif not _are_strings(value):
            problems.append(f"{option.name} must be a list of strings, not {value!r}")
    if not problems:
        problems += _check_paths(config)
        url = config.cafe_person_url
        if url and (re.findall(r"\{[^{}]*\}?|\}", url) != ["{handle}"] or url[:4] != "http"):
            problems.append(f"cafe_person_url must be a URL with {{handle}} in it, not {url!r}")
        if config.cafe_search not in ("pagefind", "sphinx"):
            problems.append(
                f"cafe_search must be 'pagefind' or 'sphinx', not {config.cafe_search!r}"
            )
        problems += _check_privacy(config)
        problems += _check_people(config)
        problems += [
            f"cafe_vocabulary: unknown key {key!r}; the keys are {', '.join(KEYS)}"
            for key in config.cafe_vocabulary
            if key not in KEYS
        ]
        problems += [
            f"cafe_forges: {software!r} must be {', '.join(SOFTWARE[:-1])} or {SOFTWARE[-1]}"
            for software in config.cafe_forges.values()
            if software not in SOFTWARE
        ]
        try:
            options.today(config)
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("conf.py: " + "; ".join(problems))


def _are_strings(value: object) -> bool:
    return isinstance(value, (list, tuple, set, frozenset)) and all(
        isinstance(item, str) for item in value
    )


def _check_privacy(config: Config) -> list[str]:
    """Return the errors in the privacy options."""
    if not config.cafe_hide_people and not config.cafe_drop_sections:
        return []
    from cafe_site.community.document import Refused
    from cafe_site.community.values import parse_person, parse_section

    problems = []
    for name, parse in (("cafe_hide_people", parse_person), ("cafe_drop_sections", parse_section)):
        for value in sorted(getattr(config, name)):
            try:
                parse(value)
            except Refused as error:
                problems.append(f"{name}: {error}")
    return problems


def _check_people(config: Config) -> list[str]:
    """Return the errors in the names and handles of people."""
    if not config.cafe_people:
        return []
    from cafe_site.community.people import problems_of_people

    return [f"cafe_people: {problem}" for problem in problems_of_people(config.cafe_people)]


def setup(app: Sphinx) -> None:
    """Register the checks."""
    # Before Sphinx takes years from SOURCE_DATE_EPOCH, which may fail with a traceback, and
    # before `options.take_over`.
    app.connect("config-inited", check, priority=400)
