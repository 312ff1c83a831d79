"""Runs programs one after the other and says what each cost: wall time, processor time, peak memory."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MIB = 1024.0
#: A process is charged with the memory of the one that starts it: a small one does, for this one holds whole corpora.
_LAUNCHER = """
import json, os, sys, time
null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
started = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
_, status, used = os.wait4(process, 0)
print(json.dumps([status, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


@dataclass(slots=True)
class Cost:
    """What the runs of one program cost, in seconds and MiB."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def median(self) -> float:
        """The median wall time."""
        return statistics.median(self.wall)

    @property
    def work(self) -> float:
        """The median processor time, user and system, children included."""
        return statistics.median(self.processor)


def run(command: Sequence[str], *, accepted: Sequence[int] = (0, 1)) -> tuple[float, float, float]:
    """Run a program, its output thrown away; return wall and processor seconds, and peak MiB of one process.

    Raises `RuntimeError` when it ends with a code that is not accepted: what failed is not measured.
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command], stdout=subprocess.PIPE, check=True
    )
    status, wall, processor, peak = json.loads(done.stdout)
    code = os.waitstatus_to_exitcode(status)
    if code not in accepted:
        raise RuntimeError(f"{code}: {' '.join(command)}")
    return wall, processor, peak / _MIB


def alternated(programs: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """Run every program once a round, so that what slows the machine slows them all; a first round only warms up."""
    costs = {name: Cost() for name in programs}
    for turn in range(rounds + 1):
        for name, command in programs.items():
            wall, processor, peak = run(command)
            if turn or not rounds:
                costs[name].wall.append(wall)
                costs[name].processor.append(processor)
                costs[name].peak = max(costs[name].peak, peak)
    return costs


def ratio(costs: Mapping[str, Cost], ours: str, peer: str) -> float:
    """Return the median of the ratios of each round, ours to the peer's."""
    pairs = zip(costs[ours].wall, costs[peer].wall, strict=True)
    return statistics.median(one / other for one, other in pairs)


def described() -> str:
    """Describe the machine in one line, without its name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        lines = information.read_text(encoding="utf-8").splitlines()
        model = next(
            (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model
        )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{model}, {cores} cœurs, {platform.system()} ; Python {platform.python_version()} ; "
        f"charge au départ {load:.1f}".replace(".", ",")
    )
