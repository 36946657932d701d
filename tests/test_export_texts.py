from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.export.moments import format_moment
from notevault.export.profile import FormatSpec
from notevault.export.texts import read_moment, split_front_matter, split_text

TOKYO = ZoneInfo("Asia/Tokyo")


def test_day_without_a_time_stays_a_day() -> None:
    for written in (None, "2026-11-20", "令和8年11月20日", "11/20 AM会議"):
        assert read_moment("2026-11-20", written, TOKYO) == ("2026-11-20", None, True)


def test_time_carries_the_offset_of_the_vault() -> None:
    assert read_moment("2026-11-20", "2026-11-20 14:00", TOKYO) == ("2026-11-20T14:00:00+09:00", None, False)
    assert read_moment("2026-11-20", "2026年11月20日 14時半", TOKYO).start == "2026-11-20T14:30:00+09:00"
    berlin = ZoneInfo("Europe/Berlin")
    assert read_moment("2026-07-01", "2026-07-01 09:00", berlin).start == "2026-07-01T09:00:00+02:00"


def test_offset_of_long_ago_has_no_seconds() -> None:
    assert read_moment("1582-10-10", "1582-10-10 10:00-11:00", TOKYO) == (
        "1582-10-10T10:00:00+09:19", "1582-10-10T11:00:00+09:19", False,
    )  # fmt: skip
    assert format_moment("1582-10-10", FormatSpec(), TOKYO, "09:00") == "1582-10-10T09:00:00+09:19"


def test_offset_that_is_written_wins() -> None:
    assert read_moment("2026-11-20", "2026-11-20T14:00:00Z", TOKYO).start == "2026-11-20T14:00:00+00:00"


def test_end_is_read_from_a_span_of_time() -> None:
    found = read_moment("2026-11-20", "2026-11-20 14:00-15:30", TOKYO)
    assert found.end == "2026-11-20T15:30:00+09:00"
    assert read_moment("2026-11-20", "2026-11-20 14:00-13:00", TOKYO).end is None


def test_front_matter_and_body_are_told_apart() -> None:
    assert split_front_matter("---\na: 1\n---\n本文\n", has_fields=True) == ("a: 1\n", "本文\n")
    assert split_front_matter("---\n---\n本文\n", has_fields=False)[1] == "本文\n"
    assert split_front_matter("---\nただの線\n---\n本文\n", has_fields=False) == ("", "---\nただの線\n---\n本文\n")
    assert split_front_matter("---\na: [\n", has_fields=False) == ("", "---\na: [\n")


def test_long_text_is_cut_behind_a_paragraph() -> None:
    text = ("あ" * 60 + "\n\n") * 10
    parts = split_text(text, 100)
    assert all(part.endswith("\n\n") for part in parts)
    assert len(parts) == 10


@settings(max_examples=200)
@given(st.text(st.sampled_from("あ。 \n\rx"), max_size=200), st.integers(1, 30))
def test_parts_joined_are_the_text_again(text: str, longest: int) -> None:
    parts = split_text(text, longest)
    assert "".join(parts) == text.replace("\r\n", "\n")
    assert all(len(part) <= longest for part in parts)
