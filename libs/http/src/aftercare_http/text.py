"""What a value from outside may look like: storable, bounded, and known field by field."""

from typing import Annotated, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from aftercare_events.ids import ID_PATTERN

WITHOUT_NUL = r"^[^\x00]*$"


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise PydanticCustomError("nul-character", "must not contain the character NUL")
    return value


def _one_line(value: str) -> str:
    if any(character in value for character in "\r\n\x00\u2028\u2029"):
        raise PydanticCustomError("one-line", "must be a single line")
    return not_blank(value)


def not_blank(value: str) -> str:
    """Raises PydanticCustomError for what says nothing."""
    if not value.strip():
        raise PydanticCustomError("blank", "must say something")
    return value


def _documented(pattern: str) -> FieldInfo:
    """What the document says of a rule whose refusal is worded by hand."""
    return cast("FieldInfo", Field(json_schema_extra={"pattern": pattern}))


Id = Annotated[str, StringConstraints(pattern=f"^{ID_PATTERN}$")]
"""An id of ours: it is a token of a log subject."""

Text = Annotated[
    str,
    StringConstraints(max_length=10_000),
    AfterValidator(_without_nul),
    _documented(WITHOUT_NUL),
]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_one_line),
    _documented(r"^[^\x00\r\n\u2028\u2029]*[^\x00\s][^\x00\r\n\u2028\u2029]*$"),
]
BigInt = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Body(BaseModel):
    """A JSON body: fields we do not know are refused, so that a typing error is not ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)
