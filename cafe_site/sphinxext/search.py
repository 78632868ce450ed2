"""The search: what is found, its index, and what the pages need for it.

`Pagefind <https://pagefind.app>`_ makes an index in many small files, of which a browser
loads only the ones that a query needs. A meeting is one record of it, and its sections and
agenda items are parts of that record, so that a result leads to the very place.
"""

from __future__ import annotations

import atexit
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass, field
from html import escape
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import cbor2
from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes

from cafe_site import files
from cafe_site.formats import words
from cafe_site.notes import archive
from cafe_site.sphinxext import bound
from cafe_site.sphinxext import nodes as cafe
from cafe_site.sphinxext.domain import ENV_VERSION, CafeDomain, Selection
from cafe_site.sphinxext.problems import SiteProblem, warn
from cafe_site.sphinxext.site import cafe_domain, page_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from cafe_site.notes.model import Meeting
    from cafe_site.sphinxext.domain import Year

FOLDER = "pagefind"
"""The folder of the index in the output folder."""
OTHER_PAGES = "Other pages"
"""The series that hand-written pages count as."""

# Parts of a page that are not its text.
_NOT_SEARCHED = (
    nodes.Invisible,
    nodes.image,
    nodes.label,
    nodes.raw,
    nodes.system_message,
    addnodes.toctree,
    cafe.navigation,
)
_NOT_SEARCHED_CLASSES = frozenset({"cafe-bar", "cafe-summary", "no-search"})
# Scripts of Sphinx's own search: the index, what reads it, and what it needs of a language.
_SEARCH_SCRIPT = re.compile(
    r'<script(?=[^>]*\bsrc="[^"]*\b(?:searchindex|searchtools|language_data)\.js\b)'
)
_REFERENCE_NAME = re.compile(r"(?<![\w./-])[\w.-]{1,140}(?:/[\w.-]{1,140})?#[\w-]{1,40}")
_LONE_SIGN = re.compile(r" ([^\w\s]+)(?= |$)")
# Seconds that Pagefind may take after the pages have been written: far more than it needs.
_PATIENCE = 60.0
_PATIENCE_PER_RECORD = 0.02
# Pagefind brings user interfaces of its own; the pages here have theirs.
_UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js")


# --- what is found ------------------------------------------------------------------------


@dataclass
class Part:
    """A part of a page that a result can lead to."""

    anchor: str
    """Empty for the page as a whole."""
    title: str
    meeting: bool = False
    """Whether it is a meeting as a whole."""
    texts: list[str] = field(default_factory=list)
    """The paragraphs that belong to it and to no part below it."""


def parts(document: nodes.document) -> list[Part]:
    """Return the parts of a page in the order in which they begin."""
    page = Part("", "")
    found = [page]
    _collect(document.children, page, found)
    return found


def _collect(children: Sequence[nodes.Node], part: Part, found: list[Part]) -> None:
    """Add nodes to the part that they belong to, and parts of their own."""
    for node in children:
        if not isinstance(node, nodes.Element) or isinstance(node, (nodes.title, *_NOT_SEARCHED)):
            continue
        if _NOT_SEARCHED_CLASSES.intersection(node["classes"]):
            continue
        if isinstance(node, nodes.section) and node["ids"]:
            text = _text(node[0]) if node.children else ""
            below = part
            if not part.anchor and not part.title:  # the page's own title
                part.title = text
            else:
                below = Part(node["ids"][0], text, "cafe-meeting" in node["classes"])
                found.append(below)
            _collect(node.children, below, found)
        elif isinstance(node, nodes.list_item) and node["ids"] and node.children:
            item = Part(node["ids"][0], _text(node[0]))
            found.append(item)
            _collect(node.children[1:], item, found)
        elif isinstance(node, nodes.TextElement):
            if text := _text(node):
                part.texts.append(text)
        else:
            _collect(node.children, part, found)


def _text(node: nodes.Node) -> str:
    """Return the text of a node on one line.

    Pagefind counts a sign that stands alone as a word when it looks for a phrase,
    but does not see it in a query, so none may stand alone.
    """
    return _LONE_SIGN.sub(
        lambda sign: "," if sign[1] in "/|" else sign[1], " ".join(node.astext().split())
    )


