"""LogStatusNotification: what 2.1 adds, why an upload failed (N01)."""

from __future__ import annotations

from msgspec.structs import replace

from agent.csms.v21.carry import carried
from agent.csms.v201 import get_log
from agent.csms.v201.reasons import status_info
from agent.logs.service import LogStatus
from ocppj.messages import v21


def message(record: LogStatus) -> v21.LogStatusNotificationRequest:
    """Return the message that tells how the upload goes."""
    plain = carried(get_log.status(record), v21.LogStatusNotificationRequest)
    why = status_info("Unspecified", record.why)
    return plain if why is None else replace(plain, status_info=carried(why, v21.StatusInfoType))
