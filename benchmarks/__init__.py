"""Seeded vaults, measurements against the budgets, and their results; no part of the installed package."""
