"""What a year of notes consists of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from markdown_it.token import Token

    from cafe_site.notes.dates import MeetingDate


# No `slots` here: these are kept in Sphinx's environment, and unpickling frozen dataclasses
# with slots takes three times as long.


class ProblemKind(StrEnum):
    """The kinds of problem that a person should fix in a year file.

    The value is the subtype of the Sphinx warning:
    ``suppress_warnings = ["cafe.future_date"]`` suppresses one kind.
    """

    CONTROL_CHARACTER = "control_character"
    """An invisible character, or one that reorders the text around it."""
    DUPLICATE_DATE = "duplicate_date"
    """Two meetings on one day whose headings do not distinguish them."""
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
    REFUSED_FILE = "refused_file"
    """A file or folder that is not read: a link that leads elsewhere, or an unsafe name."""
    TRUSTED_NOTES = "trusted_notes"
    """A file with a date in its name that is read as a page of the site's own."""
    UNCLOSED_FENCE = "unclosed_fence"
    """A code fence that is opened and never closed."""
    WRONG_WEEKDAY = "wrong_weekday"
    """A weekday in a heading that does not match its date."""


@dataclass(frozen=True)
class Problem:
    """Something in a year file that a person should fix."""

    kind: ProblemKind
    line: int
    """The line of the file, counted from 1."""
    message: str
    """What is wrong and how to fix it, one sentence."""


@dataclass(frozen=True)
class Attendee:
    """Somebody who signed in."""

    name: str
    """The name as written; the handle where no name was given."""
    handle: str | None = None
    """The GitHub handle without its ``@``."""
    hidden: bool = False
    """Whether this person asked not to be named; the name and handle then are not kept."""


@dataclass(frozen=True)
class Topic:
    """Something that a meeting was about."""

    title: str
    """Plain text, one line."""
    speaker: str | None = None
    minutes: str | None = None
    """The planned time as written, such as ``5m`` or ``10 min``."""
    anchor: str = ""
    """The anchor of its heading or agenda item."""


@dataclass(frozen=True)
class Reference:
    """A GitHub issue, pull request, discussion or advisory that a meeting refers to."""

    repository: str
    """``owner/name`` as written; the organization alone for a discussion of its own."""
    number: str
    """The number, or the name of an advisory: ``GHSA-7r3h-4ph8-w38g``."""
    kind: str
    """The part of the address: ``issues``, ``pull``, ``discussions``, ``security/advisories``."""
    anchor: str = ""
    """The anchor of the section or agenda item that it is in."""

    @property
    def key(self) -> tuple[str, str]:
        """What is the same for all references to one thing.

        Issues, pull requests and discussions share one sequence of numbers,
        and GitHub's names are case-insensitive.
        """
        return (self.repository.lower(), self.number.lower())

    @property
    def name(self) -> str:
        """The short form: ``jupyterhub/binderhub#1824``."""
        return f"{self.repository}#{self.number}"

    @property
    def address(self) -> str:
        """The address of the whole thing, without a comment's or a file's."""
        owner = f"orgs/{self.repository}" if "/" not in self.repository else self.repository
        return f"https://github.com/{owner}/{self.kind}/{self.number}"


@dataclass(frozen=True)
class Outcome:
    """A decision of a meeting, or an action that somebody was going to take."""

    kind: str
    """``decision`` or ``action``."""
    text: str
    """Plain text, one line, without the word that it begins with."""
    anchor: str = ""
    """The anchor of the section or agenda item that it is in."""
    done: bool = False
    """Whether an action has been done: its box is checked or it is struck through."""
    owner: str | None = None
    """The handle without its ``@``, or the name, of who takes the action."""


@dataclass(frozen=True)
class Meeting:
    """The facts of one meeting."""

    id: str
    """The anchor on the year's page: ``2025-12-16``."""
    date: MeetingDate
    title: str
    """What follows the date in the heading; often empty."""
    line: int
    """The line of the heading in the year file, counted from 1."""
    canceled: bool = False
    attendees: tuple[Attendee, ...] = ()
    topics: tuple[Topic, ...] = ()
    references: tuple[Reference, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Where a link or an image in a heading leads."""

    address: str
    """As it was typed, which need not be an address that notes may link to."""
    title: str = ""
    """What shows on pointing at it."""

    @property
    def typed(self) -> str:
        """The address and the title as they were typed."""
        return f'{self.address} "{self.title}"' if self.title else self.address


@dataclass(frozen=True)
class Entry:
    """A meeting and its text, as Markdown tokens below its heading."""

    meeting: Meeting
    body: tuple[Token, ...] = field(default=(), repr=False)
    people: range | None = None
    """Which tokens of the body are the list of people."""
    links: tuple[Link, ...] = ()
    """The links and images in the heading."""


@dataclass(frozen=True)
class Hidden:
    """All that may name people who asked not to be named, in lowercase without accents."""

    names: frozenset[str] = frozenset()
    """Names of two words and more."""
    handles: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """First and last names, which may be other people's too."""
    asked: frozenset[str] = frozenset()
    """Those of them that were asked for as such."""
    shared: frozenset[str] = frozenset()
    """Those of them that other people have too."""
    others: frozenset[str] = frozenset()
    """Names and handles of other people with one of these words in them."""

    @property
    def digest(self) -> str:
        """A text that is another one if anything of this is."""
        values = [sorted(getattr(self, item.name)) for item in fields(self)]
        return hashlib.sha256(repr(values).encode()).hexdigest()


@dataclass(frozen=True)
class Privacy:
    """What a site does not show."""

    hide_people: frozenset[str] = frozenset()
    """Handles and names, see `who_is_hidden`: a neutral word stands for them."""
    drop_sections: frozenset[str] = frozenset()
    """The `section_key` of headings: what stands below them is not on the site."""
    hidden: Hidden | None = None
    """All names and handles of these people in the whole archive;
    None if there is no more than one file."""


@dataclass(frozen=True)
class YearNotes:
    """All that a year file says."""

    year: int
    series: str
    """The subfolder of the notes folder, ``""`` for the notes folder itself."""
    title: str
    """The page's title; empty when the file gives none."""
    tags: tuple[str, ...] = ()
    updated: datetime.date | None = None
    """The day on which the file was last changed, if its front matter says so."""
    introduction: tuple[Token, ...] = field(default=(), repr=False)
    """What stands above the first meeting."""
    links: tuple[Link, ...] = ()
    """The links and images in the title."""
    entries: tuple[Entry, ...] = ()
    """Newest meeting first."""
    problems: tuple[Problem, ...] = ()

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings without their texts, newest first."""
        return tuple(entry.meeting for entry in self.entries)

    @property
    def anchors(self) -> frozenset[str]:
        """All anchors of the year's page."""
        texts = (self.introduction, *(entry.body for entry in self.entries))
        found = {str(t.meta["id"]) for tokens in texts for t in tokens if "id" in t.meta}
        return frozenset((*found, *(meeting.id for meeting in self.meetings)))

    def without_text(self) -> YearNotes:
        """Return the facts alone, to be kept from one build to the next."""
        entries = tuple(Entry(meeting) for meeting in self.meetings)
        return replace(self, introduction=(), entries=entries, problems=())
