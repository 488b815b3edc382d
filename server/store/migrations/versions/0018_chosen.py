"""Who may answer and quote a picture that is still to be painted, as its author chose for it alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; what was wished for before is posted as its author usually has it."""
    op.add_column("generations", sa.Column("quote_policy", sa.Text(), nullable=True))
    op.add_column("generations", sa.Column("reply_policy", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("generations", "reply_policy")
    op.drop_column("generations", "quote_policy")
