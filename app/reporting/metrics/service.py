"""Metrics of service and data: are promises kept, and are rows fit to be counted."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import of_both, of_both_by, ratio, ratio_by
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Key,
    Kind,
    Metric,
    MetricRefused,
    Unit,
    parts,
    series,
    single,
)

AREA = Area.SERVICE
_OWNER = "Analyst"
_SOON = Fraction(90)


def silent(breaches: Fraction, escalated: Fraction) -> Answer:
    """Return the breaches that nobody was told of, as a share of all.

    :raises MetricRefused: if more are escalated than there are
    """
    if escalated > breaches:
        raise MetricRefused("escalated cannot be more than breaches.")
    left = breaches - escalated
    return Answer(ratio(left, breaches), parts(Unit.COUNT, without_escalation=left))


def without_owner_soon(
    days_until: Sequence[Fraction], has_owner: Sequence[bool], within: Fraction
) -> Answer:
    """Return the renewals due soon that nobody owns, as a share of those due soon."""
    soon = [owned for days, owned in zip(days_until, has_owner, strict=True) if days <= within]
    missing = Fraction(soon.count(False))
    counts = parts(Unit.COUNT, due_soon=len(soon), without_owner=missing)
    return Answer(ratio(missing, Fraction(len(soon))), counts)


def _share(
    name: str, said: tuple[str, str, str, str], keys: tuple[Key, Key], *more: Form, alias: str
) -> Metric:
    """Return the metric of a share; ``said`` is its title, words, grain and pitfall."""
    title, words, grain, pitfall = said
    part, whole = keys
    return Metric(
        name=name, title=title, words=words, formula=f"{part.name} / {whole.name}",
        unit=Unit.PERCENT, grain=grain, owner=_OWNER,
        forms=(Form(ratio, keys, is_within=True), *more),
        example=f"{part.name}=5 {whole.name}=200", gives="2.5 %", pitfalls=(pitfall,),
        aliases=(alias,),
    )  # fmt: skip


_MOMENT = "rows at one moment, by kind"

METRICS = (
    Metric(
        name="sla_adherence",
        title="SLA adherence",
        words="Of the answers that were due, the share that came in time, by hand-off.",
        formula="met / (met + breached)",
        unit=Unit.PERCENT,
        grain="clocks that ended or ran out in the period, by hand-off",
        owner=_OWNER,
        forms=(
            Form(of_both, (single("met", "Answered in time.", "in_time", "on_time"),
                           single("breached", "Late, or not answered.", "late", "breaches",
                                  "missed"))),
            Form(ratio, (single("met", "Answered in time.", "in_time", "on_time"),
                         single("due", "All that were due.", "total", "all")), is_within=True),
            Form(of_both_by, (
                series("met", "Answered in time, for each hand-off."),
                series("breached", "Late or not answered, for each."),
                series("handoff", "The name of each hand-off.", "handoffs", kind=Kind.LABEL))),
        ),
        example="met=190 breached=10",
        gives="95 %",
        pitfalls=("Open clocks that have not run out are in neither number.",),
        aliases=("sla", "sla_attainment", "sla_compliance"),
    ),
    _share(
        "breaches_without_escalation",
        ("Breaches without escalation",
         "Of the promises that were broken, the share that was not escalated.",
         "clocks that ran out in the period", "An escalation that nobody reads counts as one."),
        (single("not_escalated", "Breaches that were not escalated.", "without_escalation"),
         single("breaches", "All breaches.", "breached")),
        Form(silent, (single("breaches", "All breaches.", "breached"),
                      single("escalated", "Those that were escalated."))),
        alias="unescalated_breaches",
    ),
    Metric(
        name="data_completeness",
        title="Data completeness",
        words="Of the fields that should be filled, the share that is.",
        formula="filled / required",
        unit=Unit.PERCENT,
        grain="rows at one moment, by field",
        owner=_OWNER,
        forms=(
            Form(ratio, (single("filled", "Fields that are filled.", "complete"),
                         single("required", "Fields that should be.", "total", "expected")),
                 is_within=True),
            Form(ratio_by, (
                series("filled", "Rows in which each field is filled."),
                series("required", "Rows in which it should be."),
                series("field", "The name of each field.", "fields", kind=Kind.LABEL))),
        ),
        example="filled=950 required=1000",
        gives="95 %",
        pitfalls=("Filled is not right: a zero in a required field is complete.",),
        aliases=("completeness",),
    ),
    _share(
        "duplicate_rate",
        ("Duplicates", "Rows that say the same as another row, as a share of all.",
         _MOMENT, "Subsidiaries look like duplicates and are none."),
        (single("duplicates", "Rows beyond the first of their kind.", "duplicate"),
         single("rows", "All rows.", "total", "records")),
        alias="duplicates",
    ),
    _share(
        "rows_without_owner",
        ("Rows without owner",
         "Open deals, registrations and tasks that nobody owns, as a share of all.",
         _MOMENT, "An owner who has left is none."),
        (single("without_owner", "Rows without an owner.", "unowned"),
         single("rows", "All rows.", "total", "records")),
        alias="unowned_rows",
    ),
    _share(
        "renewals_without_owner",
        ("Renewals without owner",
         "Contracts that end within 90 days and whose renewal nobody owns, as a share of all that "
         "end within 90 days.",
         "contracts at one moment", "The day counts from the notice period where there is one."),
        (single("without_owner", "Renewals due without an owner.", "unowned"),
         single("due", "Renewals due within 90 days.", "renewals", "total")),
        Form(without_owner_soon, (
            series("days_until", "Days until each contract ends.", "days"),
            series("has_owner", "Whether somebody owns its renewal.", "owner", kind=Kind.FLAG),
            single("within", "Days that count as soon.", default=_SOON))),
        alias="unowned_renewals",
    ),
)  # fmt: skip
