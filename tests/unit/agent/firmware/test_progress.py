from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import msgspec
import pytest

from agent.firmware.progress import (
    CANCELLABLE,
    Alert,
    Checked,
    Confirmed,
    Effect,
    Event,
    FellBack,
    Fetched,
    FetchFailed,
    IllegalStep,
    InstallBegun,
    InstallDelayed,
    InstallFailed,
    RestartAsked,
    RetrieveTimeCame,
    Stage,
    Tell,
    Update,
    Written,
    begin,
    step,
)
from agent.firmware.records import UpdateRequest

REQUEST = UpdateRequest(
    request_id=7,
    location="https://host/fw",
    retrieve_at=datetime(2026, 1, 1, tzinfo=UTC),
    signing_certificate="pem",
    signature="sig",
    retries=2,
)
EVENTS: tuple[Event, ...] = (
    RetrieveTimeCame(),
    FetchFailed(),
    Fetched(),
    Checked(is_genuine=True),
    InstallDelayed(),
    InstallBegun(),
    InstallFailed(is_image_bad=True),
    Written(slot="b"),
    RestartAsked(),
    Confirmed(),
    FellBack(),
)


def course(update: Update, *events: Event) -> tuple[Update, list[Effect]]:
    effects: list[Effect] = []
    for event in events:
        update, more = step(update, event)
        effects += more
    return update, effects


def test_an_update_that_succeeds() -> None:
    """L01.FR.01, L01.FR.13, L01.FR.15, L01.FR.16, L01.FR.28, L01.FR.31: every state, in order."""
    update, effects = begin(REQUEST, is_due=False)
    update, more = course(
        update,
        RetrieveTimeCame(),
        Fetched(),
        Checked(is_genuine=True),
        InstallDelayed(),
        InstallBegun(),
        Written(slot="b"),
        RestartAsked(),
        Confirmed(),
    )
    assert [*effects, *more] == [
        Tell("DownloadScheduled"),
        Tell("Downloading"),
        Tell("Downloaded"),
        Tell("SignatureVerified"),
        Tell("InstallScheduled"),
        Tell("Installing"),
        Tell("InstallRebooting"),
        Tell("Installed"),
        Alert("FirmwareUpdated"),
    ]
    assert (update.stage, update.status, update.slot) == (Stage.OVER, "Installed", "b")


def test_unsigned_firmware_has_no_signature_to_be_told_of() -> None:
    """L02.FR.01: Downloaded, then Installing."""
    unsigned = msgspec.structs.replace(REQUEST, signing_certificate=None, signature=None)
    update, effects = begin(unsigned, is_due=True)
    update, more = course(update, Fetched(), Checked(is_genuine=True), InstallBegun())
    assert [*effects, *more] == [Tell("Downloading"), Tell("Downloaded"), Tell("Installing")]


def test_a_wrong_signature() -> None:
    """L01.FR.03."""
    update, _ = begin(REQUEST, is_due=True)
    update, effects = course(update, Fetched(), Checked(is_genuine=False))
    assert effects[1:] == [Tell("InvalidSignature"), Alert("InvalidFirmwareSignature")]
    assert update.stage is Stage.OVER


def test_attempts_are_counted() -> None:
    """L01.FR.30, L02.FR.19: told once, after the last retry."""
    update, _ = begin(REQUEST, is_due=True)
    update, effects = course(update, FetchFailed(), FetchFailed())
    assert (effects, update.stage) == ([], Stage.DOWNLOADING)
    update, effects = course(update, FetchFailed())
    assert (effects, update.stage) == ([Tell("DownloadFailed")], Stage.OVER)


def test_what_cannot_pass_is_not_tried_again() -> None:
    update, _ = begin(REQUEST, is_due=True)
    update, effects = course(update, FetchFailed(may_pass=False))
    assert (effects, update.stage) == ([Tell("DownloadFailed")], Stage.OVER)


@pytest.mark.parametrize(
    ("is_image_bad", "status"), [(True, "InstallVerificationFailed"), (False, "InstallationFailed")]
)
def test_an_installation_that_fails(is_image_bad: bool, status: str) -> None:
    """L01.FR.29."""
    update = msgspec.structs.replace(begin(REQUEST, is_due=True)[0], stage=Stage.INSTALLING)
    update, effects = course(update, InstallFailed(is_image_bad=is_image_bad))
    assert [effect.status for effect in effects if isinstance(effect, Tell)] == [status]
    assert update.stage is Stage.OVER


def test_the_old_firmware_runs_again() -> None:
    update = msgspec.structs.replace(begin(REQUEST, is_due=True)[0], stage=Stage.TRYING, slot="b")
    update, effects = course(update, RestartAsked(), FellBack())
    assert (effects, update.stage, update.restarts) == ([Tell("InstallationFailed")], Stage.OVER, 1)


def test_whatever_happens_is_a_step_or_refused_and_survives_storing() -> None:
    for stage, event in product(Stage, EVENTS):
        update = msgspec.structs.replace(begin(REQUEST, is_due=True)[0], stage=stage)
        try:
            after, effects = step(update, event)
        except IllegalStep:
            continue
        assert stage is not Stage.OVER
        told = [effect.status for effect in effects if isinstance(effect, Tell)]
        assert after.status == (told[-1] if told else update.status)
        assert msgspec.json.decode(msgspec.json.encode(after), type=Update) == after


def test_what_writes_the_slots_is_not_cancelled() -> None:
    """L01.FR.24, L01.FR.27."""
    assert {Stage.SCHEDULED, Stage.DOWNLOADING, Stage.CHECKING, Stage.READY} == CANCELLABLE


def test_what_ended_an_update_is_said() -> None:
    update, _ = begin(REQUEST, is_due=True)
    _, effects = step(update, FetchFailed(may_pass=False, why="no route"))
    assert effects == (Tell("DownloadFailed", "no route"),)
