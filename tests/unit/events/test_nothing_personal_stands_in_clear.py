"""Confidentiality: every text in the catalogue is sealed, or is on a list that says why not.

Whoever adds a field adds it to a list, and to the one that is true: a text that people write
goes through `redact` with the names of those concerned, wherever it is written.
"""

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from aftercare_events.catalogue import entries
from aftercare_events.sealing import Sealed

# Ids of ours and of other systems, pseudonyms, digests, names of stored files.
IDS = {
    *("alert_id", "call_id", "callback_id", "case_id", "contact_id", "contract_id"),
    *("corrective_action_id", "customer_id", "depot_id", "device_id", "engineer_id", "fax_id"),
    *("loan_id", "loss_id", "mail_id", "notification_id", "officer_id", "owner_id", "person_id"),
    *("project_manager_id", "recipient_id", "resident_engineer_id", "return_call_id", "site_id"),
    *("subscription_id", "unit_id", "alerts[]", "attachments[]", "copied_to[]", "customers[]"),
    *("devices[]", "sites[]", "fingerprints[]", "known_by", "known_by[]", "body_digest"),
    *("agent", "arises_from", "by", "claimed_by", "deputy", "entitlement.contract_id"),
    *("filter.audience", "filter.customer", "identity", "into", "lane", "original", "other"),
    *("proposal.continues", "proposal.customer_id", "proposal.device_id", "queue", "receiver"),
    *("arrival_id", "line_id", "recipient", "reference", "sealed_for", "split_from", "target"),
    *("guarantee_id", "previous_unit_id", "repairs[].case_id", "transferred_to"),
    *("decided_by", "lead", "parts[].part_number", "partner_id"),
    *("agreement", "promise.agreement"),
    *("previous_unit_id", "transferred_to", "announcement_id", "case_ids[]", "engineer_ids[]"),
    *("loans[]", "previous_case_id", "cover_id", "incident_id"),
    "notice_id",
    *("previous_unit_id", "transferred_to", "absence_id", "residence.customer_id"),
    *("residence.site_id", "shift_id", "taken_from", "to"),
    *("incident_id", "photo", "signature"),
    *("weights_id", "plan_id", "activated_by", "done_by", "team[]", "team[].engineer_ids[]"),
    *("previous_unit_id", "transferred_to"),
}
# Words of a contract, a scale, a calendar, a list of ours, or of a program.
CODES = {
    "left_out{}",
    "weights.levels{}",
    *(
        "amount",
        "calendar_editions{}",
        "clause",
        "clock",
        "currency",
        "edition",
        "entitlement.reasons[]",
        "error",
    ),
    *("duty.spans[].end", "duty.spans[].start", "duty.zone", "filter.policy", "held_for"),
    *("policy", "measured{}", "policy_options{}", "policy{}", "previous", "promised[].clock"),
    *("proposal.severity", "quiet.hours.spans[].end", "quiet.hours.spans[].start"),
    *("quiet.hours.zone", "scope", "severity", "skills[]", "unanswered", "why{}", "overridden[]"),
}
# What a customer, a place, a device, a department or a post is called, and where we are reached.
THINGS = {
    *("category", "certificates[].name", "certificates[].skill", "city", "department", "district"),
    *("certificate.name", "certificate.skill"),
    *("family", "host", "hotline_number", "industry", "mailbox", "model", "name", "serial"),
    *("categories[]", "models[]"),
    *("levels[].category", "levels[].model", "record.replaced[].serial"),
}
# Written by people about cases: redacted, each where it comes in.
REDACTED = {
    "description",
    *("address", "classification", "condition", "consent_ref", "finding", "measures", "note"),
    *("override_reason", "reason", "record.action", "record.cause", "record.place"),
    *(
        "part",
        "record.prevention",
        "record.replaced[].name",
        "record.symptom",
        "record.prevention",
        "record.symptom",
        "record.technique",
        "resolution",
        "role",
        "steps[]",
        "team[].role",
        "summary",
        "waybill",
    ),
    *("en", "title", "zh"),
    *("record.prevention", "record.symptom", "resolution", "role", "summary", "waybill"),
}
# Sealed by every writer of ours; other systems may give a role instead.
SEALED_OR_A_ROLE = {"agreed_with", "record.reported_by"}
ALLOWED = IDS | CODES | THINGS | REDACTED | SEALED_OR_A_ROLE


def texts(kind: inspect.Type, path: str = "") -> Iterator[str]:
    """Where a type has room for free text in clear."""
    match kind:
        case inspect.StructType(cls=cls) if cls is Sealed:
            return
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from texts(field.type, f"{path}.{field.encode_name}".lstrip("."))
        case inspect.UnionType(types=types):
            for one in types:
                yield from texts(one, path)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            yield from texts(item, f"{path}[]")
        case inspect.DictType(key_type=key, value_type=value):
            yield from texts(key, f"{path}{{}}")
            yield from texts(value, f"{path}{{}}")
        case inspect.StrType() | inspect.AnyType() | inspect.RawType() | inspect.BytesType():
            yield path
        case _:
            return


def of_catalogue() -> set[str]:
    kinds = [inspect.type_info(entry.data) for entry in entries().values()]
    return {path for kind in kinds for path in texts(kind)}


def test_every_text_in_clear_is_on_a_list_that_says_why() -> None:
    assert of_catalogue() - ALLOWED == set()


def test_the_lists_name_nothing_that_is_not_there() -> None:
    assert of_catalogue() >= ALLOWED


def test_new_text_would_be_noticed() -> None:
    class Inner(msgspec.Struct):
        nickname: str | None
        secret: Sealed

    class New(msgspec.Struct):
        inner: tuple[Inner, ...]
        more: dict[str, int]

    assert set(texts(inspect.type_info(New))) == {"inner[].nickname", "more{}"}
