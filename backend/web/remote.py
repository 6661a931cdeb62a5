"""What went wrong with a command to a charging station, as a problem."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from backend.csms.errors import StationOffline, StationRefused, StationSilent
from backend.web.ports import CommandAnswer
from backend.web.problems import STATION_OFFLINE, STATION_REFUSED, STATION_SILENT, Problem, ProblemError

RESPONSES: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "The charging station is offline or refuses"},
    504: {"model": Problem, "description": "The charging station did not answer"},
}
"""What a command can end in besides success."""


@asynccontextmanager
async def commanded() -> AsyncIterator[None]:
    """Turn the errors of a command into problems.

    Raises:
        ProblemError: 409 if the station is offline or refuses, 504 if it did not answer.
    """
    try:
        yield
    except StationOffline as error:
        raise ProblemError(STATION_OFFLINE, f"{error}. Try again when its `online` is true.") from error
    except StationSilent as error:
        detail = f"{error}. It may have obeyed all the same: look at its sessions before you try again."
        raise ProblemError(STATION_SILENT, detail) from error
    except StationRefused as error:
        raise ProblemError(STATION_REFUSED, f"{error}. The station's own log says why.") from error


def accepted(identity: str, answer: CommandAnswer, advice: str) -> None:
    """Do nothing if the station does what it was asked.

    Raises:
        ProblemError: 409 with what the station said and the advice.
    """
    if answer.status != "Accepted":
        said = ": ".join(part for part in (answer.reason_code, answer.additional_info) if part)
        reason = f" ({said})" if said else ""
        raise ProblemError(STATION_REFUSED, f"{identity} answers {answer.status}{reason}. {advice}")
