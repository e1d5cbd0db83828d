"""Which period takes a posting: closed ones take none, the next open one takes what is theirs.

Two ways to say what is closed. ``closed_until`` (and ``booked_on``, the first day on which anything
of this document can be posted): nothing may be posted up to that day but what is named as
``posted``. ``closings``: a period keeps what followed from the facts recorded when it was closed;
what is learnt later is posted in the next open period.
"""

from datetime import date

from app.kernel.money import round_half_away
from app.kernel.period import Days
from app.revenue.recognition.calendar import DAY
from app.revenue.recognition.document import Document
from app.revenue.recognition.history import History
from app.revenue.recognition.standing import Standing


class Posting:
    """What stands posted at the end of each period."""

    def __init__(self, document: Document, history: History) -> None:
        self.document, self.history = document, history
        days = [document.booked_on] if document.booked_on else []
        days += [document.closed_until + DAY] if document.closed_until else []
        self.first_open = max(days, default=date.min)

    def is_open(self, period: Days) -> bool:
        """Return whether a period takes postings of this document."""
        return period.until > self.first_open

    def is_settled(self, period: Days) -> bool:
        """Return whether what a period holds is what was known when it was closed."""
        return not self.is_open(period) or self._recorded(period) is not None

    def standing(self, period: Days) -> Standing:
        """Return what stands posted at the end of a period."""
        if not self.is_open(period):
            return Standing(revenue=self._posted(period))
        return self.history.standing(self._end(period), self._recorded(period))

    def earlier(self, period: Days, was: Standing) -> dict[str, int]:
        """Return what a period takes over from those before it, by obligation."""
        if not self.is_open(period):
            return {}
        eve = period.start - DAY
        now = self.history.standing(eve, self._recorded(period)).revenue
        late = {key: amount - was.revenue.get(key, 0) for key, amount in now.items()}
        return {key: amount for key, amount in late.items() if amount}

    def _end(self, period: Days) -> date:
        return min(period.last, self.document.as_of or period.last)

    def _recorded(self, period: Days) -> date | None:
        days = [each.on for each in self.document.closings if period.last <= each.until]
        return min(days, default=None)

    def _posted(self, period: Days) -> dict[str, int]:
        found: dict[str, int] = {}
        for each in self.document.posted:
            if each.on <= period.last:
                amount = round_half_away(each.amount)
                found[each.obligation] = found.get(each.obligation, 0) + amount
        return found
