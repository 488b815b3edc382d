"""Indexes that say whether somebody here has a tie to a peer's actor."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    ("dismissed_suggestions", "target_id"),
    ("endorsements", "target_id"),
    ("mentions", "actor_uri"),
    ("mutes", "target_id"),
    ("notification_permissions", "from_id"),
    ("notification_requests", "from_id"),
    ("notifications", "from_id"),
    ("poll_votes", "actor_id"),
    ("private_notes", "target_id"),
)


def upgrade() -> None:
    """Make the indexes."""
    for table, column in COLUMNS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Drop them."""
    for table, column in COLUMNS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
