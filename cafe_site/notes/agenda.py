"""Who leads an agenda item, and for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import hidden_word, is_hidden
from cafe_site.notes.lead_phrases import lead_phrases, names_after, without_phrases
from cafe_site.notes.lines import LABEL, end_of, start_of, text_of, trimmed
from cafe_site.notes.planned_times import duration, time_patterns
from cafe_site.notes.speakers import are_known, is_known, is_nobody, names_in
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.notes.planned_times import TimePatterns
    from cafe_site.vocabulary import Vocabulary

_MAX_MARKS = 4
NAMED = re.compile(r"\s*\[name=(?P<name>[^\[\]\n]{0,80})\]")
_TIMED = re.compile(r"\s*\[time=(?P<time>[^\[\]\n]{1,60})\]")
_BRACKETS = re.compile(r"\s*[(\[](?P<words>[^()\[\]]{1,80})[)\]]")
_BRACKETS_AT_END = re.compile(r"\s*[(\[](?P<words>[^()\[\]]{1,80})[)\]]\.?$")
_NAMED_AT_END = re.compile(r"\s*\[(?P<key>name|time)=(?P<words>[^\[\]]{0,80})\]$")
_DASH_AT_END = re.compile(
    r"(?:\s+[-–—]{1,3}|(?<!\|)(?P<bar>\|\s+|\s+\|))\s*(?P<words>[^:()\[\]–—|]{1,60})$"
)
_BRACKETS_INSIDE = re.compile(r"\s\((?P<words>[^()]{1,60})\)(?=\.?\s+[^\W\d_a-z]|\s+[-–—]\s|:\s)")
_HANDLE = r"@[A-Za-z0-9][\w-]{0,38}"
_HANDLES = re.compile(rf"(?P<words>{_HANDLE}(?:\s*[,&/+]\s*{_HANDLE}){{0,3}})\s+(?=[^\s:,&/+–—-])")
_NAMES = re.compile(r"(?P<words>[^:()\[\]]{1,120}?)(?=\s*[:(\[]|\s+[-–—]{1,2}\s|$)")
_SEPARATOR = re.compile(r"\s*(?P<colon>:)\s*|\s*[-–—]{1,2}\s+|(?P<none>\s+|$)")
_REMARK = re.compile(r"\s*\([^()]{0,60}\)")
_ROLE = re.compile(r"[^\W\d_]{2,12}:\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads an agenda item and for how long, and what it is about."""

    speaker: str | None = None
    """The names as written."""
    minutes: str | None = None
    """The planned time as written, without its brackets."""
    title: str = ""
    """The words of the line without these."""
    maybe: str | None = None
    """Names of which the meeting does not say whether they are people."""
    candidates: tuple[str, ...] = ()
    """These names one by one."""
    without: str = ""
    """The title if they are."""
    end: int = 0
    """The number of characters at the start of the line that only say who leads it."""
    colon: bool = False
    """Whether a colon ends them."""
    marked: bool = False
    """Whether it has a speaker by HackMD's mark, or a planned time."""
    template: bool = False
    """Whether a placeholder has the place of the speaker."""
    form: str = ""
    """Where the names are, if that shows that they lead it: ``start`` or ``end`` in brackets,
    ``bar``, ``dash``, or ``by``, see `lead`."""
    words: str = ""
    """The words of the item's anchor."""

    written: str = ""
    """The names as written, also of people who asked not to be named."""

    @property
    def led(self) -> bool:
        """Whether somebody leads this, or a time is planned for it."""
        return bool(self.speaker or self.minutes)


