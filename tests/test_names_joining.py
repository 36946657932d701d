import pytest

from notevault.names.joining import PersonSaid, join_people


def _join(*said: tuple[str, str | None, str | None]) -> list[str]:
    return join_people([PersonSaid(name=name, title=title, email=email) for name, title, email in said])


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ([("山田 太郎", "部長", None), ("山田", "部長", None)], ["山田太郎", "山田太郎"]),
        (
            [("山田太郎", "部長", None), ("山田一郎", "社長", None), ("山田", "社長", None)],
            ["山田太郎", "山田一郎", "山田一郎"],
        ),
        ([("山田太郎", None, None), ("山田一郎", None, None), ("山田", None, None)], ["山田太郎", "山田一郎", "山田"]),
        ([("山田太郎", "部長", None), ("山田", "課長", None)], ["山田太郎", "山田"]),
        ([("山田太郎", None, None), ("山田様", None, None)], ["山田太郎", "山田太郎"]),
        ([("林田一郎", None, None), ("林", None, None)], ["林田一郎", "林"]),
        ([("Taro Yamada", None, None), ("Yamada", None, None)], ["taro yamada", "taro yamada"]),
        ([("山田太郎", None, "T@x.example"), ("山田", "部長", "t@X.example")], ["山田太郎", "山田太郎"]),
        ([("鈴木花子", None, "info@x.example"), ("山田太郎", None, "info@x.example")], ["鈴木花子", "山田太郎"]),
    ],
)
def test_family_name_joins_only_where_it_fits_one(
    said: list[tuple[str, str | None, str | None]], keys: list[str]
) -> None:
    assert _join(*said) == keys
