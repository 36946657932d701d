"""``notevault watch --install`` and ``--uninstall``."""

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from notevault.cli.base import say
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.service import Place, Service, plan_service


class ServiceError(NotevaultError):
    """The system's own service manager cannot do what it was asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message, _("start 'notevault watch' from your session's start-up programs instead"))


def find_service(root: Path, *, poll: float | None = None) -> Service:
    """Return the service of this user that watches the vault. Raises ServiceError where the system has none."""
    service = plan_service(root.resolve(), _find_place(), poll=poll)
    if service is None:
        raise ServiceError(_("no way to install a service is known for this system ({name})").format(name=sys.platform))
    return service


def _find_place() -> Place:
    python = Path(sys.executable)
    windowless = python.with_name("pythonw.exe")
    if sys.platform == "win32":
        user = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), getpass.getuser())))
    else:
        user = str(os.getuid())
    environment = dict(os.environ)
    if environment.get("NOTEVAULT_CACHE"):
        environment["NOTEVAULT_CACHE"] = str(Path(environment["NOTEVAULT_CACHE"]).absolute())
    return Place(
        platform=sys.platform,
        home=Path.home(),
        python=windowless if sys.platform == "win32" and windowless.exists() else python,
        user=user,
        environment=environment,
    )


def install(service: Service, *, yes: bool) -> bool:
    """Show what would be written and run, and do so where the person agrees; say whether it was done."""
    path = Path(service.path)
    click.echo(_("File       {path}").format(path=path))
    click.echo()
    click.echo(service.text.rstrip("\n"))
    click.echo()
    _show_commands(service.begin)
    for name in service.lost_variables:
        say(_("Set {name} in your own environment, too: the task does not carry it.").format(name=name), mood="yellow")
    _require(service.begin)
    if not (yes or _agreed(_("Write the file and start watching?"))):
        say(_("Nothing was written; --yes writes it."))
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(service.content)
    except OSError as error:
        raise ServiceError(
            _("{path} could not be written: {reason}").format(path=path, reason=error.strerror or str(error))
        ) from error
    try:
        for command in service.begin:
            _run(command)
    except ServiceError:
        path.unlink(missing_ok=True)  # what does not run shall not lie about
        raise
    say(_("Installed. See it with: notevault status"), mood="green")
    return True


def uninstall(service: Service, *, yes: bool) -> bool:
    """Stop and remove the service where the person agrees; say whether it was done."""
    path = Path(service.path)
    if not path.exists():
        say(_("Nothing is installed for this vault ({path} is not there).").format(path=path))
        return False
    click.echo(_("File       {path}").format(path=path))
    _show_commands(service.end)
    if not (yes or _agreed(_("Stop watching and remove the file?"))):
        say(_("Nothing was removed; --yes removes it."))
        return False
    for command in service.end:
        try:
            _run(command)
        except ServiceError as error:  # it may be stopped or unknown already
            say(error.message, mood="yellow")
    path.unlink(missing_ok=True)
    say(_("Removed."), mood="green")
    return True


def _agreed(question: str) -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty() and click.confirm(question, err=True)


def _show_commands(commands: tuple[tuple[str, ...], ...]) -> None:
    for command in commands:
        click.echo(_("Command    {command}").format(command=subprocess.list2cmdline(command)))


def _require(commands: tuple[tuple[str, ...], ...]) -> None:
    for command in commands:
        if shutil.which(command[0]) is None:
            raise ServiceError(_("{command} is not there").format(command=command[0]))


def _run(command: tuple[str, ...]) -> None:
    try:
        ran = subprocess.run(  # noqa: S603 -- our own words, shown before
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=60, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServiceError(f"{subprocess.list2cmdline(command)}: {error}") from error
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip()
        raise ServiceError(f"{subprocess.list2cmdline(command)}: {said or ran.returncode}")
