"""Who asked and who was asked is looked for when strangers are let go."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(op.f("ix_consents_asker_id"), "consents", ["asker_id"])
    op.create_index(op.f("ix_consents_asked_id"), "consents", ["asked_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_consents_asked_id"), "consents")
    op.drop_index(op.f("ix_consents_asker_id"), "consents")
