"""Direct losses that a customer claims beside the contract's penalties (SL-10)."""

import msgspec

from .registry import event_type


@event_type("aftercare.case.loss_claimed.v1")
class LossClaimed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer claims that a case cost them money; whether it is owed is for others to say.

    `amount` is a decimal number as text, `currency` an ISO 4217 code. `claimed_by` is a contact's
    id, never a name.
    """

    case_id: str
    loss_id: str
    amount: str
    currency: str
    contract_id: str | None = None
    customer_id: str | None = None
    claimed_by: str | None = None
    note: str | None = None
