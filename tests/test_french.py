"""The command line speaks French: its catalogue is compiled, its help is kept as a golden and read."""

from __future__ import annotations

import gettext
import io
import re
from typing import TYPE_CHECKING

import pytest
from babel.messages import mofile, pofile

from conftest import ROOT
from rsaudit.cli.app import COMMANDS

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

CATALOGUE = ROOT / "src/rsaudit/locale/fr/LC_MESSAGES"
HELP = ROOT / "tests/golden/aide"
ENGLISH = re.compile(
    r"Usage:|Options:|Commands?\b|COMMAND\b|ARGS|Arguments:|Error|Show this|[Mm]issing|No such|[Dd]efault|[Rr]equired"
)


def test_catalogue_is_compiled() -> None:
    """What gettext reads is what the source says."""
    with (CATALOGUE / "messages.po").open("rb") as stream:
        source = pofile.read_po(stream)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, source)
    compiled.seek(0)
    with (CATALOGUE / "messages.mo").open("rb") as stream:
        shipped = gettext.GNUTranslations(stream)
    wanted = gettext.GNUTranslations(compiled)
    for message in source:
        if isinstance(message.id, tuple):
            for count in (1, 2):
                assert shipped.ngettext(*message.id, count) == wanted.ngettext(*message.id, count)
        elif message.id:
            assert shipped.gettext(message.id) == message.string


@pytest.mark.parametrize("command", ["rsaudit", *COMMANDS])
def test_help(program: Callable[..., subprocess.CompletedProcess[bytes]], command: str) -> None:
    """The help of the program and of each command is the one that was read, without a word of English."""
    arguments = ["--help"] if command == "rsaudit" else [command, "--help"]
    done = program(*arguments, env={"COLUMNS": "80", "LANG": "en_US.UTF-8", "LANGUAGE": "en"})
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert text == (HELP / f"{command}.txt").read_text(encoding="utf-8")
    assert not ENGLISH.search(text)
