"""Compiles the templates of the pages into a wheel, so that no page has to understand them."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledPages(BuildHookInterface):
    """Adds the compiled templates to a wheel; an editable install reads its templates as they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile them beside the tree, by the sources that are being built."""
        if version == "editable":
            return
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(Path(self.root) / "src"))
        from rsaudit.output.html import COMPILED, compile_pages

        self._folder = TemporaryDirectory()
        compile_pages(Path(self._folder.name))
        build_data["force_include"][self._folder.name] = f"rsaudit/output/{COMPILED.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        if version != "editable":
            self._folder.cleanup()
