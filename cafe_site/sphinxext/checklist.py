"""The checklist of a meeting: when each task is due, and messages ready to copy.

A page contains them for every meeting in the chooser, and a script shows those of the chosen one.
Without JavaScript, the page is the plain checklist.
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup

from cafe_site.community.schedule import next_meeting, of_all
from cafe_site.formats import messages, words
from cafe_site.formats.occurrence_views import occurrences_to_show, utc_stamp
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext import options
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.schedule_context import ScheduleDirective, raw_html
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

    from cafe_site.community.schedule import Occurrence
    from cafe_site.sphinxext.schedule_context import ScheduleContext

_FUTURE = 12
# The last stage of the checklist comes after the meeting.
_PAST = 2


class Checklist(ScheduleDirective):
    """``{cafe:checklist}``: a chooser that ties the task lists of a page to one meeting.

    Boxes can then be checked, and the reader's browser remembers them.
    """

    kind = "checklist"


class Due(ScheduleDirective):
    """``{cafe:due} -7``: the day by which something is due, days before or after the meeting.

    It is relative to the meeting chosen in the page's ``{cafe:checklist}``.
    """

    kind = "due"
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Return a placeholder node if the argument is a number of days."""
        argument = self.arguments[0]
        if not re.fullmatch(r"[+-]?[0-9]{1,3}", argument):
            return self.refuse(
                "%r is not a number of days; write -7 for a week before the meeting, "
                "0 for its day, +1 for the day after",
                argument,
            )
        return [self.place(days=int(argument))]


