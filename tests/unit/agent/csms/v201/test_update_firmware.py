from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from agent.csms.v201.update_firmware import handle, status
from agent.firmware.records import FirmwareStatus
from agent.firmware.section import FirmwareSection
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import office
from tests.unit.agent.system.slots.images import prepare_slots

REQUEST = v201.UpdateFirmwareRequest(
    request_id=7,
    retries=-1,
    firmware=v201.FirmwareType(
        location="https://host/fw", retrieve_date_time=datetime(2099, 1, 1, tzinfo=UTC)
    ),
)


async def test_a_station_that_takes_unsigned_firmware(tmp_path: Path) -> None:
    """L02.FR.14; the update waits for its time."""
    prepare_slots(tmp_path / "slots")
    section = FirmwareSection(slots="directory", directory=str(tmp_path / "slots"), takes_unsigned=True)
    async with office(tmp_path, firmware=section) as backend:
        reply = await handle(REQUEST, backend.context)
        assert reply.response == v201.UpdateFirmwareResponse(status="Accepted")
        assert backend.notices[-1] == FirmwareStatus(status="DownloadScheduled", request_id=7)
        reply = await handle(REQUEST, backend.context)
        assert reply.response == v201.UpdateFirmwareResponse(status="AcceptedCanceled")


async def test_a_station_without_slots(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        reply = await handle(REQUEST, backend.context)
        assert isinstance(reply.response, v201.UpdateFirmwareResponse)
        assert reply.response.status == "Rejected"
        assert reply.response.status_info is not None


def test_statuses() -> None:
    """L01.FR.20, L02.FR.14."""
    assert status(None) == v201.FirmwareStatusNotificationRequest(status="Idle")
    told = status(FirmwareStatus(status="Downloading", request_id=7))
    assert told == v201.FirmwareStatusNotificationRequest(status="Downloading", request_id=7)
