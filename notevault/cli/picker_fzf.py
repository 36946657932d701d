"""Picking with fzf: it draws, this process answers.

fzf runs a command at every key. A cold start would take a quarter of a second, so the command is a client of a few
lines (:mod:`.picker_client`) that asks this process through a socket of the loopback interface, with a secret.
"""

import os
import secrets
import shlex
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from notevault.cli import picker_client
from notevault.cli.hits import headline
from notevault.cli.output import plain
from notevault.cli.picking import Finder, Found
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.search import Hit

_WAIT: Final = 0.1
"""Seconds between two looks whether fzf has ended."""
_LONGEST_REQUEST: Final = 100_000
_PICKED: Final = 0
_REFUSED: Final = 2


class FzfRefusedError(NotevaultError):
    """An fzf too old for its options."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("fzf does not run: {reason}").format(reason=reason),
            _("fzf 0.25 or later is needed, or notevault[picker]"),
        )


class _Answers:
    """What is printed for each request."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.found = Found(hits=(), message="")
        self.hits: dict[str, Hit] = {}

    def find(self, text: str) -> str:
        self.found = self.finder.find(text)
        self.hits |= {str(hit.note_id): hit for hit in self.found.hits}
        lines = [f"0\t{click.style(plain(self.found.message), dim=True)}"]
        lines += [f"{hit.note_id}\t{headline(hit, self.finder.question.settings)}" for hit in self.found.hits]
        return "\n".join(lines) + "\n"

    def preview(self, note: str) -> str:
        hit = self.hits.get(note)
        if hit is None:
            return ""
        lines = [click.style(plain(str(hit.path)), fg="blue")]
        for line in self.finder.preview(hit, self.found.needles):
            pieces, at = [], 0
            for span in line.marks:
                pieces.append(plain(line.text[at : span.start]))
                pieces.append(click.style(plain(line.text[span.start : span.end]), fg="yellow", bold=True))
                at = span.end
            number = click.style(f"{line.number:4} ", fg="green" if line.is_hit else None, dim=not line.is_hit)
            lines.append("".join([number, *pieces, plain(line.text[at:])]))
        return "\n".join(lines) + "\n"


def pick_with_fzf(fzf: str, finder: Finder, text: str) -> Hit | None:
    """Return the hit that was picked, None where the person left. Raises FzfRefusedError."""
    answers = _Answers(finder)
    secret = secrets.token_hex(16)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(_WAIT)
        port = server.getsockname()[1]
        environment = os.environ | {"NOTEVAULT_PICKER_AT": f"{port}:{secret}"}
        for name in ("FZF_DEFAULT_OPTS", "FZF_DEFAULT_OPTS_FILE"):  # bindings there would take the place of ours
            environment.pop(name, None)
        process = subprocess.Popen(  # noqa: S603 -- the user's own fzf, no shell
            _command(fzf, text),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,
            env=environment,
            encoding="utf-8",
            errors="replace",
        )
        with process:
            _begin(process, answers.find(text))
            while process.poll() is None:
                _serve(server, secret, answers)
            chosen = process.stdout.read() if process.stdout else ""
    if process.returncode == _REFUSED:
        raise FzfRefusedError(f"{fzf}, 2")
    return answers.hits.get(chosen.partition("\t")[0]) if process.returncode == _PICKED else None


def _begin(process: "subprocess.Popen[str]", lines: str) -> None:
    if process.stdin is None:
        return
    try:
        process.stdin.write(lines)
        process.stdin.close()
    except BrokenPipeError:
        return  # its exit code tells


def _command(fzf: str, text: str) -> list[str]:
    client = _quoted([sys.executable, "-I", "-S", str(Path(picker_client.__file__))])
    return [
        fzf,
        "--ansi",
        "--disabled",
        "--no-multi",
        "--delimiter=\t",
        "--with-nth=2..",
        "--header-lines=1",
        "--layout=reverse",
        "--prompt=> ",
        f"--query={text}",
        f"--bind=change:reload:{client} find {{q}}",
        f"--preview={client} preview {{1}}",
        "--preview-window=right:50%:wrap",
    ]


def _quoted(words: list[str]) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _serve(server: socket.socket, secret: str, answers: _Answers) -> None:
    """Answer one request, or return after a moment without any."""
    try:
        connection, _address = server.accept()
    except TimeoutError:
        return
    with connection:
        connection.settimeout(1.0)
        try:
            request = _receive(connection).split("\0")
            if len(request) == 4 and secrets.compare_digest(request[0], secret):  # noqa: PLR2004 -- as the client sends
                answer = answers.find(request[2]) if request[1] == "find" else answers.preview(request[2])
                connection.sendall(answer.encode("utf-8", "replace"))
        except OSError:
            return  # fzf has ended this client: another key was pressed


def _receive(connection: socket.socket) -> str:
    received = bytearray()
    while len(received) < _LONGEST_REQUEST and (data := connection.recv(65_536)):
        received += data
    return received.decode("utf-8", "replace")
