"""Allocation of a transaction price to obligations (IFRS 15.73-86, ASC 606-10-32-28 to 41).

By relative stand-alone selling price; a discount that belongs to some obligations is taken off them
first; what is highly variable or has no price yet takes the residual.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.kernel.errors import FieldError, Invalid
from app.revenue.recognition.estimates import counted
from app.revenue.recognition.terms import Discount, Obligation, Variable


class NothingToAllocateBy(Invalid):
    """The stand-alone selling prices do not say how to split the transaction price."""

    code = "recognition.nothing_to_allocate_by"


@dataclass(frozen=True, slots=True)
class Portion:
    """What one obligation is allocated, exactly, and what it was measured by."""

    obligation: str
    ssp: Fraction
    ssp_said: str
    amount: Fraction
    discount: Fraction


@dataclass(slots=True)
class Allocation:
    """The portions of one transaction price, and what has to be said about them."""

    total: Fraction
    portions: list[Portion]
    method: str
    warnings: list[str] = field(default_factory=list)

    @property
    def weights(self) -> list[Fraction]:
        """What later changes of the price are allocated by: the same basis (IFRS 15.88)."""
        amounts = [portion.amount for portion in self.portions]
        if sum(amounts) > 0 and min(amounts) >= 0:
            return amounts
        prices = [portion.ssp for portion in self.portions]
        return prices if sum(prices) > 0 else [Fraction(1) for _ in prices]


def allocation(
    total: Fraction, obligations: Sequence[Obligation], discounts: Sequence[Discount] = ()
) -> Allocation:
    """Allocate ``total``, in grains, exactly.

    :raises NothingToAllocateBy: if prices are missing, all zero, or leave no residual
    """
    known = [with_ssp(each) for each in obligations]
    found = Allocation(total, [], "relative stand-alone selling price")
    if len(known) == 1:
        found.method = "the only obligation takes all"
        return _filled(found, known, [total])
    residual = [each for each in known if each.residual]
    if residual and len(residual) < len(known):
        amounts = _by_residual(total, known, discounts, found)
        if amounts is not None:
            return _filled(found, known, amounts)
    lacking = [each for each in known if each.ssp is None]
    if lacking:
        raise _refused(lacking[0].path + ".ssp", "The stand-alone selling price is missing.")
    return _filled(found, known, _by_ssp(total, known, discounts, found))


def toward_price(
    obligations: Sequence[Obligation], variables: Sequence[Variable]
) -> list[Obligation]:
    """Return obligations whose selling price is less what a variable element will bring for it.

    So that what is allocated in all is in proportion to the selling prices (IFRS 15.85(b)).
    """
    found = {each.id: with_ssp(each) for each in obligations}
    for variable in variables:
        if not variable.toward_price:
            continue
        named = [found[key] for key in variable.obligations if key in found]
        whole = sum((each.ssp or Fraction(0) for each in named), Fraction(0))
        brings = min(counted(variable.estimate, reduces=False).estimated, whole)
        for each in named:
            if each.ssp:
                left = each.ssp - brings * each.ssp / whole
                said = f"{each.ssp_said}, less what “{variable.id}” is expected to bring"
                found[each.id] = replace(each, ssp=left, ssp_said=said)
    if not any(each.ssp for each in found.values()):
        return list(obligations)
    return list(found.values())


def with_ssp(each: Obligation) -> Obligation:
    """Return an obligation with its stand-alone selling price, from what the document gives."""
    if each.ssp is not None:
        return each
    price = each.price
    if price is None and each.unit_price is not None and each.counted:
        price = each.unit_price * each.quantity
    if each.ssp_range is not None and not each.residual:
        low, high = each.ssp_range
        if price is not None and low <= price <= high:
            return replace(each, ssp=price, ssp_said="the stated price, which is in the range")
        return replace(each, ssp=(low + high) / 2, ssp_said="the middle of the range")
    if price is not None and not each.residual:
        return replace(each, ssp=price, ssp_said="the stated price")
    return each


def _by_ssp(
    total: Fraction,
    known: Sequence[Obligation],
    discounts: Sequence[Discount],
    found: Allocation,
) -> list[Fraction]:
    prices = {each.id: each.ssp or Fraction(0) for each in known}
    whole = sum(prices.values())
    if whole == 0:
        raise _refused("obligations", "The total standalone selling price cannot be zero.")
    taken = _discounts(prices, discounts)
    asked, real = sum(taken.values(), Fraction(0)), whole - total
    if asked > max(real, Fraction(0)):
        if discounts:
            found.warnings.append("The discounts named are more than the contract's own discount.")
        share = max(real, Fraction(0)) / asked if asked else Fraction(0)
        taken = {key: amount * share for key, amount in taken.items()}
    if any(taken.values()):
        found.method += ", after the discount that belongs to some"
    left = {key: price - taken.get(key, Fraction(0)) for key, price in prices.items()}
    rest = sum(left.values())
    if rest == 0:
        return [Fraction(0) for _ in known]
    return [total * left[each.id] / rest for each in known]


def _by_residual(
    total: Fraction,
    known: Sequence[Obligation],
    discounts: Sequence[Discount],
    found: Allocation,
) -> list[Fraction] | None:
    """Return the amounts by the residual approach, or None where it must not be used."""
    priced = {each.id: each.ssp for each in known if not each.residual and each.ssp is not None}
    lacking = [each for each in known if not each.residual and each.ssp is None]
    if lacking:
        raise _refused(lacking[0].path + ".ssp", "The stand-alone selling price is missing.")
    taken = _discounts(priced, discounts)
    left = {key: price - taken.get(key, Fraction(0)) for key, price in priced.items()}
    rest = total - sum(left.values())
    residual = [each for each in known if each.residual]
    why = _unfit(rest, residual)
    if why and all(each.ssp is not None for each in residual):
        found.warnings.append(f"{why} The residual approach is not used.")
        return None
    if rest <= 0:
        raise _refused(residual[0].path + ".residual", why)
    if why:
        found.warnings.append(f"{why} Give an ssp to allocate by relative selling prices instead.")
    shares = [each.ssp if each.ssp is not None else Fraction(1) for each in residual]
    if len(residual) > 1 and any(each.ssp is None for each in residual):
        path = residual[1].path + ".ssp"
        raise _refused(path, "Several residual obligations need an ssp each to share by.")
    found.method = "residual approach"
    parts = {
        each.id: rest * share / sum(shares) for each, share in zip(residual, shares, strict=True)
    }
    return [parts[each.id] if each.residual else left[each.id] for each in known]


def _unfit(rest: Fraction, residual: Sequence[Obligation]) -> str:
    if rest <= 0:
        return "Nothing is left for the residual."
    ranges = [each.ssp_range for each in residual if each.ssp_range]
    if len(ranges) == len(residual) == 1 and not ranges[0][0] <= rest <= ranges[0][1]:
        return "The residual lies outside the range in which it is sold."
    return ""


def _discounts(prices: dict[str, Fraction], discounts: Sequence[Discount]) -> dict[str, Fraction]:
    """Return what each obligation is reduced by, in proportion to its price in each discount."""
    taken: dict[str, Fraction] = {}
    for discount in discounts:
        whole = sum((prices.get(key, Fraction(0)) for key in discount.obligations), Fraction(0))
        amount = discount.amount
        if amount is None:
            amount = whole - (discount.price or Fraction(0))
        if not 0 <= amount <= whole:
            why = "A discount is neither negative nor more than the prices it is taken off."
            raise _refused(discount.path, why)
        for key in discount.obligations:
            if whole and key in prices:
                taken[key] = taken.get(key, Fraction(0)) + amount * prices[key] / whole
    return taken


def _filled(
    found: Allocation, known: Sequence[Obligation], amounts: Sequence[Fraction]
) -> Allocation:
    for each, amount in zip(known, amounts, strict=True):
        ssp = each.ssp if each.ssp is not None else amount
        said = each.ssp_said or ("observable" if each.ssp is not None else "what is left")
        found.portions.append(Portion(each.id, ssp, said, amount, ssp - amount))
    return found


def _refused(path: str, why: str) -> NothingToAllocateBy:
    code = NothingToAllocateBy.code
    return NothingToAllocateBy(f"{path}: {why}", errors=(FieldError(path, why, code),))
