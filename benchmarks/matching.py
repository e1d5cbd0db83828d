"""One name against a table of accounts in PostgreSQL, and a list against a list in memory.

``python -m benchmarks.matching [accounts] [names] [length of each list]``. The promises: the 95th
percentile under 50 ms against 1,000,000 and a twentieth of a scan of all names with RapidFuzz; two
lists of 20,000 in a minute. Ratios are to the scan, and to one bare look-up by primary key on the
same connection.
"""

import random
import string
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from rapidfuzz import fuzz, process
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import load_models
from app.accounts import queries, services
from app.accounts.matching import Candidate, Index, Party, keys, match_lists
from app.accounts.models import Account
from app.db import embedded, engine, schema
from benchmarks.figures import Figure, figure, show

MOST, MOST_OF_SCAN, MOST_FOR_LISTS = 50.0, 20.0, 60.0

_MANY = 1_000_000  # accounts; the ratio to a scan is promised from here on

_FORMS = ("GmbH", "AG", "Ltd", "Inc.", "LLC", "S.A.", "B.V.", "AB", "Oy", "S.r.l.", "plc", "")
_KINDS = (
    "Logistics", "Solutions", "Systems", "Energy", "Bank", "Foods", "Pharma", "Steel", "Partners",
    "Software", "Consulting", "Industries", "Trading", "Motors", "Media", "Networks", "",
)  # fmt: skip
_COUNTRIES = ("DE", "FR", "GB", "US", "IT", "ES", "NL", "SE", "PL", "CH")


def names(count: int, chance: np.random.Generator) -> Iterator[str]:
    """Yield company names: a long tail of first words, as in a real table."""
    parts = [c + v for c in "bdfghklmnprstvwz" for v in "aeiou"]
    syllables = chance.integers(0, len(parts), (60_000, 4))
    lengths = chance.integers(2, 5, 60_000)
    words = ["".join(parts[i] for i in row[:n]) for row, n in zip(syllables, lengths, strict=True)]
    first = (chance.pareto(0.6, count) * 40).astype(np.int64) % len(words)
    second = chance.integers(0, len(words), count)
    kinds, forms = chance.integers(0, len(_KINDS), count), chance.integers(0, len(_FORMS), count)
    for a, b, kind, form in zip(first, second, kinds, forms, strict=True):
        yield " ".join(f"{words[a]} {words[b]} {_KINDS[kind]} {_FORMS[form]}".title().split())


def fill(url: str, count: int) -> list[str]:
    """Copy ``count`` accounts and their keys into the database, and return the names."""
    chance = np.random.default_rng(7)
    made = list(names(count, chance))
    ids = [UUID(bytes=chance.bytes(16), version=4) for _ in made]
    with psycopg.connect(url) as connection:
        accounts = (
            "account (id, name, country, domain, city, industry, is_named, created_at, version)"
        )
        with connection.cursor().copy(f"COPY {accounts} FROM STDIN") as copy:
            for number, (key, name) in enumerate(zip(ids, made, strict=True)):
                country = _COUNTRIES[number % len(_COUNTRIES)]
                copy.write_row(
                    (key, name, country, f"firm{number}.com", "", "", False, "2026-01-01", 1)
                )
        with connection.cursor().copy("COPY account_key (key, account_id) FROM STDIN") as copy:
            for number, (account, name) in enumerate(zip(ids, made, strict=True)):
                for key in keys(name, domain=f"firm{number}.com"):
                    copy.write_row((key, account))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE account, account_key")
    return made


def misspelt(name: str, chance: random.Random) -> str:
    """Return ``name`` as a partner might write it: another form, sometimes a wrong letter."""
    words = name.split()
    if words[-1] in _FORMS and chance.random() < 0.5:
        words[-1] = "Limited"
    at = chance.randrange(len(words[0]))
    if chance.random() < 0.5:
        words[0] = words[0][:at] + chance.choice(string.ascii_lowercase) + words[0][at + 1 :]
    return " ".join(words)


