"""What pages show of the schedule: the next dates, the checklist, missing notes, and calendars.

A page holds all dates of two years, and a script in the browser decides which one is next:
a page that nobody has built for weeks must not call a date of the past the next one.
Without scripts, the page is a list of dates that says nothing of *next*.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from cafe_site.community.schedule import (
    chosen,
    missing,
    next_meeting,
    occurrences,
    unusual_hours,
    upcoming,
)
from cafe_site.formats import words
from cafe_site.formats.messages import FOLDER as TEXTS_FOLDER
from cafe_site.formats.messages import SUFFIX, TEXTS, TextError, render
from cafe_site.notes.dates import MeetingDate
from cafe_site.sphinxext import files, options
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.domain import Needs, Selection
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.site import cafe_domain, is_site, page_uri, site_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

    from cafe_site.community import Series
    from cafe_site.community.schedule import Occurrence

FOLDER = "calendar"
"""The folder of the files with one meeting each, in the output folder."""
CALENDAR = "meetings.ics"
"""The calendar of all meetings, in the output folder."""

# How long a page shows the right date although nobody builds the site.
_DAYS = 730
_COUNT = 6
# Each is a file, and takes some time to make.
_SINGLE_FILES = 12
_CHECKLIST_COMING = 12
# The last stage of the checklist comes after the meeting.
_CHECKLIST_PAST = 2
_CANCELED = "Canceled"


# --- directives -----------------------------------------------------------------------------


class _Directive(SphinxDirective):
    """A place for something that is made from the schedule.

    ``:series:`` takes the meetings of one series alone, by its id or the folder of its notes.
    """

    kind: ClassVar[str]
    has_content = False
    option_spec: ClassVar[OptionSpec] = {"series": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make the place."""
        return [self._place(series=self.options.get("series"))]

    def _place(self, **attributes: Any) -> cafe.schedule_place:
        node = cafe.schedule_place(kind=self.kind, **attributes)
        self.set_source_info(node)
        return node

    def _refuse(self, message: str, *arguments: object) -> list[nodes.Node]:
        warn(SiteProblem.SCHEDULE, message, *arguments, location=self.get_location())
        return []


