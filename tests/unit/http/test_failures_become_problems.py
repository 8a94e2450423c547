import asyncpg
import msgspec
import pytest
import sqlalchemy.exc
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from aftercare_events.decider import Refused
from aftercare_events.log import Conflict, LogUnavailable
from aftercare_http.failures import to_problem
from aftercare_http.problems import FieldError, Problem, ProblemSpec, problem_response


class Own(Exception):
    """A service's own exception."""


class OwnChild(Own):
    """A more special one."""


SPECS = {
    Own: ProblemSpec(409, "own", "Own"),
    OwnChild: ProblemSpec(404, "own-child", "Own child"),
}


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (Own("x"), 409, "own"),
        (OwnChild("x"), 404, "own-child"),
        (Problem(418, "teapot", "Teapot"), 418, "teapot"),
        (Refused("already-closed", "the case is closed"), 409, "already-closed"),
        (Refused("no-such-engineer", "nobody", "engineer_id"), 422, "no-such-engineer"),
        (Conflict("x"), 409, "conflict"),
        (LogUnavailable("x"), 503, "unavailable"),
        (ConnectionRefusedError(111, "no"), 503, "unavailable"),
        (TimeoutError(), 503, "unavailable"),
        (asyncpg.CannotConnectNowError("starting"), 503, "unavailable"),
        (ExceptionGroup("g", [TimeoutError(), ConnectionResetError()]), 503, "unavailable"),
        (ExceptionGroup("g", [TimeoutError(), ValueError()]), 500, "internal"),
        (FileNotFoundError(2, "no socket"), 503, "unavailable"),
        (FileNotFoundError(2, "no file", "ours.json"), 500, "internal"),
        (asyncpg.UniqueViolationError("ours"), 500, "internal"),
        (sqlalchemy.exc.TimeoutError("pool"), 503, "unavailable"),
        (HTTPException(405), 405, "method-not-allowed"),
        (HTTPException(410), 410, "gone"),
        (KeyError("13912345678"), 500, "internal"),
    ],
)
def test_each_exception_has_its_answer(error: Exception, status: int, slug: str) -> None:
    problem = to_problem(error, SPECS)
    assert (problem.status_code, problem.type_slug) == (status, slug)


def test_unavailable_says_when_to_come_back() -> None:
    assert to_problem(LogUnavailable("x"), {}).headers == {"Retry-After": "1"}


def test_a_defect_tells_nothing_of_itself() -> None:
    problem = to_problem(RuntimeError("13912345678 in /srv/secret.py"), {})
    body = bytes(problem_response(problem, "/x", "c").body)
    assert b"139" not in body
    assert b"secret" not in body


def test_a_refusal_names_its_field() -> None:
    problem = to_problem(Refused("too-long", "too long", "note"), {})
    assert problem.field == "note"
    assert problem.errors == (FieldError("note", "too-long", "too long"),)


def test_validation_never_repeats_the_value() -> None:
    errors = [
        {
            "type": "string_type",
            "loc": ("body", "contact", "phone"),
            "msg": "m",
            "input": 13912345678,
        },
        {"type": "missing", "loc": ("body",), "msg": "Field required", "input": None},
    ]
    problem = to_problem(RequestValidationError(errors), {})
    assert problem.field == "contact.phone"
    assert [error.field for error in problem.errors] == ["contact.phone", "body"]
    assert b"139" not in bytes(problem_response(problem, "/x", "c").body)


@given(
    st.text(st.characters(codec=None)), st.text(st.characters(codec=None)), st.text(max_size=300)
)
def test_any_text_can_be_answered(field: str, detail: str, title: str) -> None:
    errors = [FieldError(field, "x", detail)]
    problem = Problem(422, "x", title, detail, field=field, errors=errors)
    document = msgspec.json.decode(bytes(problem_response(problem, "/x", "c").body))
    assert document["status"] == 422
    assert set(document) >= {"type", "title", "detail", "instance", "field", "errors"}
