"""A real CRM takes an export: see ``run_tryton.py``."""