# --- one line -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """What has been found in a line, and what is left between its start and its end."""

    text: str
    bold: int
    """The number of bold characters that it begins with."""
    known: frozenset[str]
    vocabulary: Vocabulary
    start: int = 0
    stop: int = 0
    names: list[str] = field(default_factory=list)
    maybe: str | None = None
    minutes: str | None = None
    colon: bool = False
    template: bool = False
    tagged: bool = False
    """Whether it has HackMD's mark."""
    doubtful: tuple[int, int] = (0, 0)
    """The part of the line with names that may not be people's."""
    timed: tuple[int, int] = (0, 0)
    """A planned time within that part or after it."""
    words: int = 0
    """Where the words of the item's anchor begin."""
    form: str = ""

    @property
    def marks(self) -> TimePatterns:
        return time_patterns(self.vocabulary)

    def take_minutes(self, match: re.Match[str] | None) -> bool:
        if match is not None and self.minutes is None:
            self.minutes = duration(match["minutes"])
        return match is not None

    def take_name(self, name: str) -> None:
        if is_nobody(name, self.vocabulary):
            self.template = True
        else:
            self.names.append(name.strip())
            self.tagged = True

    def is_template(self, name: str, *, several: bool) -> bool:
        """Return whether a name without a mark is one that people should replace.

        A single word may begin an item, such as *Everybody: introduce yourselves*.
        """
        several = several or name.isupper() or len(name.split()) > 1
        return several and self.vocabulary.has("placeholders", name)

    # --- at the start ---------------------------------------------------------------------

    def read_start(self) -> None:
        begin = position = start_of(self.text)
        for _ in range(2 * _MAX_MARKS):
            if match := NAMED.match(self.text, position):
                self.take_name(match["name"])
                self.words = self.words or match.end()
            elif match := _TIMED.match(self.text, position):
                self.take_minutes(self.marks.whole.fullmatch(match["time"]))
            else:
                break
            position = match.end()
        if position > begin:
            words = self.words
            self.end_start(position)
            self.words = self.start if words == position else words
        elif match := self.marks.at_start(self.text, begin):
            self.take_minutes(match)
            self.start = match.end()
            self.names_at_start(self.start)
            self.words = 0
        else:
            self.names_at_start(begin)

    def names_at_start(self, begin: int) -> None:
        text = self.text
        if match := _BRACKETS.match(text, begin):
            self.accept(match["words"], begin, match.end())
            self.form = "start"
            return
        if match := _HANDLES.match(text, begin):
            phrases = lead_phrases(self.vocabulary)
            if not phrases.assigned.match(text, match.end()):
                self.accept(match["words"], begin, match.end())
                self.words = 0
                if about := phrases.about.match(text, match.end()):
                    self.start = about.end()
                if not re.search(r"[^\W\d_]{2}", text[self.start :]):
                    self.start = begin
                return
        match = self.marks.names.match(text, begin)
        if match is not None and names_in(match["words"], self.vocabulary):
            remark = _REMARK.match(text, match.end())
            end = (remark or match).end()
            after = _SEPARATOR.match(text, end)
            if match.end("words") <= self.bold or (after and after["none"] is None):
                self.take_minutes(match)
                self.timed = match.span("minutes")
                self.accept(match["words"], begin, end)
                return
        match = _NAMES.match(text, begin)
        if match is None:
            return
        end = match.end()
        timed = self.marks.brackets.match(text, end)
        remark = None if timed else _REMARK.match(text, end)
        self.template = self.is_template(match["words"], several=bool(timed or remark))
        end = (timed or remark or match).end()
        after = _SEPARATOR.match(text, end)
        alone = not remark and not text[end:].strip()
        marked = timed or alone or end <= self.bold or (after and after["none"] is None)
        if marked and names_in(match["words"], self.vocabulary):
            if self.take_minutes(timed):
                self.timed = timed.span() if timed else (0, 0)
            written = text[begin : remark.end()] if remark else match["words"]
            self.accept(match["words"], begin, end, written)
        elif timed and (after and after["none"] is None):
            self.take_minutes(timed)
            self.timed = timed.span()
        elif self.bold:
            bold = text[begin : self.bold]
            if are_known(names_in(bold, self.vocabulary), self.known):
                self.accept(bold, begin, self.bold)

    def accept(self, text: str, begin: int, end: int, written: str = "") -> None:
        """Take what may be names at the start, and what follows them."""
        names = names_in(text, self.vocabulary)
        if are_known(names, self.known):
            self.names.append(" ".join((written or text).split()).strip(" *_"))
            self.end_start(end)
            self.words = self.words_after(begin, known=True)
        elif names:
            self.maybe = " ".join(text.split()).strip(" *_")
            self.end_start(end)
            self.doubtful = (begin, self.start)
            self.words = self.words_after(begin, known=False)
            self.start, self.colon = begin, False

    def words_after(self, begin: int, *, known: bool) -> int:
        """Return where the words of the anchor begin, after a name at the start.

        This must not change, so that links to agenda items go on working: without a colon or
        a planned time in brackets, an unknown bold name is one of the words.
        """
        if begin >= self.bold:
            return self.start if known else 0
        position = self.bold
        if match := self.marks.brackets.match(self.text, position):
            position = match.end()
        if (match := _SEPARATOR.match(self.text, position)) and match["colon"]:
            position = match.end()
        marked = position > self.bold or re.search(r"[:)\]]\s*$", self.text[: self.bold])
        return position if known or marked else 0

    def end_start(self, position: int) -> None:
        """Take a planned time and a separator that follow names."""
        if match := self.marks.brackets.match(self.text, position):
            self.take_minutes(match)
            self.timed = match.span()
            position = match.end()
        if match := _SEPARATOR.match(self.text, position):
            self.colon = bool(match["colon"])
            position = match.end()
        self.start = position

    # --- at the end -----------------------------------------------------------------------

    def read_end(self) -> None:
        self.stop = len(self.text)
        for _ in range(_MAX_MARKS):
            rest = self.text[: end_of(self.text[: self.stop])]
            if match := _NAMED_AT_END.search(rest, max(0, len(rest) - 90)):
                if match["key"] == "name":
                    self.take_name(match["words"])
                else:
                    self.take_minutes(self.marks.whole.fullmatch(match["words"]))
            elif match := _BRACKETS_AT_END.search(rest, max(0, len(rest) - 90)):
                if not self.read_brackets(match["words"], *match.span()):
                    self.read_dash(rest[: match.start()], len(rest))
                    return
            elif match := self.marks.after_dash.search(rest, max(0, len(rest) - 40)):
                self.take_minutes(match)
            else:
                self.read_dash(rest)
                return
            if match.start() < self.start:
                return
            self.stop = match.start()

    def read_by(self, rest: str) -> bool:
        """Read names after words such as *led by* at the end; return whether there are any."""
        if self.names or ":" in self.text[len(rest) :]:
            return False
        found = names_after(rest, self.start, self.known, self.vocabulary)
        if found:
            names, stop = found
            self.names.append(names)
            # *Demo by Ada* has no other words.
            if re.search(r"[^\W\d_]{2}", rest[self.start : stop]):
                self.stop = stop
            self.form = "by"
        return found is not None

    def read_inside(self) -> None:
        """Read names in brackets that only a remark or a sentence follows."""
        match = None if self.names else _BRACKETS_INSIDE.search(self.text, self.start)
        names = names_in(match["words"], self.vocabulary) if match else ()
        if match and names and all(is_known(name, self.known) for name in names):
            self.names.append(", ".join(names))
            self.form = "end"
            self.timed = match.span()

    def read_dash(self, rest: str, stop: int = 0) -> None:
        """Read names after a dash at the end, or before a remark that ends at *stop*."""
        if self.read_by(rest):
            return
        match = _DASH_AT_END.search(rest, max(self.start, len(rest) - 70))
        if match and match["bar"] and rest.count("|") > 1:
            return  # a row of several columns
        names = names_in(match["words"], self.vocabulary) if match else ()
        if match is None or not names or self.names:
            return
        form = "bar" if match["bar"] else "dash"
        if are_known(names, self.known):
            self.names.append(match["words"].strip())
            self.stop = match.start()
            self.form = form
        else:
            self.doubt(match["words"].strip(), match.start(), stop or match.end(), form)

    def read_brackets(self, words: str, start: int, stop: int) -> bool:
        """Read brackets at the end; return whether they only have a planned time and names."""
        role = _ROLE.match(words.strip())
        timed: re.Match[str] | None = None
        names: list[str] = []
        words = without_phrases(words.strip()[role.end() if role else 0 :], self.vocabulary)
        for part in re.split(r"\s*[,;]\s*", words):
            if match := self.marks.whole.fullmatch(part):
                timed = timed or match
            elif found := names_in(part, self.vocabulary):
                names += found
            elif timed and self.vocabulary.has("roles", part):
                names.append(part)
            elif not is_nobody(part, self.vocabulary) or not timed:
                return LABEL.fullmatch(part) is not None
        self.take_minutes(timed)
        # Next to a planned time there are names of people.
        if are_known(names, self.known) or (timed and all(name[0].isupper() for name in names)):
            self.names += [", ".join(names)] if names else []
            self.form = "end"
            return True
        if not self.names:
            self.doubt(", ".join(names), start, stop, "end")
        return False

    def doubt(self, names: str, start: int, stop: int, form: str) -> None:
        # Of two possibilities, what stands after a dash or in brackets is rather a name.
        if names and start > self.start and (self.maybe is None or start < self.doubtful[1]):
            self.maybe, self.doubtful, self.form = names, (start, stop), form


