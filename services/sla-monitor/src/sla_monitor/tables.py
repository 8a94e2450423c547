"""The tables of the monitor. All of them are a projection of the log and can be rebuilt from it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from aftercare_events.sql import infra_tables

SCHEMA = "sla"

metadata = MetaData()
infra = infra_tables(metadata)

# `state` is the case's clocks, folded; `position` the last event on any of the case's branches.
cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("policy", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("contract_id", Text),
    Column("first_due_at", DateTime(timezone=True)),
    Column("last_due_at", DateTime(timezone=True)),
    Column("summary", Text, nullable=False),
    Column("next_due_at", DateTime(timezone=True)),
    Column("next_due_clock", Text),
    Column("holder", Text),
    Index("cases_next_due_at", "next_due_at"),
    Index("cases_last_due_at", "last_due_at"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("fire_at", DateTime(timezone=True), nullable=False),
    Column("late_by_s", Float, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("promised_until", DateTime(timezone=True)),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Column("reminded", Text),
    Column("reminded_at", DateTime(timezone=True)),
    Column("resolved_at", DateTime(timezone=True)),
    Column("resolution", Text),
    Index("alerts_of_case", "case_id"),
    Index("alerts_by_position", "position"),
    Index("alerts_open", "step", "position", postgresql_where="resolved_at IS NULL"),
)

penalties = Table(
    "penalties",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("percent", Float, nullable=False),
    Column("max_percent", Float, nullable=False),
    Column("clause", Text, nullable=False),
    Column("contract_id", Text),
    Column("customer_id", Text),
    Column("accrued_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("breached_at", DateTime(timezone=True)),
    Column("policy", Text),
    Column("policy_version", Integer),
    Index("penalties_of_case", "case_id"),
    Index("penalties_of_contract", "contract_id", "position"),
)

losses = Table(
    "losses",
    metadata,
    Column("loss_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("contract_id", Text),
    Column("customer_id", Text),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("claimed_by", Text),
    Column("note", Text),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("event_id", Text, nullable=False),
    Index("losses_of_case", "case_id"),
    Index("losses_of_contract", "contract_id"),
)

# What ops are told of that is no case's: the newest alert of each scope, `since` it began.
ops_alerts = Table(
    "ops_alerts",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("customer_id", Text),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("window_start", DateTime(timezone=True), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("connected", Integer, nullable=False),
    Column("rate", Float, nullable=False),
    Column("promised", Float, nullable=False),
    Column("resolved_at", DateTime(timezone=True)),
    Column("resolution", Text),
)

# What else ops are told of: the newest notice of each kind and subject.
ops_notices = Table(
    "ops_notices",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("says", JSONB, nullable=False),
    Column("resolved_at", DateTime(timezone=True)),
)
Index("ops_notices_open", ops_notices.c.since, postgresql_where=ops_notices.c.resolved_at.is_(None))

outages = Table(
    "outages",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    Column("device_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("responded_at", DateTime(timezone=True)),
    Column("restored_at", DateTime(timezone=True)),
    Index("outages_of_device", "device_id", "began_at"),
    Index("outages_of_customer", "customer_id", "began_at"),
)

devices = Table(
    "devices",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("site_id", Text),
    Index("devices_of_customer", "customer_id"),
    Index("devices_of_site", "site_id"),
)

contracts = Table(
    "contracts",
    metadata,
    Column("contract_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("price", Numeric),
    Column("currency", Text, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", JSONB, nullable=False),
)

# `entry` is what was said last, the person in it sealed.
recipients = Table(
    "recipients",
    metadata,
    Column("recipient_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("entry", JSONB, nullable=False),
    Index("recipients_by_position", "position"),
)

# When an engineer is on duty: what dispatch said, folded. `position` is the last word of it.
engineers = Table(
    "engineers",
    metadata,
    Column("engineer_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("rota", JSONB, nullable=False),
    Index("engineers_by_position", "position"),
)

# Editions of official days; the newest of each name is in force for the cases that begin.
calendars = Table(
    "calendars",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", JSONB, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscription_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("entry", JSONB, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("disabled_reason", Text),
)

# Movements of alerts that somebody is still to be told of. What shares a `lane` is told in order.
waiting = Table(
    "waiting",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("receiver", Text, nullable=False),
    Column("alert_id", Text, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Index("waiting_of_receiver", "kind", "receiver"),
)

# Every message that was brought, or tried: its last attempt. `moved` names the alert of each
# position that it tells.
deliveries = Table(
    "deliveries",
    metadata,
    Column("notification_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("moved", JSONB, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("attempted_at", DateTime(timezone=True), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("next_at", DateTime(timezone=True)),
    Column("error", Text),
    Index("deliveries_of_receiver", "kind", "receiver", "state", "attempted_at"),
)

# Emptied and filled again by a rebuild.
READ_MODEL = (
    cases,
    alerts,
    penalties,
    policies,
    calendars,
    customers,
    losses,
    ops_alerts,
    ops_notices,
    outages,
    devices,
    contracts,
    recipients,
    engineers,
    subscriptions,
    waiting,
    deliveries,
)
