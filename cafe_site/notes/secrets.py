"""Find what should not be public: passcodes, email addresses, phone numbers and editable pads.

A finding has to be certain, since a warning that is often wrong is soon ignored.
No message repeats what it warns about: the log of a build may be public itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cafe_site.notes.dialect import with_images
from cafe_site.notes.model import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

_MESSAGES = {
    ProblemKind.PASSCODE: "the passcode of a meeting lets everyone join who reads these notes; "
    "delete it, and change it if it is still in use",
    ProblemKind.EMAIL_ADDRESS: "there is an email address; delete it unless it is meant to be "
    "public",
    ProblemKind.PHONE_NUMBER: "there is a phone number; delete it unless it is meant to be public",
    ProblemKind.EDITABLE_PAD: "this URL opens a document for editing; if anyone may change it, "
    "link to it for reading",
}
# The most lines that a message lists.
_MOST_LINES = 5
# How far a passcode may be from the link or the ID of its meeting.
_NEAR = 5

_URL = re.compile(
    r"(?<![\w@./])(?:[a-z][a-z0-9+.-]{0,20}://|(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}/)[^\s<>]+", re.I
)

# A query or fragment such as ``?pwd=…``.
_PASSCODE_IN_URL = re.compile(r"[?&#;](?:pwd|password|passcode)=([^&#\s]+)", re.IGNORECASE)
# What a template or an editor writes instead of a passcode.
_REMOVED = re.compile(r"[<{\[(]|%3C|(?:x+|\*+|\.+|…+|_+|-+|redacted|removed|hidden)$", re.I)
_ROOM = re.compile(
    r"(?:^|[./@])(?:zoom\.(?:us|com)|teams\.(?:microsoft|live)\.com|meet\.google\.com|webex\.com"
    r"|gotomeet(?:ing)?\.(?:me|com)|bluejeans\.com|meet\.jit\.si|whereby\.com)$"
)

_EMAIL = re.compile(
    r"(?<![\w.+%@/=-])([a-z0-9][\w.+%-]{0,63})@((?:[a-z0-9](?:[\w-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24})"
    r"(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
# Mailboxes for roles (RFC 2142), and those that nobody reads.
_ROLES = frozenset((
    "abuse", "ftp", "git", "hg", "hostmaster", "info", "marketing", "news", "no-reply", "noc",
    "noreply", "postmaster", "root", "sales", "security", "support", "svn", "usenet", "uucp",
    "webmaster", "www",
))  # fmt: skip
# Domains for examples and private networks (RFC 2606, RFC 6761, RFC 6762), mailing lists,
# calendars and message IDs; and the suffixes of files such as logo@small.png.
_NO_MAILBOX = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|local|internal|lan)$"
    r"|^(?:[\w-]+\.)*(?:lists?|listes?|listas?|mailman|groups|noreply)\."
    r"|(?:^|\.)(?:googlegroups\.com|groups\.io|freelists\.org|calendar\.google\.com|mail\.gmail\.com)$"
    r"|\.(?:css|gif|gz|html?|jpe?g|jpg|js|json|md|pdf|png|py|sh|svg|tgz|toml|ts|txt|webp|ya?ml|zip)$",
    re.IGNORECASE,
)

# International (ITU-T E.164), with single separators and groups in brackets.
_INTERNATIONAL = re.compile(
    r"(?<![\w+/.,=#&-])\+[1-9]\d{0,14}"
    r"(?:(?:[ .\u00a0\u2010\u2011-]{1,2}|/)?\(?\d{1,12}\)?){0,8}(?![\w%])"
)
# North American: (646) 555-0123, 1-646-555-0123.
_AMERICAN = re.compile(
    r"(?<![\w+/.,=#&-])(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d(?P<separator>[-.]))"
    r"[2-9]\d\d(?(separator)(?P=separator)|[-. ])\d{4}(?![\w%/-]|\.\d)"
)
_DATE = re.compile(r"(?:19|20)\d\d[-./ ]\d\d?[-./ ]\d\d?(?!\d)|\d\d?[-./]\d\d?[-./](?:19|20)\d\d")

# CodiMD, HedgeDoc and HackMD; Google; Etherpad, which has URLs for reading in /p/r.…; CryptPad.
_CODIMD = re.compile(r"^/.*[\w=-]{8,}$")
_GOOGLE = re.compile(
    r"^/(?:a/[\w.-]+/)?(?:document|spreadsheets|presentation|drawings|forms)/(?:u/\d+/)?d/[\w\\-]+/edit"
)
_ETHERPAD_HOST = re.compile(r"(?:^|[.-])[a-z]*pads?\d*(?:[.-]|$)|^board\.net$")
_ETHERPAD_PATH = re.compile(r"^(?:/\w+)?/p/(?!r\.)[^/]+")
_CRYPTPAD = re.compile(r"^/\d/[a-z]+/edit/")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the notes."""

    number: int
    """Counted from 1."""
    text: str
    """The text without URLs."""
    urls: tuple[str, ...]
    is_code: bool = False


