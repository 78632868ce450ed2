"""Read the text of a file of notes into `NotesFile`."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes import cancellation, details, frontmatter, meeting_file
from cafe_site.notes.anchors import Anchors, first_text, name_headings, slug
from cafe_site.notes.attendance import attendance
from cafe_site.notes.blocks import Block, date_headings, read_blocks
from cafe_site.notes.characters import UNSEEN
from cafe_site.notes.date_problems import date_problems, heading_problems
from cafe_site.notes.dates import dates_in
from cafe_site.notes.dialect import link_of, plain_text, text_token, typed_text, with_images
from cafe_site.notes.identities import who_is_hidden
from cafe_site.notes.lead_words import mark_leads
from cafe_site.notes.mess import mess
from cafe_site.notes.model import (
    Attendee,
    Entry,
    Hidden,
    Link,
    Meeting,
    NotesFile,
    Privacy,
    Problem,
    ProblemKind,
    Topic,
)
from cafe_site.notes.outcomes import outcomes
from cafe_site.notes.outline import is_own_title
from cafe_site.notes.privacy import Hider
from cafe_site.notes.reference_links import Forges, link_references, mark_links
from cafe_site.notes.secrets import secrets
from cafe_site.notes.sections import dropped_lines
from cafe_site.notes.sources import Source
from cafe_site.notes.speakers import known_names, split_names
from cafe_site.notes.topics import topics
from cafe_site.vocabulary import vocabulary as english

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from cafe_site.notes.dates import Dates, MeetingDate
    from cafe_site.notes.topics import Place
    from cafe_site.vocabulary import Vocabulary


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Decode a file of notes; bytes that are not UTF-8 become U+FFFD and a problem.

    >>> decode(b"caf\\xe9")[0]
    'caf\\ufffd'
    """
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        # The codec counts from after the byte order mark.
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        problem = Problem(
            ProblemKind.ENCODING,
            len(re.findall(rb"\r\n|\r|\n", data[:offset])) + 1,
            f"the byte at offset {offset} (0x{data[offset]:02x}) is not UTF-8; "
            "save the file in UTF-8; until then, it is shown as a replacement character",
        )
        return data.decode("utf-8-sig", errors="replace"), (problem,)


def read(
    text: str,
    year: int,
    *,
    series: str = "",
    today: datetime.date | None = None,
    privacy: Privacy | None = None,
    forges: Forges | None = None,
    vocabulary: Vocabulary | None = None,
) -> NotesFile:
    """Read the text of the year file of a series, see `read_file`.

    >>> notes = read("# Notes\\n\\n## 2025-12-16 Planning\\n\\nHello.", 2025)
    >>> notes.meetings[0].id, notes.meetings[0].title
    ('2025-12-16', 'Planning')
    """
    path = f"{series}/{year:04}".removeprefix("/")
    source = Source(path, series, year, is_year_file=True)
    return read_file(
        text, source, today=today, privacy=privacy, forges=forges, vocabulary=vocabulary
    )


