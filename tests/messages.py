"""Bring the Japanese catalogue in step with the sentences in the code, and compile it (``make messages``)."""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from notevault.check.registry import RULES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notevault" / "locale" / "ja" / "LC_MESSAGES"
KEYWORDS = {"_": 1, "marked": 1, "ngettext": 2}
"""Functions that are given sentences, and how many."""
CLICK_SENTENCES: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "Show the version and exit.",
    "[OPTIONS]",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "No such option: {name}",
    "No such command {name!r}.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Missing command.",
    "No such option {name!r}.",
    "Option {name!r} does not take a value.",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "Could not open file {filename!r}: {message}",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    "default: {default}",
    "required",
)
"""What click itself prints; it asks gettext for these."""


def extract_messages() -> Catalog:
    """Return every sentence in the code."""
    catalogue = Catalog(project="notevault", charset="utf-8", fuzzy=False)
    for path in sorted((ROOT / "notevault").rglob("*.py")):
        for line, sentence in iter_sentences(path.read_text(encoding="utf-8")):
            catalogue.add(sentence, None, [(path.relative_to(ROOT).as_posix(), line)])
    for rule in RULES:
        for sentence in rule.sentences:
            catalogue.add(sentence, None, [(f"rule {rule.id}", 1)])
    for said in CLICK_SENTENCES:
        catalogue.add(said, None, [("click", 1)])
    return catalogue


def iter_sentences(source: str) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """Yield each sentence, or both forms of one, with its line; those within f-strings too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            given = [each.value for each in node.args[: KEYWORDS[node.func.id]] if isinstance(each, ast.Constant)]
            texts = [text for text in given if isinstance(text, str) and text]
            if len(texts) == KEYWORDS[node.func.id]:
                yield node.lineno, texts[0] if len(texts) == 1 else (texts[0], texts[1])


def read_catalogue() -> Catalog:
    """Return the Japanese catalogue as it stands."""
    path = FOLDER / "notevault.po"
    if not path.exists():
        return Catalog(locale="ja", project="notevault", charset="utf-8", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale="ja")


def compile_catalogue(catalogue: Catalog) -> bytes:
    """Return what the .mo file must hold."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Update, compile, and say what is still to be translated."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    catalogue = read_catalogue()
    catalogue.update(extract_messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalogue, omit_header=False, no_location=True, sort_output=True, ignore_obsolete=True, width=120)
    lines = [
        line for line in out.getvalue().decode().splitlines() if "-Date" not in line and "Generated-By" not in line
    ]
    (FOLDER / "notevault.po").write_text("\n".join(lines).strip() + "\n", encoding="utf-8", newline="\n")
    (FOLDER / "notevault.mo").write_bytes(compile_catalogue(read_catalogue()))
    missing = [message.id for message in read_catalogue() if message.id and not _is_translated(message.string)]
    sys.stdout.write(f"{len(catalogue)} sentences, {len(missing)} without a translation\n")
    for sentence in missing[:20]:
        sys.stdout.write(f"  {sentence!r}\n")


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    main()
