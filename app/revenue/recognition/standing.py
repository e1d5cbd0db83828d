"""How a contract stands at the end of a day: what is allocated, earned, revenue, owed back."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from app.kernel.money import allocate, round_half_away
from app.revenue.recognition.book import Book, Item, Stage
from app.revenue.recognition.estimates import counted
from app.revenue.recognition.goods import Goods, goods_of
from app.revenue.recognition.open_ended import brought
from app.revenue.recognition.plan import planned
from app.revenue.recognition.progress import Measured, earned, share_done
from app.revenue.recognition.terms import Obligation, Pattern

Amounts = dict[str, int]


@dataclass(slots=True)
class Standing:
    """Amounts in grains, cumulative since the contract began."""

    price: int = 0
    allocated: Amounts = field(default_factory=dict)
    earned: Amounts = field(default_factory=dict)
    """Consideration for what was transferred, before what is expected to be given back."""
    progress: dict[str, Fraction] = field(default_factory=dict)
    revenue: Amounts = field(default_factory=dict)
    passed_on: int = 0
    """What an agent collects for others."""
    refundable: int = 0
    """What is expected to be given back of what was transferred: returns and rebates."""
    credited: int = 0
    """Credits for goods that came back."""
    paid_out: int = 0
    """What of consideration payable to the customer has reduced revenue."""
    goods: Goods = field(default_factory=Goods)
    parts: dict[int, Amounts] = field(default_factory=dict)
    """What each stage shares out, by its number."""

    @property
    def total(self) -> int:
        """Revenue of all obligations."""
        return sum(self.revenue.values())


def standing(
    book: Book, on: date, known: date | None = None, *, all_done: bool = False
) -> Standing:
    """Return how a contract stands at the end of ``on``, as far as the book tells.

    Days after ``known`` are planned: time goes on, and what has a planned day is done on it.
    ``all_done`` asks how it will stand when every obligation is satisfied.
    """
    found = Standing()
    if not book.stages and not book.terms:
        return found
    _pools(book, on, known or on, found, all_done=all_done)
    _royalties(book, found)
    _opened(book, found)
    _reductions(book, found)
    _own(book, found, min(on, known or on))
    return found


def _pools(book: Book, on: date, known: date, found: Standing, *, all_done: bool) -> None:
    carried: dict[int, int] = {}
    children = {stage.parent: stage.number for stage in book.stages if stage.parent is not None}
    for stage in book.stages:
        place = stage.number, carried.get(stage.number, 0)
        if place not in book.shared_out:
            book.shared_out[place] = _parts(book, stage, place[1])
        whole, parts = book.shared_out[place]
        found.price += whole - carried.get(stage.number, 0)
        found.parts[stage.number] = dict(zip(stage.members, parts, strict=True))
        left = 0
        for key, part in found.parts[stage.number].items():
            if stage.frozen is not None and key in stage.frozen.flows:
                left += part
                _add(found.earned, key, 0)
                _add(found.allocated, key, 0)
                continue
            terms, measured, day = _measured(book, stage, key, on, known)
            if all_done and stage.frozen is None:
                measured = replace(measured, complete=True)
            span = stage.spans.get(key)
            share = found.progress[key] = share_done(terms, span, measured, day)
            done = earned(terms, span, measured, whole=part, share=share, on=day)
            _add(found.earned, key, done)
            _add(found.allocated, key, part if stage.frozen is None else done)
            left += part - done
        if stage.frozen is not None and stage.number in children:
            carried[children[stage.number]] = left
        elif stage.frozen is not None:
            found.price -= left


def _measured(
    book: Book, stage: Stage, key: str, on: date, known: date
) -> tuple[Obligation, Measured, date]:
    if stage.frozen is not None:
        return stage.frozen.terms[key], stage.frozen.measured[key], min(on, stage.frozen.on)
    terms, measured = book.terms[key], book.measured(key, stage)
    return terms, planned(terms, measured, on, known), on


def _parts(book: Book, stage: Stage, carried: int) -> tuple[int, list[int]]:
    """Return the consideration of a stage and its allocation, in grains."""
    whole = round_half_away(stage.price) + carried
    named: list[tuple[Item, int]] = []
    for item in book.items.values():
        if item.stage != stage.number or item.terms.royalty or _is_open(book, item):
            continue
        amount = amount_of(item, stage.price)
        if item.terms.obligations:
            named.append((item, amount))
        else:
            whole += amount
    parts = allocate(whole, stage.weights) if stage.members else []
    for item, amount in named:
        whole += amount
        for key, share in shared(stage, item, amount).items():
            parts[stage.members.index(key)] += share
    return whole, parts


def shared(stage: Stage, item: Item, amount: int) -> Amounts:
    """Return what a variable element adds to each member of its stage that it belongs to."""
    named = item.terms.obligations
    places = [n for n, key in enumerate(stage.members) if not named or key in named]
    weights = [stage.weights[n] for n in places]
    if not places:
        return {}
    shares = allocate(amount, weights if any(weights) else [1] * len(places))
    return {stage.members[n]: share for n, share in zip(places, shares, strict=True)}


def _royalties(book: Book, found: Standing) -> None:
    """Add royalties: earned when sales or usage occur, once their obligation is at least begun.

    IFRS 15.B63, ASC 606-10-55-65: the later of the two.
    """
    for item in book.items.values():
        if not item.terms.royalty or _is_open(book, item):
            continue
        amount = amount_of(item, Fraction(0))
        found.price += amount
        for key, share in shared(book.stages[item.stage], item, amount).items():
            begun = found.progress.get(key, 0) > 0 or found.earned.get(key, 0) != 0
            _add(found.allocated, key, share)
            _add(found.earned, key, share if begun else 0)


def amount_of(item: Item, base: Fraction) -> int:
    """Return what a variable element adds to the price now, in grains; below zero if it reduces."""
    if item.terms.royalty:
        return round_half_away(item.sold)
    amount = counted(item.estimate, reduces=item.terms.reduces).included
    if item.terms.rate is not None:
        amount = item.terms.rate * base if item.estimate.included else Fraction(0)
    return round_half_away(-amount if item.terms.reduces else amount)


def _opened(book: Book, found: Standing) -> None:
    """Add what open-ended obligations brought: what is delivered makes their price."""
    for key, terms in book.terms.items():
        if terms.open_ended or terms.pattern is Pattern.AS_INVOICED:
            bill, own = brought(book, terms)
            found.refundable += max(0, bill - own)
            found.earned[key] = found.allocated[key] = own
            found.price += own
    for item in book.items.values():
        if _is_open(book, item):
            for key in item.terms.obligations:
                change = amount_of(item, Fraction(found.earned[key]))
                found.earned[key] += change
                found.price += change
                found.allocated[key] += change
                found.refundable += -change if item.terms.refundable else 0


def _is_open(book: Book, item: Item) -> bool:
    names = item.terms.obligations
    return bool(names) and all(book.terms[key].open_ended for key in names if key in book.terms)


def _reductions(book: Book, found: Standing) -> None:
    """Find what rebates and payments to the customer have reduced of what was transferred."""
    if not book.items and not book.payables:
        return
    for item in book.items.values():
        if not item.terms.refundable or _is_open(book, item):
            continue
        base = book.stages[item.stage].price
        whole = -amount_of(item, base)
        found.refundable += realised(whole, found, item.terms.obligations or found.allocated)
    payable = round_half_away(sum((amount for _, amount in book.payables), Fraction(0)))
    if payable and book.stages:
        found.paid_out = realised(payable, found, found.allocated)


def realised(whole: int, found: Standing, keys: Iterable[str]) -> int:
    """Return what of an amount belongs to what was transferred so far."""
    names = [key for key in keys if key in found.allocated]
    allotted = sum(found.allocated[key] for key in names)
    done = sum(found.earned[key] for key in names)
    return round_half_away(Fraction(whole * done, allotted)) if allotted else 0


def _own(book: Book, found: Standing, on: date) -> None:
    """Take off what is expected back, what is passed on, and what was credited."""
    for key, terms in book.terms.items():
        gross = found.earned.get(key, 0)
        if _is_plain(book, terms):
            found.revenue[key] = gross
            continue
        back = goods_of(book, terms, gross, on)
        found.goods = found.goods.plus(back)
        found.refundable += back.refundable
        found.credited += back.credited
        net = gross - back.refundable - back.credited
        net -= round_half_away(book.credits.get(key, Fraction(0)))
        found.revenue[key] = round_half_away(net * terms.kept)
        found.passed_on += net - found.revenue[key]


def _is_plain(book: Book, terms: Obligation) -> bool:
    """Return whether all that is earned is revenue, and costs nothing."""
    return (
        terms.returns is None
        and terms.unit_cost is None
        and terms.kept == 1
        and terms.id not in book.spent
        and terms.id not in book.credits
    )


def _add(amounts: Amounts, key: str, amount: int) -> None:
    amounts[key] = amounts.get(key, 0) + amount
