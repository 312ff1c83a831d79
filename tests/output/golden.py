"""The recorded outputs of the sample: `RSAUDIT_UPDATE_GOLDEN=1 pytest` writes them anew, to be reviewed."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "golden"


def check_golden(name: str, written: str | bytes) -> None:
    """Compare, byte for byte, what a format writes with what was recorded."""
    found = written.encode() if isinstance(written, str) else written
    path = GOLDEN / name
    if os.environ.get("RSAUDIT_UPDATE_GOLDEN"):
        path.write_bytes(found)

    assert path.read_bytes() == found, f"{name} a changé : relire, puis RSAUDIT_UPDATE_GOLDEN=1"
