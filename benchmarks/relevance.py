"""How well search ranks: nDCG@10, Recall@10 and MRR on public question sets, beside what a user would pick instead.

``python -m benchmarks.relevance [--data DIR] [--questions N] [--json FILE]``

Each paragraph becomes a note, taken in by sync and asked for by search, as a user would, with either text index.
The peers get the same paragraphs: SQLite FTS5 with its own tokenizers, and FTS5, bm25s and Tantivy with our
terms, all joined by OR. A peer that is not installed is left out and named. Nothing is tuned to these sets.
"""

import argparse
import json
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from math import log2
from pathlib import Path
from typing import Any, Final

from notevault.errors import QueryError
from notevault.index.analysis import analyze
from notevault.search import search
from notevault.text import normalize
from notevault.upkeep import sync_workspace
from notevault.workspace import Workspace, open_workspace

SETS: Final = ("search-ja", "search-en")
TOP: Final = 10
DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"

Ask = Callable[[str], Sequence[str]]
"""A question to the ids of the best paragraphs, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A document of a set."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """The paragraph as a note."""
        return f"# {self.title}\n\n{self.text}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Paragraphs, questions, and how well each paragraph answers each question."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    questions: tuple[tuple[str, str], ...]
    """Id and text of those that something answers."""
    answers: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Means over all questions."""

    questions: str
    engine: str
    ndcg: float
    recall: float
    mrr: float
    refused: int
    """Questions that the engine could not read; they count as answered by nothing."""


def load_set(folder: Path, questions: int | None) -> QuestionSet:
    """Read one set; ``questions`` takes the first so many."""
    paragraphs = tuple(
        Paragraph(id=row["id"], title=row["title"], text=row["text"]) for row in _rows(folder / "corpus.jsonl")
    )
    answers: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        question, paragraph, grade = line.split("\t")
        if int(grade) > 0:
            answers.setdefault(question, {})[paragraph] = int(grade)
    asked = tuple((row["id"], row["text"]) for row in _rows(folder / "queries.jsonl") if row["id"] in answers)
    return QuestionSet(name=folder.name, paragraphs=paragraphs, questions=asked[:questions], answers=answers)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def measure(questions: QuestionSet, engine: str, ask: Ask) -> Quality:
    """Ask everything and compare with the answers."""
    ndcg = recall = mrr = 0.0
    refused = 0
    for question, text in questions.questions:
        grades = questions.answers[question]
        try:
            found = list(ask(text))[:TOP]
        except QueryError:
            refused += 1
            continue
        gain = sum((2 ** grades.get(one, 0) - 1) / log2(at + 2) for at, one in enumerate(found))
        best = sorted(grades.values(), reverse=True)[:TOP]
        ndcg += gain / sum((2**grade - 1) / log2(at + 2) for at, grade in enumerate(best))
        recall += sum(one in grades for one in found) / len(grades)
        mrr += next((1 / (at + 1) for at, one in enumerate(found) if one in grades), 0.0)
    count = len(questions.questions)
    return Quality(
        questions=questions.name,
        engine=engine,
        ndcg=ndcg / count,
        recall=recall / count,
        mrr=mrr / count,
        refused=refused,
    )


@contextmanager
def notevault_engine(questions: QuestionSet, engine: str) -> Iterator[Ask]:
    """Put each paragraph into a vault, sync it and search it with one of the engines of the settings."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NOTEVAULT_CACHE"] = str(Path(folder, "cache"))
        root = Path(folder, "vault")
        root.mkdir()
        (root / "notevault.toml").write_text(f'[index]\nengine = "{engine}"\n', "utf-8")
        for paragraph in questions.paragraphs:
            (root / f"{paragraph.id}.md").write_text(paragraph.whole, "utf-8")
        with open_workspace(root, today=date(2026, 11, 20)) as workspace:
            sync_workspace(workspace)
            yield lambda text: _search(workspace, text)


def _search(workspace: Workspace, text: str) -> list[str]:
    result = search(
        workspace.catalog, workspace.index, text, settings=workspace.settings, today=workspace.today, limit=TOP
    )
    return [Path(hit.path).stem for hit in result.hits]


@contextmanager
def fts5_engine(questions: QuestionSet, tokenizer: str, split: Callable[[str], list[str]]) -> Iterator[Ask]:
    """Ask SQLite FTS5, all words joined by OR; ``split`` gives the words, of note and question alike."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE notes USING fts5(id UNINDEXED, body, tokenize='{tokenizer}')")
    own = split is analyze
    connection.executemany(
        "INSERT INTO notes VALUES (?, ?)",
        [(one.id, " ".join(split(one.whole)) if own else normalize(one.whole)) for one in questions.paragraphs],
    )

    def ask(text: str) -> list[str]:
        words = dict.fromkeys(split(normalize(text)))
        if not words:
            return []
        match = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        sql = "SELECT id FROM notes WHERE notes MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in connection.execute(sql, (match, TOP))]

    yield ask
    connection.close()


