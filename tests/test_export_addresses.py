import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.export.addresses import split_address


@pytest.mark.parametrize(
    ("written", "state", "city", "street"),
    [
        ("東京都港区海岸9-9-9", "東京都", "港区", "海岸9-9-9"),
        ("大阪府東大阪市稲田西町4-5-6", "大阪府", "東大阪市", "稲田西町4-5-6"),
        ("神奈川県横浜市西区みなとみらい2-2-1", "神奈川県", "横浜市西区", "みなとみらい2-2-1"),
        ("三重県四日市市諏訪町1-5", "三重県", "四日市市", "諏訪町1-5"),
        ("千葉県市川市八幡1-1-1", "千葉県", "市川市", "八幡1-1-1"),
        ("東京都町田市森野2-2", "東京都", "町田市", "森野2-2"),
        ("福島県郡山市朝日1-23", "福島県", "郡山市", "朝日1-23"),
        ("北海道余市郡余市町朝日町26", "北海道", "余市郡余市町", "朝日町26"),
        ("佐賀県杵島郡大町町大字大町", "佐賀県", "杵島郡大町町", "大字大町"),
        ("山梨県西八代郡市川三郷町市川大門", "山梨県", "西八代郡市川三郷町", "市川大門"),
        ("東京都八丈町大賀郷", "東京都", "八丈町", "大賀郷"),
        ("京都府京都市中京区", "京都府", "京都市中京区", ""),
        ("1-2-3 Main St, Boston", "", "", "1-2-3 Main St, Boston"),
        ("本社ビル3階", "", "", "本社ビル3階"),
    ],
)
def test_japanese_addresses_come_apart(written: str, state: str, city: str, street: str) -> None:
    found = split_address(written)
    assert (found.state, found.city, found.street) == (state, city, street)
    assert found.country == ("JP" if state else "")


@pytest.mark.parametrize("written", ["〒479-0882 愛知県常滑市港町3-3", "４７９－０８８２　愛知県常滑市港町3-3"])
def test_postal_code_is_taken_off(written: str) -> None:
    assert split_address(written) == ("479-0882", "愛知県", "常滑市", "港町3-3", "JP")


@settings(max_examples=200)
@given(st.text("東京都市区町村郡県大阪府北海道0-9 港123", max_size=30))
def test_parts_joined_are_the_address_again(written: str) -> None:
    found = split_address("東京都" + written)
    assert found.state + found.city + found.street == ("東京都" + written).strip()


def test_hostile_address_takes_no_time() -> None:
    assert split_address("東京都" + "市" * 200_000).state == "東京都"
    assert split_address("あ" * 200_000).street
