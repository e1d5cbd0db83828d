"""The policy in words, its versions, what other models would have given, and the next version."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.attribution import engine, queries, services
from app.attribution.forms import PolicyForm
from app.attribution.views import bp
from app.attribution.views.comparison import compared
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.respond import flash, form_page, page, see_other


@bp.get("/attribution")
@requires(Permission.ATTRIBUTION_VIEW)
def index() -> ResponseReturnValue:
    """Show the policy and compare the models over history."""
    session = current_session()
    versions = queries.policies(session)
    document = versions[0].document if versions else services.FIRST
    policy = engine.read_policy(document)
    return page(
        "attribution/index.html",
        versions=[(row, _words(row.document)) for row in versions],
        policy=policy,
        words=engine.describe_policy(policy),
        comparison=compared(session, policy),
    )


@bp.get("/attribution/policies/new")
@requires(Permission.ATTRIBUTION_EDIT)
def new_policy() -> ResponseReturnValue:
    """Show the form of the next version, filled with the one in force."""
    latest = queries.latest_policy(current_session())
    document = services.FIRST if latest is None else latest.document
    return _form(PolicyForm(data={"document": document}), document)


@bp.post("/attribution/policies")
@requires(Permission.ATTRIBUTION_EDIT)
def publish_policy() -> ResponseReturnValue:
    """Publish the next version, or show what it would say."""
    form = PolicyForm()
    if not form.validate():
        return _form(form, None)
    document: Any = form.document.data
    try:
        _refuse_other_codes(document)
        made = services.publish_policy(current_session(), document, actor=the_actor(), at=now())
    except Invalid as refusal:
        form.document.refuse(refusal)
        return _form(form, None)
    flash(f"Version {made.number} of the policy is published.")
    return see_other("attribution.index")


def _refuse_other_codes(document: Any) -> None:
    """Orders are credited by the standard policy; another code would never be looked at."""
    read = engine.read_policy(document)
    if read.code != queries.STANDARD:
        raise engine.PolicyRefused(f"code: The policy is called “{queries.STANDARD}” here.")


def _form(form: PolicyForm, document: dict[str, Any] | None) -> ResponseReturnValue:
    words = [] if document is None else _words(document)
    models = [(model.value, engine.describe_rule(engine.Rule(model=model)))
              for model in engine.Model if model is not engine.Model.ROLES]  # fmt: skip
    return form_page("attribution/policy.html", form=form, words=words, models=models,
                     cancel_url=url_for("attribution.index"))  # fmt: skip


def _words(document: dict[str, Any]) -> list[str]:
    return engine.describe_policy(engine.read_policy(document))
