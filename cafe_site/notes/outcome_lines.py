"""What a single line says about decisions and actions: its label, its kind, its owners."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import HANDLE, plain_text
from cafe_site.notes.speakers import is_known
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

DECISION, ACTION = "decision", "action"
EITHER = "either"
"""Below *Decisions and action items*, each item shows what it is."""

# Longer texts are not searched for names.
_MAX_NAMES = 80
_MAX_SENTENCES = 500
_MAX_SAID = 300
_ALONE_IN_BRACKETS = re.compile(r"\[(?:name=)?([^\[\]]+)\]")
_NAMED_AFTER = re.compile(r"(?P<people>[^:]{1,60}):\s*(?P<text>\S.*)", re.DOTALL)
_ARROW = re.compile(r"(?:<[-=]+|←|[-=]+>|→)\s*([^<>→←]+?)[.!]?$")
_NUMBERING = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,2})*[.):]\s*|[IVX]{1,5}\.\s+)?")
_ENDS = (".", "!", "?", ";", "…", ")", "]")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NAME = re.compile(r"@?[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,2}")
_BOX = re.compile(r"(?:\[(?P<done>[ xX]?)\]|[☐⬜🔲]|(?P<ticked>[☑☒]))\s+")


@dataclass(frozen=True, slots=True)
class Label:
    """The label that a line begins with, such as *Decision:* or *Action (Ada):*."""

    kind: str
    word: str
    text: str
    """What follows it; empty if it is alone on its line."""
    owner: str = ""
    """The name in brackets after it, or before it."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    label: re.Pattern[str]
    inner: re.Pattern[str]
    closing: re.Pattern[str]
    decided: re.Pattern[str]
    voted: re.Pattern[str]
    assigned: re.Pattern[str]
    separator: re.Pattern[str]
    owner: re.Pattern[str]
    nothing: re.Pattern[str]
    mentioned: re.Pattern[str]


@functools.lru_cache(maxsize=16)
def _patterns(words: Vocabulary) -> _Patterns:
    label = rf"(?P<word>{words.pattern('decisions', 'actions')})(?!\w)"
    people = r"(?P<people>[^:()\[\]<>→]{1,60})"
    joints = rf"\s+(?:{words.pattern('and')})\s+"
    return _Patterns(
        # The word alone could begin any sentence, so it needs a colon, a dash, a name in
        # brackets or a handle after it, or brackets around it.
        label=re.compile(
            rf"(?P<bracket>[\[(])?{label}(?:[\s-]*#?\d{{1,4}}(?!\d))?"
            r"(?(bracket)(?:\s*[:–-]?\s+(?P<inside>[^()\[\]:]{1,60}))?[\])])"
            r"(?:\s*[(\[](?P<owner>[^()\[\]]{1,60})[)\]])?"
            r"(?P<mark>\s*[:：–—]|\s+-+>?(?=\s|$)|\s*→|\s+(?=@))?\s*(?P<text>.*)",
            re.IGNORECASE | re.DOTALL,
        ),
        inner=re.compile(rf"(?<=\s){label}\s*[:：]\s*(?=\S)", re.IGNORECASE),
        closing=re.compile(
            rf"[(\[]{label}(?:\s*(?P<mark>[:：–-])\s*(?P<text>[^()\[\]]+))?[)\]]\W*$",
            re.IGNORECASE,
        ),
        decided=re.compile(
            rf"(?:^\W*|[.!?:;,…>→–—-]\W{{1,3}}|[->]>|\s{words.pattern('and')}\s)"
            rf"(?P<words>{words.pattern('decided')})(?!\w)",
            re.IGNORECASE,
        ),
        voted=re.compile(rf"(?<!\w){words.pattern('voted')}(?!\w)", re.IGNORECASE),
        assigned=re.compile(
            rf"\s+{words.pattern('assigned')}(?!\w)"
            rf"(?!\s+{words.pattern('unassigned')}(?!\w))(?=\s+\w|\W*$)",
            re.IGNORECASE,
        ),
        separator=re.compile(
            rf"\s*[,/&+]\s*{words.pattern('and')}\s+|{joints}|\s*[,/&+]\s*", re.IGNORECASE
        ),
        owner=re.compile(
            rf"(?:[(\[]\s*(?:{words.pattern('owners')}\s*[:：]?\s+)?{people}[)\]]"
            rf"|\s[–—-]\s*{people.replace('people', 'after')}"
            rf"|[,;.–—-]\s*{words.pattern('owners')}\s*[:：]\s*"
            rf"{people.replace('people', 'named')})\s*[.!]?$",
            re.IGNORECASE,
        ),
        nothing=re.compile(rf"{words.pattern('nothing')}(?!\w)", re.IGNORECASE),
        mentioned=re.compile(
            rf"(?<!\w){words.pattern('decisions', 'actions')}(?!\w)", re.IGNORECASE
        ),
    )


