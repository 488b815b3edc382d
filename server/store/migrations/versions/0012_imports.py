"""Tables that people bring from other servers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "imports",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("overwrite", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", ID, nullable=False),
        sa.Column("finished_at", ID, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_imports_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_actor_id"), "imports", ["actor_id"])
    op.create_table(
        "import_rows",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removes", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_rows")),
    )
    op.create_index(
        "ix_import_rows_waiting",
        "import_rows",
        ["import_id", "attempts", "position"],
        sqlite_where=sa.text("error IS NULL"),
    )


def downgrade() -> None:
    """Forget what waits."""
    op.drop_table("import_rows")
    op.drop_table("imports")
