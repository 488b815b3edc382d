"""The one MetaData that every table belongs to. It must not know any of them.

Only Integer, Float, Text, LargeBinary and Boolean are used: they mean the same on both engines. Times are microseconds
UTC, ids
are 63-bit and sort by time, lists are JSON in a Text.
"""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite makes the row id of INTEGER PRIMARY KEY alone; PostgreSQL needs eight bytes.
Id = BigInteger().with_variant(Integer, "sqlite")
