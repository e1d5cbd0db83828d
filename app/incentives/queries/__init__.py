"""Reading incentives: plans and versions, facts for the engine, commission lines, what-if."""

from app.incentives.queries.accruals import (
    accruals_before,
    accruals_in,
    accruals_of_order,
    accruals_of_partner,
    partners_to_calculate,
    totals_of_period,
)
from app.incentives.queries.facts import facts, partner_facts
from app.incentives.queries.plans import (
    PlanRow,
    engine_version,
    latest_of_plan,
    one_version,
    plan_rows,
    predecessor,
    versions_in_force,
    versions_of_plan,
)
from app.incentives.queries.whatif import Deal, Outlook, Step, what_if
from app.incentives.queries.why import result_of, why_nothing

__all__ = [
    "Deal",
    "Outlook",
    "PlanRow",
    "Step",
    "accruals_before",
    "accruals_in",
    "accruals_of_order",
    "accruals_of_partner",
    "engine_version",
    "facts",
    "latest_of_plan",
    "one_version",
    "partner_facts",
    "partners_to_calculate",
    "plan_rows",
    "predecessor",
    "result_of",
    "totals_of_period",
    "versions_in_force",
    "versions_of_plan",
    "what_if",
    "why_nothing",
]
