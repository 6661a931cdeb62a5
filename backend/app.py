"""The backend as one process: the only place that opens the database and the sockets, and owns the tasks."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from backend.admin.database import prepare
from backend.admin.errors import AdminError
from backend.cdrs.build import Operator
from backend.cdrs.rater import Rater
from backend.config import Config
from backend.csms.certificates import Deliver, StationCertificates
from backend.csms.connection import Services
from backend.csms.registry import Registry
from backend.csms.remote import Remote
from backend.csms.server import CsmsServer, ServerSettings
from backend.csms.settings import CsmsSettings
from backend.csms.v201.actions import actions
from backend.csms.v201.transaction_event import TransactionEvent, Wording
from backend.db.engine import Database
from backend.db.group_commit import GroupCommit
from backend.pki.assembly import Pki, assemble
from backend.pki.errors import PkiError
from backend.sessions.ingest import Ingest
from backend.sessions.tariffs import Tariffs
from backend.web.access_token import AccessTokenError, access_token
from backend.web.api import Interface, create_api

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
API_GRACE_S = 5
GC_THRESHOLDS = (50_000, 20, 50)


def serve(config: Config) -> int:
    """Run until SIGTERM or SIGINT, and return the exit code.

    Raises:
        AdminError: If the database, the token file or an address cannot be used.
    """
    asyncio.run(_serve(config))
    return 0


async def _serve(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in SIGNALS:
        loop.add_signal_handler(each, stop.set)
    async with running(config) as addresses:
        _settle_memory()
        for address in addresses:
            print(f"listening {address}", file=sys.stderr, flush=True)  # noqa: T201 - others wait for these lines
        await stop.wait()
        log.info("stopping")


def _settle_memory() -> None:
    """Take what has been loaded out of the garbage collector's sight, and have it look less often.

    A message is some hundred small objects, none of which refers to another one that refers back.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[tuple[str, str]]:
    """Run the backend, and yield what it listens on.

    On leaving, what chargers have sent is committed and answered before their connections are closed.

    Raises:
        AdminError: If the database, the token file or an address cannot be used.
    """
    await prepare(config)
    try:
        token = access_token(Path(config.api.token_file))
    except AccessTokenError as error:
        raise AdminError(str(error)) from error
    database = Database(config.database.url)
    try:
        async with _tasks(config, database, token) as addresses:
            yield addresses
    finally:
        await database.close()


@asynccontextmanager
async def _tasks(config: Config, database: Database, token: str) -> AsyncIterator[tuple[str, str]]:
    operator = Operator(
        country_code=config.cpo.country_code, party_id=config.cpo.party_id, currency=config.cpo.currency
    )
    rater, commits, registry = Rater(database, operator, _now), GroupCommit(database), Registry()
    remote = Remote(database, registry, _now)
    pki = _pki(config, database, registry)
    csms = _csms(config, database, commits, rater, registry, pki)
    certificates = StationCertificates(registry, database, _now)
    api = create_api(database=database, remote=remote, certificates=certificates, token=token, pki=pki)
    with (
        _listening("[ocpp]", config.ocpp.host, config.ocpp.port) as for_stations,
        _listening("[api]", config.api.host, config.api.port) as for_callers,
    ):
        ocpp_url = f"ws://{_address(for_stations)}{config.ocpp.path.rstrip('/')}"
        async with asyncio.TaskGroup() as tasks:
            writers = [tasks.create_task(commits.run()), tasks.create_task(rater.run())]
            if pki is not None:
                writers.append(tasks.create_task(pki.delivery.run()))
            try:
                async with _served(api, for_callers, tasks), csms.running(for_stations):
                    yield f"ocpp {ocpp_url}", f"api http://{_address(for_callers)}"
            finally:
                for writer in writers:
                    writer.cancel()


def _pki(config: Config, database: Database, registry: Registry) -> Pki | None:
    if config.pki is None:
        return None
    try:
        pki = assemble(config.pki, database, registry, Deliver(registry), _now)
    except PkiError as error:
        raise AdminError(f"[pki]: {error}") from error
    registry.listen(pki.delivery.wake)
    return pki


def _csms(
    config: Config,
    database: Database,
    commits: GroupCommit,
    rater: Rater,
    registry: Registry,
    pki: Pki | None,
) -> CsmsServer:
    ocpp = config.ocpp
    settings = CsmsSettings(
        heartbeat_interval_s=ocpp.heartbeat_interval_s,
        retry_interval_s=ocpp.retry_interval_s,
        cache_for=timedelta(seconds=ocpp.token_cache_s),
    )
    ingest = Ingest(
        Wording(),
        tariffs=Tariffs(),
        cache_for=settings.cache_for,
        rounding=config.rounding,
        remember=database.exclusive,
    )
    services = Services(
        actions=actions(settings, TransactionEvent(ingest, rater.wake), commits, pki),
        commits=commits,
        clock=_now,
        call_timeout_s=ocpp.call_timeout_s,
    )
    limits = ServerSettings(
        path=ocpp.path,
        ping_interval_s=ocpp.ping_interval_s,
        max_frame_bytes=ocpp.max_frame_bytes,
    )
    return CsmsServer(limits, database, services, registry)


class _ApiServer(uvicorn.Server):
    """A web server that leaves signals to the process, which has more to stop than this."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def _served(api: Interface, listener: socket.socket, tasks: asyncio.TaskGroup) -> AsyncIterator[None]:
    config = uvicorn.Config(
        api, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=API_GRACE_S
    )
    server = _ApiServer(config)
    serving = tasks.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([serving])


def _listening(section: str, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise AdminError(f"{section}: cannot listen on {host} port {port}: {error}") from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _now() -> datetime:
    return datetime.now(UTC)
