"""Who is silenced, what operators did, and who asked whom for consent."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column, the table and the indexes; mark whom a rule silences."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("actors", sa.Column("silenced_at", number, nullable=True))
    op.create_table(
        "audit",
        sa.Column("id", number, nullable=False),
        sa.Column("at", number, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for column in ("asked_id", "asker_id"):
        op.create_index(op.f(f"ix_consents_{column}"), "consents", [column], unique=False)
    op.execute(
        "update actors set silenced_at = "
        "(select case severity when 'silence' then created_at end from domain_rules where "
        "(domain = host or substr(host, -length(domain) - 1) = '.' || domain) order by length(domain) desc limit 1) "
        "where local = 0"
    )


def downgrade() -> None:
    """Drop them."""
    for column in ("asked_id", "asker_id"):
        op.drop_index(op.f(f"ix_consents_{column}"), "consents")
    op.drop_table("audit")
    op.drop_column("actors", "silenced_at")
