"""``notevault export``."""

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, progress_bar, say
from notevault.cli.export_report import print_explained, print_findings, print_report, report_row
from notevault.cli.output import print_json
from notevault.errors import NotevaultError
from notevault.export import ExportOrder, run_export
from notevault.export.explain import iter_explained
from notevault.export.ids import learn_ids
from notevault.export.ledger import Ledger
from notevault.export.mapping import Mapper
from notevault.export.order import LAST
from notevault.export.package import GENERIC
from notevault.export.picklists import load_picklists
from notevault.export.preflight_html import render_page
from notevault.export.profile import Profile, load_profile
from notevault.export.source import Source
from notevault.export.store import RowStore
from notevault.export.tables import TABLES
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.workspace import Workspace

_FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    "export",
    help=marked(
        "Write everything as CSV for a CRM, with stable ids: neutral tables, or the files that --profile names. What"
        " the CRM would refuse, cut or misread is listed first (preflight); exit code 1 where errors are among it. An"
        " earlier export in the same folder is replaced."
    ),
)
@option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=marked("Folder to write: a new or empty one, or one that holds an earlier export."),
)
@option(
    "--profile",
    "-p",
    default=GENERIC,
    metavar="NAME",
    help=marked(
        "generic, generic-rendered, salesforce, salesforce-bulk, hubspot, kintone, dynamics, zoho, pipedrive, odoo,"
        " espocrm, tryton, or a file of the vault's folder export (default: generic)."
    ),
)
@option("--check-only", is_flag=True, help=marked("Print what the CRM would refuse, cut or misread; write nothing."))
@option("--explain", is_flag=True, help=marked("Print every column: from where, to where, how recoded, which limit."))
@option("--html", type=_FILE, metavar="FILE", help=marked("Write the preflight as a page too."))
@option("--since", metavar="LAST|DAY", default="", help=marked("Only what changed since the last export, or that day."))
@option(
    "--sample",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help=marked("N rows of each table, and what they refer to."),
)
@option(
    "--picklist",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help=marked("Values that the CRM allows: CSV of file, column, value."),
)
@option(
    "--ids", type=_FILE, multiple=True, metavar="FILE", help=marked("Read the CRM's success file and keep its ids.")
)
@option("--again", is_flag=True, help=marked("Also what must be loaded only once and was exported before."))
@option(
    "--ledger",
    type=_FILE,
    metavar="FILE",
    help=marked("Where it is remembered what was exported (default: the settings')."),
)
@option("--redact", is_flag=True, help=marked("Leave columns with personal data out."))
@option("--safe-for-excel", is_flag=True, help=marked("Write a marked copy that no spreadsheet can be made to run."))
@option("--xlsx", is_flag=True, help=marked("Write a workbook for looking at, too."))
@option("--encoding", default="", metavar="NAME", help=marked("Another encoding than the profile's: utf-8, cp932."))
@option("--bom", is_flag=True, help=marked("Begin files with a byte order mark."))
@option("--force", is_flag=True, help=marked("Write into DIR although it holds other files; those stay."))
@option("--json", "as_json", is_flag=True, help=marked("Print the report as JSON."))
@no_sync_option
@pass_app
def export_command(
    app: App,
    /,
    *,
    profile: str,
    encoding: str,
    bom: bool,
    explain: bool,
    ids: Sequence[Path],
    no_sync: bool,
    as_json: bool,
    **options: object,
) -> int:
    """Export and report; 1 where the CRM would refuse or cut something."""
    with app.fresh_workspace(sync=not no_sync and not explain) as workspace:
        chosen = _with_dialect(load_profile(profile, workspace.root), encoding, bom=bom)
        if explain:
            print_explained(_explained(workspace, chosen), as_json=as_json)
            return 0
        order = _order(workspace, chosen, **options)  # type: ignore[arg-type]
        if order.out is None and not (ids or options["check_only"]):
            raise click.UsageError(_("say where to write: --out DIR, or --check-only"))
        if ids:
            _learn(workspace, chosen, order.ledger, ids)
            if order.out is None and not options["check_only"]:
                return 0
        return _export(workspace, order, html=options["html"], as_json=as_json)  # type: ignore[arg-type]


def _export(workspace: Workspace, order: ExportOrder, *, html: Path | None, as_json: bool) -> int:
    label = _("Checking rows") if order.out is None else _("Writing tables")
    with (
        progress_bar(label) as progress,
        run_export(workspace.catalog, workspace.settings, workspace.root, order, progress) as (report, export),
    ):
        if html:
            title = _("Preflight: {profile}").format(profile=order.profile.title or order.profile.name)
            _write_page(html, "".join(render_page(export.findings, title, workspace.language)))
        if as_json and order.out is None:
            click.echo("".join(export.findings.render_json(export.preflight_head())), nl=False)
        elif as_json:
            print_json(report_row(report))
        else:
            if order.out is None:
                print_findings(export.findings)
            print_report(report)
    return 1 if report.findings["error"] else 0


def _order(
    workspace: Workspace,
    profile: Profile,
    *,
    out: Path | None,
    check_only: bool,
    since: str,
    picklist: Sequence[Path],
    ledger: Path | None,
    xlsx: bool,
    html: Path | None,  # noqa: ARG001 -- a page is written beside the order
    **options: bool,
) -> ExportOrder:
    return ExportOrder(
        profile=profile,
        out=None if check_only else out,
        today=workspace.today,
        since=_read_since(since, workspace.today),
        workbook=xlsx,
        ledger=ledger or _ledger_path(workspace, profile, wanted=since.upper() == LAST),
        picklists=load_picklists(picklist),
        **options,
    )


def _ledger_path(workspace: Workspace, profile: Profile, *, wanted: bool) -> Path | None:
    if not (profile.ledger or wanted):
        return None
    return workspace.root / workspace.settings.export.ledger.replace("{profile}", profile.name)


def _read_since(since: str, today: date) -> str:
    if not since or since.upper() == LAST:
        return since.upper()
    from notevault.dates import parse_date  # noqa: PLC0415 -- start-up time

    day = parse_date(since, today, prefer="past")
    if day is None:
        raise NotevaultError(_("'{text}' is no day").format(text=since), _("write --since LAST or --since 2026-11-01"))
    return day.isoformat()


def _with_dialect(profile: Profile, encoding: str, *, bom: bool) -> Profile:
    if not encoding and not bom:
        return profile
    form = dataclasses.replace(profile.format, encoding=encoding or profile.format.encoding, bom=bom)
    try:
        "".encode(form.encoding)
    except LookupError as error:
        raise NotevaultError(_("no encoding is called '{name}'").format(name=encoding)) from error
    return dataclasses.replace(profile, format=form)


def _explained(workspace: Workspace, profile: Profile) -> list[dict[str, object]]:
    with RowStore.opened() as store:
        mapper = Mapper(
            profile=profile,
            settings=workspace.settings,
            tables={table.name: table for table in TABLES},
            store=store,
            source=Source.of(workspace.catalog, workspace.settings),
            ledger=Ledger(),
        )
        return list(iter_explained(profile, mapper))


def _learn(workspace: Workspace, profile: Profile, path: Path | None, ids: Sequence[Path]) -> None:
    ledger = Ledger.load(path or _ledger_path(workspace, profile, wanted=True) or Path())
    for file in ids:
        learned = learn_ids(profile, ledger, file)
        say(
            ngettext(
                "{file}: {count} id of the CRM is kept", "{file}: {count} ids of the CRM are kept", learned
            ).format(file=file, count=learned)
        )
    ledger.save()


def _write_page(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NotevaultError(f"{path}: {error.strerror}") from error
