"""Open the database for one command."""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError

from backend.admin.errors import AdminError
from backend.admin.locations import keep_location
from backend.config import Config, shown_url, sqlite_file
from backend.db.engine import Database, T, Work


async def run(config: Config, work: Work[T]) -> T:
    """Run the work in a transaction of the operator's database and commit it.

    Raises:
        AdminError: If there is no such database, or the work says so.
    """
    file = sqlite_file(config)
    if file is not None and not file.exists():
        raise AdminError(f"{file}: no database yet; make it with: chargehand-backend init")
    return await _run(config, work)


async def prepare(config: Config) -> None:
    """Make the database, or bring an older one up to date, and keep the location of the stations in it.

    A SQLite file is readable by its owner only: it holds tokens and password hashes.

    Raises:
        AdminError: If the database cannot be made.
    """
    from backend.db.schema import upgrade  # noqa: PLC0415 - the other commands start faster without Alembic

    file = sqlite_file(config)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as error:
            raise AdminError(f"the database cannot be made: {error}") from error
    await _run(config, upgrade)
    await _run(config, lambda db: keep_location(db, config.location))


async def _run(config: Config, work: Work[T]) -> T:
    database = Database(config.database.url)
    try:
        return await database.write(work)
    except (DatabaseError, InterfaceError) as error:
        raise AdminError(
            f"the database {shown_url(config)} cannot be used: {_first_line(error)}\n"
            "if it is new, or older than this program, run: chargehand-backend init"
        ) from error
    except OSError as error:
        raise AdminError(f"the database {shown_url(config)} cannot be reached: {error}") from error
    finally:
        await database.close()


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]
