"""The data model of notes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from markdown_it.token import Token

    from cafe_site.notes.dates import MeetingDate


# No `slots` here: these are pickled with Sphinx's environment, and unpickling frozen dataclasses
# with slots takes three times as long.


class ProblemKind(StrEnum):
    """The kinds of problem that a person should fix in the notes.

    The value is the subtype of the Sphinx warning:
    ``suppress_warnings = ["cafe.future_date"]`` suppresses one kind.
    """

    CONTROL_CHARACTER = "control_character"
    """An invisible character, or one that reorders the text around it."""
    DATE_CONFLICT = "date_conflict"
    """A meeting file whose path and text give different dates."""
    DUPLICATE_DATE = "duplicate_date"
    """Two meetings on one day whose headings do not distinguish them."""
    EDITABLE_PAD = "editable_pad"
    """The URL of a pad that opens it for editing."""
    EMAIL_ADDRESS = "email_address"
    """An email address."""
    ENCODING = "encoding"
    """Bytes that are not UTF-8."""
    FRONT_MATTER = "front_matter"
    """Front matter that cannot be read, or a value of the wrong type."""
    FUTURE_DATE = "future_date"
    """A meeting that has not taken place yet."""
    HIDDEN_PERSON = "hidden_person"
    """A name that may belong to a person who asked not to be named, or to someone else."""
    INVALID_DATE = "invalid_date"
    """An invalid date."""
    LONG_PARAGRAPH = "long_paragraph"
    """A paragraph that is too long to be read as Markdown."""
    NESTING = "nesting"
    """Text that is nested too deeply, and is shown with fewer levels."""
    NO_MEETINGS = "no_meetings"
    """A year file without a single dated heading."""
    NOT_A_DATE = "not_a_date"
    """A heading that looks like a date, in a form that is not read as one."""
    OTHER_YEAR = "other_year"
    """A date of another year than the file's."""
    PASSCODE = "passcode"
    """The passcode of an online meeting."""
    PHONE_NUMBER = "phone_number"
    """A phone number."""
    REFUSED_FILE = "refused_file"
    """A file or folder that is not read: a link that leads elsewhere, or an unsafe name."""
    TEMPLATE_TEXT = "template_text"
    """Text of the template that nobody replaced or deleted."""
    UNCLOSED_FENCE = "unclosed_fence"
    """A code fence that is opened and never closed."""
    UNDATED_NOTES = "undated_notes"
    """A file in the notes folder without a date."""
    UNSTRUCTURED = "unstructured"
    """A long meeting without headings and lists, in which nothing was recognized."""
    WRONG_WEEKDAY = "wrong_weekday"
    """A weekday in a heading that does not match its date."""


@dataclass(frozen=True)
class Problem:
    """Something in a file of notes that a person should fix."""

    kind: ProblemKind
    line: int
    """The line of the file, counted from 1."""
    message: str
    """What is wrong and how to fix it, in one sentence."""


@dataclass(frozen=True)
class Attendee:
    """Somebody who signed in."""

    name: str
    """The name as written; the handle where no name was given."""
    handle: str | None = None
    """The GitHub handle without its ``@``."""
    hidden: bool = False
    """Whether this person asked not to be named; if so, the name and handle are not kept."""


@dataclass(frozen=True)
class Candidate:
    """Names in an agenda item of which only the other meetings may show that they are people's."""

    speaker: str
    """The names as written."""
    names: tuple[str, ...]
    """The names one by one."""
    title: str
    """The topic's title without them; empty if it has no other words."""


@dataclass(frozen=True)
class Topic:
    """A topic of a meeting."""

    title: str
    """Plain text, one line."""
    speaker: str | None = None
    minutes: str | None = None
    """The planned time as written, such as ``5m`` or ``10 min``."""
    standing: bool = False
    """Whether it is an agenda item of every meeting, and so not what this one was about."""
    candidate: Candidate | None = None
    """Who may lead it; None once that is settled."""
    anchor: str = ""
    """The anchor of its heading or agenda item."""
    line: int = field(default=0, compare=False, repr=False)
    """Its line in the file, counted from 1. Text added above a meeting does not change its facts,
    so this is not compared."""


@dataclass(frozen=True)
class Reference:
    """An issue, pull request, discussion or advisory that a meeting refers to."""

    repository: str
    """``owner/name`` as written; only the organization for an organization's discussion."""
    number: str
    """The number, or the ID of an advisory: ``GHSA-7r3h-4ph8-w38g``."""
    kind: str
    """The part of the URL: ``issues``, ``pull``, ``discussions``, ``security/advisories``,
    ``-/merge_requests``."""
    anchor: str = ""
    """The anchor of the section or agenda item that it is in."""
    site: str = "github.com"
    """The host."""
    part: str = "agenda"
    """The part of the meeting that it is in: ``agenda``, ``celebrations`` or ``introductions``."""

    @property
    def project(self) -> str:
        """The repository, with the host if that is not GitHub's."""
        github = self.site == "github.com"
        return self.repository if github else f"{self.site}/{self.repository}"

    @property
    def short(self) -> str:
        """The number with its sign: ``#1824``, or ``!7`` for a merge request on GitLab."""
        return f"{'!' if self.kind.endswith('merge_requests') else '#'}{self.number}"

    @property
    def key(self) -> tuple[str, str]:
        """A key that all references to the same item share.

        Issues, pull requests and discussions share one sequence of numbers, though merge
        requests on GitLab do not, and names of repositories are case-insensitive.
        """
        return (self.project.lower(), self.short.lower().removeprefix("#"))

    @property
    def name(self) -> str:
        """The short form: ``jupyterhub/binderhub#1824``."""
        return f"{self.repository}{self.short}"

    @property
    def address(self) -> str:
        """The URL of the item itself, without the part for a comment or file."""
        owner = f"orgs/{self.repository}" if "/" not in self.repository else self.repository
        return f"https://{self.site}/{owner}/{self.kind}/{self.number}"


