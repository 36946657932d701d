"""The watcher as a service of the user's session: a systemd unit, a launchd agent or a Windows task.

Here it is only put into words: what is written where, and which commands make it known. The machine is asked nothing,
so that every system's form can be made on any other.
"""

import plistlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from subprocess import list2cmdline
from typing import Final, Literal
from xml.etree import ElementTree as ET

from notevault.records import record

Kind = Literal["systemd", "launchd", "windows"]
_KINDS: Final[Mapping[str, Kind]] = {"linux": "systemd", "darwin": "launchd", "win32": "windows"}
_TASK_SPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_KEPT_VARIABLES: Final = ("NOTEVAULT_CACHE", "NOTEVAULT_LANG")
"""What the service must know as the user's own commands do: they share the derived data."""
_PAUSE_SECONDS: Final = 60
"""Between two starts after a failure, as where the vault's drive is not there yet."""


@record
class Place:
    """The user and the machine that a service is made for."""

    platform: str
    """As ``sys.platform`` says."""
    home: PurePath
    python: PurePath
    user: str
    """Name of the account; on macOS its number."""
    environment: Mapping[str, str]


@record
class Service:
    """A watcher of one vault that starts with the user's session."""

    kind: Kind
    name: str
    path: PurePath
    """The file that describes it."""
    content: bytes
    begin: tuple[tuple[str, ...], ...]
    """Commands that make the system know and start it."""
    end: tuple[tuple[str, ...], ...]
    """Commands that stop it and make the system forget it."""
    lost_variables: tuple[str, ...] = ()
    """Set now, and to be set in the user's own environment, since the service cannot carry them."""

    @property
    def text(self) -> str:
        """The file as a person reads it."""
        return self.content.decode("utf-16" if self.kind == "windows" else "utf-8")


def plan_service(root: PurePath, place: Place, *, poll: float | None = None) -> Service | None:
    """Return the service that watches the vault at ``root``, None for a system that has none that is known here.

    ``poll`` is the time between walks in seconds where the file system tells of no changes.
    """
    kind = _KINDS.get(place.platform)
    name = f"notevault-{sha256(str(root).encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
    words = [str(place.python), "-m", "notevault", "--vault", str(root), "watch"]
    words += [] if poll is None else ["--poll", f"{poll:g}"]
    variables = {key: place.environment[key] for key in _KEPT_VARIABLES if place.environment.get(key)}
    match kind:
        case "systemd":
            return _systemd(name, root, words, variables, place)
        case "launchd":
            return _launchd(name, words, variables, place)
        case "windows":
            return _windows(name, root, words, variables, place)
        case None:
            return None


def _systemd(name: str, root: PurePath, words: Sequence[str], variables: Mapping[str, str], place: Place) -> Service:
    given = place.environment.get("XDG_CONFIG_HOME", "")
    base = type(place.home)(given) if given.startswith("/") else place.home / ".config"
    unit = f"{name}.service"
    executable, *arguments = words
    # the first word knows no variables, so a dollar sign in it stays as it is
    command = " ".join([_systemd_word(executable), *(_systemd_word(word.replace("$", "$$")) for word in arguments)])
    lines = [
        "[Unit]",
        f"Description=notevault watches {_systemd_line(str(root))}",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        *(f"Environment={_systemd_word(f'{key}={value}')}" for key, value in variables.items()),
        f"ExecStart={command}",
        "Restart=on-failure",
        f"RestartSec={_PAUSE_SECONDS}",
        "Nice=10",
        "",
        "[Install]",
        "WantedBy=default.target",
        "",
    ]
    control = ("systemctl", "--user")
    return Service(
        kind="systemd",
        name=name,
        path=base / "systemd" / "user" / unit,
        content="\n".join(lines).encode("utf-8", "surrogateescape"),
        begin=((*control, "daemon-reload"), (*control, "enable", "--now", unit)),
        end=((*control, "disable", "--now", unit),),
    )


def _systemd_word(word: str) -> str:
    r"""Return one word quoted as systemd.syntax(7) and systemd.service(5) say: ``\\``, ``\"``, ``%%``, C escapes."""
    return f'"{_systemd_line(word, quote=True)}"'


def _systemd_line(text: str, *, quote: bool = False) -> str:
    if quote:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("%", "%%")
    controls = {"\n": "\\n", "\t": "\\t", "\r": "\\r"} if quote else dict.fromkeys("\n\t\r", " ")
    # a description that ends in a backslash would go on in the next line
    text = "".join(controls.get(char, char) for char in text)
    return text if quote else text.replace("\\", "/")


def _launchd(name: str, words: Sequence[str], variables: Mapping[str, str], place: Place) -> Service:
    label = name.replace("-", ".watch.", 1)
    path = place.home / "Library" / "LaunchAgents" / f"{label}.plist"
    content = plistlib.dumps(
        {
            "Label": label,
            "ProgramArguments": list(words),
            "EnvironmentVariables": {"PYTHONUTF8": "1", **variables},
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": _PAUSE_SECONDS,
            "ProcessType": "Background",
            "StandardErrorPath": str(place.home / "Library" / "Logs" / f"{label}.log"),
        },
        sort_keys=False,
    )
    domain = f"gui/{place.user}"
    return Service(
        kind="launchd",
        name=label,
        path=path,
        content=content,
        begin=(("launchctl", "bootstrap", domain, str(path)),),
        end=(("launchctl", "bootout", f"{domain}/{label}"),),
    )


def _windows(name: str, root: PurePath, words: Sequence[str], variables: Mapping[str, str], place: Place) -> Service:
    base = type(place.home)(place.environment.get("LOCALAPPDATA") or place.home / "AppData" / "Local")
    path = base / "notevault" / f"{name}.xml"
    task = ET.Element("Task", {"version": "1.2", "xmlns": _TASK_SPACE})
    _add(task, "RegistrationInfo", {"Description": f"notevault watches {root}"})
    triggers = ET.SubElement(task, "Triggers")
    _add(triggers, "LogonTrigger", {"Enabled": "true", "UserId": place.user})
    principals = ET.SubElement(task, "Principals")
    principal = _add(
        principals, "Principal", {"UserId": place.user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}
    )
    principal.set("id", "Author")
    settings = {
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "StartWhenAvailable": "true",
        "ExecutionTimeLimit": "PT0S",
        "Priority": "7",
    }
    _add(_add(task, "Settings", settings), "RestartOnFailure", {"Interval": "PT1M", "Count": "999"})
    actions = ET.SubElement(task, "Actions", {"Context": "Author"})
    _add(actions, "Exec", {"Command": words[0], "Arguments": list2cmdline(words[1:])})
    ET.indent(task)
    text = '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, encoding="unicode") + "\n"
    task_name = f"notevault\\{name}"
    return Service(
        kind="windows",
        name=task_name,
        path=path,
        content=text.encode("utf-16", "surrogatepass"),
        begin=(
            ("schtasks", "/Create", "/TN", task_name, "/XML", str(path), "/F"),
            ("schtasks", "/Run", "/TN", task_name),
        ),
        end=(("schtasks", "/End", "/TN", task_name), ("schtasks", "/Delete", "/TN", task_name, "/F")),
        lost_variables=tuple(variables),
    )


def _add(parent: ET.Element, name: str, texts: Mapping[str, str]) -> ET.Element:
    element = ET.SubElement(parent, name)
    for key, value in texts.items():
        ET.SubElement(element, key).text = value
    return element
