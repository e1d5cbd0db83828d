"""Tax and DUNS numbers in one spelling; None for what is no number."""

import re
from functools import lru_cache

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

_NOT_A_NUMBER = re.compile(r"[^A-Z0-9]")
_DUNS_LENGTH = 9
_SHORTEST_TAX = 5


@lru_cache(maxsize=16_384)
def tax_number_of(text: str | None, country: str | None = None) -> str | None:
    """Return ``text`` as country code and number (``DE136695976``), or None where it is none."""
    plain = _NOT_A_NUMBER.sub("", (text or "").upper())
    if sum(c.isdigit() for c in plain) < _SHORTEST_TAX or len(set(plain)) == 1:
        return None
    code = (country or "").upper()
    if code and not plain.startswith(_prefixes(code)):
        plain = code + _compact(plain, code)
    return _NOT_A_NUMBER.sub("", plain).replace("EL", "GR", 1) if plain[:2] == "EL" else plain


def _prefixes(code: str) -> tuple[str, ...]:
    return ("GR", "EL") if code == "GR" else (code,)


def _compact(plain: str, code: str) -> str:
    module = get_cc_module(code.lower(), "vat")
    if module is None:
        return plain
    try:
        return str(module.compact(plain)).upper()
    except ValidationError:
        return plain


def duns_of(text: str | None) -> str | None:
    """Return the nine digits of a DUNS number, or None where it is none."""
    digits = "".join(c for c in text or "" if c.isdigit())
    return digits if len(digits) == _DUNS_LENGTH and len(set(digits)) > 1 else None
