"""The text of a meeting as HTML that works outside the site, such as in a feed."""

from __future__ import annotations

import functools
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import nh3
from markdown_it.renderer import RendererHTML

from cafe_site.notes.characters import UNSEEN
from cafe_site.notes.dialect import markdown
from cafe_site.notes.rendering import Rendering
from cafe_site.translation import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

    from cafe_site.notes.model import Entry

# The only elements in the text of a meeting.
# fmt: off
TAGS = frozenset({
    "a", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
})
# fmt: on
# The titles of alerts; pages use Sphinx's.
_ALERTS = (N_("Note"), N_("Tip"), N_("Important"), N_("Warning"), N_("Caution"))
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
# Anybody can edit the pad; search engines should not count its links as ours.
_OUTSIDE = "nofollow ugc"
_SCHEMES = {"http", "https", "mailto"}
_ABSOLUTE = re.compile(r"https?://[^\s/#?]\S*", re.IGNORECASE)


def content(
    entry: Entry, page: str, person_url: str = "", *, anchors: frozenset[str] | None = None
) -> str:
    """Return the text of a meeting as sanitized HTML that works outside its page.

    :param page: the absolute URL of the meeting's page
    :param person_url: the URL that ``@handle`` links to, containing ``{handle}``;
        or an empty string
    :param anchors: the anchors of the page; by default, those within the meeting
    :raises ValueError: if *page* is not an absolute URL

    The rules are those of the site, see `Rendering`, with these differences, since a feed
    reader has neither the page nor its styles:

    - ``#anchor`` and footnotes link to the page.
    - A task's checkbox is a character, the name of a speaker and the title of an alert are
      bold, and the language of a code block is shown above it.
    - Headings begin at ``h3``, below the entry's title.
    - A URL that no browser could open (``https://[x``) is text.
    - Nothing has an id, a class or a style.

    >>> from cafe_site.notes.reader import read
    >>> entry = read("## 2025-12-16\\n\\n- [x] See [this](#x) <b>", 2025).entries[0]
    >>> print(content(entry, "https://example.org/2025.html"))
    <ul>
    <li>☑ See this (#x) &lt;b&gt;</li>
    </ul>
    """
    check_address(page)
    meeting = entry.meeting
    if anchors is None:
        own = (token.meta["id"] for token in entry.body if "id" in token.meta)
        anchors = frozenset((meeting.id, *own))
    rendering = Rendering(meeting.id, anchors, person_url, is_link=_is_kept)
    html = _Html(page)
    options = markdown().options
    links = (html.render(rendering.address(link), options, {}) for link in entry.links)
    above = f"<p>{' · '.join(links)}</p>\n" if entry.links else ""
    below = html.render(rendering.tokens(entry.body), options, {})
    return nh3.clean(
        UNSEEN.sub("\ufffd", above + below),
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        tag_attribute_values={"a": {"rel": {_OUTSIDE}}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
    ).strip()


def check_address(address: str) -> None:
    """Check that a URL is absolute, so that it works outside the site.

    :raises ValueError: if it is not
    """
    if not _ABSOLUTE.fullmatch(address):
        raise ValueError(f"a feed needs absolute addresses, not {address!r}")


@functools.lru_cache(maxsize=4096)
def _is_kept(address: str) -> bool:
    """Return whether the sanitizer keeps a link; it drops URLs that it cannot parse.

    >>> _is_kept("https://example.org/"), _is_kept("https://[example")
    (True, False)
    """
    opening = f'<a href="{escape(UNSEEN.sub(chr(0xFFFD), address))}">'
    return "href" in nh3.clean(
        opening, tags={"a"}, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None
    )


class _Html(RendererHTML):
    """Writes the tokens of a meeting as HTML.

    The sanitizer removes classes, and elements that a feed has no use for.

    :param page: the URL of the meeting's page
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        for name in ("code_block", "fence", "list_item_open"):
            self.rules.pop(name, None)

    def renderToken(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Write a token with the method for its type, if any."""
        method = getattr(self, f"_{tokens[idx].type}", None)
        return method(tokens[idx]) if method else super().renderToken(tokens, idx, options, env)

    def _link_open(self, token: Token) -> str:
        href = str(token.attrs["href"])
        changed = {"href": self._on_page(href[1:])} if href[0] == "#" else {"rel": _OUTSIDE}
        return f"<a{self.renderAttrs(token.copy(attrs={**token.attrs, **changed}))}>"

    def _on_page(self, anchor: str) -> str:
        return f"{self._page}#{quote(anchor)}"

    def _footnote_ref(self, token: Token) -> str:
        address = self._on_page(token.meta["target"])
        return f'<sup><a href="{escape(address)}">[{token.content}]</a></sup>'

    def _footnote_open(self, token: Token) -> str:
        return f"<dt>[{token.meta['number']}]</dt><dd>"

    def _task_box(self, token: Token) -> str:
        return "☑ " if token.meta["checked"] else "☐ "

    def _fence(self, token: Token) -> str:
        info = escape(token.info.strip())
        caption = f"<p><code>{info}</code></p>\n" if info else ""
        return f"{caption}<pre><code>{escape(token.content)}</code></pre>\n"

    _code_block = _fence

    def _alert_open(self, token: Token) -> str:
        kind = token.meta["kind"].capitalize()
        title = gettext(kind) if kind in _ALERTS else kind
        return f"<blockquote>\n<p><strong>{escape(title)}</strong></p>\n"

    def _alert_close(self, token: Token) -> str:
        return "</blockquote>\n"

    def _reference(self, token: Token) -> str:
        return ""  # only the site lists where else an item was discussed
