"""What somebody may write into notes to do harm, and a site that is made of it."""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING

from tests.conftest import ARCHIVE, CONF, INDEX, Site
from tests.oracles import kept

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup, Tag

CANARY = "canary7f3a9c"
FIRST_DAY = datetime.date(2025, 1, 1)
TODAY = {"cafe_today": "2026-12-31"}

MARKUP = {
    "script": "<script>window.__pwned = 1; alert('scripted')</script>",
    "script-in-a-line": "Before <script>window.__pwned = 2</script> behind.",
    "script-with-source": '<script src="https://evil.example/x.js"></script>',
    "script-in-capitals": "<ScRiPt\n>window.__pwned = 3</sCrIpT >",
    "script-never-closed": "<script>window.__pwned = 4",
    "iframe": '<iframe src="https://evil.example/f" srcdoc="<script>parent.__pwned=5</script>">x',
    "style": "<style>body { display: none; background: url(https://evil.example/css) }</style>",
    "style-attribute": '<div style="position:fixed;inset:0">covered</div>',
    "form": '<form action="https://evil.example/f"><input name="q"><button>press</button></form>',
    "svg-onload": '<svg onload="window.__pwned=6"><circle r="1"/></svg>',
    "svg-script": "<svg><script>window.__pwned=7</script></svg>",
    "math-ml": '<math><mi xlink:href="data:x,<script>window.__pwned=8</script>">m</mi></math>',
    "img-onerror": '<img src="nowhere" onerror="window.__pwned=9">',
    "img-unquoted": "<img src=x onerror=window.__pwned=10//",
    "event-handler": '<b onmouseover="window.__pwned=11" onclick=alert(1)>bold</b>',
    "details-ontoggle": '<details open ontoggle="window.__pwned=12">toggled</details>',
    "body-onload": '<body onload="window.__pwned=13">',
    "anchor": '<a href="javascript:window.__pwned=14" id="searchbox">anchored</a>',
    "object": '<object data="https://evil.example/o"></object><embed src="https://evil.example/e">',
    "base": '<base href="https://evil.example/base/">',
    "meta-refresh": '<meta http-equiv="refresh" content="0; url=https://evil.example/meta">',
    "link-stylesheet": '<link rel="stylesheet" href="https://evil.example/l.css">',
    "title-and-textarea": "<title>entitled</title><textarea>area <xmp>plain</xmp>",
    "end-of-everything": "</p></div></section></article></main></body></html> afterwards",
    "noscript": '<noscript><p title="</noscript><script>window.__pwned=15</script>">none</p>',
    "template": "<template><script>window.__pwned=16</script></template>",
    "comment": "<!-- a comment that is closed -->",
    "comment-in-a-line": "seen <!-- unseen --> seen",
    "comment-never-closed": "<!-- a comment that is never closed",
    "comment-with-end": "<!--> <script>window.__pwned=17</script> -->",
    "cdata": "<![CDATA[ <script>window.__pwned=18</script> ]]>",
    "processing-instruction": "<?php system('id'); ?>",
    "doctype": "<!DOCTYPE html SYSTEM 'https://evil.example/dtd'>",
    "entities": "&lt;script&gt;window.__pwned=19&lt;/script&gt;",
    "entities-by-number": "&#60;script&#62;window.__pwned=20&#x3c;/script&#x3E;",
    "entities-twice": "&amp;lt;script&amp;gt;window.__pwned=21",
    "attribute-breakout": '[go](https://good.example/"onmouseover="window.__pwned=22)',
    "title-breakout": "[go](https://good.example/ 'a\"onmouseover=\"window.__pwned=23')",
    "html-in-link": "[<img src=x onerror=window.__pwned=24>](https://good.example/)",
    "html-in-code": "`<script>window.__pwned=25</script>`",
    "html-in-fence": "```html\n<script>window.__pwned=26</script>\n</pre></div>\n```",
    "html-in-info": "```<script>window.__pwned=27</script>\ncode\n```",
    "html-in-table": "| <script>x</script> | head |\n| - | - |\n| <img src=x onerror=y> | cell |",
    "html-in-heading": "### <script>window.__pwned=28</script> headed",
    "html-in-person": "### Check-in\n\n- <img src=x onerror=alert(1)> / @mallory",
    "html-in-topic": "### Agenda\n\n- **Mallory (5m):** <script>window.__pwned=29</script>",
    "html-in-tags": "**Tags:** <script>window.__pwned=30</script>, plain",
    "html-in-footnote": "note[^h]\n\n[^h]: <script>window.__pwned=31</script>",
    "html-in-alert": "> [!WARNING]\n> <script>window.__pwned=32</script>",
}

