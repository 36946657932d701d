"""``notevault survey``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.output import Column, print_json, render_table, terminal_width
from notevault.messages import gettext as _
from notevault.refine.corpus import make_scope
from notevault.refine.survey import Survey, make_survey
from notevault.refine.survey_html import render_survey_html, say_counts, say_part, summary_lines
from notevault.report.rows import Row, make_row
from notevault.workspace import Workspace

_SHOWN = 30


@command(
    "survey",
    help=marked(
        "Show what the notes really hold: keys, headings, values and ways to write ToDos, how often, since when, by"
        " whom, and which names are alike. The ground for 'notevault refine'."
    ),
)
@option("--type", "type_name", metavar="TYPE", help=marked("Only notes of this type."))
@option("--folder", default="", metavar="FOLDER", help=marked("Only notes in this folder of the vault."))
@option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help=marked("Write a page with plots."))
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@option("--all", "everything", is_flag=True, help=marked("Show every row, not only the first of each table."))
@no_sync_option
@pass_app
def survey_command(
    app: App, *, type_name: str | None, folder: str, page: Path | None, as_json: bool, everything: bool, no_sync: bool
) -> None:
    """Survey and print."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        survey = _survey(workspace, type_name, folder)
        title = _("Survey of {vault}").format(vault=workspace.root.resolve().name)
    if page is not None:
        page.write_text(render_survey_html(survey, title), encoding="utf-8", newline="\n")
        say(_("written: {path}").format(path=page))
    if as_json:
        print_json(make_row(survey))
    elif page is None:
        _print(survey, None if everything else _SHOWN)


def _survey(workspace: Workspace, type_name: str | None, folder: str) -> Survey:
    catalog, settings, templates = workspace.catalog, workspace.settings, workspace.templates
    scope = make_scope(catalog, settings, templates, type_name, folder=folder)
    return make_survey(catalog, settings, templates, scope, today=workspace.today)


def _print(survey: Survey, most: int | None) -> None:
    for line in summary_lines(survey):
        click.echo(line)
    for title, rows, columns in (
        (_("Keys"), [make_row(one) for one in survey.keys], _key_columns(survey)),
        (_("Alike names"), _alike_rows(survey), _alike_columns()),
        (_("Headings"), [make_row(one) for one in survey.headings], _heading_columns()),
        (_("ToDos"), [make_row(one) for one in survey.todos], _todo_columns()),
        (_("Fields that stay empty"), _empty_fields(survey), _field_columns()),
        (_("Sections that people add"), [make_row(one) for one in survey.own_sections], _section_columns()),
        (_("Keys used once"), [make_row(one) for one in survey.used_once], _once_columns()),
    ):
        if rows:
            click.echo("\n" + click.style(title, bold=True))
            click.echo(render_table(rows[:most], columns, terminal_width()), nl=False)
            if most is not None and len(rows) > most:
                click.echo(_("… and {count} more (--all)").format(count=len(rows) - most))


def _key_columns(survey: Survey) -> list[Column]:
    owners = {one.key: say_counts(one.owners) for one in survey.keys}
    values = {one.key: say_counts(one.examples) for one in survey.keys}
    return [
        Column(heading=_("key"), value=lambda row: row["key"]),
        Column(heading=_("read as"), value=lambda row: row["means"] or ""),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
        Column(heading="%", value=lambda row: f"{row['share']:.0%}", right=True),
        Column(heading=_("filled"), value=lambda row: str(row["filled"]), right=True),
        Column(heading=_("type"), value=lambda row: row["kind"]),
        Column(heading=_("since"), value=lambda row: row["first"] or ""),
        Column(heading=_("until"), value=lambda row: row["last"] or ""),
        Column(heading=_("by"), value=lambda row: owners[row["key"]], flexible=True),
        Column(heading=_("values"), value=lambda row: values[row["key"]], flexible=True),
    ]


def _alike_rows(survey: Survey) -> list[Row]:
    return [
        {"sort": cluster.sort, "name": cluster.name, "of": cluster.members[0].notes, **make_row(member)}
        | {"other": member.name, "name": cluster.name}
        for cluster in survey.clusters
        for member in cluster.members[1:]
    ]


def _alike_columns() -> list[Column]:
    return [
        Column(heading=_("sort"), value=lambda row: _("key") if row["sort"] == "key" else _("heading")),
        Column(heading=_("name"), value=lambda row: f"{row['name']} ({row['of']})"),
        Column(heading=_("may be the same"), value=lambda row: f"{row['other']} ({row['notes']})"),
        Column(heading=_("because"), value=lambda row: row["why"]),
        Column(heading=_("examples"), value=lambda row: ", ".join(row["examples"]), flexible=True),
    ]


def _heading_columns() -> list[Column]:
    return [
        Column(heading=_("heading"), value=lambda row: row["heading"], flexible=True),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
        Column(heading="%", value=lambda row: f"{row['share']:.0%}", right=True),
        Column(heading=_("filled"), value=lambda row: str(row["filled"]), right=True),
        Column(heading=_("since"), value=lambda row: row["first"] or ""),
        Column(heading=_("until"), value=lambda row: row["last"] or ""),
        Column(
            heading=_("by"), value=lambda row: ", ".join(f"{one['name']} ({one['count']})" for one in row["owners"])
        ),
    ]


def _todo_columns() -> list[Column]:
    from notevault.refine.todo_spellings import TodoPart  # noqa: PLC0415 -- start-up time

    return [
        Column(heading=_("says"), value=lambda row: say_part(TodoPart(row["part"]))),
        Column(heading=_("spelling"), value=lambda row: row["spelling"]),
        Column(heading=_("times"), value=lambda row: str(row["count"]), right=True),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
        Column(heading=_("example"), value=lambda row: row["example"], flexible=True),
    ]


def _empty_fields(survey: Survey) -> list[Row]:
    return [make_row(one) for one in survey.fields if not one.filled]


def _field_columns() -> list[Column]:
    return [
        Column(heading=_("template"), value=lambda row: row["template"]),
        Column(heading=_("field"), value=lambda row: row["field"]),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
    ]


def _section_columns() -> list[Column]:
    return [
        Column(heading=_("template"), value=lambda row: row["template"]),
        Column(heading=_("heading"), value=lambda row: row["heading"], flexible=True),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
    ]


def _once_columns() -> list[Column]:
    return [
        Column(heading=_("key"), value=lambda row: row["key"]),
        Column(heading=_("value"), value=lambda row: row["value"], flexible=True),
        Column(heading=_("note"), value=lambda row: row["path"], flexible=True),
    ]
