"""Files of payments and invoices: bring, look, take all or the good rows, or put away."""

from app.revenue.services.imports.bring import Upload, bring, discard, take
from app.revenue.services.imports.plan import Plan, plan_of

__all__ = ["Plan", "Upload", "bring", "discard", "plan_of", "take"]
