"""Names that may be spellings of one: keys and headings, compared by text, meaning and values.

Likeness only ever proposes. Two names that stand in one note side by side are two things, whatever they look like.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Final

from notevault.config import spelling_key
from notevault.messages import gettext as _
from notevault.records import record

MOST_NAMES: Final = 400
"""So many names of one sort are compared, the commonest first."""
_LONGEST_NAME: Final = 40
_LEAST_DICE: Final = 0.65
_LEAST_RATIO: Final = 0.85
_SHORTEST_TYPO: Final = 5
_SHORTEST_PLURAL: Final = 3
_SHORTEST_WORD: Final = 4
_LEAST_TOGETHER: Final = 0.05
"""Names that share more than this part of the rarer one's notes are different things."""
_LEAST_VALUES: Final = 3
_LEAST_OVERLAP: Final = 0.6
_DIGITS: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^a-z0-9ァ-ヺー]|[\u30ce\u30cb\u30c8]")
"""All that is neither Latin nor katakana; ノ, ニ and ト stand for the particles."""
_KANJI: Final = re.compile(r"[\u3400-\u9fff々]")
_PREFIXES: Final = ("お", "ご", "御", "本日の", "今回の", "the")
_SUFFIXES: Final = ("について", "に関して", "内容", "事項", "項目", "一覧", "の件", "など", "等", "欄", "メモ")
_MEANINGS: Final = """\
次回アクション, 次のアクション, ネクストアクション, ネクスト, アクション, 行動, 宿題, 対応事項, やること, 次にやること,
 今後の対応, 今後の予定, 次のステップ, ネクストステップ, アクションアイテム, todo, to do, actions, action items,
 next action, next actions, next steps, next step
事実, 面談内容, 商談内容, 打ち合わせ内容, 打合せ内容, 訪問内容, 議事, 議事内容, 話した内容, 話したこと, 聞いたこと,
 ヒアリング内容, 内容, facts, discussion, what was said, minutes
解釈, 所感, 感想, 考察, 見立て, 感触, 手応え, 気づき, 印象, interpretation, impression, impressions, thoughts
相談, 相談事項, 上司への相談, 課長相談, 判断が必要なこと, consultation, questions to the manager
おわりに, 終わりに, おわり, 最後に, さいごに, conclusion, wrap up
まとめ, 要約, サマリー, summary
はじめに, 始めに, 前置き, introduction, intro
参加者, 出席者, 参加メンバー, メンバー, attendees, participants, members
議題, アジェンダ, agenda, topics
決定事項, 決まったこと, 決定, decisions, decided
インストール, インストール方法, 導入方法, install, installation, setup
使い方, 使用方法, 利用方法, usage, how to use
"""
"""Headings that people use for one and the same thing, a group a line; a person decides."""


@record
class Name:
    """A key or heading to compare."""

    name: str
    notes: frozenset[int]
    meaning: str = ""
    """What settings or template take it for."""
    values: frozenset[str] = frozenset()
    group: str = ""
    """Only names of one group, or of none, may be one."""
    rank: int = 0
    """Of names as common as each other the lowest leads."""


@record
class Likeness:
    """Why a name was put beside another."""

    share: float
    """From 0 to 1."""
    why: str


@record
class NameGroup:
    """Names that may be one; the leader is the one that the others would become."""

    leader: Name
    others: tuple[tuple[Name, Likeness], ...]


def group_names(names: Iterable[Name], *, leaders: Sequence[str] = ()) -> tuple[NameGroup, ...]:
    """Return the groups of two or more names, in a fixed order; each name is in one group at most.

    Names of ``leaders`` lead before all others, then the commonest. A name joins the leader it is most like.
    """
    ranks = {name: rank for rank, name in enumerate(leaders)}
    ordered = sorted(names, key=lambda one: (ranks.get(one.name, len(ranks)), -len(one.notes), one.rank, one.name))
    prepared = {one.name: _prepare(one.name) for one in ordered[:MOST_NAMES]}
    found: list[tuple[Name, list[tuple[Name, Likeness]]]] = []
    for name in ordered[:MOST_NAMES]:
        best: tuple[float, int, Likeness] | None = None
        for place, (leader, others) in enumerate(found):
            likeness = _compare(leader, name, prepared[leader.name], prepared[name.name])
            if likeness is None or (best is not None and likeness.share <= best[0]):
                continue
            if not any(_stand_together(name, member) for member in (leader, *(other for other, _why in others))):
                best = (likeness.share, place, likeness)
        if best is None:
            found.append((name, []))
        else:
            found[best[1]][1].append((name, best[2]))
    return tuple(NameGroup(leader=leader, others=tuple(others)) for leader, others in found if others)