TARGETS = {
    "javascript": "javascript:alert(41)",
    "javascript-mixed-case": "JaVaScRiPt:alert(42)",
    "javascript-entity": "&#106;avascript:alert(43)",
    "javascript-colon-entity": "javascript&colon;alert(44)",
    "javascript-tab-entity": "java&Tab;script:alert(45)",
    "javascript-newline-entity": "java&NewLine;script:alert(46)",
    "javascript-control-entity": "&#1;javascript:alert(47)",
    "javascript-percent": "java%0ascript:alert(48)",
    "javascript-percent-colon": "javascript%3Aalert(49)",
    "javascript-backslash": "javascript\\:alert(50)",
    "javascript-slashes": "javascript://good.example/%0aalert(51)",
    "javascript-in-brackets": "<javascript:alert(52) >",
    "javascript-nested": "view-source:javascript:alert(53)",
    "vbscript": "vbscript:msgbox(54)",
    "data-html": "data:text/html,<script>alert(55)</script>",
    "data-base64": "DATA:text/html;base64,PHNjcmlwdD4=",
    "data-image": "data:image/svg+xml;base64,PHN2Zz4=",
    "data-png": "data:image/png;base64,iVBORw0KGgo=",
    "file": "file:///etc/passwd",
    "file-here": "FILE:@@SECRET@@",
    "blob": "blob:https://evil.example/uuid",
    "ftp": "ftp://evil.example/pub",
    "tel": "tel:+4912345",
    "protocol-relative": "//evil.example/protocol",
    "backslashes": "\\\\\\\\evil.example/backslash",
    "slash-backslash": "/\\\\evil.example/mixed",
    "one-slash": "https:/evil.example/single",
    "no-slash": "http:evil.example/none",
    "relative": "secret.txt",
    "relative-up": "../../outside.txt",
    "relative-page": "index.md",
    "relative-percent": "%2e%2e/conf.py",
    "absolute": "/etc/passwd",
    "absolute-here": "@@SECRET@@",
    "query": "?q=query",
    "unknown-anchor": "#nowhere-on-this-page",
    "myst-inventory": "inv:python:py:function#print",
    "myst-project": "project:index.md#heading",
    "myst-path": "path:../conf.py",
    "myst-hash": "#",
}
LINKS = {
    f"{name}-{kind}": shape.format(target)
    for name, target in TARGETS.items()
    for kind, shape in (
        ("link", "[clickword]({0}) tailword"),
        ("image", "![altword]({0}) tailword"),
        ("image-in-link", "[![altword]({0})](https://good.example/outer) tailword"),
        ("reference", "[clickword] and ![clickword]\n\n[clickword]: {0}"),
    )
} | {
    f"{name}-autolink": f"see <{target}> there"
    for name, target in TARGETS.items()
    if not target.startswith("<")
}

