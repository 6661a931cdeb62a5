from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from agent.system.slots.directory import DirectorySlots, link, linked
from agent.system.slots.port import ImageRefused, SlotError
from tests.unit.agent.system.slots.images import image, prepare_slots, version

GUARD = Path("systemd/chargehand-slot-guard").resolve()


def started(root: Path, most_bytes: int = 1_000_000) -> DirectorySlots:
    """Return the slots as a process sees them that has just been started."""

    async def restart() -> None:
        raise AssertionError("nobody asked for it")

    return DirectorySlots(root, linked(root), restart, most_bytes)


def guard(root: Path) -> str:
    """Run what runs before each start, and return what it says."""
    return subprocess.run([GUARD, root], check=True, capture_output=True, text=True).stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    prepare_slots(tmp_path / "slots")
    return tmp_path / "slots"


async def install(slots: DirectorySlots, tmp_path: Path, content: bytes) -> str:
    (tmp_path / "image").write_bytes(content)
    return await slots.install(tmp_path / "image")


async def test_install_try_confirm(root: Path, tmp_path: Path) -> None:
    slots = started(root)
    assert await install(slots, tmp_path, image({"chargehand/bin/agent": b"new"})) == "b"
    assert (await slots.running(), await slots.next(), version(root)) == ("a", "a", "1")
    await slots.try_out("b")
    guard(root)
    assert (await slots.running(), await slots.next()) == ("a", "b")
    new = started(root)
    assert (await new.running(), version(root)) == ("b", "2")
    await new.confirm()
    for _ in range(5):
        assert guard(root) == ""
    assert linked(root) == "b"
    assert await install(new, tmp_path, image(version="3")) == "a"


async def test_a_firmware_that_never_confirms_is_started_three_times(root: Path, tmp_path: Path) -> None:
    slots = started(root)
    await slots.try_out(await install(slots, tmp_path, image()))
    for _ in range(3):
        assert guard(root) == ""
        assert linked(root) == "b"
    assert "back to a" in guard(root)
    assert (linked(root), version(root)) == ("a", "1")
    assert guard(root) == ""


async def test_reject(root: Path, tmp_path: Path) -> None:
    slots = started(root)
    await slots.try_out(await install(slots, tmp_path, image()))
    await started(root).reject("b")
    assert (linked(root), (root / "trial").exists()) == ("a", False)


async def test_a_slot_that_is_next_is_not_written(root: Path, tmp_path: Path) -> None:
    slots = started(root)
    await slots.try_out(await install(slots, tmp_path, image()))
    with pytest.raises(SlotError, match="next"):
        await install(slots, tmp_path, image(version="3"))


async def test_a_half_written_slot_is_written_anew(root: Path, tmp_path: Path) -> None:
    (root / "b" / "old").mkdir(parents=True)
    (root / "b" / "old" / "rest").write_text("of a power cut")
    assert await install(started(root), tmp_path, image()) == "b"
    assert [path.name for path in (root / "b").iterdir()] == ["VERSION"]


def hostile(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> bytes:
    buffer = io.BytesIO(image())
    with tarfile.open(fileobj=buffer) as old:
        members = [(member, old.extractfile(member)) for member in old]
        fresh = io.BytesIO()
        with tarfile.open(fileobj=fresh, mode="w") as archive:
            for member, content in members:
                archive.addfile(member, content)
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, target
            archive.addfile(entry)
    return fresh.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive at all",
        image()[:-20],
        image(version=None),
        image({"elsewhere/file": b""}),
        image({"chargehand/big": bytes(2_000_000)}),
        hostile("chargehand/../../escaped"),
        hostile("/chargehand/escaped"),
        hostile("chargehand/link", tarfile.SYMTYPE, "/etc/passwd"),
        hostile("chargehand/link", tarfile.SYMTYPE, "../../../escaped"),
        hostile("chargehand/link", tarfile.LNKTYPE, "../../escaped"),
        hostile("chargehand/null", tarfile.CHRTYPE),
        hostile("chargehand/VERSION/below"),
    ],
    ids=range(13),
)
async def test_what_is_no_firmware(root: Path, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImageRefused):
        await install(started(root), tmp_path, content)
    assert (linked(root), version(root)) == ("a", "1")
    assert not (tmp_path / "escaped").exists()


async def test_links_inside_a_firmware(root: Path, tmp_path: Path) -> None:
    await install(started(root), tmp_path, hostile("chargehand/lib64", tarfile.SYMTYPE, "lib"))
    assert (root / "b" / "lib64").readlink() == Path("lib")
    await install(started(root), tmp_path, hostile("chargehand/same", tarfile.LNKTYPE, "chargehand/VERSION"))
    assert (root / "b" / "same").read_text() == "2"


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    with pytest.raises(SlotError, match="no link"):
        linked(tmp_path)
    link(tmp_path, "c")
    with pytest.raises(SlotError, match="expected a or b"):
        linked(tmp_path)


async def test_slots_that_cannot_be_written(root: Path, tmp_path: Path) -> None:
    slots = started(root)
    (tmp_path / "image").write_bytes(image())
    (root / "b").write_text("a file where a folder should be")
    with pytest.raises(SlotError):
        await slots.install(tmp_path / "image")
    assert linked(root) == "a"
