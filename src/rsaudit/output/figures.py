"""Drawings of what rules measure, as inline SVG made of plain shapes; the page draws the table behind each.

Nothing is told by colour alone: what breaks a limit is filled and carries its sign, the rest is hollow.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from rsaudit.messages import NBSP, count_noun, format_date, format_number, typographic
from rsaudit.messages.output import (
    DIRECTION_LABELS,
    FIGURE_TITLES,
    VERDICT_SIGNS,
    margin_phrase,
    quantity,
)
from rsaudit.model import Verdict
from rsaudit.output import shapes, view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsaudit.model import Finding, Measure, Number, Report

_BROKEN = frozenset({Verdict.ECART, Verdict.REMARQUE, Verdict.DEROGATION})
_BARS = 30
"""Beyond that many values, columns of a distribution replace one bar for each."""
_STRIPS = 8
"""Beyond that many different limits, values are drawn as parts of their limit."""
_DATES = 40
_BINS = 36
_BAND = 76.0
_NAME = 26
"""Characters of a label that the margin can hold; the table has it whole."""
_RULE = 52
"""Characters of the title of a rule in the margin of a time line."""
_WIDTH, _RIGHT, _TOP, _ROW = 720.0, 135.0, 26.0, 24.0
_DATED_LEFT, _DATED_ROW = 345.0, 36.0


class Point(Struct, frozen=True, kw_only=True):
    """One measure: printed texts for the table, numbers for the drawing."""

    label: str
    rule: str
    series: str
    """What gathers it with others (« T1 LLTS »), or nothing."""
    value: Number | date
    limit: Number | date
    direction: str
    verdict: Verdict
    printed: str
    printed_limit: str
    margin: str

    @property
    def broken(self) -> bool:
        """Say whether the limit is not kept."""
        return self.verdict in _BROKEN

    @property
    def sign(self) -> str:
        """Give the sign of its verdict."""
        return VERDICT_SIGNS[self.verdict]


class Axis(Struct, frozen=True):
    """A horizontal axis, from the value at its left end to the one at its right end."""

    left: float
    low: float
    high: float

    @property
    def length(self) -> float:
        """Give its length in the units of the drawing."""
        return _WIDTH - _RIGHT - self.left

    def at(self, value: Number | date) -> float:
        """Say where a value stands."""
        return self.left + self.length * (_as_float(value) - self.low) / (self.high - self.low)


class Figure(Struct, frozen=True, kw_only=True):
    """A drawing with its title, its description and the points of its table."""

    key: str
    title: str
    description: str
    svg: str
    legend: str
    points: tuple[Point, ...]
    dates: bool
    in_series: bool
    """A measure is gathered with others by more than its limit."""
    rules: tuple[str, ...]
    """The titles of the rules whose measures it shows."""


def figures(report: Report) -> list[Figure]:
    """Draw every figure that some rule feeds, one drawing for each unit."""
    gathered: dict[tuple[str, str | None, bool], list[Point]] = {}
    for row in view.ordered_obligations(report):
        if row.figure is None:
            continue
        for one in row.findings:
            point = _point(row.title, one, dates=row.figure == "echeances")
            if point is not None:
                unit = one.measure.unit if one.measure else None
                dated = isinstance(point.limit, date)
                gathered.setdefault((row.figure, None if dated else unit, dated), []).append(point)
    order = list(FIGURE_TITLES)
    ranked = sorted(
        gathered.items(), key=lambda item: order.index(item[0][0]) if item[0][0] in order else len(order)
    )
    return [
        _figure(f"figure-{index}", key[0], points, report.audit_date, dates=key[2])
        for index, (key, points) in enumerate(ranked, start=1)
    ]


def _point(rule: str, finding: Finding, *, dates: bool) -> Point | None:
    """Make a point of a measure; a deadline that nothing measures is a point of a time line."""
    measure = finding.measure
    label = view.label_of(finding) or finding.element or rule
    if measure is not None and isinstance(measure.limit, date) is dates:
        return _measured(label, rule, finding, measure)
    if dates and finding.deadline is not None and finding.verdict is not Verdict.NON_VERIFIABLE:
        deadline = finding.deadline
        return Point(
            label=label,
            rule=rule,
            series="",
            value=deadline,
            limit=deadline,
            direction="maximum",
            verdict=finding.verdict,
            printed="",
            printed_limit=format_date(deadline),
            margin="",
        )
    return None


def _measured(label: str, rule: str, finding: Finding, measure: Measure) -> Point:
    return Point(
        label=label,
        rule=rule,
        series=measure.series or "",
        value=measure.value,
        limit=measure.limit,
        direction=measure.direction,
        verdict=finding.verdict,
        printed=quantity(measure.value, measure.unit),
        printed_limit=quantity(measure.limit, measure.unit),
        margin=margin_phrase(measure),
    )


def _figure(identifier: str, key: str, points: list[Point], audit_date: date, *, dates: bool) -> Figure:
    title = FIGURE_TITLES.get(key, key)
    if dates:
        points = sorted(points, key=lambda point: (_as_float(point.limit), point.rule, point.label))
        body, height = _timeline(points, audit_date)
        legend = (
            "Losange : l’échéance. Rond : la date constatée. Losange ou rond plein : échéance non tenue. "
            "Trait pointillé : la date de l’audit."
        )
    elif len(points) <= _BARS:
        body, height = _bars(points)
        legend = (
            "Barre pleine : limite non respectée. Barre claire : limite respectée. Trait épais : la limite."
        )
    else:
        body, height = _strips(points)
        legend = (
            "Hauteur des colonnes : nombre de sujets. Partie pleine : la limite n’est pas respectée. "
            "Trait épais : la limite."
        )
    description = _description(points, dates=dates)
    return Figure(
        key=identifier,
        title=title,
        description=description,
        svg=shapes.svg(identifier, title, description, body, _WIDTH, height),
        legend=typographic(legend),
        points=tuple(points),
        dates=dates,
        in_series=any(point.series for point in points),
        rules=tuple(dict.fromkeys(point.rule for point in points)),
    )


def _description(points: Sequence[Point], *, dates: bool) -> str:
    """Say in one sentence what the drawing shows."""
    broken = sum(point.broken for point in points)
    told = f"{format_number(broken)} hors de la limite" if broken else "aucune hors de la limite"
    more = f" ; les {_DATES} premières sont dessinées" if dates and len(points) > _DATES else ""
    noun = "échéance" if dates else "valeur"
    return typographic(f"{count_noun(len(points), noun)} ; {told}{more}.")


# ---- shapes ----


def _diamond(x: float, y: float, kind: str) -> str:
    return f'<path d="M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z" class="{kind}"/>'


def _label(axis: Axis, y: float, text: str) -> str:
    return shapes.text(axis.left - 8, y, _cut(text, _NAME), anchor="end")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _result(y: float, text: str) -> str:
    return shapes.text(_WIDTH - _RIGHT + 10, y, text)


def _left(labels: Iterable[str]) -> float:
    """Leave room for the longest label, within reason."""
    longest = max(min(len(label), _NAME) for label in labels)
    return 16 + 7.2 * longest


def _kind(point: Point) -> str:
    return "plein" if point.broken else "clair"


def _limit_name(point: Point) -> str:
    return f"{DIRECTION_LABELS.get(point.direction, '')} {point.printed_limit}".strip()


def _as_float(value: Number | date) -> float:
    return float(value.toordinal()) if isinstance(value, date) else float(value)


# ---- bars: few values ----


def _bars(points: Sequence[Point]) -> tuple[list[str], float]:
    """Draw a bar for each value, from zero, with its limit across."""
    values = [_as_float(one) for point in points for one in (point.value, point.limit)]
    low, high = min(0.0, *values), max(0.0, *values)
    axis = Axis(_left(point.label for point in points), low, high if high > low else low + 1.0)
    zero, height = axis.at(0), _TOP + _ROW * len(points) + 8
    drawn = [shapes.line(zero, _TOP - 4, zero, height - 4, "axe")]
    names = {_limit_name(point) for point in points}
    if len(names) == 1:
        drawn.append(
            shapes.text(axis.at(points[0].limit), _TOP - 10, names.pop(), anchor="middle", kind="petit")
        )
    for index, point in enumerate(points):
        top, end, limit = _TOP + _ROW * index, axis.at(point.value), axis.at(point.limit)
        drawn += [
            _label(axis, top + 15, point.label),
            shapes.rectangle(min(zero, end), top + 4, abs(end - zero), _ROW - 10, _kind(point)),
            shapes.line(limit, top, limit, top + _ROW - 2, "limite"),
            _result(top + 15, f"{point.sign} {point.printed}"),
        ]
    return drawn, height


# ---- strips: many values ----


class Strip(Struct, frozen=True):
    """The values that share a limit, on the axis where they are drawn."""

    series: str
    name: str
    limit: float
    values: tuple[tuple[float, bool], ...]
    """Each value, and whether it breaks the limit."""


def _strips(points: Sequence[Point]) -> tuple[list[str], float]:
    """Draw one distribution for each limit; as parts of the limit when there are too many limits."""
    gathered: dict[tuple[float, str, str], list[Point]] = {}
    for point in points:
        gathered.setdefault((_as_float(point.limit), point.direction, point.series), []).append(point)
    if len(gathered) > _STRIPS:
        parts = tuple((_part(point), point.broken) for point in points)
        return _stacked([Strip("", f"limite{NBSP}: 100{NBSP}%", 1.0, parts)])
    return _stacked(
        [
            Strip(
                series, _limit_name(ones[0]), limit, tuple((_as_float(one.value), one.broken) for one in ones)
            )
            for (limit, _, series), ones in sorted(gathered.items(), key=lambda item: item[0])
        ]
    )


def _part(point: Point) -> float:
    limit = _as_float(point.limit)
    return _as_float(point.value) / limit if limit else 1.0 + float(point.broken)


def _stacked(strips: Sequence[Strip]) -> tuple[list[str], float]:
    every = [value for strip in strips for value in (strip.limit, *(one for one, _ in strip.values))]
    margin = (max(every) - min(every)) / 20 or 1.0
    names = [name for strip in strips for name in (strip.series, strip.name)]
    axis = Axis(_left(names), min(every) - margin, max(every) + margin)
    binned = [_binned(strip, axis) for strip in strips]
    tallest = max(sum(pair) for bins in binned for pair in bins.values())
    drawn: list[str] = []
    for index, (strip, bins) in enumerate(zip(strips, binned, strict=True)):
        base, limit = _TOP + _BAND * (index + 1) - 8, axis.at(Decimal(strip.limit))
        broken = sum(is_broken for _, is_broken in strip.values)
        drawn += [
            shapes.line(axis.left, base, axis.left + axis.length, base, "axe"),
            *_columns(bins, axis, base, tallest),
            shapes.line(limit, base - 62, limit, base + 4, "limite"),
            *([_label(axis, base - 38, strip.series)] if strip.series else []),
            _label(axis, base - 22, strip.name),
            _result(base - 30, count_noun(len(strip.values), "valeur")),
            _result(base - 12, _beyond(broken)),
        ]
    return drawn, _TOP + _BAND * len(strips) + 8


def _beyond(broken: int) -> str:
    return (
        f"{VERDICT_SIGNS[Verdict.ECART]} {format_number(broken)} hors limite"
        if broken
        else "aucune hors limite"
    )


def _binned(strip: Strip, axis: Axis) -> dict[int, tuple[int, int]]:
    """Count, column by column, the values that keep their limit and those that do not."""
    found: dict[int, tuple[int, int]] = {}
    for value, is_broken in strip.values:
        column = min(_BINS - 1, int(_BINS * (value - axis.low) / (axis.high - axis.low)))
        kept, broken = found.get(column, (0, 0))
        found[column] = (kept + (not is_broken), broken + is_broken)
    return dict(sorted(found.items()))


def _columns(bins: dict[int, tuple[int, int]], axis: Axis, base: float, tallest: int) -> list[str]:
    width, tall = axis.length / _BINS, 56.0
    drawn = []
    for column, (kept, broken) in bins.items():
        x = axis.left + width * column + 0.5
        low, high = tall * kept / tallest, tall * broken / tallest
        if kept:
            drawn.append(shapes.rectangle(x, base - low, width - 1, low, "clair"))
        if broken:
            drawn.append(shapes.rectangle(x, base - low - high, width - 1, high, "plein"))
    return drawn


# ---- dates ----


def _timeline(points: Sequence[Point], audit_date: date) -> tuple[list[str], float]:
    """Draw each deadline on a row, and the date it was met or missed."""
    shown = points[:_DATES]
    days = [audit_date.toordinal(), *(int(_as_float(one)) for p in shown for one in (p.limit, p.value))]
    axis = Axis(_DATED_LEFT, min(days) - 31, max(days) + 31)
    height, today = _TOP + _DATED_ROW * len(shown) + 26, axis.at(audit_date)
    drawn = [
        *_years(axis, height),
        shapes.line(today, _TOP - 8, today, height - 20, "date-audit"),
        shapes.text(today, _TOP - 12, f"audit du {format_date(audit_date)}", anchor="middle", kind="petit"),
    ]
    for index, point in enumerate(shown):
        drawn += _dated(point, axis, _TOP + _DATED_ROW * index + 14, audit_date)
    return drawn, height


def _years(axis: Axis, height: float) -> list[str]:
    """Draw a line at each first of January, fewer when the years are many."""
    first, last = (date.fromordinal(max(int(day), 1)).year for day in (axis.low, axis.high))
    drawn = []
    for year in range(first + 1, last + 1, (last - first) // 8 + 1):
        x = axis.at(date(year, 1, 1))
        drawn += [
            shapes.line(x, _TOP - 4, x, height - 18, "axe"),
            shapes.text(x, height - 4, str(year), anchor="middle", kind="petit"),
        ]
    return drawn


def _dated(point: Point, axis: Axis, middle: float, audit_date: date) -> list[str]:
    due, done = axis.at(point.limit), axis.at(point.value)
    drawn = [shapes.text(8, middle - 2 if point.label != point.rule else middle + 5, _cut(point.rule, _RULE))]
    if point.label != point.rule:
        drawn.append(shapes.text(8, middle + 13, _cut(point.label, _RULE), kind="petit"))
    if point.value not in (point.limit, audit_date):
        drawn.append(shapes.line(due, middle, done, middle, "retard"))
        drawn.append(f'<circle cx="{done:.1f}" cy="{middle:.1f}" r="5" class="{_kind(point)}"/>')
    drawn += [
        _diamond(due, middle, _kind(point)),
        _result(middle + 5, f"{point.sign} {point.printed_limit}"),
    ]
    return drawn
