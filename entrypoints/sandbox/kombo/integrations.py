"""The key, the integration and its syncs: what Kombo says of itself."""

from typing import Any

from entrypoints.sandbox.fields import Field, one_of
from entrypoints.sandbox.kombo.auth import integration
from entrypoints.sandbox.kombo.manners import refused, told
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.wire import Ask, Reply

Row = dict[str, Any]

SYNC_FIELDS = (Field("type", one_of("FULL", "DELTA")),)
_MODELS = {
    "ats_jobs": "Jobs",
    "ats_applications": "Applications",
    "ats_candidates": "Candidates",
    "ats_application_stages": "Application stages",
    "ats_rejection_reasons": "Rejection reasons",
    "ats_tags": "Tags",
    "ats_notes": "Notes",
}
_ACTIONS = {
    "ats_move_application_to_stage": ("stage", "Set application stage"),
    "ats_reject_application": ("reject", "Reject applications"),
    "ats_create_application": ("application", "Create applications and candidates"),
    "ats_add_note": ("note", "Add notes"),
    "ats_add_attachment": ("file", "Add attachments"),
    "ats_add_tag": ("tag", "Manage tags"),
    "ats_add_result_link": ("result_link", "Add result links"),
}


def check_key(_state: State, _ask: Ask) -> Reply:
    return told({"environment_id": "9Hj8EkJ9RtzW8HNvuxcbqTpL"})


def details(state: State, ask: Ask) -> Reply:
    office = state.integrations.get(ask.params["integration"])
    if office is None:
        raise refused(404, "PLATFORM.INTEGRATION_NOT_FOUND", "There is no such integration.")
    forbidden = state.switches.forbidden.split(",")
    setup = {"SETUP_INCOMPLETE": "INCOMPLETE", "SETUP_SYNC_PENDING": "FINAL_SYNC_PENDING"}
    body = {
        "id": office.id,
        "tool": _tool(office.tool),
        "category": "ATS",
        "status": "INACTIVE" if state.switches.setup == "INACTIVE" else "ACTIVE",
        "setup_status": setup.get(state.switches.setup, "COMPLETED"),
        "end_user": {"organization_name": "Example Staffing", "creator_email": None, "origin_id": None},
        "scope_config": {"id": "B1hu5NGyhdjSq5X3hxEz4bAN", "name": "Default"},
        "data_expired_at": None,
        "created_at": "2026-05-04T09:30:00.250Z",
        "beta": office.avionte,
        "read_models": [
            _offered(name, label, available=name != "ats_notes" or state.switches.notes_synced)
            for name, label in _MODELS.items()
        ],
        "write_actions": [
            _offered(name, label, available=action not in forbidden) for name, (action, label) in _ACTIONS.items()
        ],
    }
    return told(body)


def _tool(tool: str) -> Row:
    root = f"https://storage.googleapis.com/kombo-assets/integrations/{tool}"
    return {
        "id": tool,
        "label": tool.capitalize(),
        "internal_label": None,
        "logo_url": f"{root}/logo.svg",
        "icon_url": f"{root}/icon.svg",
    }


def _offered(name: str, label: str, *, available: bool) -> Row:
    return {
        "id": name,
        "label": label,
        "is_available": available,
        "coverage_status": "SUPPORTED",
        "scope_config_setting": "ENABLED" if available else "DISABLED",
        "opted_out_by_customer": False,
        "fields": [],
    }


def force_sync(state: State, ask: Ask) -> Reply:
    """Nothing to wait for: the copy is as old as the switches say."""
    office = integration(state, ask)
    office.syncs += 1
    kind = ask.body.get("type", "DELTA")
    return told({"already_queued": False, "sync_id": office.ids.of("sync", office.syncs), "type": kind})
