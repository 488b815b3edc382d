"""When each activity that comes was signed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; of what came before it is not known."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("activities", sa.Column("signed_at", number, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("activities", "signed_at")
