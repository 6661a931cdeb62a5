from __future__ import annotations

from pathlib import Path

from agent.csms.v201.publish_firmware import handle, status
from agent.csms.v201.unpublish_firmware import handle as unpublish
from agent.firmware.publishing import Publishing
from agent.firmware.section import FirmwareSection, PublishSection
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import office

CHECKSUM = "0" * 32
REQUEST = v201.PublishFirmwareRequest(location="https://host/fw", checksum=CHECKSUM, request_id=7)


async def test_a_station_that_is_no_controller(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        reply = await handle(REQUEST, backend.context)
        assert isinstance(reply.response, v201.PublishFirmwareResponse)
        assert reply.response.status == "Rejected"
        reply = await unpublish(v201.UnpublishFirmwareRequest(checksum=CHECKSUM), backend.context)
        assert reply.response == v201.UnpublishFirmwareResponse(status="NoFirmware")


async def test_a_controller(tmp_path: Path) -> None:
    """L03.FR.05, L04.FR.04."""
    section = FirmwareSection(publish=PublishSection(listen="127.0.0.1:1", url="http://127.0.0.1:1"))
    async with office(tmp_path, firmware=section) as backend:
        reply = await handle(REQUEST, backend.context)
        assert reply.response == v201.PublishFirmwareResponse(status="Accepted")
        reply = await unpublish(v201.UnpublishFirmwareRequest(checksum=CHECKSUM), backend.context)
        assert reply.response == v201.UnpublishFirmwareResponse(status="DownloadOngoing")


def test_statuses() -> None:
    """L03.FR.04."""
    assert status(None) == v201.PublishFirmwareStatusNotificationRequest(status="Idle")
    told = status(Publishing(status="Published", request_id=7, locations=("http://host/x",)))
    assert told == v201.PublishFirmwareStatusNotificationRequest(
        status="Published", request_id=7, location=("http://host/x",)
    )
