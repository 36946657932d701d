"""notevault: sales meeting minutes as plain Markdown, indexed, followed up, ready for a CRM."""

__version__ = "0.1.0"