@dataclass(frozen=True)
class Outcome:
    """A decision of a meeting, or an action that somebody was going to take."""

    kind: str
    """``decision`` or ``action``."""
    text: str
    """Plain text, one line, without the leading keyword."""
    anchor: str = ""
    """The anchor of the section or agenda item that it is in."""
    done: bool = False
    """Whether an action has been done: its box is checked or it is struck through."""
    owner: str | None = None
    """The handles without ``@``, or the names, of the people who take the action."""
    line: int = field(default=0, compare=False, repr=False)
    """Its line in the file, counted from 1; not compared."""


@dataclass(frozen=True)
class Meeting:
    """The facts of one meeting."""

    id: str
    """The anchor on the page: ``2025-12-16``."""
    date: MeetingDate
    title: str
    """The text of the heading without the date; often empty."""
    line: int
    """The line of the heading in the file, counted from 1."""
    canceled: bool = False
    attendees: tuple[Attendee, ...] = ()
    topics: tuple[Topic, ...] = ()
    references: tuple[Reference, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    candidates: tuple[Outcome, ...] = ()
    """Lines that are outcomes if their owners are people whom the series knows; none once that
    is settled."""
    tags: tuple[str, ...] = ()
    has_own_title: bool = True
    """Whether the title is about this meeting, and not only the name of its series."""

    @property
    def subject(self) -> str:
        """The title, if it is about this meeting."""
        return self.title if self.has_own_title else ""

    @property
    def about(self) -> tuple[str, ...]:
        """What the meeting was about: the titles of its topics that are not standing."""
        titles = (topic.title for topic in self.topics if not topic.standing)
        # A topic may be both in the agenda and in the notes.
        found: dict[str, str] = {}
        for title in titles:
            found.setdefault(title.casefold(), title)
        return tuple(found.values())


@dataclass(frozen=True)
class Link:
    """The target of a link or an image in a heading."""

    address: str
    """The URL as typed, which need not be one that notes may link to."""
    title: str = ""
    """The tooltip."""

    @property
    def typed(self) -> str:
        """The URL and the title as typed."""
        return f'{self.address} "{self.title}"' if self.title else self.address


@dataclass(frozen=True)
class Entry:
    """A meeting and its text, as Markdown tokens below its heading."""

    meeting: Meeting
    body: tuple[Token, ...] = field(default=(), repr=False)
    people: range | None = None
    """The tokens of the body that are the list of people."""
    links: tuple[Link, ...] = ()
    """The links and images in the heading."""
    heading: str = ""
    """The text of the heading as typed."""


@dataclass(frozen=True)
class Hidden:
    """All that may identify people who asked not to be named, in lowercase without accents."""

    names: frozenset[str] = frozenset()
    """Names of two or more words."""
    handles: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """First and last names, which other people may have, too."""
    asked: frozenset[str] = frozenset()
    """The `words` that `Privacy.hide_people` lists as such."""
    shared: frozenset[str] = frozenset()
    """The `words` that other people have, too."""
    others: frozenset[str] = frozenset()
    """Names and handles of other people that contain one of the `words`."""

    @property
    def digest(self) -> str:
        """A hash of all fields."""
        values = [sorted(getattr(self, item.name)) for item in fields(self)]
        return hashlib.sha256(repr(values).encode()).hexdigest()


@dataclass(frozen=True)
class Privacy:
    """What a site does not show."""

    hide_people: frozenset[str] = frozenset()
    """Handles and names to replace with a placeholder, see `who_is_hidden`."""
    drop_sections: frozenset[str] = frozenset()
    """The `section_key` of the headings of sections to leave out."""
    hidden: Hidden | None = None
    """All names and handles of these people in the whole archive;
    None if there is only one file."""


@dataclass(frozen=True)
class NotesFile:
    """The contents of a file of notes: of a year file, or of a meeting file."""

    path: str
    """The path below the notes folder, without a suffix."""
    series: str
    """The series of meetings; ``""`` for the notes folder itself."""
    year: int | None
    """The year of a year file, None for other files."""
    title: str
    """The page's title; empty if the file has none."""
    is_one_meeting: bool = False
    """Whether the whole file is one meeting, and the page's title is that of the meeting."""
    tags: tuple[str, ...] = ()
    updated: datetime.date | None = None
    """The day the file was last changed, according to its front matter."""
    introduction: tuple[Token, ...] = field(default=(), repr=False)
    """The text above the first meeting."""
    links: tuple[Link, ...] = ()
    """The links and images in the title."""
    entries: tuple[Entry, ...] = ()
    """Newest meeting first."""
    problems: tuple[Problem, ...] = ()

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings without their texts, newest first."""
        return tuple(entry.meeting for entry in self.entries)

    def years(self) -> list[int | None]:
        """Return the years that its meetings belong to, newest first; [None] without any.

        All meetings of a year file belong to its year.
        """
        if self.year is not None:
            return [self.year]
        found = sorted({meeting.date.year for meeting in self.meetings}, reverse=True)
        return [*found] or [None]

    @property
    def anchors(self) -> frozenset[str]:
        """All anchors of the page."""
        texts = (self.introduction, *(entry.body for entry in self.entries))
        found = {str(t.meta["id"]) for tokens in texts for t in tokens if "id" in t.meta}
        return frozenset((*found, *(meeting.id for meeting in self.meetings)))

    def without_text(self) -> NotesFile:
        """Return only the facts, to keep from one build to the next."""
        entries = tuple(Entry(meeting) for meeting in self.meetings)
        return replace(self, introduction=(), entries=entries, problems=())
