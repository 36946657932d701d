"""Every column of a profile in words: from where, to where, how recoded, which limit."""

from collections.abc import Iterator

from notevault.export.files import files_of
from notevault.export.mapping import Mapper, OutColumn
from notevault.export.profile import FileSpec, Profile

FIELDS = ("file", "object", "operation", "column", "from", "recoded", "required", "max", "type", "choices", "personal")


def iter_explained(profile: Profile, mapper: Mapper) -> Iterator[dict[str, object]]:
    """Yield a row for each column, in load order."""
    for name, file in files_of(profile).items():
        for column in mapper.columns(name, file):
            yield explain_column(name, file, column)


def explain_column(name: str, file: FileSpec, column: OutColumn) -> dict[str, object]:
    """Return what happens to one column."""
    spec = column.spec
    return {
        "file": name,
        "object": file.object or name,
        "operation": file.operation,
        "column": column.header,
        "from": _source(file, column),
        "recoded": _recoding(column),
        "required": spec.required,
        "max": spec.max or None,
        "type": spec.type or column.kind.value,
        "choices": list(column.choices),
        "personal": column.personal,
    }


def _source(file: FileSpec, column: OutColumn) -> str:
    spec = column.spec
    table = file.lines if spec.line else file.from_
    if spec.value:
        return f"'{spec.value}'"
    if spec.join:
        return f"{spec.between!r}.join({', '.join(f'{table}.{name}' for name in spec.join)})"
    if spec.first:
        return " | ".join(f"{table}.{name}" for name in spec.first)
    return f"{table}.{spec.from_}" if spec.from_ else ""


def _recoding(column: OutColumn) -> str:
    spec = column.spec
    words = column.translation.words if column.translation else spec.recode
    parts = [
        ", ".join(f"{ours} → {theirs}" for ours, theirs in words.items()),
        *(f"{name} = {'|'.join(value or '∅' for value in values)} only" for name, values in spec.when.items()),
        f"× {spec.scale:g}" if spec.scale != 1.0 else "",
        f"Markdown → {spec.render}" if spec.render else "",
        f"'{spec.prefix}' before" if spec.prefix else "",
        f"else '{spec.default}'" if spec.default else "",
        f"time {spec.at} where none is known" if spec.at else "",
        f"over {spec.max}: {spec.overflow}" if spec.max and spec.overflow != "error" else "",
        "(i/n)" if spec.part else "",
    ]
    return "; ".join(filter(None, parts))