def read_file(
    text: str,
    source: Source,
    *,
    today: datetime.date | None = None,
    privacy: Privacy | None = None,
    forges: Forges | None = None,
    vocabulary: Vocabulary | None = None,
) -> NotesFile:
    """Read the text of a file of notes.

    :param source: what the path of the file says
    :param today: meetings after this day are reported; None reports none
    :param privacy: what not to show
    :param forges: where issues are, besides GitHub
    :param vocabulary: the words that structure the notes; by default those in English

    A year file has one meeting for each heading that begins with a date.
    So has any other file with several such headings of different dates;
    else it has one meeting, if its text or its path gives a date.

    Never raises and loses no text: errors are in `NotesFile.problems`.

    >>> from cafe_site.notes.sources import source_of
    >>> notes = read_file("# Planning\\n\\nHello.", source_of("team/2025-12-16"))
    >>> notes.series, notes.meetings[0].id, notes.meetings[0].title
    ('team', '2025-12-16', 'Planning')
    """
    vocabulary, forges = vocabulary or english(), forges or Forges()
    dates = dates_in(vocabulary, source.year)
    problems: list[Problem] = []
    text = _clean(text, problems)
    front_source, rest, offset = frontmatter.split(text)
    if front_source is not None and any(
        date_headings(front_source.split("\n"), dates_in(vocabulary))
    ):
        # Two rules with a meeting between them.
        front_source, rest, offset = None, text, 0
    if front_source is None and frontmatter.is_unclosed(text):
        problems.append(
            Problem(
                ProblemKind.FRONT_MATTER,
                1,
                "front matter is not closed; add a line '---' below it",
            )
        )
    front = frontmatter.FrontMatter() if front_source is None else frontmatter.read(front_source)
    problems.extend(front.problems)

    privacy = privacy or Privacy()
    hidden = privacy.hidden or who_is_hidden(privacy.hide_people, (text,), vocabulary)
    hider = Hider(hidden, vocabulary) if hidden != Hidden() else None
    if hider:
        front = replace(
            front,
            title=hider.front(front.title),
            tags=tuple(dict.fromkeys(map(hider.front, front.tags))),
            unread=hider.front(front.unread),
        )
    drop = functools.partial(dropped_lines, names=privacy.drop_sections)
    lines = rest.split("\n")
    unread = [Token("fence", "code", 0, content=front.unread, map=[0, offset])]
    title: Sequence[Token] = ()
    introduction: list[Token] = []
    found: list[_Draft] = []
    one = None
    if not source.is_year_file:
        one = meeting_file.read_one(lines, offset, source, front, drop, dates)
    date = one.date if one else None
    if one is not None and date is not None:
        problems.extend(one.problems)
        if hider:
            one = meeting_file.hide(one, dates, hider)
        if front.unread:
            one = meeting_file.with_text(one, unread)
        draft = _draft(one.block, date, one.title or front.title, vocabulary)
        tags = tuple(dict.fromkeys((*front.tags, *draft.meeting.tags)))
        found = [replace(draft, meeting=replace(draft.meeting, tags=tags))]
        front = replace(front, title="", tags=())
        problems.extend(meeting_file.other_meetings(one.block.body, date, dates))
    else:
        if one is None:
            blocks = _without_months(read_blocks(lines, offset, problems, dates, drop), dates)
        else:
            blocks = [one.block]
            problems.extend(one.problems)
        if hider:
            blocks = [_hide(block, hider, dates) for block in blocks]
        if one or _date_and_title(blocks[0], dates) is None:
            title, introduction = _take_title(blocks.pop(0).tokens)
        if front.unread:
            introduction[:0] = unread
        for block in blocks:
            named = _date_and_title(block, dates)
            assert named is not None
            found.append(_draft(block, *named, vocabulary))
    if hider:
        problems.extend(hider.problems())

    drafts = _named(found, forges, problems)
    drafts.sort(key=lambda draft: draft.meeting.date.sort_key, reverse=True)
    mark_links(introduction, forges)
    name_headings(introduction, "introduction", Anchors(), above=1)
    problems.extend(
        date_problems(((d.meeting, d.block.heading) for d in drafts), source, today, dates)
    )
    if date is None:
        problems.extend(heading_problems(introduction, None, dates))
        for draft in drafts:
            problems.extend(heading_problems(draft.block.body, draft.meeting.date, dates))
    problems.extend(secrets(introduction, vocabulary))
    for draft in drafts:
        problems.extend(secrets(draft.block.tokens, vocabulary))
        problems.extend(mess(draft.block.tokens, draft.meeting, vocabulary))
    if not drafts:
        problems.append(meeting_file.no_meetings(source, offset))
    return NotesFile(
        path=source.path,
        series=source.series,
        year=source.year if source.is_year_file else None,
        title=plain_text(title) or front.title,
        is_one_meeting=date is not None,
        tags=front.tags,
        updated=front.updated,
        introduction=tuple(introduction),
        links=_links(title),
        entries=tuple(
            Entry(d.meeting, tuple(d.block.body), d.people, _links(heading), typed_text(heading))
            for d in drafts
            for heading in (d.block.tokens[1].children,)
        ),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
    )


# --- the text -------------------------------------------------------------------------


def _clean(text: str, problems: list[Problem]) -> str:
    """Normalize line ends to LF and replace invisible characters with U+FFFD."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found: dict[str, int] = {}
    for match in UNSEEN.finditer(text):
        if match[0] not in found:
            found[match[0]] = match.start()
    for character, position in found.items():
        count = text.count(character)
        times = "once" if count == 1 else f"{count} times, here first"
        problems.append(
            Problem(
                ProblemKind.CONTROL_CHARACTER,
                text.count("\n", 0, position) + 1,
                f"the control character U+{ord(character):04X} occurs in the text ({times}); "
                "delete it; until then, it is shown as a replacement character",
            )
        )
    return UNSEEN.sub("\ufffd", text) if found else text


def clean(text: str) -> str:
    """Return a text with line ends normalized to LF and invisible characters replaced.

    >>> clean("a\\r\\nb")
    'a\\nb'
    """
    return _clean(text, [])


@dataclass(frozen=True, slots=True)
class _Draft:
    meeting: Meeting
    block: Block
    vocabulary: Vocabulary
    people: range | None = None
    known: frozenset[str] = frozenset()


# --- from blocks to meetings ----------------------------------------------------------


def _take_title(tokens: Sequence[Token]) -> tuple[Sequence[Token], list[Token]]:
    """Take the page's title out of the introduction: its first ``#`` heading."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            title = tokens[index + 1].children or ()
            return title, [*tokens[:index], *tokens[index + 3 :]]
    return (), list(tokens)


def _links(tokens: Sequence[Token] | None) -> tuple[Link, ...]:
    """Return the links and images among inline tokens."""
    found = (link_of(t) for t in with_images(tokens or ()) if t.type in ("link_open", "image"))
    return tuple(link for link in found if link.typed)


