"""The customers: invented companies, each with a name that no other resembles."""

from dataclasses import replace

from app.cli.demo.words import (
    CITIES,
    CUSTOMER_HEADS,
    CUSTOMER_TAILS,
    LEGAL_FORMS,
    SECTORS,
    address,
)
from app.cli.demo.world import Customer, World

_HOUSES = 88


def new_customer(world: World, country: str) -> Customer:
    """Return the next customer of a country that nobody has met before."""
    number = world.count("customers")
    heads, sectors = len(CUSTOMER_HEADS), list(SECTORS)
    turn, place = divmod(number, heads)
    head = CUSTOMER_HEADS[place * 7 % heads]
    tail = CUSTOMER_TAILS[(turn + place) % len(CUSTOMER_TAILS)]
    sector = sectors[(place + 3 * turn) % len(sectors)]
    stem = f"{head}{tail}"
    city, _ = world.dice.choice(CITIES[country])
    line = address(country, number, 2 + 7 * number % _HOUSES)
    return Customer(f"{stem} {sector} {LEGAL_FORMS[country]}", country, city, line,
                    SECTORS[sector], f"{stem.lower()}-{sector.lower()}.example")  # fmt: skip


def misspelt(world: World, customer: Customer) -> Customer:
    """Return a customer as somebody else writes its name."""
    short = customer.name.removesuffix(f" {LEGAL_FORMS[customer.country]}")
    longer = {"GB": "Limited", "DE": "Gesellschaft mbH", "FR": "S.A.S.", "NL": "BV"}
    written = world.dice.choice((short, f"{short} {longer[customer.country]}", short.upper()))
    return replace(customer, name=written)
