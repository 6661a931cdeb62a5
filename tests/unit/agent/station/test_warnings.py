from __future__ import annotations

from agent.station.warnings import READER_SILENT, STATION, Warnings


def test_only_what_is_new_is_news() -> None:
    warnings = Warnings()
    assert not warnings.see({})
    assert warnings.see({2: READER_SILENT})
    assert (warnings.of(2), warnings.of(STATION)) == (READER_SILENT, None)
    assert not warnings.see({2: READER_SILENT})
    assert warnings.see({})
    assert warnings.of(2) is None
