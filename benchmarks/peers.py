"""What a user would pick instead: ripgrep, SQLite FTS5, a bare Tantivy, Recoll; each made usable for Japanese.

``python -m benchmarks.peers ENGINE build|update|search VAULT INDEX [WORD ...]`` is one run of an engine as a process.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import UnavailableError

HITS: Final = 20
_TRIGRAM: Final = 3
_CHANGED_FILE: Final = "changed.txt"
"""In the folder of an index: the notes that an update reads anew, one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another way to search the same files."""

    name: str
    build: Callable[[Path, Path], None] | None
    """Index a vault into an empty folder; None for what needs no index."""
    update: Callable[[Path, Path, Sequence[Path]], None] | None
    """Index notes that changed."""
    search: Callable[[Path, Path, Sequence[str]], int]
    """Return how many of the best hits, or of all notes, hold any of the words."""
    find_trouble: Callable[[], str | None] = lambda: None
    """Say why it cannot be used here."""


def read_notes(vault: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of every note."""
    for path in sorted(vault.rglob("*.md")):
        yield str(path), path.read_text(encoding="utf-8")


# --- SQLite FTS5 -------------------------------------------------------------------------------


def _build_fts5(vault: Path, index: Path) -> None:
    with sqlite3.connect(index / "fts.sqlite") as connection:
        connection.execute("CREATE VIRTUAL TABLE notes USING fts5(path UNINDEXED, text, tokenize='trigram')")
        connection.executemany("INSERT INTO notes VALUES (?, ?)", read_notes(vault))


def _update_fts5(_vault: Path, index: Path, changed: Sequence[Path]) -> None:
    with sqlite3.connect(index / "fts.sqlite") as connection:
        for path in changed:
            connection.execute("DELETE FROM notes WHERE path = ?", (str(path),))
            connection.execute("INSERT INTO notes VALUES (?, ?)", (str(path), path.read_text(encoding="utf-8")))


def search_fts5(connection: sqlite3.Connection, words: Sequence[str]) -> int:
    """Ask by MATCH where every word is long enough for a trigram, else by LIKE."""
    if all(len(word) >= _TRIGRAM for word in words):
        asked = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        sql, values = "SELECT path FROM notes WHERE notes MATCH ? ORDER BY rank LIMIT ?", [asked]
    else:
        sql = f"SELECT path FROM notes WHERE {' OR '.join('text LIKE ?' for _word in words)} LIMIT ?"
        values = [f"%{word}%" for word in words]
    return len(connection.execute(sql, [*values, HITS]).fetchall())


def _search_fts5(_vault: Path, index: Path, words: Sequence[str]) -> int:
    with sqlite3.connect(index / "fts.sqlite") as connection:
        return search_fts5(connection, words)


# --- a bare Tantivy ----------------------------------------------------------------------------


def open_tantivy(index: Path) -> Any:  # noqa: ANN401 -- an extra without types
    """Open an index of letter pairs, which is how Tantivy alone reads Japanese."""
    import tantivy  # noqa: PLC0415 -- an extra

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("path", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", stored=False, tokenizer_name="pairs")
    opened = tantivy.Index(builder.build(), path=str(index))
    pairs = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(1, 2)).filter(tantivy.Filter.lowercase()).build()
    opened.register_tokenizer("pairs", pairs)
    return opened


def _write_tantivy(index: Path, notes: Iterator[tuple[str, str]], *, replace: bool) -> None:
    import tantivy  # noqa: PLC0415 -- an extra

    writer = open_tantivy(index).writer()
    for path, text in notes:
        if replace:
            writer.delete_documents("path", path)
        writer.add_document(tantivy.Document(path=[path], text=[text]))
    writer.commit()
    writer.wait_merging_threads()


def _build_tantivy(vault: Path, index: Path) -> None:
    _write_tantivy(index, read_notes(vault), replace=False)


def _update_tantivy(_vault: Path, index: Path, changed: Sequence[Path]) -> None:
    _write_tantivy(index, ((str(path), path.read_text(encoding="utf-8")) for path in changed), replace=True)


