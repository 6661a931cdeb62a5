"""The course of one update: a table and a pure step. The service persists each state before it acts on it.

    SCHEDULED -> DOWNLOADING -> CHECKING -> READY -> INSTALLING -> ACTIVATING -> TRYING -> OVER
                      |             |                   |                          |
                      +-------------+-------------------+--------------------------+----> OVER (failed)

After a power cut the update goes on from its stored state: what a state has to do can be done again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import msgspec

from agent.firmware.records import Alarm, Status, UpdateRequest


class Stage(Enum):
    """Where an update is."""

    SCHEDULED = "scheduled"
    """Waits for the time to fetch it."""
    DOWNLOADING = "downloading"
    CHECKING = "checking"
    """The file is here, its signature is not checked yet."""
    READY = "ready"
    """Waits for the time to install it, and for the last transaction to end."""
    INSTALLING = "installing"
    """Writes the other slot; the one that runs is not touched."""
    ACTIVATING = "activating"
    """The other slot is written and has to be booted."""
    TRYING = "trying"
    """The other slot was made the next one to boot: it runs now, or will, or has failed."""
    OVER = "over"


CANCELLABLE = frozenset({Stage.SCHEDULED, Stage.DOWNLOADING, Stage.CHECKING, Stage.READY})


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One update as it is stored."""

    request: UpdateRequest
    stage: Stage
    status: Status
    """What was told last."""
    failures: int = 0
    """Attempts to fetch it that failed."""
    slot: str = ""
    """What it was written to; until then, what ran when that began."""
    restarts: int = 0
    """How often a boot into that slot was asked for."""


class RetrieveTimeCame(msgspec.Struct, frozen=True):
    """The file may be fetched now."""


class FetchFailed(msgspec.Struct, frozen=True):
    """An attempt failed; `may_pass` is false when no other can succeed. `why` is for people."""

    may_pass: bool = True
    why: str = ""


class Fetched(msgspec.Struct, frozen=True):
    """The whole file is here."""


class Checked(msgspec.Struct, frozen=True):
    """Its signature was looked at."""

    is_genuine: bool


class InstallDelayed(msgspec.Struct, frozen=True):
    """It is not time yet, or somebody charges."""


class InstallBegun(msgspec.Struct, frozen=True):
    """Nothing stands in the way any more. `slot` is the one that runs, "" if that is not known."""

    slot: str = ""


class InstallFailed(msgspec.Struct, frozen=True):
    """The other slot could not be written; `is_image_bad` if the file is to blame. `why` is for people."""

    is_image_bad: bool
    why: str = ""


class Written(msgspec.Struct, frozen=True):
    """The other slot is complete."""

    slot: str


class RestartAsked(msgspec.Struct, frozen=True):
    """The slot was made the next one and a boot is asked for."""


class Confirmed(msgspec.Struct, frozen=True):
    """The new slot runs and is well."""


class FellBack(msgspec.Struct, frozen=True):
    """The old slot runs again, or still."""


