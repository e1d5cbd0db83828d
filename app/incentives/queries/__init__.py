"""Reading incentives: plans and versions, facts for the engine, commission lines, what-if."""

from app.incentives.queries.accruals import (
    accruals_before,
    accruals_in,
    accruals_of_order,
    accruals_of_partner,
    partners_to_calculate,
    totals_of_period,
)
from app.incentives.queries.deals import deal_of, open_deals
from app.incentives.queries.facts import facts, partner_facts
from app.incentives.queries.lapses import certifications
from app.incentives.queries.plans import (
    PlanRow,
    caps_across,
    engine_version,
    latest_of_plan,
    one_version,
    people,
    plan_rows,
    predecessor,
    programme_codes,
    tier_codes,
    versions_in_force,
    versions_of_plan,
)
from app.incentives.queries.simulation import Compared, Simulated, simulate
from app.incentives.queries.whatif import Deal, Outlook, Step, what_if
from app.incentives.queries.why import Why, why
from app.incentives.queries.worked import Today, today_of

__all__ = [
    "Compared",
    "Deal",
    "Outlook",
    "PlanRow",
    "Simulated",
    "Step",
    "Today",
    "Why",
    "accruals_before",
    "accruals_in",
    "accruals_of_order",
    "accruals_of_partner",
    "caps_across",
    "certifications",
    "deal_of",
    "engine_version",
    "facts",
    "latest_of_plan",
    "one_version",
    "open_deals",
    "partner_facts",
    "partners_to_calculate",
    "people",
    "plan_rows",
    "predecessor",
    "programme_codes",
    "simulate",
    "tier_codes",
    "today_of",
    "totals_of_period",
    "versions_in_force",
    "versions_of_plan",
    "what_if",
    "why",
]
