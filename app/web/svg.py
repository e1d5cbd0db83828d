"""Make a drawn chart fit for our pages: no styles or scripts, colours by class, small, named."""

import re
from collections.abc import Sequence
from html import escape
from xml.etree import ElementTree as Tree

SVG = "http://www.w3.org/2000/svg"

_KEPT = re.compile(
    r"(clip|fill|stroke)(-[a-z]+)?|font-(size|weight)|text-anchor|opacity|transform|viewBox"
    r"|id|d|width|height|points|r[xy]?|c?[xy][12]?"
)
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_DRAWN = frozenset(
    {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "clipPath", "defs"}
)


def fit(drawn: str, *, title: str, mark: str, colours: Sequence[str]) -> str:
    """Return ``drawn`` with ``title`` as its name and series colours also as classes.

    ``colours`` are the fallbacks by place: what is filled with the first gets the class
    ``series-1``, what is stroked with it ``line-1``. ``mark`` keeps identifiers apart on a page.
    """
    root = Tree.fromstring(drawn)  # noqa: S314 - drawn by our own child from our own numbers
    classes = {colour: place for place, colour in enumerate(colours, 1)}
    _clean(root, mark, classes)
    root.attrib.update(
        {"class": "chart-svg", "role": "img", "font-family": "Inter", "fill": "currentColor"}
    )
    name = Tree.Element(f"{{{SVG}}}title")
    name.text = title
    root.insert(0, name)
    return _text(root)


def _text(root: Tree.Element) -> str:
    """Return the markup with bare names: the prefixes that ElementTree knows belong to everybody,
    and a library that writes payment files takes the empty one for itself.
    """
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    root.attrib = {"xmlns": SVG, **root.attrib}
    return Tree.tostring(root, encoding="unicode")


def _clean(element: Tree.Element, mark: str, classes: dict[str, int]) -> None:
    for name, value in list(element.attrib.items()):
        if _KEPT.fullmatch(name) is None:
            del element.attrib[name]
        else:
            element.set(name, _shorter(value))
    _name(element, mark)
    for name, prefix in (("fill", "series"), ("stroke", "line")):
        if place := classes.get(element.get(name, "")):
            element.set("class", f"{prefix}-{place}")
    for child in list(element):
        if _is_drawn(child):
            _clean(child, mark, classes)
        else:
            element.remove(child)


def _name(element: Tree.Element, mark: str) -> None:
    """Mark identifiers and what refers to them, so that two charts on a page stay apart."""
    if name := element.get("id"):
        element.set("id", f"{mark}-{name}")
    if clip := element.get("clip-path"):
        element.set("clip-path", clip.replace("#", f"#{mark}-"))


def _is_drawn(element: Tree.Element) -> bool:
    tag = element.tag.rpartition("}")[2]
    is_frame = element.get("class") in {"background", "foreground"} and "fill" not in element.attrib
    return tag in _DRAWN and element.get("display") != "none" and not is_frame


def _shorter(value: str) -> str:
    return _LONG.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)


def sparkline(values: Sequence[float], *, label: str = "", size: tuple[int, int] = (96, 24)) -> str:
    """Return a line of ``values`` without axes, for a cell of a table; one value makes none."""
    if len(values) < 2:
        return ""
    width, height = size
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = width / (len(values) - 1)
    points = " ".join(
        f"{n * step:.1f},{height - 2 - (height - 4) * float((value - low) / reach):.1f}"
        for n, value in enumerate(values)
    )
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="{SVG}" class="spark" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" {named}><polyline points="{points}" fill="none" '
        'stroke="currentColor" stroke-width="1.5"/></svg>'
    )
