"""Jobs, their keys, and the workers that run them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, String, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import moment, states
from app.db.rows import SYSTEM_ONLY, VENDOR_ONLY, Rows
from app.jobs.rules import JobState


class JobRun(Base):
    """One piece of work asked for, and what has become of it."""

    __tablename__ = "job_run"
    __table_args__ = (
        Index("ix_job_run_open", "name", postgresql_where=text("finished_at IS NULL")),
    )
    rows: ClassVar[Rows] = VENDOR_ONLY

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The name, and the caller's key or a random one."""
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    """The order in which jobs were asked for."""
    name: Mapped[str] = mapped_column(String(80), index=True)
    kwargs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    subject: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[JobState] = mapped_column(states(JobState), default=JobState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    """How many keys the plan named; None before it was asked, or where there is no plan."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Failures since the last progress."""
    starts: Mapped[int] = mapped_column(default=0)
    """Beginnings since the last progress, so that a job which kills its worker is parked too."""
    turn: Mapped[int] = mapped_column(default=1)
    """How often it was handed to the engine; part of the engine's own identifier."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    due_at: Mapped[moment | None]
    started_at: Mapped[moment | None]
    finished_at: Mapped[moment | None]


class JobStep(Base):
    """One key of a long job; done in the same transaction as its effect, hence once."""

    __tablename__ = "job_step"
    rows: ClassVar[Rows] = VENDOR_ONLY

    job_id: Mapped[str] = mapped_column(
        ForeignKey("job_run.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int]
    done_at: Mapped[moment | None]


class JobWorker(Base):
    """A worker process and when it was last heard of, by the database's clock."""

    __tablename__ = "job_worker"
    rows: ClassVar[Rows] = SYSTEM_ONLY

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    started_at: Mapped[moment]
    seen_at: Mapped[moment]
