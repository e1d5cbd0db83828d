"""Files of payments and invoices: brought, looked at, taken."""

from flask.typing import ResponseReturnValue

from app.access.guard import requires
from app.access.rules import Permission
from app.revenue.views import bp
from app.web.respond import page