DIRECTIVES = {
    "include": ("include", "@@SECRET@@", ""),
    "include-relative": ("include", "secret.txt", ""),
    "include-root": ("include", "/../outside.txt", ""),
    "literalinclude": ("literalinclude", "secret.txt", ""),
    "literalinclude-system": ("literalinclude", "@@SECRET@@", ":language: text"),
    "raw": ("raw", "html", "<script>window.__pwned = 60</script>"),
    "raw-file": ("raw", "html", ":file: secret.txt"),
    "raw-url": ("raw", "html", ":url: file://@@SECRET@@"),
    "csv-table-file": ("csv-table", "Captioned", ":file: secret.csv"),
    "csv-table-url": ("csv-table", "Captioned", ":url: file://@@SECRET@@"),
    "image": ("image", "secret.png", ":target: javascript:alert(61)"),
    "figure": ("figure", "secret.png", "A figure"),
    "eval-rst": ("eval-rst", "", ".. include:: secret.txt\n\n:download:`secret.txt`"),
    "toctree": ("toctree", "", ":glob:\n\n*\n../index"),
    "code-block": ("code-block", "python", ":caption: Captioned\n\nprint('coded')"),
    "math": ("math", "", "\\href{javascript:alert(62)}{mathematics}"),
    "only": ("only", "html", "only text"),
    "ifconfig": ("ifconfig", "__import__('os').system('id')", "conditional"),
    "dropdown": ("dropdown", "Dropped", "hidden"),
    "grid": ("grid", "2", "gridded"),
    "card": ("card", "Titled", ":link-type: javascript:alert(63)\n\ncarded"),
    "button-link": ("button-link", "javascript:alert(64)", "pressed"),
    "html-meta": ("html_meta", "", ":http-equiv=refresh: 0;url=https://evil.example"),
    "meta": ("meta", "", ":description: metadescribed"),
    "substitution": ("substitution-def", "", "text"),
    "graphviz": ("graphviz", "@@SECRET@@", ""),
    "plot": ("plot", "", "import os; os.system('touch @@TOUCH@@')"),
    "code-cell": ("code-cell", "python", "import os; os.system('touch @@TOUCH@@')"),
    "download": ("download", "secret.txt", ""),
    "cafe-latest": ("cafe:latest", "", ""),
    "cafe-archive": ("cafe:archive", "", ""),
    "cafe-options": ("cafe:options", "", ""),
    "admonition": ("admonition", "Admonished", ":class: shouted\n\nbody"),
    "note": ("note", "", "noted"),
    "figure-md": ("figure-md", "", "![alt](secret.png)\n\ncaption"),
    "unknown": ("no-such-directive", "argument", ":option: value\n\ncontent"),
}
SYNTAX = {
    f"{name}-{kind}": shape.format(name=directive, arg=argument, body=body).rstrip()
    for name, (directive, argument, body) in DIRECTIVES.items()
    for kind, shape in (
        ("backticks", "```{{{name}}} {arg}\n{body}\n```"),
        ("tildes", "~~~{{{name}}} {arg}\n{body}\n~~~"),
        ("colons", ":::{{{name}}} {arg}\n{body}\n:::"),
        ("plain-fence", "```{name} {arg}\n{body}\n```"),
        ("rst", ".. {name}:: {arg}\n   {body}"),
    )
} | {
    "colons-alone": ":::",
    "colons-open": "::::{note}\nnoted",
    "colons-class": "::: shouted\nloud\n:::",
    "role-raw": "{raw}`<script>window.__pwned=70</script>`",
    "role-raw-html": '{raw-html}`<img src=x onerror="window.__pwned=71">`',
    "role-ref": "{ref}`labeled <target>`",
    "role-doc": "{doc}`../index`",
    "role-download": "{download}`secret.txt`",
    "role-download-title": "{download}`titled <../../outside.txt>`",
    "role-abbr": "{abbr}`HTML (hypertext)`",
    "role-eval": "{eval}`__import__('os').system('touch @@TOUCH@@')`",
    "role-sub-ref": "{sub-ref}`today` {sub}`low` {sup}`high`",
    "role-math": "{math}`\\href{javascript:alert(72)}{click}`",
    "role-cafe": "{cafe:meeting}`2025-01-01` {cafe:anchor}`2025-01-01`",
    "role-unknown": "{no-such-role}`unknown content`",
    "role-rst": ":download:`secret.txt` :ref:`labeled` :raw:`x`",
    "target": "(labeled)=\n### Labeled heading",
    "target-in-front": "(labeled)=\nA paragraph.",
    "target-rst": ".. _labeled:\n\nA paragraph, labeled_ and `inline <javascript:alert(73)>`_.",
    "substitution": "{{ project }} and {{project}}",
    "substitution-code": "{{ cycler.__init__.__globals__.os.system('touch @@TOUCH@@') }}",
    "substitution-block": "{{\n__import__('os').system('touch @@TOUCH@@')\n}}",
    "substitution-rst": "|release| and |today|",
    "jinja": "{% for x in range(3) %}looped{% endfor %} {# a jinja comment #}",
    "jinja-include": "{% include 'secret.txt' %}{% import 'os' as os %}",
    "math": "$mathematics$ and $$\\href{javascript:alert(74)}{displayed}$$ and \\(bracketed\\)",
    "math-block": "$$\ndisplayed\n$$ (equation)",
    "amsmath": "\\begin{align}\na &= b\n\\end{align}",
    "block-break": "+++ metadata",
    "block-break-json": '+++ {"key": "value"}\ntext',
    "line-comment": "% a comment line\ntext",
    "line-comments": "% first comment\n% second comment",
    "attributes-of-a-block": "{#main-content .shouted onclick=alert(75)}\nA paragraph.",
    "attributes-of-a-span": "[spanned]{#searchbox .shouted} and `coded`{.python}",
    "attributes-of-a-heading": "### Headed {#main-content}",
    "attributes-of-an-image": "![alt](https://good.example/x.png){width=9999 onerror=alert(76)}",
    "definition-list": "Term\n: Definition",
    "field-list": ":orphan:\n:field: value",
    "anchor-link": "[](#main-content)",
    "label-link": "[](labeled) and [](#labeled)",
    "inventory-link": "[](inv:#index) <inv:sphinx:std:doc#index> <project:#labeled>",
    "wiki-link": "[[wikilink]] and [[../index|indexed]]",
    "front-matter-below": "---\nmyst:\n  enable_extensions: [substitution]\n---",
    "toml": "+++\ntitle = 'tomled'\n+++",
    "obsidian": "![[secret.txt]] %%hidden comment%%",
    "hackmd": "{%youtube dQw4w9WgXcQ %} {%pdf https://evil.example/x.pdf %}",
    "hackmd-container": ":::spoiler Summary\nspoiled\n:::",
    "hackmd-toc": "[TOC]",
    "hackmd-uml": "```mermaid\ngraph LR; a-->b; click a javascript:alert(77)\n```",
    "handle": "@mallory @<script> @../../evil @a@b @{handle}",
    "handle-format": "@{0.__class__} @{handle.__class__} {handle}",
    "badge": "- [name=<script>alert(78)</script>] (5m): said",
    "python-format": "%(asctime)s %s {0} {name!r} %d",
    "angle-quotes": "<<<>>> && || ;; \"quoted\" 'single'",
}

