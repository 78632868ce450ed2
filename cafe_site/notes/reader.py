"""From the text of a year file to `YearNotes`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes import facts, frontmatter
from cafe_site.notes.dates import WEEKDAYS, looks_like_date, parse_date, weekday
from cafe_site.notes.dialect import markdown, plain_text, walk
from cafe_site.notes.model import Entry, Meeting, Problem, ProblemKind, YearNotes

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from cafe_site.notes.dates import MeetingDate

# Characters that XML forbids, and the ones that reorder the text around them
# (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

_ATX = re.compile(r"#{1,6}[ \t].*\d")
_SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BARE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")

# What the dialect does not read as Markdown, by the mark that it leaves.
_SIMPLIFIED = (
    (
        ProblemKind.NESTING,
        "flattened",
        "this text is nested too deeply and is shown with fewer levels",
    ),
    (
        ProblemKind.LONG_PARAGRAPH,
        "unread",
        "this paragraph is too long to be read as Markdown and is shown as plain text; "
        "divide it with empty lines",
    ),
)

# A code block that shows a year file holds some date headings, not hundreds.
_HEADINGS_IN_A_FENCE = 100


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Decode a year file; bytes that are not UTF-8 become U+FFFD and a problem.

    >>> decode(b"caf\\xe9")[0]
    'caf\\ufffd'
    """
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        # The codec counts from behind the byte order mark.
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        problem = Problem(
            ProblemKind.ENCODING,
            len(re.findall(rb"\r\n|\r|\n", data[:offset])) + 1,
            f"the byte at offset {offset} (0x{data[offset]:02x}) is not UTF-8; "
            "save the file in UTF-8, until then a replacement character stands for it",
        )
        return data.decode("utf-8-sig", errors="replace"), (problem,)


def read(
    text: str, year: int, *, series: str = "", today: datetime.date | None = None
) -> YearNotes:
    """Read the text of a year file.

    :param year: the year in the file's name
    :param series: the subfolder that the file is in
    :param today: meetings after this day are reported; None reports none

    Never raises and loses no text: what is wrong is in `YearNotes.problems`.

    >>> notes = read("# Notes\\n\\n## 2025-12-16 Planning\\n\\nHello.", 2025)
    >>> notes.meetings[0].id, notes.meetings[0].title
    ('2025-12-16', 'Planning')
    """
    problems: list[Problem] = []
    text = _clean(text, problems)
    source, rest, offset = frontmatter.split(text)
    if source is not None and any(_date_headings(source.split("\n"))):
        # Two rules with a meeting between them.
        source, rest, offset = None, text, 0
    if source is None and frontmatter.is_unclosed(text):
        problems.append(
            Problem(
                ProblemKind.FRONT_MATTER,
                1,
                "front matter is never closed; add a line '---' below it",
            )
        )
    front = frontmatter.FrontMatter() if source is None else frontmatter.read(source)
    problems.extend(front.problems)

    blocks = list(_blocks(rest.split("\n"), offset, problems))
    title: Sequence[Token] = ()
    introduction: list[Token] = []
    if parse_date(blocks[0].heading) is None:
        title, introduction = _take_title(blocks.pop(0).tokens)
    if front.unread:
        introduction.insert(0, Token("fence", "code", 0, content=front.unread, map=[0, offset]))

    drafts = _name_meetings([_draft(block) for block in blocks], problems)
    drafts.sort(key=lambda draft: draft.meeting.date.sort_key, reverse=True)
    taken = _Anchors()
    for draft in drafts:
        taken.add(draft.meeting.id)
    _name_headings(introduction, "introduction", taken, above=1)
    for draft in drafts:
        _name_headings(draft.block.body, draft.meeting.id, taken, above=draft.block.level)
    problems.extend(_date_problems(drafts, year, today))
    for tokens in (introduction, *(draft.block.body for draft in drafts)):
        problems.extend(_heading_problems(tokens))
    if not drafts:
        problems.append(
            Problem(
                ProblemKind.NO_MEETINGS,
                offset + 1,
                f"no meeting found; a meeting begins with a heading such as '## {year}-01-20'",
            )
        )
    return YearNotes(
        year=year,
        series=series,
        title=plain_text(title) or front.title,
        tags=front.tags,
        introduction=tuple(introduction),
        links=_links(title),
        entries=tuple(
            Entry(d.meeting, tuple(d.block.body), d.people, _links(d.block.tokens[1].children))
            for d in drafts
        ),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
    )


# --- the text -------------------------------------------------------------------------