@dataclass(frozen=True)
class Record:
    """Something that is found as a whole: a meeting, or a page without its meetings."""

    url: str
    """Relative to the site's root."""
    title: str
    parts: tuple[Part, ...]
    filters: tuple[tuple[str, str], ...]
    """Names of filters with values: year, series, person, tag, repository."""
    date: str = ""

    def html(self) -> str:
        """Return the record as the HTML that Pagefind reads."""
        # The name of the file is not its address.
        head = [_meta("meta", "title", self.title), _meta("meta", "url", self.url)]
        head += [_meta("filter", name, value) for name, value in self.filters]
        if self.date:
            head += [_meta("sort", "date", self.date), _meta("meta", "date", self.date)]
        head += [_meta("meta", name, value) for name, value in self.filters if name == "series"]
        title = f"{self.title} ({self.date})" if self.date else self.title
        body = [f"<h1>{escape(title)}</h1>"]
        for index, part in enumerate(self.parts):
            if index:
                body.append(f'<h2 id="{escape(part.anchor)}">{escape(part.title)}</h2>')
            body += [f"<p>{escape(text)}</p>" for text in part.texts]
        return f"<html><head>{''.join(head)}</head><body>{''.join(body)}</body></html>"


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta data-pagefind-{kind}="{name}[content]" content="{escape(value)}">'


def records(app: Sphinx) -> Iterator[Record]:
    """Yield what can be found, sorted by page and place."""
    domain = cafe_domain(app.env)
    years = {year.docname: year for years in domain.series().values() for year in years}
    names = _Names(domain, app.config)
    for docname, blob in sorted(domain.data["texts"].items()):
        found = [Part(*stored) for stored in json.loads(zlib.decompress(blob))]
        starts = [0, *(index for index, part in enumerate(found) if part.meeting), len(found)]
        page = page_uri(app, docname)
        year = years.get(docname)
        meetings = {meeting.id: meeting for meeting in year.notes.meetings} if year else {}
        for start, end in pairwise(starts):
            first = found[start]
            filters: Iterable[tuple[str, str]] = (("series", OTHER_PAGES),)
            date = ""
            if year is not None:
                meeting = meetings.get(first.anchor)
                filters = names.filters(year, meeting)
                if meeting:
                    date = meeting.date.iso
                    _add_references(found[start:end], meeting)
            url = f"{page}#{quote(first.anchor)}" if first.anchor else page
            yield Record(url, first.title, tuple(found[start:end]), tuple(filters), date)


def _add_references(found: Sequence[Part], meeting: Meeting) -> None:
    """Let what a meeting links to at GitHub be found by its name where the text has others."""
    by_anchor = {part.anchor: part for part in found}
    named: dict[str, set[str]] = {}
    for reference in meeting.references:
        part = by_anchor.get(reference.anchor, found[0])
        if part.anchor not in named:
            texts = "\n".join((part.title, *part.texts))
            named[part.anchor] = set(_REFERENCE_NAME.findall(texts))
        if reference.name not in named[part.anchor]:
            named[part.anchor].add(reference.name)
            part.texts.append(reference.name)


class _Names:
    """What people and repositories are called in the whole archive."""

    def __init__(self, domain: CafeDomain, config: Config) -> None:
        meetings = domain.meetings(Selection())
        self._series_title = config.cafe_series_title
        self._repositories: dict[str, str] = {}
        for _, meeting in meetings:
            for reference in meeting.references:
                name = reference.repository
                self._repositories.setdefault(name.lower(), name)
        self._people = {
            person.key: person.name
            if person.handle in (None, person.name)
            else f"{person.name} (@{person.handle})"
            for person in archive.people((year.docname, meeting) for year, meeting in meetings)
        }

    def filters(self, year: Year, meeting: Meeting | None) -> Iterator[tuple[str, str]]:
        """Yield what a meeting or, without one, a year's introduction can be filtered by."""
        yield "year", f"{year.notes.year:04}"
        yield "series", words.series_title(year.notes.series, self._series_title)
        tags = (*year.notes.tags, *(meeting.tags if meeting else ()))
        yield from (("tag", tag) for tag in dict.fromkeys(tag.lower() for tag in tags))
        if meeting is None:
            return
        keys = [archive.attendee_key(one) for one in meeting.attendees if not one.hidden]
        yield from (("person", self._people[key]) for key in dict.fromkeys(keys))
        keys = [reference.repository.lower() for reference in meeting.references]
        yield from (("repository", self._repositories[key]) for key in dict.fromkeys(keys))


