"""`chargehand-backend pki ...` and `chargehand-backend contract ...`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from backend.command_line.parsers import command, list_command, print_page
from backend.config import load_config
from backend.pki.names import DUTY_NAMES, FOLDERS

_INIT = """\
Makes root, authorities and provisioning service as far as they are missing, in the directory that [pki]
directory names; a provisioning service whose certificate ends within 30 days gets a new one. Vehicles'
manufacturers are somebody else: add their roots with `pki trust oem-2 FILE`.

examples:
  chargehand-backend pki init                             for OCPP and ISO 15118-2
  chargehand-backend pki init --with-20                   for ISO 15118-20 as well
  chargehand-backend pki init --organization "Example"    O of every subject; default: [cpo] name
"""
_IMPORT = """\
The first certificate in FILE is the authority's (for provisioning: the service's), those above it follow. The
key is PEM: PKCS #8 without a password, or a block that stands for a key in the token that [pki] names. The
root must be there: see `pki trust`. Duties:

  stations          certifies charging stations' keys for OCPP
  secc              certifies charging stations' keys for vehicles (ISO 15118-2)
  contracts         issues contracts (ISO 15118-2); contracts-20: ISO 15118-20
  provisioning      signs contracts for vehicles (ISO 15118-2); provisioning-20: ISO 15118-20

examples:
  chargehand-backend pki import secc cpo-sub-ca.pem --key cpo-sub-ca.key
  chargehand-backend pki import provisioning service.pem --key service.key
"""
_TRUST = """\
FILE has roots, and may have authorities below them: a vehicle (ISO 15118-2) sends its own certificate alone.
Folders are csms, v2g-2, v2g-20, mo-2, mo-20, oem-2, oem-20 and manufacturer.

examples:
  chargehand-backend pki trust oem-2 vehicle-maker.pem    whose vehicles may get contracts
  chargehand-backend pki trust mo-2 provider.pem          whose contracts may charge
"""
_REVOKE = """\
examples:
  chargehand-backend pki issued                                    find the number
  chargehand-backend pki revoke 5f3a9c... --why "key lost"
"""
_CONTRACT = """\
The vehicle's PCID is the common name of its provisioning certificate. The contract's token is added with it,
so that it may charge.

examples:
  chargehand-backend contract add DE-83D-UIEN83QGZ-D --vehicle WDXEXAMPLE0000012
  chargehand-backend contract cancel DE83DUIEN83QGZD
"""
_AUDIT = """\
examples:
  chargehand-backend pki audit                                     all stations, as they last said
  chargehand-backend pki audit CH-0001                             ask one
  chargehand-backend pki install CH-0001 V2GRootCertificate        what it lacks of them
  chargehand-backend pki delete CH-0001 5f3a9c...
  chargehand-backend pki renew CH-0001 ChargingStationCertificate
