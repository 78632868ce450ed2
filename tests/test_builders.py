"""Every builder, with every construct of notes and everything that pages can show of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from .conftest import ARCHIVE, CONF, Build, Site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What the dialect has, and what is odd about each: empty, alone, twice, in each other.
CONSTRUCTS = (
    """\
---
title: "All & <everything> %s"
tags: [c++, c#, long tag, ünï, ":"]
---

An introduction with a [link](https://example.org/a_b%20c "its _title_") and a note.[^a]

[^a]: Of the *introduction*.

## 2025-12-16: A title with `code`, *stress* & https://example.org/x_y#z

- **Host:** Ada {curly} \\begin{x}
- **Pad:** <https://example.org/pad?a=1&b=2>
- **Empty:**

### Check-in

- Ada Lovelace / @ada
- Bob
- [Carl](https://github.com/carl)

###\x20

text below an empty heading

###   ###

#### `code` in *a* heading [with a link](https://example.org "t") :tada:

### Decisions

- Decision: we _do_ it
- [ ] @ada: write it down
- [x] Bob: written ~~badly~~ well
- [ ]
- [x]\x20
  - [ ] nested task

### :

### ()

### ...

Setext, in two\\
lines

--

### Agenda

- **Ada (10 min):** engines, see jupyterhub/binderhub#12 and #13\\
  on a second line
  1. one
     - two

       a second paragraph

       ```python
       print("three")
       ```
  2. > four
     > - five
- Bob: "quotes" -- and ... dots 'n' more 100% of $5 ~ ^ _ # & {} \\\\

7) seven
8) eight

| head | and no rows |
| ---- | :---------: |

| a | b | c |
| - | -: | :-: |
| 1 | `two` \\| ~~x~~ | |
| | [l](https://example.org) | ![i](https://example.org/i.png "t") |

||
|-|

> | quoted | table |
> | - | - |

- a list item with a table

  | in | list |
  | - | - |

***

---

> [!NOTE]
> Mind the gap.

> [!TIP]

> [!IMPORTANT]
> - a
>
> ```
> b
> ```

> [!WARNING]
> > [!CAUTION]
> > inside

> a quotation
>
> # with a heading
>
> ##\x20

Notes[^1] and[^2] again[^1], one that is not there[^3], all in *a[^4]*.

[^1]: ***
[^2]:
    - a list

      | and | a table |
      | - | - |

[^4]: ```
      code
      ```
[^5]: never used

    code by indentation with \\backslashes & <tags> %d

```
```

~~~console
$ pip install "x" && echo {}
~~~

```nosuchlanguage with words
.. raw:: html
.TH man
@bye
\\end{document}
```

.TH looks like roff
'br too

@node looks like Texinfo @{ @} @@

a line\x20\x20
after a hard break\\
\\* a star\\
[a bracket]\\
.TH no macro\\
'br no macro\\
@bye\\

<b>HTML</b> <! and no comment > &copy; &amp;lt;

![alone](https://example.org/a.png) ![local](local.png "t") ![](x)
[![in a link](a.png)](https://example.org)

[](https://example.org) [to an anchor](#2025-12-16-check-in)
[nowhere](#nowhere) [file](/etc/passwd)
mailto:ada@example.org

🎉 :tada: 👩‍👩‍👧 עברית 日本語 é combining é zero-width\u200d

"""
    + f"""\
{"long" * 60} {"https://example.org/" + "x" * 200} `{"code" * 60}`

### Same heading

### Same heading

###### Deep

# A top heading

## 2025-12-02 canceled

## 2025-11-04

## 2025-10
"""
)
PLAIN = (
    "## {day}\n\n### Check-in\n\n- Ada / @ada\n\n### Agenda\n\n- Engines, #12[^n]\n\n[^n]: Note\n"
)
COMMUNITY = """\
name: Tea & {{curly}} "friends"
site: https://tea.example/
schedule:
  - {{id: tea, title: Tea time, rrule: FREQ=WEEKLY, time: 18:00, timezone: Europe/Berlin,
     first: 2025-12-02, canceled: {{2025-12-23: Holiday}}}}
{more}"""
SECOND = """\
  - {id: team, notes: team-two, title: Team two, rrule: FREQ=MONTHLY, time: 9:00,
     timezone: America/New_York, first: 2025-12-16}
"""
INDEX_TREE = "```{toctree}\nnotes/index\n```\n"
LISTS = ("archive", "latest", "discussed", "outcomes", "people", "tags")


def directive(name: str, **given: object) -> str:
    """Return a directive as it stands on a page."""
    options_ = "".join(f":{key}: {value}\n" for key, value in given.items())
    name, _, argument = name.partition(" ")
    return f"```{{cafe:{name}}} {argument}\n{options_}```\n\n"


def write_site(site: Site, series: int, *, community: bool) -> None:
    """Write a site with all directives and roles."""
    conf = f'{CONF}project = "All"\nauthor = "Us"\ncopyright = "Us"\nversion = "1"\n'
    conf += 'cafe_today = "2025-12-20"\nlinkcheck_ignore = [".*"]\nlanguage = "en"\n'
    conf += 'myst_enable_extensions = ["tasklist"]\n'
    if community:
        conf += 'cafe_community = "community.yaml"\n'
        site.write("community.yaml", COMMUNITY.format(more=SECOND if series > 1 else ""))
    site.write("conf.py", conf)
    home = "# Home\n\n" + directive("latest") + directive("latest", limit=1)
    for name in LISTS[2:]:
        home += directive(name, limit=1)
    if series:
        home += directive("people", series=".", year=2025, limit=2)
        home += (
            "{cafe:meeting}`2025-12-16`, {cafe:meeting}`the *first* <2025-12-02>`,\n"
            "{cafe:person}`ada`, {cafe:tag}`c++`, {any}`2025-12-16`,\n"
            "{cafe:ref}`jupyterhub/binderhub#12`\n\n- [ ] a task\n- [x] done\n\n"
        )
        site.write("notes/2025.md", CONSTRUCTS)
        site.write("notes/2024.md", PLAIN.format(day="2024-12-17"))
    if series > 1:
        home += directive("archive", series="team-two") + "{cafe:meeting}`team-two/2025-12-16`\n\n"
        site.write("notes/team-two/2025.md", PLAIN.format(day="2025-12-16"))
    if community:
        home += directive("next") + directive("next", count=1, series="tea") + directive("missing")
        home += directive("checklist") + directive("due -7") + directive("message remind-week")
        home += directive("message thanks", following="")
    pages = "\n".join(f"{name}" for name in LISTS[2:])
    home += directive("options") + f"```{{toctree}}\nnotes/index\n{pages}\n```\n"
    site.write("index.md", home)
    site.write("notes/index.md", ARCHIVE)
    for name in LISTS[2:]:
        site.write(f"{name}.md", f"# Index of {name}\n\n{directive(name)}")


BUILDERS = [
    *("html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "gettext", "texinfo"),
    *("xml", "pseudoxml", "json", "pickle", "linkcheck"),
]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, bool], Site]:
    """Return a function that gives the site of a kind; its doctrees are shared by all builders."""
    made: dict[tuple[int, bool], Site] = {}

    def make(series: int, community: bool) -> Site:
        if (series, community) not in made:
            site = made[series, community] = Site(tmp_path_factory.mktemp("site") / "project")
            write_site(site, series, community=community)
        return made[series, community]

    return make


# sphinxcontrib-serializinghtml 2.0 uses the name for an application that Sphinx 9 deprecates.
@pytest.mark.filterwarnings("ignore:'sphinxcontrib.serializinghtml")
@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("community", [False, True], ids=["plain", "community"])
@pytest.mark.parametrize("series", [0, 1, 2])
def test_every_builder_takes_everything(sites, series, community, builder) -> None:
    # Sphinx refuses doctrees of others for the messages to translate.
    doctrees = "gettext-doctrees" if builder == "gettext" else None
    built = sites(series, community).build(builder, doctreedir=doctrees)
    found = any(b"Mind the gap" in path.read_bytes() for path in files(built))
    # Notes are not translated, and a check of links writes none of the pages.
    assert found == (series > 0 and builder not in ("gettext", "linkcheck"))


def files(built: Build) -> list[Path]:
    """Return what was written, without copies of sources."""
    found = [path for path in built.outdir.rglob("*") if path.is_file()]
    assert found
    return [path for path in found if "_sources" not in path.parts]


@pytest.mark.parametrize("builder", ["html", "singlehtml", "text", "latex", "texinfo"])
def test_neither_other_builders_nor_other_processes_change_anything(sites, builder) -> None:
    site = sites(2, True)
    for other in ("dirhtml", "man"):
        site.build(other)
    after = site.build(builder)
    cold = site.build(builder, jobs=2, outdir=f"cold-{builder}", doctreedir="cold-doctrees")
    for path in files(cold):
        name = path.relative_to(cold.outdir)
        assert (after.outdir / name).read_bytes() == path.read_bytes(), name
    assert {p.relative_to(cold.outdir) for p in files(cold)} == {
        p.relative_to(after.outdir) for p in files(after)
    }


def text_of(built: Build, pattern: str) -> str:
    """Return the one file of a kind that was built."""
    (path,) = built.outdir.glob(pattern)
    return path.read_text(encoding="utf-8")


def test_latex_is_balanced(sites) -> None:
    text = text_of(sites(2, True).build("latex"), "*.tex")
    body = text[text.index("\\begin{document}") :]
    waiting: list[str] = []
    for kind, name in re.findall(r"(?<!\\)\\(begin|end)\{([^{}]+)\}", body):
        if kind == "begin":
            waiting.append(name)
        else:
            assert waiting.pop() == name
    assert waiting == []
    braces = re.sub(r"\\.", "", body)
    assert braces.count("{") == braces.count("}")


def test_line_breaks_take_nothing_of_the_next_line(sites) -> None:
    site = sites(2, True)
    assert "\\\\{}\n* a star\\\\{}\n{[}a bracket{]}" in text_of(site.build("latex"), "*.tex")
    manual = text_of(site.build("man"), "*.1")
    assert "\n.br\n* a star\n.br\n[a bracket]\n.br\n\\&.TH no macro\n.br\n\\(aqbr no" in manual
    assert "@*\n* a star@*\n[a bracket]" in text_of(site.build("texinfo"), "*.texi")


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Site:
    """Return a site whose documents for print have a part of the pages each."""
    site = Site(tmp_path_factory.mktemp("parts") / "project")
    write_site(site, 2, community=True)
    home = (site.root / "index.md").read_text(encoding="utf-8").replace("# Home", "# Guide", 1)
    # No toctree: the notes are not in a document that begins here.
    guide = home[: home.index("```{toctree}")].replace(directive("archive", series="team-two"), "")
    site.write("guide.md", f"---\norphan: true\n---\n{guide}{{doc}}`notes <notes/2025>`\n")
    conf = (site.root / "conf.py").read_text(encoding="utf-8")
    for name, fields in (
        ("latex_documents", '"Title", "Us", "manual"'),
        ("texinfo_documents", '"Title", "Us", "entry", "about", "Misc"'),
    ):
        documents = ", ".join(
            f'("{docname}", "{target}.tex", {fields})'
            for docname, target in (("guide", "guide"), ("notes/2025", "year"), ("people", "list"))
        )
        conf += f"{name} = [{documents}]\n"
    conf += (
        'man_pages = [("guide", "guide", "t", ["Us"], 1), ("notes/2025", "year", "t", "Us", 1)]\n'
    )
    site.write("conf.py", conf)
    return site


@pytest.mark.parametrize("builder", ["latex", "texinfo", "man"])
def test_links_to_what_a_document_leaves_out_are_plain_text(parts, builder) -> None:
    built = parts.build(builder)
    text = text_of(built, "guide.*").replace("\\sphinxhyphen{}", "-").replace("\\-", "-")
    for words in ("Tuesday, December 16, 2025", "Ada Lovelace", "2025-12-16", "we do it"):
        assert words in text
    # The titles of other pages are there, but nothing that would lead to one.
    assert not re.search(r"(?:hyperref|detokenize|@ref|@pxref)\S*(?:notes/|2025)", text)


# --- translations -------------------------------------------------------------------------


@pytest.mark.parametrize("targets", [[], ["literal-block", "raw", "image", "index"]])
def test_notes_are_not_translated(site, monkeypatch, targets) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    from cafe_site.sphinxext import parser

    site.write("index.md", f"# Home\n\nWelcome.\n\n{directive('latest')}" + INDEX_TREE)
    site.write("notes/2025.md", "# Our notes\n\n## 2025-12-16\n\nWelcome.\n\n```\nprint(1)\n```\n")
    overrides = {"gettext_additional_targets": targets, "gettext_compact": False}
    templates = site.build("gettext", doctreedir="gettext", overrides=overrides).outdir
    found = "".join(path.read_text(encoding="utf-8") for path in templates.rglob("*.pot"))
    assert 'msgid "Welcome."\n' in found
    assert not re.search("Our notes|2025-12-16|print|notes/2025", found)

    # Somebody translates them all the same.
    for name in ("index", "notes/2025"):
        catalog = Catalog(locale="de")
        for message in ("Welcome.", "Our notes", "print(1)\n", "print(1)"):
            catalog.add(message, f"de:{message}")
        target = site.write(f"locale/de/LC_MESSAGES/{name}.mo", b"")
        with target.open("wb") as file:
            write_mo(file, catalog)
    read: list[object] = []
    read_notes = parser.read_notes
    monkeypatch.setattr(parser, "read_notes", lambda *a: (read.append(a), read_notes(*a))[1])
    overrides |= {"language": "de", "locale_dirs": ["locale"]}
    built = site.build(overrides=overrides)
    assert "de:Welcome." in built.article("index.html").text
    page = built.article("notes/2025.html").text
    assert "Our notes" in page
    assert "print(1)" in page
    assert "de:" not in page
    assert len(read) == 1


FOOTNOTES = """\
## {day}

One[^1], two[^2] and one again[^1].

[^1]: {day} itself[^1], and the next[^2].
[^2]: {day} and the one before[^1], and the last[^3][^3].
[^3]: {day} within another alone.
[^4]: {day} never referred to.

    - a list
"""


@pytest.mark.parametrize("builder", ["latex", "texinfo", "man", "text"])
def test_footnotes_of_footnotes_and_of_nothing_are_kept_once(site, builder) -> None:
    days = ("2025-12-16", "2025-12-02")
    site.write("notes/2025.md", "\n".join(FOOTNOTES.format(day=day) for day in days))
    site.write("conf.py", f'{CONF}project = "p"\nauthor = "a"\n')
    built = site.build(builder)
    suffix = {"latex": "p.tex", "texinfo": "p.texi", "man": "p.1", "text": "notes/2025.txt"}
    text = (built.outdir / suffix[builder]).read_text(encoding="utf-8")
    text = re.sub(r"\\(sphinxhyphen\{\}|(?=-))", lambda m: "-" * bool(m[1]), text)
    for day in days:
        # Sphinx's writer for Texinfo repeats a footnote at each place that refers to it.
        most = 2 if builder == "texinfo" else 1
        for words in ("itself", "and the one before", "within another alone", "never referred to"):
            assert 1 <= text.count(f"{day} {words}") <= most, words


def test_chains_of_footnotes_take_no_time_that_doubles(site) -> None:
    chain = "".join(f"[^{n}]: Note {n}[^{n + 1}][^{n + 1}]\n" for n in range(1, 40))
    site.write("notes/2025.md", f"## 2025-12-16\n\nText[^1]\n\n{chain}[^40]: End\n")
    site.write("conf.py", f'{CONF}project = "p"\nauthor = "a"\n')
    for builder in ("latex", "texinfo"):
        built = site.build(builder)
        assert sum(path.stat().st_size for path in built.outdir.glob("p.t*")) < 100_000


DEEP = {
    "quotations": "> " * 38 + "endword",
    "numbers": "\n".join("            " * i + f"99999999. word{i}" for i in range(18)),
    "both": "> 1. " * 12 + "endword",
    "table": "> " * 36 + "| head |\n" + "> " * 36 + "| - |\n" + "> " * 36 + "| endword |",
    "code": "> " * 36 + "```\n" + "> " * 36 + "endword",
    "empty-quotations": "### One\n\n>\n\n---\n\nword\n\n### Two\n\n> >\n\n---\n\n---\n\n> > word",
}


@pytest.fixture(scope="module")
def deep(tmp_path_factory) -> Site:
    """Return a site of notes that are nested deeply, or that hold empty quotations."""
    site = Site(tmp_path_factory.mktemp("deep"))
    site.write("conf.py", f'{CONF}epub_copyright = version = "1"\n')
    site.write("index.md", "# Home\n\n```{toctree}\n:glob:\n\nnotes/*/2025\n```\n")
    for name, text in DEEP.items():
        site.write(f"notes/{name}/2025.md", f"# {name}\n\n## 2025-12-16\n\n{text}\n")
    return site


@pytest.mark.filterwarnings("ignore:'sphinxcontrib.serializinghtml")
@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_takes_what_is_nested_deeply(deep: Site, builder: str) -> None:
    built = deep.build(builder, doctreedir=f"doctrees-{builder == 'gettext'}")
    if builder == "text":
        for name, text in DEEP.items():
            page = (built.outdir / f"notes/{name}/2025.txt").read_text(encoding="utf-8")
            assert Counter(re.findall(r"\w*word\d*", text)) == Counter(
                re.findall(r"\w*word\d*", page)
            )
