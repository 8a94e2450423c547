"""Repairs change the warranty of a device, and may prove a guarantee."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DATES = ("accepted_on", "preliminarily_accepted_on", "warranty_from")


def upgrade() -> None:
    op.add_column("cases", sa.Column("device_id", sa.Text(), nullable=True))
    op.create_index(
        "case_by_device",
        "cases",
        ["device_id"],
        postgresql_where=sa.text("device_id IS NOT NULL"),
    )
    op.add_column("devices", sa.Column("customer_id", sa.Text(), nullable=True))
    op.add_column("devices", sa.Column("site_id", sa.Text(), nullable=True))
    op.add_column("devices", sa.Column("quantity", sa.Integer(), nullable=True))
    for name in DATES:
        op.add_column("devices", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "warranty",
        sa.Column("warranty_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("warranty_id"),
    )
    op.create_table(
        "guarantees",
        sa.Column("guarantee_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("guarantee_id"),
    )
    op.create_index("guarantee_by_stage", "guarantees", ["stage", "guarantee_id"])
    op.create_index("guarantee_by_case", "guarantees", ["case_id"])


def downgrade() -> None:
    op.drop_table("guarantees")
    op.drop_table("warranty")
    for name in (*DATES, "quantity", "site_id", "customer_id"):
        op.drop_column("devices", name)
    op.drop_index("case_by_device", table_name="cases")
    op.drop_column("cases", "device_id")
