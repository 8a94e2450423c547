"""Runs inside `sql.upgrade` and `revise`, in the schema and transaction of their connection."""

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
)
context.run_migrations()
