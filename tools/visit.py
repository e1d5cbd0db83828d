"""Go through the running portal as each role: sign in by one click, find the pages, open them."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

ADDRESS = os.environ.get("TANDEM_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
ROLES = (
    "partner_member",
    "partner_admin",
    "channel_manager",
    "channel_lead",
    "finance",
    "analyst",
    "admin",
)
NOBODY = "nobody"
"""Stands for a visitor who has not signed in."""

_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2,3}-\d{4}-\d+(-\d)?|\b\d+\b")
_LEFT_OUT = re.compile(r"sign-out|\.(csv|xlsx|pdf|zip|json|txt)$|/(download|static)(/|$)")
_OFFLINE = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")
_INSTALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class NothingToVisit(Exception):
    """The portal does not answer, or there is no browser; the message says what to do."""


def require_portal() -> None:
    """Do nothing while the portal answers.

    :raises NothingToVisit: if it does not
    """
    try:
        with urlopen(ADDRESS, timeout=10):  # noqa: S310 - our own address
            return
    except (URLError, OSError):
        message = f"Nothing answers at {ADDRESS}: start the demo with `make run` in another window."
        raise NothingToVisit(message) from None


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a Chromium without a window: the installed one, else Playwright's own.

    :raises NothingToVisit: if there is neither
    """
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _INSTALLED)), None)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=found, args=list(_OFFLINE))
        except Error as problem:
            message = f"There is no Chromium to start: {problem.message.splitlines()[0]}"
            raise NothingToVisit(message) from None
        yield started
        started.close()


def enter(opened: Browser, role: str) -> BrowserContext:
    """Return a browser profile signed in as ``role``, by the button of the demo's sign-in page."""
    profile = opened.new_context(base_url=ADDRESS, viewport={"width": 1440, "height": 900})
    if role != NOBODY:
        page = profile.new_page()
        page.goto("/")
        try:
            _sign_in(page, role)
        except Error:
            message = f"There is no one-click sign-in for {role}: is this the demo?"
            raise NothingToVisit(message) from None
        page.close()
    return profile


def _sign_in(page: Page, role: str) -> None:
    form = page.locator('form[action$="/demo/sign-in"]')
    chosen = form.locator(f'button[name=role][value="{role}"]')
    if not chosen.count():
        chosen = form.filter(has=page.locator(f'[name=role][value="{role}"]')).locator("button")
    chosen.first.click(timeout=10_000)
    page.wait_for_load_state()


def paths(profile: BrowserContext) -> list[str]:
    """Return one address for each kind of page that can be reached: places, and what they link to.

    Pages that differ only in an identifier, or in their query, count as one kind.
    """
    page = profile.new_page()
    found: dict[str, str] = {}
    _open(page, "/")
    _note(found, urlsplit(page.url).path)
    links = _links(page, "nav a[href], aside a[href]")
    places = [path for path in links if _note(found, path)]
    for place in [urlsplit(page.url).path, *places]:
        if _open(page, place):
            for path in _links(page, "main a[href]"):
                _note(found, path)
    page.close()
    return [path for path in found.values() if _is_page(profile, path)]


def _note(found: dict[str, str], path: str) -> bool:
    """Keep ``path`` if it is the first of its kind; return whether it is."""
    kind = _IDENTITY.sub("*", path)
    if kind in found or _LEFT_OUT.search(path):
        return False
    found[kind] = path
    return True


def _open(page: Page, path: str) -> bool:
    answer = page.goto(path)
    return answer is not None and answer.ok


def _links(page: Page, selector: str) -> list[str]:
    script = "nodes => nodes.filter(n => !n.download).map(n => n.href)"
    parts = [urlsplit(link) for link in page.eval_on_selector_all(selector, script)]
    host = urlsplit(ADDRESS).netloc
    return list(dict.fromkeys(part.path for part in parts if part.netloc == host and part.path))


def _is_page(profile: BrowserContext, path: str) -> bool:
    answer = profile.request.get(path, max_redirects=5)
    return answer.headers.get("content-type", "").startswith("text/html")


def name_of(path: str) -> str:
    """Return ``path`` as the name of a file: identifiers become a plus sign."""
    plain = _IDENTITY.sub("+", path).strip("/").replace("/", "_")
    return re.sub(r"[^\w+.-]", "-", plain) or "home"


def fresh(folder: Path) -> Path:
    """Return ``folder``, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def stop(problem: NothingToVisit) -> int:
    """Say why nothing was done; return the exit status for it."""
    print(problem, file=sys.stderr)
    return 2
