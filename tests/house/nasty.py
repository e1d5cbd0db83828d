"""Values that nobody should send, and what they are sent as."""

from uuid import UUID

NASTY: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"   ",
    "ten thousand characters": b"x" * 10_000,
    "no number": b"NaN",
    "infinity": b"1e309",
    "negative": b"-1",
    "huge": b"1" + b"0" * 30,
    "zero": b"0",
    "too precise": b"0.000000000001",
    "superscript": "²".encode(),
    "other digits": "١٢".encode(),
    "no day": b"2026-02-30",
    "past day": b"1999-01-01",
    "last day": b"9999-12-31",
    "first day": b"0001-01-01",
    "time": b"00:00",
    "nul": b"a\0b",
    "broken encoding": b"\xff\xfe",
    "lone surrogate": b"\xed\xa0\x80",
    "right to left": "\u202egnp.exe".encode(),
    "unknown currency": b"XXX",
    "nobody's id": str(UUID(int=7)).encode(),
    "markup": b"<script>alert(1)</script>",
    "query": b"'; DROP TABLE app_user; --",
    "formula": b"=HYPERLINK(1)",
    "document": b'{"a": [1e999, {"b": null}]}',
    "path": b"../../../../etc/passwd",
}
"""What nobody should send, by what is wrong with it."""
SENTINEL, NUMBER = "5e471e15-0000-4000-8000-00000000feed", "987654321"
EXTRAS = {
    **dict.fromkeys(("id", "partner_id", "user_id", "created_by", "account_id"), SENTINEL),
    **dict.fromkeys(("amount_minor", "total_minor", "number", "rank"), NUMBER),
    "state": "approved",
    "role": "admin",
    "is_active": "0",
    "created_at": "1999-01-01",
}
"""Columns that no form has, with values that would be found again."""
NOTED = frozenset({"attempt", "signed_in_session", "ledger_entry", "ledger_counter"})
"""Tables in which a refused sign-in or a denial is noted on purpose."""
STRANGE_QUERIES = [
    b"-1", b"abc", b"1" + b"0" * 20, "²".encode(), b"9999-99", b"9999-12-31", b"0001-01",
    b"x" * 3_000, b"%25%5F%5C", b"%ED%A0%80", SENTINEL.encode(),
]  # fmt: skip
"""Already quoted as in a query."""
LIST_NAMES = ["page", "sort", "q", "state", "from", "until", "currency", "partner", "period"]
NAMES = [
    *LIST_NAMES, "to", "month", "programme", "kind", "area", "whose", "stage", "mine", "before",
    "as", "next", "owner", "country", "tier", "account", "product", "group",
]  # fmt: skip
PLAUSIBLE = {
    "email": "zoe@example.com", "contact_email": "zoe@example.com", "password": "nine blue horses",
    "old": "a horse of nine colours", "on": "2026-03-05", "due_on": "2026-04-05", "country": "DE",
    "close_on": "2040-05-05", "decision_on": "2040-04-05", "expected_close_on": "2040-05-05",
    "amount": "10.00", "expected": "10.00", "currency": "EUR", "quantity": "2", "code": "ZOE9",
    "slug": "zoe-guide", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "locale": "en_GB",
    "zone": "UTC", "rank": "7", "valid_from": "2041-01-01", "effective_from": "2041-01-01",
    "customer_domain": "zoe.example", "domain": "zoe.example", "website": "https://zoe.example",
    "customer_country": "DE", "valid_until": "2041-01-01", "awarded_on": "2026-01-01",
    "yearly_bookings": "1000", "discount": "5", "protection_days": "90", "extensions": "1",
    "extension_days": "30", "answer_hours": "48", "month": "2026-05", "unit": "9.00", "rate": "5",
}  # fmt: skip
"""What somebody would rightly put in a field of this name; elsewhere any words do."""
