"""A query tree against catalogue and text index: which notes match, and how well before their texts are looked at."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.errors import QueryError
from notevault.filters import FilterReader
from notevault.index import Matches, NoteIndex, WeighedTerm
from notevault.index.ranking import importance
from notevault.leaves import Leaf, TextItem, collect_leaves, number_terms, prepare_leaves
from notevault.messages import gettext as _
from notevault.query import AnyOf, Clause, Filter, Item, Not, Phrase, Prefix, Query, Saved, Word, parse_query
from notevault.records import record
from notevault.text import closest

COMPOUND_WEIGHT: Final = 0.5
"""What a word of several terms counts where it stands as written, beside what its terms count."""
PART_WEIGHT: Final = 0.3
"""What a word counts inside another one: 京都 in 東京都."""
COVERAGE_SHARE: Final = 0.3
"""How much of the score is lost where a note holds none of the query's words, in proportion."""
_SAVED_DEPTH: Final = 5


@record
class Ranked:
    """What matches a query."""

    ids: set[int]
    scores: Mapping[int, float]
    leaves: tuple[Leaf, ...]
    terms: tuple[WeighedTerm, ...]
    matches: Matches


@record
class Evaluator:
    """What queries are evaluated with."""

    catalog: Catalog
    index: NoteIndex
    settings: Settings
    filters: FilterReader
    explains: bool = False
    """Whether texts are looked into that the index has found already, to say what stands there as written."""

    def evaluate(self, query: Query) -> Ranked:
        """Return matching notes with their scores.

        Raises QueryError where a field, a value or a saved search is unknown.
        """
        query = self._expand(query, ())
        leaves = collect_leaves(query)
        prepare_leaves(leaves.values(), self.index)
        terms = number_terms(leaves.values())
        matches = self.index.search(terms) if terms else Matches(scores={}, masks={}, importance=())
        self._scan([leaf for leaf in leaves.values() if not leaf.weak], matches.masks)
        tree = _Tree(leaves=leaves, masks=matches.masks, filter_ids=self.filters.note_ids, all_ids=self._all_ids)
        ids = tree.query_ids(query)
        counted = [leaf for leaf in leaves.values() if not (leaf.negative or leaf.weak)]
        scores = _score(counted, matches, ids, self.catalog.note_count())
        return Ranked(ids=ids, scores=scores, leaves=tuple(leaves.values()), terms=terms, matches=matches)

    def _all_ids(self) -> set[int]:
        return {row[0] for row in self.catalog.select("SELECT id FROM notes")}

    def expand(self, query: Query) -> Query:
        """Return the query with the saved searches it names put in. Raises QueryError."""
        return self._expand(query, ())

    def _expand(self, query: Query, opened: tuple[Saved, ...]) -> Query:
        """Return the query with the saved searches it names put in; their errors point at the name."""
        clauses = (Clause(sign=clause.sign, item=self._expand_item(clause.item, opened)) for clause in query.clauses)
        return Query(clauses=tuple(clauses))

    def _expand_item(self, item: Item, opened: tuple[Saved, ...]) -> Item:
        if isinstance(item, Query):
            return self._expand(item, opened)
        if isinstance(item, AnyOf):
            return AnyOf(items=tuple(self._expand_either(one, opened) for one in item.items))
        if isinstance(item, Filter) and opened:
            return replace(item, column=opened[0].column, value_column=opened[0].column)
        return self._open_saved(item, opened) if isinstance(item, Saved) else item

    def _expand_either(self, item: Item | Not, opened: tuple[Saved, ...]) -> Item | Not:
        if isinstance(item, Not):
            return Not(item=self._expand_item(item.item, opened))
        return self._expand_item(item, opened)

    def _open_saved(self, saved: Saved, opened: tuple[Saved, ...]) -> Query:
        column = (*opened, saved)[0].column
        text = self.settings.searches.get(saved.name)
        if text is None:
            near = closest(saved.name, sorted(self.settings.searches))
            hint = _("did you mean {value}?").format(value=f"@{near}") if near else self._saved_searches()
            reason = _("no search is saved as @{name}").format(name=saved.name)
            raise QueryError(self.filters.query, column, reason, hint)
        if saved in opened or len(opened) >= _SAVED_DEPTH:
            reason = _("the saved search @{name} names itself").format(name=saved.name)
            raise QueryError(self.filters.query, column, reason)
        try:
            query = parse_query(text)
        except QueryError as error:
            reason = _("the saved search @{name} is wrong: {reason}").format(name=saved.name, reason=error.message)
            raise QueryError(self.filters.query, column, reason, error.hint) from error
        return self._expand(query, (*opened, saved))

    def _saved_searches(self) -> str:
        names = ", ".join(f"@{name}" for name in sorted(self.settings.searches))
        if names:
            return _("there are: {names}").format(names=names)
        return _("save one in notevault.toml: {example}").format(example='[searches] mine = "owner:sato todo:open"')

    def _scan(self, leaves: Sequence[Leaf], masks: Mapping[int, int]) -> None:
        """Find the notes whose normalised text holds the leaves' needles.

        What the index found of a word of one term need not be looked into: it matches, and scores no more.
        """
        for leaf in leaves:
            if isinstance(leaf.item, Word) and leaf.finding_bits.bit_count() == 1:
                bits = leaf.finding_bits | leaf.other_bits
                leaf.held = {note_id for note_id, mask in masks.items() if mask & bits}
            needles = [needle for needle in leaf.needles if needle]
            known = () if self.explains else leaf.held
            leaf.exact = self.catalog.exact_scan.find_holders(needles, besides=known)
            if isinstance(leaf.item, Prefix) and leaf.needles[0][:1].isascii():
                leaf.exact = self._beginning_with(leaf.needles[0], leaf.exact)

    def _beginning_with(self, needle: str, note_ids: set[int]) -> set[int]:
        """Return the notes in which a word begins with the needle; Japanese has no such borders."""
        kept = set()
        for note_id in note_ids:
            text = self.catalog.select("SELECT normalized FROM texts WHERE note_id = ?", (note_id,))[0][0]
            at = text.find(needle)
            while at > 0 and text[at - 1].isascii() and text[at - 1].isalnum():
                at = text.find(needle, at + 1)
            if at >= 0:
                kept.add(note_id)
        return kept