def lead(inline: Token, known: frozenset[str], vocabulary: Vocabulary) -> Lead:
    """Read who leads an agenda item and for how long, at the start or the end of its line.

    Recognized are, with one or more names,

    - at the start ``[name=Ada] [time=5 minutes]``, ``**Ada (5m):**``, ``Ada (5m):``,
      ``Ada 5 min:``, ``Ada:``, ``Ada -``, ``[Ada]`` and ``(Ada)``;
    - at the end ``(5m)``, ``(Ada)``, ``(5m, Ada, Bob)``, ``[Ada]``, ``- Ada``, ``| Ada``,
      ``led by Ada``, ``[name=Ada]``.

    A word and a colon may be anything, so names have to be *known*, see `known_names`, or have
    an ``@``, HackMD's mark, or a planned time in the same brackets. Otherwise they are only
    a possibility.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> line = markdown().parseInline("**Min (5m):** Releases")[0]
    >>> found = lead(line, frozenset({"min"}), vocabulary())
    >>> found.speaker, found.minutes, found.title
    ('Min', '5m', 'Releases')
    """
    children = inline.children or ()
    if hidden := any(map(is_hidden, children)):
        known |= {folded(hidden_word())}
    text = text_of(children)
    reading = _Reading(text, _bold(children), known, vocabulary)
    reading.read_start()
    reading.read_end()
    reading.read_inside()
    names = [name for name in reading.names if not (hidden and name == hidden_word())]
    start, stop = reading.start, max(reading.start, reading.stop)
    if reading.maybe and names:
        reading.maybe = None
    return Lead(
        speaker=", ".join(dict.fromkeys(names)) or None,
        minutes=reading.minutes,
        title=trimmed(_without(text, start, stop, reading.timed)),
        maybe=reading.maybe,
        candidates=names_in(reading.maybe or "", vocabulary),
        without=trimmed(_without(text, start, stop, reading.timed, reading.doubtful)),
        end=start if reading.names else 0,
        colon=reading.colon,
        marked=bool(reading.minutes or reading.tagged),
        template=reading.template and not names,
        form=reading.form,
        words=text[reading.words :],
        written=", ".join(dict.fromkeys(reading.names)),
    )


def _without(text: str, start: int, stop: int, *left_out: tuple[int, int]) -> str:
    """Return a part of a text without some parts of it."""
    kept = (
        text[i] if not any(first <= i < last for first, last in left_out) else " "
        for i in range(start, stop)
    )
    return re.sub(r"\s+(?=[:,;]|\.\s)", "", " ".join("".join(kept).split()))


def _bold(children: Sequence[Token]) -> int:
    """Return the number of bold characters that a line begins with."""
    tokens = [token for token in children if token.content or token.type == "strong_open"]
    if not tokens or tokens[0].type != "strong_open":
        return 0
    end = next(index for index, token in enumerate(children) if token.type == "strong_close")
    return len(text_of(children[:end]))
