"""A profile with most that the language can say, for tests to change one thing of it."""

from __future__ import annotations

from pathlib import Path

from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile

CONTROLLER = """\
schema: chargehand-profile-1
id: demo
kind: charge-controller
maker: Acme
model: Four
modbus:
  word_order: big
  unit: 1
  tcp_port: 502
  max_hole: 4
  write_gap_ms: 20
  max_write: 60
  tls: yes
  dials_in: no
  one_per_read: no
identify: {model: "RX*", board: [1, 2]}
points:
  model: {space: holding, address: 0, type: string, length: 8, poll: once, role: model, shared: yes,
    example: RX7}
  board: {space: holding, address: 8, type: uint16, poll: once, shared: yes}
  number: {space: holding, address: 9, type: uint16, poll: once, shared: yes}
  firmware: {space: holding, address: 10, type: string, length: 4, poll: once, role: firmware, shared: yes}
  pilot: {space: holding, address: 1000, type: string, length: 1, role: pilot, states: {A1: A, B2: B,
    C2: C}}
  alarm: {space: holding, address: 1001, type: uint16, mask: 0x0700, states: {0: none, 5: alarm}}
  validity: {space: holding, address: 1001, type: uint16, mask: 0xC0}
  limit: {space: holding, address: 1010, type: uint16, unit: A, role: max_current,
    when: {firmware: {at_most: "1.2"}}, write: {function: 6, range: [6, 32], off: 0, expires_s: 60}}
  fine_limit: {space: holding, address: 1010, type: uint16, scale: 0.01, unit: A, role: max_current,
    when: {firmware: {at_least: "1.2.1"}}, write: {function: 6, range: [6, 32], off: 0, settle_ms: 300,
    verify: no}}
  mode: {space: holding, address: 1011, type: uint16, write: {function: 6, cool_down_s: 60},
    states: {0: auto, 3: register}}
  flag: {space: holding, address: 1012, type: uint16, mask: 0x80, write: {function: 6, keeps_others: yes,
    needs: {mode: register}}}
  fallback: {space: holding, address: 1013, type: uint16, scale: 0.1, unit: A, write: {function: 16}}
  heartbeat: {space: holding, address: 1014, type: uint16, readable: no, write: {function: 6}}
  light: {space: coil, address: 1000, type: coil, write: {function: 15}, states: {0: dark, 1: lit}}
  size: {space: holding, address: 1100, type: uint16, poll: on_demand}
  file: {space: holding, address: 1101, type: bytes, length: 300, poll: on_demand,
    length_from: {point: size, unit: bytes}}
init:
  - mode: register
  - flag: 1
watchdog:
  arm: [{fallback: 6}]
  feed: {heartbeat: 0x55AA}
  every_s: 5
  within_s: 20
  safe_a: 6
scripts:
  snapshot:
    - write: {heartbeat: $token, flag: 1}
    - wait: {point: size, for: 3, within_s: 10, every_ms: 100}
    - read: [size, file]
instances: {stride: 1000, most: 4, counted_by: number}
"""

READER = """\
schema: chargehand-profile-1
id: demo
kind: reader
maker: Acme
model: Five
pn532: {serial: {baud: 115200, parity: N, stop_bits: 1}, unverified: [serial]}
"""

SUNSPEC_METER = """\
schema: chargehand-profile-1
id: demo
kind: meter
maker: Acme
model: Six
modbus: {word_order: big, unit: 1, tcp_port: 502, sunspec: {bases: [0, 40000], model: 203}}
points:
  id: {space: holding, address: 0, type: uint16, poll: once}
  current: {space: holding, address: 2, type: int16, scaled_by: {exponent: factor},
    measurand: Current.Import, unit: A}
  factor: {space: holding, address: 3, type: sunssf}
  energy: {space: holding, address: 4, type: acc32, measurand: Energy.Active.Import.Register, unit: Wh}
"""


def write(directory: Path, text: str) -> Path:
    """Return the file of a profile called demo."""
    path = directory / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def load(directory: Path, text: str, instance: int = 1) -> Profile:
    """Return a profile made of this text."""
    return load_profile(write(directory, text), instance=instance)
