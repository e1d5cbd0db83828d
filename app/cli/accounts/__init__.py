"""`flask accounts`: match names without a database, and file accounts anew."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.accounts.matching import Candidate, Decision, Party, Verdict, compare, keys, rank
from app.accounts.models import Account
from app.accounts.services import index_keys, learn_rarity
from app.cli.accounts.tables import label_of, listed, party_of
from app.cli.files import BadFile, rows_of
from app.db.engine import transaction

_OUTPUT = ("left", "right", "decision", "score", "relation", "reasons")
_BATCH = 1000


@dataclass(slots=True)
class Counts:
    """How the decisions stand to the labels."""

    rows: int = 0
    hits: int = 0
    false_alarms: int = 0
    missed: int = 0

    def add(self, *, said: bool, label: bool) -> None:
        """Count one labelled pair."""
        self.rows += 1
        self.hits += said and label
        self.false_alarms += said and not label
        self.missed += label and not said

    def lines(self) -> Iterator[str]:
        """Yield precision, recall and F1, n/a where a denominator is zero."""
        found, true = self.hits + self.false_alarms, self.hits + self.missed
        yield f"pairs {self.rows}"
        yield f"precision {_share(self.hits, found)}"
        yield f"recall {_share(self.hits, true)}"
        yield f"f1 {_share(2 * self.hits, found + true)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "n/a"


@click.group("accounts")
def commands() -> None:
    """Match organisations, and file accounts under their keys."""


@commands.command()
@click.option("--pairs", type=click.Path(path_type=Path), help="CSV: left, right[, match, ...].")
@click.option("--output", type=click.Path(path_type=Path), help="CSV of decisions with reasons.")
@click.option("--against", type=click.Path(path_type=Path), help="CSV of names to look in.")
@click.option("--name", help="The name to look for.")
@click.option("--country", help="Its country, two letters.")
@click.option("--domain", help="Its website.")
def match(
    pairs: Path | None,
    output: Path | None,
    against: Path | None,
    name: str | None,
    country: str | None,
    domain: str | None,
) -> None:
    """Say of pairs of names, or of one name and a list, which are the same organisation."""
    if pairs is not None and against is None and name is None:
        _match_pairs(pairs, output)
    elif against is not None and name is not None and name.strip() and pairs is None:
        _match_one(against, Party(name, country, domain))
    else:
        raise BadFile("Give either --pairs FILE, or --against FILE with --name TEXT.")


@commands.command()
def index() -> None:
    """File every account under its keys anew and count the words of all names."""
    with transaction(SYSTEM.scope) as session:
        for account in session.scalars(select(Account).execution_options(yield_per=_BATCH)):
            index_keys(session, account)
        words = learn_rarity(session)
    click.echo(f"Every account is filed; {words} words occur more than once.")


def _match_pairs(pairs: Path, output: Path | None) -> None:
    counts = Counts()
    if output is None:
        for _ in _counted(pairs, counts):
            pass
    else:
        _write(output, _counted(pairs, counts))
    for line in counts.lines() if counts.rows else ():
        click.echo(line)
    if not counts.rows and not output:
        click.echo("The file has no labels; give --output FILE for the decisions.")


def _write(output: Path, rows: Iterator[tuple[str, ...]]) -> None:
    """Write the file whole or not at all."""
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(_OUTPUT)
            writer.writerows(rows)
        draft.replace(output)
    except OSError as problem:
        raise BadFile(f"{output}: cannot be written ({problem.strerror}).") from None
    finally:
        draft.unlink(missing_ok=True)


def _counted(pairs: Path, counts: Counts) -> Iterator[tuple[str, ...]]:
    for verdict, left, right, label in _judged(pairs):
        if label is not None:
            counts.add(said=verdict.decision is Decision.SAME, label=label)
        yield _output_row(left, right, verdict)


def _judged(pairs: Path) -> Iterator[tuple[Verdict, str, str, bool | None]]:
    for number, row in rows_of(pairs, ("left", "right")):
        left, right = (party_of(pairs, number, row, side) for side in ("left", "right"))
        yield compare(left, right), left.name, right.name, label_of(pairs, number, row)


def _output_row(left: str, right: str, verdict: Verdict) -> tuple[str, ...]:
    reasons = " ".join(verdict.reasons)
    return left, right, verdict.decision, f"{verdict.score:.4f}", verdict.relation, reasons


def _match_one(against: Path, party: Party) -> None:
    wanted = keys(party.name, party.country, party.domain)
    known = (
        Candidate(number, listed(against, number, row))
        for number, row in rows_of(against, ("name",))
    )
    near = [one for one in known if wanted & keys(one.party.name, None, one.party.domain)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("row", "name", "decision", "score", "relation", "reasons"))
    for candidate, verdict in rank(party, near):
        writer.writerow((candidate.id, *_output_row("", candidate.party.name, verdict)[1:]))
