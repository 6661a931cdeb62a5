"""Messages with bits and bytes turned over, into the EXI decoder: nothing comes of it but a refusal."""

from __future__ import annotations

import resource
import time
from random import Random

from certs.exi import codec
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema
from tests.unit.certs.exi.corpus import samples

MOST_CHANGES = 6
LONGEST_S = 2.0
"""For one message, on a machine that does other things, too."""
GROWTH_KB = 4096


def soak_exi(inputs: int, seed: int) -> list[str]:
    """Decode so many; return what went wrong otherwise than it may."""
    random, corpus, findings, settled_kb = Random(seed), samples(), list[str](), 0
    for number in range(inputs):
        sample = random.choice(corpus)
        data = _mutated(sample.exi, random)
        began_s = time.monotonic()
        try:
            codec.decode(schema(sample.schema), data)
        except CannotDecode:
            pass
        except Exception as error:  # whatever else it is, it is a finding
            findings.append(f"{sample.schema} {data.hex()}: {error!r}")
        if time.monotonic() - began_s > LONGEST_S:
            findings.append(f"{sample.schema} {data.hex()}: took {time.monotonic() - began_s:.1f} s")
        if number == inputs // 10:
            settled_kb = _peak_kb()
    if (grown_kb := _peak_kb() - settled_kb) > GROWTH_KB:
        findings.append(f"memory grew by {grown_kb} kB after the first tenth")
    return findings


def _mutated(exi: bytes, random: Random) -> bytes:
    data = bytearray(exi)
    for _ in range(random.randint(1, MOST_CHANGES)):
        data[random.randrange(len(data))] = random.randrange(256)
    return bytes(data[: random.randint(1, len(data))] if random.random() < 0.3 else data)


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
