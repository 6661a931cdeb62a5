from __future__ import annotations

from pathlib import Path

from agent.store import facts
from agent.store.database import Database


async def test_variables_and_the_boot_reason_are_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    await database.write(lambda connection: facts.save_variable(connection, "A", "1"))
    await database.write(lambda connection: facts.save_variable(connection, "A", "2"))
    assert await database.read(facts.load_variables) == {"A": "2"}
    await database.write(lambda connection: facts.set_boot_reason(connection, "RemoteReset"))
    await database.write(lambda connection: facts.set_boot_reason(connection, "ScheduledReset"))
    assert await database.write(facts.take_boot_reason) == "ScheduledReset"
    assert await database.write(facts.take_boot_reason) is None, "a reason is good for one start"
    await database.close()