@record
class _Tree:
    """The set algebra of a query."""

    leaves: Mapping[TextItem, Leaf]
    masks: Mapping[int, int]
    filter_ids: Callable[[Filter], set[int]]
    all_ids: Callable[[], set[int]]

    def query_ids(self, query: Query) -> set[int]:
        """Return the notes that a query, or a group of one, lets through."""
        required: list[set[int]] = []
        free: list[Item] = []
        asks_text = False
        for clause in query.clauses:
            if clause.sign == "-" or self._is_weak(clause):
                continue
            if clause.sign == "+" or holds_always(clause.item):
                required.append(self.item_ids(clause.item, strict=clause.sign == "+"))
                asks_text = asks_text or has_text(clause.item)
            else:
                free.append(clause.item)
        if free and not asks_text:
            required.append(self._any_of(free))
        ids = set.intersection(*sorted(required, key=len)) if required else self.all_ids()
        for clause in query.clauses:
            if clause.sign == "-":
                ids = ids - self.item_ids(clause.item, strict=True)
        return ids

    def item_ids(self, item: Item | Not, *, strict: bool) -> set[int]:
        """Return the notes that an item matches; strictly, a word of several terms asks for all of them."""
        if isinstance(item, Query):
            return self.query_ids(item)
        if isinstance(item, AnyOf):
            return set().union(*(self.item_ids(one, strict=strict) for one in item.items))
        if isinstance(item, Not):
            return self.all_ids() - self.item_ids(item.item, strict=True)
        if isinstance(item, Filter):
            return self.filter_ids(item)
        if isinstance(item, Saved):
            raise TypeError(item)  # expanded before
        leaf = self.leaves[item]
        if strict and leaf.finding_bits | leaf.other_bits:
            return leaf.exact | {note_id for note_id, mask in self.masks.items() if leaf.is_held_whole(mask)}
        return self._any_of([item])

    def _any_of(self, items: Sequence[Item]) -> set[int]:
        """Return the union; all words in one pass over what the index found."""
        found: set[int] = set()
        bits = 0
        for item in items:
            if isinstance(item, TextItem):
                leaf = self.leaves[item]
                if not leaf.weak:
                    found |= leaf.exact
                    bits |= leaf.finding_bits | leaf.other_bits
            else:
                found |= self.item_ids(item, strict=False)
        if bits:
            found.update(note_id for note_id, mask in self.masks.items() if mask & bits)
        return found

    def _is_weak(self, clause: Clause) -> bool:
        return not clause.sign and isinstance(clause.item, Word) and self.leaves[clause.item].weak


def holds_always(item: Item | Not) -> bool:
    """Tell whether an item without a sign is asked for all the same."""
    if isinstance(item, AnyOf):
        return any(holds_always(one) for one in item.items)
    if isinstance(item, Query):
        return any(clause.sign == "+" or holds_always(clause.item) for clause in item.clauses)
    return isinstance(item, Phrase | Filter | Not)


def has_text(item: Item | Not) -> bool:
    """Tell whether an item asks for anything in the text; if not, free words beside it are asked for themselves."""
    if isinstance(item, AnyOf):
        return any(has_text(one) for one in item.items)
    if isinstance(item, Query):
        return any(clause.sign != "-" and has_text(clause.item) for clause in item.clauses)
    return isinstance(item, TextItem)


def _score(leaves: Collection[Leaf], matches: Matches, ids: set[int], notes: int) -> dict[int, float]:
    """Return the score of each matching note: what its terms and exact words weigh, less what it leaves out."""
    scores, masks = dict(matches.scores), dict(matches.masks)
    if unknown := ids - scores.keys():
        scores.update(dict.fromkeys(unknown, 0.0))
        masks.update(dict.fromkeys(unknown, 0))
    for leaf in leaves:
        rarity = importance(len(leaf.exact | leaf.held), notes)
        several = leaf.finding_bits.bit_count() > 1
        for note_id in (leaf.exact - leaf.held) & ids:
            if several:
                scores[note_id] += COMPOUND_WEIGHT * rarity
            elif not masks[note_id] & leaf.bits:
                scores[note_id] += rarity * (PART_WEIGHT if leaf.bits else 1.0)
            masks[note_id] |= leaf.bits
        if leaf.other_bits:
            masks = {note_id: mask | leaf.bits if mask & leaf.other_bits else mask for note_id, mask in masks.items()}
    asked = reduce(or_, (leaf.bits & ~leaf.other_bits for leaf in leaves), 0)
    rarities = [rarity if asked >> at & 1 else 0.0 for at, rarity in enumerate(matches.importance)]
    shares = _Shares(rarities)
    return {note_id: scores[note_id] * shares[masks[note_id] & asked] for note_id in ids}


class _Shares(dict[int, float]):
    """What is left of a score for the terms a note holds, by mask."""

    def __init__(self, rarities: Sequence[float]) -> None:
        super().__init__()
        self.rarities = rarities
        self.total = sum(rarities)

    def __missing__(self, mask: int) -> float:
        covered = sum(rarity for at, rarity in enumerate(self.rarities) if mask >> at & 1)
        share = 1 - COVERAGE_SHARE * (1 - covered / self.total) if self.total else 1.0
        self[mask] = share
        return share
