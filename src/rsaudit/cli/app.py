"""The list of commands. A command's module is imported when it is called, or when help needs its summary."""

from __future__ import annotations

from functools import cache
from importlib import import_module

import click
import typer
from typer.core import TyperArgument, TyperGroup
from typer.utils import get_params_from_function

from rsaudit import __version__
from rsaudit.cli import completion
from rsaudit.errors import UsageError
from rsaudit.messages import NBSP
from rsaudit.messages import cli as say

#: Commands by job, in the order of the help; the module of each has its name.
JOBS: dict[str, tuple[str, ...]] = {
    say.JOB_AUDIT: ("audit", "valider", "comparer", "rejouer"),
    say.JOB_FOLLOW: ("grille", "pieces", "calendrier"),
    say.JOB_DOSSIER: ("nouveau", "exporter", "importer", "relire"),
    say.JOB_RULES: ("regles", "expliquer", "tester"),
}
COMMANDS: tuple[str, ...] = tuple(name for names in JOBS.values() for name in names)


def _give_help(command: click.Command) -> None:
    """Give a command the option that gives help, and its arguments their help when it is read.

    Recent versions of click lose on the way the help that arguments were declared with. With its help, an argument would
    be told twice: by click, and by typer beside the options.
    """
    write_options = command.format_options

    def format_options(ctx: click.Context, formatter: click.HelpFormatter) -> None:
        declared = get_params_from_function(command.callback) if command.callback else {}
        for parameter in command.params:
            if isinstance(parameter, TyperArgument) and parameter.name in declared:
                parameter.help = declared[parameter.name].default.help
        write_options(ctx, formatter)

    command.get_help_option = lambda ctx: _help_option(*command.get_help_option_names(ctx))  # type: ignore[method-assign]
    command.format_arguments = lambda ctx, formatter: None  # type: ignore[method-assign]
    command.format_options = format_options  # type: ignore[method-assign]


@cache
def _help_option(*names: str) -> click.Option:
    """Return the option that gives help, in our words: click would open its catalogue for them, at each run."""
    return click.Option(
        names, is_flag=True, expose_value=False, is_eager=True, callback=_show_help, help=say.HELP_OPTION
    )


def _show_help(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        typer.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class LazyGroup(TyperGroup):
    """A group that imports the module of a command only when it is needed."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Return the option that gives the help of the program."""
        return _help_option(*self.get_help_option_names(ctx))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands, in the order of the help."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands grouped by job."""
        for job, names in JOBS.items():
            with formatter.section(job + NBSP):  # the library adds the colon
                found = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl(
                    [(name, command.get_short_help_str(90)) for name, command in found if command]
                )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"rsaudit.cli.commands.{cmd_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        _give_help(command)
        command.short_help = command.help  # whole in the list of commands, never cut
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; an unknown one is refused with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise UsageError(say.unknown_command(args[0], list(COMMANDS)), say.UNKNOWN_COMMAND_HINT)
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=LazyGroup,
    help=say.PROGRAM_HELP,
    epilog=say.EXIT_CODES,
    no_args_is_help=True,
    subcommand_metavar="COMMANDE …",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rsaudit {__version__}")
        raise typer.Exit


def _show_completion(shell: str | None) -> None:
    if shell is not None:
        typer.echo(completion.script(shell), nl=False)
        raise typer.Exit


@app.callback()
def _top(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help=say.VERSION_HELP
    ),
    shell: str | None = typer.Option(
        None,
        "--completion",
        metavar="|".join(completion.SHELLS),
        callback=_show_completion,
        is_eager=True,
        help=say.COMPLETION_HELP,
        autocompletion=completion.offered(completion.among(completion.SHELLS)),
    ),
) -> None:
    """Carry the options of the program itself."""


def command() -> click.Command:
    """Return the whole command line."""
    return typer.main.get_command(app)
