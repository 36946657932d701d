"""The editor server: what ``check``, the templates and the catalogue know, at the cursor.

``server`` and ``protocol`` speak the Language Server Protocol; everything else answers in the values of
:mod:`notevault.model` and needs no optional part.
"""
