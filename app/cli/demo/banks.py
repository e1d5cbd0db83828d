"""Account numbers that pass every check and belong to no bank: all carry an invented bank code."""

from collections.abc import Callable

_LETTERS = {letter: str(10 + place) for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_FRENCH_KEY = 97


def account_number(country: str, number: int) -> str:
    """Return an IBAN (ISO 13616) of ``country`` whose account is ``number``."""
    basic = _BASIC[country](number)
    digits = "".join(_LETTERS.get(sign, sign) for sign in f"{basic}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{basic}"


def _french(number: int) -> str:
    bank, branch = 99_999, 1
    key = _FRENCH_KEY - (89 * bank + 15 * branch + 3 * number) % _FRENCH_KEY
    return f"{bank:05d}{branch:05d}{number:011d}{key:02d}"


_BASIC: dict[str, Callable[[int], str]] = {
    "DE": "99999999{:010d}".format,
    "FR": _french,
    "GB": "DEMO999999{:08d}".format,
    "NL": "DEMO{:010d}".format,
}
