"""What each model would have given each partner over history, beside what the policy gives."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.attribution import engine, queries
from app.kernel.money import Money
from app.partners import queries as partners

MODELS = (
    engine.Model.FIRST,
    engine.Model.LAST,
    engine.Model.LINEAR,
    engine.Model.POSITION,
    engine.Model.TIME_DECAY,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One partner (None: the vendor's own part) in one currency: minor units under each model."""

    partner_id: UUID | None
    name: str
    currency: str
    standard: int
    by_model: tuple[tuple[str, int], ...]


def compared(session: Session, policy: engine.Policy) -> list[Compared]:
    """Return influenced amounts by partner and currency under each model, the largest first."""
    standard = policy.classes.get("influenced", engine.Rule(model=engine.Model.LINEAR))
    rules = {"standard": standard} | {m.value: engine.Rule(model=m) for m in MODELS}
    policies = {
        name: engine.Policy(name, name, {"influenced": rule}) for name, rule in rules.items()
    }
    sums: dict[tuple[str | None, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for order in queries.journeys(session):
        amount = Money(order.minor, order.currency)
        for name, each in policies.items():
            for given in engine.credit(amount, order.touches, each, won_at=order.won_at):
                sums[given.partner_id, given.currency][name] += given.minor
    names = {str(key): name for key, name in partners.names(session).items()}
    rows = [_row(key, found, names) for key, found in sums.items()]
    return sorted(
        rows, key=lambda row: (row.currency, row.partner_id is None, -row.standard, row.name)
    )


def _row(key: tuple[str | None, str], found: dict[str, int], names: dict[str, str]) -> Compared:
    partner_id, currency = key
    return Compared(
        None if partner_id is None else UUID(partner_id),
        "Nobody: our own" if partner_id is None else names.get(partner_id, ""),
        currency,
        found["standard"],
        tuple((model.value, found[model.value]) for model in MODELS),
    )
