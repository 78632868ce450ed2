"""Files that are made from all meetings at the end of a build, and pages that are no more."""

from __future__ import annotations

import functools
import json
import re
from glob import escape as escape_glob
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from sphinx.builders.html import StandaloneHTMLBuilder

from cafe_site.formats import words
from cafe_site.notes.anchors import Anchors, slug
from cafe_site.reading import read_file
from cafe_site.sphinxext import builds, files, options
from cafe_site.sphinxext.domain import CafeDomain, Selection
from cafe_site.sphinxext.parser import read_year
from cafe_site.sphinxext.site import cafe_domain, is_site, page_uri, site_address
from cafe_site.sphinxext.source_links import source_address
from cafe_site.sphinxext.sources import warn_unreadable, year_of

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from cafe_site.notes.model import Meeting, YearNotes
    from cafe_site.sphinxext.domain import Year

MEETINGS_VERSION = 2
"""The version of the form of ``meetings.json``; it changes when readers have to."""


def meetings_json(app: Sphinx, domain: CafeDomain) -> str:
    """Return the facts of all meetings as JSON, newest first, and the pages that they are on.

    The form is that of ``docs/meetings.schema.json``.
    People who asked not to be named are counted and not named.
    """
    meetings = [_meeting(app, year, meeting) for year, meeting in domain.meetings(Selection())]
    years = [
        {
            "series": year.notes.series,
            "year": year.notes.year,
            "page": page_uri(app, year.docname),
        }
        for year in domain.years(Selection())
    ]
    # A meeting on each line, for people who compare two versions of the file.
    # Not with `indent`, for which Python has no fast encoder.
    return (
        f'{{"version": {MEETINGS_VERSION},\n"years": {_lines(years)},\n'
        f'"meetings": {_lines(meetings)}}}\n'
    )


def _lines(items: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]"


def _meeting(app: Sphinx, year: Year, meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "series": year.notes.series,
        "date": meeting.date.iso,
        "title": meeting.title,
        "page": page_uri(app, year.docname),
        "canceled": meeting.canceled,
        "people": len(meeting.attendees),
        "attendees": [
            {"name": person.name, "handle": person.handle}
            for person in meeting.attendees
            if not person.hidden
        ],
        "topics": [
            {
                "title": topic.title,
                "speaker": topic.speaker,
                "minutes": topic.minutes,
                "anchor": topic.anchor,
            }
            for topic in meeting.topics
        ],
        "references": [
            {
                "repository": reference.repository,
                "number": reference.number,
                "url": reference.address,
                "anchor": reference.anchor,
            }
            for reference in meeting.references
        ],
        "outcomes": [
            {
                "kind": outcome.kind,
                "text": outcome.text,
                "done": outcome.done,
                "owner": outcome.owner,
                "anchor": outcome.anchor,
            }
            for outcome in meeting.outcomes
        ],
        "tags": list(dict.fromkeys((*year.notes.tags, *meeting.tags))),
    }


def llms_txt(app: Sphinx, domain: CafeDomain) -> str:
    """Return an outline of the site for language models, in the form of https://llmstxt.org.

    The years of each series, newest first, by their sources if these are published;
    the facts of all meetings; and the pages of the tables of contents.
    Addresses are relative to the root of the site unless `html_baseurl` is set.
    """
    env, config = app.env, app.config

    def line(docname: str, address: str, note: str = "") -> str:
        title = env.titles[docname].astext() if docname else address
        return _link(title, _absolute(site_address(app), address), note)

    meetings = [meeting for _, meeting in domain.meetings(Selection())]
    summary = f"Notes of {words.count_meetings(meetings)}"
    if meetings:
        summary += f", from {meetings[-1].date.iso} to {meetings[0].date.iso}"
    lines = [f"# {_one_line(_site_title(app))}", "", f"> {summary}."]
    for series, years in domain.series().items():
        lines += ["", f"## {words.series_title(series, config.cafe_series_title)}", ""]
        for year in years:
            address = source_address(app, year.docname) or _page_address(app, year.docname)
            lines.append(line(year.docname, address, words.count_meetings(year.notes.meetings)))
    lines += ["", "## Data", "", line("", "meetings.json", "the facts of all meetings as JSON")]
    if pages := [line(docname, _page_address(app, docname)) for docname in _guide_pages(app)]:
        lines += ["", "## Pages", "", *pages]
    return "\n".join(lines) + "\n"


