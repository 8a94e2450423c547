"""cases are routed to a group"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Earlier cases are routed as they are classified now, by the table as it stood at this revision.
EARLIER = """
    UPDATE cases SET work = reports.report ->> 'work', "group" = CASE
        WHEN kind = 'supervision_complaint' THEN 'response_centre'
        WHEN kind IN ('complaint', 'suggestion') THEN 'customer_service'
        WHEN reports.report ->> 'work' IN ('installation', 'commissioning', 'expansion')
            THEN 'technical_support'
        WHEN kind = 'fault' AND severity IN ('1', 'system_down', 'catastrophic', 'urgent')
            THEN 'emergency_team'
        WHEN kind = 'fault' AND category = 'software' THEN 'technical_support'
        WHEN kind IN ('fault', 'maintenance', 'inspection') THEN 'technical_service_centre'
        WHEN kind IN ('upgrade', 'training') THEN 'technical_support'
        ELSE 'response_centre'
    END
    FROM reports WHERE reports.case_id = cases.case_id
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("work", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("group", sa.Text(), nullable=True))
    op.create_index(
        "ix_cases_of_group",
        "cases",
        ["group", "case_id"],
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.execute(EARLIER)


def downgrade() -> None:
    op.drop_index("ix_cases_of_group", table_name="cases")
    op.drop_column("cases", "group")
    op.drop_column("cases", "work")
