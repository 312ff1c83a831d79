"""Modules of Python that libraries import for what an audit never does, executed only if something of them is asked.

A command line library imports what starts other programs, a validator what sends letters, templates what writes JSON: a
twentieth of a small audit would be spent on reading them. Each is in its place among the modules, empty, and is executed
at the first name asked of it, by whoever asks. (Python itself does no other from its version 3.15, with `lazy import`.)

Two are hidden from who would take what Python itself gives: `typing_extensions` from `msgspec`, and from `hashlib` the
cryptography of the system.
"""

from __future__ import annotations

import email  # noqa: F401 - the package: its modules are put off one by one, and are its attributes
import sys
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = (
    "bz2",
    "email.base64mime",
    "email.errors",
    "email.quoprimime",
    "hashlib",
    "ipaddress",
    "json",
    "locale",
    "lzma",
    "msgspec.inspect",
    "random",
    "selectors",
    "shellingham",
    "signal",
    "socket",
    "subprocess",
    "tempfile",
    "textwrap",
    "tokenize",
)
#: A module -> the one it is nothing without, which a Python may lack: its absence is told at import, to who can do without.
_NEEDS = {"bz2": "_bz2", "lzma": "_lzma"}
#: A module -> the one it would take the same from, at a price: it is executed as where there is none.
_DOES_WITHOUT = {"hashlib": "_hashlib", "msgspec": "typing_extensions"}
#: One module at a time: it may need another, and another thread may ask for it meanwhile.
_EXECUTING = RLock()


class Later(ModuleType):
    """A module found, and not executed yet."""

    def __getattr__(self, name: str) -> Any:
        """Execute the module, then return what it defines. Raises `AttributeError` as any module."""
        with _EXECUTING:
            loader = self.__dict__.pop("_waiting", None)
            if loader is not None:  # neither executed by another thread, nor asking something of itself
                try:
                    with _hidden_from(self.__name__):
                        loader.exec_module(self)
                except BaseException:
                    self.__dict__["_waiting"] = loader
                    raise
                self.__class__ = ModuleType  # type: ignore[assignment]
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def put_off() -> None:
    """Put off the modules that nothing has imported yet and that this Python has, and import `msgspec`.

    Those written in Python only: what another language wrote has its functions before it is executed, and breaks.
    """
    for name in NAMES:
        spec = _spec(name) if name not in sys.modules else None
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            module = module_from_spec(spec)
            module.__dict__["_waiting"] = spec.loader
            module.__class__ = Later
            sys.modules[name] = module
            package, _, own = name.rpartition(".")
            if package in sys.modules:
                setattr(sys.modules[package], own, module)
    with _hidden_from("msgspec"):
        import msgspec  # noqa: F401


def _spec(name: str) -> ModuleSpec | None:
    """Find a module, importing nothing."""
    package, _, _ = name.rpartition(".")
    if name in _NEEDS and find_spec(_NEEDS[name]) is None:
        return None
    if not package or package in sys.modules:
        return find_spec(name)
    above = find_spec(package)
    return PathFinder.find_spec(name, above.submodule_search_locations) if above else None


@contextmanager
def _hidden_from(name: str) -> Iterator[None]:
    """Hide what a module does without, unless it is there already."""
    hidden = _DOES_WITHOUT.get(name)
    if hidden is None or hidden in sys.modules:
        yield
        return
    sys.modules[hidden] = None  # type: ignore[assignment] # what says that there is none
    try:
        yield
    finally:
        sys.modules.pop(hidden, None)
