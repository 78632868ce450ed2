"""The YAML at the top of a file of notes."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import yaml

from cafe_site.notes.characters import UNSEEN
from cafe_site.notes.model import Problem, ProblemKind
from cafe_site.plain_yaml import TextLoader

# More than enough for titles and tags; anything longer is not front matter.
MAX_LENGTH = 20_000

_OPENING = re.compile(r"---[ \t]*(?:\n|$)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)

# A character above U+FFFF as two escapes.
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a file of notes."""

    title: str = ""
    tags: tuple[str, ...] = ()
    updated: datetime.date | None = None
    """The day the notes were last changed."""
    date: str = ""
    """The day of the meeting, as written; year files do not use it."""
    unread: str = ""
    """The text of invalid front matter, so that it is not lost."""
    problems: tuple[Problem, ...] = ()


def split(text: str) -> tuple[str | None, str, int]:
    """Split a text into its front matter, the rest, and the rest's first line.

    The front matter is None if the text does not begin with ``---``
    or if it is never closed; lines are counted from 0.

    >>> split("---\\ntitle: x\\n---\\n# y")
    ('title: x\\n', '# y', 3)
    >>> split("# y")
    (None, '# y', 0)
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None, text, 0
    rest = text[closing.end() + 1 :]
    return text[opening.end() : closing.start()], rest, text.count("\n", 0, closing.end()) + 1


def is_unclosed(text: str) -> bool:
    """Return whether a text begins with front matter that is never closed.

    >>> is_unclosed("---\\ntitle: x\\n\\n## 2025-12-16"), is_unclosed("---\\n\\nText.")
    (True, False)
    """
    return re.match(r"---[ \t]*\n\w+[ \t]*:(?:[ \t]|\n|$)", text) is not None


def read(source: str) -> FrontMatter:
    """Read the text between the two ``---`` lines.

    ``title`` is a string; ``tags`` is a list or a comma-separated string;
    ``updated`` is a date such as ``2025-12-16``; ``date`` is the day of a meeting file.
    Any other key is ignored.
    Invalid values give a problem with their line, never an exception.

    >>> read("title: Notes\\ntags: meeting, notes").tags
    ('meeting', 'notes')
    """
    if len(source) > MAX_LENGTH:
        return _unread(source, 1, f"it is longer than {MAX_LENGTH:,} characters")
    try:
        data = yaml.load(source, Loader=TextLoader)  # noqa: S506 - it makes only strings, lists and mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Not the mark's own line: for YAML 1.1, U+0085, U+2028 and U+2029 end a line as well.
        line = 2 + source.count("\n", 0, mark.index) if mark else 2
        return _unread(source, line, error.problem or "not YAML")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return _unread(source, 1, str(error).splitlines()[0] if str(error) else "not YAML")
    except RecursionError:
        return _unread(source, 1, "it is nested too deeply")
    if not data:
        return FrontMatter(unread=source if source.strip() else "")
    if not isinstance(data, dict):
        return _unread(source, 1, "expected lines of the form 'key: value'")
    title = data.get("title", "")
    if not isinstance(title, str):
        return _unread(source, _line(source, "title"), "title must be a string")
    tags = data.get("tags", "")
    if isinstance(tags, str):
        tags = split_tags(tags)
    elif not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return _unread(source, _line(source, "tags"), "tags must be a list of strings")
    updated = data.get("updated", "")
    try:
        day = datetime.date.fromisoformat(updated) if updated else None
    except (TypeError, ValueError):
        return _unread(
            source, _line(source, "updated"), "updated must be a date such as 2025-12-16"
        )
    problems: list[Problem] = []
    title = _one_line(source, "title", title, problems)
    cleaned = [_one_line(source, "tags", tag, problems) for tag in tags]
    tags = tuple(dict.fromkeys(tag for tag in cleaned if tag))
    date = data.get("date", "")
    if not isinstance(date, str):
        return _unread(source, _line(source, "date"), "date must be a date such as 2025-12-16")
    return FrontMatter(title, tags, day, date, problems=tuple(dict.fromkeys(problems)))


def split_tags(text: str) -> tuple[str, ...]:
    """Split a comma-separated list of tags.

    >>> split_tags("myst, #roadmap,")
    ('myst', 'roadmap')
    """
    return tuple(tag for part in text.split(",") if (tag := part.strip().lstrip("#").strip()))


def _one_line(source: str, key: str, text: str, problems: list[Problem]) -> str:
    """Return a text in one line, with invisible characters replaced by U+FFFD.

    In YAML, any character may be escaped: ``"\\u202E"``, ``"\\0"``.
    Surrogate pairs are joined, as in JSON: ``"\\uD83C\\uDF89"``.
    """
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if found := UNSEEN.search(text):
        message = (
            f"{key} contains the control character U+{ord(found[0]):04X}; "
            "delete it; until then, it is shown as a replacement character"
        )
        problems.append(Problem(ProblemKind.CONTROL_CHARACTER, _line(source, key), message))
    return " ".join(UNSEEN.sub("\ufffd", text).split())


def _line(source: str, key: str) -> int:
    found = re.search(rf"^{key}\s*:", source, re.MULTILINE)
    return 2 + source.count("\n", 0, found.start()) if found else 1


def _unread(source: str, line: int, why: str) -> FrontMatter:
    message = f"front matter: {why}; it is shown on the page as written"
    problem = Problem(ProblemKind.FRONT_MATTER, line, message)
    return FrontMatter(unread=source, problems=(problem,))