# --- the index ----------------------------------------------------------------------------


class IndexingError(Exception):
    """Pagefind made no index; the text says why, and what can be done."""


class Index:
    """An index that Pagefind makes while other work goes on.

    The same records give the same bytes.

    :param folder: where the index is to be, in the place of what is there
    :param key: what `is_current` is to be asked with
    :raises OSError: if Pagefind cannot be run, or files cannot be written
    """

    def __init__(
        self, found: Iterable[Record], folder: Path, language: str = "en", key: str = ""
    ) -> None:
        self._folder = folder
        self._key = key
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        # A name of its own: the Pagefind of a build that was killed may still be ending.
        self._work = Path(tempfile.mkdtemp(prefix=files.TEMPORARY, dir=folder.parent))
        atexit.register(self.cancel)
        try:
            self._start(found, language)
        except BaseException:
            self.cancel()
            raise

    def _start(self, found: Iterable[Record], language: str) -> None:
        pages = self._work / "pages"
        pages.mkdir()
        for record in found:
            # Pagefind reads pages from files only. A name that does not depend on other
            # records leaves their part of the index as it is.
            name = hashlib.sha256(record.url.encode()).hexdigest()[:24]
            (pages / f"{name}.html").write_text(record.html(), encoding="utf-8")
            self._count += 1
        if not self._count:
            return  # Pagefind takes that for a mistake
        reader, self._lifeline = os.pipe()
        # What it says goes to a file: a pipe could fill up, or be kept open by its children.
        with (self._work / "output.txt").open("wb") as output:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - nothing here comes from notes
                    [
                        *(sys.executable, "-IS", str(Path(bound.__file__))),
                        *(sys.executable, "-m", "pagefind", "--silent"),
                        *("--site", str(pages)),
                        *("--output-path", str(self._work / "index")),
                        *("--force-language", language.replace("-", "_").partition("_")[0]),
                    ],
                    stdin=reader,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            finally:
                os.close(reader)

    def finish(self) -> None:
        """Wait for the index, and put it into its place.

        :raises OSError: if files cannot be written
        :raises IndexingError: if Pagefind failed; the folder then is as it was
        """
        try:
            if self._process is None:
                files.remove(self._folder)
                return
            patience = _PATIENCE + self._count * _PATIENCE_PER_RECORD
            try:
                code = self._process.wait(timeout=patience)
            except subprocess.TimeoutExpired as error:
                raise IndexingError(f"it did not end within {patience:.0f} seconds") from error
            if code:
                output = (self._work / "output.txt").read_text("utf-8", "replace").split("\n")
                lines = [text for line in output if (text := " ".join(line.split()))]
                raise IndexingError(lines[-1] if lines else "it failed without saying why")
            index = self._work / "index"
            _check(index, self._count)
            for pattern in _UNUSED:
                for path in index.glob(pattern):
                    path.unlink()
            try:
                _put_in_order(index)
            except Exception as error:  # whatever a decoder raises
                raise IndexingError("its files have an unknown form") from error
            stamp = {"records": self._key, "files": _fingerprint(index)}
            (index / _STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")
            _publish(index, self._folder)
        finally:
            self.cancel()

    def cancel(self) -> None:
        """End Pagefind if it is still at work, and remove what is not needed any more."""
        atexit.unregister(self.cancel)
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        files.remove(self._work)


_ENTRY = "pagefind-entry.json"
_STAMP = "cafe-site.json"
"""The file of an index that says which records it was made from, and that it is whole."""


def is_current(folder: Path, key: str) -> bool:
    """Return whether a folder holds an index made with this key, and all of it."""
    try:
        if folder.is_symlink():
            return False
        stamp = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
        return bool(stamp == {"records": key, "files": _fingerprint(folder)})
    except (OSError, ValueError, RecursionError):
        return False


def _fingerprint(folder: Path) -> str:
    """Return a digest of what is in all files of an index but its stamp."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.name != _STAMP and not path.is_dir():
            name = path.relative_to(folder).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found.update(f"{name} {content}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _check(folder: Path, count: int) -> None:
    """Check that an index is one, and has as many records as it should.

    :raises IndexingError: if not
    """
    try:
        entry = json.loads((folder / _ENTRY).read_text(encoding="utf-8"))
        languages = entry["languages"].values()
        found = sum(int(language["page_count"]) for language in languages)
        whole = (folder / "pagefind.js").is_file() and all(
            (folder / f"pagefind.{language['hash']}.pf_meta").stat().st_size
            for language in languages
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise IndexingError("it ended well, and yet wrote no index")
    if found != count:
        raise IndexingError(f"its index has {found} of {count} records")


def _publish(new: Path, folder: Path) -> None:
    """Put an index into the place of another so that one of the two is whole at every moment.

    Files are named after what is in them, and the entry says which of them are the index.
    So the new ones are added, then the entry is replaced, and then the others are removed.
    """
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        folder.mkdir()
    last = (_ENTRY, _STAMP)
    found = [path for path in sorted(new.rglob("*")) if path.is_file()]
    found.sort(key=lambda path: last.index(path.name) if path.name in last else -1)
    wanted = set()
    for path in found:
        target = folder / path.relative_to(new)
        wanted |= {target, *target.parents}
        if not files.same(path, target):
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path not in wanted:
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()


_SIGNATURE = b"pagefind_dcd"


def _put_in_order(folder: Path) -> None:
    """Sort the filters of an index, and their values.

    Pagefind 1.5 writes both in the order of a hash table, which differs from run to run.
    A file's name has a checksum of its bytes in it, so what names a file changes with it.
    Files of another form than that of 1.5 are left as they are.
    """
    entry = folder / "pagefind-entry.json"
    text = entry.read_text(encoding="utf-8")
    for path in sorted(folder.glob("*.pf_meta")):
        meta = _decode(path)
        if not isinstance(meta, list) or len(meta) < 4:
            continue
        filters = []
        for name, checksum in meta[3]:
            values_path = folder / "filter" / f"{checksum}.pf_filter"
            values = _decode(values_path)
            if not isinstance(values, list) or len(values) != 2:
                return
            values[1].sort()
            filters.append([name, _encode(values, values_path, "{}").stem])
        meta[3] = sorted(filters)
        written = _encode(meta, path, "pagefind.{}")
        text = text.replace(path.stem.partition(".")[2], written.stem.partition(".")[2])
    entry.write_text(text, encoding="utf-8")


def _decode(path: Path) -> Any:
    """Return what a file of an index holds, or None if its form is not known."""
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(_SIGNATURE):
        return None
    value = cbor2.loads(data.removeprefix(_SIGNATURE))
    return value if _SIGNATURE + cbor2.dumps(value) == data else None


def _encode(value: object, path: Path, name: str) -> Path:
    """Write a file of an index in the place of another one, named after what it holds."""
    data = _SIGNATURE + cbor2.dumps(value)
    language = path.stem.rpartition(".")[2].partition("_")[0]
    checksum = f"{language}_{hashlib.sha256(data).hexdigest()[:10]}"
    path.unlink()
    written = path.with_name(name.format(checksum) + path.suffix)
    written.write_bytes(gzip.compress(data, mtime=0))
    return written


# --- what Sphinx calls --------------------------------------------------------------------


def _is_wanted(app: Sphinx) -> bool:
    """Return whether this build is to have a search of its own."""
    return (
        app.config.cafe_search == "pagefind"
        and app.builder.format == "html"
        and bool(getattr(app.builder, "search", False))
        and app.builder.name != "singlehtml"
    )


def _has_search(app: Sphinx) -> bool:
    """Return whether this build has one."""
    return _is_wanted(app) and find_spec("pagefind") is not None


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Let the templates of this package come before the theme's, after the site's own."""
    # Not in place: the default is one list for all of a process's builds.
    config.templates_path = [
        *config.templates_path,
        str(Path(__file__).parent.parent / "templates"),
    ]


def on_builder_inited(app: Sphinx) -> None:
    """Add the script of the search to all pages, or say why it is not there."""
    if _has_search(app):
        app.add_js_file("cafe_search.js", loading_method="defer")
        app.add_css_file("cafe_search.css")
    elif _is_wanted(app):
        _fall_back(app, "Pagefind is not installed: pip install 'pagefind[bin]'")


def _fall_back(app: Sphinx, reason: str) -> None:
    # It may show people who are hidden by now.
    _remove_index(app)
    warn(
        SiteProblem.SEARCH,
        "the site has Sphinx's own search instead of one that finds meetings: %s "
        '(cafe_search = "sphinx" in conf.py asks for that)',
        reason,
    )


def _remove_index(app: Sphinx) -> None:
    folder = Path(app.outdir, FOLDER)
    # Without it, the rest is no index even if it cannot all be removed.
    if not folder.is_symlink():
        files.remove(folder / _ENTRY)
    files.remove(folder)


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Let pages load Sphinx's own search only when it is needed."""
    as_you_type = str(context.get("theme_search_as_you_type", "")).lower() == "true"
    if _has_search(app) and not as_you_type:
        context["cafe_defer_search"] = defer_search


def defer_search(html: str) -> Markup:
    """Keep browsers from loading the scripts of Sphinx's search.

    The script of this package's search gives them their type back when it needs them.

    >>> str(defer_search('<script src="searchindex.js"></script>'))
    '<script type="text/plain" src="searchindex.js"></script>'
    """
    # What a theme's template wrote is markup already.
    return Markup(_SEARCH_SCRIPT.sub('<script type="text/plain"', str(html)))  # noqa: S704


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the text of a page that was just read."""
    docname = app.env.current_document.docname
    metadata = app.env.metadata[docname]
    if "no-search" in metadata or "nosearch" in metadata:
        return
    found = [(part.anchor, part.title, part.meeting, part.texts) for part in parts(doctree)]
    # Compressed, since Sphinx reads and writes all of it in every build.
    cafe_domain(app.env).note_text(docname, zlib.compress(json.dumps(found).encode()))


class _Build:
    """The making of the index in one build."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._problem: Exception | None = None

    def on_env_updated(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Begin to make the index, while pages are written, if there is none of these texts."""
        folder = Path(app.outdir, FOLDER)
        # Other code makes other records of the same texts.
        key = f"{cafe_domain(env).texts_digest} {ENV_VERSION}"
        if _has_search(app) and not is_current(folder, key):
            try:
                self._index = Index(records(app), folder, app.config.language, key)
            except OSError as error:
                self._problem = error

    def on_build_finished(self, app: Sphinx, exception: Exception | None) -> None:
        """Put the index into its place."""
        index, self._index = self._index, None
        if exception is not None:
            if index is not None:
                index.cancel()
            return
        try:
            if index is not None:
                index.finish()
        except (OSError, IndexingError) as error:
            self._problem = error
        if isinstance(self._problem, OSError):
            _fall_back(
                app,
                f"its index cannot be written ({self._problem}): make room, "
                f"or remove {Path(app.outdir, FOLDER)}, then build again",
            )
        elif self._problem is not None:
            _fall_back(
                app,
                f"Pagefind does not run here ({self._problem}): build again, "
                "or install it again (pip install --force-reinstall 'pagefind[bin]')",
            )
        elif app.builder.format == "html" and not _has_search(app):
            _remove_index(app)


def setup(app: Sphinx) -> None:
    """Register the search."""
    app.connect("config-inited", on_config_inited)
    app.connect("builder-inited", on_builder_inited)
    app.connect("doctree-read", on_doctree_read)
    app.connect("html-page-context", on_html_page_context)
    build = _Build()
    # After the domain has seen what changed.
    app.connect("env-updated", build.on_env_updated, priority=600)
    app.connect("build-finished", build.on_build_finished)