class PasteMessage(ScheduleDirective):
    """``{cafe:message} remind-week``: a message about the chosen meeting, ready to copy.

    With ``:following:`` it is about the meeting after that one.
    """

    kind = "message"
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"following": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return a placeholder node if there is a message with this name."""
        name = self.arguments[0]
        if name not in messages.MESSAGES:
            close = difflib.get_close_matches(name, messages.MESSAGES, 1)
            guess = f"; did you mean {close[0]!r}?" if close else ""
            names = ", ".join(messages.MESSAGES)
            return self.refuse("unknown message %r%s; the messages are %s", name, guess, names)
        return [self.place(name=name, following="following" in self.options)]


@dataclass(frozen=True)
class Needs:
    """What a checklist page shows for each meeting."""

    days: tuple[int, ...]
    """The due dates, as days before or after the meeting."""
    messages: tuple[str, ...]
    """The names of the messages about it."""
    following: tuple[str, ...]
    """The names of the messages about the meeting after it."""


def needs_of(doctree: nodes.document) -> Needs:
    """Return what a page shows for each meeting."""
    places = list(doctree.findall(cafe.schedule_place))
    pasted = [place for place in places if place["kind"] == "message"]
    return Needs(
        tuple(sorted({place["days"] for place in places if place["kind"] == "due"})),
        tuple(sorted({place["name"] for place in pasted if not place["following"]})),
        tuple(sorted({place["name"] for place in pasted if place["following"]})),
    )


def check(doctree: nodes.document) -> None:
    """Warn about a second checklist on a page, and about tasks that are plain text."""
    places = doctree.findall(cafe.schedule_place)
    found = [place for place in places if place["kind"] == "checklist"]
    for place in found[1:]:
        warn(
            SiteProblem.CHECKLIST,
            "this page already has a {cafe:checklist}, which covers all of its tasks; "
            "remove this one",
            location=place,
        )
    for item in doctree.findall(nodes.list_item) if found else ():
        if re.match(r"\[[ xX]\]\s", item.astext()):
            warn(
                SiteProblem.CHECKLIST,
                "{cafe:checklist} does not recognize this task: "
                "add 'tasklist' to myst_enable_extensions in conf.py",
                location=item,
            )
            return


def choice(context: ScheduleContext, series: str | None) -> list[Occurrence]:
    """Return the meetings that a checklist can be for, in chronological order.

    These are the next ones that take place, and the last ones, whose tasks may still be open.
    """
    schedule = context.chosen(series)
    since = context.today - datetime.timedelta(days=100)
    until = context.today + datetime.timedelta(days=1)
    past = [one for one in of_all(schedule, since, until) if one.is_over(context.now)]
    future = occurrences_to_show(schedule, context.now)
    return [
        *[one for one in past if not one.canceled][-_PAST:],
        *[one for one in future if not one.canceled][:_FUTURE],
    ]


def _meetings(
    context: ScheduleContext, series: str | None, needs: Needs, problems: dict[str, None]
) -> list[dict[str, Any]]:
    """Return the meetings in the chooser, with what the page shows for each."""
    result = []
    for one in choice(context, series):
        said = context.described(one)
        after = next_meeting((one.series,), one.end)
        result.append(
            {
                # The original date, so that boxes stay checked when the meeting is moved.
                "id": f"{one.series.id}/{one.origin or one.date}",
                "end": utc_stamp(one.end),
                "title": said.title,
                "label": f"{said.title}, {said.date}" if context.several else said.date,
                "when": ", ".join(text for text in (said.date, said.place, said.utc) if text),
                "remarks": said.remarks,
                "due": {str(day): _due(context, one, day) for day in needs.days},
                "messages": _messages(context, needs.messages, one, problems),
                "following": after and context.described(after).date,
                "followingMessages": _messages(context, needs.following, after, problems),
            }
        )
    return result


def _messages(
    context: ScheduleContext,
    names: Iterable[str],
    one: Occurrence | None,
    problems: dict[str, None],
) -> dict[str, str]:
    """Return messages about a meeting by name; those that cannot be rendered are empty."""
    if context.community is None or one is None:
        return {}
    folder = _templates_folder(context.app)
    found = {}
    for name in names:
        try:
            found[name] = messages.render(name, context.community, one, folder=folder)
        except messages.MessageError as error:
            problems[str(error)] = None
            found[name] = ""
    return found


def _due(context: ScheduleContext, one: Occurrence, days: int) -> str:
    date = words.full_day(one.date + datetime.timedelta(days=days), context.language)
    return (gettext("by {date}") if days else gettext("on {date}")).format(date=date)


def render_checklist(
    context: ScheduleContext, place: cafe.schedule_place, needs: Needs
) -> list[nodes.Node]:
    """Return the element for the chooser, and its data."""
    series = place["series"]
    every = context.chosen(series)
    problems: dict[str, None] = {}
    data = {
        "label": gettext("For which {title}?").format(title=every[0].title)
        if len(every) == 1
        else gettext("For which meeting?"),
        "meetings": _meetings(context, series, needs, problems),
    }
    # Report each problem with the community's own messages once.
    for problem in problems:
        warn(SiteProblem.SCHEDULE, "%s", problem, location=place)
    return raw_html(
        Markup(
            '<div class="cafe-checklist" hidden></div>\n'
            '<script type="application/json" class="cafe-checklist-data">{}</script>\n'
        ).format(_script(data))
    )


def render_due(days: int) -> list[nodes.Node]:
    """Return the element for a due date."""
    return raw_html(Markup('<p class="cafe-due" data-days="{}" hidden></p>\n').format(days))


def render_message(name: str, *, following: bool) -> list[nodes.Node]:
    """Return the element for a message to copy."""
    html = Markup('<div class="cafe-message" data-name="{}" data-title="{}"{} hidden></div>\n')
    return raw_html(
        html.format(
            name, gettext(messages.MESSAGES[name]), Markup(" data-following") if following else ""
        )
    )


def _script(data: object) -> Markup:
    r"""Return JSON that is safe in a script element.

    >>> print(_script("</script><!--"))
    "\u003c/script>\u003c!--"
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # In JSON, this character occurs only in strings.
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def _templates_folder(app: Sphinx) -> Path | None:
    """Return the folder with the community's own messages, or None if there is none."""
    path = options.community_path(app)
    folder = path.parent / messages.FOLDER if path else None
    return folder if folder and folder.is_dir() else None


def templates(app: Sphinx) -> list[tuple[str, bytes]]:
    """Return the community's own messages as file names and contents, sorted by name."""
    folder = _templates_folder(app)
    if folder is None:
        return []
    return [
        (path.name, path.read_bytes())
        for path in sorted(folder.glob(f"*{messages.SUFFIX}"))
        if path.is_file()
    ]
