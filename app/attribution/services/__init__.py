"""What is done in attribution: credit orders, log touches, publish the next policy."""

from app.attribution.services.crediting import credit_order
from app.attribution.services.policies import FIRST, publish_policy, standard_policy
from app.attribution.services.touching import (
    MadeByRegistration,
    NotAPartnerOfIt,
    TouchAfterWin,
    log_touch,
)

__all__ = [
    "FIRST",
    "MadeByRegistration",
    "NotAPartnerOfIt",
    "TouchAfterWin",
    "credit_order",
    "log_touch",
    "publish_policy",
    "standard_policy",
]
