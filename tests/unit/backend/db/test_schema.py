from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from backend.db.engine import Database
from backend.db.schema import upgrade
from backend.db.tables import metadata


def differences(db: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(db), metadata))


async def test_migrations_lead_to_the_tables_of_the_program(database: Database) -> None:
    assert await database.read(differences) == []


async def test_every_constraint_has_its_name(database: Database) -> None:
    """A migration can only change what it can name."""

    def unnamed(db: Connection) -> list[str]:
        inspector = inspect(db)
        return [
            table
            for table in metadata.tables
            for constraint in inspector.get_unique_constraints(table)
            if not constraint["name"]
        ]

    assert await database.read(unnamed) == []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.write(upgrade)
    assert await database.read(differences) == []
