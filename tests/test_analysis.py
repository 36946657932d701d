import subprocess
import sys
import threading
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.index.analysis import (
    ANALYSIS_VERSION,
    LONGEST_TERM,
    analysis_fingerprint,
    analyze,
    fold,
    is_function_word,
    iter_tokens,
    loanword,
)
from notevault.text import normalize


@pytest.mark.parametrize(
    "spellings",
    [
        ("見積", "見積り", "見積もり", "御見積"),
        ("打合せ", "打ち合わせ", "打ち合せ", "うちあわせ"),
        ("サーバ", "サーバー", "ｻｰﾊﾞｰ", "サ－バ－", "サ−バ−"),
        ("データ", "ﾃﾞｰﾀ", "データー"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("德川", "徳川"),
        ("齋藤", "斎藤", "斉藤"),
        ("籠", "篭"),
        ("凛", "凜"),
        ("café", "Cafe\u0301", "cafe"),
        ("Łódź", "lodz"),
        ("Nguyễn", "Nguye\u0302\u0303n", "nguyen"),
        ("Đặng", "dang"),
        ("ışık", "isik"),
        ("鐵道", "鉄道"),
        ("120万円", "１２０万円", "1,200,000円"),
        ("AKG-8492", "akg8492", "ＡＫＧ－８４９２"),
        ("e-mail", "email", "E-Mail"),
        ("proposal", "proposals", "Proposal’s"),
        ("2.0.1", "２．０．１"),
    ],
)
def test_spellings_of_one_word_have_a_term_in_common(spellings: tuple[str, ...]) -> None:
    terms = [set(analyze(spelling)) for spelling in spellings]
    assert set.intersection(*terms)


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("基幹システム", "システム"),
        ("山田工業", "山田"),
        ("AI技術", "技術"),
        ("AI技術", "AI"),
        ("見積書", "見積"),
        ("boundary-layer", "layer"),
        ("AKG-8492", "8492"),
        ("taro.yamada@example.co.jp", "yamada"),
        ("https://example.com/plan", "plan"),
        ("データ移行を提案する", "提案"),
    ],
)
def test_a_compound_gives_its_parts(whole: str, part: str) -> None:
    assert set(analyze(part)) <= set(analyze(whole))


@pytest.mark.parametrize(("one", "other"), [("東京", "京東"), ("山田", "田山"), ("8492", "9284"), ("案件", "件案")])
def test_letters_in_another_order_have_no_term_in_common(one: str, other: str) -> None:
    shared = set(analyze(one)) & set(analyze(other))
    assert not any(len(term) > 1 for term in shared)


def test_bytes_that_were_no_text_part_words() -> None:
    assert analyze("報告\udc82x\udc83報告") == analyze("報告\ufffdx\ufffd報告")


@pytest.mark.parametrize("text", ["", " ", "。、！", "これは、の が", "the of and", "\x00\ud800", "する"])
def test_text_that_says_nothing_has_no_terms(text: str) -> None:
    assert analyze(text) == []


def test_text_with_kana_also_gives_the_japanese_form_of_its_latin_words() -> None:
    assert "サーバー" in analyze("serverを更改")
    assert "サーバー" not in analyze("the server")
    assert loanword("servers") == "サーバー"
    assert loanword("akg") is None


def test_text_longer_than_sudachi_takes_is_cut_and_read_whole() -> None:
    text = "見積を提案した。" * 9_000
    assert len(text.encode()) > 4 * 49_149
    terms = analyze(text)
    assert terms.count("見積もり") == terms.count("提案") == 9_000
    assert len(analyze("漢" * 60_000)) > 0


def test_long_runs_are_cut_to_terms_of_bounded_length() -> None:
    assert all(
        len(term) <= LONGEST_TERM for term in analyze("x" * 5_000 + " " + "ア" * 5_000 + " https://a.b/" + "y" * 500)
    )


def test_each_thread_has_its_own_tokenizer() -> None:
    texts = ["見積を提案した", "契約を更新する", "訪問の記録"] * 30
    expected = [analyze(text) for text in texts]
    results: dict[int, list[list[str]]] = {}
    threads = [
        threading.Thread(target=lambda n=number: results.update({n: [analyze(text) for text in texts]}))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[number] == expected for number in range(4))


def test_function_words_are_told_from_words() -> None:
    assert all(map(is_function_word, ["の", "から", "of", "-", "？"]))
    assert not any(map(is_function_word, ["案", "見積", "ai", "ぽにょぽにょ", "5"]))


def test_the_fingerprint_names_version_and_dictionary() -> None:
    version, dictionary, build = analysis_fingerprint().split("-")
    assert (int(version), dictionary in ("small", "core", "full")) == (ANALYSIS_VERSION, True)
    assert build != sha256().hexdigest()[:12]  # of no dictionary


def test_a_latin_query_does_not_load_the_dictionary() -> None:
    code = (
        "import sys; from notevault.index.analysis import analyze; analyze('customer proposal'); "
        "assert 'sudachipy' not in sys.modules; analyze('見積'); assert 'sudachipy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_tokens_lie_where_their_spans_say_and_folding_keeps_places(text: str) -> None:
    normalized = normalize(text)
    assert len(fold(normalized)) == len(normalized)
    for token in iter_tokens(normalized):
        assert 0 <= token.start < token.end <= len(normalized)
        assert token.term


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["見積", "AKG-8492", " ", "の", "server", "を更改", "、", "120万円", "\n"]), max_size=10)
)
def test_index_and_query_read_the_same_terms(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert {token.term for token in iter_tokens(normalize(text))} <= set(analyze(text))