class Next(_Directive):
    """``{cafe:next}``: the next meetings, and links to put them into a calendar.

    ``:count:`` is how many are listed, 6 if it is not given.
    Canceled ones are among them.
    """

    kind = "next"
    option_spec: ClassVar[OptionSpec] = {
        "count": directives.positive_int,
        "series": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Make the place."""
        count = self.options.get("count", _COUNT)
        return [self._place(series=self.options.get("series"), count=count)]


class Missing(_Directive):
    """``{cafe:missing}``: past meetings that have no notes in the archive, newest first."""

    kind = "missing"


class Checklist(_Directive):
    """``{cafe:checklist}``: a chooser that makes the task lists of a page those of one meeting.

    Boxes can then be ticked, and stay ticked in the reader's browser.
    """

    kind = "checklist"


class Due(_Directive):
    """``{cafe:due} -7``: the day by which something is due, days before or after the meeting.

    It is the day of the meeting that is chosen in the page's ``{cafe:checklist}``.
    """

    kind = "due"
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Make the place, if the argument is a number of days."""
        argument = self.arguments[0]
        if not re.fullmatch(r"[+-]?[0-9]{1,3}", argument):
            return self._refuse(
                "%r is no number of days; write -7 for a week before the meeting, "
                "0 for its day, +1 for the day after",
                argument,
            )
        return [self._place(days=int(argument))]


class PasteText(_Directive):
    """``{cafe:text} remind-week``: a text about the chosen meeting, ready to be copied.

    With ``:following:`` it is about the one after that, to prepare it.
    """

    kind = "text"
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"following": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Make the place, if there is a text of this name."""
        names = [text.name for text in TEXTS]
        name = self.arguments[0]
        if name not in names:
            close = difflib.get_close_matches(name, names, 1)
            guess = f"; did you mean {close[0]!r}?" if close else ""
            return self._refuse(
                "there is no text %r%s; the texts are %s", name, guess, ", ".join(names)
            )
        return [self._place(name=name, following="following" in self.options)]


# --- meetings in words ----------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A meeting as a page shows it."""

    title: str
    """The title of its series."""
    date: str
    """``Tuesday, December 1, 2026``"""
    place: str
    """``11:00 in Los Angeles``"""
    utc: str
    """``19:00 UTC``, with the weekday if it is another one there; empty if `place` says it."""
    remarks: tuple[str, ...]
    """Why it is canceled or where it was moved from, and which hours are unusual."""


@functools.lru_cache(maxsize=2048)
def shown(occurrence: Occurrence, language: str = "en") -> Shown:
    """Put a meeting into words.

    >>> from cafe_site.community import read_community
    >>> from cafe_site.community.schedule import upcoming
    >>> community = read_community('''
    ... name: Tea
    ... schedule: {id: tea, rrule: FREQ=WEEKLY, time: 18:00, timezone: America/Los_Angeles,
    ...            first: 2026-12-01, canceled: {2026-12-01: Holiday}}
    ... ''')
    >>> now = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    >>> found = shown(upcoming(community.schedule, now, 1)[0])
    >>> found.date, found.place, found.utc, found.remarks
    ('Tuesday, December 1, 2026', '18:00 in Los Angeles', '02:00 UTC on Wednesday', ('Holiday',))
    """
    time = f"{occurrence.start:%H:%M}"
    city = _city(occurrence.timezone)
    utc = f"{occurrence.utc:%H:%M} UTC"
    if occurrence.utc.date() != occurrence.date:
        utc += f" on {_full_date(occurrence.utc.date(), 'en').partition(',')[0]}"
    remarks = []
    if occurrence.origin == occurrence.date:
        remarks.append("At another time than usual")
    elif occurrence.origin is not None:
        remarks.append(f"Moved from {_full_date(occurrence.origin, language)}")
    elif occurrence.status == "extra":
        remarks.append("An extra meeting")
    if occurrence.reason:
        remarks[-1:] = [": ".join((*remarks[-1:], occurrence.reason))]
    if not occurrence.canceled:
        remarks += unusual_hours(occurrence)
    return Shown(
        occurrence.series.title,
        _full_date(occurrence.date, language),
        f"{time} in {city}" if city else f"{time} {occurrence.timezone}",
        "" if occurrence.timezone == "UTC" else utc,
        tuple(remarks),
    )


def _city(timezone: str) -> str:
    """Return the city that a time zone is named after, empty if there is none."""
    region, _, city = timezone.rpartition("/")
    return "" if region in ("", "Etc") else city.replace("_", " ")


def _full_date(day: datetime.date, language: str) -> str:
    return words.full_date(MeetingDate(day.year, day.month, day.day), language)


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def coming(schedule: Iterable[Series], now: datetime.datetime) -> list[Occurrence]:
    """Return the meetings of two years that have not ended yet, canceled ones too, by time.

    The two years begin with the first of these meetings and not now,
    so that what a page shows changes only when a meeting has ended.
    """
    schedule = tuple(schedule)
    first = upcoming(schedule, now, 1)
    if not first:
        return []
    since = first[0].date - datetime.timedelta(days=2)
    until = first[0].date + datetime.timedelta(days=_DAYS)
    now = now.astimezone(datetime.UTC)
    found = [
        one
        for series in schedule
        for one in occurrences(series, since, until)
        if one.end.astimezone(datetime.UTC) > now
    ]
    return sorted(found, key=lambda one: (one.utc, one.series.id))


def single_name(occurrence: Occurrence, *, several: bool) -> str:
    """Return the path of the calendar file with one meeting, from the root of the site.

    It has the day that the rule gives, so that it stays when the meeting is moved.

    :param several: whether there are several series, whose meetings may be on one day
    """
    day = occurrence.origin or occurrence.date
    prefix = f"{occurrence.series.id}-" if several else ""
    return f"{FOLDER}/{prefix}{day}.ics"


# --- what is shown --------------------------------------------------------------------------


class _Maker:
    """Makes what pages show of the schedule, in one build."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.community = options.community(app)
        self.schedule = self.community.schedule if self.community else ()
        self.several = len(self.schedule) > 1
        self.address = site_address(app)
        self.now = options.now(app.config)
        self.language = app.config.language
        self.problems: dict[str, None] = {}
        """What is wrong with the community's own texts, each once."""

    def chosen(self, series: str | None) -> tuple[Series, ...]:
        """Return all series, or the one that is asked for, or none."""
        return chosen(self.schedule, series)

    def with_file(self, schedule: Iterable[Series]) -> list[Occurrence]:
        """Return the meetings that have calendar files of their own: the next of each series."""
        return [
            one
            for series in schedule
            for one in [o for o in coming((series,), self.now) if not o.canceled][:_SINGLE_FILES]
        ]

    def single_name(self, occurrence: Occurrence) -> str:
        """Return the path of the file of one meeting, from the root of the site."""
        return single_name(occurrence, several=self.several)

    def described(self, occurrence: Occurrence) -> Shown:
        return shown(occurrence, self.language)

    # --- the next dates ---

    def next_plain(self, series: str | None, count: int) -> list[nodes.Node]:
        """Return the first dates as a list of text."""
        found = coming(self.chosen(series), self.now)
        rows = nodes.bullet_list(classes=["no-search"])
        for one in found[:count]:
            said = self.described(one)
            line = f"{said.date}, {said.place}" + (f" ({said.utc})" if said.utc else "")
            if self.several:
                line = f"{said.title}: {line}"
            if one.canceled:
                line += f" – {_CANCELED}"
            if said.remarks:
                line = "".join(f"{text.rstrip('.')}. " for text in (line, *said.remarks)).rstrip()
            rows += nodes.list_item("", nodes.paragraph("", line))
        return [rows] if found else [nodes.paragraph("", _NOTHING_PLANNED)]

    def next_html(self, series: str | None, count: int, root: str) -> Markup:
        """Return all dates as a list of which the first ones are shown.

        :param root: what leads from the page to the root of the site
        """
        found = coming(self.chosen(series), self.now)
        if not found:
            return Markup("<p>{}</p>").format(_NOTHING_PLANNED)
        with_file = {self.single_name(one) for one in self.with_file(self.chosen(series))}
        rows = Markup("").join(
            self._row(
                one, root if self.single_name(one) in with_file else None, hidden=index >= count
            )
            for index, one in enumerate(found)
        )
        return Markup(
            '<div class="cafe-next" data-count="{}">\n<ul class="cafe-dates">\n{}</ul>\n{}</div>\n'
        ).format(count, rows, self._subscribe(series, root))

    def _row(self, one: Occurrence, root: str | None, *, hidden: bool) -> Markup:
        said = self.described(one)
        parts = [
            Markup('<p class="cafe-when">{}<time datetime="{}">{}</time>{}</p>\n').format(
                Markup('<span class="cafe-title">{}</span> ').format(said.title)
                if self.several
                else "",
                _utc(one.start),
                said.date,
                Markup(' <span class="cafe-canceled">{}</span>').format(_CANCELED)
                if one.canceled
                else "",
            ),
            Markup('<p class="cafe-time"><span class="cafe-there">{}</span>{}</p>\n').format(
                said.place,
                Markup(' <span class="cafe-utc">{}</span>').format(said.utc) if said.utc else "",
            ),
        ]
        parts += [Markup('<p class="cafe-remark">{}</p>\n').format(text) for text in said.remarks]
        if root is not None and not one.canceled:
            parts.append(
                Markup(
                    '<p class="cafe-add"><a href="{}" download aria-label="{}">{}</a></p>\n'
                ).format(
                    root + self.single_name(one),
                    f"Add to calendar: {said.date}",
                    "Add to calendar",
                )
            )
        return Markup('<li data-title="{}" data-end="{}" data-zone="{}"{}{}>\n{}</li>\n').format(
            said.title,
            _utc(one.end),
            one.timezone,
            Markup(" data-canceled") if one.canceled else "",
            Markup(" hidden") if hidden else "",
            Markup("").join(parts),
        )

    def _subscribe(self, series: str | None, root: str) -> Markup:
        name = f"{self.chosen(series)[0].id}.ics" if self.several and series else CALENDAR
        links = []
        if self.address:
            address = urljoin(self.address, name).partition(":")[2]
            links.append(Markup('<a href="webcal:{}">Subscribe to all dates</a>').format(address))
        links.append(Markup('<a href="{}{}">All dates as a calendar file</a>').format(root, name))
        return Markup('<p class="cafe-subscribe">{}</p>\n').format(Markup(" ").join(links))

    # --- missing notes ---

    def missing(self, series: str | None) -> list[Occurrence]:
        """Return past meetings without notes, newest first."""
        domain = cafe_domain(self.app.env)
        found = []
        for one in self.chosen(series):
            meetings = domain.meetings(Selection(series=one.notes))
            dates = {meeting.date for _, meeting in meetings}
            found += missing(one, dates, options.today(self.app.config))
        return sorted(found, key=lambda one: (one.utc, one.series.id), reverse=True)

    def missing_list(self, series: str | None) -> list[nodes.Node]:
        """Return the list of past meetings without notes."""
        found = self.missing(series)
        if not found:
            every = self.chosen(series)
            title = every[0].title if len(every) == 1 else "meeting"
            text = f"Every {title} so far has its notes. Thank you!"
            return [nodes.paragraph("", text, classes=["cafe-complete"])]
        rows = nodes.bullet_list(classes=["cafe-missing", "no-search"])
        for one in found:
            line = self.described(one).date
            if self.several:
                line = f"{one.series.title}: {line}"
            rows += nodes.list_item("", nodes.paragraph("", line))
        return [rows]

    # --- the checklist ---

    def choice(self, series: str | None) -> list[Occurrence]:
        """Return the meetings that a checklist can be for, by time.

        These are the next ones that take place, and the last ones for what is left to do.
        """
        found = [one for one in coming(self.chosen(series), self.now) if not one.canceled]
        today = options.today(self.app.config)
        past = [
            one
            for each in self.chosen(series)
            for one in occurrences(
                each, today - datetime.timedelta(days=100), today + datetime.timedelta(days=1)
            )
            if not one.canceled and one.end.astimezone(datetime.UTC) <= self.now
        ]
        past.sort(key=lambda one: (one.utc, one.series.id))
        return past[-_CHECKLIST_PAST:] + found[:_CHECKLIST_COMING]

    def checklist(self, series: str | None, needs: Needs) -> list[dict[str, Any]]:
        """Return the meetings that one can choose, with what the page shows about each."""
        result = []
        for one in self.choice(series):
            said = self.described(one)
            after = next_meeting((one.series,), one.end)
            result.append(
                {
                    # Ticks stay when the meeting is moved.
                    "id": f"{one.series.id}/{one.origin or one.date}",
                    "end": _utc(one.end),
                    "title": said.title,
                    "label": f"{said.title}, {said.date}" if self.several else said.date,
                    "when": ", ".join(text for text in (said.date, said.place, said.utc) if text),
                    "remarks": said.remarks,
                    "due": {str(day): self._due(one, day) for day in needs.days},
                    "texts": {name: self._text(name, one) for name in needs.texts},
                    "following": after and self.described(after).date,
                    "followingTexts": {
                        name: self._text(name, after) for name in needs.following if after
                    },
                }
            )
        return result

    def _text(self, name: str, one: Occurrence) -> str:
        assert self.community is not None
        try:
            return render(name, self.community, one, folder=templates_folder(self.app))
        except TextError as error:
            self.problems[str(error)] = None
            return ""

    def _due(self, one: Occurrence, days: int) -> str:
        date = _full_date(one.date + datetime.timedelta(days=days), self.language)
        return f"{'by' if days else 'on'} {date}"

    def checklist_html(self, series: str | None, needs: Needs) -> Markup:
        """Return the place of the chooser, and what it needs to know."""
        every = self.chosen(series)
        data = {
            "label": f"For which {every[0].title}?" if len(every) == 1 else "For which meeting?",
            "meetings": self.checklist(series, needs),
        }
        return Markup(
            '<div class="cafe-checklist" hidden></div>\n'
            '<script type="application/json" class="cafe-checklist-data">{}</script>\n'
        ).format(_script(data))


_NOTHING_PLANNED = "No meeting is planned at present."
_NO_SCHEDULE = "The dates are not known: this site has no schedule."


def _script(data: object) -> Markup:
    r"""Return JSON that can stand in a script element.

    >>> print(_script("</script><!--"))
    "\u003c/script>\u003c!--"
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # JSON has this character in texts only.
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def templates_folder(app: Sphinx) -> Path | None:
    """Return the folder with the community's own texts, or None if there is none."""
    path = options.community_path(app)
    folder = path.parent / TEXTS_FOLDER if path else None
    return folder if folder and folder.is_dir() else None


def _templates(app: Sphinx) -> list[tuple[str, bytes]]:
    """Return the community's own texts, by name."""
    folder = templates_folder(app)
    if folder is None:
        return []
    return [
        (path.name, path.read_bytes())
        for path in sorted(folder.glob(f"*{SUFFIX}"))
        if path.is_file()
    ]


# --- pages ----------------------------------------------------------------------------------


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page shows of the schedule, and report what cannot be shown."""
    places = list(doctree.findall(cafe.schedule_place))
    if not places:
        return
    docname = app.env.current_document.docname
    community = options.community(app)
    schedule = community.schedule if community else ()
    kinds = {place["kind"] for place in places}
    for place in places:
        name = f"{{cafe:{place['kind']}}}"
        if place["kind"] in ("due", "text"):
            if "checklist" not in kinds:
                warn(
                    SiteProblem.SCHEDULE,
                    "%s needs a {cafe:checklist} on the same page",
                    name,
                    location=place,
                )
        elif not schedule:
            how = (
                "conf.py names no community.yaml (cafe_community)"
                if community is None
                else f"{app.config.cafe_community} has no schedule"
            )
            warn(SiteProblem.SCHEDULE, "%s has no dates to show: %s", name, how, location=place)
        elif not chosen(schedule, place["series"]):
            known = ", ".join(one.id for one in schedule)
            warn(
                SiteProblem.SCHEDULE,
                "there is no series %r in the schedule; there are: %s",
                place["series"],
                known,
                location=place,
            )
    for place in [place for place in places if place["kind"] == "checklist"][1:]:
        warn(
            SiteProblem.CHECKLIST,
            "this page has a {cafe:checklist} already, which is for all of its tasks; "
            "remove this one",
            location=place,
        )
    if "checklist" in kinds:
        _check_tasks(doctree)
    path = options.community_path(app)
    if path is not None:
        app.env.note_dependency(path, docname=docname)
    cafe_domain(app.env).data["dates"][docname] = [
        (place["kind"], place.get("series"), _needs(doctree)) for place in places
    ]


def _check_tasks(doctree: nodes.document) -> None:
    """Warn of tasks on the page of a checklist that are nothing but text."""
    for item in doctree.findall(nodes.list_item):
        if re.match(r"\[[ xX]\]\s", item.astext()):
            warn(
                SiteProblem.CHECKLIST,
                "this is no task that {cafe:checklist} could count: "
                "add 'tasklist' to myst_enable_extensions in conf.py",
                location=item,
            )
            return


def _needs(doctree: nodes.document) -> Needs:
    """Return what a page wants to know about each meeting."""
    places = list(doctree.findall(cafe.schedule_place))
    texts = [place for place in places if place["kind"] == "text"]
    return Needs(
        tuple(sorted({place["days"] for place in places if place["kind"] == "due"})),
        tuple(sorted({place["name"] for place in texts if not place["following"]})),
        tuple(sorted({place["name"] for place in texts if place["following"]})),
    )


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages to write again, since a day has passed or the schedule has changed.

    What a page last showed is kept by builder, as in `cafe_site.sphinxext.domain`.
    """
    domain = cafe_domain(env)
    before = domain.data["shown_dates"].get(app.builder.name, {})
    maker = _Maker(app)
    shows: dict[str, Callable[[str | None, Any], object]] = {
        "next": lambda series, _: coming(maker.chosen(series), maker.now),
        "missing": lambda series, _: maker.missing(series),
        "checklist": lambda series, needs: (maker.choice(series), needs, _templates(app)),
    }
    now = {
        docname: _digest(
            [
                maker.community,
                [
                    shows[kind](series, needs)
                    for kind, series, needs in places
                    if kind in shows and maker.chosen(series)
                ],
            ]
        )
        for docname, places in sorted(domain.data["dates"].items())
    }
    # The head of every page names the calendars.
    now[""] = _digest(_calendars(maker))
    domain.data["shown_dates"][app.builder.name] = now
    if now[""] != before.get(""):
        return set(env.found_docs)
    return {docname for docname, digest in now.items() if digest != before.get(docname)} & (
        env.found_docs
    )


def _digest(value: object) -> str:
    # Everything is a frozen dataclass, a list, a mapping in a fixed order, a text, a number or a
    # date: its repr says it all.
    return hashlib.sha256(repr(value).encode()).hexdigest()


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the places of a page that is about to be written."""
    places = list(doctree.findall(cafe.schedule_place))
    if not places:
        return
    maker = _Maker(app)
    root = _root(app, docname)
    needs = _needs(doctree)
    for place in places:
        place.replace_self(_filled(maker, place, root, needs))


def _filled(
    maker: _Maker,
    place: cafe.schedule_place,
    root: str,
    needs: Needs,
) -> list[nodes.Node]:
    kind = place["kind"]
    site = is_site(maker.app)
    if kind in ("due", "text", "checklist"):
        # Pages without a script are the plain checklist.
        if not site or not maker.schedule:
            return []
        if kind == "due":
            return _raw(
                Markup('<p class="cafe-due" data-days="{}" hidden></p>\n').format(place["days"])
            )
        if kind == "text":
            return _raw(_text_html(place["name"], following=place["following"]))
        series = place["series"]
        if not maker.chosen(series):
            return []
        chooser = maker.checklist_html(series, needs)
        for problem in maker.problems:
            warn(SiteProblem.SCHEDULE, "%s", problem, location=place)
        return _raw(chooser)
    series = place["series"]
    if not maker.chosen(series):
        return [nodes.paragraph("", _NO_SCHEDULE)]
    if kind == "missing":
        return maker.missing_list(series)
    if site:
        return _raw(maker.next_html(series, place["count"], root))
    return maker.next_plain(series, place["count"])


def _text_html(name: str, *, following: bool) -> Markup:
    (text,) = [text for text in TEXTS if text.name == name]
    html = Markup('<div class="cafe-text" data-name="{}" data-title="{}"{} hidden></div>\n')
    return html.format(name, text.title, Markup(" data-following") if following else "")


def _raw(html: Markup) -> list[nodes.Node]:
    # What says a date or repeats a text is nothing to be found.
    return [nodes.raw("", str(html), format="html", classes=["no-search"])]


def _root(app: Sphinx, docname: str) -> str:
    """Return what leads from a page to the root of the site: ``../`` or an empty text."""
    if not is_site(app):
        return ""
    here = app.builder.get_target_uri(docname)
    # In a single page, addresses are anchors.
    return "" if here.startswith("#") else relative_uri(here, CALENDAR).removesuffix(CALENDAR)


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Name the calendars in the head of a page, and add the scripts that it needs."""
    if not is_site(app):
        return
    maker = _Maker(app)
    root = _root(app, pagename)
    for name, title in _calendars(maker):
        link = Markup('\n<link rel="alternate" type="text/calendar" href="{}" title="{}" />')
        # What stands there already is a text with markup in it.
        context["metatags"] = context.get("metatags", "") + str(link.format(root + name, title))
    places = cafe_domain(app.env).data["dates"]
    if app.builder.name == "singlehtml":
        kinds = {kind for found in places.values() for kind, *_ in found}
    else:
        kinds = {kind for kind, *_ in places.get(pagename, ())}
    if kinds:
        app.add_css_file("cafe_schedule.css")
    for kind in ("next", "checklist"):
        if kind in kinds:
            app.add_js_file(f"cafe_{kind}.js", loading_method="defer")


# --- calendar files -------------------------------------------------------------------------


def _calendars(maker: _Maker) -> list[tuple[str, str]]:
    """Return the names and titles of the calendars to subscribe to."""
    if maker.community is None or not maker.schedule:
        return []
    series = [(f"{one.id}.ics", one.title) for one in maker.schedule] if maker.several else []
    return [(CALENDAR, maker.community.name), *series]


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the calendars, and remove those of single meetings that are over."""
    if exception is not None or not is_site(app):
        return
    maker = _Maker(app)
    notes = _notes(maker)
    meetings = maker.with_file(maker.schedule)
    names = {name for name, _ in _calendars(maker)}
    names |= {maker.single_name(one) for one in meetings}
    _remove_others(app, names)
    if maker.community is None or not maker.schedule:
        return
    from cafe_site.formats import ical as calendars

    files.write(app.outdir, CALENDAR, calendars.calendar(maker.community, notes=notes))
    if maker.several:
        for series in maker.schedule:
            content = calendars.calendar(maker.community, series=(series,), notes=notes)
            files.write(app.outdir, f"{series.id}.ics", content)
    for one in meetings:
        content = calendars.single(maker.community, one)
        files.write(app.outdir, maker.single_name(one), content)


def _notes(maker: _Maker) -> dict[tuple[str, datetime.date], str]:
    """Return the addresses of the notes of past meetings, if that of the site is known."""
    if not maker.address:
        return {}
    today = options.today(maker.app.config)
    found: dict[tuple[str, datetime.date], str] = {}
    for series in maker.schedule:
        for year, meeting in cafe_domain(maker.app.env).meetings(Selection(series=series.notes)):
            day = meeting.date.start
            if meeting.date.day is None or day is None or day > today:
                continue
            address = page_uri(maker.app, year.docname)
            if not address.startswith("#"):
                found.setdefault(
                    (series.id, day), urljoin(maker.address, f"{address}#{meeting.id}")
                )
    return found


def _remove_others(app: Sphinx, names: set[str]) -> None:
    """Remove calendars of an earlier build, known by what made them, that are no longer made."""
    folder = app.outdir / FOLDER
    paths = sorted((*app.outdir.glob("*.ics"), *folder.glob("*.ics")))
    others = [path for path in paths if path.relative_to(app.outdir).as_posix() not in names]
    if others:
        from cafe_site.formats.ical import PRODUCT

        for path in others:
            if f"PRODID:{PRODUCT}".encode() in path.read_bytes()[:200]:
                path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def setup(app: Sphinx) -> None:
    """Register the directives, what fills their places, and the calendars."""
    for directive in (Next, Missing, Checklist, Due, PasteText):
        app.add_directive_to_domain("cafe", directive.kind, directive)
    app.connect("doctree-read", on_doctree_read)
    app.connect("env-updated", on_env_updated)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", on_html_page_context)
    app.connect("build-finished", on_build_finished)
