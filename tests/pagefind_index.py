"""What an index of the search holds; the only place that knows the form of Pagefind's files."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def index(outdir: Path) -> dict[str, dict]:
    """Return the records of a site's index, by address."""
    found = {}
    for path in sorted((outdir / "pagefind/fragment").glob("*")):
        record = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        found[record["meta"]["url"]] = record
    return found