"""
_ROOT_TYPES = (
    "CSMSRootCertificate",
    "V2GRootCertificate",
    "MORootCertificate",
    "ManufacturerRootCertificate",
)
_SIGNING_USES = ("ChargingStationCertificate", "V2GCertificate", "Combined")


def add(subcommands: Any) -> None:
    """Add the commands of `pki`."""
    init = command(subcommands, "init", _init, "make the operator's own authorities", _INIT)
    init.add_argument("--organization", metavar="NAME", help="O of every subject; default: [cpo] name")
    init.add_argument("--with-20", action="store_true", help="for ISO 15118-20 as well (keys on P-521)")
    take = command(subcommands, "import", _import, "give a duty to an authority made elsewhere", _IMPORT)
    take.add_argument("duty", choices=DUTY_NAMES, metavar="DUTY", help="what it does; see below")
    take.add_argument("file", type=Path, metavar="FILE", help="the certificate with those above it (PEM)")
    take.add_argument("--key", type=Path, metavar="FILE", required=True, help="its private key (PEM)")
    trust = command(subcommands, "trust", _trust, "believe a root", _TRUST)
    trust.add_argument("folder", choices=FOLDERS, metavar="FOLDER", help="whose root it is; see below")
    trust.add_argument("file", type=Path, metavar="FILE", help="roots and authorities (PEM)")
    listed = command(subcommands, "list", _list, "list what is in the directory")
    listed.add_argument("--json", action="store_true", help="print JSON, for programs")
    list_command(subcommands, _issued, "list what was issued, the newest first", "issued")
    revoke = command(subcommands, "revoke", _revoke, "revoke a certificate that was issued", _REVOKE)
    revoke.add_argument("serial_number", metavar="NUMBER", help="its serial number, hexadecimal")
    revoke.add_argument("--why", required=True, help="for the record")
    list_command(subcommands, _log, "list what happened with certificates, the newest first", "log")
    _add_stations(subcommands)


def _add_stations(subcommands: Any) -> None:
    """Add the commands about certificates at stations; all but the list of all ask the running backend."""
    audit = command(subcommands, "audit", _audit, "which roots stations should have, and have", _AUDIT)
    audit.add_argument("station", metavar="STATION", nargs="?", help="ask this one; left out: all, as known")
    audit.add_argument("--json", action="store_true", help="print JSON, for programs")
    install = command(subcommands, "install", _install, "have a station believe a root", _AUDIT)
    install.add_argument("station", metavar="STATION")
    install.add_argument("type", choices=_ROOT_TYPES, metavar="TYPE", help=", ".join(_ROOT_TYPES))
    install.add_argument(
        "--certificate", type=Path, metavar="FILE", help="a root (PEM); default: all of the type it lacks"
    )
    delete = command(subcommands, "delete", _delete, "take a root away from a station", _AUDIT)
    delete.add_argument("station", metavar="STATION")
    delete.add_argument("serial_number", metavar="NUMBER", help="its serial number, as pki audit shows it")
    renew = command(subcommands, "renew", _renew, "have a station renew a certificate of its own", _AUDIT)
    renew.add_argument("station", metavar="STATION")
    renew.add_argument("type", choices=_SIGNING_USES, metavar="TYPE", help=", ".join(_SIGNING_USES))


def add_contracts(subcommands: Any) -> None:
    """Add the commands of `contract`."""
    made = command(subcommands, "add", _contract_add, "let a vehicle have a contract", _CONTRACT)
    made.add_argument("emaid", metavar="EMAID", help="the contract's identifier; hyphens are optional")
    made.add_argument("--vehicle", metavar="PCID", required=True, help="the vehicle's PCID")
    cancel = command(subcommands, "cancel", _contract_cancel, "end a contract", _CONTRACT)
    cancel.add_argument("emaid", metavar="EMAID")
    list_command(subcommands, _contract_list, "list contracts, the newest first")


def _init(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    print(pki.found(load_config(arguments.config), arguments.organization, with_20=arguments.with_20))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    config = load_config(arguments.config)
    print(pki.take_over(config, arguments.duty, arguments.file, arguments.key))
    return 0


def _trust(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    print(pki.trust(load_config(arguments.config), arguments.folder, arguments.file))
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    config = load_config(arguments.config)
    found = pki.list_authorities(config)
    print(found.json() if arguments.json else found.table(config.cpo.time_zone, 0))
    return 0


def _issued(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    return print_page(arguments, pki.list_issued)


def _revoke(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    print(pki.revoke(load_config(arguments.config), arguments.serial_number, arguments.why))
    return 0


def _log(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    return print_page(arguments, pki.list_events)


def _contract_add(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    print(pki.add_contract(load_config(arguments.config), arguments.emaid, arguments.vehicle))
    return 0


def _contract_cancel(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    print(pki.cancel_contract(load_config(arguments.config), arguments.emaid))
    return 0


def _contract_list(arguments: argparse.Namespace) -> int:
    from backend.admin import pki  # noqa: PLC0415 - the other commands start faster without cryptography

    return print_page(arguments, pki.list_contracts)


def _audit(arguments: argparse.Namespace) -> int:
    from backend.admin import station_certificates  # noqa: PLC0415 - likewise

    config = load_config(arguments.config)
    if arguments.station is None:
        found = station_certificates.audit(config)
    else:
        found = station_certificates.ask(config, arguments.station)
    print(found.json() if arguments.json else found.table(config.cpo.time_zone, 0))
    return 0


def _install(arguments: argparse.Namespace) -> int:
    from backend.admin import station_certificates  # noqa: PLC0415 - likewise

    config = load_config(arguments.config)
    print(station_certificates.install(config, arguments.station, arguments.type, arguments.certificate))
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    from backend.admin import station_certificates  # noqa: PLC0415 - likewise

    config = load_config(arguments.config)
    print(station_certificates.delete(config, arguments.station, arguments.serial_number))
    return 0


def _renew(arguments: argparse.Namespace) -> int:
    from backend.admin import station_certificates  # noqa: PLC0415 - likewise

    print(station_certificates.renew(load_config(arguments.config), arguments.station, arguments.type))
    return 0
