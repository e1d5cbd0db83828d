"""What can be done with the ledger: record what happened, seal it into the tree, sign its head."""

from app.ledger.services.keys import current_signer, signer_of, use_signer
from app.ledger.services.record import Thing, UnknownEvent, Who, record
from app.ledger.services.seal import seal, sweep

__all__ = [
    "Thing",
    "UnknownEvent",
    "Who",
    "current_signer",
    "record",
    "seal",
    "signer_of",
    "sweep",
    "use_signer",
]
