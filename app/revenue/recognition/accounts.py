"""Double entry: what each account moved by in a period; debits equal credits."""

from dataclasses import dataclass

from app.kernel.errors import Broken
from app.revenue.recognition.costs import Carried
from app.revenue.recognition.position import Position
from app.revenue.recognition.result import Row

Balances = dict[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One account's movement in a period, in grains; one of the two is zero."""

    account: str
    debit: int
    credit: int


def entries(row: Row, previous: Row | None) -> list[Entry]:
    """Return the entries of a period; debits and credits are equal.

    :raises Broken: if they are not
    """
    before = _balances(row.before, previous.costs if previous else {}, _provision(previous))
    after = _balances(row.after, row.costs, row.provision)
    found = []
    for account, amount in after.items():
        change = amount - before[account]
        if change:
            found.append(Entry(account, max(change, 0), max(-change, 0)))
    if sum(each.debit - each.credit for each in found):
        raise Broken(f"debits and credits of {row.label} differ")
    return found


def _provision(row: Row | None) -> int:
    return row.provision if row is not None else 0


def _balances(at: Position, costs: dict[str, Carried], provision: int) -> Balances:
    """Return every account's balance: debit above zero, credit below."""
    carried = costs.values()
    capitalised = sum(each.capitalised for each in carried)
    expensed = sum(each.expensed for each in carried)
    amortised = sum(each.amortised for each in carried)
    impaired = sum(each.impaired - each.regained for each in carried)
    return {
        "cash": at.cash,
        "receivable": at.receivable,
        "contract_asset": at.contract_asset,
        "customer_payment_asset": at.customer_payment_asset,
        "return_asset": at.return_asset,
        "contract_costs": capitalised - amortised - impaired,
        "inventory_and_costs_incurred": -at.shipped - capitalised - expensed,
        "customer_credit": at.applied,
        "contract_liability": -at.contract_liability,
        "refund_liability": -at.refund_liability,
        "payable_to_customer": -at.payable_to_customer,
        "payable_to_supplier": -at.passed_on,
        "loss_provision": -provision,
        "revenue": -at.revenue,
        "cost_of_sales": at.cost_of_sales,
        "interest": at.interest,
        "amortisation_of_contract_costs": amortised,
        "impairment_of_contract_costs": impaired,
        "costs_expensed": expensed,
        "loss_on_contract": provision,
    }
