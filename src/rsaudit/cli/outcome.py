"""Exit codes, and the one place where whatever went wrong becomes a French sentence.

0 done; 1 something found; 2 usage; 3 an input or an output; 4 a broken référentiel; 5 unforeseen; 130 interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsaudit.cli import streams
from rsaudit.errors import RsauditError, UnforeseenError
from rsaudit.messages import cli as say

if TYPE_CHECKING:
    from collections.abc import Collection

DONE = 0
FOUND = 1
USAGE = 2
INPUT = 3
RULESET = 4
UNFORESEEN = 5
INTERRUPTED = 130

#: Over several dossiers, the first met of these is the code of the run.
PRECEDENCE = (UNFORESEEN, RULESET, INPUT, FOUND, DONE)


def worst(codes: Collection[int]) -> int:
    """Return the code of a run over several dossiers."""
    return next((code for code in PRECEDENCE if code in codes), DONE)


def guarded(arguments: list[str]) -> int:
    """Run the command line; turn any failure into its sentence and its code."""
    import click

    from rsaudit.cli.app import command

    try:
        result = command().main(args=arguments, prog_name="rsaudit", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        streams.tell(error.format_message())
        return USAGE
    except click.UsageError as error:
        streams.tell(_usage(error))
        return USAGE
    except click.ClickException as error:
        streams.tell(say.failure(error.format_message(), ""))
        return INPUT
    except (KeyboardInterrupt, click.Abort):
        streams.tell(say.INTERRUPTED)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the library ends the process when the reader of its help closes
        return DONE
    except UnforeseenError as error:
        streams.tell(error.message)
        return UNFORESEEN
    except RsauditError as error:
        streams.tell(say.failure(error.message, error.hint))
        return error.exit_code
    except OSError as error:  # a file that was there, and vanished or can no longer be read
        streams.tell(say.failure(*say.system_failure(error)))
        return INPUT
    except Exception as error:  # noqa: BLE001 - the user never sees a traceback
        streams.tell(unforeseen(error))
        return UNFORESEEN
    if result == INTERRUPTED:  # the library has caught the interruption itself
        streams.tell(say.INTERRUPTED)
    return result if isinstance(result, int) else DONE


def _usage(error: object) -> str:
    import click

    assert isinstance(error, click.UsageError)  # noqa: S101 - narrowed for the type checker
    lines = []
    if error.ctx is not None:
        lines.append(error.ctx.get_usage())
        lines.append(say.try_help(error.ctx.command_path))
    if isinstance(error, click.NoSuchOption):
        message = say.unknown_option(error.option_name, error.possibilities or ())
    else:
        message = say.quoted(error.format_message())
    lines.append(say.failure(message, ""))
    return "\n".join(lines)


def unforeseen(error: BaseException) -> str:
    """Say where something unforeseen happened, with nothing of the data."""
    place = "" if isinstance(error, RecursionError) else _place(error)
    return say.unforeseen(type(error).__name__, place)


def _place(error: BaseException) -> str:
    """Return module:line of the deepest frame of ours: enough to report a defect, nothing of the data."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("rsaudit"):
            found = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
