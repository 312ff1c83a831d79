"""Same report, same bytes: whatever the hash seed, the locale, the time zone of the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DIGESTS = """
import hashlib
from output.sample import hostile_report, sample_report
from rsaudit.model import RenderOptions
from rsaudit.output import FORMATS, render

for make in (sample_report, hostile_report):
    for options in (RenderOptions(show_passes=True), RenderOptions(public=True)):
        for name in FORMATS:
            written = render(name, make(), options)
            data = written if isinstance(written, bytes) else written.encode()
            print(name, make.__name__, options.public, hashlib.sha256(data).hexdigest())
"""
ENVIRONMENTS = {
    "paris": {"PYTHONHASHSEED": "0", "TZ": "Europe/Paris", "LC_ALL": "C.UTF-8"},
    "réunion": {"PYTHONHASHSEED": "1", "TZ": "Indian/Reunion", "LC_ALL": "fr_FR.UTF-8", "LANGUAGE": "fr"},
    "ailleurs": {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "0"},
}


def digests(environment: dict[str, str]) -> list[str]:
    """Write every format in a process of its own and return the digests."""
    path = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", DIGESTS],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def reference() -> list[str]:
    """Give the digests of this machine, as it is set."""
    return digests({})


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_environment_changes_nothing(name: str, reference: list[str]) -> None:
    """Every format gives the same bytes in another environment."""
    assert digests(ENVIRONMENTS[name]) == reference