# --- labels -------------------------------------------------------------------------------


def box(text: str) -> tuple[str, bool | None]:
    """Return a text without the task box that it begins with, and whether that is checked.

    >>> box("[x] Oil the loom"), box("Oil")
    (('Oil the loom', True), ('Oil', None))
    """
    match = _BOX.match(text)
    if match is None:
        return text, None
    return text[match.end() :], match["done"] in ("x", "X") or bool(match["ticked"])


def label_of(
    line: Sequence[Token],
    text: str,
    words: Vocabulary,
    names: frozenset[str] = frozenset(),
) -> Label | None:
    """Return the label that a line begins with, if any.

    A label is bold or in capital letters, or has a colon, a dash, brackets, or a name in
    brackets or a handle after it. It may follow a name: *Ada: TODO: …*.

    :param line: the inline tokens
    :param text: their words without a task box
    :param names: the names of the people at the meeting, see `known_names`
    """
    patterns = _patterns(words)
    # What is typed as code is code, unless it is the label itself.
    first = line[0] if line else None
    if first is not None and first.type == "code_inline":
        match = patterns.label.fullmatch(first.content.strip())
        if match is None or match["text"]:
            return None
        text = f"{match['word']}: {text[len(first.content.strip()) :].lstrip(' :–—-')}"
    start = re.match(r"[^\w\[(@#]*", text)
    assert start is not None
    found = patterns.label.match(text, start.end())
    if found is not None and _is_marked(found, line, words):
        owner = (found["owner"] or found["inside"] or "").strip()
        # *==Decision:== …*, *RESOLVED, that …*
        rest = found["text"].strip().lstrip("=,*").lstrip()
        return Label(_kind(found["word"], words), found["word"], rest, owner)
    if found is not None and (named := _NAMED_AFTER.match(found["text"])):
        # *Action for Ada: …*
        whom = (named["people"], named["people"].partition(" ")[2])
        owner = ", ".join(next(filter(None, (people_in(p, names, words) for p in whom)), ()))
        if owner:
            return Label(_kind(found["word"], words), found["word"], named["text"].strip(), owner)
    is_capital = found is not None and found["word"][0].isupper()
    if found is not None and is_capital and assigned_to(found["text"], names, words):
        # *AI Ada to …*
        return Label(_kind(found["word"], words), found["word"], found["text"].strip())
    if (whole := _NAMED_AFTER.match(text, start.end())) and (
        kind := _kind(whole["people"], words)
    ):
        # *Homework for the builders: …*
        last = whole["people"].rpartition(" ")[2]
        last = last if is_known(last, names) else ""
        return Label(kind, whole["people"], whole["text"].strip(), last)
    named = re.match(r"\[(?:name=)?(?P<a>[^\]]{1,60})\]\s*|(?P<b>[^:\[\]().!?]{1,40}):\s*", text)
    if named is not None and (name := (named["a"] or named["b"]).strip("* ")):
        found = patterns.label.match(text, named.end())
        shouted = found is not None and len(found["word"]) > 3 and found["word"].isupper()
        if found is not None and (found["mark"] or shouted) and _NAME.fullmatch(name):
            kind = _kind(found["word"], words)
            somebody = named["a"] or name[:1].isupper() or name[:1] == "@"
            if somebody and not kind_of(name, words):
                return Label(kind, found["word"], found["text"].strip(), name)
    return None


def _is_marked(found: re.Match[str], line: Sequence[Token], words: Vocabulary) -> bool:
    word = found["word"]
    if len(word) < 3 and not word.isupper():
        return False
    if found["mark"] or found["bracket"] or found["owner"] or not found["text"]:
        # An abbreviation of two letters may be what the line is about: *AI – a policy*.
        return len(word) > 2 or bool(found["owner"] or found["bracket"] or ":" in found["mark"])
    shouted = len(word) > 3 and word.isupper() and not found["text"].isupper()
    return shouted or folded(_bold(line)) == folded(word)


