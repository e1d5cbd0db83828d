"""One partner again out of 5,000 with a million facts in PostgreSQL, read by the app's own queries.

``python -m benchmarks.incentives_rows [facts] [partners]``. Every order is booked, billed and paid,
credited to one partner, and paid for by the 40 components of ``benchmarks.incentives_facts``.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import load_models
from app.access.rules import SYSTEM
from app.db import embedded, engine, schema
from app.incentives import queries, services
from app.kernel.period import month_of
from benchmarks.figures import Figure, figure, show
from benchmarks.incentives_facts import (
    AS_OF,
    COUNTRIES,
    FAMILIES,
    FIRST,
    KINDS,
    LAST,
    PER,
    PROGRAMMES,
    ROUTES,
    TIERS,
    TURN,
    Rule,
    World,
    world,
)

SAMPLE = 60
MOST = 200.0
MONTH = month_of(AS_OF.date())
BEFORE = month_of(MONTH.start - timedelta(days=1))
EARLY = datetime.combine(FIRST, time(), UTC)
Row = tuple[object, ...]
Table = tuple[str, Iterable[Row]]


def some_id(kind: str, place: int) -> UUID:
    """Return the identifier of a thing of a kind."""
    return UUID(int=(int.from_bytes(kind.encode()) << 48) + place + 1)


def tables(made: World) -> Iterator[Table]:
    """Yield each table with its columns, and its rows; what others refer to comes first."""
    yield (
        "programme (id, code, name, kind, answer_hours, parents_see_children, version)",
        (
            (some_id("programme", place), code, code, "reseller", 16, False, 1)
            for place, code in enumerate(PROGRAMMES)
        ),
    )
    yield (
        "tier (id, programme_id, code, name, rank, protection_days, extension_days, extensions,"
        " yearly_bookings_minor, discount)",
        (
            (tier_id(own, place), some_id("programme", own), code, code, place, 90, 30, 1, 0, 0)
            for own in range(len(PROGRAMMES))
            for place, code in enumerate(TIERS)
        ),
    )
    yield from _partners(made)
    yield (
        "family (id, code, name)",
        ((some_id("family", place), code, code) for place, code in enumerate(FAMILIES)),
    )
    yield (
        "product (id, code, name, family_id, is_active, version)",
        (
            (some_id("product", place), code, code, some_id("family", place), True, 1)
            for place, code in enumerate(FAMILIES)
        ),
    )
    yield from _plans(made)
    yield (
        "legal_entity (id, code, name, country, currency, street, city, postcode, tax_number,"
        " iban, bic)",
        [(some_id("entity", 0), "DE", "Tandem", "DE", "EUR", "", "", "", "", "", "")],
    )
    yield (
        "attribution_policy (id, code, number, name, document, published_at)",
        [(some_id("policy", 0), "one", 1, "One", Jsonb({}), EARLY)],
    )
    yield from _orders(made)


def tier_id(programme: int, tier: int) -> UUID:
    """Return the identifier of a tier of a programme."""
    return some_id("tier", programme * len(TIERS) + tier)


def _partners(made: World) -> Iterator[Table]:
    every = range(len(made.tier))
    programme, country = made.programme.tolist(), made.country.tolist()
    first, then, promoted = made.tier.tolist(), made.tier_then.tolist(), made.promoted.tolist()
    yield (
        "partner (id, number, name, legal_name, state, programme_id, tier_id, country, region,"
        " currency, street, city, postcode, tax_number, website, contact_name, contact_email,"
        " joined_at, version)",
        (
            (
                some_id("partner", place), f"P-{place}", f"Partner {place}", "", "active",
                some_id("programme", programme[place]), tier_id(programme[place], then[place]),
                COUNTRIES[country[place]], "", "EUR", *[""] * 7, EARLY, 1,
            )
            for place in every
        ),
    )  # fmt: skip
    spans = (
        (place, tier, start, until)
        for place in every
        for tier, start, until in (
            (first[place], FIRST, date.fromordinal(promoted[place])),
            (then[place], date.fromordinal(promoted[place]), None),
        )
    )
    yield (
        "tier_hold (id, partner_id, tier_id, held_from, held_until)",
        (
            (some_id("hold", number), some_id("partner", place), tier_id(programme[place], tier),
             start, until)
            for number, (place, tier, start, until) in enumerate(spans)
        ),
    )  # fmt: skip


def _plans(made: World) -> Iterator[Table]:
    names = [*enumerate(PROGRAMMES)]
    yield (
        "plan (id, code, name)",
        ((some_id("plan", place), code, code.title()) for place, code in names),
    )
    windows = ((1, FIRST, TURN), (2, TURN, None))
    yield (
        "plan_version (id, plan_id, number, state, effective_from, effective_until, document,"
        " published_at, version)",
        (
            (
                some_id("version", place * 2 + number), some_id("plan", place), number,
                "published" if until is None else "superseded", start, until,
                Jsonb(_document(made, place, number, start)), EARLY, 1,
            )
            for place, _ in names
            for number, start, until in windows
        ),
    )  # fmt: skip


def _document(made: World, programme: int, version: int, start: date) -> dict[str, object]:
    own = [rule for rule in made.rules if (rule.programme, rule.version) == (programme, version)]
    return {
        "code": PROGRAMMES[programme],
        "version": version,
        "title": PROGRAMMES[programme].title(),
        "currency": "EUR",
        "effective": {"from": start.isoformat()},
        "components": [_component(rule) for rule in own],
    }


def _component(rule: Rule) -> dict[str, object]:
    conditions = (
        ("programme", PROGRAMMES, (rule.programme,)),
        ("family", FAMILIES, rule.families),
        ("country", COUNTRIES, rule.countries),
        ("tier", TIERS, rule.tiers),
        ("route", ROUTES, rule.routes),
    )
    brackets = [
        {"from": f"{edge // 100}", "rate": f"{rate}/{PER}"}
        for edge, rate in zip((0, *rule.edges), rule.rates, strict=True)
    ]
    return {
        "code": f"c{rule.component:02}",
        "title": f"Component {rule.component}",
        "basis": str(KINDS[rule.kind]),
        "applies_to": {
            "all": [{fact: [words[code] for code in codes]} for fact, words, codes in conditions]
        },
        "rates": {"mode": "marginal", "reset": rule.reset, "brackets": brackets},
    }


def _orders(made: World) -> Iterator[Table]:
    """Yield orders with one line, one invoice and one payment each, credited to one partner."""
    partner, minor, route = made.partner.tolist(), made.minor.tolist(), made.route.tolist()
    family = made.family.tolist()
    every = range(len(made.day))
    days = [date.fromordinal(day) for day in made.day.tolist()]
    paid = [min(day + timedelta(days=30), LAST - timedelta(days=2)) for day in days]
    months = timedelta(days=30)
    yield (
        "sales_order (id, number, state, entity_id, deal_type, currency, total_minor, booked_on,"
        " customer_reference, created_at, version)",
        ((some_id("order", n), f"SO-{n}", "booked", some_id("entity", 0), "new_business", "EUR",
          minor[n], days[n], "", EARLY, 1) for n in every),
    )  # fmt: skip
    yield (
        "order_line (id, order_id, product_id, position, quantity, amount_minor)",
        ((some_id("line", n), some_id("order", n), some_id("product", family[n]), 1, 1, minor[n])
         for n in every),
    )  # fmt: skip
    yield (
        "invoice (id, number, kind, order_id, currency, amount_minor, issued_on, due_on,"
        " created_at)",
        ((some_id("bill", n), f"IN-{n}", "invoice", some_id("order", n), "EUR", minor[n], days[n],
          days[n] + months, EARLY) for n in every),
    )  # fmt: skip
    yield (
        "payment (id, number, kind, invoice_id, currency, amount_minor, received_on, reference,"
        " created_at)",
        ((some_id("cash", n), f"PY-{n}", "payment", some_id("bill", n), "EUR", minor[n], paid[n],
          "", EARLY) for n in every),
    )  # fmt: skip
    yield (
        "attribution_run (id, order_id, policy_id, inputs_hash, is_current, run_at)",
        ((some_id("run", n), some_id("order", n), some_id("policy", 0), "", True, EARLY)
         for n in every),
    )  # fmt: skip
    yield (
        "credit (id, run_id, order_id, partner_id, credit_class, share_numerator,"
        " share_denominator, currency, amount_minor, because)",
        ((some_id("credit", n), some_id("run", n), some_id("order", n),
          some_id("partner", partner[n]), ROUTES[route[n]], 1, 1, "EUR", minor[n], "")
         for n in every),
    )  # fmt: skip


def fill(url: str, made: World) -> None:
    """Copy everything into the database; keys are checked by what made them, not again."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for name, rows in tables(made):
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        connection.execute("VACUUM ANALYZE")


