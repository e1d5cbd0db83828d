"""The verdict on two parties: same, possible or different, with its reasons."""

from collections.abc import Iterable

from app.accounts.matching.addresses import address_of, is_same
from app.accounts.matching.domains import domain_of
from app.accounts.matching.identifiers import duns_of, tax_number_of
from app.accounts.matching.likeness import Likeness
from app.accounts.matching.names import likeness
from app.accounts.matching.party import (
    UNKNOWN_RARITY,
    Candidate,
    Decision,
    Party,
    Rarity,
    Relation,
    Verdict,
)
from app.accounts.matching.readings import readings
from app.accounts.matching.text import fold, latin

SAME_FROM = 0.86
POSSIBLE_FROM = 0.66
_CAP_OTHER_NUMBER = 0.82
_CAP_OTHER_COUNTRY = 0.84
_OTHER_DOMAIN = 0.04
_SAME_CITY, _SAME_ADDRESS = 0.02, 0.05


def compare(left: Party, right: Party, rarity: Rarity = UNKNOWN_RARITY) -> Verdict:
    """Return whether the two parties are the same organisation, and why."""
    names = _best_reading(left, right, rarity)
    exact = _exact(left, right)
    if exact:
        score = max(exact[0], names.score)
        return _verdict(Likeness(score, (exact[1], *names.reasons), names.relation))
    return _verdict(_with_evidence(names, left, right))


def rank(
    party: Party, candidates: Iterable[Candidate], rarity: Rarity = UNKNOWN_RARITY
) -> list[tuple[Candidate, Verdict]]:
    """Return the candidates that may be ``party``, the likeliest first."""
    judged = [(candidate, compare(party, candidate.party, rarity)) for candidate in candidates]
    near = [pair for pair in judged if pair[1].decision is not Decision.DIFFERENT]
    return sorted(near, key=lambda pair: (-pair[1].score, pair[0].party.name))


def _best_reading(left: Party, right: Party, rarity: Rarity) -> Likeness:
    countries = (left.country, right.country)
    return max(
        (
            likeness(one, other, rarity, countries=countries)
            for one in readings(left.name)
            for other in readings(right.name)
        ),
        key=lambda found: found.score,
    )


def _exact(left: Party, right: Party) -> tuple[float, str] | None:
    numbers = _numbers(left, right)
    for word, ours, theirs in numbers:
        if ours and ours == theirs:
            return 1.0, f"The {word} is the same."
    if any(ours and theirs and ours != theirs for _, ours, theirs in numbers):
        return None
    domain = domain_of(left.domain) if left.domain and right.domain else None
    if domain and domain == domain_of(right.domain):
        return 0.98, f"Both use the domain {domain}."
    return None


def _numbers(left: Party, right: Party) -> tuple[tuple[str, str | None, str | None], ...]:
    if not ((left.tax_number and right.tax_number) or (left.duns and right.duns)):
        return ()
    taxes = (
        tax_number_of(left.tax_number, left.country),
        tax_number_of(right.tax_number, right.country),
    )
    if taxes[0] and taxes[1] and taxes[0][:2] != taxes[1][:2]:
        taxes = None, None
    return (
        ("tax number", *taxes),
        ("DUNS number", duns_of(left.duns), duns_of(right.duns)),
    )


def _with_evidence(names: Likeness, left: Party, right: Party) -> Likeness:
    score, reasons = names.score, list(names.reasons)
    for word, ours, theirs in _numbers(left, right):
        if ours and theirs:
            score = min(score, _CAP_OTHER_NUMBER)
            reasons.append(f"The {word}s differ.")
    if left.country and right.country and left.country.upper() != right.country.upper():
        score = min(score, _CAP_OTHER_COUNTRY)
        reasons.append(f"The countries differ ({left.country}, {right.country}).")
    if left.domain and right.domain:
        ours, theirs = domain_of(left.domain), domain_of(right.domain)
        if ours and theirs and ours != theirs:
            score -= _OTHER_DOMAIN
            reasons.append(f"The domains differ ({ours}, {theirs}).")
    place = _place(left, right)
    if place is not None:
        score = min(1.0, score + place[0]) if score >= POSSIBLE_FROM else score
        reasons.append(place[1])
    return Likeness(max(0.0, score), tuple(reasons), names.relation)


def _place(left: Party, right: Party) -> tuple[float, str] | None:
    """Return what an equal place of the two adds, and in words which; None where none is equal."""
    is_in = bool(left.city and right.city)
    if is_in and fold(latin(left.city or "")) != fold(latin(right.city or "")):
        return None
    ours, theirs = address_of(left.address), address_of(right.address)
    if ours and theirs and is_same(ours, theirs):
        return _SAME_ADDRESS, f"Both are at {(left.address or '').strip(' .,')}."
    return (_SAME_CITY, f"Both are in {left.city}.") if is_in else None


def _verdict(found: Likeness) -> Verdict:
    if found.score >= SAME_FROM:
        decision = Decision.SAME
    else:
        decision = Decision.POSSIBLE if found.score >= POSSIBLE_FROM else Decision.DIFFERENT
    relation = found.relation if decision is not Decision.DIFFERENT else Relation.NONE
    return Verdict(decision, round(found.score, 4), found.reasons, relation)