Event = (
    RetrieveTimeCame
    | FetchFailed
    | Fetched
    | Checked
    | InstallDelayed
    | InstallBegun
    | InstallFailed
    | Written
    | RestartAsked
    | Confirmed
    | FellBack
)


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the backend where the update is, and why it got no further."""

    status: Status
    why: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """Report a security event."""

    alarm: Alarm


Effect = Tell | Alert


class IllegalStep(Exception):
    """The event has no meaning at this stage; nothing has changed."""

    def __init__(self, stage: Stage, event: Event) -> None:
        super().__init__(f"{type(event).__name__} has no meaning while {stage.value}")
        self.stage = stage
        self.event = event


_NEXT: dict[tuple[Stage, type[Event]], tuple[Stage, tuple[Effect, ...]]] = {
    (Stage.SCHEDULED, RetrieveTimeCame): (Stage.DOWNLOADING, (Tell("Downloading"),)),
    (Stage.DOWNLOADING, Fetched): (Stage.CHECKING, (Tell("Downloaded"),)),
    (Stage.READY, InstallDelayed): (Stage.READY, (Tell("InstallScheduled"),)),
    (Stage.READY, InstallBegun): (Stage.INSTALLING, (Tell("Installing"),)),
    (Stage.INSTALLING, Written): (Stage.ACTIVATING, (Tell("InstallRebooting"),)),
    (Stage.ACTIVATING, RestartAsked): (Stage.TRYING, ()),
    (Stage.TRYING, RestartAsked): (Stage.TRYING, ()),
    (Stage.TRYING, Confirmed): (Stage.OVER, (Tell("Installed"), Alert("FirmwareUpdated"))),
    (Stage.TRYING, FellBack): (Stage.OVER, (Tell("InstallationFailed"),)),
    # Power failed after the slot was chosen and before that was noted: the new one runs already.
    (Stage.ACTIVATING, Confirmed): (Stage.OVER, (Tell("Installed"), Alert("FirmwareUpdated"))),
    (Stage.ACTIVATING, FellBack): (Stage.OVER, (Tell("InstallationFailed"),)),
}


def begin(request: UpdateRequest, *, is_due: bool) -> tuple[Update, tuple[Effect, ...]]:
    """Return an accepted update at its first stage, and what is told (L01.FR.13, L02.FR.07)."""
    tell = Tell("Downloading" if is_due else "DownloadScheduled")
    stage = Stage.DOWNLOADING if is_due else Stage.SCHEDULED
    return Update(request=request, stage=stage, status=tell.status), (tell,)


def step(update: Update, event: Event) -> tuple[Update, tuple[Effect, ...]]:
    """Return the update after `event`, and what follows from it.

    Raises:
        IllegalStep: If the event has no meaning now.
    """
    match update.stage, event:
        case Stage.DOWNLOADING, FetchFailed():
            return _after_failure(update, event)
        case Stage.CHECKING, Checked(is_genuine=is_genuine):
            return _after_check(update, is_genuine=is_genuine)
        case Stage.INSTALLING, InstallFailed(is_image_bad=is_bad, why=why):
            tell = Tell("InstallVerificationFailed" if is_bad else "InstallationFailed", why)
            return _moved(update, Stage.OVER, (tell,))
    try:
        stage, effects = _NEXT[update.stage, type(event)]
    except KeyError:
        raise IllegalStep(update.stage, event) from None
    if isinstance(event, InstallBegun | Written):
        update = msgspec.structs.replace(update, slot=event.slot)
    if isinstance(event, RestartAsked):
        update = msgspec.structs.replace(update, restarts=update.restarts + 1)
    return _moved(update, stage, effects)


def _after_failure(update: Update, failed: FetchFailed) -> tuple[Update, tuple[Effect, ...]]:
    """Stay for another attempt, or give up (L01.FR.30, L02.FR.19)."""
    update = msgspec.structs.replace(update, failures=update.failures + 1)
    if failed.may_pass and update.failures <= update.request.retries:
        return update, ()
    return _moved(update, Stage.OVER, (Tell("DownloadFailed", failed.why),))


def _after_check(update: Update, *, is_genuine: bool) -> tuple[Update, tuple[Effect, ...]]:
    """Go on with what is genuine; a firmware that came unsigned has nothing to be told of (L02)."""
    if not is_genuine:
        return _moved(update, Stage.OVER, (Tell("InvalidSignature"), Alert("InvalidFirmwareSignature")))
    return _moved(update, Stage.READY, (Tell("SignatureVerified"),) if update.request.is_signed else ())


def _moved(update: Update, stage: Stage, effects: tuple[Effect, ...]) -> tuple[Update, tuple[Effect, ...]]:
    told = [effect.status for effect in effects if isinstance(effect, Tell)]
    return msgspec.structs.replace(update, stage=stage, status=told[-1] if told else update.status), effects
