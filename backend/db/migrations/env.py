"""Alembic's entry: migrations always run on a connection that the program already has."""

from __future__ import annotations

from alembic import context

from backend.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
