"""Avionté's paths behind the passthrough; `source` names the public source of a row, or says that it is assumed."""

from entrypoints.sandbox.fields import Field, one_of
from entrypoints.sandbox.kombo import avionte_jobs, custom_details, talents
from entrypoints.sandbox.kombo.inner import Inner

_PAGE = "assumed (path from the page)"

_DOCUMENTED = (
    Inner(
        method="POST",
        template="/jobs/multi-query",
        handler=avionte_jobs.multi_query,
        source="sourced S1, S2",
        rows=True,
    ),
    Inner(method="GET", template="/job/{id}", handler=avionte_jobs.get_job, source="sourced S1"),
    Inner(method="GET", template="/jobs/ids/{page}/{size}", handler=avionte_jobs.job_ids, source="sourced S1, S2"),
    Inner(
        method="GET",
        template="/talent/{id}",
        handler=talents.get_talent,
        source="sourced S1, S4, S12",
        query=(Field("includeResume", one_of("True", "False", "true", "false")),),
    ),
    Inner(method="GET", template="/talent/activity-types", handler=talents.activity_types, source="sourced S2"),
    Inner(
        method="POST",
        template="/talent/{id}/activity",
        handler=talents.add_activity,
        source="sourced S1, S2, S3",
        effect=True,
    ),
)
_OF_THE_PAGE = (
    Inner(
        method="GET",
        template="/job/customDetailDefinitions",
        handler=custom_details.job_definitions,
        source=_PAGE,
        page=True,
        rows=True,
    ),
    Inner(
        method="GET",
        template="/candidate/customDetailDefinitions",
        handler=custom_details.candidate_definitions,
        source=_PAGE,
        page=True,
        rows=True,
    ),
    Inner(
        method="GET",
        template="/application/customDetailDefinitions",
        handler=custom_details.application_definitions,
        source=_PAGE,
        page=True,
        rows=True,
    ),
    Inner(
        method="PATCH",
        template="/job/{id}",
        handler=custom_details.patch_job,
        source="assumed",
        page=True,
        effect=True,
    ),
    Inner(method="GET", template="/candidate/{id}", handler=talents.get_candidate, source="assumed", page=True),
    Inner(
        method="PATCH",
        template="/candidate/{id}",
        handler=custom_details.patch_candidate,
        source=_PAGE,
        page=True,
        effect=True,
    ),
    Inner(
        method="POST",
        template="/candidate/{id}/note",
        handler=talents.add_note,
        source=_PAGE,
        page=True,
        effect=True,
    ),
    Inner(
        method="GET", template="/application/{id}", handler=custom_details.get_application, source="assumed", page=True
    ),
    Inner(
        method="PATCH",
        template="/application/{id}",
        handler=custom_details.patch_application,
        source=_PAGE,
        page=True,
        effect=True,
    ),
)
ROWS = (*_DOCUMENTED, *_OF_THE_PAGE)
