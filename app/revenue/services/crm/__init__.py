"""A CRM export: look at it, or take it; the same export twice changes nothing."""

from app.revenue.services.crm.join import SOURCE, Joined, join
from app.revenue.services.crm.take import CrmReport, import_crm, preview_crm

__all__ = ["SOURCE", "CrmReport", "Joined", "import_crm", "join", "preview_crm"]
