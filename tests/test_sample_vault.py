"""sample-vault shows every feature for customers; docs/refining.md and docs/customers.md walk through it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

SAMPLE = Path(__file__).parents[1] / "sample-vault"

pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the sample vault is not here")


@pytest.fixture
def ask(run: Run, tmp_path: Path) -> Callable[..., Any]:
    root = tmp_path / "sample-vault"
    shutil.copytree(SAMPLE, root)
    return lambda *words: json.loads(run(*words, "--json", vault=root).stdout)


def test_names_of_every_kind_lead_to_their_customer(ask: Callable[..., Any]) -> None:
    wanted = {
        "ﾔﾏﾀﾞ工業": ("株式会社山田工業", "alias"),
        "ヤマダさん": ("株式会社山田工業", "alias"),
        "ノースウィンドトレーディング": ("Northwind Trading K.K.", "kana"),
        "富岳製薬": ("株式会社東雲薬品", "alias"),
        "Shinonome Pharma": ("株式会社東雲薬品", "english"),
        "シノノメヤクヒン": ("株式会社東雲薬品", "kana"),
        "山田工業株式会社 大阪支店": ("山田工業 大阪支店", "name_key"),
        "青嶺物流 四日市支店": ("青嶺物流株式会社", "branch"),
        "光洋商事 名古屋": ("株式会社光洋商事", "place"),
        "光洋商事": (None, "ambiguous"),
    }
    found = ask("customer", "match", *wanted)
    assert {one["mention"]: (one["customer"], one["reason"]) for one in found} == wanted


def test_one_pair_may_be_one_customer_and_one_is_told_apart(ask: Callable[..., Any]) -> None:
    (pair,) = ask("customer", "duplicates")
    assert {pair["keep"]["name"], pair["other"]["name"]} == {"有限会社たちばな不動産", "(有)橘不動産"}
    names = [one["name"] for one in ask("customer", "list")]
    assert names.count("株式会社光洋商事") == 2


def test_a_lead_became_an_account_and_people_have_moved(ask: Callable[..., Any]) -> None:
    assert {one["status"] for one in ask("customer", "list")} == {"lead", "account", "former"}
    moves = {one["name"]: {move["kind"] for move in one["moves"]} for one in ask("customer", "contacts", "--moved")}
    assert moves["岩瀬修平"] >= {"customer"}
    assert "said" in moves["久保田"]


def test_answers_contradict_grow_old_and_have_a_level(ask: Callable[..., Any]) -> None:
    sheets = ask("report", "coverage")
    states = {item["state"] for sheet in sheets for item in sheet["items"]}
    assert states >= {"known", "unknown", "stale", "contradicted"}
    levels = {one["level"] for sheet in sheets for one in (*sheet["items"], *sheet["others"])}
    assert levels >= {"company", "business", "function"}


def test_the_calendar_has_every_kind(ask: Callable[..., Any]) -> None:
    kinds = {entry["kind"] for entry in ask("report", "calendar", "--next", "180d")}
    assert kinds >= {"fiscal_year_end", "budget_month", "lease_end", "contract_renewal", "timing"}


def test_a_group_is_seen_together(ask: Callable[..., Any]) -> None:
    brief = ask("brief", "山田工業", "--group")
    assert brief["title"] == "山田工業グループ"
    assert len({deal["customer"] for deal in brief["deals"]}) == 2
