"""What the browser tests share: Chromium, and this project's own site, served."""

from __future__ import annotations

import functools
import http.server
import io
import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A site whose meetings are known.
REPAIR_CONF = (
    'extensions = ["cafe_site"]\nhtml_theme = "pydata_sphinx_theme"\ncafe_search = "sphinx"\n'
    'project = "Repair"\ncafe_community = "community.yaml"\ncafe_today = "2026-09-01"\n'
)
REPAIR_SCHEDULE = """\
name: Repair
site: https://repair.example.org/
schedule:
  id: cafe
  title: Repair Café
  rrule: FREQ=MONTHLY;BYDAY=1TU,3TU
  time: "11:00"
  timezone: America/Los_Angeles
  first: 2026-09-01
  canceled: {2026-12-15: Holidays, 2027-01-05: }
  moved: [{from: 2027-02-02, to: 2027-02-03 18:30, reason: The room is taken}]
"""


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip the test and say so."""
    path = os.environ.get("CAFE_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium: install it, or name it in CAFE_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


def watch(page: Page) -> list[str]:
    """Return a list of what a page does from now on and notes must not make it do."""
    happened: list[str] = []

    def asked(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            happened.append(f"request: {url}")

    def dialog(opened: Dialog) -> None:
        happened.append(f"dialog: {opened.message}")
        opened.dismiss()

    page.on("request", lambda request: asked(request.url))
    page.on("dialog", dialog)
    page.on("pageerror", lambda error: happened.append(f"error: {error}"))
    page.on("popup", lambda popup: happened.append(f"popup: {popup.url}"))
    page.on(
        "console",
        lambda message: (
            happened.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )
    return happened


def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yield its address."""
    handler = functools.partial(_QuietHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def own_site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build this project's own site."""
    folder = tmp_path_factory.mktemp("site")
    with patch_docutils(ROOT), docutils_namespace():
        app = Sphinx(
            ROOT,
            ROOT,
            folder / "html",
            folder / "doctrees",
            "html",
            confoverrides={"nitpicky": True},
            status=None,
            warning=io.StringIO(),
        )
        app.build()
        assert app._warning.getvalue() == ""
    return folder / "html"


@pytest.fixture(scope="session")
def own_site(own_site_folder: Path) -> Iterator[str]:
    """Serve this project's own site."""
    yield from serve(own_site_folder)
