"""Forms of incentives: a plan, written in fields or as a document; a deal to suppose."""

from app.incentives.forms.document import document_of, values_of
from app.incentives.forms.plan import DocumentForm, PlanForm, complain
from app.incentives.forms.whatif import WhatIfForm

__all__ = ["DocumentForm", "PlanForm", "WhatIfForm", "complain", "document_of", "values_of"]
