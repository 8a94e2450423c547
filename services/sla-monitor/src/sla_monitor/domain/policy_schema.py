"""The policy language as a JSON Schema, so that an editor helps while a contract is written.

Keys and words come from where the reader has them: what the reader does not know, the schema
refuses. What names name, whether spans overlap or ladders climb, only the reader can tell.
"""

from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from aftercare_events.catalogue.case import Channel, Kind, Place, Step

from .calendar_reader import CALENDAR_KEYS, MAKE_UP_DAYS, YEAR_KEYS
from .clock_reader import (
    CHOICE_KEYS,
    CLOCK_KEYS,
    CLOCK_NAME,
    DISTANCE,
    LADDER_KEYS,
    STEP_KEYS,
    YES_NO,
)
from .policy import (
    Attribute,
    CallbackRule,
    MetBy,
    Obligation,
    OnBreach,
    OutOfWarranty,
    Penalty,
    SpareRule,
    Start,
    Text,
    Warranty,
)
from .policy_reader import NAME, OPTION_KEYS, POLICY_KEYS, POLICY_NEEDS
from .units import OFFSETS, SHARE, SPAN, TIME, WEEKDAYS, WORKING_DAYS

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": ["string", "number", "boolean"]}
NUMBER: Schema = {"type": ["number", "string"]}
ANY_NAMES: Schema = {"type": "object", "additionalProperties": TEXT}
_WEEKDAY = "|".join(WEEKDAYS)


def policy_schema() -> Schema:
    """The schema of a policy file."""
    body = _mapping(
        POLICY_KEYS,
        {
            "policy": _pattern(NAME.pattern),
            "version": {"type": ["integer", "string"], "pattern": r"^[1-9]\d{0,5}$", "minimum": 1},
            "title": _struct(Text),
            "severities": _named(_struct(Text)),
            "options": _named(_mapping(OPTION_KEYS, {"values": _some(TEXT), "chosen": ANY_NAMES})),
            "official": _named(_named(_year(), r"^\d{4}$")),
            "calendars": _named(_or_choice(_calendar())),
            "ladders": _named(_or_choice(_ladder())),
            "pauses": _named(_some(TEXT)),
            "clocks": {"type": "array", "items": _clock()},
            "penalty": _struct(Penalty),
            "warranty": {"type": "array", "items": _struct(Warranty)},
            "out_of_warranty": _struct(OutOfWarranty),
            "callback": _struct(CallbackRule),
            "spare": _struct(SpareRule),
            "obligations": {"type": "array", "items": _struct(Obligation)},
            "terms": {"type": "object"},
        },
        needs=POLICY_NEEDS,
    )
    return {"$schema": DIALECT, "title": "Aftercare contract policy", **body}


def _clock() -> Schema:
    return _mapping(
        CLOCK_KEYS,
        {
            "clock": _pattern(CLOCK_NAME.pattern),
            "when": _conditions(),
            "starts": {"enum": list(get_args(Start))},
            "met_by": {"enum": list(get_args(MetBy))},
            "target": _pattern(f"{SPAN.pattern}|{WORKING_DAYS.pattern}"),
            "pauses": _some(TEXT),
            "duty": {"enum": list(YES_NO)},
            "on_breach": {"enum": list(get_args(OnBreach))},
            "chosen": ANY_NAMES,
        },
        needs=("clock", "met_by", "target", "calendar"),
    )


def _conditions() -> Schema:
    known: dict[str, Schema] = {
        "kind": {"enum": [*get_args(Kind), "any"]},
        "channel": {"enum": list(get_args(Channel))},
        "place": {"enum": list(get_args(Place))},
        "distance_km": _pattern(DISTANCE.pattern),
        **{name: {"enum": list(YES_NO)} for name in ("device", "use_affected", "in_warranty")},
    }
    tests = {
        name: known[name] if name == "distance_km" else _test(known.get(name, TEXT))
        for name in get_args(Attribute)
        if name != "option"
    }
    return {
        "type": "object",
        "properties": tests,
        "patternProperties": {r"^option\..+$": _test(TEXT)},
        "additionalProperties": False,
    }


def _test(value: Schema) -> Schema:
    """One value, several of which one must hold, or none of which may."""
    negated = _mapping(("not",), {"not": _some(value)}, needs=("not",))
    return {"anyOf": [*_some(value)["anyOf"], negated]}


def _calendar() -> Schema:
    time = TIME.pattern
    hours = _some(_pattern(f" *{time} *- *{time} *"))
    day = r"(\d{4}-)?\d{2}-\d{2}"
    return _mapping(
        CALENDAR_KEYS,
        {
            "week": _named(hours, rf"^({_WEEKDAY})(-({_WEEKDAY}))?$"),
            "make_up_days": {"enum": list(MAKE_UP_DAYS)},
            "make_up_hours": hours,
            "off": _some(_pattern(day)),
            "on": _some(_pattern(day)),
            "days": _named(hours, rf"^{day}$"),
            "chosen": ANY_NAMES,
        },
        needs=("week",),
    )


def _year() -> Schema:
    day = _some(_pattern(r"\d{4}-\d{2}-\d{2}"))
    return _mapping(YEAR_KEYS, {"off": day, "on": day}, needs=("edition",))


def _ladder() -> Schema:
    at = _pattern(f"{SHARE.pattern}|{SPAN.pattern} ({'|'.join(OFFSETS)})")
    remind = _pattern(SPAN.pattern)
    details = {"at": at, "copied_to": _some(TEXT), "remind": remind}
    step = {"anyOf": [at, _mapping(STEP_KEYS, details, needs=("at",))]}
    steps = dict.fromkeys(get_args(Step), step)
    own = {"remind": remind, "chosen": ANY_NAMES}
    return _mapping((*get_args(Step), *LADDER_KEYS), {**steps, **own})


def _or_choice(plain: Schema) -> Schema:
    choice = _mapping(CHOICE_KEYS, {"when": _conditions()}, needs=("use",))
    chosen = {"type": "array", "items": choice}
    return {"anyOf": [plain, _mapping(("choose",), {"choose": chosen}, needs=("choose",))]}


def _mapping(
    keys: Iterable[str], values: Mapping[str, Schema], needs: Iterable[str] = ()
) -> Schema:
    """Exactly these keys; what is not said of one is that it is a text."""
    return {
        "type": "object",
        "properties": {key: values.get(key, TEXT) for key in keys},
        "required": list(needs),
        "additionalProperties": False,
    }


def _named(value: Schema, names: str = "^.+$") -> Schema:
    return {
        "type": "object",
        "patternProperties": {names: value},
        "additionalProperties": False,
    }


def _some(value: Schema) -> Schema:
    """One text, or a list of them."""
    return {"anyOf": [value, {"type": "array", "items": value}]}


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _struct(struct: type[msgspec.Struct]) -> Schema:
    hints = get_type_hints(struct)
    fields = msgspec.structs.fields(struct)
    return _mapping(
        [field.name for field in fields],
        {field.name: _of_type(hints[field.name]) for field in fields},
        needs=[field.name for field in fields if field.required],
    )


def _of_type(hint: Any) -> Schema:
    """What may stand for a value of that type; numbers may be written as texts."""
    if isinstance(hint, UnionType):
        return _of_type(next(one for one in get_args(hint) if one is not NoneType))
    origin = get_origin(hint)
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is tuple:
        return {"type": "array", "items": _of_type(get_args(hint)[0])}
    if origin is dict:
        return ANY_NAMES
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _struct(hint)
    return NUMBER if hint in (int, float) else TEXT
