"""The statuses of uploads, updates and published files: what 2.1 adds, why they failed (L01 to L03, N01)."""

from __future__ import annotations

from msgspec.structs import replace

from agent.csms.v21.carry import carried
from agent.csms.v201 import get_log, publish_firmware, update_firmware
from agent.csms.v201.reasons import status_info
from agent.firmware.publishing import Publishing
from agent.firmware.records import FirmwareStatus
from agent.logs.service import LogStatus
from ocppj.messages import v21


def log_status(record: LogStatus) -> v21.LogStatusNotificationRequest:
    """Return the message that tells how an upload goes."""
    plain = carried(get_log.status(record), v21.LogStatusNotificationRequest)
    return replace(plain, status_info=_info(record.why))


def firmware_status(record: FirmwareStatus) -> v21.FirmwareStatusNotificationRequest:
    """Return the message that tells where an update is."""
    plain = carried(update_firmware.status(record), v21.FirmwareStatusNotificationRequest)
    return replace(plain, status_info=_info(record.why))


def publishing(record: Publishing) -> v21.PublishFirmwareStatusNotificationRequest:
    """Return the message that tells where a file for other stations is."""
    plain = carried(publish_firmware.status(record), v21.PublishFirmwareStatusNotificationRequest)
    return replace(plain, status_info=_info(record.why))


def _info(why: str) -> v21.StatusInfoType | None:
    told = status_info("Unspecified", why)
    return None if told is None else carried(told, v21.StatusInfoType)
