from __future__ import annotations

from functools import partial
from pathlib import Path

from agent.store import facts
from agent.store.database import Database
from agent.system.boot import LastRun


async def test_variables_and_the_boot_reason_are_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    await database.write(lambda connection: facts.save_variable(connection, "A", "1"))
    await database.write(lambda connection: facts.save_variable(connection, "A", "2"))
    assert await database.read(facts.load_variables) == {"A": "2"}
    await database.write(lambda connection: facts.set_boot_reason(connection, "RemoteReset"))
    await database.write(lambda connection: facts.set_boot_reason(connection, "ScheduledReset"))
    last = await database.write(lambda connection: facts.begin_run(connection, "boot-1"))
    assert last == LastRun(boot_id=None, has_ended=False, announced="ScheduledReset")
    last = await database.write(lambda connection: facts.begin_run(connection, "boot-2"))
    assert last == LastRun(boot_id="boot-1", has_ended=False, announced=None), "good for one start"
    await database.write(facts.end_run)
    last = await database.write(lambda connection: facts.begin_run(connection, "boot-2"))
    assert last == LastRun(boot_id="boot-2", has_ended=True, announced=None)
    await database.close()


async def test_starts_of_agent_and_machine_are_counted(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    assert await database.read(facts.run_counts) == facts.RunCounts(starts=0, boots=0)
    for boot_id in ("boot-1", "boot-1", "boot-2", "boot-1"):
        await database.write(partial(facts.begin_run, boot_id=boot_id))
    assert await database.read(facts.run_counts) == facts.RunCounts(starts=4, boots=3)
    await database.close()
