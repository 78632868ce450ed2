"""Changes real and made-up notes at random, and looks for anything that must not happen.

``python -m tests.fuzz --inputs 50000 --pages 3000 --seed 1`` prints the failures it finds,
each cut down to the lines that it takes, and ends with 1 if there are any.
The folders of real notes are those in CAFE_CORPUS and CAFE_ARCHIVES, if these are set.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import os
import pickle
import random
import re
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from cafe_site.notes import reader
from cafe_site.notes.dialect import walk, with_images
from cafe_site.notes.sources import source_of
from tests.conftest import CONF, INDEX, Site
from tests.oracles import duplicate_ids, forbidden_markup, kept, missing_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cafe_site.notes.sources import Source

BUILDERS = ("html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "gettext", "texinfo")
TODAY = datetime.date(2025, 12, 20)
ARCHIVE = (
    "# Archive\n\n```{cafe:archive}\n```\n\n```{cafe:people}\n```\n\n```{cafe:discussed}\n```\n\n"
    "```{cafe:outcomes}\n```\n\n```{cafe:tags}\n```\n\n```{toctree}\n:glob:\n\n*/2025\n```\n"
)
CONFIG = CONF + (
    'html_baseurl = "https://cafe.example/"\ncafe_today = "2025-12-20"\n'
    'suppress_warnings = ["epub.unknown_project_files"]\nepub_show_urls = "no"\n'
    'version = release = "1"\nepub_copyright = "x"\n'
)

# fmt: off
TOKENS: list[bytes] = [token.encode("utf-8", "surrogatepass") for token in [
    # Markdown
    "\n", "\n\n", " ", "    ", "\t", "- ", "* ", "+ ", "1. ", "99999999999. ", "> ", "# ", "### ",
    "###### ", "\n## 2025-12-16\n", "\n## 2025-12-16 Onboarding\n", "\n  ## 2025-02-30\n",
    "\n2024-06-05\n---\n", "\n## 2025-06\n\n### 16\n", "\n## 4 May 2025\n", "\n===\n", "\n---\n",
    "***", "\n```\n", "\n```py\n", "\n```console\n", "\n~~~\n", "`", "``", "*", "**", "_", "__",
    "~~", "[", "]", "(", ")", "](", "][", "![", "<", ">", "\\", "|",
    "\n| a | b |\n| - | - |\n| c |\n",
    "\n| h |\n| - |\n", "\n[^a]: ", "[^a]", "\n[r]: ", "[r]", "[x][r]", "![x][r]", "[^1]: ***",
    "[a](#2025-12-16 \"titleword\")", "![o ![i](t.png \"j\")](u \"k\")", "[ ] ", "[x] ", "(5m)",
    "\n> [!NOTE]\n> ", "https://x.example/a", "https://github.com/o/r/issues/1",
    "<https://github.com/o/r/pull/2>", "mailto:a@b.example", "javascript:alert(1)", "@ada", "@",
    ":", ":tada:", "[name=Ada] (5m): ", "- **Ada (5m):** ", "\n### Check-in\n\n- Ada / @ada\n",
    "\n### Agenda\n\n- Topic\n", "\n### Attendees\n\n1. Bob\n", "**Tags:** a, B++, B#",
    "\n- [ ] @ada: do it\n", "Decision: yes", "Action: no", "\n### \n", "\n#\n", "\n- \n",
    "\n1.\n",
    # HTML, other markup, templates
    "</", "<!--", "-->", "<script>alert(1)</script>", "<img src=x onerror=y>", "</section>", "&",
    "&lt;", "&#0;", "&#x202E;", "&#xD800;", "&nbsp;", "&amp;lt;", "<![CDATA[", "]]>", "<?xml ?>",
    "{note}", "\n```{include} /etc/passwd\n```\n", ":::", "{{", "}}", "{%", "%", "%s", "{0}", "$",
    "$$", "\n+++\n", "(x)=", "{raw}`x`", "`x <y>`_", "|x|", ".. raw:: html\n", "\\input{x}",
    "\\end{document}", "\\", "^^M", "@bye\n", "@c ", "\n.so x\n",
    "\n'br\n", "\n.\n", "#", "~", "^",
    # YAML
    "---\ntitle: x\n---\n", "\n---\ntitle: ", "\n...\n", "tags: [a, b]\n", "title: \"\\u202e\"\n",
    "updated: 2025-13-01\n", "&a ", "*a", "!!python/name:os.system", "? ", "{a: ", "[a, ",
    "title: '<script>'\n", "title: \"\\ud800\"\n",
    # Unicode
    "\ufeff", "\u200b", "\u200d", "\u00ad", "\u202e", "\u2066", "\u2069", "\x85", "\u2028",
    "\u2029", "\u0000", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\ufffe", "\U0010ffff", "\ud800",
    "é", "e\u0301", "\u0301" * 50, "ﬁ", "İ", "ß", "🎉", "👩‍👩‍👧", "文",
    "א", "ا", "２０２５-１２-１６", "١٦", "𝕏", "\u00a0",
    # line ends
    "\r", "\r\n", "\n\r",
    # much of it
    "a" * 25_000, "word " * 5_000, "- " * 120, "> " * 120, "*a " * 300, "[" * 200, "![" * 60,
    "](x)" * 60, "`" * 300, "\n" * 3_000, "x\n" * 2_000, "- a\n" * 500, "| a " * 150, "#" * 200,
    "<" * 500, "&amp;" * 300, "(" * 300, ":a" * 300, "1" * 5_000, "**" * 200, "~~a" * 100,
]]
TOKENS += [
    b"\xff", b"\xfe\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x8e", b"\xc0\xbc", b"\xf4\x90\x80\x80",
]
# fmt: on
WORDS = [b"planning", b"review", b"upgrade", b"workshop", b"image", b"release", b"onboarding"]


# --- inputs -----------------------------------------------------------------------------


def seeds() -> list[bytes]:
    """Return real notes: the site's own, and those in the folders that are set."""
    own = Path(__file__).parent.parent / "notes"
    folders = [own, *(os.environ.get(name) for name in ("CAFE_CORPUS", "CAFE_ARCHIVES"))]
    paths = sorted(path for folder in folders if folder for path in Path(folder).rglob("*.md"))
    return [path.read_bytes() for path in paths]