PAYLOADS = {
    f"{group}-{name}": text
    for group, payloads in (("markup", MARKUP), ("link", LINKS), ("syntax", SYNTAX))
    for name, text in payloads.items()
}
# Words of the dialect itself, which are shown in another way.
SHOWN_OTHERWISE = {
    "markup-html-in-fence": {"html"},  # the language of a code block that is highlighted
    "markup-html-in-alert": {"WARNING"},  # the title of an admonition
    "syntax-badge": {"name"},  # HackMD's badge
}
DAYS = {name: FIRST_DAY + datetime.timedelta(days=i % 365) for i, name in enumerate(PAYLOADS)}
# More payloads than days: each series takes a year of them.
SERIES = {name: f"notes/part{i // 365}/2025" for i, name in enumerate(PAYLOADS)}
# The names of meeting files, with what the text says of the date.
FORMS = (
    ("{day:%Y-%m-%d}", "# headword\n"),
    ("{day:%Y%m%d}-community/index", "# headword\n"),
    ("community-{day:%Y-%m-%d}", "# headword\n"),
    ("{day:%Y_%m_%d}", "# headword\n"),
    ("{day:%Y.%m.%d}", "# headword\n"),
    ("{day:%Y}/tsc-{day:%m-%d}", "# headword\n"),
    ("{day:%Y}/{day:%m-%d}-notes", "# headword\n"),
    ("{day:%Y-%m}/{day:%b-%d}", "# headword\n"),
    ("{day:%Y/%m/%d}", "# headword\n"),
    ("{day:%Y}/{day:%B %d}", "# headword\n"),
    ("no-name-{day:%j}", "# headword {day:%Y-%m-%d}\n"),
    ("no-heading-{day:%j}", "---\ndate: {day:%Y-%m-%d}\n---\n# headword\n"),
    ("no-date-{day:%j}", "# headword\n\nDate: {day:%B %d, %Y}\n"),
)


