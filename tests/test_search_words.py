"""The words people type, beside the words that stand in their notes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from notevault.search import search
from notevault.workspace import Workspace
from tests.synced import synced

NOTES = {
    "quote": "見積書を出した",
    "quote-kana": "お見積りを依頼",
    "meeting": "打ち合わせをした",
    "meeting-short": "打合せ済み",
    "server": "ｻｰﾊﾞｰの更改",
    "server-short": "サーバの交換",
    "names": "髙橋さんと山﨑さん、渡邊さん、齋藤さん、澤田さん",
    "company": "株式会社山田工業",
    "system": "基幹システムの刷新",
    "one": "案がひとつ",
    "mixed": "AI技術の導入",
    "kyoto": "東京都庁",
    "kyoto-firm": "京東商事",
    "application": "申込書の取り扱い",
    "inquiry": "問合せメール、引合いあり",
    "sales": "売上が伸びて受注見込み",
    "receipt": "受取の確認、支払いは月末",
    "computer": "コンピューターとプリンタ",
    "amount": "１２０万円で①を買う",
    "place": "藤ヶ沢建設は霞が関へ移った",
    "invisible": "葛\U000e0100城市の受\u200b付",
    "variants": "旧漢字の會社",
    "plural": "proposals were sent to the companies",
    "hyphen": "a state-of-the-art follow-up e-mail",
    "code": "AKG-8492 ordered",
    "model": "Windows 11 と ISO 9001、SOC 2、Ver. 1.4.2、500 GB",
    "model-joined": "windows11 and iso9001",
    "address": "write to taro.yamada@example.co.jp",
    "url": "see https://www.example.com/docs/v2?x=1 today",
    "version": "version v2.1 and 2.10.3 are out",
    "languages": "C++ and C# and Node.js",
    "accents": "Müller met at the café",
    "possessive": "the R&D team's budget",
    "phone": "03-1234-5678 へ",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("words")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEVAULT_CACHE", str(root / "cache"))
        folder = root / "vault"
        folder.mkdir()
        (folder / "notevault.toml").touch()
        for name, text in NOTES.items():
            (folder / f"{name}.md").write_text(text, "utf-8")
        with synced(folder) as workspace:
            yield workspace


def found(workspace: Workspace, query: str) -> set[str]:
    result = search(
        workspace.catalog, workspace.index, query, settings=workspace.settings, today=workspace.today, limit=None
    )
    return {Path(hit.path).stem for hit in result.hits}


@pytest.mark.parametrize(
    ("notes", "queries"),
    [
        ({"quote", "quote-kana"}, "見積 見積り 見積もり 見積も お見積り みつもり 見つもり 見積*"),
        ({"quote"}, "積書 見積書"),
        ({"meeting", "meeting-short"}, "打合せ 打ち合せ 打合わせ 打ち合わせ うちあわせ 打合 打ち合わ"),
        ({"server", "server-short"}, "サーバ サーバー ｻｰﾊﾞ ｻｰﾊﾞｰ サ－バー server"),
        ({"names"}, "高橋 髙橋 山崎 山﨑 渡辺 渡邊 渡邉 斎藤 沢田 高橋さん"),
        ({"company"}, "山田工業 ㈱山田工業 株式会社山田 山田工"),
        ({"system"}, "システム 基幹 基幹システム ｼｽﾃﾑ 刷新"),
        ({"one"}, "案"),
        ({"mixed"}, "AI技術 ＡＩ技術 ai技術 AI"),
        ({"kyoto"}, "東京 京都 都庁"),
        ({"kyoto-firm"}, "京東"),
        ({"application"}, "申込 申し込み 申込み お申込み 取扱 取扱い 取り扱い"),
        ({"inquiry"}, "問い合わせ お問い合わせ 問合わせ 引き合い 引合"),
        ({"sales"}, "売り上げ 売上げ 売上 受注見込 見込"),
        ({"receipt"}, "受け取り 受取 受取り 支払 支払い お支払い 支払う"),
        ({"computer"}, "コンピュータ ｺﾝﾋﾟｭｰﾀ プリンター"),
        ({"amount"}, "120万円 １２０万円 120万"),
        ({"place"}, "藤ヶ沢 藤ケ沢 藤が沢 霞が関 霞ヶ関 霞ケ関"),
        ({"invisible"}, "葛城 受付"),
        ({"variants"}, "会社 會社"),
        ({"plural"}, "proposal proposals PROPOSAL company companies propos*"),
        ({"hyphen"}, "state-of-the-art followup follow-up email e-mail E-Mail"),
        ({"code"}, "AKG-8492 akg8492 AKG8492 ＡＫＧ－８４９２ akg* 8492"),
        ({"model"}, "Windows11 windows-11 ISO9001 ISO-9001 ver1.4 Ver.1.4 500GB SOC2"),
        ({"model-joined"}, "Windows11 iso-9001"),
        ({"address"}, "taro.yamada@example.co.jp yamada example.co.jp"),
        ({"url"}, "https://www.example.com/docs/v2?x=1 www.example.com docs"),
        ({"version"}, "v2.1 V2.1 2.1 2.10.3"),
        ({"languages"}, "c++ C# node.js nodejs"),
        ({"accents"}, "Müller muller MULLER café cafe"),
        ({"possessive"}, "R&D team teams"),
        ({"phone"}, "03-1234-5678 0312345678 1234-5678"),
    ],
)
def test_a_word_finds_its_note_in_any_spelling(vault: Workspace, notes: set[str], queries: str) -> None:
    missing = {query: notes - found(vault, query) for query in queries.split() if not notes <= found(vault, query)}
    assert missing == {}


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("東京", "kyoto-firm"),
        ("京東", "kyoto"),
        ("積見", "quote"),
        ("oposal*", "plural"),
        ("システム基幹", "company"),
        ("AKG-8493", "code"),
        ("v2.2", "version"),
        ("高山", "names"),
    ],
)
def test_letters_alone_are_no_match(vault: Workspace, query: str, note: str) -> None:
    assert note not in found(vault, query)
