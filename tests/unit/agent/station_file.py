"""A station file that is right, to spoil in tests."""

from __future__ import annotations

from pathlib import Path

RIGHT = """\
[station]
id = "CH-1"
vendor = "chargehand"
model = "Unit"

[csms]
url = "ws://127.0.0.1:9/ocpp"
password = "a-password-of-16-or-more"

[state]
directory = "DIRECTORY/state"
control_socket = "DIRECTORY/agent.sock"

[[evse]]
id = 1
max_current_a = 16

[evse.meter]
profile = "eastron-sdm630"
port = "/dev/ttyCH0"

[evse.controller]
profile = "phoenix-em-cp-pp-eth"
host = "127.0.0.1"
"""

SECOND = """
[[evse]]
id = 2
max_current_a = 32

[evse.meter]
profile = "eastron-sdm630"
port = "/dev/ttyCH0"
unit = 2

[evse.controller]
profile = "phoenix-em-cp-pp-eth"
host = "127.0.0.2"
"""


def write(directory: Path, text: str = RIGHT) -> Path:
    """Write a station file whose state is in `directory`."""
    path = directory / "station.toml"
    path.write_text(text.replace("DIRECTORY", str(directory)), "utf-8")
    return path
