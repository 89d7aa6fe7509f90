"""The command ``helpdesk``: one table of commands, each loaded only when it is used."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from werkzeug.utils import import_string

from helpdesk.config import BadSetting
from helpdesk.embedded.account import CannotServe
from helpdesk.errors import HelpdeskError

ROOT = Path(__file__).resolve().parents[2]
_DATA = "helpdesk.data"

COMMANDS = {
    "up": ("helpdesk.cli.start:start", "Start everything; Ctrl-C ends it."),
    "migrate": ("helpdesk.cli.parts:migrate", "Bring the database up to the newest version."),
    "assets": ("helpdesk.cli.assets:assets", "Bring the front-end packages."),
    "work": ("helpdesk.cli.work:work", "Run the jobs of the queues."),
    "clock": ("helpdesk.cli.parts:clock", "Run what is due by the clock."),
    "receive-mail": ("helpdesk.cli.parts:receive_mail", "Take in mail by SMTP."),
    "fetch-mail": ("helpdesk.cli.parts:fetch_mail", "Bring in mail by IMAP."),
    "settings": ("helpdesk.cli.parts:settings", "List all settings; secrets are masked."),
    "receive": ("helpdesk.cli.intake:receive", "Hand one raw message to intake."),
    "replay": ("helpdesk.cli.intake:replay", "Process kept raw messages again."),
    "channels": ("helpdesk.cli.channels:channels", "Show what a channel understands of raw inputs."),
    "sla": ("helpdesk.cli.sla:sla", "Explain, verify and try out deadlines."),
    "moves": ("helpdesk.cli.moves:moves", "Print the table of moves for the documentation."),
    "routing": ("helpdesk.cli.routing:routing", "Train, measure and question the classifier."),
    "bot": ("helpdesk.cli.bot:bot", "Question the bot, and read its articles anew."),
    "import": ("helpdesk.cli.importing:importing", "Import ticket lives with their past."),
    "seed": ("helpdesk.cli.seed:seed", "Make synthetic history for benchmarks."),
    "carrier": ("helpdesk.cli.carrier:carrier", "Simulate a telephone carrier for the demo body."),
    "demo": ("helpdesk.cli.demo:demo", "Make the demo body."),
    "backup": ("helpdesk.cli.backup:backup", "Write everything into one file."),
    "restore": ("helpdesk.cli.backup:restore", "Bring everything back from a backup."),
    "check": ("helpdesk.cli.check:check", "Check the invariants of the whole database."),
    "first": ("helpdesk.cli.people:first", "Give the link with which the first administrator is made."),
    "token": ("helpdesk.cli.people:token", "Make API tokens."),
    "user": ("helpdesk.cli.people:user", "Make and change people."),
}
"""Name -> where the command stands, and its line in ``helpdesk --help``."""


class Table(click.Group):
    """Commands by dotted name, so that one command never pays for another's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name that can be loaded in this checkout."""
        return [name for name, (place, _) in COMMANDS.items() if _exists(place)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads one command and lets it take ``--data``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_string(COMMANDS[cmd_name][0])
        _take_data(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table as it stands, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _exists(place: str) -> bool:
    module = ROOT.joinpath(*place.partition(":")[0].split("."))
    return module.with_suffix(".py").exists() or module.is_dir()


def _remember(ctx: click.Context, _: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        ctx.meta[_DATA] = folder.absolute()


def _data_option(**more: Any) -> click.Option:
    return click.Option(
        ["--data"],
        type=click.Path(path_type=Path),
        callback=_remember,
        expose_value=False,
        help="Folder of all data (default: DATA_DIR, else var in the checkout).",
        **more,
    )


def _take_data(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _take_data(inner)
    elif not any("--data" in parameter.opts for parameter in command.params):
        command.params.append(_data_option())


helpdesk = Table(
    "helpdesk",
    params=[_data_option(envvar="DATA_DIR")],
    help="A multichannel helpdesk for public bodies.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def data_folder() -> Path:
    """The data folder of the command that runs now."""
    chosen: Path = click.get_current_context().meta.get(_DATA, ROOT / "var")
    return chosen


def main() -> None:
    """Runs a command; what an operator can mend is one line, with exit status 2 (1 for a refusal)."""
    try:
        _check_clock()
        helpdesk(prog_name="helpdesk")
    except (BadSetting, CannotServe) as problem:
        click.echo(f"helpdesk: {problem}", err=True)
        sys.exit(2)
    except HelpdeskError as refusal:
        click.echo(f"helpdesk: {refusal.detail}", err=True)
        sys.exit(1)


def _check_clock() -> None:
    """The clock reads its setting when it is loaded; load it where a mistake can be said in one line."""
    try:
        import_module("helpdesk.clock")
    except ValueError as problem:
        raise BadSetting(str(problem)) from None