def milliseconds(act: Callable[[Session, UUID], object], partners: Iterable[int]) -> list[float]:
    """Return how long an act takes for each partner, each in a transaction of its own."""
    taken = []
    for place in partners:
        start = perf_counter()
        with engine.transaction(engine.SYSTEM_SCOPE) as session:
            act(session, some_id("partner", place))
        taken.append((perf_counter() - start) * 1000)
    return taken


def _facts(session: Session, partner_id: UUID) -> object:
    return queries.facts(session, {partner_id}, MONTH.until, AS_OF)


def _past(session: Session, partner_id: UUID) -> object:
    return services.calculate_partner(session, partner_id, BEFORE, actor=SYSTEM, at=AS_OF)


def _month(session: Session, partner_id: UUID) -> object:
    return services.calculate_partner(session, partner_id, MONTH, actor=SYSTEM, at=AS_OF)


def measure(partners: int) -> list[Figure]:
    """Measure some partners again: their facts alone, and their month as the app calculates it."""
    some = list(range(0, partners, max(1, partners // SAMPLE)))[:SAMPLE]
    past = milliseconds(_past, some)
    facts, month = milliseconds(_facts, some), milliseconds(_month, some)
    again = milliseconds(_month, some)
    middle = float(np.median(again))
    return [
        Figure("one partner's facts out of PostgreSQL, median", f"{np.median(facts):.0f} ms", ""),
        Figure("... three years at once, written", f"{np.median(past):.0f} ms", ""),
        Figure("... the month after, calculated and written", f"{np.median(month):.0f} ms", ""),
        figure("... that month again, nothing to write", middle, MOST, " ms"),
        Figure("... 95th percentile", f"{np.percentile(again, 95):.0f} ms", ""),
    ]


def main(facts: int = 1_000_000, partners: int = 5_000) -> list[Figure]:
    """Fill a database of its own, measure, and take it away again."""
    load_models()
    with tempfile.TemporaryDirectory(prefix="tandem") as folder:
        server = embedded.start(Path(folder) / "postgres", durable=False)
        try:
            owner = engine.connect(server.owner_url)
            with owner.engine.begin() as connection:
                schema.create(connection)
            owner.engine.dispose()
            fill(server.superuser_url, world(facts // 3, partners))
            database = engine.connect(server.app_url)
            with engine.transaction(engine.SYSTEM_SCOPE) as session:
                session.execute(text("SET LOCAL statement_timeout = 0"))
            figures = measure(partners)
            database.engine.dispose()
        finally:
            server.stop()
    return figures


if __name__ == "__main__":
    sys.exit(0 if show(main(*map(int, sys.argv[1:]))) else 1)
