"""Bring a database to the schema of this program (Alembic)."""

from __future__ import annotations

import logging
from importlib import resources

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Apply every migration that the database lacks, in one transaction where the database can."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells every start that there is nothing to do
    with resources.as_file(resources.files("backend.db") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