def secrets(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield one problem for each kind of secret in a meeting, with the number of its places.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> tokens = markdown().parse("Join https://zoom.us/j/1?pwd=abc")
    >>> [problem.kind.value for problem in secrets(tokens, vocabulary())]
    ['passcode']
    """
    found: dict[ProblemKind, dict[str, int]] = {}
    lines = list(_lines(tokens))
    for kind, line, value in (*_passcodes(lines, vocabulary), *_others(lines, vocabulary)):
        found.setdefault(kind, {}).setdefault(value, line)
    for kind, places in found.items():
        numbers = sorted(places.values())
        yield Problem(kind, numbers[0], _MESSAGES[kind] + count(numbers))


def count(numbers: Sequence[int]) -> str:
    """Return how many places in a meeting have the same problem, and in which lines they are.

    :param numbers: the numbers of the lines, in ascending order

    >>> count([3])
    ''
    >>> count([3, 5, 5])
    ' (3 in this meeting: lines 3, 5)'
    """
    if len(numbers) == 1:
        return ""
    lines = list(dict.fromkeys(numbers))
    shown = ", ".join(map(str, lines[:_MOST_LINES]))
    more = ", …" if len(lines) > _MOST_LINES else ""
    return f" ({len(numbers)} in this meeting: line{'s'[: len(lines) - 1]} {shown}{more})"


def _lines(tokens: Iterable[Token]) -> Iterator[_Line]:
    for token in tokens:
        if not token.map:
            continue
        first = token.map[0] + 1
        if token.type == "inline":
            yield from _lines_of_text(token, first)
        elif token.type in ("fence", "code_block"):
            start = first + (token.type == "fence")
            for number, text in enumerate(token.content.split("\n"), start):
                yield _Line(number, _URL.sub(" ", text), tuple(_URL.findall(text)), is_code=True)


def _lines_of_text(inline: Token, number: int) -> Iterator[_Line]:
    parts: list[str] = []
    urls: list[str] = []
    is_url = False
    for token in with_images(inline.children or ()):
        if token.type in ("softbreak", "hardbreak"):
            yield _line(number, parts, urls)
            number, parts, urls = number + 1, [], []
        elif token.type == "link_open":
            urls.append(str(token.attrs.get("href") or ""))
            is_url = token.info == "auto"
        elif token.type == "link_close":
            is_url = False
        elif token.type == "image":
            urls.append(str(token.attrs.get("src") or ""))
        elif token.type == "code_inline":
            # A command such as `ssh user@host` is not an address, and no phone number either.
            whole = _EMAIL.fullmatch(token.content) or _URL.fullmatch(token.content)
            parts.append(token.content if whole else " ` ")
        elif not is_url:
            parts.append(token.content)
    yield _line(number, parts, urls)


def _line(number: int, parts: Iterable[str], urls: Iterable[str]) -> _Line:
    text = "".join(parts)
    return _Line(number, _URL.sub(" ", text), (*urls, *_URL.findall(text)))


# --- passcodes ------------------------------------------------------------------------------


def _passcodes(
    lines: Sequence[_Line], vocabulary: Vocabulary
) -> Iterator[tuple[ProblemKind, int, str]]:
    """Yield passcodes in URLs, and those with a label such as ``Passcode: 123456``.

    A password that is not a number, or is in a code block, counts only near the link or the ID
    of a meeting; else it may be an example, or what a meeting was about.
    """
    label = re.compile(
        rf"(?<!\w){vocabulary.pattern('passcode')}[*_ ]*(?:\([^)]{{0,30}}\))?[*_ ]*[:=：][*_ ]*"
        r"(?P<value>[^\s,;|)\]]{3,40}?)[*_]*(?=[.!]?\s*(?:$|[,;|)(\]/–—]))",
        re.IGNORECASE,
    )
    room = re.compile(rf"(?<!\w){vocabulary.pattern('meeting_id')}(?!\w)", re.IGNORECASE)
    near = {
        number
        for line in lines
        if any(_ROOM.search(host_of(url)) for url in line.urls) or room.search(line.text)
        for number in range(line.number - _NEAR, line.number + _NEAR + 1)
    }
    for line in lines:
        for url in line.urls:
            for match in _PASSCODE_IN_URL.finditer(url):
                if not _REMOVED.match(match[1]):
                    yield ProblemKind.PASSCODE, line.number, match[1]
        for match in label.finditer(line.text):
            value = match["value"]
            if _REMOVED.match(value) or vocabulary.has("placeholders", value):
                continue
            certain = value.isdecimal() and 4 <= len(value) <= 10 and not line.is_code
            if line.number in near or certain:
                yield ProblemKind.PASSCODE, line.number, value


def host_of(url: str) -> str:
    """Return the lowercase host of a URL, which may lack its scheme; empty if it is invalid.

    >>> host_of("Pad.example.org/p/1"), host_of("https://[x")
    ('pad.example.org', '')
    """
    try:
        return urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


# --- addresses, numbers and pads ------------------------------------------------------------


def _others(
    lines: Sequence[_Line], vocabulary: Vocabulary
) -> Iterator[tuple[ProblemKind, int, str]]:
    labeled = re.compile(
        rf"(?<!\w){vocabulary.pattern('phone')}\.?[*_ ]*[:：][*_ ]*"
        r"(?P<number>\(?0?\d[\d() ./\u00a0\u2010\u2011-]{5,22}\d)(?![\w%])",
        re.IGNORECASE,
    )
    last_number = -2
    for line in lines:
        for url in line.urls:
            if is_editable_pad(url):
                yield ProblemKind.EDITABLE_PAD, line.number, url
        for address in _addresses(line):
            yield ProblemKind.EMAIL_ADDRESS, line.number, address
        if number := _phone_number(line, labeled):
            # A list of numbers to dial in counts once.
            if line.number > last_number + 1:
                yield ProblemKind.PHONE_NUMBER, line.number, number
            last_number = line.number


def _addresses(line: _Line) -> Iterator[str]:
    if not line.is_code:
        mails = (url[7:].partition("?")[0] for url in line.urls if url[:7].lower() == "mailto:")
        for match in _EMAIL.finditer(" ".join((line.text, *mails))):
            name, domain = match[1].lower(), match[2].lower()
            if name not in _ROLES and not name.isdecimal() and not _NO_MAILBOX.search(domain):
                yield f"{name}@{domain}"


def _phone_number(line: _Line, labeled: re.Pattern[str]) -> str:
    """Return the first phone number of a line, or an empty string."""
    for url in line.urls:
        if re.match(r"(?i)tel:\+?\d", url):
            return url
    for match in _INTERNATIONAL.finditer(line.text):
        if _is_international(match[0]):
            return match[0]
    if line.is_code:
        return ""
    if american := _AMERICAN.search(line.text):
        return american[0]
    for match in labeled.finditer(line.text):
        if 7 <= _digits(match["number"]) <= 15 and not _DATE.search(match["number"]):
            return match["number"]
    return ""


def _is_international(text: str) -> bool:
    """Return whether a text that begins with ``+`` is a phone number.

    >>> [_is_international(t) for t in ("+1 646 555 0123", "+44 20 7946 0000", "+493012345678")]
    [True, True, True]
    >>> [_is_international(t) for t in ("+1 2025-12-16", "+48.1371541", "+10000000", "+20 30 40")]
    [False, False, False, False]
    """
    count = _digits(text)
    if not 10 <= count <= 15 or _DATE.search(text):
        return False
    digits = re.sub(r"\D", "", text)
    # Of the countries with one digit, both have numbers of ten digits.
    if digits[0] == "1" and (count != 11 or digits[1] in "01"):
        return False
    if digits[0] == "7" and count != 11:
        return False
    # A coordinate has one point.
    return "." not in text or text.count(".") > 1


def _digits(text: str) -> int:
    return sum(c.isdecimal() for c in text)


def is_editable_pad(url: str) -> bool:
    """Return whether a URL opens a pad or an office document for editing.

    >>> is_editable_pad("https://hackmd.io/abcdefghijk?both")
    True
    >>> is_editable_pad("https://hackmd.io/abcdefghijk")
    False
    """
    host = host_of(url)
    if not host:
        return False
    parts = urlsplit(url if "://" in url else f"//{url}")
    path = parts.path.rstrip("/")
    if host == "docs.google.com":
        return _GOOGLE.match(path) is not None
    if host == "hackmd.io" and path.endswith("/edit") and path.count("/") > 1:
        return True
    if parts.query in ("both", "edit") and _CODIMD.match(path):
        return True
    if _ETHERPAD_HOST.search(host) and _ETHERPAD_PATH.match(parts.path):
        return True
    return _CRYPTPAD.match(parts.fragment) is not None
