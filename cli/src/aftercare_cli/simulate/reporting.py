"""How a request comes in: once, and now and then the very same again."""

from .books import Entry
from .doors import bare_call, hand_in, identity_of
from .request import BareCall, Request
from .scene import Scene, now
from .wire import Answer, Call


async def report(request: Request, scene: Scene) -> str | None:
    """The id of the case that this request opened; None where it was refused or never answered."""
    scene.books.counts["requests"] += 1
    call = hand_in(request, scene.run, now())
    first = await scene.ask(call, request.door)
    if first is None:
        return None
    case_id = first.body.get("case_id")
    if case_id is None:
        scene.books.defects.append(f"request {request.number} opened no case: {first.body}")
        return None
    scene.books.counts["acknowledged"] += 1
    _enter(scene, call, first, request.door, f"case/{case_id}", opens=True)
    for _ in range(request.resent):
        await _again(scene, call, first)
    return case_id


async def record_call(bare: BareCall, scene: Scene) -> None:
    call = bare_call(bare, scene.run, now())
    first = await scene.ask(call, bare.outcome)
    if first is None:
        return
    scene.books.counts["calls"] += 1
    _enter(scene, call, first, bare.outcome, f"call/{first.body['call_id']}")
    for _ in range(bare.resent):
        await _again(scene, call, first)


async def _again(scene: Scene, call: Call, first: Answer) -> None:
    """Send the very same once more; it must be the same for intake too."""
    scene.books.counts["duplicates sent"] += 1
    again = await scene.ask(call, "again")
    if again is None:
        return
    same = all(again.body.get(name) == first.body.get(name) for name in ("case_id", "position"))
    if same and again.body.get("duplicate"):
        scene.books.counts["duplicates recognised"] += 1
    else:
        scene.books.defects.append(f"{identity_of(call)} again is {again.body}, not {first.body}")


def _enter(
    scene: Scene, call: Call, answer: Answer, what: str, about: str, *, opens: bool = False
) -> None:
    entry = Entry(
        what=what,
        about=about,
        position=answer.body["position"],
        identity=identity_of(call),
        opens=opens,
        duplicate=bool(answer.body.get("duplicate")),
    )
    scene.books.acknowledged(entry)
