"""A hostile CSMS for a long time: one agent after the other, and whether its memory grows."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.hostile_calls import script
from tests.fuzz.hostile_csms import Trial

STEPS_OF_AN_AGENT = 1500
STEPS_AT_ONCE = 150
GROWTH_MB = 50.0
"""Caches grow within bounds, and what transfers need is loaded with the first; what leaks grows beyond."""


async def soak_csms(minutes: float, seed: int) -> list[str]:
    """Run until the time is over or something is found."""
    until_s, findings = time.monotonic() + minutes * 60, list[str]()
    while time.monotonic() < until_s and not findings:
        with tempfile.TemporaryDirectory(prefix="chargehand-hostile-") as directory:
            async with Trial(directory=Path(directory)) as trial:
                findings, seed = await _one_agent(trial, seed, until_s)
    return findings


async def _one_agent(trial: Trial, seed: int, until_s: float) -> tuple[list[str], int]:
    settled_mb = 0.0
    while trial.steps < STEPS_OF_AN_AGENT and time.monotonic() < until_s:
        await trial.run(script(seed, STEPS_AT_ONCE))
        if trial.findings:
            return [f"seed {seed}: {finding}" for finding in trial.findings], seed
        rss_mb = trial.agent_rss_mb
        settled_mb = settled_mb or rss_mb
        print(
            f"seed {seed}: {trial.steps} steps, {trial.capped} capped, {rss_mb:.0f} MB",
            file=sys.stderr,
            flush=True,
        )
        if rss_mb > settled_mb + GROWTH_MB:
            return [f"seed {seed}: the agent grew from {settled_mb:.0f} to {rss_mb:.0f} MB"], seed
        seed += 1
    return [], seed
