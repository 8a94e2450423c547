"""Where the keys of persons are kept: beside the log, never in it."""

from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Text, func

SCHEMA = "vault"

metadata = MetaData(schema=SCHEMA)

# `key` is wrapped by the master key; all services share the table.
person_keys = Table(
    "person_keys",
    metadata,
    Column("person", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
