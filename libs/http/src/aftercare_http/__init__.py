"""What every Aftercare service shares on its HTTP side."""

from .admission import TokenBuckets, lift_time_limit
from .app import attach, create_app
from .auth import assert_every_route_guarded, public, requires, requires_any
from .correlation import correlation_id
from .examples import load_examples
from .faults import first_fault
from .health import Check
from .i18n import LOCAL_ZONE, Language
from .idempotency import Idempotency, Identity, KeyOfCommand, Repeat, canonical, digest, identity_of
from .lean import LeanCall
from .occurred import OccurredAt, when_it_happened
from .pages import Pages
from .pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from .position import MinPosition, min_position, set_position
from .principal import Principal
from .problems import FieldError, Problem, ProblemSpec, not_found, unavailable, unprocessable
from .router import Router
from .secret_links import SecretLinks
from .server import run
from .settings import LOCAL_KEY, Settings, load_settings
from .sse import ServerEvent, last_event_id, sse, until_closing
from .text import BigInt, Body, Count, Id, Line, Text, not_blank
from .weekly import SpanBody, Weekly

__all__ = [
    "LOCAL_KEY",
    "LOCAL_ZONE",
    "BigInt",
    "Body",
    "Check",
    "Count",
    "Cursor",
    "FieldError",
    "Id",
    "Idempotency",
    "Identity",
    "KeyOfCommand",
    "Language",
    "LeanCall",
    "Limit",
    "Line",
    "MinPosition",
    "OccurredAt",
    "Page",
    "Pages",
    "Principal",
    "Problem",
    "ProblemSpec",
    "Repeat",
    "Router",
    "SecretLinks",
    "ServerEvent",
    "Settings",
    "SpanBody",
    "Text",
    "TokenBuckets",
    "Weekly",
    "assert_every_route_guarded",
    "attach",
    "canonical",
    "correlation_id",
    "create_app",
    "decode_cursor",
    "digest",
    "encode_cursor",
    "first_fault",
    "identity_of",
    "last_event_id",
    "lift_time_limit",
    "load_examples",
    "load_settings",
    "min_position",
    "not_blank",
    "not_found",
    "public",
    "requires",
    "requires_any",
    "run",
    "set_position",
    "sse",
    "unavailable",
    "unprocessable",
    "until_closing",
    "when_it_happened",
]
