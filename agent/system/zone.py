"""The time zone that the operating system shows local time in; records are always in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LINK = Path("/etc/localtime")
_SEARCHED_DAYS = 400


def system_zone(link: Path = _LINK) -> ZoneInfo | None:
    """Return the zone that /etc/localtime points to, or None if it does not name one."""
    _, found, name = str(link.resolve()).partition("/zoneinfo/")
    if not found:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_text(zone: ZoneInfo | None, at: datetime) -> str:
    """Return the offset from UTC as OCPP writes it, such as +01:00."""
    minutes = round(_offset(zone, at).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def next_transition(zone: ZoneInfo | None, at: datetime) -> datetime | None:
    """Return when the offset changes next, to the second; None if it does not within a year or so."""
    hour = timedelta(hours=1)
    for number in range(_SEARCHED_DAYS):
        day = at + timedelta(days=number)
        if _offset(zone, day) == _offset(zone, day + timedelta(days=1)):
            continue
        before, after = day, day + timedelta(days=1)
        while after - before > hour / 3600:
            middle = before + (after - before) / 2
            if _offset(zone, middle) == _offset(zone, before):
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)
    return None


def _offset(zone: ZoneInfo | None, at: datetime) -> timedelta:
    return timedelta() if zone is None else at.astimezone(UTC).astimezone(zone).utcoffset() or timedelta()
