from __future__ import annotations

from agent.csms.metrics import LinkFigures, exposition
from ocppj.repair import Quirk


def test_every_number_has_its_line() -> None:
    figures = LinkFigures(connections=3)
    figures.count("sent", "Heartbeat", "answered")
    figures.count("sent", "Heartbeat", "answered")
    figures.count("sent", "Authorize", "unanswered")
    figures.count("served", "Reset", "refused")
    figures.quirks[Quirk.NO_ZONE] += 4
    lines = exposition(figures, is_connected=True, is_accepted=False).splitlines()
    assert [line for line in lines if not line.startswith("#") and not line.endswith("} 0")] == [
        "chargehand_ocpp_connected 1",
        "chargehand_ocpp_accepted 0",
        "chargehand_ocpp_connections_total 3",
        'chargehand_ocpp_calls_total{direction="sent",action="Authorize",outcome="unanswered"} 1',
        'chargehand_ocpp_calls_total{direction="sent",action="Heartbeat",outcome="answered"} 2',
        'chargehand_ocpp_calls_total{direction="served",action="Reset",outcome="refused"} 1',
        'chargehand_ocpp_quirks_total{quirk="no_zone"} 4',
    ]
    assert 'chargehand_ocpp_quirks_total{quirk="null"} 0' in lines
    assert lines.count("# TYPE chargehand_ocpp_calls_total counter") == 1
