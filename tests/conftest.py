"""What several tests share: the installed program, and the shipped référentiels compiled once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from rsaudit.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

# No test depends on a time, and a failure found once is found again.
settings.register_profile("rsaudit", deadline=None, derandomize=True)
settings.load_profile("rsaudit")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def session() -> Session:
    """Give the shipped schemas and référentiels."""
    return Session()


@pytest.fixture(scope="session")
def program() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the real program from the root of the checkout, and give back its streams as bytes.

    `RSAUDIT_PROGRAM` names the one to try: the wheel's, in continuous integration.
    """
    named = os.environ.get("RSAUDIT_PROGRAM")
    command = [named] if named else [sys.executable, "-m", "rsaudit"]

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        # Its modules are compiled once, not at each of some hundred starts.
        fixed = {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""}
        environment = {**os.environ, **fixed, **options.pop("env", {})}  # type: ignore[dict-item]
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [*command, *arguments],
            cwd=options.pop("cwd", ROOT),
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
            **options,
        )

    return run
