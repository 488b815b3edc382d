"""Keys that have their successors left to announce."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "retired_keys",
        sa.Column("activity_id", number, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("private_pem", sa.Text(), nullable=False),
        sa.Column("created_at", number, nullable=False),
        sa.Column("retired_at", number, nullable=False),
        sa.PrimaryKeyConstraint("activity_id", "kind", name=op.f("pk_retired_keys")),
    )


def downgrade() -> None:
    """What was not announced yet is announced under the new keys."""
    op.drop_table("retired_keys")
