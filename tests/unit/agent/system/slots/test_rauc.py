"""Against the real RAUC and its service, on a message bus of their own; slots are files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.system.slots.port import ImageRefused, SlotError
from agent.system.slots.rauc import RaucSlots
from tests.stack.needed import command

_BOOTLOADER = """\
#!/bin/sh
cd {root}
case $1 in
get-primary) cat primary ;;
set-primary) echo "$2" > primary ;;
get-state) cat "state.$2" ;;
set-state) echo "$3" > "state.$2" ;;
esac
"""
_SYSTEM = """\
[system]
compatible=chargehand-test
bootloader=custom
mountprefix={root}/mnt
statusfile={root}/status
activate-installed=false

[handlers]
bootloader-custom-backend={root}/bootloader

[keyring]
path={root}/ca.pem

[slot.rootfs.0]
device={root}/slot0
type=raw
bootname=A

[slot.rootfs.1]
device={root}/slot1
type=raw
bootname=B
"""
_MANIFEST = """\
[update]
compatible={compatible}
version=2

[bundle]
format=plain

[image.rootfs]
filename=rootfs.img
"""
CONTENT = bytes(range(256)) * 100


class Board:
    """A machine with RAUC; `boot` is what its bootloader would do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._service: subprocess.Popen[bytes] | None = None
        (root / "bootloader").write_text(_BOOTLOADER.format(root=root))
        (root / "bootloader").chmod(0o755)
        (root / "system.conf").write_text(_SYSTEM.format(root=root))
        (root / "primary").write_text("A\n")
        for name in "AB":
            (root / f"state.{name}").write_text("good\n")
        for number in (0, 1):
            (root / f"slot{number}").write_bytes(bytes(1_000_000))
        made = f"-x509 -newkey rsa:2048 -nodes -subj /CN=test -keyout {root}/key.pem -out {root}/ca.pem"
        self.run(command("openssl"), "req", *made.split())

    @property
    def slots(self) -> RaucSlots:
        rauc = (command("rauc"), "--conf", str(self.root / "system.conf"))
        return RaucSlots(rauc, (sys.executable, "-c", f"open('{self.root}/restarted', 'w')"))

    @property
    def primary(self) -> str:
        return (self.root / "primary").read_text().strip()

    def boot(self, slot: str) -> None:
        """Start RAUC's service as it is after a boot from this slot."""
        self.halt()
        arguments = ["--conf", str(self.root / "system.conf"), f"--override-boot-slot={slot}", "service"]
        self._service = subprocess.Popen([command("rauc"), *arguments], stderr=subprocess.PIPE)
        assert self._service.stderr is not None
        self._service.stderr.readline()

    def halt(self) -> None:
        if self._service is not None:
            self._service.kill()
            self._service.communicate()

    def bundle(self, compatible: str = "chargehand-test") -> Path:
        """Return a bundle that the keyring's key signed."""
        command("mksquashfs")
        content, bundle = self.root / "content", self.root / f"{compatible}.raucb"
        if bundle.exists():
            return bundle
        content.mkdir(exist_ok=True)
        (content / "rootfs.img").write_bytes(CONTENT)
        (content / "manifest.raucm").write_text(_MANIFEST.format(compatible=compatible))
        keys = (f"--cert={self.root}/ca.pem", f"--key={self.root}/key.pem")
        self.run(command("rauc"), "bundle", *keys, str(content), str(bundle))
        return bundle

    @staticmethod
    def run(*arguments: str) -> None:
        subprocess.run(arguments, check=True, capture_output=True)


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    command("rauc")
    bus = subprocess.Popen(
        [command("dbus-daemon"), "--session", "--print-address", "--nofork"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bus.stdout is not None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.stdout.readline().strip())
    monkeypatch.setenv("DBUS_STARTER_BUS_TYPE", "session")
    board = Board(tmp_path)
    try:
        board.boot("A")
        yield board
    finally:
        board.halt()
        bus.kill()
        bus.communicate()


async def test_try_out_confirm_and_reject(board: Board) -> None:
    slots = board.slots
    assert (await slots.running(), await slots.next()) == ("A", "A")
    await slots.try_out("B")
    assert (await slots.next(), board.primary) == ("B", "B")
    board.boot("B")
    assert await slots.running() == "B"
    await slots.confirm()
    assert (board.root / "state.B").read_text() == "good\n"
    await slots.reject("B")
    assert (await slots.next(), (board.root / "state.B").read_text()) == ("A", "bad\n")


async def test_reject_the_slot_that_does_not_run(board: Board) -> None:
    slots = board.slots
    await slots.try_out("B")
    await slots.reject("B")
    assert (await slots.next(), (board.root / "state.B").read_text()) == ("A", "bad\n")


async def test_what_is_no_bundle(board: Board, tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(b"no bundle")
    with pytest.raises(ImageRefused, match="bundle"):
        await board.slots.install(tmp_path / "image")
    assert board.primary == "A"


async def test_a_bundle_for_another_machine(board: Board) -> None:
    mounts_or_skip(board)
    with pytest.raises(ImageRefused, match="Compatible"):
        await board.slots.install(board.bundle("another-machine"))


async def test_a_bundle_is_written_to_the_other_slot(board: Board) -> None:
    mounts_or_skip(board)
    assert await board.slots.install(board.bundle()) == "B"
    assert (board.root / "slot1").read_bytes()[: len(CONTENT)] == CONTENT
    assert board.primary == "A", "it is not tried before that is asked for"


async def test_restart_and_commands_that_fail(board: Board, tmp_path: Path) -> None:
    await board.slots.restart()
    assert (board.root / "restarted").exists()
    for rauc, restart in (("/no/such/rauc", "/no/such/reboot"), ("false", "false")):
        broken = RaucSlots((rauc,), (restart,))
        for work in (broken.running(), broken.restart(), broken.install(tmp_path)):
            with pytest.raises(SlotError):
                await work


def mounts_or_skip(board: Board) -> None:
    """RAUC mounts a bundle to install it, which containers often forbid."""
    target = board.root / "tried"
    target.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a bundle")
    tried = subprocess.run(
        ["mount", "-t", "squashfs", "-o", "ro,loop", board.bundle(), target], capture_output=True, check=False
    )
    if tried.returncode:
        pytest.skip("this machine mounts no bundles")
    subprocess.run(["umount", target], check=True)
