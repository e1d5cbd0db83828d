"""Reading accounts: who may be meant by a name, lists, and one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, bindparam, column, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean, Integer, String

from app.accounts.matching import Candidate, Party, Rarity, Verdict, normalise, rank
from app.accounts.matching.blocking import EXACT, asked
from app.accounts.matching.index import MOST_EXACT, MOST_FOUND, MOST_NEAR, keys_of, to_judge
from app.accounts.matching.text import sound
from app.accounts.models import Account, AccountKey, NameToken
from app.db.paging import Page, page_of
from app.kernel.errors import NotFound

ALL_NAMES = ""
"""The token under which the number of all accounts is kept."""

_COLUMNS = (
    Account.id, Account.name, Account.country, Account.domain, Account.tax_number, Account.duns,
    Account.city, Account.address,
)  # fmt: skip
_PROBE = text(
    """SELECT found.account_id, max(probe.most) AS most, bool_or(probe.telling) AS telling,
       count(*) AS shared
  FROM unnest(:keys, :most, :telling) AS probe (key, most, telling)
 CROSS JOIN LATERAL (SELECT account_id FROM account_key WHERE account_key.key = probe.key
                      LIMIT probe.most) AS found
 GROUP BY found.account_id"""
).bindparams(
    bindparam("keys", type_=ARRAY(String)),
    bindparam("most", type_=ARRAY(Integer)),
    bindparam("telling", type_=ARRAY(Boolean)),
)


@dataclass(frozen=True, slots=True)
class Match:
    """A known account that may be the party asked about, and the verdict on it."""

    account_id: UUID
    party: Party
    verdict: Verdict


def candidates(session: Session, party: Party) -> list[Candidate]:
    """Return the accounts to judge: one statement, a few index probes by the keys of ``party``.

    A key that very many accounts share is read in part only; it tells nothing.
    Those that share an exact key come first, then those that share most; where many share one word
    alone, the shortest names, among which a parent would be. Of those that share no telling key
    only the ones whose names read alike are kept.
    Partners may not read accounts: their pre-check calls this in the system's reach.
    """
    probed = _probed(party)
    nearest = (probed.c.most.desc(), probed.c.shared.desc(), func.length(Account.name))
    rows = session.execute(
        select(*_COLUMNS, probed.c.telling)
        .join(probed, probed.c.account_id == Account.id)
        .order_by(*nearest, Account.id)
        .limit(MOST_FOUND)
    )
    return to_judge(party, ((_candidate(row), row.telling) for row in rows))


def matches(session: Session, party: Party) -> list[Match]:
    """Return the accounts that may be ``party``, the likeliest first, with verdicts."""
    found = candidates(session, party)
    rarity = rarity_of(session, [party.name, *(one.party.name for one in found)])
    return [
        Match(candidate.id, candidate.party, verdict)
        for candidate, verdict in rank(party, found, rarity)
        if isinstance(candidate.id, UUID)
    ]


def rarity_of(session: Session, names: Sequence[str]) -> Rarity:
    """Return how often each word of ``names`` occurs in the names of all accounts."""
    words = {sound(word) for name in names for word in normalise(name).words}
    rows = session.execute(
        select(NameToken.token, NameToken.accounts).where(NameToken.token.in_([*words, ALL_NAMES]))
    )
    counts = {row.token: row.accounts for row in rows}
    return Rarity(counts, counts.get(ALL_NAMES, 0))


def page_of_accounts(session: Session, *, search: str = "", number: int = 1) -> Page:
    """Return a page of accounts by name, those that ``search`` (a name or domain) may mean."""
    statement = select(*_COLUMNS, Account.industry, Account.is_named, Account.created_at).order_by(
        func.lower(Account.name), Account.id
    )
    return page_of(session, _searched(statement, search.strip()), number)


def _searched(statement: Select[*tuple[Any, ...]], search: str) -> Select[*tuple[Any, ...]]:
    if not search:
        return statement
    wanted = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    probed = select(_probed(Party(search, domain=search)).c.account_id)
    return statement.where(
        or_(
            Account.name.ilike(f"%{wanted}%"),
            Account.domain.ilike(f"{wanted}%"),
            Account.id.in_(probed),
        )
    )


def one(session: Session, account_id: UUID, *, lock: bool = False) -> Account:
    """Return an account.

    :raises NotFound: where there is none, or none that the reader may see
    """
    statement = select(Account).where(Account.id == account_id)
    account = session.scalar(statement.with_for_update() if lock else statement)
    if account is None:
        raise NotFound
    return account


def parent_and_children(session: Session, account: Account) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the account above this one and those below it: id, name, whether above."""
    above = Account.id == account.parent_id
    return session.execute(
        select(Account.id, Account.name, above.label("is_above"))
        .where(or_(above, Account.parent_id == account.id))
        .order_by(above.desc(), func.lower(Account.name))
        .limit(50)
    ).all()


def choices(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id and name of the first 500 accounts by name, to choose from."""
    return session.execute(
        select(Account.id, Account.name).order_by(func.lower(Account.name)).limit(500)
    ).all()


def from_source(session: Session, source: str) -> dict[str, UUID]:
    """Return the accounts that ``source`` brought, by its own identifiers."""
    rows = session.execute(select(Account.source_id, Account.id).where(Account.source == source))
    return {source_id: account_id for source_id, account_id in rows if source_id is not None}


def has_keys(session: Session, account_id: UUID) -> bool:
    """Return whether the account can be found by its name."""
    return bool(session.scalar(select(exists().where(AccountKey.account_id == account_id))))


def _probed(party: Party) -> Subquery:
    wanted = asked(keys_of(party))
    most = [MOST_EXACT if key.startswith(EXACT) else MOST_NEAR for key in wanted]
    probe = _PROBE.bindparams(keys=list(wanted), most=most, telling=list(wanted.values()))
    columns = (
        AccountKey.account_id, column("most", Integer), column("telling", Boolean),
        column("shared", Integer),
    )  # fmt: skip
    return probe.columns(*columns).subquery()


def _candidate(row: Row[*tuple[Any, ...]]) -> Candidate:
    place = row.city or None, row.address or None
    party = Party(row.name, row.country, row.domain, row.tax_number, row.duns, *place)
    return Candidate(row.id, party)
