"""Reading attribution: credits, policies, journeys, and what the models would have given."""

from app.attribution.queries.credits import (
    CreditRow,
    credits_around,
    credits_of_order,
    current_credits,
    current_run,
    order_of,
    orders_without_credits,
)
from app.attribution.queries.history import History, history, journeys
from app.attribution.queries.journey import Moment, journey
from app.attribution.queries.policies import STANDARD, latest_policy, policies
from app.attribution.queries.progress import Progress, tier_progress
from app.attribution.queries.touches import touches_of_order, touches_of_partner, won_at

__all__ = [
    "STANDARD",
    "CreditRow",
    "History",
    "Moment",
    "Progress",
    "credits_around",
    "credits_of_order",
    "current_credits",
    "current_run",
    "history",
    "journey",
    "journeys",
    "latest_policy",
    "order_of",
    "orders_without_credits",
    "policies",
    "tier_progress",
    "touches_of_order",
    "touches_of_partner",
    "won_at",
]