def words(text: str) -> set[str]:
    """Return what was typed: the words of a text, with entities as what they stand for."""
    return set(re.findall(r"[^\W_]+", html.unescape(text)))


def lost(typed: str, part: Tag) -> set[str]:
    """Return the typed words that are not there."""
    text = kept(part)
    return {word for word in words(typed) if word not in text}


def by_id(page: BeautifulSoup, anchor: str) -> Tag:
    """Return the only element with an id."""
    found = page.find_all(id=anchor)
    assert len(found) == 1, f"{len(found)} elements have the id {anchor}"
    return found[0]


def warning(site: Site, path: str, line: int, subtype: str) -> re.Pattern[str]:
    """Return what a warning looks like."""
    prefix = re.escape(f"{site.root / path}:{line}: WARNING: ")
    return re.compile(rf"{prefix}.+ \[cafe\.{subtype}\]")


def is_external(href: str) -> bool:
    """Return whether a link leads away, by a way that notes may take."""
    return re.match(r"(?:https?://|mailto:)[^\s/\\]", href) is not None


def leaks(site: Site) -> list[str]:
    """Return the files that were written with a secret in them."""
    needle = CANARY.encode()
    out = site.root / "_build"
    return [
        str(path)
        for path in out.rglob("*")
        if path.is_file()
        and (needle in path.read_bytes() or path.name.startswith(("secret", "outside")))
    ]


def new_site(folder: Path) -> Site:
    """Return a project that has secrets beside its notes, and outside of it."""
    site = Site(folder / "project")
    site.write("conf.py", CONF + f'\nSECRET = "{CANARY}"\n')
    site.write("index.md", INDEX)
    site.write("notes/index.md", ARCHIVE)
    (folder / "outside.txt").write_text(CANARY, encoding="utf-8")
    for path in ("secret.txt", "notes/secret.txt", "notes/secret.csv", "notes/secret.png"):
        site.write(path, f"{CANARY},{CANARY}\n")
    for series in sorted(set(SERIES.values())):
        site.write(f"{series.removesuffix('/2025')}/secret.txt", CANARY)
    return site


class Hostile:
    """A site whose notes are nothing but payloads, built once.

    :param layout: ``years``, or ``files`` with one meeting each
    """

    def __init__(self, folder: Path, layout: str = "years", **overrides: object) -> None:
        self.layout = layout
        self.site = new_site(folder)
        self.touched = folder / "touched"
        self.overrides = {**TODAY, **overrides}
        texts: dict[str, list[str]] = {}
        for name in PAYLOADS:
            text = f"\nleadword\n\n{self.payload(name)}\n\nafterwards\n"
            texts.setdefault(self.page(name), []).append(self._heading(name) + text)
        for page, meetings in texts.items():
            title = "# Notes\n\n" if layout == "years" else ""
            self.site.write(f"{page}.md", title + "\n".join(meetings))
        self.build = self.site.build(overrides=self.overrides, warnings=True)
        self.pages = {page: self.build.article(f"{page}.html") for page in texts}
        if layout == "files":
            # What the page of a meeting has, and a meeting on the page of a year has not.
            for article in self.pages.values():
                (title,) = article.select("h1")
                title.name = "h2"
                (links,) = article.select("nav.cafe-years")
                links.extract()
                article.select_one(".cafe-bar a[href*=_sources]").extract()
        self._by_id: dict[tuple[str, str], list[Tag]] = {}
        for page, article in self.pages.items():
            for element in article.find_all(id=True):
                self._by_id.setdefault((page, element["id"]), []).append(element)

    def page(self, name: str) -> str:
        """Return the page that has a payload."""
        if self.layout == "years":
            return SERIES[name]
        path, _ = self._form(name)
        return f"{SERIES[name].removesuffix('/2025')}/{path.format(day=DAYS[name])}"

    def _heading(self, name: str) -> str:
        if self.layout == "years":
            return f"## {DAYS[name]} headword\n"
        return self._form(name)[1].format(day=DAYS[name])

    @staticmethod
    def _form(name: str) -> tuple[str, str]:
        return FORMS[list(PAYLOADS).index(name) % len(FORMS)]

    def payload(self, name: str) -> str:
        secret = str(self.site.root.parent / "outside.txt")
        return PAYLOADS[name].replace("@@SECRET@@", secret).replace("@@TOUCH@@", str(self.touched))

    def meeting(self, name: str) -> Tag:
        return self.target(name, DAYS[name].isoformat())

    def target(self, name: str, anchor: str) -> Tag:
        """Return the only element with an id on a payload's page."""
        found = self._by_id.get((self.page(name), anchor), [])
        assert len(found) == 1, f"{len(found)} elements have the id {anchor}"
        return found[0]


