"""All that intake answers to, and how it says no."""

from collections.abc import Mapping

from aftercare_http import ProblemSpec

from ..domain.case import CaseUnknown
from ..phone.return_calls import ReturnCallUnknown
from ..quarantine import ArrivalUnknown
from . import (
    archive,
    arrivals,
    arrived,
    bulk,
    call_backs,
    call_statistics,
    callers,
    calls,
    cards,
    case_views,
    cases,
    clerk,
    desk,
    desk_faxes,
    device_history,
    duplicates,
    faxes,
    groups,
    held,
    mail_pages,
    mapped_calls,
    persons,
    portal,
    quarantine,
    requests,
    status_page,
)
from . import pages as report_pages

PROBLEMS: Mapping[type[Exception], ProblemSpec] = {
    CaseUnknown: ProblemSpec(404, "not-found", "Not found"),
    ArrivalUnknown: ProblemSpec(404, "not-found", "Not found"),
    ReturnCallUnknown: ProblemSpec(404, "not-found", "Not found"),
}

ROUTES = (
    requests,
    calls,
    callers,
    call_backs,
    call_statistics,
    mapped_calls,
    arrivals,
    arrived,
    cases,
    cards,
    case_views,
    mail_pages,
    archive,
    device_history,
    bulk,
    portal,
    report_pages,
    status_page,
    desk,
    desk_faxes,
    faxes,
    clerk,
    groups,
    held,
    duplicates,
    quarantine,
    persons,
)


BODY_LIMITS: Mapping[str, int] = (
    arrivals.BODY_LIMITS
    | bulk.BODY_LIMITS
    | mapped_calls.BODY_LIMITS
    | report_pages.BODY_LIMITS
    | status_page.BODY_LIMITS
    | portal.BODY_LIMITS
)
