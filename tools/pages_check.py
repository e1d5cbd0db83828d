"""Hold every page of the running portal against axe (accessibility) and the Nu HTML checker."""

import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tools import visit

VAR = Path(__file__).resolve().parents[1] / "var"
PAGES = VAR / "pages"
CHECKER = "vnu-jar@26.9.27"
_JAR = VAR / "tools" / "vnu.jar"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PATIENCE = 300


def main() -> int:
    """Check every page of every role; return 1 where something was found."""
    try:
        visit.require_portal()
        found = problems()
    except visit.NothingToVisit as problem:
        return visit.stop(problem)
    for line in found:
        print(line)
    return 1 if found else 0


def problems() -> list[str]:
    """Return what is wrong with the pages of the running portal, a line each.

    :raises NothingToVisit: if there is no browser, or no demo
    """
    visit.fresh(PAGES)
    found: list[str] = []
    with visit.browser() as opened:
        for role in (visit.NOBODY, *visit.ROLES):
            profile = visit.enter(opened, role)
            found += _role(profile, role)
            profile.close()
    kept = sorted(PAGES.glob("*.html"))
    print(f"axe: {len(kept)} pages, {len(found)} violations")
    return [*found, *_nu(kept)]


def _role(profile: BrowserContext, role: str) -> Iterator[str]:
    """Yield what axe finds on each page in both themes; keep the pages as they were sent."""
    page = profile.new_page()
    for path in visit.paths(profile):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            answer = page.goto(path, wait_until="load")
            for violation in _axe(page):
                yield f"axe, {role} {path}, {theme}: {violation}"
        if answer is not None:
            (PAGES / f"{role}-{visit.name_of(path)}.html").write_bytes(answer.body())


def _axe(page: Page) -> Iterator[str]:
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _TAGS}}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    for violation in found:
        where = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
        yield f"{violation['id']} ({violation['impact']}): {violation['help']} at {where}"


def _nu(files: list[Path]) -> Iterator[str]:
    """Yield the checker's errors on the kept pages, or print why it could not be asked."""
    java = shutil.which("java")
    if java is None or not _has_checker():
        print("Nu: skipped, since " + ("there is no Java" if java is None else "npm has it not"))
        return
    command = [java, "-jar", str(_JAR), "--format", "json", "--errors-only", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    found = json.loads(done.stderr or '{"messages": []}')["messages"]
    print(f"Nu: {len(files)} pages, {len(found)} errors")
    for message in found:
        name = Path(message.get("url", "")).name
        yield f"Nu, {name} line {message.get('lastLine')}: {message['message']}"


def _has_checker() -> bool:
    """Return whether the checker is in var/tools, after fetching it from npm where possible."""
    npm = shutil.which("npm")
    if _JAR.exists() or npm is None:
        return _JAR.exists()
    _JAR.parent.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", CHECKER, "--pack-destination", str(_JAR.parent)]
    try:
        subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)
    except (subprocess.SubprocessError, OSError):
        return False
    for package in _JAR.parent.glob("vnu-jar-*.tgz"):
        with tarfile.open(package) as opened:
            inside = next(name for name in opened.getnames() if name.endswith("vnu.jar"))
            content = opened.extractfile(inside)
            if content is not None:
                _JAR.write_bytes(content.read())
        package.unlink()
    return _JAR.exists()


if __name__ == "__main__":
    sys.exit(main())
