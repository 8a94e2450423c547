"""Which commands a case accepts, and which facts follow.

Facts may be reported late and out of order; what is refused is what cannot have happened:
something before the report, a second arrival without a departure, a sign-off of unfinished work.
A refusal's code says what state stands in the way.
"""

from collections.abc import Sequence

from . import advising, answering, assigning, attending, emergency, finishing, work
from . import commands as cmd
from .case_facts import Fact
from .case_guards import in_the_way, must_be_open, not_before_report
from .case_state import CaseState


def decide(command: cmd.Command, state: CaseState) -> Sequence[Fact]:
    """The facts that follow, all at `command.at`; none when it is on record already.

    Raises Refused; with `field` where the command itself is wrong.
    """
    not_before_report(command.at, state)
    if isinstance(command, cmd.Assigning):
        return assigning.decide(command, state)
    if isinstance(command, cmd.Answering):
        return answering.decide(command, state)
    if isinstance(command, cmd.Advising):
        return advising.decide(command, state)
    if isinstance(command, cmd.Attending):
        return attending.decide(command, state)
    if isinstance(command, cmd.Finishing):
        return finishing.decide(command, state)
    if isinstance(command, cmd.InEmergency):
        must_be_open(state)
        return emergency.decide(command, state)
    return _agreeing(command, state)


def _agreeing(command: cmd.Agreeing, state: CaseState) -> Sequence[Fact]:
    """Costs may be entered after resolution, the rest belongs to work that goes on."""
    if not isinstance(command, cmd.RecordCosts):
        must_be_open(state)
    elif state.ended:
        raise in_the_way(state, "its costs are settled")
    return work.decide(command, state)
