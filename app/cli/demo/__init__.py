"""``flask demo``: a vendor and forty partners with eighteen months of invented history.

What makes it is imported only where it is made, because ``flask serve`` asks for the sign-ins.
"""

from datetime import date

import click

SEED = 20_260
PASSWORD = "open sesame 2026"  # noqa: S105 - printed in the guide; the demo company only
SIGN_INS = (
    ("Partner admin", "ada.amberlake@brightmere.example"),
    ("Partner member", "elin.brookmoor@brightmere.example"),
    ("Channel manager", "nils.ravenhagen@northwind.example"),
    ("Channel lead", "maud.oakenrade@northwind.example"),
    ("Finance", "orla.pellworth@northwind.example"),
    ("Finance, second", "piet.quillstrom@northwind.example"),
    ("Analyst", "quinn.silberau@northwind.example"),
    ("Admin", "rosa.thornvliet@northwind.example"),
)
"""Role -> address; the password of all of them is ``PASSWORD``."""


@click.group("demo")
def commands() -> None:
    """Make the demo company: invented people, companies and money."""


@commands.command("load")
@click.option("--anew", is_flag=True, help="Throw everything in the database away first.")
@click.option("--scale", type=click.FloatRange(0.02, 1), default=1.0, help="A smaller company.")
def load_command(anew: bool, scale: float) -> None:
    """Load the demo company into an empty, migrated database."""
    if anew:
        _throw_away()
    if load(scale=scale):
        click.echo(f"The demo company is loaded. Everybody's password: {PASSWORD}")
    else:
        click.echo("There are people in this database already: nothing was changed.")


def load(*, today: date | None = None, seed: int = SEED, scale: float = 1.0) -> bool:
    """Make the demo company up to the beginning of ``today`` where nobody is in the database yet.

    Return whether that was so. The same seed, day and scale make the same ledger.

    :raises ClickException: in production, where its known password would be a way in
    """
    from app.cli.demo.making import is_empty, make
    from app.kernel import clock
    from config import settings

    known = settings()
    if known.is_production:
        raise click.ClickException("The demo company has a known password: never in production.")
    if not is_empty():
        return False
    make(seed=seed, today=today or clock.today(), scale=scale, vendor=known.vendor_name)
    return True


def _throw_away() -> None:
    """Undo every migration and run them again."""
    from app.cli.migrate import bring_up
    from app.cli.place import place_of
    from app.db import migrate
    from config import settings

    known = settings()
    if known.is_production:
        raise click.ClickException("Nothing is thrown away in production.")
    place = place_of(known)
    migrate.to(place.owner_url, "base")
    bring_up(place)
