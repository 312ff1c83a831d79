"""Référentiels already read and checked, kept as JSON beside the user's other caches.

The key is the content of every file read, the schemas and the version of the program: a change of any of them makes
another entry. What is kept is data, never anything to execute, and carries its own hash: an entry that is damaged,
shared, or written by another version is simply not used. No verdict is ever kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit import __version__, conditions, model
from rsaudit.conditions import nodes
from rsaudit.ruleset import declarations
from rsaudit.ruleset.composition import parent_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsaudit.ruleset.compilation import CompiledRuleset
    from rsaudit.ruleset.declarations import Ruleset

_FORMAT = "2"
_PARENT = re.compile(rb"^parent:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)
_NODE_CLASSES = frozenset(cls for cls in vars(nodes).values() if isinstance(cls, type) and is_dataclass(cls))
_CLASSES: dict[str, type] = {
    cls.__name__: cls
    for module in (declarations, model, conditions)
    for cls in vars(module).values()
    if isinstance(cls, type) and (is_dataclass(cls) or issubclass(cls, Enum)) and cls not in _NODE_CLASSES
}


def cached(
    folder: Path,
    schemas_digest: str,
    load: Callable[[Path], Ruleset],
    check: Callable[[Ruleset], CompiledRuleset],
) -> Ruleset:
    """Return the référentiel of a folder, from the cache when it is there, else read, checked and kept.

    A référentiel from the cache has no cases: they are read only to be run. Whatever goes wrong with the cache, the
    référentiel is read and checked as if there were none.
    """
    try:
        path = _location() / f"{_key(folder, schemas_digest)}.json"
    except (OSError, RuntimeError):  # no home folder, or a folder that cannot be read
        return _checked(load(folder), check)
    found = _read(path)
    if found is not None:
        return found
    ruleset = _checked(load(folder), check)
    _write(path, ruleset)
    return ruleset


def _checked(ruleset: Ruleset, check: Callable[[Ruleset], CompiledRuleset]) -> Ruleset:
    """Check a référentiel, and keep the fields each rule was seen to read: finding them again would cost a check."""
    compiled = check(ruleset)
    return replace(ruleset, fields={rule.rule.id: tuple(sorted(rule.fields)) for rule in compiled.rules})


def _location() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "rsaudit"


def _key(folder: Path, schemas_digest: str) -> str:
    digest = hashlib.sha256(f"{_FORMAT}\0{__version__}\0{schemas_digest}\0".encode())
    for name, path in _files(folder, set()):
        digest.update(name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path, seen: set[str]) -> Iterator[tuple[str, Path]]:
    """Yield every file a référentiel is read from, its parents' included, each with its name.

    The facts are those beside the last parent, but all are yielded: which one is read depends on the others.
    """
    if folder.name in seen:
        return
    seen.add(folder.name)
    for path in (*sorted(folder.rglob("*.yaml")), folder.parent / "faits.yaml"):
        if path.is_file():
            yield f"{len(seen)}/{path.relative_to(folder.parent).as_posix()}", path
    head = folder / "referentiel.yaml"
    parent = _PARENT.search(head.read_bytes()) if head.is_file() else None
    if parent is not None:
        yield from _files(parent_folder(folder, parent.group(1).decode()), seen)


def _read(path: Path) -> Ruleset | None:
    try:
        raw = path.read_bytes()
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        digest, payload = raw.split(b"\n", 1)
        if digest.decode() != hashlib.sha256(payload).hexdigest():
            return None
        found = _decode(json.loads(payload))
    except Exception:  # noqa: BLE001 - a cache that cannot be read is no cache
        return None
    return found if isinstance(found, declarations.Ruleset) else None


def _write(path: Path, ruleset: Ruleset) -> None:
    with contextlib.suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        payload = json.dumps(_encode(ruleset), ensure_ascii=False, separators=(",", ":")).encode()
        handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)
        os.replace(temporary, path)  # noqa: PTH105 - the atomic move of the system


# -- plain data ------------------------------------------------------------------------------------------


def _encode(value: Any) -> Any:
    if value is None or isinstance(value, bool | int) or value.__class__ is str:
        return value
    if value.__class__ in _NODE_CLASSES:
        node: Any = value
        return {"n": conditions.to_json(node)}
    if isinstance(value, Enum):
        return {"e": type(value).__name__, "v": value.value}
    if isinstance(value, Decimal):
        return {"x": str(value)}
    if isinstance(value, date):
        return {"j": value.isoformat()}
    if isinstance(value, tuple | list):
        items = [_encode(item) for item in value]
        return {"t": items} if isinstance(value, tuple) else items
    if isinstance(value, dict):
        return {"d": [[_encode(key), _encode(child)] for key, child in value.items()]}
    if isinstance(value, declarations.Rule):
        return _fields(value, skipped="cases")
    return _fields(value)


def _fields(value: Any, skipped: str = "") -> dict[str, Any]:
    kept = [(entry.name, getattr(value, entry.name)) for entry in fields(value)]
    return {
        "c": type(value).__name__,
        "f": {name: _encode(() if name == skipped else child) for name, child in kept},
    }


def _decode(value: Any) -> Any:
    if value.__class__ is list:
        return [_decode(item) for item in value]
    if value.__class__ is not dict:
        return value
    if "c" in value:
        return _CLASSES[value["c"]](**{name: _decode(child) for name, child in value["f"].items()})
    if "n" in value:
        return conditions.from_json(value["n"])
    if "t" in value:
        return tuple([_decode(item) for item in value["t"]])
    if "d" in value:
        return {_decode(key): _decode(child) for key, child in value["d"]}
    if "e" in value:
        return _CLASSES[value["e"]](value["v"])
    return Decimal(value["x"]) if "x" in value else date.fromisoformat(value["j"])
