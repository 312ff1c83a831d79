"""Modules put off: empty until something of them is asked, then the modules they always were."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rsaudit.cli import later

_ROOT = Path(__file__).parent.parent
_ASKED = {
    "bz2": "open",
    "email.base64mime": "body_encode",
    "email.errors": "MessageError",
    "email.quoprimime": "quote",
    "hashlib": "sha256",
    "ipaddress": "ip_address",
    "json": "dumps",
    "locale": "normalize",
    "lzma": "open",
    "msgspec.inspect": "type_info",
    "random": "Random",
    "selectors": "DefaultSelector",
    "shellingham": "detect_shell",
    "signal": "SIGINT",
    "socket": "socket",
    "subprocess": "run",
    "tempfile": "mkdtemp",
    "textwrap": "wrap",
    "tokenize": "open",
}
_HEAD = "import sys; from rsaudit.cli import later; later.put_off(); "


def _told(code: str, *, before: str = "") -> str:
    command = [sys.executable, "-c", before + _HEAD + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", [name for name in later.NAMES if name not in later._DOES_WITHOUT])
def test_a_module_put_off_is_whole_once_asked(name: str) -> None:
    """It defines then what it defines when it is imported at once, and is a plain module."""
    told = _told(
        f"import sys, {name}; one = sys.modules['{name}']; first = type(one).__name__; {name}.{_ASKED[name]};"
        "print(first, type(one).__name__, *sorted(vars(one)))"
    ).split()
    plain = subprocess.run(
        [sys.executable, "-c", f"import {name} as one; print(*sorted(vars(one)))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert told[:2] == ["Later", "module"]
    assert set(told[2:]) == set(plain)


def test_what_another_language_wrote_is_never_put_off() -> None:
    """Its functions are there before it is executed: called then, they break the process."""
    code = (
        "names = ('zlib', '_elementtree', 'xxsubtype'); before = set(sys.modules); later.NAMES = names;"
        "later.put_off(); print([name for name in names if name in sys.modules and name not in before])"
    )
    assert _told(code) == "[]"


def test_a_module_that_lacks_what_it_is_nothing_without_is_not_put_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its absence is told at once, as ever, to who asks whether it can be imported."""
    monkeypatch.setattr(later, "NAMES", ("bz2",))
    monkeypatch.setattr(later, "_NEEDS", {"bz2": "_not_there_at_all"})
    monkeypatch.delitem(sys.modules, "bz2", raising=False)
    later.put_off()
    assert "bz2" not in sys.modules


def test_hashes_are_the_same_without_the_cryptography_of_the_system() -> None:
    """Every algorithm that a Python has everywhere is there, and gives the same."""
    code = (
        "print(*sorted((name, hashlib.new(name, b'rsaudit').hexdigest() if 'shake' not in name"
        " else hashlib.new(name, b'rsaudit').hexdigest(20)) for name in hashlib.algorithms_guaranteed))"
    )
    told = _told(f"import hashlib; {code}; import _hashlib")
    plain = [sys.executable, "-c", f"import hashlib, _hashlib; {code}"]
    assert told == subprocess.run(plain, capture_output=True, text=True, check=True).stdout.strip()
    assert "sha3_512" in told
    assert _told("import hashlib; hashlib.sha256; print('_hashlib' in sys.modules)") == "False"


def test_msgspec_does_without_what_typing_has(tmp_path: Path) -> None:
    """It takes the same from `typing`, and who asks for the other module still finds it."""
    (tmp_path / "typing_extensions.py").write_text("print('executed')\n", encoding="utf-8")
    told = _told(
        "import msgspec, typing; print(msgspec._utils.NotRequired is typing.NotRequired);"
        "import typing_extensions",
        before=f"import sys; sys.path.insert(0, {str(tmp_path)!r}); ",
    )
    assert told.split() == ["True", "executed"]


def test_a_name_that_a_module_has_not_is_refused_as_ever() -> None:
    """Asking executes the module; what it does not define is an `AttributeError` that says so."""
    told = _told(
        "import random\ntry:\n    random.nothing\nexcept AttributeError as error:\n    print(error, type(random))"
    )
    assert told == "module 'random' has no attribute 'nothing' <class 'module'>"


def test_a_module_already_imported_stays_as_it_is() -> None:
    """Nothing is put off that something already holds."""
    command = [sys.executable, "-c", f"import random; {_HEAD} print(type(sys.modules['random']).__name__)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "module"


def test_threads_that_ask_together_find_it_whole() -> None:
    """None of them sees a module half executed."""
    code = (
        "import threading, subprocess, socket, random; start = threading.Barrier(8); found = []\n"
        "def ask():\n"
        "    start.wait(); found.append((subprocess.Popen, socket.create_server, random.SystemRandom))\n"
        "all = [threading.Thread(target=ask) for _ in range(8)]\n"
        "[one.start() for one in all]; [one.join() for one in all]; print(len(found), len(set(found)))"
    )
    assert _told(code) == "8 1"


def test_a_module_that_fails_fails_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a module raises is raised at each name asked, never hidden by an empty module."""
    (tmp_path / "broken_later.py").write_text("raise ImportError('no such library')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(later, "NAMES", ("broken_later", "not_there_at_all"))
    later.put_off()
    try:
        module = sys.modules["broken_later"]
        for _ in range(2):
            with pytest.raises(ImportError, match="no such library"):
                _ = module.anything
    finally:
        del sys.modules["broken_later"]
    assert "not_there_at_all" not in sys.modules


def test_an_audit_asks_nothing_of_them(tmp_path: Path) -> None:
    """They are put off because a plain audit asks nothing of them: one that is asked would better not be there."""
    code = (
        "import atexit; from rsaudit import cli;"
        "sys.argv = ['rsaudit', 'audit', 'examples/benjoin', '--date', '2026-09-30'];"
        "atexit.register(lambda: print([name for name in later.NAMES"
        " if type(sys.modules.get(name)).__name__ == 'module'], file=sys.stderr)); cli.main()"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", _HEAD + code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)},
            cwd=_ROOT,
        )
    assert done.stderr.strip() == "[]"
