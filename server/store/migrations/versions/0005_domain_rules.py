"""What the operator settled about other servers; until now a mark on the host."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and rules of the marks."""
    op.create_table(
        "domain_rules",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("reject_media", sa.Boolean(), nullable=False),
        sa.Column("reject_reports", sa.Boolean(), nullable=False),
        sa.Column("mark_sensitive", sa.Boolean(), nullable=False),
        sa.Column("public_comment", sa.Text(), nullable=False),
        sa.Column("private_comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_domain_rules")),
    )
    op.execute(
        "insert into domain_rules select host, 'suspend', 1, 1, 0, '', '', suspended_at from peers "
        "where suspended_at is not null"
    )
    op.drop_column("peers", "suspended_at")


def downgrade() -> None:
    """Put the marks back; milder rules are lost."""
    op.add_column("peers", sa.Column("suspended_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.execute(
        "update peers set suspended_at = (select created_at from domain_rules "
        "where domain = host and severity = 'suspend')"
    )
    op.drop_table("domain_rules")