def inner_label(text: str, words: Vocabulary) -> Label | None:
    """Return an action or decision that comes after other words.

    It begins a sentence or is in capitals, with a colon, or is in brackets at the end.

    >>> from cafe_site.vocabulary import vocabulary
    >>> inner_label("We talked. AI: Ada to oil it", vocabulary()).text
    'Ada to oil it'
    >>> inner_label("The loom squeaks (TODO: oil it)", vocabulary()).text
    'oil it'
    """
    patterns = _patterns(words)
    for found in patterns.inner.finditer(text):
        word, before = found["word"], text[max(0, found.start() - 9) : found.start()].rstrip()
        if before.endswith(_ENDS) or (len(word) > 3 and word.isupper()):
            return Label(_kind(word, words), word, text[found.end() :].strip())
    match = patterns.closing.search(text)
    if match is None:
        return None
    # Other words in brackets only name a thing.
    if not match["word"].isupper() and match["mark"] not in (":", "："):
        return None
    kind, inside = _kind(match["word"], words), (match["text"] or "").strip()
    if kind == DECISION:
        # *(resolution: high)* is said of a screen.
        return (
            Label(kind, match["word"], inside) if inside and match["word"][0].isupper() else None
        )
    if not inside or (inside[0].isupper() and _NAME.fullmatch(inside) and " " not in inside):
        return Label(ACTION, match["word"], text[: match.start()].strip(), inside)
    return Label(ACTION, match["word"], inside)


def is_decided(text: str, words: Vocabulary) -> bool:
    """Return whether a line has a sentence that begins with words such as *we agreed to*.

    Or it says anywhere how a vote ended: *The loom was unanimously accepted*.
    """
    if text.rstrip().endswith("?"):
        return False
    # A long text tells what was said.
    if starts_decided(text, words):
        return True
    patterns = _patterns(words)
    return len(text) <= _MAX_SAID and (
        patterns.decided.search(text) is not None
        # What is in brackets may be a condition: *(if it is approved)*.
        or patterns.voted.search(_IN_BRACKETS.sub("", text)) is not None
    )


def starts_decided(text: str, words: Vocabulary) -> bool:
    """Return whether a line begins with words such as *we agreed to*."""
    match = _patterns(words).decided.match(text)
    return match is not None and not re.search(r"\w", text[: match.start("words")])


def kind_of(title: str, words: Vocabulary) -> str:
    """Return which outcomes a heading or a label announces, or an empty string.

    >>> from cafe_site.vocabulary import vocabulary
    >>> kind_of("3. Action items (5 min)", vocabulary())
    'action'
    >>> kind_of("Decisions and next steps", vocabulary())
    'either'
    """
    title = _NUMBERING.sub("", _IN_BRACKETS.sub("", title[:200]), count=1).strip()
    found = _kind(title, words)
    if found:
        # A heading of two letters is more likely a subject.
        return found if len(folded(title)) > 2 else ""
    kinds = {
        _kind(part, words)
        for part in _patterns(words).separator.split(title)
        if not words.has("owners", part)
    }
    if not kinds or "" in kinds:
        return ""
    return kinds.pop() if len(kinds) == 1 else EITHER


def _kind(text: str, words: Vocabulary) -> str:
    if words.has("decisions", text):
        return DECISION
    return ACTION if words.has("actions", text) else ""


def says_nothing(text: str, words: Vocabulary) -> bool:
    """Return whether a text says that there is no outcome, or is a template's own.

    >>> from cafe_site.vocabulary import vocabulary
    >>> [says_nothing(text, vocabulary()) for text in ("No action items.", "No more looms")]
    [True, False]
    """
    plain = folded(text)
    # *No* alone is an answer.
    if not plain or words.has("placeholders", text) or (plain[2:] and words.has("nothing", text)):
        return True
    if kind_of(text.rstrip(": "), words):
        return True
    match = _patterns(words).nothing.match(text.lstrip(" -–—*_("))
    if match is None or len(plain.split()) > 7:
        return False
    return mentions_outcomes(text, words)


def mentions_outcomes(text: str, words: Vocabulary) -> bool:
    """Return whether a heading or short text has a word for decisions or actions in it.

    >>> from cafe_site.vocabulary import vocabulary
    >>> mentions_outcomes("Check-in on last week's action items", vocabulary())
    True
    """
    return _patterns(words).mentioned.search(text[:200]) is not None


# --- owners -------------------------------------------------------------------------------


def names_in(text: str, words: Vocabulary) -> str:
    """Return the names in a text that is known to consist of them, separated by commas."""
    parts = _patterns(words).separator.split(_IN_BRACKETS.sub("", text))
    return ", ".join(part.strip(" @*_") for part in parts if part.strip(" @*_"))


