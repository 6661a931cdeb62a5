"""Puts the conversations with vehicles together; loaded only where an EVSE has a modem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from agent.config.sections import Config, EvseSection
from agent.csms.absent import Backend
from agent.csms.vehicle_records import EvRequest
from agent.iso15118.conversation import Conversation
from agent.iso15118.facts import Charger
from agent.iso15118.figures import exposition
from agent.iso15118.interface import InterfaceModem
from agent.iso15118.keyring import VaultKeyring
from agent.iso15118.section import Iso15118Section, spoken
from agent.iso15118.server import Secc, Settings
from agent.iso15118.turns import AskForContract
from agent.security.service import Security
from agent.smartcharging.needs import Transfer
from agent.station.contracts import Contracts
from agent.station.station import Station
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.variables.model import DeviceModel, Place
from agent.vehicle.evse import Manners, SpokenEvse
from agent.vehicle.installing import BackendInstaller
from agent.vehicle.output import AcOutput, DcOutput, Output
from agent.vehicle.path import DcPath

_PNC: Final = "ISO15118Ctrlr.PnCEnabled"
_INSTALLS: Final = "ISO15118Ctrlr.ContractCertificateInstallationEnabled"
_RECEIPTS: Final = "ISO15118Ctrlr.RequestMeteringReceipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicles:
    """Every EVSE that speaks with vehicles, by its number, with the server at its modem."""

    evses: Mapping[int, SpokenEvse]
    servers: Mapping[int, Secc]
    paths: Mapping[int, DcPath]

    def metrics(self) -> str:
        """Return what the servers have counted, for Prometheus."""
        return exposition({number: server.figures for number, server in self.servers.items()})

    def jobs(self) -> list[tuple[str, Any]]:
        """Return what runs as long as the agent does, and its name."""
        return [
            *((f"vehicle at EVSE {number}", evse.run()) for number, evse in self.evses.items()),
            *((f"output of EVSE {number}", path.run()) for number, path in self.paths.items()),
            *(
                (f"ISO 15118 at EVSE {number}", _about(number, server))
                for number, server in self.servers.items()
            ),
        ]


async def _about(evse_id: int, server: Secc) -> None:
    """Serve, with log lines that are about the EVSE."""
    with concerning(evse=evse_id):
        await server.run()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What conversations need of the agent."""

    config: Config
    station: Station
    contracts: Contracts
    backend: Backend
    security: Security
    paths: Mapping[int, DcPath]
    clock: StationClock
    messages_are_logged: bool


def open_vehicles(around: Surroundings) -> Vehicles:
    """Return the conversations of every EVSE that has a modem; nothing runs yet."""
    evses, servers = dict[int, SpokenEvse](), dict[int, Secc]()
    keyring = VaultKeyring(around.security.vault, around.security.statuses.answer_about, around.clock)
    for evse in around.config.evse:
        if evse.iso15118 is None:
            continue
        conversations = _conversations(evse.iso15118, is_dc=evse.connector.is_dc)
        evses[evse.id] = _spoken(around, evse, evse.iso15118)
        modem = InterfaceModem(evse.iso15118.interface)
        settings = Settings(
            tls=evse.iso15118.tls,
            plain_iso20=evse.iso15118.plain_iso20,
            messages_are_logged=around.messages_are_logged,
        )
        servers[evse.id] = Secc(modem, settings, evses[evse.id], conversations, keyring)
        _show(around.station.settings, evse.id, evses[evse.id], conversations)
    around.station.settings.provide("ISO15118Ctrlr.Enabled", lambda: "true")
    return Vehicles(evses=evses, servers=servers, paths=around.paths)


def _spoken(around: Surroundings, evse: EvseSection, link: Iso15118Section) -> SpokenEvse:
    service = around.station.evses[evse.id]
    assert service.speech is not None
    return SpokenEvse(
        service,
        service.speech,
        around.station,
        _output(around, evse, link),
        Manners(charger=lambda: _charger(around.station, evse, link), knows_by_evcc_id=link.evccid_is_token),
        around.clock,
        around.contracts,
        BackendInstaller(_over(around.backend)),
    )


def _output(around: Surroundings, evse: EvseSection, link: Iso15118Section) -> Output:
    service, path = around.station.evses[evse.id], around.paths.get(evse.id)
    if path is None or evse.supply is None:
        return AcOutput(service, evse.phases, link.takes_back_w)
    return DcOutput(service, path, Decimal(str(evse.supply.least_voltage_v)), link.takes_back_w)


def _charger(station: Station, evse: EvseSection, link: Iso15118Section) -> Charger:
    """Return the EVSE as it introduces itself now: what the backend sets counts from the next vehicle on."""
    flag = station.settings.flag
    takes_contracts = link.plug_and_charge and flag(_PNC)
    return Charger(
        evse_id=link.evse_id,
        transfers=_transfers(evse),
        identifications=("EIM", "contract") if takes_contracts else ("EIM",),
        installs_contracts=takes_contracts and link.contract_installation and flag(_INSTALLS),
        takes_back=link.takes_back_w > 0,
        is_free=not station.authorizer.is_required,
        wants_receipts=takes_contracts and link.receipts and flag(_RECEIPTS),
        has_fixed_cable=evse.connector.has_fixed_cable,
    )


def _transfers(evse: EvseSection) -> tuple[Transfer, ...]:
    if evse.connector.is_dc:
        return ("DC",)
    return ("AC_three_phase", "AC_single_phase") if evse.phases == 3 else ("AC_single_phase",)


def _conversations(link: Iso15118Section, *, is_dc: bool) -> tuple[Conversation[Any], ...]:
    """Return what the EVSE speaks; what it does not speak is not loaded."""
    found: list[Conversation[Any]] = []
    for name in spoken(link, is_dc=is_dc):
        match name:
            case "ISO 15118-20":
                from agent.iso15118.iso20.conversation import Iso20  # noqa: PLC0415 - memory

                found.append(Iso20("DC" if is_dc else "AC", link.loop_within_s))
            case "ISO 15118-2":
                from agent.iso15118.iso2.conversation import Iso2  # noqa: PLC0415 - memory

                found.append(Iso2())
            case "DIN 70121":
                from agent.iso15118.din.conversation import Din  # noqa: PLC0415 - memory

                found.append(Din())
    return tuple(found)


def _show(
    settings: DeviceModel, evse_id: int, evse: SpokenEvse, conversations: tuple[Conversation[Any], ...]
) -> None:
    """Let the device model say which vehicle is there, and what it speaks."""
    protocols = {one.name: f"{one.namespace},{one.version[0]},{one.version[1]}" for one in conversations}
    place = Place(evse_id)
    settings.provide("ConnectedEV.Available", lambda: "true" if evse.guest.is_there else "false", place)
    settings.provide("ConnectedEV.VehicleId", lambda: evse.guest.evcc_id, place)
    settings.provide("ConnectedEV.ProtocolAgreed", lambda: protocols.get(evse.guest.protocol, ""), place)


def _over(backend: Backend) -> Any:
    async def exchange(wanted: AskForContract, exi: str) -> tuple[bool, str]:
        request = EvRequest(
            schema=wanted.namespace,
            action=wanted.action,
            exi=exi,
            most_contracts=wanted.most_contracts,
            wanted_contracts=wanted.wanted_contracts,
        )
        answer = await backend.exchange(request)
        return answer.is_accepted, answer.exi

    return exchange