def _site_title(app: Sphinx) -> str:
    # Sphinx's default says that there is none.
    if app.config.project != app.config.values["project"].default:
        return str(app.config.project)
    return str(app.env.titles[app.config.root_doc].astext())


def _guide_pages(app: Sphinx) -> list[str]:
    """Return the pages of the tables of contents but the years, in the order of these."""
    found: list[str] = []
    seen = {app.config.root_doc}
    waiting = [app.config.root_doc]
    while waiting:
        docname = waiting.pop()
        if docname != app.config.root_doc:
            found.append(docname)
        for child in reversed(app.env.toctree_includes.get(docname, [])):
            if child not in seen and child in app.env.titles:
                seen.add(child)
                waiting.append(child)
    return [docname for docname in found if year_of(docname, app.config) is None]


def _page_address(app: Sphinx, docname: str) -> str:
    address = page_uri(app, docname)
    if address.startswith("#"):  # all pages are in one
        return f"{app.config.root_doc}.html{address}"
    return address


def _absolute(base: str, address: str) -> str:
    """Return an address as seen from the root of the site, or from anywhere if that is known.

    >>> _absolute("https://example.org/site", "notes/2025/"), _absolute("", "")
    ('https://example.org/site/notes/2025/', './')
    """
    if not base:
        return address or "./"
    return urljoin(base if base.endswith("/") else f"{base}/", address)


def _link(title: str, address: str, note: str = "") -> str:
    """Return an item of a list in Markdown.

    >>> _link("Notes [old]", "2025.html", "3 meetings")
    '- [Notes \\\\[old\\\\]](2025.html): 3 meetings'
    """
    text = re.sub(r"([\\\[\]<])", r"\\\1", _one_line(title))
    return f"- [{text}]({address}){f': {note}' if note else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files, from all meetings and not only from the ones of this build."""
    if exception is not None or not is_site(app):
        return
    domain = cafe_domain(app.env)
    if domain.facts_changed or not (app.outdir / "meetings.json").exists():
        files.write(app.outdir, "meetings.json", meetings_json(app, domain))
    _remove_sources(app, domain)
    if not _brings(app, "llms.txt"):
        files.write(app.outdir, "llms.txt", llms_txt(app, domain))
    _write_feeds(app, domain)


def _remove_sources(app: Sphinx, domain: CafeDomain) -> None:
    """Remove copies of years' sources that an earlier build made and this one does not."""
    sources = Path(app.outdir, "_sources")
    for folder in {Path(sources, docname).parent for docname in domain.data["years"]}:
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            docname = path.relative_to(sources).as_posix().removesuffix("".join(path.suffixes))
            if docname in domain.data["years"]:
                address = source_address(app, docname)
                if address is None or quote(path.relative_to(app.outdir).as_posix()) != address:
                    files.remove_page(path, Path(app.outdir))


def _brings(app: Sphinx, name: str) -> bool:
    """Return whether `html_extra_path` puts a file of this name at the root of the site."""
    paths = [Path(app.confdir, entry) for entry in app.config.html_extra_path]
    return any(path.name == name or (path / name).exists() for path in paths)


# --- feeds ------------------------------------------------------------------------------

_NEWEST = 20  # entries of a feed, as many as feed readers show of a new one
# Of more series than this, a page names the feed of its own alone: each page would name each.
_FEEDS_IN_A_HEAD = 20


def feeds(app: Sphinx) -> dict[str | None, tuple[str, str]]:
    """Return the feeds of the site by their series: the file name and the title of each.

    There is one of all notes (its series is None) and, of several series, one of each.
    Feeds are read away from the site, so there are none without the address of the site.
    """
    if not site_address(app) or app.builder.name == "singlehtml":
        return {}
    domain = cafe_domain(app.env)
    series = domain.series()
    if not series:
        return {}
    return _feeds(tuple(series), _one_line(_site_title(app)), app.config.cafe_series_title)