TITLES = [
    "<script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=2>",
    "</h1><svg/onload=window.__pwned=3>",
    "</title></head><body onload=window.__pwned=4>",
    "<!--><script>window.__pwned=5</script>-->",
    '" onmouseover="window.__pwned=6" x="',
    "' onfocus='window.__pwned=7' autofocus='",
    "&lt;script&gt;window.__pwned=8&lt;/script&gt;",
    "&amp;lt;script&amp;gt;window.__pwned=9&amp;lt;/script&amp;gt;",
    "&ltscript&gtwindow.__pwned=10",
    "&#60;img src=x onerror=window.__pwned=11&#62;",
    "&#x3c;img src=x onerror=window.__pwned=12>",
    "< <b>script>window.__pwned=13< </b>/script>",
    "<< >script>window.__pwned=14<< >/script>",
    "<<b>script>window.__pwned=15<<b>/script>",
    "a\u2028<iframe srcdoc='<script>parent.__pwned=16</script>'>",
    "{{ ''.__class__ }} {% raw %}<script>{% endraw %}",
    "window.__pwned=17 <script",
    "<",
    "<*script*>window.__pwned=18<*/script*>",
]
NAMES = [
    "main-content",
    "searchbox",
    "search-input",
    "pst-primary-sidebar",
    "pst-secondary-sidebar",
    "pst-back-to-top",
    "notes-2025",
    "introduction",
    "id1",
    "top",
]
LONG = "longheading " * 833


def collisions() -> str:
    """Return notes whose headings do what they can to have the id of something else."""
    headings = "".join(
        f"{'#' * level} {name}\n\n{name} {level}\n\n" for name in NAMES for level in (1, 2, 3, 6)
    )
    inner = "".join(f"### {name}\n\n#### {name}\n\n" for name in NAMES)
    same = "### Same\n\n### Same\n\n### same!\n\n#### Same\n\n### Same\n\n"
    odd = (
        f"###\n\n###\n\n### 🎉\n\n### 🎉 🎊\n\n### {LONG}\n\n### {LONG}\n\n### !!!\n\n### <b>\n\n"
    )
    feet = "x[^1] y[^n]\n\n[^1]: one\n\n[^n]: two\n\n[^n]: three\n\n"
    return (
        f"# main-content\n\n{headings}{same}{odd}{feet}"
        f"## 2025-06-01\n\n{inner}{same}{odd}{feet}### note 1\n\n"
        f"## 2025-06-02\n\n{inner}{same}{odd}{feet}"
        "## 2025-06-02 Same\n\nfirst\n\n## 2025-06-02 Same\n\nsecond\n\n"
        "## 2025-07\n\n### 01\n\n## 2025-07: 16\n\nmonth\n\n"
        "## 2025-07-16\n\nday\n\n## 2025-07-01\n\nday\n"
    )