def people_in(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the names in a text that consists of names, at least one of them known.

    >>> from cafe_site.vocabulary import vocabulary
    >>> people_in("Ada (maybe) and @bob", frozenset({"ada"}), vocabulary())
    ('Ada', 'bob')
    """
    if len(text) > _MAX_NAMES:
        return ()
    # An arrow, a symbol or the like may precede the first name.
    text = re.sub(r"^[^\w@\[]+|^\d{1,2}[a-z]?[.)]\s+", "", text).rstrip(" *_:")
    alone = _ALONE_IN_BRACKETS.fullmatch(text)
    # [Ada] is how pads mark who speaks.
    text = alone[1] if alone else _IN_BRACKETS.sub("", text).strip(" *_:")
    parts = [part.strip() for part in _patterns(words).separator.split(text)]
    if not all(_NAME.fullmatch(part) for part in parts):
        return ()
    known = [_is_somebody(part, names) for part in parts]
    if not any(known) or not all(
        sure or all(word[0].isupper() for word in part.split())
        for sure, part in zip(known, parts, strict=True)
    ):
        return ()
    return tuple(part.removeprefix("@") for part in parts)


def _is_somebody(name: str, names: frozenset[str]) -> bool:
    """Return whether a name is known, or its first word is.

    Whoever is written as a handle is somebody.
    """
    first, *others = name.split()
    if name.startswith("@"):
        return not others
    capital = all(word[0].isupper() for word in (first, *others))
    return is_known(name, names) or (capital and len(first) > 1 and is_known(first, names))


def assigned_to(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the people that a line such as *Ada and Bob to oil it* gives something to do."""
    found = [people_in(part, names, words) for part in _before_assigned(text, words)]
    found = [people for people in found if people]
    # In *Yes, Ada will …*, only what is after the comma is somebody.
    certain = (people for people in found if all(_is_somebody(name, names) for name in people))
    return next(certain, found[0] if found else ())


def perhaps_assigned_to(text: str, words: Vocabulary) -> tuple[str, ...]:
    """Return what may be a name in a line such as *Ada to oil it*."""
    for part in _before_assigned(text, words):
        parts = [one.strip() for one in _patterns(words).separator.split(part.strip(" *_"))]
        if all(_NAME.fullmatch(one) and one[:1].isupper() for one in parts):
            return tuple(parts)
    return ()


def _before_assigned(text: str, words: Vocabulary) -> Iterator[str]:
    """Yield what precedes words such as *will* in the same sentence."""
    if text.rstrip().endswith("?"):
        return
    text = text[:_MAX_SENTENCES]
    for match in _patterns(words).assigned.finditer(text):
        if match[0].strip()[:1].isupper():
            continue  # *Ada: To the Lighthouse*
        before = text[max(0, match.start() - _MAX_NAMES) : match.start()]
        # Not *Ada: to …*, which tells what she says.
        sentence = re.split(r"[!?;:](?:\s|$)|[.]\s|\s?[–—-]\s", before)[-1]
        yield sentence
        if ", " in sentence:
            yield sentence.rpartition(", ")[2]


def handed_to(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the people that an arrow at the end of a line hands it to: *Oil it → Ada*."""
    match = _ARROW.search(text[-_MAX_NAMES:])
    return people_in(match[1], names, words) if match else ()


def owners_of(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the owners of an action, by its words.

    They come first (*Ada to …*, *Ada: …*, *@ada …*), or last (*… (Ada)*, *… → Ada*).
    """
    if found := assigned_to(text, names, words) or handed_to(text, names, words):
        return found
    match = re.match(r"(?P<people>[^:]{1,60}?)(?:\s*:|\s+[–—-]|(?<=\]))\s+\S", text)
    if match and (found := people_in(match["people"], names, words)):
        return found
    match = re.match(r"\((?P<people>[^()]{1,60})\)\s+\S", text)
    if match and (found := people_in(match["people"], names, words)):
        return found
    leading = re.match(r"(?:@[A-Za-z0-9-]+[\s,/&+]*(?:and\s+)?)+", text)
    if leading and (handles := HANDLE.findall(leading[0])):
        return tuple(handles)
    match = _patterns(words).owner.search(text[-200:])
    if match:
        named = match["people"] or match["after"] or match["named"] or ""
        if found := people_in(named, names, words):
            return found
    # *Oil it (Ada) - still smells*
    for inside in re.findall(r"\(([^()]{1,60})\)", text[:_MAX_SENTENCES]):
        found = people_in(inside, names, words)
        if found and all(_is_somebody(name, names) for name in found):
            return found
    handle = HANDLE.search(text)
    return (handle[1],) if handle else ()


def _bold(line: Sequence[Token]) -> str:
    """Return the bold or emphasized words that a line begins with."""
    tokens = [token for token in line if token.type != "text" or token.content]
    if not tokens or tokens[0].type not in ("strong_open", "em_open"):
        return ""
    closing = tokens[0].type.replace("open", "close")
    end = next((i for i, token in enumerate(tokens) if token.type == closing), 0)
    return plain_text(tokens[1:end])
