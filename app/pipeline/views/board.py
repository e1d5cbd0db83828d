"""The board: a column for each stage, cards that can be dragged or moved by their forms."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Actor, Permission
from app.kernel import format as text
from app.kernel.clock import now
from app.kernel.money import Money
from app.pipeline import queries
from app.pipeline.rules import FINAL_STAGES, Stage, marks, next_stage
from app.pipeline.views import bp
from app.web.respond import page


@bp.get("/pipeline")
@requires(Permission.PIPELINE_VIEW)
def board() -> ResponseReturnValue:
    """Show the board; ``mine`` keeps to the reader's own opportunities."""
    session, actor, at = current_session(), the_actor(), now()
    mine = actor.is_vendor and request.args.get("mine") == "1"
    cards = queries.cards(session, actor=actor, at=at, mine=mine)
    counted = queries.columns(session, actor=actor, at=at, mine=mine)
    by_stage: dict[Stage, list[dict[str, Any]]] = {stage: [] for stage in Stage}
    for row in cards:
        by_stage[row.stage].append(_card(row))
    columns = [_column(stage, by_stage[stage], counted, actor) for stage in Stage]
    return page("pipeline/board.html", columns=columns, mine=mine, has_any=bool(cards))


def _column(
    stage: Stage, cards: list[dict[str, Any]], counted: Sequence[Any], actor: Actor
) -> dict[str, Any]:
    rows = [row for row in counted if row.stage is stage]
    may_move = actor.may(Permission.PIPELINE_EDIT) and stage not in FINAL_STAGES
    sums = [text.money(Money(int(row.amount_minor), row.currency), actor.locale) for row in rows]
    count = sum(row.count for row in rows)
    return {
        "key": stage.value,
        "title": text.label(stage),
        "count": count,
        "sum": " · ".join(sums),
        "cards": cards,
        "more": count - len(cards),
        "choices": choices(stage) if may_move else [],
        "url": url_for("pipeline.index", stage=stage.value),
    }


def _card(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "title": row.title if row.is_disclosed else f"Invitation {row.number}",
        "note": row.customer_name or row.family_name or "",
        "marks": marks(row.stage, row.active_at, row.close_on, now()),
        "url": url_for("pipeline.show", opportunity_id=row.id),
        "move_url": url_for("pipeline.move", opportunity_id=row.id),
    }


def choices(stage: Stage) -> list[tuple[str, str]]:
    """Return the stages that can be moved to from ``stage``, the next one first."""
    following = next_stage(stage)
    others = [one for one in Stage if one not in (stage, following)]
    return [(one.value, text.label(one)) for one in (following, *others) if one is not None]
