"""The configuration file that a first-time user starts from."""

from __future__ import annotations

import os
from pathlib import Path

STARTER = """\
# chargehand-backend. What is left out has a default; a wrong value is reported with its line.

[cpo]                              # who you are: it stands on every CDR
country_code = "DE"                # ISO 3166-1
party_id = "CHH"                   # three characters, registered with your country's ID registrar
name = "Charge point operator"
currency = "EUR"
time_zone = "Europe/Berlin"

[location]                         # where the stations stand: it stands on every CDR, too
name = "Charging site"
address = "not stated"
city = "not stated"
# postal_code = "10115"
# latitude = "52.520008"
# longitude = "13.404954"

[ocpp]                             # charging stations connect to ws://host:port/ocpp/<station id>
host = "127.0.0.1"                 # "0.0.0.0" for stations on the network; put TLS in front of it
port = 9000

[api]                              # the REST interface
host = "127.0.0.1"
port = 9001
# token_file = "api-token"         # made at the first start

# [pki]                            # certificates for stations, contracts for vehicles: see docs/pki.md
# directory = "pki"                # made by: chargehand-backend pki init

# [database]                       # default: SQLite beside this file (for /etc: /var/lib/chargehand-backend)
# url = "postgresql+asyncpg://chargehand:password@localhost/chargehand"
"""


def write_starter(path: Path) -> bool:
    """Write the file unless there is one, and tell whether it was written.

    Raises:
        OSError: If it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(STARTER)
    return True
