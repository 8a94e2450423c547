"""Whose personal data was erased. Written by intake only."""

from datetime import datetime

import msgspec

from .registry import event_type


@event_type("aftercare.person.erased.v1")
class PersonErased(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The key of a person was destroyed, and with it everything sealed under it.

    `person_id` is the pseudonym that *sealed* fields name. `key_made_at` says which of the
    person's keys it was: a backup that brings this one back does not bring the person back, while
    a key made later, for somebody who wrote again, is left alone.
    """

    person_id: str
    key_made_at: datetime
    reason: str
