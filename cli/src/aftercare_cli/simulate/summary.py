"""What came of the day, for programs and for people."""

from collections.abc import Mapping
from typing import Any

from .books import Books
from .plan import Plan
from .proof import Proof

Summary = Mapping[str, Any]


def summary(seed: int, plan: Plan, books: Books, proof: Proof, seconds: float) -> Summary:
    """`lost` and `defects` are sentences: there must be none of them."""
    counts, told = books.counts, proof.told
    return {
        "seed": seed,
        "seconds": round(seconds, 1),
        "requests": len(plan.lives),
        "acknowledged": counts["acknowledged"],
        "calls_recorded": counts["calls"],
        "duplicates_sent": counts["duplicates sent"],
        "duplicates_recognised": counts["duplicates recognised"],
        "cases_closed": told["closed"],
        "cases_withdrawn": told["withdrawn"],
        "cases_reopened": told["reopened"],
        "cases_unfinished": counts["unfinished"],
        "callbacks_completed": told["callbacks completed"],
        "loans": told["loans"],
        "alerts": told["alerts"],
        "alerts_acknowledged": told["alerts acknowledged"],
        "breaches": told["breaches"],
        "refused": dict(books.refused.most_common()),
        "sent_again": counts["sent again"],
        "writes_acknowledged": len(books.entries),
        "writes_found": proof.found,
        "lost": proof.missing,
        "defects": [*books.defects, *proof.doubled],
    }


TEXT = """
A day of {requests} requests (seed {seed}) in {seconds} s
  requests     {acknowledged} acknowledged; {calls_recorded} calls noted besides
  duplicates   {duplicates_sent} sent on purpose, {duplicates_recognised} answered as such
  cases        {cases_closed} closed, {cases_reopened} reopened, {cases_withdrawn} withdrawn, \
{cases_unfinished} got stuck
  callbacks    {callbacks_completed} completed; {loans} units lent
  alerts       {alerts} raised, {alerts_acknowledged} acknowledged; {breaches} promises broken
  refused      {why}
  sent again   {sent_again} times, for want of an answer
  in the log   {writes_found} of {writes_acknowledged} acknowledged writes"""


def text(told: Summary) -> str:
    """The same in a few lines."""
    why = ", ".join(f"{count} {reason}" for reason, count in told["refused"].items())
    wrong = (f"  DEFECT       {sentence}" for sentence in (*told["lost"], *told["defects"]))
    return "\n".join([TEXT.format(**told, why=why or "nothing"), *wrong])
