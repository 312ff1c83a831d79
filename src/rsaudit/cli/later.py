"""Modules of Python that libraries import for what an audit never does, executed only if something of them is asked.

A command line library imports what starts other programs, a validator what sends letters, templates what writes JSON: a
twentieth of a small audit would be spent on reading them. Each is in its place among the modules, empty, and is executed
at the first name asked of it, by whoever asks. (Python itself does no other from its version 3.15, with `lazy import`.)
"""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

NAMES = (
    "ipaddress",
    "json",
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
                    loader.exec_module(self)
                except BaseException:
                    self.__dict__["_waiting"] = loader
                    raise
                self.__class__ = ModuleType  # type: ignore[assignment]
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def put_off() -> None:
    """Put off the modules that nothing has imported yet and that this Python has."""
    for name in NAMES:
        spec = find_spec(name) if name not in sys.modules else None
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            module.__dict__["_waiting"] = spec.loader
            module.__class__ = Later
            sys.modules[name] = module