def search_tantivy(opened: Any, words: Sequence[str]) -> int:  # noqa: ANN401
    """Ask for notes that hold any of the words as phrases of letter pairs."""
    import tantivy  # noqa: PLC0415 -- an extra

    queries = []
    for word in words:
        pairs = [word[at : at + 2].lower() for at in range(max(len(word) - 1, 1))]
        terms = [tantivy.Query.term_query(opened.schema, "text", pair) for pair in pairs]
        queries.append((tantivy.Occur.Should, tantivy.Query.boolean_query([(tantivy.Occur.Must, t) for t in terms])))
    return len(opened.searcher().search(tantivy.Query.boolean_query(queries), HITS).hits)


def _search_tantivy(_vault: Path, index: Path, words: Sequence[str]) -> int:
    return search_tantivy(open_tantivy(index), words)


def _tantivy_trouble() -> str | None:
    try:
        import tantivy  # noqa: F401, PLC0415 -- an extra
    except ImportError:
        return "the extra tantivy is not installed"
    return None


# --- programs ----------------------------------------------------------------------------------


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)


def _search_ripgrep(vault: Path, _index: Path, words: Sequence[str]) -> int:
    patterns = [part for word in words for part in ("-e", word)]
    return len(_run("rg", "-l", "-F", "-i", *patterns, str(vault)).stdout.splitlines())


def _build_recoll(vault: Path, index: Path) -> None:
    settings = index / "recoll.conf"
    if not settings.exists():
        settings.write_text(f"topdirs = {vault}\nindexallfilenames = 0\nidxflushmb = 100\n", encoding="utf-8")
    done = _run("recollindex", "-c", str(index))
    if done.returncode:
        raise UnavailableError(f"recollindex: {done.stderr.strip()[-200:]}")


def _update_recoll(vault: Path, index: Path, _changed: Sequence[Path]) -> None:
    _build_recoll(vault, index)


def _search_recoll(_vault: Path, index: Path, words: Sequence[str]) -> int:
    done = _run("recollq", "-c", str(index), "-n", str(HITS), "-o", " ".join(words))
    return len(done.stdout.splitlines())


def _missing(program: str) -> Callable[[], str | None]:
    return lambda: None if shutil.which(program) else f"{program} is not installed"


PEERS: Final = (
    Peer(name="ripgrep", build=None, update=None, search=_search_ripgrep, find_trouble=_missing("rg")),
    Peer(name="FTS5 trigram", build=_build_fts5, update=_update_fts5, search=_search_fts5),
    Peer(
        name="bare Tantivy",
        build=_build_tantivy,
        update=_update_tantivy,
        search=_search_tantivy,
        find_trouble=_tantivy_trouble,
    ),
    Peer(
        name="Recoll",
        build=_build_recoll,
        update=_update_recoll,
        search=_search_recoll,
        find_trouble=_missing("recollindex"),
    ),
)


def command(peer: Peer, work: str, vault: Path, index: Path, words: Sequence[str] = ()) -> list[str]:
    """Return the command line of one run of a peer; a program is called as itself where it searches."""
    if work == "search" and peer.name == "ripgrep":
        return ["rg", "-l", "-F", "-i", *(part for word in words for part in ("-e", word)), str(vault)]
    if work == "search" and peer.name == "Recoll":
        return ["recollq", "-c", str(index), "-n", str(HITS), "-o", " ".join(words)]
    return [sys.executable, "-m", "benchmarks.peers", peer.name, work, str(vault), str(index), *words]


def write_changed(index: Path, changed: Sequence[Path]) -> None:
    """Tell the next update which notes changed; their walk is not counted against a peer."""
    (index / _CHANGED_FILE).write_text("\n".join(map(str, changed)), encoding="utf-8")


def main() -> None:
    """Run one peer once."""
    name, work, vault, index, *words = sys.argv[1:]
    peer = next(peer for peer in PEERS if peer.name == name)
    if work == "build" and peer.build:
        peer.build(Path(vault), Path(index))
    elif work == "update" and peer.update:
        changed = (Path(index) / _CHANGED_FILE).read_text(encoding="utf-8").split("\n")
        peer.update(Path(vault), Path(index), [Path(path) for path in changed])
    elif work == "search":
        sys.stdout.write(f"{peer.search(Path(vault), Path(index), words)}{os.linesep}")


if __name__ == "__main__":
    main()
