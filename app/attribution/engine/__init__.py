"""The attribution engine: touches and a policy in, exact credits with reasons out.

Pure: no database and no clock. ``credit(amount, touches, policy, won_at=...)`` gives one order's
credits; ``shares(touches, rule, won_at=...)`` the exact shares of one journey; ``read_policy``
reads a policy document; ``credit_paths`` credits many journeys told as paths.
"""

from app.attribution.engine.credit import credit, shares
from app.attribution.engine.describe import describe_policy, describe_rule
from app.attribution.engine.paths import Brought, Path, PathRefused, credit_paths, read_channels
from app.attribution.engine.policy import PolicyRefused, read_policy, read_rule
from app.attribution.engine.touches import Credit, Model, Policy, Repeats, Rule, Touch

__all__ = [
    "Brought",
    "Credit",
    "Model",
    "Path",
    "PathRefused",
    "Policy",
    "PolicyRefused",
    "Repeats",
    "Rule",
    "Touch",
    "credit",
    "credit_paths",
    "describe_policy",
    "describe_rule",
    "read_channels",
    "read_policy",
    "read_rule",
    "shares",
]