def fold_name(name: str) -> str:
    """Return a name without width, case, marks, kind of kana, forms of politeness and words that say nothing."""
    bare = "".join(char for char in spelling_key(name[:200]) if unicodedata.category(char)[0] in "LN" or char == "ー")
    for prefix in _PREFIXES:
        bare = bare.removeprefix(prefix) if len(bare) > len(prefix) + 1 else bare
    for suffix in _SUFFIXES:
        bare = bare.removesuffix(suffix) if len(bare) > len(suffix) + 1 else bare
    if bare.isascii() and len(bare) > _SHORTEST_PLURAL:
        bare = f"{bare[:-3]}y" if bare.endswith("ies") else bare.removesuffix("s")
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in bare)


def find_meaning(name: str) -> str:
    """Return the first name of the group of headings that ``name`` is in, '' where it is in none."""
    return next(iter(find_usual(name)), "")


def find_usual(name: str) -> Sequence[str]:
    """Return the group of headings that ``name`` is in, the usual ones first."""
    return _meanings().get(fold_name(name), ())


def find_rank(name: str, known: Sequence[str]) -> int:
    """Return the place of a name among the usual spellings, behind them all where it is none of them."""
    wanted = fold_name(name)
    return next((place for place, other in enumerate(known) if fold_name(other) == wanted), len(known))


def text_likeness(one: str, other: str) -> float:
    """Return how alike two folded names are, from 0 to 1; 0 where they differ in what decides the meaning."""
    if not one or not other or max(len(one), len(other)) > _LONGEST_NAME:
        return 0.0
    if one == other:
        return 1.0
    dice = _dice(one, other)
    if dice < 0.3 or _DIGITS.findall(one) != _DIGITS.findall(other):  # noqa: PLR2004 -- nothing alike is this far
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if any(_differ_in_meaning(one[a:b], other[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"):
        return 0.0
    ratio = matcher.ratio()
    if dice >= _LEAST_DICE and not (one.isascii() and other.isascii()):
        return max(dice, ratio)
    return ratio if ratio >= _LEAST_RATIO and min(len(one), len(other)) >= _SHORTEST_TYPO else 0.0


@record
class _Prepared:
    """What is compared of a name, made once."""

    spelling: str
    folded: str
    pairs: frozenset[tuple[str, str]]


def _prepare(name: str) -> _Prepared:
    folded = fold_name(name)
    return _Prepared(spelling=spelling_key(name), folded=folded, pairs=frozenset(pairwise(folded[: _LONGEST_NAME + 1])))


def _compare(one: Name, other: Name, first: _Prepared, second: _Prepared) -> Likeness | None:
    if first.spelling == second.spelling:
        return Likeness(share=1.0, why=_("the same but for width, case or marks"))
    if one.meaning and one.meaning == other.meaning:
        return Likeness(share=0.95, why=_("both mean '{name}'").format(name=one.meaning))
    if (one.meaning and other.meaning) or (one.group and other.group and one.group != other.group):
        return None
    is_near = first.folded == second.folded or not first.pairs.isdisjoint(second.pairs)
    share = text_likeness(first.folded, second.folded) if is_near else 0.0
    if share:
        return Likeness(share=round(0.9 * share, 3), why=_("spelled alike ({share:.0%})").format(share=share))
    overlap = _overlap(one.values, other.values)
    if overlap >= _LEAST_OVERLAP:
        return Likeness(share=round(0.6 * overlap, 3), why=_("the same values ({share:.0%})").format(share=overlap))
    return None


def _stand_together(one: Name, other: Name) -> bool:
    fewer = min(len(one.notes), len(other.notes))
    return len(one.notes & other.notes) > _LEAST_TOGETHER * fewer


def _differ_in_meaning(one: str, other: str) -> bool:
    """Say whether two differing pieces of names change what is meant: 受注|失注, 見積|'' do, 回|の does not."""
    kanji = (len(_KANJI.findall(one)), len(_KANJI.findall(other)))
    if all(kanji) or max(kanji) >= 2:  # noqa: PLR2004 -- two characters make a word
        return True
    return any(len(_WORD.sub("", piece)) >= _SHORTEST_WORD for piece in (one, other))


def _dice(one: str, other: str) -> float:
    pairs, others = Counter(pairwise(one)), Counter(pairwise(other))
    total = pairs.total() + others.total()
    return 2 * (pairs & others).total() / total if total else 0.0


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / min(len(one), len(other)) if shared >= _LEAST_VALUES else 0.0


@cache
def _meanings() -> dict[str, list[str]]:
    groups = [line.split(", ") for line in _MEANINGS.replace(",\n ", ", ").splitlines()]
    return {fold_name(name): group for group in groups for name in group}
