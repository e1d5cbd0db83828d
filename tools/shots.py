"""Picture every page for every role, light and dark, phone and desk, into var/shots."""

import argparse
import sys
from collections.abc import Iterator
from html import escape
from itertools import product
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page
from playwright.sync_api import TimeoutError as Late

from tools import visit

FOLDER = Path(__file__).resolve().parents[1] / "var" / "shots"
WIDTHS = {390: 844, 1440: 900}
THEMES = ("light", "dark")
_TALLEST = 6000
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def main() -> int:
    """Take the pictures; return 1 where a page failed, complained or overflowed."""
    wanted = _arguments()
    try:
        visit.require_portal()
        with visit.browser() as opened:
            problems = []
            for role in wanted.role or (visit.NOBODY, *visit.ROLES):
                profile = visit.enter(opened, role)
                problems += list(_role(profile, role, wanted))
                profile.close()
    except visit.NothingToVisit as problem:
        return visit.stop(problem)
    _write_index()
    for found in problems:
        print(found)
    print(f"{len(list(FOLDER.rglob('*.png')))} pictures: open {FOLDER / 'index.html'}")
    return 1 if problems else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shots", description=__doc__)
    parser.add_argument("--role", action="append", help="only this role (again for more)")
    parser.add_argument("--only", default="", help="only pages whose path holds this")
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--width", action="append", type=int, choices=WIDTHS)
    return parser.parse_args()


def _role(profile: BrowserContext, role: str, wanted: argparse.Namespace) -> Iterator[str]:
    folder = FOLDER / role
    if not wanted.only:
        visit.fresh(folder)
    paths = [path for path in visit.paths(profile) if wanted.only in path]
    print(f"{role}: {len(paths)} pages", flush=True)
    page = profile.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda problem: said.append(str(problem)))
    for path, theme in product(paths, wanted.theme or THEMES):
        page.emulate_media(color_scheme=theme)
        for width in wanted.width or WIDTHS:
            file = folder / f"{visit.name_of(path)}-{width}-{theme}.png"
            for problem in (*_picture(page, path, width, file), *said):
                yield f"{role} {path} at {width}, {theme}: {problem}"
            said.clear()


def _picture(page: Page, path: str, width: int, file: Path) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    try:
        answer = page.goto(path, wait_until="load", timeout=20_000)
        page.evaluate("document.fonts.ready")
        height = min(_TALLEST, max(WIDTHS[width], page.evaluate("document.body.scrollHeight")))
        page.screenshot(path=file, full_page=height < _TALLEST, animations="disabled")
    except (Late, Error) as problem:
        yield problem.message.splitlines()[0]
        return
    if answer is None or not answer.ok:
        yield f"answered {answer.status if answer else 'nothing'}"
    if (over := page.evaluate(_OVERFLOW)) > 0:
        yield f"is {over} pixels wider than the screen"


def _write_index() -> None:
    """Write a sheet with all pictures side by side, to look through them quickly."""
    lines = ["<!doctype html><html lang=en><meta charset=utf-8><title>Pages</title>"]
    for folder in sorted(each for each in FOLDER.iterdir() if each.is_dir()):
        lines.append(f"<h1>{escape(folder.name)}</h1>")
        for file in sorted(folder.glob("*.png")):
            source = escape(f"{folder.name}/{file.name}")
            lines.append(f'<a href="{source}"><img src="{source}" alt="{source}" height=320></a>')
    (FOLDER / "index.html").write_text("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