def _clean(text: str, problems: list[Problem]) -> str:
    """Make line ends LF and show unseen characters as U+FFFD."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found: dict[str, int] = {}
    for match in _UNSEEN.finditer(text):
        if match[0] not in found:
            found[match[0]] = match.start()
    for character, position in found.items():
        count = text.count(character)
        times = "once" if count == 1 else f"{count} times, here first"
        problems.append(
            Problem(
                ProblemKind.CONTROL_CHARACTER,
                text.count("\n", 0, position) + 1,
                f"the control character U+{ord(character):04X} stands in the text ({times}); "
                "delete it, until then it is shown as a replacement character",
            )
        )
    return _UNSEEN.sub("\ufffd", text) if found else text


# --- from lines to one block of tokens per meeting ------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """A meeting, or what stands above the first one."""

    start: int
    """Its first line in the file, counted from 0."""
    tokens: tuple[Token, ...]

    @property
    def heading(self) -> str:
        return _heading(self.tokens)

    @property
    def level(self) -> int:
        return int(self.tokens[0].tag[1])

    @property
    def body(self) -> Sequence[Token]:
        """What stands below the heading, which is three tokens."""
        return self.tokens[3:]


@dataclass(frozen=True, slots=True)
class _Draft:
    meeting: Meeting
    block: _Block
    people: range | None = None


class _Lines:
    """The lines of a file and their parses, each made once."""

    def __init__(self, lines: Sequence[str], problems: list[Problem], offset: int) -> None:
        self.lines = lines
        self.problems = problems
        self.offset = offset
        self._parses: dict[tuple[int, int], list[Token]] = {}

    def parse(self, start: int, end: int) -> list[Token]:
        """Parse some lines on their own: with their own link definitions and footnotes."""
        if (start, end) not in self._parses:
            self._parses[start, end] = self._parse(start, end)
        return self._parses[start, end]

    def _parse(self, start: int, end: int) -> list[Token]:
        lines = self.lines[start:end]
        env: dict[str, Any] = {}
        try:
            tokens = markdown().parse("\n".join(lines), env)
        except RecursionError:
            self.problems.append(
                Problem(
                    ProblemKind.NESTING,
                    self.offset + start + 1,
                    "the text below is nested too deeply and is shown as plain text",
                )
            )
            head = markdown().parse(lines[0])[:3]
            return [
                *head,
                Token("fence", "code", 0, content="\n".join(lines[1:]), map=[1, end - start]),
            ]
        for kind, key, message in _SIMPLIFIED:
            token = next((t for t in tokens if t.meta.get(key)), None)
            if token is not None and token.map:
                line = self.offset + start + token.map[0] + 1
                self.problems.append(Problem(kind, line, message))
        return [*tokens, *_unused_definitions(tokens, env, lines)]

    def unclosed_fence(self, start: int, end: int) -> Token | None:
        """Return the code fence that is still open at the end of some lines."""
        tokens = [token for token in self.parse(start, end) if token.level == 0 and token.map]
        token = tokens[-1] if tokens else None
        if token is None or token.type != "fence" or not token.markup or not token.map:
            return None
        first, last = start + token.map[0], start + token.map[1] - 1
        return None if last > first and self.closes(last, token) else token

    def closes(self, line: int, fence: Token) -> bool:
        """Say whether a line closes a fence (CommonMark 4.5)."""
        match = _BARE_FENCE.fullmatch(self.lines[line])
        return match is not None and match[1].startswith(fence.markup)


def _blocks(lines: Sequence[str], offset: int, problems: list[Problem]) -> Iterator[_Block]:
    """Cut the lines before each meeting heading and parse each piece on its own.

    The first block always is what stands above the first meeting,
    unless the first line is a meeting's heading.
    """
    text = _Lines(lines, problems, offset)
    headings = [line for line in _date_headings(lines) if line > 0]
    bounds = [0, *headings, len(lines)]
    fences = [i for i, line in enumerate(lines) if _BARE_FENCE.fullmatch(line)]
    index = 0
    while index < len(bounds) - 1:
        start = bounds[index]
        end = index + 1
        fence = text.unclosed_fence(start, bounds[end])
        if fence is not None:
            closing = _closing_bound(text, bounds, end, fence, fences)
            if closing is not None:
                end = closing
                fence = None
        if fence is not None and fence.map:
            problems.append(
                _unclosed(fence, offset + start + fence.map[0] + 1, end == len(bounds) - 1)
            )
        for piece_start, piece_end in _pieces(text.parse(start, bounds[end]), start, bounds[end]):
            tokens = text.parse(piece_start, piece_end)
            for token in tokens:
                if token.map:
                    token.map = [line + offset + piece_start for line in token.map]
            yield _Block(offset + piece_start, tuple(tokens))
        index = end


def _date_headings(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines that are a heading with a date, wherever they stand."""
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else ""
        setext = (
            _SETEXT.fullmatch(below) is not None
            and line[:1].strip() != ""
            and (index == 0 or not lines[index - 1].strip())
        )
        if (setext or _ATX.match(line)) and len(line) < 1000:
            tokens = markdown().parse(f"{line}\n{below}" if setext else line)
            if parse_date(_heading(tokens)) is not None:
                yield index


