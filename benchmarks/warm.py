"""Searches in one process that stays open, as the editor server and the web page will do them."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from benchmarks.bench import Bench
from notevault.search import search
from notevault.workspace import open_workspace

QUERIES: Sequence[str] = (
    "リース満了",
    "見積 値引き",
    "在庫管理 二重入力",
    "AKG",
    "補助金 申請 締切",
    '"社長決裁になる"',
    "複合機 入替 提案",
    "renewal",
    "customer:凪 納期",
    "stage:提案 予算",
    "サポート終了 老朽化",
    "ﾃﾞﾓ",
    "ノルテア",
    "検収の条件",
    "todo:overdue",
    "2026-10..2026-11 クレーム",
    "残業 自動化 -在庫",
    "ネオスキャン",
    "決裁者は",
    "稟",
)
"""Words of all frequencies, a phrase, filters, half-width letters, a name, one character."""


def measure_warm(bench: Bench, rounds: int) -> list[float]:
    """Return the seconds of every search, top 20, after one round that does not count."""
    with open_search(bench) as ask:
        for query in QUERIES:
            ask(query)
        return [_timed(ask, query) for _ in range(rounds) for query in QUERIES]


@contextmanager
def open_search(bench: Bench) -> Iterator[Callable[[str], object]]:
    """Open the vault once and give a function that answers a query with its 20 best notes."""
    with open_workspace(bench.vault) as workspace:
        yield lambda query: search(
            workspace.catalog, workspace.index, query, settings=workspace.settings, today=workspace.today, limit=20
        )


def _timed(ask: Callable[[str], object], query: str) -> float:
    started = time.perf_counter()
    ask(query)
    return time.perf_counter() - started
