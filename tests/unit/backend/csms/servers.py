"""The OCPP server alone, so that a test can ask connected stations anything."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from backend.csms.connection import Services
from backend.csms.incoming import Actions
from backend.csms.registry import Registry
from backend.csms.server import CsmsServer, ServerSettings
from backend.csms.settings import CsmsSettings
from backend.csms.v201.actions import actions
from backend.csms.v201.transaction_event import TransactionEvent, Wording
from backend.db.engine import Database
from backend.db.group_commit import GroupCommit
from backend.rating.money import RoundingPolicy
from backend.sessions.ingest import Ingest
from backend.sessions.tariffs import Tariffs
from tests.unit.backend.running import Backend


@asynccontextmanager
async def csms(database: Database, more: Actions | None = None) -> AsyncIterator[tuple[Backend, Registry]]:
    """Yield the server (without REST) and who is connected to it; `more` actions are answered as they say."""
    hour = timedelta(hours=1)
    settings = CsmsSettings(heartbeat_interval_s=300, retry_interval_s=60, cache_for=hour)
    ingest = Ingest(Wording(), tariffs=Tariffs(), cache_for=hour, rounding=RoundingPolicy(), remember=True)
    commits, registry = GroupCommit(database), Registry()
    services = Services(
        actions={**actions(settings, TransactionEvent(ingest, lambda: None), commits, None), **(more or {})},
        commits=commits,
        clock=lambda: datetime.now(UTC),
        call_timeout_s=10,
    )
    limits = ServerSettings(path="/ocpp", ping_interval_s=30, max_frame_bytes=65_536)
    writer = asyncio.create_task(commits.run())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/ocpp"
        async with CsmsServer(limits, database, services, registry).running(listener):
            yield Backend(url, "", "", database), registry
    writer.cancel()
    await asyncio.wait([writer])
