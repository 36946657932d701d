"""Facts → frozen report values: one module a report.

A report takes the catalogue, the settings and today, prints nothing, and gives values whose fields are the documented
JSON contract. :mod:`notevault.report.choosing` finds what the words of an option mean.
"""
