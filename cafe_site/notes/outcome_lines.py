"""What a single line says about decisions and actions: its label and its kind."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text
from cafe_site.notes.owners import IN_BRACKETS, NAME, assigned_to, people_in, separated
from cafe_site.notes.speakers import is_known
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

DECISION, ACTION = "decision", "action"
EITHER = "either"
"""Below *Decisions and action items*, each item shows what it is."""

_MAX_SAID = 300
_NAMED_AFTER = re.compile(r"(?P<people>[^:]{1,60}):\s*(?P<text>\S.*)", re.DOTALL)
_NUMBERING = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,2})*[.):]\s*|[IVX]{1,5}\.\s+)?")
_ENDS = (".", "!", "?", ";", "…", ")", "]")
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
    nothing: re.Pattern[str]
    mentioned: re.Pattern[str]


@functools.lru_cache(maxsize=16)
def _patterns(words: Vocabulary) -> _Patterns:
    label = rf"(?P<word>{words.pattern('decisions', 'actions')})(?!\w)"
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
        if found is not None and (found["mark"] or shouted) and NAME.fullmatch(name):
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
    if not inside or (inside[0].isupper() and NAME.fullmatch(inside) and " " not in inside):
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
        or patterns.voted.search(IN_BRACKETS.sub("", text)) is not None
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
    title = _NUMBERING.sub("", IN_BRACKETS.sub("", title[:200]), count=1).strip()
    found = _kind(title, words)
    if found:
        # A heading of two letters is more likely a subject.
        return found if len(folded(title)) > 2 else ""
    kinds = {
        _kind(part, words) for part in separated(title, words) if not words.has("owners", part)
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


def _bold(line: Sequence[Token]) -> str:
    """Return the bold or emphasized words that a line begins with."""
    tokens = [token for token in line if token.type != "text" or token.content]
    if not tokens or tokens[0].type not in ("strong_open", "em_open"):
        return ""
    closing = tokens[0].type.replace("open", "close")
    end = next((i for i, token in enumerate(tokens) if token.type == closing), 0)
    return plain_text(tokens[1:end])