def _closing_bound(
    text: _Lines, bounds: Sequence[int], end: int, fence: Token, fences: Sequence[int]
) -> int | None:
    """Find out whether a fence that is open at a date heading is closed behind it.

    It is, and the heading is code, if the lines from a later date heading to the next
    hold its closing fence, leave a fence open when they are read on their own, and
    leave none open when they are read from the closing fence on.
    Otherwise somebody forgot to close it, and no later meeting should be swallowed.

    Returns the index of the bound at which the piece with the closing fence ends.
    """
    position = 0
    for index in range(end, min(len(bounds) - 1, end + _HEADINGS_IN_A_FENCE)):
        while position < len(fences) and fences[position] < bounds[index]:
            position += 1
        while position < len(fences) and fences[position] < bounds[index + 1]:
            line = fences[position]
            if text.closes(line, fence):
                explained = (
                    text.unclosed_fence(bounds[index], bounds[index + 1]) is not None
                    and text.unclosed_fence(line + 1, bounds[index + 1]) is None
                )
                return index + 1 if explained else None
            position += 1
    return None


def _unclosed(fence: Token, line: int, last: bool) -> Problem:
    where = "the end of the file" if last else "the next meeting"
    return Problem(
        ProblemKind.UNCLOSED_FENCE,
        line,
        f"the code block that begins here is never closed and ends at {where}; "
        f"add a line '{fence.markup}' behind the code",
    )


