"""The Alembic environment that the migrations of all services share."""
