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
        "became": dict(proof.fates.counts),
        "explanations": dict(proof.fates.explanations.most_common()),
        "on_the_way": dict(proof.fates.on_the_way.most_common()),
        "fates": {case_id: tale.fate for case_id, tale in proof.fates.cases.items()},
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
        "defects": [*books.defects, *proof.doubled, *proof.fates.forgotten],
    }


TEXT = """
A day of {requests} requests (seed {seed}) in {seconds} s
  requests     {acknowledged} acknowledged; {calls_recorded} calls noted besides
  duplicates   {duplicates_sent} sent on purpose, {duplicates_recognised} answered as such
  cases        {cases_closed} closed, {cases_reopened} reopened, {cases_withdrawn} withdrawn, \
{cases_unfinished} got stuck
  became       {became_of_them}
  explained    {explained}
  on the way   {went_through}
  callbacks    {callbacks_completed} completed; {loans} units lent
  alerts       {alerts} raised, {alerts_acknowledged} acknowledged; {breaches} promises broken
  refused      {why}
  sent again   {sent_again} times, for want of an answer
  in the log   {writes_found} of {writes_acknowledged} acknowledged writes"""


def text(told: Summary) -> str:
    """The same in a few lines."""
    wrong = (f"  DEFECT       {sentence}" for sentence in (*told["lost"], *told["defects"]))
    lists = {
        "why": _listed(told["refused"]),
        "became_of_them": _listed(told["became"]),
        "explained": _listed(told["explanations"]),
        "went_through": _listed(told["on_the_way"]),
    }
    return "\n".join([TEXT.format(**told, **lists), *wrong])


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"
