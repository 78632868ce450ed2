"""Find which of Pygments' lexers take time in proportion to the text, whatever it is.

Notes come from a public pad, so what highlights their code meets whatever somebody types.
Each lexer gets repetitions of every character and opener, of every pair of them,
and of many triples, as a repetition (``ababab``), as one opener that is never closed (``abbbb``),
and as two runs (``aaabbb``). A text that takes much longer than most is tried again
at a quarter, and at four times the length: sixteen times the text must take about
sixteen times the time.

    python benchmarks/lexers.py                 # the languages that notes may use
    python benchmarks/lexers.py console yaml    # others

Exit code 1 says that a lexer was not linear.
"""

from __future__ import annotations

import itertools
import random
import signal
import statistics
import sys
import time
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name

from cafe_site.sphinxext.highlighting import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer

LENGTH = 1_000
TIMEOUT = 2.0
TRIPLES = 1_000
SEED = 20251216
ATOMS = [
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~a0A \n\té",
    *("ab ", "a=", "a:", "a: ", "- ", "0x", "1e", "1.", "\\\n", "\n\n", "\n ", " \n", "\r\n"),
    *(
        '"""',
        "'''",
        'f"{',
        'r"',
        "b'",
        '\\"',
        "{{",
        "}}",
        "${",
        "$(",
        "$((",
        "[[",
        "]]",
        "<<EOF\n",
    ),
    *(
        "/*",
        "*/",
        "//",
        "/**",
        "--",
        "#!",
        "->",
        "=>",
        "::",
        "##",
        "@a",
        "@a(",
        "<!--",
        "<![CDATA[",
    ),
    *("<a ", "</a>", "<?", "?>", "<script>", "<style>", "&a", "&#", "]]>", ">>> ", "... ", "$ "),
    *(
        "Traceback (most recent call last):\n",
        '  File "',
        "    ",
        "@@ ",
        "+a\n",
        "-a\n",
        "--- a\n",
    ),
    *(
        "a:b@",
        "[a@b ",
        "(a)",
        "sh",
        "if ",
        "for ",
        "def ",
        "class ",
        "import ",
        "function ",
        "FROM ",
    ),
    *("RUN ", "SELECT ", "? ", "!<", "&a ", "*a ", "|\n", ">\n", "|-\n  ", "`${", "true", "null"),
    *("a.b", "a b", "a\n", "a \n", "2025-12-16", "T12:00", "1_0", "[a]", "[[a]]\n", "a = ", "1,"),
]


class _TooLongError(Exception):
    pass


def _stop(*_: object) -> None:
    raise _TooLongError


def fill(text: str, length: int) -> str:
    """Repeat a text up to a length."""
    return (text * (length // len(text) + 1))[:length]


def shapes() -> Iterator[tuple[str, str, str]]:
    """Yield what stands first, what is repeated, and what is repeated after that."""
    for atom in ATOMS:
        yield "", atom, ""
    for a, b in itertools.permutations(ATOMS, 2):
        yield "", a + b, ""
        yield a, b, ""
        yield "", a, b
    chosen = random.Random(SEED)
    for _ in range(TRIPLES):
        a, b, c = chosen.choices(ATOMS, k=3)
        yield "", a + b + c, ""
        yield a, b + c, ""
        yield a, b, c
        yield "", a + b, c


def make(shape: tuple[str, str, str], length: int) -> str:
    """Return the text of a shape."""
    first, middle, last = shape
    if not last:
        return first + fill(middle, length - len(first))
    return first + fill(middle, length // 2) + fill(last, length // 2)


def seconds(lexer: Lexer, text: str) -> float:
    """Return the time that a lexer takes for a text, at most about `TIMEOUT`."""
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, TIMEOUT)
    start = time.process_time()
    try:
        for _ in lexer.get_tokens(text):
            pass
    except _TooLongError:
        return TIMEOUT
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.process_time() - start


def attack(name: str) -> list[str]:
    """Return what makes a lexer take more time than its text is long."""
    lexer = get_lexer_by_name(name, stripnl=False)
    times: list[tuple[float, tuple[str, str, str]]] = []
    found: list[str] = []
    for shape in shapes():
        taken = seconds(lexer, make(shape, LENGTH))
        times.append((taken, shape))
        if taken >= TIMEOUT:
            found.append(f"{name}: {shape!r}: more than {TIMEOUT} s for {LENGTH:,} characters")
            if len(found) == 3:
                return found
    median = statistics.median(taken for taken, _ in times)
    times.sort(reverse=True)
    worst = 0.0
    for _, shape in times[:200]:
        small = min(seconds(lexer, make(shape, LENGTH // 4)) for _ in range(3))
        large = min(seconds(lexer, make(shape, LENGTH * 4)) for _ in range(2))
        worst = max(worst, large)
        if large > 32 * small and large > 0.02:
            found.append(
                f"{name}: {shape!r}: {small * 1e3:.2f} ms for {LENGTH // 4:,} characters, "
                f"{large * 1e3:.1f} ms for {LENGTH * 4:,}"
            )
    each = worst / (LENGTH * 4) * 1e6
    print(
        f"{name:>16}: {len(times):,} texts, median {median / LENGTH * 1e6:.1f} us a character, "
        f"worst {each:.1f}; {'linear' if not found else f'NOT LINEAR ({len(found)})'}",
        flush=True,
    )
    return found


def main() -> int:
    """Attack the lexers named on the command line, or all that notes may use."""

    bad = 0
    for name in sys.argv[1:] or sorted(LANGUAGES):
        found = attack(name)
        bad += bool(found)
        for line in found[:5]:
            print(f"  {line}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