def _hide(block: Block, hider: Hider, dates: Dates) -> Block:
    """Return a block without people who asked not to be named."""
    before = _date_and_title(block, dates)
    hidden = replace(block, tokens=hider.tokens(block.tokens))
    after = _date_and_title(hidden, dates)
    if before is not None and (after is None or after[0] != before[0]):
        # The date contains what may be a handle, such as "may".
        date, title = before
        heading = text_token(f"{date.iso} {hider.text(title)}".strip())
        hidden.tokens[1].children = [heading]
    return hidden


def _date_and_title(block: Block, dates: Dates) -> tuple[MeetingDate, str] | None:
    return dates.of_heading(block.heading, block.level) if block.heading else None


def _without_months(blocks: Iterable[Block], dates: Dates) -> list[Block]:
    """Return the blocks without the headings that only group meetings by month.

    These have no text of their own, and the dates below them name the month.
    """
    kept: list[Block] = []
    for block in blocks:
        above = _date_and_title(kept[-1], dates) if kept and not kept[-1].body else None
        found = _date_and_title(block, dates)
        if above and found and above[0].day is None and not above[1]:
            same_month = above[0] == replace(found[0], day=None)
            if same_month and found[0].day is not None and block.level > kept[-1].level:
                kept.pop()
        kept.append(block)
    return kept


def _draft(block: Block, date: MeetingDate, title: str, vocabulary: Vocabulary) -> _Draft:
    found = attendance(block.body, vocabulary)
    known = known_names(found.people)
    details.mark(block.body, known, vocabulary)
    meeting = Meeting(
        id=date.iso,
        date=date,
        title=title,
        line=block.start + 1,
        canceled=cancellation.is_canceled(title, block.body, vocabulary),
        attendees=found.people,
        tags=details.tags(block.body),
    )
    mark_leads(block.body, known, vocabulary)
    return _Draft(meeting, block, vocabulary, found.tokens, known)


def _topics(draft: _Draft) -> list[Place]:
    return topics(
        draft.block.body, draft.people, draft.known, draft.vocabulary, draft.meeting.date
    )


def _with_places(draft: _Draft, taken: Anchors, forges: Forges) -> _Draft:
    """Return a draft with the facts that refer to a place in the meeting's text.

    Agenda items get anchors of their own, below the anchor of their heading.
    """
    meeting = draft.meeting
    found: list[Topic] = []
    for place in _topics(draft):
        opening, heading = place.opening, place.heading
        above = heading.meta["id"] if heading else meeting.id
        # Rows of a table and lines of a paragraph have no anchor.
        in_table = opening.type in ("tr_open", "inline")
        if "id" not in opening.meta and not in_table:
            opening.meta["id"] = taken.add(f"{above}-{slug(place.words) or 'item'}")
        line = opening.map[0] + 1 if opening.map else 0
        found.append(
            replace(place.topic, anchor=above if in_table else opening.meta["id"], line=line)
        )
    led = [name for topic in found if topic.speaker for name in split_names(topic.speaker)]
    known = draft.known | known_names(map(Attendee, led))
    decided, perhaps = outcomes(
        draft.block.body, meeting.id, draft.people, known, draft.vocabulary
    )
    meeting = replace(
        meeting,
        topics=tuple(found),
        has_own_title=is_own_title(
            meeting.title,
            draft.vocabulary,
            has_topics=any(not topic.standing for topic in found),
        ),
        outcomes=decided,
        candidates=perhaps,
        # Last, since it divides the text around what it links.
        references=link_references(
            draft.block.body, meeting.id, draft.people, forges, draft.vocabulary
        ),
    )
    return replace(draft, meeting=meeting)


def _named(drafts: Sequence[_Draft], forges: Forges, problems: list[Problem]) -> list[_Draft]:
    """Assign anchors to all meetings, their headings and their agenda items.

    Files grow at the top, so anchors are assigned from the end of the file, and what is
    pasted on top changes none of them. The last meeting of a day in the file has only the
    date; others add the words of their title, or else of their first topic.
    """
    taken = Anchors()
    dates: set[MeetingDate] = set()
    titles: set[tuple[MeetingDate, str]] = set()
    named: list[_Draft] = []
    for draft in reversed(drafts):
        meeting = draft.meeting
        if meeting.date in dates:
            topic = next((place.topic.title for place in _topics(draft)), "")
            words = slug(meeting.title) or slug(topic) or slug(first_text(draft.block.body))
            anchor = taken.add("-".join(filter(None, (meeting.date.iso, words))))
            draft = replace(draft, meeting=replace(meeting, id=anchor))
            if (meeting.date, meeting.title) in titles:
                problems.append(
                    Problem(
                        ProblemKind.DUPLICATE_DATE,
                        meeting.line,
                        f"there is another meeting on {meeting.date.iso}; if both took place, "
                        f"tell them apart with a title: '## {meeting.date.iso} Planning'",
                    )
                )
        dates.add(meeting.date)
        titles.add((meeting.date, meeting.title))
        name_headings(draft.block.body, draft.meeting.id, taken, above=draft.block.level)
        named.append(_with_places(draft, taken, forges))
    return named[::-1]
