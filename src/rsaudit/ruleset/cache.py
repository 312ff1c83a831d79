"""Référentiels already read, checked and compiled, kept as JSON beside the user's other caches.

The key is the content of every file read, the schemas and the program: a change of any of them makes another entry.
What is kept is data, never anything to execute, and carries its own hash: an entry that is damaged, shared, or
written by another version is simply not used. No verdict is ever kept.

An entry is read in one piece and understood rule by rule, as each is first judged: `entries` says how it is written.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rsaudit import __version__, resources
from rsaudit.digests import blake2b
from rsaudit.loading.ordinary import ordinary_bytes
from rsaudit.patterns import pattern
from rsaudit.ruleset import entries
from rsaudit.ruleset.bounds import MAX_ANCESTORS, MAX_BYTES, beside, files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsaudit.ruleset.compiled import CompiledRuleset

_FORMAT = "10"
_PARENT = pattern(rb"^parent:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)
_ENTRY = pattern(r"[0-9a-f]{64}\.json\Z")
_MOST_ENTRIES = 48
"""Entries kept: each change of a rule, of a schema or of the program makes another, and the last ones are those used."""
#: What decides how an entry is made and understood: an entry of other code is of no use.
_CODE = ("conditions", "ruleset")


def cached(folder: Path, schemas_digest: str, compile_: Callable[[Path], CompiledRuleset]) -> CompiledRuleset:
    """Return the référentiel of a folder, from the cache when it is there, else read, compiled and kept.

    A référentiel from the cache has neither cases nor expressions to print: they are read only where they are used.
    Whatever goes wrong with the cache, the référentiel is read and compiled as if there were none.
    """
    try:
        path = _location() / f"{_key(folder, schemas_digest)}.json"
    except (OSError, RuntimeError):  # no home folder, or a folder that cannot be read
        return compile_(folder)
    found = _read(path, lambda: compile_(folder))
    if found is not None:
        return found
    compiled = compile_(folder)
    _write(path, compiled)
    return compiled


def _location() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "rsaudit"


def _key(folder: Path, schemas_digest: str) -> str:
    digest = blake2b(f"{_FORMAT}\0{__version__}\0{_code()}\0{schemas_digest}\0".encode(), digest_size=32)
    for name, path in _files(str(folder), set()):
        raw = ordinary_bytes(path, MAX_BYTES)
        digest.update(f"{name}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.hexdigest()


@cache
def _code() -> str:
    """Tell this program from one whose files were changed without a change of version."""
    package = Path(__file__).resolve().parent.parent
    told = []
    for name in _CODE:
        with os.scandir(package / name) as found:
            for entry in found:
                if entry.name.endswith(".py"):
                    state = entry.stat()
                    told.append(f"{name}/{entry.name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(sorted(told))


def _files(folder: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield every file a référentiel is read from, its parents' included, each with its name.

    The facts are those beside the last parent, but all are yielded: which one is read depends on the others.
    """
    above, own = os.path.split(folder)
    if own in seen or len(seen) > MAX_ANCESTORS:
        return
    seen.add(own)
    facts = os.path.join(above, "faits.yaml")  # noqa: PTH118
    for path in (*files_of(folder), *([facts] if beside(facts) else ())):
        yield f"{len(seen)}/{path[len(above) + 1 :].replace(os.sep, '/')}", path
    parent = _parent(os.path.join(folder, "referentiel.yaml"))  # noqa: PTH118
    if parent is not None:
        yield from _files(str(resources.parent_folder(Path(folder), parent)), seen)


def _parent(head: str) -> str | None:
    try:
        with open(head, "rb") as stream:  # noqa: PTH123
            found = _PARENT.search(stream.read())
    except OSError:
        return None
    return found.group(1).decode() if found is not None else None


def _read(path: Path, again: Callable[[], CompiledRuleset]) -> CompiledRuleset | None:
    try:
        raw = path.read_bytes()
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        start = raw.index(b"\n") + 1
        if raw[: start - 1].decode() != blake2b(memoryview(raw)[start:]).hexdigest():
            return None
        return entries.read(raw, again, start=start)
    except Exception:  # noqa: BLE001 - a cache that cannot be read is no cache
        return None


def _write(path: Path, compiled: CompiledRuleset) -> None:
    import tempfile

    from rsaudit.ruleset import entry_writing

    with contextlib.suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        payload = entry_writing.write(compiled)
        handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(blake2b(payload).hexdigest().encode() + b"\n" + payload)
        os.replace(temporary, path)  # noqa: PTH105 - the atomic move of the system
        _forget(path.parent)


def _forget(folder: Path) -> None:
    """Remove the entries written longest ago; one that is still of use is made again when it is."""
    with os.scandir(folder) as found:
        entries = [(one.stat().st_mtime_ns, one.path) for one in found if _ENTRY.match(one.name)]
    for _, path in sorted(entries, reverse=True)[_MOST_ENTRIES:]:
        with contextlib.suppress(OSError):  # another run forgets it too
            os.unlink(path)  # noqa: PTH108
