"""Charts as SVG: one Vega-Lite specification for the page and for paper, drawn once, then kept.

Colours are classes (``series-1`` ...), which the page colours for light and dark; the attributes
beneath are for paper. The figures themselves belong in a table beside the picture.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from markupsafe import Markup

from app.kernel.errors import Broken, Conflict
from app.web import svg
from app.web.printer import Printer

Row = Mapping[str, Any]
Spec = dict[str, Any]

PRINTER = Printer("chart", seconds=15.0, patience=10.0)
COLOURS = ("#2c4fc0", "#c96a00", "#0b8f83", "#c2569b", "#747985", "#3f9bd8")
"""Series colours on paper, apart in lightness too; static/css/tokens.css has the screen's."""

_MOST_FILES = 2000
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_CONFIG: Spec = {
    "aria": False,
    "font": "Inter",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "gridColor": "currentColor",
        "domainOpacity": 0.4,
        "gridOpacity": 0.14,
        "ticks": False,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelPadding": 6,
    },
    "axisQuantitative": {"domain": False, "tickCount": 5},
    "axisBand": {"grid": False, "labelAngle": 0, "labelOverlap": "parity"},
    "axisPoint": {"grid": False, "labelAngle": 0, "labelOverlap": "parity"},
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": "currentColor",
        "labelFontSize": 11,
        "labelLimit": 200,
        "symbolSize": 90,
        "columns": 4,
        "offset": 22,
    },
    "bar": {"cornerRadiusEnd": 2},
    "scale": {"bandPaddingInner": 0.35},
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart lies on the page: pixels, the unit at its axis, upright or lying bars."""

    width: int = 640
    height: int = 240
    unit: str = ""
    is_lying: bool = False
    is_share: bool = False


PLAIN = Look()


def bars(
    rows: Iterable[Row], *, x: str, y: str, title: str, colour: str = "", look: Look = PLAIN
) -> Markup:
    """Return a bar for each row: ``x`` names it, ``y`` counts it; side by side by ``colour``."""
    spec = _spec(rows, (x, y, colour), look)
    spec["mark"] = {"type": "bar", "color": COLOURS[0]}
    spec["encoding"] = _axes(x, y, look)
    if colour:
        spec["encoding"].update(_series(spec, colour))
        offset = "yOffset" if look.is_lying else "xOffset"
        spec["encoding"][offset] = {"field": colour, "sort": None}
    return draw(spec, title=title)


def stacked_bars(
    rows: Iterable[Row], *, x: str, y: str, colour: str, title: str, look: Look = PLAIN
) -> Markup:
    """Return one bar for each ``x``, made of a part for each ``colour`` in order of appearance."""
    spec = _spec(rows, (x, y, colour), look)
    spec["mark"] = {"type": "bar", "cornerRadiusEnd": 0}
    spec["encoding"] = {**_axes(x, y, look), **_series(spec, colour)}
    spec["encoding"]["order"] = {"field": "place", "type": "quantitative"}
    return draw(spec, title=title)


def lines(
    rows: Iterable[Row], *, x: str, y: str, title: str, colour: str = "", look: Look = PLAIN
) -> Markup:
    """Return a line over ``x`` for each ``colour``, or one line."""
    spec = _spec(rows, (x, y, colour), look)
    spec["mark"] = {"type": "line", "color": COLOURS[0], "strokeWidth": 2, "point": {"size": 30}}
    spec["encoding"] = _axes(x, y, look)
    if colour:
        spec["encoding"].update(_series(spec, colour))
    return draw(spec, title=title)


def waterfall(
    rows: Iterable[Row], *, x: str, y: str, title: str, total: str = "", look: Look = PLAIN
) -> Markup:
    """Return steps up and down from zero; ``total`` names a last bar for where they end."""
    steps = [(str(row[x]), _plain(row[y])) for row in rows]
    ends = list(accumulate(amount for _, amount in steps))
    values = [
        {"step": name, "from": end - amount, "to": end, "kind": "up" if amount >= 0 else "down"}
        for (name, amount), end in zip(steps, ends, strict=True)
    ]
    if total:
        values.append({"step": total, "from": 0, "to": ends[-1] if ends else 0, "kind": "total"})
    spec = _spec(values, ("step", "from", "to", "kind"), look)
    spec["mark"] = {"type": "bar", "cornerRadius": 2}
    spec["encoding"] = _axes("step", "to", look)
    spec["encoding"]["x2" if look.is_lying else "y2"] = {"field": "from"}
    kinds = {"domain": ["up", "down", "total"], "range": [COLOURS[0], COLOURS[1], COLOURS[4]]}
    spec["encoding"]["color"] = {"field": "kind", "scale": kinds, "legend": None}
    return draw(spec, title=title)


def sparkline(values: Iterable[Decimal | float], *, label: str = "") -> Markup:
    """Return a small line without axes, drawn here and now."""
    return Markup(svg.sparkline([float(value) for value in values], label=label))  # noqa: S704


def draw(spec: Spec, *, title: str) -> Markup:
    """Return the picture of any Vega-Lite ``spec``; ``title`` is its name for who cannot see it.

    Where it cannot be drawn, a sentence says so: the page and its table stand without it.
    """
    text = json.dumps(spec, sort_keys=True)
    try:
        return Markup(_drawn(text, title))  # noqa: S704 - cleaned by svg.fit
    except (Broken, Conflict):
        _log.exception("a chart could not be drawn")
        return Markup('<p class="quiet">The picture could not be drawn; the table is complete.</p>')


def keep_in(folder: Path | None) -> None:
    """Keep drawn charts in ``folder`` as well, for other processes and the next start."""
    _folder[:] = [] if folder is None else [folder]
    _drawn.cache_clear()
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        newest = sorted(folder.glob("*.svg"), key=lambda file: -file.stat().st_mtime)
        for file in newest[_MOST_FILES:]:
            file.unlink(missing_ok=True)


_folder: list[Path] = []


@lru_cache(maxsize=512)
def _drawn(text: str, title: str) -> str:
    mark = hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()[:32]
    for folder in _folder:
        with suppress(OSError):
            return (folder / f"{mark}.svg").read_text()
    raw = PRINTER.run({}, [text.encode()]).decode()
    fitted = svg.fit(raw, title=title, mark=f"c{mark[:8]}", colours=COLOURS)
    for folder in _folder:
        with suppress(OSError):
            _write(folder / f"{mark}.svg", fitted)
    return fitted


def _write(file: Path, text: str) -> None:
    draft = file.with_suffix(f".{id(text):x}")
    draft.write_text(text)
    draft.replace(file)


def _spec(rows: Iterable[Row], fields: tuple[str, ...], look: Look) -> Spec:
    values = [{name: _plain(row[name]) for name in fields if name} for row in rows]
    return {
        "$schema": _SCHEMA,
        "width": look.width,
        "height": max(60, 28 * len(values)) if look.is_lying else look.height,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": None,
        "config": _CONFIG,
        "data": {"values": values},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _axes(x: str, y: str, look: Look) -> Spec:
    number = "~%" if look.is_share else "~s"
    axis: Spec = {"labelExpr": f"replace(format(datum.value, '{number}'), 'G', 'B')", "title": None}
    names: Spec = {"title": None}
    if look.is_lying:
        names["labelLimit"] = look.width // 3
        axis["title"] = look.unit or None
    elif look.unit:
        above = {"titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -6}
        axis.update(above, title=look.unit, titleBaseline="bottom")
    named = {"field": x, "type": "nominal", "sort": None, "axis": names}
    counted = {"field": y, "type": "quantitative", "axis": axis}
    return {"y": named, "x": counted} if look.is_lying else {"x": named, "y": counted}


def _series(spec: Spec, colour: str) -> Spec:
    """Return the colours of the series, by their first appearance; mark each row's place."""
    names = list(dict.fromkeys(row[colour] for row in spec["data"]["values"]))
    for row in spec["data"]["values"]:
        row["place"] = names.index(row[colour])
    shades = [COLOURS[place % len(COLOURS)] for place in range(len(names))]
    return {"color": {"field": colour, "scale": {"domain": names, "range": shades}, "sort": None}}
