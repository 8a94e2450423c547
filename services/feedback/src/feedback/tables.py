"""The tables of feedback. All of them are a projection of the log and can be rebuilt from it."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from aftercare_events.sql import infra_tables

SCHEMA = "feedback"

metadata = MetaData()
infra = infra_tables(metadata)

# `state` is the folded state; the other columns are lifted out of it for the queries.
cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("state", JSONB, nullable=False),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("callback_id", Text, primary_key=True),
    Column("state", JSONB, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Index("callbacks_of_case", "case_id"),
    Index("callbacks_by_due", "status", "due_at", "callback_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("callback_id", Text, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("note", JSONB(none_as_null=True)),
)

answers = Table(
    "answers",
    metadata,
    Column("callback_id", Text, primary_key=True),
    Column("engineer_id", Text),
    Column("outcome", Text, nullable=False),
    Column("technical_skill", SmallInteger),
    Column("attitude", SmallInteger),
    Column("timeliness", SmallInteger),
    Column("suggestions", JSONB(none_as_null=True)),
    Index("answers_about_engineer", "engineer_id"),
)

corrective_actions = Table(
    "corrective_actions",
    metadata,
    Column("corrective_action_id", Text, primary_key=True),
    Column("state", JSONB, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Index("corrective_actions_by_age", "status", "opened_at", "corrective_action_id"),
)

officers = Table(
    "officers",
    metadata,
    Column("officer_id", Text, primary_key=True),
    Column("department", Text, nullable=False),
    Column("name", JSONB(none_as_null=True)),
    Column("active", Boolean, nullable=False),
)

engineers = Table(
    "engineers",
    metadata,
    Column("engineer_id", Text, primary_key=True),
    Column("department", Text),
)

callback_rules = Table(
    "callback_rules",
    metadata,
    Column("policy", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("technical_barred", Boolean, nullable=False),
)

# Emptied and filled again by a rebuild.
READ_MODEL = (
    cases,
    callbacks,
    attempts,
    answers,
    corrective_actions,
    officers,
    engineers,
    callback_rules,
)
