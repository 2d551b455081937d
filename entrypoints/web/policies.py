"""Policies to and from JSON."""

from domain.ids import FieldId, ReasonId, StageId
from domain.policy import FieldMapping, Policy, VerdictAction
from domain.screening import Criteria, KnockOut, Verdict
from entrypoints.web.schemas import CriteriaBody, PolicyBody, VerdictActionBody


def policy_of(body: PolicyBody) -> Policy:
    """The policy that a body asks for."""
    actions = {verdict: getattr(body.verdicts, verdict) for verdict in Verdict}
    return Policy(
        note_on=body.note_on,
        report_on=body.report_on,
        tag=body.tag,
        screened_status=body.screened_status,
        verdicts={verdict: _action(action) for verdict, action in actions.items() if action is not None},
        fields=tuple(FieldMapping(pointer=one.from_, on=one.on, field=FieldId(one.field)) for one in body.fields),
        criteria=_criteria(body.criteria),
    )


def _action(body: VerdictActionBody) -> VerdictAction:
    return VerdictAction(
        stage=StageId(body.stage) if body.stage else None,
        disposition_reason=ReasonId(body.disposition_reason) if body.disposition_reason else None,
    )


def _criteria(body: CriteriaBody) -> Criteria:
    knock_outs = tuple(KnockOut(question=one.question, accept=one.accept) for one in body.knock_outs)
    return Criteria(least_score=body.least_score, knock_outs=knock_outs)


def policy_json(policy: Policy) -> dict[str, object]:
    """A body that asks for the policy."""
    return {
        "note_on": policy.note_on,
        "report_on": policy.report_on,
        "tag": policy.tag,
        "screened_status": policy.screened_status,
        "verdicts": {str(verdict): _action_json(action) for verdict, action in policy.verdicts.items()},
        "fields": [{"from": one.pointer, "on": one.on, "field": one.field} for one in policy.fields],
        "criteria": _criteria_json(policy.criteria),
    }


def _action_json(action: VerdictAction) -> dict[str, str]:
    parts = {"stage": action.stage, "disposition_reason": action.disposition_reason}
    return {name: value for name, value in parts.items() if value is not None}


def _criteria_json(criteria: Criteria) -> dict[str, object]:
    least = {} if criteria.least_score is None else {"least_score": criteria.least_score}
    return {
        **least,
        "knock_outs": [{"question": one.question, "accept": list(one.accept)} for one in criteria.knock_outs],
    }
