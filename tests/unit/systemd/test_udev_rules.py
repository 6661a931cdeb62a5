"""The udev rules, read by a grammar of our own: `udevadm verify` came with systemd 254, after Debian 12."""

from __future__ import annotations

import re
from pathlib import Path

RULES = Path(__file__).parents[3] / "systemd" / "70-chargehand-rs485.rules"
MATCH_KEY = r"(?:ACTION|SUBSYSTEMS?|DRIVER|ENV\{\w+\})(?:==|!=)"
ASSIGN_KEY = r"(?:ATTR\{\w+\}|ENV\{\w+\}|IMPORT\{builtin\}|GROUP|MODE|LABEL|GOTO)=|SYMLINK\+="
TOKEN = re.compile(rf'(?:{MATCH_KEY}|{ASSIGN_KEY})"[^"]+"')
USB_IDS = re.compile(r'ENV\{ID_(?:VENDOR|MODEL)_ID\}=="([^"]+)"')


def rule_lines() -> list[str]:
    """Return the rules without comments and empty lines."""
    lines = RULES.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_line_is_a_list_of_matches_and_assignments() -> None:
    for line in rule_lines():
        for token in line.split(", "):
            assert TOKEN.fullmatch(token), f"{token} in: {line}"


def test_every_jump_goes_forward_to_a_label() -> None:
    lines = rule_lines()
    for number, line in enumerate(lines):
        for target in re.findall(r'GOTO="(\w+)"', line):
            assert f'LABEL="{target}"' in lines[number + 1 :], line


def test_usb_identifiers_are_written_as_udev_reports_them() -> None:
    found = [
        identifier
        for line in rule_lines()
        for field in USB_IDS.findall(line)
        for identifier in field.split("|")
    ]
    assert len(found) > 10
    assert all(re.fullmatch(r"[0-9a-f]{4}", identifier) for identifier in found)


def test_no_modem_probe_reaches_a_named_adapter() -> None:
    lines = rule_lines()
    named = next(number for number, line in enumerate(lines) if "SYMLINK" in line)
    label = lines.index('LABEL="chargehand_rs485_name"')
    assert 'ENV{ID_MM_DEVICE_IGNORE}="1"' in lines[label:named]
