"""How duties and folders of the PKI directory are called: apart, for a command line that starts fast."""

from __future__ import annotations

from typing import Literal, get_args

DutyName = Literal["stations", "secc", "contracts", "provisioning", "contracts-20", "provisioning-20"]
Folder = Literal["csms", "v2g-2", "v2g-20", "mo-2", "mo-20", "oem-2", "oem-20", "manufacturer"]
FOLDERS: tuple[Folder, ...] = get_args(Folder)
DUTY_NAMES: tuple[DutyName, ...] = get_args(DutyName)