@functools.lru_cache(maxsize=4)  # every page asks for them
def _feeds(
    series: tuple[str, ...], title: str, main_title: str
) -> dict[str | None, tuple[str, str]]:
    found: dict[str | None, tuple[str, str]] = {None: ("notes.atom", title)}
    if len(series) > 1:
        names = Anchors()
        for name in series:
            series_title = words.series_title(name, main_title)
            file = names.add(f"notes-{slug(series_title) or 'series'}")
            found[name] = (f"{file}.atom", f"{title}: {series_title}")
    return found


def _write_feeds(app: Sphinx, domain: CafeDomain) -> None:
    """Write the feeds that changed, and remove those that are no more."""
    wanted = {name: (title, series) for series, (name, title) in feeds(app).items()}
    for path in app.outdir.glob("notes*.atom"):
        # Not one that somebody else has put there.
        if path.name not in wanted and b"<generator>cafe_site</generator>" in path.read_bytes():
            path.unlink()
    for name, (title, series) in wanted.items():
        is_due = domain.sources_changed or not (app.outdir / name).exists()
        if is_due and not _brings(app, name):
            content = _feed(app, domain, name, title, series)
            if content is not None:
                files.write(app.outdir, name, content)


def _feed(
    app: Sphinx, domain: CafeDomain, name: str, title: str, series: str | None
) -> bytes | None:
    """Make a feed, or return None and warn if notes that it needs are gone since they were read.

    Without them, it would take back what it has said of these meetings.
    """
    from cafe_site.community.values import host_of
    from cafe_site.formats import atom as feed

    site = site_address(app)
    community = options.community(app)
    owner = (community.domain if community else "") or host_of(site)
    newest = domain.meetings(Selection(series, limit=_NEWEST))
    # The texts are not kept from build to build, so the years of these are read again.
    years = []
    for docname, year in {year.docname: year for year, _ in newest}.items():
        try:
            source = read_file(app.env.doc2path(docname))
        except OSError as error:
            warn_unreadable(docname, error)
            return None
        years.append(read_year(source, year.notes.series, year.notes.year, app.env))
    docnames = {(year.notes.series, year.notes.year): year.docname for year, _ in newest}

    def page(notes: YearNotes) -> str:
        return urljoin(site, page_uri(app, docnames[notes.series, notes.year]))

    return feed.atom(
        feed.Feed(
            title=title,
            address=urljoin(site, quote(name)),
            home=site,
            author=(community.organizers or community.name) if community else title,
            # The day of a tag URI is one on which its domain belonged to the community.
            id=f"tag:{owner},{_FEED_YEAR}:notes/{quote(f'{series}/') if series else ''}"
            + ("" if series is None else "feed"),
            entries=feed.entries(
                years, page, owner, person_url=app.config.cafe_person_url, limit=_NEWEST
            ),
            language=app.config.language,
        )
    )


_FEED_YEAR = 2026


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Name the feeds in the head of every page."""
    if not is_site(app):
        return
    site = site_address(app)
    found = feeds(app)
    if len(found) > _FEEDS_IN_A_HEAD:
        series, _ = year_of(pagename, app.config) or (None, 0)
        found = {key: found[key] for key in (None, series) if key in found}
    for name, title in found.values():
        context["metatags"] = context.get("metatags", "") + (
            f'\n<link rel="alternate" type="application/atom+xml" '
            f'href="{escape(urljoin(site, quote(name)))}" title="{escape(title)}" />'
        )


# --- pages of years that are no more ----------------------------------------------------
# Sphinx leaves them in the output.


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Remove the pages of year files that are no longer there.

    Before anything is written, so that a page which something else puts in that place stays.
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or not is_site(app):
        return
    for docname in sorted(builds.years(app) - env.found_docs):
        source = Path(app.outdir, "_sources", docname)
        for path in (
            Path(builder.get_output_path(docname)),
            *sorted(source.parent.glob(f"{escape_glob(source.name)}.*")),
        ):
            files.remove_page(path, Path(app.outdir))


def setup(app: Sphinx) -> None:
    """Register the writing of files."""
    app.connect("env-updated", on_env_updated)
    app.connect("html-page-context", on_html_page_context)
    app.connect("build-finished", on_build_finished)
