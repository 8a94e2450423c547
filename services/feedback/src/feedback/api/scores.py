"""What customers think of an engineer (FB-07)."""

from typing import Annotated

from fastapi import Depends

from aftercare_http import Id, MinPosition, Principal, Router, not_found, requires

from .views import Average, EngineerScores
from .wiring import TheFeedback

router = Router(prefix="/v1/engineers", tags=["scores"])
Reader = Annotated[Principal, Depends(requires("dispatch:read"))]


@router.get("/{engineer_id}/scores", dependencies=[MinPosition])
async def show_scores(engineer_id: Id, feedback: TheFeedback, _: Reader) -> EngineerScores:
    """Over all completed callbacks of the cases that this engineer finished."""
    found = await feedback.queries.scores(engineer_id)
    if found["callbacks"] == 0 and not await feedback.queries.knows_engineer(engineer_id):
        raise not_found("engineer", engineer_id)
    return EngineerScores(
        engineer_id=engineer_id,
        callbacks=found["callbacks"],
        satisfied=found["satisfied"],
        unsatisfied=found["unsatisfied"],
        unsolved=found["unsolved"],
        **{
            question: Average(
                average=found[f"{question}_average"], answers=found[f"{question}_answers"]
            )
            for question in ("technical_skill", "attitude", "timeliness")
        },
    )
