"""The way out: everything a vault knows as relational tables for a CRM."""

from notevault.export.folder import ExportFolderError
from notevault.export.package import ExportReport, export_tables
from notevault.export.tables import TABLES

__all__ = ["TABLES", "ExportFolderError", "ExportReport", "export_tables"]
