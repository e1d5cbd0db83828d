"""A partner's objection to a line: raised, talked about, accepted or declined."""

from app.statements.services.disputes.decision import accept, close_dispute, decline
from app.statements.services.disputes.refusals import (
    DisputeRefused,
    DisputeTooLate,
    LineDisputedAlready,
    NoOpenPeriod,
    NotYourDispute,
)
from app.statements.services.disputes.thread import answer, ask, raise_dispute, say, take_up
from app.statements.services.disputes.traces import DISPUTE_JOB

__all__ = [
    "DISPUTE_JOB",
    "DisputeRefused",
    "DisputeTooLate",
    "LineDisputedAlready",
    "NoOpenPeriod",
    "NotYourDispute",
    "accept",
    "answer",
    "ask",
    "close_dispute",
    "decline",
    "raise_dispute",
    "say",
    "take_up",
]
