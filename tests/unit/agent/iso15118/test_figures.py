from __future__ import annotations

from agent.iso15118.figures import Figures, exposition


def test_the_numbers_of_every_evse_are_there_for_prometheus() -> None:
    one, other = Figures(discoveries=3, messages=120), Figures()
    one.sessions["error"] += 2
    text = exposition({1: one, 2: other})
    lines = text.splitlines()
    assert 'chargehand_iso15118_discoveries_total{evse="1"} 3' in lines
    assert 'chargehand_iso15118_messages_total{evse="2"} 0' in lines
    assert 'chargehand_iso15118_sessions_total{evse="1",ending="error"} 2' in lines
    assert 'chargehand_iso15118_sessions_total{evse="2",ending="pause"} 0' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) == 8
    assert all(line.startswith(("#", *names)) for line in lines)
