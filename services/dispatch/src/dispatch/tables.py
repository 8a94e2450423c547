"""What dispatch reads: one row for each case, engineer, unit and loan, as the log left it.

`state` is the folded aggregate in JSON; the columns beside it are what lists filter and sort by.
`position` is that of the last event which changed the row.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from aftercare_events.sql import infra_tables

metadata = MetaData()
infra = infra_tables(metadata)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_wanted", Boolean, nullable=False),
    Column("is_overdue", Boolean, nullable=False),
    Column("engineer_id", Text),
    Column("device_id", Text),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
)
Index("case_by_device", cases.c.device_id, postgresql_where=cases.c.device_id.is_not(None))
Index("case_by_age", cases.c.reported_at, cases.c.case_id)
Index("case_by_status", cases.c.status, cases.c.reported_at, cases.c.case_id)
Index("case_by_engineer", cases.c.engineer_id, cases.c.reported_at, cases.c.case_id)
Index(
    "case_open_by_engineer",
    cases.c.engineer_id,
    postgresql_where=cases.c.is_open & cases.c.engineer_id.is_not(None),
)
Index(
    "case_wanted_by_due",
    cases.c.due_at,
    cases.c.reported_at,
    cases.c.case_id,
    postgresql_where=cases.c.is_wanted,
)
Index(
    "case_wanted",
    cases.c.reported_at,
    cases.c.case_id,
    postgresql_where=cases.c.is_wanted,
)
Index(
    "case_overdue",
    cases.c.reported_at,
    cases.c.case_id,
    postgresql_where=cases.c.is_overdue,
)

engineers = Table(
    "engineers",
    metadata,
    Column("engineer_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("certificate_ends_on", Date),
)
Index("engineer_by_certificate", engineers.c.certificate_ends_on)
Index("engineer_by_position", engineers.c.position)

units = Table(
    "units",
    metadata,
    Column("unit_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("depot_id", Text),
    Column("model", Text),
    Column("category", Text),
    Column("grade", Integer),
    Column("family", Text),
    Column("is_free", Boolean, nullable=False),
)
Index("unit_free", units.c.category, units.c.model, postgresql_where=units.c.is_free)

loans = Table(
    "loans",
    metadata,
    Column("loan_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("case_id", Text),
    Column("unit_id", Text),
    Column("stage", Text, nullable=False),
)
Index("loan_by_case", loans.c.case_id)
Index("loan_by_stage", loans.c.stage, loans.c.loan_id)

incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("category", Text),
    Column("since", DateTime(timezone=True)),
)
Index(
    "incident_under_way",
    incidents.c.category,
    postgresql_where=incidents.c.stage.in_(("proposed", "confirmed")),
)

# Where somebody has to be there all the time, and when nobody is (DP-18).
covers = Table(
    "covers",
    metadata,
    Column("cover_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)

# Open faults that no incident has yet: what a new one is compared with (DP-17).
faults = Table(
    "faults",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("category", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("site_id", Text, nullable=False),
    Column("device_id", Text),
)
Index("fault_by_category", faults.c.category, faults.c.reported_at)

depots = Table(
    "depots",
    metadata,
    Column("depot_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("district", Text),
    Column("latitude", Float),
    Column("longitude", Float),
)

# What each depot keeps at least, and where it runs short.
safety_stock = Table(
    "safety_stock",
    metadata,
    Column("depot_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_short", Boolean, nullable=False),
)

# Work that asks for somebody senior (DP-18); one that was called off is neither open nor ended.
installations = Table(
    "installations",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("contract_id", Text),
    Column("begins_at", DateTime(timezone=True), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
Index("installation_by_contract", installations.c.contract_id)

# `covers` lists in JSON the devices and sites that a contract names; `policy_options` is JSON too.
contracts = Table(
    "contracts",
    metadata,
    Column("contract_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("covers", Text, nullable=False),
    Column("resident_engineer_id", Text),
    Column("policy", Text, nullable=False),
    Column("policy_version", Integer),
    Column("policy_options", Text, nullable=False),
    Column("trial_starts_on", Date),
    Column("trial_ends_on", Date),
)

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("city", Text),
    Column("address", Text),
    Column("latitude", Float),
    Column("longitude", Float),
)

devices = Table(
    "devices",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("model", Text),
    Column("category", Text),
    Column("grade", Integer),
    Column("customer_id", Text),
    Column("site_id", Text),
    Column("quantity", Integer),
    Column("accepted_on", Date),
    Column("preliminarily_accepted_on", Date),
    Column("warranty_from", Date),
)

# What repairs did to the warranty of each device; the id is the device's.
warranty = Table(
    "warranty",
    metadata,
    Column("warranty_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)

guarantees = Table(
    "guarantees",
    metadata,
    Column("guarantee_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("case_id", Text),
    Column("device_id", Text),
)
Index("guarantee_by_stage", guarantees.c.stage, guarantees.c.guarantee_id)
Index("guarantee_by_case", guarantees.c.case_id)

# What each version of a contract says about spares and warranty.
policies = Table(
    "policies",
    metadata,
    Column("policy", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("terms", Text, nullable=False),
)

# Later editions of the official days; the shipped ones stand in none.
calendars = Table(
    "calendars",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("days", Text, nullable=False),
)

# An engineer whom a customer rejected once is not sent to that customer again (DP-16).
rejections = Table(
    "rejections",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("engineer_id", Text, primary_key=True),
)

# Who complains about staff a second time was not satisfied the first time (DP-16).
staff_complaints = Table(
    "staff_complaints",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
)
Index("staff_complaint_by_customer", staff_complaints.c.customer_id, staff_complaints.c.reported_at)
# Who has repaired which device (DP-04): whoever had a case when it was resolved.
worked_on = Table(
    "worked_on",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("engineer_id", Text, primary_key=True),
)
Index("device_by_model", devices.c.model)

# At which site an engineer arrived last (DP-04): the next way begins there.
whereabouts = Table(
    "whereabouts",
    metadata,
    Column("engineer_id", Text, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
Index("whereabouts_by_time", whereabouts.c.at)

# Each time a case was given to somebody, for an even share.
given = Table(
    "given",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("engineer_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
Index("given_by_time", given.c.at)

# What customers said of an engineer, callback by callback: the mean of their scores.
scores = Table(
    "scores",
    metadata,
    Column("engineer_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("score", Float, nullable=False),
)
Index("score_by_position", scores.c.position)

# By which weights engineers are chosen (DP-04).
weights = Table(
    "weights",
    metadata,
    Column("weights_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)

# Manufacturers, authorised services and partner firms (DP-26).
partners = Table(
    "partners",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)
# Emergency plans (DP-27), proposed by customer.
plans = Table(
    "plans",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("customer_id", Text),
)
Index("plan_by_customer", plans.c.customer_id, plans.c.plan_id)

# The answer that a repeated Idempotency-Key gets again.
answers = Table(
    "answers",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("body_digest", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
)

PROJECTED = (
    cases,
    engineers,
    units,
    loans,
    incidents,
    covers,
    faults,
    depots,
    safety_stock,
    installations,
    contracts,
    customers,
    sites,
    devices,
    warranty,
    guarantees,
    policies,
    calendars,
    rejections,
    staff_complaints,
    worked_on,
    whereabouts,
    given,
    scores,
    weights,
    partners,
    plans,
    answers,
)
