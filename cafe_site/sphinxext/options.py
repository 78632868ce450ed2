"""The options of ``conf.py``, each defined once.

`setup` registers them, and the table in the documentation is generated from them.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from cafe_site.community.model import FIRST_DAY, LAST_DAY
from cafe_site.formats import words
from cafe_site.notes.model import Privacy
from cafe_site.notes.reference_links import Forges
from cafe_site.notes.sections import section_key
from cafe_site.site_settings import with_community
from cafe_site.vocabulary import vocabulary

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from cafe_site.community import Community
    from cafe_site.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Option:
    """An option of ``conf.py``."""

    name: str
    default: str | tuple[str, ...] | dict[str, tuple[str, ...]]
    help: str
    """Its description, in Markdown."""
    of_strings: bool = False
    """Whether the values of a dictionary are strings, not lists of them."""


_MAIN_TITLE = "Notes"
OPTIONS = (
    Option(
        "cafe_notes",
        "notes",
        "The folder of the notes, relative to the source directory. "
        'Each of its subfolders is a series of its own. `"."` if all documents are notes.',
    ),
    Option(
        "cafe_pages",
        (),
        "The pages in the notes folder that you wrote by hand and trust, as patterns relative to "
        "it, such as `people.md` or `guides/**`. All other files there are notes, "
        "except for `index.md` in folders without a date.",
    ),
    Option(
        "cafe_series",
        {},
        "The series of meeting files in one folder, by patterns for the names of files or of "
        'folders, such as `{"*-sync": "sync"}`. '
        "A series is given by its `id` in `community.yaml`, or by any other name.",
        of_strings=True,
    ),
    Option(
        "cafe_series_title",
        _MAIN_TITLE,
        "The title of the series directly in the notes folder. "
        "Other series are named after their folders: `team-meetings` becomes *Team meetings*.",
    ),
    Option(
        "cafe_series_titles",
        {},
        'The titles of other series, such as `{"sync": "Developers\' sync"}`. '
        "Those in `community.yaml` need not be repeated.",
        of_strings=True,
    ),
    Option(
        "cafe_community",
        "",
        "The file that describes the community and its schedule, such as `community.yaml`, "
        "relative to the folder of `conf.py`. "
        "Without it, there are no dates, calendars or feeds.",
    ),
    Option(
        "cafe_person_url",
        "https://github.com/{handle}",
        'The URL that `@handle` in notes links to, containing `{handle}`; `""` for no links.',
    ),
    Option(
        "cafe_people",
        {},
        "The other names and handles of people, by their preferred names, such as "
        '`{"Ada Lovelace": ["Countess Ada", "@ada-l"]}`.',
    ),
    Option(
        "cafe_hide_people",
        (),
        "People who do not want to be named, each as a handle, a name, or both separated by `/`. "
        "They appear as *A participant*, and in no index.",
    ),
    Option(
        "cafe_drop_sections",
        (),
        'Headings of the sections of meetings to leave out of the site, such as `"Ice breaker"`.',
    ),
    Option(
        "cafe_vocabulary",
        {},
        "The words that structure your notes, in addition to those known in English and in the "
        'language of the site, such as `{"attendees": ["the usual suspects"]}`.',
    ),
    Option(
        "cafe_forges",
        {},
        "What runs on the hosts, besides GitHub's, whose issues your notes refer to: `github`, "
        "`gitlab` or `gitea`, such as "
        '`{"gitlab.com": "gitlab", "codeberg.org": "gitea"}`. '
        "Those in `community.yaml` need not be repeated.",
        of_strings=True,
    ),
    Option(
        "cafe_repositories",
        {},
        "The repository whose issues the notes of a series refer to by their numbers alone, "
        'such as `{"docs": "numpy/numpy"}`; the series directly in the notes folder is `""`. '
        "Those in `community.yaml` need not be repeated.",
        of_strings=True,
    ),
    Option(
        "cafe_search",
        "pagefind",
        "The search of the site: `pagefind` finds meetings and their sections; "
        "`sphinx`, which is Sphinx's own search, finds pages.",
    ),
    Option(
        "cafe_today",
        "",
        "The date, as `YYYY-MM-DD`, after which meetings count as being in the future. "
        "By default the day of the build, or that of `SOURCE_DATE_EPOCH` if it is set.",
    ),
)


def today(config: Config) -> datetime.date:
    """Return the day that counts as today for a build.

    :raises ValueError: if a setting is invalid; names it and says what is expected
    """
    if config.cafe_today:
        # Imported here since few sites need them.
        from cafe_site.community.document import Refused
        from cafe_site.community.values import parse_date

        try:
            return parse_date(config.cafe_today)
        except Refused as error:
            raise ValueError(f"cafe_today: {error}") from None
    utc = datetime.UTC
    # https://reproducible-builds.org/specs/source-date-epoch/ requires a build to fail
    # on a value that is not an ASCII integer, as printed by `date +%s`.
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.datetime.now(utc).date()
    if not re.fullmatch(r"-?[0-9]{1,11}", epoch):
        raise ValueError(
            "the environment variable SOURCE_DATE_EPOCH must be a number of seconds "
            f"since 1970, not {epoch[:40]!r}"
        )
    # Added to the epoch, since the limits of `fromtimestamp` depend on the platform.
    moment = _EPOCH + datetime.timedelta(seconds=max(-1, min(int(epoch), _LAST_SECOND)))
    day = moment.date()
    if not FIRST_DAY <= day <= LAST_DAY:
        years = f"{FIRST_DAY.year} and {LAST_DAY.year}"
        raise ValueError(
            f"the environment variable SOURCE_DATE_EPOCH is {epoch}, "
            f"which is not between the years {years}"
        )
    return day


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_LAST_SECOND = 253_370_764_800
"""In the year 9999."""


def now(config: Config) -> datetime.datetime:
    """Return the time that counts as now for a build: the start of its day in UTC."""
    return datetime.datetime.combine(today(config), datetime.time(), datetime.UTC)


def community_path(app: Sphinx) -> Path | None:
    """Return the path of ``community.yaml``, or None if there is none."""
    return Path(app.confdir, app.config.cafe_community) if app.config.cafe_community else None


def community(app: Sphinx) -> Community | None:
    """Return the contents of ``community.yaml``, or None if there is none.

    :raises CommunityError: if something is wrong with it
    """
    path = community_path(app)
    return _load(path, path.stat().st_mtime_ns if path.exists() else 0) if path else None


@functools.lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> Community:
    # Imported here since sites without this file need neither the module nor its dependencies.
    from cafe_site.community import load_community

    return load_community(path)


def values(config: Config) -> list[object]:
    """Return the values of the options that pages depend on, in normalized form."""
    found = (getattr(config, option.name) for option in OPTIONS if option.name != "cafe_today")
    return [_normalized(value) for value in found]


def _normalized(value: object) -> object:
    if isinstance(value, dict):
        return [
            (key, words if isinstance(words, str) else sorted(words))
            for key, words in value.items()
        ]
    return sorted(value) if isinstance(value, (list, tuple, set, frozenset)) else value


def privacy(config: Config) -> Privacy:
    """Return what the site does not show."""
    return Privacy(
        frozenset(config.cafe_hide_people),
        frozenset(section_key(heading) for heading in config.cafe_drop_sections),
    )


def vocabulary_of(config: Config) -> Vocabulary:
    """Return the words that structure the notes of this site."""
    return vocabulary(config.language, config.cafe_vocabulary)


def forges_of(config: Config, series: str) -> Forges:
    """Return where the issues are that the notes of a series refer to."""
    return Forges(config.cafe_forges, config.cafe_repositories.get(series, ""))


def notes_folder(config: Config) -> str:
    """Return the normalized notes folder; ``""`` is the source directory."""
    return "" if config.cafe_notes in (".", "") else str(config.cafe_notes).strip("/")


def series_title(config: Config, series: str) -> str:
    """Return the title of a series."""
    return words.series_title(series, config.cafe_series_title, config.cafe_series_titles)


class Unstored(tuple[str, ...]):
    """Strings of which Sphinx stores only a digest, enough to detect changes.

    The doctree directory, where Sphinx stores it, may be published with the site.

    >>> import pickle
    >>> pickle.loads(pickle.dumps(Unstored(["ada"]))) == Unstored(["ada"])
    True
    """

    __slots__ = ()

    def _digest(self) -> str:
        return hashlib.sha256(repr(sorted(self)).encode()).hexdigest()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (self._digest(),)

    def __eq__(self, other: object) -> bool:
        return self._digest() == other if isinstance(other, str) else tuple(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__


def do_not_store(app: Sphinx, config: Config) -> None:
    """Keep the people to hide out of what Sphinx stores."""
    if config.cafe_people and config.cafe_hide_people:
        from cafe_site.community.people import without_hidden

        config.cafe_people, more = without_hidden(config.cafe_people, config.cafe_hide_people)
        config.cafe_hide_people = (*config.cafe_hide_people, *more)
    config.cafe_hide_people = Unstored(config.cafe_hide_people)


def take_over(app: Sphinx, config: Config) -> None:
    """Add the settings of ``community.yaml`` to those of ``conf.py``, which take precedence.

    :raises ConfigError: if the file is invalid; lists all errors at once
    """
    from cafe_site.community import CommunityError

    try:
        found = community(app)
    except CommunityError as error:
        path = community_path(app)
        where = "" if path and path.is_file() else "conf.py: cafe_community: "
        raise ConfigError(f"{where}{error}") from error
    if found is None:
        return
    conf = {option.name: getattr(config, option.name) for option in OPTIONS}
    if config.cafe_series_title != _MAIN_TITLE:
        conf["cafe_series_titles"] = {"": config.cafe_series_title, **config.cafe_series_titles}
    for name, value in with_community(conf, found).items():
        setattr(config, name, value)
    if (repository := found.repository) is not None:
        config.html_context = {
            f"{repository.host}_user": repository.owner,
            f"{repository.host}_repo": repository.name,
            f"{repository.host}_version": repository.branch,
            "doc_path": repository.folder,
            **(config.html_context or {}),
        }


_TYPES = {
    str: frozenset({str}),
    tuple: frozenset({list, tuple, set, frozenset, Unstored}),
    dict: frozenset({dict}),
}


def setup(app: Sphinx) -> None:
    """Register the options."""
    for option in OPTIONS:
        # All of them are used while reading notes, so a change causes a reread.
        app.add_config_value(
            option.name, option.default, "env", types=_TYPES[type(option.default)]
        )
    # After `option_checks`, since it adds to options of valid types.
    app.connect("config-inited", take_over, priority=600)
    # After everything that reads or changes them.
    app.connect("config-inited", do_not_store, priority=850)
