"""The real portal in its real server, and people with real browsers in front of it.

- ``site``: the portal of this module of tests on a database of its own: ``site.url``, and
  ``with site.changes() as session`` for factories, whose rows stay for the module.
- ``worker``: a process that runs the jobs of ``site``; ask for it where jobs must be done, and wait
  with ``site.wait_for(lambda session: ...)`` until the answer is true.
- ``person(Role.FINANCE, **over)``: somebody who can sign in; ``Person.actor`` is for services.
- ``enter(person)``: a page of that person's own browser, signed in through the form; ``visitor()``:
  a page of somebody who is not. Both take Playwright's options: ``enter(person, **PHONE)``.
- Every page notes what the browser complains of; ``complaints(page)`` returns it.

All are skipped, with the reason, where there is no Chromium.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from app import load_jobs
from app.access.rules import Actor, Role
from app.db import embedded, engine
from app.identity.services import set_password
from config import Environment, Settings
from tests.browser.site import Site, free_port, process_of, serving
from tests.conftest import _copy
from tests.factories.clockwork import NOON
from tests.factories.identity import actor_of, make_user

PASSWORD = "correct horse battery staple"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
)  # fmt: skip
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def _chromium() -> str | None:
    named = (os.environ.get("CHROMIUM"), *_CHROMIUMS, _MACS)
    return next((found for name in named if name and (found := shutil.which(name))), None)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in with ``PASSWORD``."""

    email: str
    actor: Actor


@pytest.fixture(scope="module")
def site(
    browser: Browser,  # asked for first: without one nothing is started
    server: embedded.Server,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The portal in its production server, on a new database whose transactions commit."""
    load_jobs()
    var, before = tmp_path_factory.mktemp("site"), list(engine._current)
    with _copy(server, template, f"site_{os.getpid()}_{free_port()}") as place:
        settings = Settings(
            environment=Environment.TEST,
            var=var,
            port=free_port(),
            database_url=place.owner_url,
            database_app_url=place.app_url,
        )
        site = Site(settings, engine.connect(place.app_url))
        engine._current[:] = before
        with serving(site):
            yield site
        site.database.engine.dispose()


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[None]:
    """A process that runs the jobs of the portal."""
    with process_of(site, "flask", "worker", "--name", "browser"):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    found = _chromium()
    if found is None:
        pytest.skip("there is no Chromium (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def person(site: Site) -> Callable[..., Person]:
    """Make somebody who can sign in: ``person(Role.FINANCE, name="Ada")``."""

    def make(role: Role = Role.CHANNEL_MANAGER, **over: Any) -> Person:
        with site.changes() as session:
            user = make_user(session, role, **over)
            set_password(session, user, PASSWORD, at=NOON)
            return Person(user.email, actor_of(user))

    return make


_noted: dict[Page, list[str]] = {}


def complaints(page: Page) -> list[str]:
    """Return what the browser has complained of on ``page``: errors, and breaches of the policy."""
    return _noted[page]


def _listen(page: Page) -> Page:
    noted = _noted.setdefault(page, [])

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            noted.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: noted.append(f"{page.url}: {error}"))
    return page


@pytest.fixture
def visitor(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the first page of a new browser profile; every profile is closed after the test."""
    with ExitStack() as profiles:

        def open_one(**options: Any) -> Page:
            profile = browser.new_context(base_url=site.url, **{**DESK, **options})
            profiles.callback(profile.close)
            return _listen(profile.new_page())

        yield open_one


@pytest.fixture
def enter(visitor: Callable[..., Page]) -> Callable[..., Page]:
    """Sign somebody in, through the form, with a browser of their own."""

    def sign_in(who: Person, **options: Any) -> Page:
        page = visitor(**options)
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(who.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return sign_in