def _p95(act: Callable[[str], object], asked: list[str]) -> float:
    taken = []
    for one in asked:
        start = perf_counter()
        act(one)
        taken.append(perf_counter() - start)
    return float(np.percentile(taken, 95)) * 1000


def _measure(session: Session, made: list[str], pairs: list[tuple[str, str]]) -> list[Figure]:
    asked = [name for _, name in pairs]
    some = list(session.scalars(select(Account.id).limit(len(asked))))
    bare = text("SELECT name FROM account WHERE id = :id")
    found = _p95(lambda name: queries.matches(session, Party(name, "DE")), asked)
    probe = _p95(lambda name: queries.candidates(session, Party(name, "DE")), asked)
    look = _p95(lambda key: session.execute(bare, {"id": key}).all(), [str(k) for k in some])
    scan = _p95(
        lambda name: process.extract(name, made, scorer=fuzz.token_sort_ratio, limit=5), asked[:5]
    )
    hit = sum(
        meant in [match.party.name for match in queries.matches(session, Party(name, "DE"))]
        for meant, name in pairs
    )
    return [
        figure(f"pre-check against {len(made):,} accounts, p95", found, MOST, " ms"),
        Figure("... its statement, p95", f"{probe:.2f} ms", ""),
        Figure("... to a bare look-up by key", f"{found / look:.2f}x", ""),
        Figure(
            "... to a scan of all names with RapidFuzz",
            f"1/{scan / found:.0f}",
            f"at most 1/{MOST_OF_SCAN:g}",
            scan / found >= MOST_OF_SCAN or len(made) < _MANY,
        ),
        Figure("... whose account is among the answers", f"{hit} of {len(pairs)}", ""),
    ]


def lists(length: int) -> list[Figure]:
    """Match ``length`` names with the same names as partners might write them."""
    chance = random.Random(7)  # noqa: S311  # names, not secrets
    ours = list(names(length, np.random.default_rng(11)))
    theirs = [misspelt(name, chance) for name in ours]
    start = perf_counter()
    index = Index.of(Candidate(number, Party(name)) for number, name in enumerate(ours))
    asked = (Candidate(number, Party(name)) for number, name in enumerate(theirs))
    first = [found[0][0].party.name if found else "" for _, found in match_lists(asked, index)]
    taken = perf_counter() - start
    hits = sum(name == meant for name, meant in zip(first, ours, strict=True))
    return [
        figure(f"two lists of {length:,}", taken, MOST_FOR_LISTS, " s"),
        Figure("... whose likeliest is the one meant", f"{hits:,} of {length:,}", ""),
    ]


def main(count: int = 1_000_000, asked_for: int = 300, length: int = 20_000) -> list[Figure]:
    """Match two lists, then fill a database of its own, measure, and take it away again."""
    figures = lists(length)
    load_models()
    with tempfile.TemporaryDirectory(prefix="tandem") as folder:
        server = embedded.start(Path(folder) / "postgres")
        try:
            url = server.owner_url
            owner = engine.connect(url)
            with owner.engine.begin() as connection:
                schema.create(connection)
            owner.engine.dispose()
            made = fill(server.superuser_url, count)
            database = engine.connect(server.app_url)
            chance = random.Random(7)  # noqa: S311  # names, not secrets
            meant = [chance.choice(made) for _ in range(asked_for)]
            pairs = [(name, misspelt(name, chance)) for name in meant]
            with engine.transaction(engine.SYSTEM_SCOPE) as session:
                session.execute(text("SET LOCAL statement_timeout = 0"))
                services.learn_rarity(session)
            with engine.transaction(engine.SYSTEM_SCOPE) as session:
                figures += _measure(session, made, pairs)
            database.engine.dispose()
        finally:
            server.stop()
    return figures


if __name__ == "__main__":
    sys.exit(0 if show(main(*map(int, sys.argv[1:]))) else 1)
