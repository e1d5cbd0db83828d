"""Human references such as DR-2026-000123-5: series, year, number, check digit."""

from stdnum import luhn


def reference(series: str, year: int, number: int) -> str:
    """Return the reference of the ``number``-th thing of ``series`` in ``year``.

    The last digit is a Luhn check digit over year and number, so a mistyped digit is noticed.
    """
    body = f"{year}{number:06d}"
    return f"{series}-{year}-{number:06d}-{luhn.calc_check_digit(body)}"


def is_reference(text: str) -> bool:
    """Return whether ``text`` is a well-formed reference whose check digit fits."""
    parts = text.strip().upper().split("-")
    if len(parts) != 4 or not all(part.isdigit() for part in parts[1:]):
        return False
    return luhn.is_valid("".join(parts[1:]))
