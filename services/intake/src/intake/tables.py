"""What intake keeps in PostgreSQL: the archive, its cases, and what arrived at its doors.

All of it follows from the log. `entry` columns hold the event's data as it was said, `report` that
of the report with what became known later of its customer.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from aftercare_events.sql import infra_tables

SCHEMA = "intake"

metadata = MetaData()
infra = infra_tables(metadata)

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entry", JSONB, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("entry", JSONB, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("serial", Text, index=True),
    Column("likeness", Text, index=True),
    Column("entry", JSONB, nullable=False),
)

# What dispatch said of the warranty of a device: begun anew, or extended by days.
warranty_changes = Table(
    "warranty_changes",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("on_day", Date, nullable=False),
    Column("days", Integer),
)

contracts = Table(
    "contracts",
    metadata,
    Column("contract_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("entry", JSONB, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("entry", JSONB, nullable=False),
)

# `reached_at` is the number, address or queue in its one spelling.
lines = Table(
    "lines",
    metadata,
    Column("line_id", Text, primary_key=True),
    Column("reached_at", Text, nullable=False, index=True),
    Column("entry", JSONB, nullable=False),
)

contact_keys = Table(
    "contact_keys",
    metadata,
    Column("known_by", Text, primary_key=True),
    Column("contact_id", Text, primary_key=True, index=True),
)

policies = Table(
    "policies",
    metadata,
    Column("policy", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", JSONB, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("report", JSONB, nullable=False),
    Index("ix_reports_of_customer", "customer_id", "reported_at"),
    Index("ix_reports_by_person", text("((report -> 'contact') ->> 'person')")),
)
# The pseudonym of whoever reported; written out, for an index knows its expression word by word.
_REPORTER = literal_column("((reports.report -> 'contact') ->> 'person')", Text)


def reported_by(person_id: str) -> ColumnElement[bool]:
    return _REPORTER.op("=", is_comparison=True)(person_id)


# What decisions look at, apart from the report, for every event of any service touches it.
# `position` is that of the case's last event; `attachments` counts them.
cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text),
    Column("category", Text),
    Column("ended", Text),
    Column("merged_into", Text),
    Column("customer_id", Text, nullable=False),
    Column("held_for", Text),
    Column("excluded", Text),
    Column("attachments", Integer, nullable=False),
    Column("work", Text),
    Column("group", Text),
    Column("use_affected", Boolean),
)
OPEN = cases.c.ended.is_(None)
Index("ix_cases_of_group", cases.c.group, cases.c.case_id, postgresql_where=OPEN)
MERGED = cases.c.merged_into.is_not(None)
Index("ix_cases_merged", cases.c.merged_into, postgresql_where=MERGED)
HELD = cases.c.held_for.is_not(None) & OPEN
Index("ix_cases_held", cases.c.case_id, postgresql_where=HELD)

# The due times that the SLA monitor said when the case began, soonest first.
promises = Table(
    "promises",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("entry", JSONB, nullable=False),
)

# Acknowledgements that went out; `person_id` is the pseudonym of whoever got it.
sent_mails = Table(
    "sent_mails",
    metadata,
    Column("mail_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Index("ix_sent_mails_by_person", "person_id", "sent_at"),
)

# What customers were told without having asked.
notices = Table(
    "notices",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("notice_id", Text, primary_key=True),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
)

# What the customer is told of the way of the case, an entry for each event that means something
# to her.
milestones = Table(
    "milestones",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("entry", JSONB, nullable=False),
)

# What else the history of a device tells of its cases: maintenance, levels, spares, warranty. With
# `device_id` it is about that device, whichever the case is about by now.
case_facts = Table(
    "case_facts",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("what", Text, nullable=False),
    Column("entry", JSONB, nullable=False),
    Column("device_id", Text),
)

# The archive's entry of a device each time it was recorded.
device_versions = Table(
    "device_versions",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("entry", JSONB, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("channel", Text, nullable=False),
    Column("actor", Text),
    Column("identity", Text),
    Column("body_digest", Text),
    Column("text", JSONB),
    Column("split_into", Text),
)

# A case and an older one that is probably the same; both are open.
duplicates = Table(
    "duplicates",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("other", Text, primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("same", Text, nullable=False),
    Column("dismissed", Boolean, nullable=False),
)
Index("ix_duplicates_proposed", duplicates.c.case_id, postgresql_where=~duplicates.c.dismissed)

# Numbered within the case from 1, in the order in which they came.
attachments = Table(
    "attachments",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("object", Text, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("entry", JSONB, nullable=False),
    Column("direction", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("customer_id", Text),
    Column("known_by", Text),
    Index("ix_calls_of_customer", "customer_id", "started_at"),
    Index("ix_calls_by_number", "known_by", "started_at"),
    Index("ix_calls_by_case", text("(entry ->> 'case_id')")),
)
_ABOUT = literal_column("(calls.entry ->> 'case_id')", Text)


def of_case(case_id: str) -> ColumnElement[bool]:
    """Calls that opened the case or were about it, by their index."""
    return _ABOUT.op("=", is_comparison=True)(case_id)


# Who gave up waiting, and is called back. `caller` is as in her first call.
return_calls = Table(
    "return_calls",
    metadata,
    Column("return_call_id", Text, primary_key=True),
    Column("known_by", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("last_call_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_outcome", Text),
    Column("reached_by", Text),
    Column("ended", Text),
    Column("ended_at", DateTime(timezone=True)),
    Index("ix_return_calls_by_number", "known_by", "since"),
    Index("ix_return_calls_waiting", "due_at", postgresql_where=text("ended IS NULL")),
)

# Mails and faxes; of those that opened no case, what a clerk did with them. `sealed_for`
# is whose key seals the original of one that was released.
arrivals = Table(
    "arrivals",
    metadata,
    Column("arrival_id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("disposition", Text, nullable=False),
    Column("reason", Text),
    Column("case_id", Text),
    Column("original", Text, nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text),
    Column("dismissed_for", Text),
    Column("sealed_for", Text),
    Index("ix_arrivals_by_time", "received_at", "arrival_id"),
    Index("ix_arrivals_by_disposition", "disposition", "received_at"),
    Index("ix_arrivals_of_case", "case_id"),
)

# Faxes that opened a case, and what became of them: read by machine, checked by a clerk.
faxes = Table(
    "faxes",
    metadata,
    Column("fax_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("received", JSONB, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("read", JSONB),
    Column("failed", JSONB),
    Column("checked_at", DateTime(timezone=True)),
    Column("checked_by", Text),
    Index("ix_faxes_to_check", "checked_at", "received_at", "fax_id"),
)
