"""The attribution engine: touches and a policy in, exact credits with reasons out.

Pure: no database and no clock. ``credit(amount, touches, policy, won_at=...)`` gives one order's
credits; ``shares(touches, rule, won_at=...)`` the exact shares of one journey; ``read_policy``
reads a policy document; ``backtest(journeys, policy_a, policy_b)`` compares two over history.

Beside it, and not loaded with it, stand ``paths`` (many journeys told as paths, with Markov and
Shapley), ``shapley`` (any game) and ``learning`` (weights of a policy, from history).
"""

from app.attribution.engine.backtest import Backtest, Gain, backtest, totals
from app.attribution.engine.credit import credit, shares
from app.attribution.engine.describe import describe_policy, describe_rule
from app.attribution.engine.history import HistoryRefused, Journey, read_history
from app.attribution.engine.policy import PolicyRefused, read_policy, read_rule
from app.attribution.engine.touches import (
    By,
    Credit,
    Learned,
    Model,
    Policy,
    Repeats,
    Rule,
    Touch,
    Weighed,
)

__all__ = [
    "Backtest",
    "By",
    "Credit",
    "Gain",
    "HistoryRefused",
    "Journey",
    "Learned",
    "Model",
    "Policy",
    "PolicyRefused",
    "Repeats",
    "Rule",
    "Touch",
    "Weighed",
    "backtest",
    "credit",
    "describe_policy",
    "describe_rule",
    "read_history",
    "read_policy",
    "read_rule",
    "shares",
    "totals",
]