@contextmanager
def bm25s_engine(questions: QuestionSet) -> Iterator[Ask]:
    """Ask bm25s, with our terms."""
    bm25s: Any = import_module("bm25s")
    engine = bm25s.BM25()
    engine.index([analyze(one.whole) for one in questions.paragraphs], show_progress=False)
    known = engine.vocab_dict

    def ask(text: str) -> list[str]:
        terms = [term for term in analyze(text) if term in known]
        if not terms:
            return []
        found, _scores = engine.retrieve([terms], k=TOP, show_progress=False)
        return [questions.paragraphs[int(at)].id for at in found[0]]

    yield ask


@contextmanager
def tantivy_engine(questions: QuestionSet) -> Iterator[Ask]:
    """Ask bare Tantivy, with our terms."""
    tantivy: Any = import_module("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    schema.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    schema = schema.build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for one in questions.paragraphs:
        writer.add_document(tantivy.Document(id=one.id, body=" ".join(analyze(one.whole))))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> list[str]:
        terms = dict.fromkeys(analyze(text))
        parts = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term)) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(parts), TOP).hits if parts else []
        return [searcher.doc(address)["id"][0] for _score, address in hits]

    yield ask


def trigrams(text: str) -> list[str]:
    """Return every three characters of each word, as FTS5's trigram tokenizer has them."""
    return [word[at : at + 3] for word in text.split() for at in range(len(word) - 2)]


def latin_words(text: str) -> list[str]:
    """Return the words of a text for FTS5's porter tokenizer."""
    return re.findall(r"\w+", text)


def measure_set(questions: QuestionSet) -> Iterator[Quality]:
    """Measure search and its peers on one set, telling which are not here."""
    japanese = questions.name.endswith("-ja")
    with notevault_engine(questions, "whoosh") as ask:
        yield measure(questions, "notevault", ask)
    if find_spec("tantivy"):
        with notevault_engine(questions, "tantivy") as ask:
            yield measure(questions, "notevault on Tantivy", ask)
    tokenizer, split = ("trigram", trigrams) if japanese else ("porter unicode61", latin_words)
    with fts5_engine(questions, tokenizer, split) as ask:
        yield measure(questions, f"SQLite FTS5 {tokenizer.split()[0]}", ask)
    with fts5_engine(questions, "unicode61", analyze) as ask:
        yield measure(questions, "SQLite FTS5, our terms", ask)
    for name, engine in (("bm25s", bm25s_engine), ("tantivy", tantivy_engine)):
        if find_spec(name) is None:
            print(f"{name} is not installed; left out", file=sys.stderr)
            continue
        with engine(questions) as ask:
            yield measure(questions, f"{name}, our terms", ask)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--questions", type=int)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    measured: list[Quality] = []
    for name in arguments.sets:
        if not (arguments.data / name).is_dir():
            print(f"{arguments.data / name} is not here; left out", file=sys.stderr)
            continue
        print(f"\n{name:28} nDCG@10  Recall@10    MRR  refused")
        for quality in measure_set(load_set(arguments.data / name, arguments.questions)):
            measured.append(quality)
            figures = f"{quality.ndcg:7.4f} {quality.recall:10.4f} {quality.mrr:6.4f} {quality.refused:8}"
            print(f"{quality.engine:28} {figures}")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(quality) for quality in measured], indent=1), "utf-8")


if __name__ == "__main__":
    main()
