"""keep leave and dated shifts of engineers beside their weekly duty"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.add_column("engineers", sa.Column("rota", JSONB, nullable=True))
    # Until a rebuild has read earlier leave and shifts from the log, what was known stands.
    op.execute(
        "UPDATE engineers SET rota = jsonb_strip_nulls(jsonb_build_object("
        "'active', CASE WHEN active THEN NULL ELSE false END, 'duty', duty,"
        " 'rostered', CASE WHEN duty IS NULL THEN NULL ELSE true END))"
    )
    op.alter_column("engineers", "rota", nullable=False)
    op.drop_column("engineers", "duty")
    op.drop_column("engineers", "active")


def downgrade() -> None:
    op.add_column(
        "engineers", sa.Column("active", sa.Boolean(), server_default="true", nullable=False)
    )
    op.add_column("engineers", sa.Column("duty", JSONB, nullable=True))
    op.execute(
        "UPDATE engineers SET active = coalesce((rota->>'active')::boolean, true),"
        " duty = rota->'duty'"
    )
    op.drop_column("engineers", "rota")
