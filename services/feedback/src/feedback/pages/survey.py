"""`/s/{token}`: the customer says what she thinks, by herself (FB-04).

Whoever has the link may answer, once; the link says nothing about anybody.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from aftercare_events.by import By
from aftercare_events.catalogue.feedback import Scores
from aftercare_events.decider import Refused
from aftercare_http import MinPosition, Router, correlation_id, public

from ..api.wiring import Feedback, TheFeedback
from ..callbacks import Answers
from ..domain.independence import SELF_SERVICE
from ..queries import ListedCallback
from .look import QUESTIONS, pages

LONGEST = 2000

router = Router(include_in_schema=False, dependencies=[Depends(public())])
Token = Annotated[str, Path(max_length=200)]
Field = Annotated[str, Form(max_length=4 * LONGEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyForm:
    """What was sent; an empty field was left out."""

    solved: Field = ""
    satisfied: Field = ""
    technical_skill: Field = ""
    attitude: Field = ""
    timeliness: Field = ""
    suggestions: Field = ""


NOTHING_YET = SurveyForm()


def read_form(form: SurveyForm) -> Answers | dict[str, str]:
    """The answers, or the key of what is wrong by field."""
    suggestions = form.suggestions.replace("\r\n", "\n").strip()
    wrong = {
        question: "survey.error.score"
        for question in QUESTIONS
        if getattr(form, question) not in ("", "1", "2", "3", "4", "5")
    }
    if form.solved not in ("yes", "no"):
        wrong["solved"] = "survey.error.choose"
    elif form.solved == "yes" and form.satisfied not in ("yes", "no"):
        wrong["satisfied"] = "survey.error.choose"
    if len(suggestions) > LONGEST or "\x00" in suggestions:
        wrong["suggestions"] = "survey.error.long"
    return wrong or _answers(form, suggestions)


def _answers(form: SurveyForm, suggestions: str) -> Answers:
    given = {question: int(score) for question in QUESTIONS if (score := getattr(form, question))}
    happy = "satisfied" if form.satisfied == "yes" else "unsatisfied"
    return Answers(
        outcome=happy if form.solved == "yes" else "unsolved",
        scores=Scores(**given) if given else None,
        solved=form.solved == "yes",
        suggestions=suggestions or None,
    )


@router.get("/s/{token}", dependencies=[MinPosition])
async def show(token: Token, request: Request, feedback: TheFeedback) -> Response:
    listed = await _opened(feedback, token)
    if listed is None:
        return pages.render(request, "survey_unknown.html", status=404, title="survey.title")
    if listed.callback.status != "open" or listed.case.status != "resolved":
        return _thanks(request, listed)
    return _form(request, listed, NOTHING_YET, {})


@router.post("/s/{token}")
async def answer(
    token: Token,
    request: Request,
    feedback: TheFeedback,
    form: Annotated[SurveyForm, Depends()],
) -> Response:
    """Thanks, also to whoever answers twice: the first answer stands."""
    listed = await _opened(feedback, token)
    if listed is None:
        return pages.render(request, "survey_unknown.html", status=404, title="survey.title")
    answers = read_form(form)
    if isinstance(answers, dict):
        return _form(request, listed, form, answers, status=422)
    callback_id = listed.callback.callback_id
    saying = By(actor=SELF_SERVICE, at=feedback.clock.now(), correlation_id=correlation_id())
    try:
        outcome = await feedback.callbacks.complete_by_customer(callback_id, answers, saying)
    except Refused:
        return RedirectResponse(f"/s/{token}", 303)
    return RedirectResponse(f"/s/{token}?min_position={outcome.position}", 303)


async def _opened(feedback: Feedback, token: str) -> ListedCallback | None:
    callback_id = feedback.links.callback_id(token)
    return None if callback_id is None else await feedback.queries.callback(callback_id)


def _form(
    request: Request,
    listed: ListedCallback,
    form: SurveyForm,
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    return pages.render(
        request,
        "survey.html",
        status=status,
        title="survey.title",
        case=listed.case,
        case_id=listed.callback.case_id,
        questions=QUESTIONS,
        form=form,
        errors=errors,
        longest=LONGEST,
    )


def _thanks(request: Request, listed: ListedCallback) -> Response:
    return pages.render(
        request,
        "survey_thanks.html",
        title="survey.title",
        callback=listed.callback,
        waits=listed.case.closing_held,
    )
