"""What prevents an audit: one base error and its children, each with a message and a hint in French.

What is wrong *with a dossier* is data (`model.InputError`), never an exception of this module.
"""

from __future__ import annotations


class RsauditError(Exception):
    """An audit cannot go on: what happened, where, and what to do about it (all in French)."""

    exit_code = 5

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(RsauditError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class InputUnreadableError(RsauditError):
    """A path given by the user cannot be read, or an output cannot be written."""

    exit_code = 3


class RulesetError(RsauditError):
    """A référentiel is broken: the run stops and names the file, the line and the rule."""

    exit_code = 4


class UnforeseenError(RsauditError):
    """Something unforeseen happened in another process: only its sentence can come from there."""
