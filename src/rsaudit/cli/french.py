"""The command-line library speaks French: its messages pass through gettext, whose catalogue is ours.

`messages.po` is the source, `messages.mo` what gettext reads; `make traductions` makes one from the other.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path


def install() -> None:
    """Make the library's usage, help and errors French, whatever the machine's locale.

    To be called before the library is imported by anything that prints.
    """
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain("messages", str(Path(__file__).resolve().parent.parent / "locale"))
    gettext.textdomain("messages")
