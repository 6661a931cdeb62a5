"""What the hardware says of itself, as problems in the device model with the words that go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from agent.authorization.readers import ReaderService
from agent.metering.poller import MeterPoller
from agent.metering.problems import Break
from agent.monitoring.built_in import IMPAIRED
from agent.monitoring.records import Diagnosis
from agent.monitoring.service import Incident, Monitoring
from agent.station import faults
from agent.station.service import EvseService
from agent.variables.model import DeviceModel, Place

_CODES: Final = {
    faults.CONTROLLER_SILENT: "ControllerSilent",
    faults.POWER_STAYS: "PowerStays",
    faults.CURRENT_STAYS: "CurrentStays",
    faults.METER_SILENT: "MeterSilent",
    faults.METER_DOUBTED: "MeterDoubted",
}
"""Fault to techCode; any other is spelt from its words."""
_BREAKS: Final = {
    Break.ROLLOVER: "RegisterRollover",
    Break.RESET: "RegisterReset",
    Break.JUMP: "RegisterJump",
    Break.REPLACED: "MeterReplaced",
}
_MWH_PER_WH: Final = 1000


def provide_problems(
    settings: DeviceModel, evses: Mapping[int, EvseService], readers: Sequence[ReaderService]
) -> None:
    """Let the device model answer for meters and readers."""
    for evse_id, service in evses.items():
        at = Place(evse_id)
        settings.provide("FiscalMetering.Problem", partial(_flag, partial(_meter, service.meter)), at)
        settings.provide("FiscalMetering.EnergyImportRegister", partial(_count_wh, service.meter), at)
        settings.provide("FiscalMetering.PublicKey", partial(_public_key, service), at)
    settings.provide("TokenReader.Problem", partial(_flag, partial(_readers, readers)))


def _public_key(service: EvseService) -> str:
    """Return the meter's key as it is printed on it, "" while it is not known."""
    return "" if service.public_key is None else f"oca:base16:asn1:{service.public_key}"


def explain_problems(
    monitoring: Monitoring, evses: Mapping[int, EvseService], readers: Sequence[ReaderService]
) -> None:
    """Let events say what is wrong, and tell what meters did to their registers."""
    for evse_id, service in evses.items():
        monitoring.explain("EVSE.Problem", partial(_evse, service), Place(evse_id))
        monitoring.explain("FiscalMetering.Problem", partial(_meter, service.meter), Place(evse_id))
        monitoring.explain(
            "ConnectorPlugRetentionLock.Problem",
            partial(_lock, service),
            Place(evse_id, service.identity.connector_id),
        )
        monitoring.explain("BayOccupancySensor.Problem", partial(_bay, service), Place(evse_id))
        monitoring.report_from(Registers(service.meter, Place(evse_id)).new)
    monitoring.explain("ChargingStation.Problem", partial(_station, evses))
    monitoring.explain("TokenReader.Problem", partial(_readers, readers))


class Registers:
    """Notices when a meter's count no longer continues the one before."""

    def __init__(self, meter: MeterPoller, place: Place) -> None:
        self._meter = meter
        self._place = place
        self._seen = meter.counters.breaks.copy()

    def new(self) -> Iterator[Incident]:
        """Yield what has happened since it was last asked."""
        now = self._meter.counters.breaks.copy()
        happened, self._seen = now - self._seen, now
        for kind in happened:
            yield Incident(
                name="FiscalMetering.EnergyImportRegister",
                place=self._place,
                value=_count_wh(self._meter),
                severity=IMPAIRED,
                diagnosis=Diagnosis(code=_BREAKS[kind], info=kind.value),
            )


def _flag(reason: partial[Diagnosis | None]) -> str:
    return "false" if reason() is None else "true"


def _evse(service: EvseService) -> Diagnosis | None:
    fault = service.state.fault
    return None if fault is None else Diagnosis(code=_CODES.get(fault) or _spelt(fault), info=fault)


def _station(evses: Mapping[int, EvseService]) -> Diagnosis | None:
    found = {evse_id: _evse(service) for evse_id, service in evses.items()}
    wrong = {evse_id: diagnosis for evse_id, diagnosis in found.items() if diagnosis is not None}
    if not wrong:
        return None
    codes = {diagnosis.code for diagnosis in wrong.values()}
    return Diagnosis(
        code=codes.pop() if len(codes) == 1 else "SeveralFaults",
        info="; ".join(f"EVSE {evse_id}: {diagnosis.info}" for evse_id, diagnosis in wrong.items()),
    )


def _meter(meter: MeterPoller) -> Diagnosis | None:
    if meter.last is not None and meter.age_s() > faults.METER_SILENCE_S:
        return Diagnosis(code="MeterSilent", info=faults.METER_SILENT)
    if not meter.problems:
        return None
    code = meter.problems[0].name if len(meter.problems) == 1 else "SEVERAL_PROBLEMS"
    return Diagnosis(
        code=_spelt(code.replace("_", " ")), info="; ".join(problem.value for problem in meter.problems)
    )


def _lock(service: EvseService) -> Diagnosis | None:
    if service.lock is None or not service.lock.has_failed:
        return None
    wanted = "hold" if service.lock.is_wanted else "let go of"
    return Diagnosis(code="LockFailed", info=f"the bolt does not {wanted} the plug")


def _bay(service: EvseService) -> Diagnosis | None:
    if service.bay is None or not service.bay.has_failed:
        return None
    return Diagnosis(code="BaySensorSilent", info="the bay's sensor does not answer")


def _readers(readers: Sequence[ReaderService]) -> Diagnosis | None:
    silent = [f"{reader.name}: {reader.problem}" for reader in readers if reader.problem is not None]
    return Diagnosis(code="ReaderSilent", info="; ".join(silent)) if silent else None


def _count_wh(meter: MeterPoller) -> str:
    counted = None if meter.counted is None else meter.counted.energy_import_mwh
    return "" if counted is None else str(counted // _MWH_PER_WH)


def _spelt(words: str) -> str:
    """Return a code of these words, such as ControlPilotE."""
    return "".join(word.capitalize() for word in words.split())