def _pieces(tokens: Sequence[Token], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut once more before headings that only the parser could tell are a meeting's."""
    cuts = [
        start + token.map[0]
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
        and token.level == 0
        and token.map
        and token.map[0] > 0
        and parse_date(plain_text(tokens[index + 1].children)) is not None
    ]
    yield from zip([start, *cuts], [*cuts, end], strict=True)


def _heading(tokens: Sequence[Token]) -> str:
    """Return the text of the heading that tokens begin with."""
    if tokens and tokens[0].type == "heading_open":
        return plain_text(tokens[1].children)
    return ""


def _unused_definitions(
    tokens: Sequence[Token], env: dict[str, Any], lines: Sequence[str]
) -> Iterator[Token]:
    """Yield a paragraph for each link definition that no link uses, so that none is lost."""
    used = {token.meta.get("label") for token in _with_images(walk(tokens))}
    definitions = [
        *(ref for label, ref in env.get("references", {}).items() if label not in used),
        *env.get("duplicate_refs", []),
    ]
    for definition in sorted(definitions, key=lambda item: item["map"][0]):
        first, last = definition["map"]
        content = " ".join(" ".join(lines[first:last]).split())
        yield Token("paragraph_open", "p", 1, map=[first, last])
        inline = markdown().parseInline(content)[0]
        inline.map = [first, last]
        yield inline
        yield Token("paragraph_close", "p", -1)


def _with_images(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield inline tokens and the ones within the descriptions of images."""
    waiting = list(tokens)
    while waiting:
        token = waiting.pop()
        yield token
        if token.type == "image":
            waiting.extend(token.children or ())


# --- from blocks to meetings ----------------------------------------------------------


def _take_title(tokens: Sequence[Token]) -> tuple[Sequence[Token], list[Token]]:
    """Take the page's title out of the introduction: its first ``#`` heading."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            title = tokens[index + 1].children or ()
            return title, [*tokens[:index], *tokens[index + 3 :]]
    return (), list(tokens)


def _links(tokens: Sequence[Token] | None) -> tuple[str, ...]:
    """Return the addresses of the links and images among inline tokens."""
    addresses = [
        token.attrs.get("href") or token.attrs.get("src") for token in _with_images(tokens or ())
    ]
    return tuple(str(address) for address in reversed(addresses) if address)


def _draft(block: _Block) -> _Draft:
    parsed = parse_date(block.heading)
    assert parsed is not None
    date, title = parsed
    found = facts.attendance(block.body)
    people, attendees = found if found else (None, ())
    meeting = Meeting(
        id=date.iso,
        date=date,
        title=title,
        line=block.start + 1,
        cancelled=facts.is_cancelled(title, block.body),
        attendees=attendees,
        topics=facts.topics(block.body, facts.names_of(attendees)),
        tags=facts.tags(block.body),
    )
    return _Draft(meeting, block, people)


def _name_meetings(drafts: Sequence[_Draft], problems: list[Problem]) -> list[_Draft]:
    """Give each meeting its anchor.

    The last one of a day in the file has the date alone, since files grow at the top;
    others add the words of their title, or else of their first topic.
    """
    last = {draft.meeting.date: index for index, draft in enumerate(drafts)}
    taken = _Anchors()
    for date in last:
        taken.add(date.iso)
    titles: set[tuple[MeetingDate, str]] = set()
    named: list[_Draft] = []
    # From the end of the file, so that what is pasted on top changes nothing below it.
    for index in range(len(drafts) - 1, -1, -1):
        draft, meeting = drafts[index], drafts[index].meeting
        if last[meeting.date] != index:
            words = facts.slug(meeting.title) or facts.slug(
                meeting.topics[0].title if meeting.topics else _first_text(draft.block.body)
            )
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
        titles.add((meeting.date, meeting.title))
        named.append(draft)
    return named[::-1]


class _Anchors:
    """The anchors of a page, each given once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __contains__(self, anchor: str) -> bool:
        return anchor in self._numbers

    def add(self, anchor: str) -> str:
        """Take an anchor; if it is taken and nothing tells the two apart, one with a number."""
        free = anchor
        while free in self._numbers:
            self._numbers[anchor] += 1
            free = f"{anchor}-{self._numbers[anchor]}"
        self._numbers[free] = 1
        return free


def _name_headings(tokens: Sequence[Token], prefix: str, taken: _Anchors, *, above: int) -> None:
    """Give each heading below a meeting its anchor and its level.

    The anchor is the meeting's and the slugs of the headings that it stands under,
    so it does not depend on other meetings; if the same path occurs again,
    the words below the heading tell the two apart.
    All levels are moved down as far as it takes for the highest to be below the meeting's own,
    so ``## Agenda`` after ``## 2024-05-22`` belongs to the meeting.
    """
    headings = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    levels = [int(tokens[index].tag[1]) for index in headings]
    down = max(0, above + 1 - min(levels, default=7))
    path: list[tuple[int, str]] = []
    for index, level in zip(headings, levels, strict=True):
        while path and path[-1][0] >= level:
            path.pop()
        parent = path[-1][1] if path else prefix
        words = facts.slug(plain_text(tokens[index + 1].children)) or "section"
        anchor = f"{parent}-{words}"
        if anchor in taken and (more := facts.slug(_first_text(tokens, index + 3), words=4)):
            anchor = f"{anchor}-{more}"
        anchor = taken.add(anchor)
        path.append((level, anchor))
        tokens[index].meta.update(id=anchor, level=level + down)


def _first_text(tokens: Sequence[Token], start: int = 0) -> str:
    """Return the text of the first paragraph, list item or code block before the next heading."""
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.type == "heading_open":
            break
        if token.type == "inline" and (text := plain_text(token.children)):
            return text
        if token.type == "fence" and token.content.strip():
            return token.content
    return ""


def _date_problems(
    drafts: Sequence[_Draft], year: int, today: datetime.date | None
) -> Iterator[Problem]:
    for draft in drafts:
        date, line = draft.meeting.date, draft.meeting.line
        start = date.start
        if start is None:
            yield Problem(
                ProblemKind.INVALID_DATE, line, f"there is no day {date.iso}; correct the heading"
            )
            continue
        if date.year != year:
            yield Problem(
                ProblemKind.OTHER_YEAR,
                line,
                f"a meeting on {date.iso} stands in the file of {year}; "
                f"correct the date or move it to {date.year:04}.md",
            )
        elif today is not None and start > today:
            yield Problem(
                ProblemKind.FUTURE_DATE, line, f"{date.iso} has not come yet; is the date right?"
            )
        named = weekday(draft.block.heading)
        if date.day is not None and named not in (None, start.weekday()):
            right = WEEKDAYS[start.weekday()].capitalize()
            yield Problem(
                ProblemKind.WRONG_WEEKDAY,
                line,
                f"{date.iso} is a {right}; correct the weekday or the date",
            )


def _heading_problems(tokens: Sequence[Token]) -> Iterator[Problem]:
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            text = plain_text(tokens[index + 1].children)
            if looks_like_date(text):
                yield Problem(
                    ProblemKind.NOT_A_DATE,
                    token.map[0] + 1,
                    f"{text!r} begins no meeting; if it should, write the date as 2025-12-16",
                )
