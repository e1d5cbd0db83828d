"""Work on accounts that nobody waits for."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import services
from app.jobs.registry import scheduled


@scheduled("accounts.learn_rarity", every="15 2 * * *")
def learn_rarity(session: Session, *, at: datetime) -> None:
    """Count each night how many accounts carry each word of a name."""
    del at
    services.learn_rarity(session)
