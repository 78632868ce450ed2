"""Reading notes, the schedule, texts and feeds need neither Sphinx nor docutils."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("sphinx", "docutils", "myst_parser"):
            raise ImportError(f"{name} is not to be imported")

sys.meta_path.insert(0, Refuse())
import cafe_site
from cafe_site import calendars, cli, community, feed, schedule, texts
from cafe_site.notes import archive, reader
print(reader.read("## 2025-12-16\\n", 2025).meetings[0].id)
"""


def test_the_pure_part_runs_without_sphinx_and_docutils() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("2025-12-16", "")
