"""The templates of the pages, compiled when a wheel is built and used only as long as nothing they come from changed.

Understanding the templates is most of what a page costs. What is run lies beside the templates, installed with them by
the same wheel: nothing is ever written, nor read, anywhere else. A checkout has none, and reads its templates.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import jinja2
from jinja2 import FileSystemLoader, ModuleLoader

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import BaseLoader, Environment

_KINDS = ("html", "j2")
_ORIGIN = "origine.txt"
_UNKNOWN = b""
"""The origin of what a compiler that tells no version has compiled: the same as no other."""


def compile_into(folder: Path, environment: Environment, templates: Path) -> None:
    """Compile every template, and note what it was compiled from and with."""
    environment.compile_templates(folder, extensions=_KINDS, zip=None, ignore_errors=False)
    (folder / _ORIGIN).write_bytes(_origin(templates))


def loader(templates: Path, folder: Path) -> BaseLoader:
    """Give the compiled templates of `folder` when they are those of `templates`, otherwise these."""
    try:
        noted = (folder / _ORIGIN).read_bytes()
    except OSError:
        return FileSystemLoader(templates)
    return ModuleLoader(folder) if noted == _origin(templates) != _UNKNOWN else FileSystemLoader(templates)


def _origin(templates: Path) -> bytes:
    """Say which templates, to the byte, and which version of their compiler."""
    version = getattr(jinja2, "__version__", None)
    if version is None:
        return _UNKNOWN
    digest = hashlib.sha256()
    for path in sorted(path for path in templates.iterdir() if path.suffix[1:] in _KINDS):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return f"jinja2 {version} {digest.hexdigest()}\n".encode()
