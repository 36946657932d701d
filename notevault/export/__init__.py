"""The way out: everything a vault knows as relational tables for a CRM."""

from notevault.export.folder import ExportFolderError
from notevault.export.order import ExportOrder, ExportReport
from notevault.export.package import export_tables, run_export
from notevault.export.tables import TABLES

__all__ = ["TABLES", "ExportFolderError", "ExportOrder", "ExportReport", "export_tables", "run_export"]
