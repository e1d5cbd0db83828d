"""What is done to the library and to certificates."""

from app.enablement.services.certificates import award
from app.enablement.services.library import (
    AddressTaken,
    NothingToPublish,
    Upload,
    add_item,
    edit_item,
    publish,
    withdraw,
)

__all__ = [
    "AddressTaken",
    "NothingToPublish",
    "Upload",
    "add_item",
    "award",
    "edit_item",
    "publish",
    "withdraw",
]