def inputs(seed: int, number: int) -> Iterator[bytes]:
    """Yield as many inputs, the same for the same seed and the same real notes."""
    pool = seeds()
    for index in range(number):
        rng = random.Random(f"{seed}-{index}")
        if rng.random() < 0.2:
            data = _made_up(rng)
        else:
            data = b"## 2025-12-16\n\n" * rng.randint(0, 1) + _window(rng, pool)
        for _ in range(min(int(rng.expovariate(0.25)), 30)):
            data = _mutate(rng, data, pool)
        yield data[:200_000]


def _window(rng: random.Random, pool: Sequence[bytes]) -> bytes:
    lines = rng.choice(pool).splitlines(keepends=True)
    size = min(len(lines), int(rng.expovariate(1 / 40)) + 1)
    start = rng.choice([0, rng.randint(0, len(lines) - size)])
    return b"".join(lines[start : start + size])


def _made_up(rng: random.Random) -> bytes:
    parts = [
        rng.choice(TOKENS[:-30]) if rng.random() < 0.7 else rng.choice(WORDS)
        for _ in range(rng.randint(1, 80))
    ]
    return b"".join(parts)


def _mutate(rng: random.Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    here, there = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    there = min(there, here + 200)
    kind = rng.randrange(10)
    if kind == 0 and data:  # a byte is another
        position = rng.randrange(len(data))
        return data[:position] + bytes([rng.randrange(256)]) + data[position + 1 :]
    if kind == 1:  # a span is deleted, or stands twice
        return data[:here] + data[here:there] * rng.choice([0, 2, 3]) + data[there:]
    if kind == 2:  # the file ends
        return data[:there]
    if kind == 3:  # another file is spliced in
        return data[:here] + _window(rng, pool) + data[here:]
    if kind == 4:
        return data.replace(
            b"\n", rng.choice([b"\r\n", b"\r", b"\n\n", b"\r\n\r"]), rng.randint(1, 99)
        )
    if kind <= 6:  # lines are deleted, doubled, exchanged, or indented
        lines = data.split(b"\n")
        one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
        what = rng.randrange(4)
        if what == 0:
            del lines[one]
        elif what == 1:
            lines.insert(two, lines[one])
        elif what == 2:
            lines[one], lines[two] = lines[two], lines[one]
        else:
            lines[one] = (
                rng.choice([b" ", b"  ", b"   ", b"    ", b"> ", b"- ", b"# "]) + lines[one]
            )
        return b"\n".join(lines)
    return data[:here] + rng.choice(TOKENS) + data[here:]


# --- what must hold ---------------------------------------------------------------------


# A year file, a meeting file, and a file that only its text can date.
SOURCES = tuple(source_of(path) for path in ("2025", "2025/tsc-12-16", "call"))


def read_faults(data: bytes) -> list[str]:
    """Return what is wrong with how the reader reads a file; nothing, if all is well."""
    return [
        f"{fault} (as {source.path})" if source.path != "2025" else fault
        for source in SOURCES
        for fault in _read_faults(data, source)
    ]


def _read_faults(data: bytes, source: Source) -> list[str]:
    start = time.process_time()
    try:
        text, problems = reader.decode(data)
        notes = reader.read_file(text, source, today=TODAY)
    except Exception as error:
        return [f"exception: {type(error).__name__} at {_place(error)}"]
    faults = []
    if (seconds := time.process_time() - start) > 2 + len(data) / 20_000:
        faults.append(f"slow: {seconds:.0f} s for {len(data)} bytes")
    if notes != reader.read_file(text, source, today=TODAY):
        faults.append("not deterministic")
    try:
        pickle.dumps(notes.without_text())
    except RecursionError:
        faults.append("cannot be pickled")
    anchors = [meeting.id for meeting in notes.meetings]
    said = [notes.title, *notes.tags, *(m.title for m in notes.meetings)]
    for tokens in (notes.introduction, *(entry.body for entry in notes.entries)):
        anchors += (token.meta["id"] for token in tokens if "id" in token.meta)
        for token in with_images(walk(tokens)):
            said += (token.content, token.info, *map(str, token.attrs.values()))
            said += map(str, token.meta.values())
    said += map(str, (notes.links, *(entry.links for entry in notes.entries)))
    if len(set(anchors)) < len(anchors):
        faults.append("ids twice")
    if missing := missing_words(text, "\n".join(said)):
        faults.append(f"words lost: {sorted(missing)[:5]}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for problem in (*problems, *notes.problems):
        if not 1 <= problem.line <= lines + 1:
            faults.append(f"line {problem.line} of {lines}: {problem.message}")
        if len(problem.message.splitlines()) != 1:
            faults.append(f"a message of several lines: {problem.message!r}")
    return faults


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return "?"
    code = traceback.tb_frame.f_code
    return f"{Path(code.co_filename).name}:{code.co_name}: {error}"[:200]


def page_faults(
    files: Mapping[int, bytes], builders: Sequence[str] = BUILDERS
) -> dict[int, list[str]]:
    """Build files with all builders, and return what is wrong with each.

    What stops a build, or cannot be told to come from one file, is looked for
    in halves of the files.
    """
    with tempfile.TemporaryDirectory(prefix="cafe-fuzz-") as folder:
        site = Site(Path(folder, "project"))
        site.write("conf.py", CONFIG)
        site.write("index.md", INDEX)
        site.write("notes/index.md", ARCHIVE)
        for index, data in files.items():
            site.write(f"notes/s{index}/2025.md", data)
        found: dict[int, list[str]] = {}
        # What cannot be told to come from one file, by builder.
        common: dict[str, list[str]] = {}
        for builder in builders:
            start = time.process_time()
            # Sphinx's environment for gettext is one of its own.
            doctrees = "gettext-doctrees" if builder == "gettext" else None
            try:
                build = site.build(builder, doctreedir=doctrees, warnings=True)
            except Exception as error:
                fault = f"{builder}: {type(error).__name__} at {_place(error)}"
                common.setdefault(builder, []).append(fault)
                continue
            for warning in build.warnings:
                if not re.search(r"\[cafe\.\w+\]$", warning):
                    match = re.search(r"/notes/s(\d+)/2025", warning)
                    fault = f"{builder}: {warning.replace(str(site.root), '')}"
                    if match:
                        found.setdefault(int(match[1]), []).append(fault)
                    else:
                        common.setdefault(builder, []).append(fault)
            if builder == "html":
                for index, data in files.items():
                    faults = _html_faults(build.outdir / f"notes/s{index}/2025.html", data)
                    if faults:
                        found.setdefault(index, []).extend(faults)
                if faults := list(_output_faults(build.outdir)):
                    common.setdefault(builder, []).extend(faults)
            if (seconds := time.process_time() - start) > 10 + 2 * len(files):
                common.setdefault(builder, []).append(
                    f"{builder}: slow: {seconds:.0f} s for {len(files)} files"
                )
    if common:
        items = list(files.items())
        middle = len(items) // 2
        blamed: dict[int, list[str]] = {}
        if middle:
            for half in (items[:middle], items[middle:]):
                blamed |= page_faults(dict(half), list(common))
        # What takes several files has no half that fails.
        for index, faults in (
            blamed or {items[0][0]: [*itertools.chain.from_iterable(common.values())]}
        ).items():
            found.setdefault(index, []).extend(faults)
    return found


def _html_faults(path: Path, data: bytes) -> list[str]:
    text, _ = reader.decode(data)
    source = path.read_text(encoding="utf-8")
    page = BeautifulSoup(source, "html.parser")
    article = page.select_one("div.body")
    faults = []
    if missing := missing_words(text, kept(article)):
        faults.append(f"html: words lost: {sorted(missing)[:5]}")
    if markup := forbidden_markup(article) - {"<h1>", "<nav>"}:
        faults.append(f"html: forbidden: {sorted(markup)[:5]}")
    if ids := duplicate_ids(page):
        faults.append(f"html: ids twice: {sorted(ids)[:5]}")
    if len(page.select("h1")) != 1:
        faults.append(f"html: {len(page.select('h1'))} h1")
    anchors = {element["id"] for element in page.find_all(id=True)}
    links = {a["href"] for a in article.select('a[href^="#"]')}
    if dead := links - {f"#{anchor}" for anchor in anchors}:
        faults.append(f"html: links that lead nowhere: {sorted(dead)[:5]}")
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", source):
        faults.append("html: a character that cannot be seen")
    return faults


def _output_faults(outdir: Path) -> Iterator[str]:
    for path in sorted(outdir.rglob("*.xml")):
        try:
            ET.parse(path)
        except ET.ParseError as error:
            yield f"{path.name}: {error}"
    for path in (outdir / "index.html", outdir / "notes/index.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        if ids := duplicate_ids(page):
            yield f"{path.name}: ids twice: {sorted(ids)[:5]}"
        if page.select("div.body script, div.body img, div.body iframe"):
            yield f"{path.name}: forbidden elements"


# --- smaller inputs ---------------------------------------------------------------------


def minimize(data: bytes, is_failing: Callable[[bytes], bool]) -> bytes:
    """Return the lines of a failing input that it takes for it to fail (ddmin, Zeller 2002)."""
    lines = data.splitlines(keepends=True)
    parts = 2
    while len(lines) > 1:
        size = -(-len(lines) // parts)
        for start in range(0, len(lines), size):
            rest = lines[:start] + lines[start + size :]
            if is_failing(b"".join(rest)):
                lines, parts = rest, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(2 * parts, len(lines))
    return b"".join(lines)


def kind(fault: str) -> str:
    """Return the part of a fault that says what it is, without the words that differ."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d+|/\S+", "", fault)[:60]


def report(data: bytes, faults: Sequence[str], check: Callable[[bytes], list[str]]) -> str:
    """Return a failing input, cut down, and what is wrong with it."""
    wanted = kind(faults[0])
    small = minimize(data, lambda rest: any(kind(fault) == wanted for fault in check(rest)))
    again = check(small) or ["(only once)"]
    return "\n".join((f"--- {small!r}"[:3000], *(f"    {fault}" for fault in again)))


def check_page(data: bytes, builders: Sequence[str] = BUILDERS) -> list[str]:
    """Return what is wrong with a file that is built alone."""
    return page_faults({0: data}, builders).get(0, [])


def fuzz(
    seed: int,
    number: int,
    pages: int,
    *,
    batch: int = 50,
    say: Callable[[str], None] = print,
    most: int = 20,
) -> int:
    """Read a number of inputs, build some of them, and say what fails.

    :param most: how many failures of one kind are cut down and shown
    :returns: the number of inputs that failed
    """
    seen: Counter[str] = Counter()
    failed = 0

    def failure(
        index: int, data: bytes, faults: list[str], check: Callable[[bytes], list[str]]
    ) -> None:
        nonlocal failed
        failed += 1
        seen[kind(faults[0])] += 1
        if seen[kind(faults[0])] <= 2 and len(seen) <= most:
            say(f"input {seed}-{index}\n{report(data, faults, check)}")

    for index, data in enumerate(inputs(seed, number)):
        if faults := read_faults(data):
            failure(index, data, faults, read_faults)
        if number >= 1000 and (index + 1) % (number // 10) == 0:
            say(f"{index + 1} inputs read, {failed} failures")
    waiting: dict[int, bytes] = {}
    for index, data in enumerate(inputs(seed + 1, pages)):
        waiting[index] = data
        if len(waiting) == batch or index == pages - 1:
            for one, faults in page_faults(waiting).items():
                failure(one, waiting[one], faults, check_page)
            waiting.clear()
            if pages >= 500:
                say(f"{index + 1} pages built by {len(BUILDERS)} builders, {failed} failures")
    for what, count in seen.most_common():
        say(f"{count:6} × {what}")
    return failed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=50_000, help="how many to read")
    parser.add_argument("--pages", type=int, default=2_000, help="how many to build")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.process_time()
    failed = fuzz(
        options.seed, options.inputs, options.pages, say=lambda line: print(line, flush=True)
    )
    print(
        f"{options.inputs} inputs read, {options.pages} pages built by {len(BUILDERS)} builders, "
        f"seed {options.seed}, {time.process_time() - start:.0f} s: {failed} failed"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
