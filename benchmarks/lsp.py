"""From a keystroke to what an editor shows, in a note of 300 lines, while the vault has many notes.

``python -m benchmarks.lsp [--notes N] [--lang ja|en] [--dry-run]``

The server runs as a process of its own, as editors start it. A keystroke counts from the message that carries it to
the diagnostics that answer it, the server's pause included. Needs the extra ``lsp``.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from benchmarks.bench import TODAY, Bench, prepare_bench
from benchmarks.measure import Spread, percentile
from benchmarks.results import Row, record, render_results
from notevault.lsp.session import Session

LINES: Final = 300
KEYS: Final = 60
_BUDGET_MS: Final = 100.0
_NAME: Final = "language server"
Timed = list[float]


def make_note(bench: Bench) -> str:
    """Return the text of a meeting of 300 lines: minutes as the vault has them, one after the other."""
    bodies = (path.read_text(encoding="utf-8") for path in sorted((bench.vault / "meetings").rglob("*.md")))
    lines = [f"---\ntype: meeting\ndate: {TODAY}\ncustomer: 山田\nchannel: visit\nstage: 提案\n---"]
    for body in bodies:
        lines += body.split("---", 2)[-1].strip().splitlines()
        if len(lines) >= LINES:
            break
    return "\n".join(lines[:LINES]) + "\n"


def measure_check(bench: Bench, note: str) -> Timed:
    """Return the seconds to read and check each of many versions, in this process."""
    session, uri = Session(), (bench.vault / "meetings" / "typing.md").as_uri()
    seconds = []
    for number in range(KEYS):
        session.put(uri, number, f"{note}{'x' * number}")
        started = time.perf_counter()
        session.check(uri)
        seconds.append(time.perf_counter() - started)
    return seconds[1:]  # the first reads settings and templates


async def measure_server(bench: Bench, note: str) -> dict[str, Timed]:
    """Return the seconds of each keystroke, completion and hover, as a client sees them."""
    client = LanguageClient("benchmark", "1")
    published = asyncio.Event()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator] # pygls types its server only
    def _published(_params: types.PublishDiagnosticsParams) -> None:
        published.set()

    await client.start_io(sys.executable, "-m", "notevault", "lsp")
    await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    client.initialized(types.InitializedParams())
    uri = (bench.vault / "meetings" / "typing.md").as_uri()
    document = types.TextDocumentItem(uri=uri, language_id="markdown", version=0, text=note)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
    await published.wait()

    async def type_key(number: int) -> None:
        published.clear()
        place = types.VersionedTextDocumentIdentifier(uri=uri, version=number)
        changes = [types.TextDocumentContentChangeWholeDocument(text=f"{note}{'x' * number}")]
        client.text_document_did_change(types.DidChangeTextDocumentParams(text_document=place, content_changes=changes))
        await published.wait()

    place = types.TextDocumentIdentifier(uri=uri)
    at = types.Position(line=3, character=len("customer: 山"))
    asked: dict[str, Callable[[int], Awaitable[object]]] = {
        "keystroke → diagnostics": type_key,
        "completion of a customer": lambda _number: client.text_document_completion_async(
            types.CompletionParams(place, at)
        ),
        "hover over a customer": lambda _number: client.text_document_hover_async(types.HoverParams(place, at)),
    }
    measured = {name: await _timed(ask) for name, ask in asked.items()}
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return measured


async def _timed(ask: Callable[[int], Awaitable[object]]) -> Timed:
    seconds = []
    for number in range(1, KEYS + 1):
        started = time.perf_counter()
        await ask(number)
        seconds.append(time.perf_counter() - started)
    return seconds


def _row(bench: Bench, work: str, seconds: Timed, *, budget: float | None = None, remark: str = "") -> Row:
    figures = Spread(low=min(seconds) * 1e3, middle=percentile(seconds, 0.95) * 1e3, high=max(seconds) * 1e3)
    return Row(
        benchmark=_NAME,
        work=f"{work}, p95",
        notes=bench.notes,
        unit="ms",
        figures=figures,
        budget=budget,
        remark=remark,
    )


def measure(bench: Bench) -> list[Row]:
    """Measure everything on a vault that is taken in."""
    bench.measure("sync", times=1, warm_up=0)
    note = make_note(bench)
    rows = [_row(bench, f"check of {LINES} lines", measure_check(bench, note), remark="in one process, no pause")]
    measured = asyncio.run(measure_server(bench, note))
    return rows + [
        _row(bench, work, seconds, budget=_BUDGET_MS, remark="client and server as two processes")
        for work, seconds in measured.items()
    ]


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description="Measure the language server.")
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--lang", choices=("ja", "en"), default="ja")
    parser.add_argument("--dry-run", action="store_true", help="print the table, record nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = prepare_bench(Path(folder), options.notes, language=options.lang, times=1)
        rows = measure(bench)
    print(render_results(rows))
    if not options.dry_run:
        record(rows)


if __name__ == "__main__":
    main()
