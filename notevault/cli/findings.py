"""Diagnostics for people, editors and machines: text, JSON, GitHub annotations, SARIF 2.1.0."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import click

from notevault import __version__
from notevault.check.registry import RULES
from notevault.cli.base import say
from notevault.cli.output import print_json
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Diagnostic, NotePath, Severity
from notevault.text import printable_path

FIXABLE: Final = frozenset(rule.id for rule in RULES if rule.is_fixable)
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_GITHUB: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_AT_ONCE: Final = 100
"""Lines written in one go: each call of click costs more than the line."""
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def print_findings(found: Sequence[Diagnostic], root: Path, output: str, *, offer_fix: bool) -> None:
    """Print diagnostics as text, JSON, GitHub annotations or SARIF."""
    match output:
        case "json":
            print_json([diagnostic_row(diagnostic) for diagnostic in found])
        case "github":
            for diagnostic in found:
                click.echo(render_github(diagnostic, root))
        case "sarif":
            click.echo(json.dumps(make_sarif(found, root), ensure_ascii=False, indent=2))
        case _:
            _print_text(found, offer_fix=offer_fix)


def diagnostic_row(diagnostic: Diagnostic) -> dict[str, object]:
    """Return a diagnostic under its documented names."""
    return {
        "path": printable_path(diagnostic.path),
        "line": diagnostic.line,
        "column": diagnostic.column,
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint or None,
    }


def render_github(diagnostic: Diagnostic, root: Path) -> str:
    """Return a workflow command of GitHub Actions; the path is relative to the current folder, as GitHub wants it."""
    path = printable_path(_from_here(diagnostic.path, root))
    properties = {"file": path, "line": diagnostic.line, "col": diagnostic.column, "title": diagnostic.rule}
    shown = ",".join(f"{key}={_escaped(str(value), more=':,')}" for key, value in properties.items())
    return f"::{_GITHUB[diagnostic.severity]} {shown}::{_escaped(_with_hint(diagnostic))}"


def make_sarif(found: Iterable[Diagnostic], root: Path) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log; places are below ``VAULT``, columns count code points."""
    index = {rule.id: at for at, rule in enumerate(RULES)}
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.explain()[0]},
            "fullDescription": {"text": "\n\n".join(rule.explain())},
            "defaultConfiguration": {"level": _SARIF[rule.severity]},
        }
        for rule in RULES
    ]
    results = [
        {
            "ruleId": diagnostic.rule,
            "ruleIndex": index[diagnostic.rule],
            "level": _SARIF[diagnostic.severity],
            "message": {"text": _with_hint(diagnostic)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(printable_path(diagnostic.path)), "uriBaseId": "VAULT"},
                        "region": {"startLine": diagnostic.line, "startColumn": diagnostic.column},
                    }
                }
            ],
        }
        for diagnostic in found
    ]
    run = {
        "tool": {"driver": {"name": "notevault", "semanticVersion": __version__, "rules": rules}},
        "originalUriBaseIds": {"VAULT": {"uri": root.absolute().as_uri().rstrip("/") + "/"}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def say_counts(found: Iterable[Diagnostic]) -> None:
    """Say how many errors, warnings and remarks there are."""
    counts = Counter(diagnostic.severity for diagnostic in found)
    errors, warnings, infos = (counts[severity] for severity in Severity)
    if not counts:
        say(_("Nothing to complain about."), mood="green")
        return
    parts = [
        ngettext("{count} error", "{count} errors", errors).format(count=errors),
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
    ]
    if infos:
        parts.append(ngettext("{count} remark", "{count} remarks", infos).format(count=infos))
    say(", ".join(parts))


def _print_text(found: Sequence[Diagnostic], *, offer_fix: bool) -> None:
    for at in range(0, len(found), _AT_ONCE):
        click.echo("\n".join(map(_line, found[at : at + _AT_ONCE])))
    say_counts(found)
    if offer_fix and any(diagnostic.rule in FIXABLE for diagnostic in found):
        say(_("'notevault check --diff' shows what can be put right without a question, --fix does it."))


def _line(diagnostic: Diagnostic) -> str:
    place = f"{printable_path(diagnostic.path)}:{diagnostic.line}:{diagnostic.column}"
    rule = click.style(f"[{diagnostic.rule}]", fg=_COLOURS[diagnostic.severity])
    return f"{place}: {rule} {_with_hint(diagnostic)}"


def _with_hint(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message} ({diagnostic.hint})" if diagnostic.hint else diagnostic.message


def _from_here(path: NotePath, root: Path) -> str:
    full = root / path
    try:
        return os.path.relpath(full).replace(os.sep, "/")
    except ValueError:  # another drive
        return full.as_posix()


def _escaped(text: str, *, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
