"""The preflight as one page for people: no script, nothing fetched, every value escaped."""

from collections.abc import Iterator
from html import escape
from typing import Final

from notevault.export.findings import Findings
from notevault.messages import gettext as _

_STYLE: Final = (
    "body{font:14px/1.5 sans-serif;margin:2em;color:#222}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top}"
    ".error{background:#fdd}.warning{background:#ffd}"
)


def render_page(findings: Findings, title: str, language: str) -> Iterator[str]:
    """Yield the page in pieces."""
    counts = findings.counts()
    yield f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
    yield f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n<p>"
    yield escape(
        _("{error} errors, {warning} warnings, {info} remarks").format(
            error=counts["error"], warning=counts["warning"], info=counts["info"]
        )
    )
    headings = (_("severity"), _("rule"), _("file"), _("column"), _("where"), _("what"), _("value"), _("rows"))
    yield (
        "</p>\n<table><thead><tr>" + "".join(f"<th>{escape(text)}</th>" for text in headings) + "</tr></thead><tbody>\n"
    )
    for finding in findings.iter_all():
        where = f"{finding.path}:{finding.line}" if finding.path else finding.id
        cells = (
            finding.severity.value,
            finding.rule,
            finding.file,
            finding.column,
            where,
            finding.message,
            finding.value,
        )
        row = "".join(f"<td>{escape(cell)}</td>" for cell in (*cells, str(finding.count)))
        yield f'<tr class="{finding.severity.value}">{row}</tr>\n'
    yield "</tbody></table></body></html>\n"
