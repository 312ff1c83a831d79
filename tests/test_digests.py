"""Digests: those of `hashlib`, whatever Python was built with."""

from __future__ import annotations

import hashlib
import runpy
import sys
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from rsaudit import digests

if TYPE_CHECKING:
    import pytest


@given(st.binary(max_size=300))
def test_a_digest_is_that_of_hashlib(data: bytes) -> None:
    """A dossier has the fingerprint that anyone else takes of it."""
    assert digests.sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
    assert digests.blake2b(data, digest_size=12).digest() == hashlib.blake2b(data, digest_size=12).digest()


def test_a_python_without_these_modules_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the modules are not, `hashlib` answers."""
    for name in ("_blake2", "_sha2", "_sha256"):
        monkeypatch.setitem(sys.modules, name, None)

    found = runpy.run_path(str(digests.__file__))

    assert found["sha256"] is hashlib.sha256
    assert found["blake2b"] is hashlib.blake2b
