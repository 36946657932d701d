"""A query tree against catalogue and text index: which notes match, and how well before their texts are looked at."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.errors import QueryError
from notevault.filters import FilterReader
from notevault.index import Matches, NoteIndex, WeighedTerm
from notevault.index.analysis import Token, is_function_word, iter_tokens, loanword
from notevault.index.ranking import importance
from notevault.index.spellings import other_needles, other_terms
from notevault.messages import gettext as _
from notevault.query import AnyOf, Clause, Filter, Fuzzy, Item, Not, Phrase, Prefix, Query, Saved, Word, parse_query
from notevault.records import record
from notevault.text import closest, normalize

LOANWORD_WEIGHT: Final = 0.4
"""server finds サーバー, but below what says server."""
SIMILAR_WEIGHT: Final = 0.7
SPELLING_WEIGHT: Final = 0.8
"""打合 finds 打ち合わせ, but below what says 打合."""
COMPOUND_WEIGHT: Final = 0.5
"""What a word of several terms counts where it stands as written, beside what its terms count."""
PART_WEIGHT: Final = 0.3
"""What a word counts inside another one: 京都 in 東京都."""
COVERAGE_SHARE: Final = 0.3
"""How much of the score is lost where a note holds none of the query's words, in proportion."""
_SAVED_DEPTH: Final = 5
_SHORT_WORD: Final = 8
_JOINTS: Final = str.maketrans("", "", "-'’&/.")

TextItem = Word | Phrase | Prefix | Fuzzy


@dataclass(slots=True, kw_only=True)
class Leaf:
    """One text item of a query, prepared for index and scan."""

    item: TextItem
    needles: tuple[str, ...]
    """Normalised texts that the exact scan looks for; the first is the item as written."""
    surfaces: tuple[tuple[str, str], ...] = ()
    """Each term with the piece of the query it was read from."""
    finding: frozenset[str] = frozenset()
    """Those of the terms of which one is enough for a match; the others only add to the score."""
    others: tuple[tuple[str, float], ...] = ()
    """Terms that stand for it at a lower weight."""
    negative: bool = False
    weak: bool = False
    """A function word beside others that are none: it neither finds nor ranks."""
    bits: int = 0
    """Of all its terms, in the masks of :class:`Matches`."""
    finding_bits: int = 0
    other_bits: int = 0
    exact: set[int] = field(default_factory=set)
    """Notes that hold a needle, but for those in :attr:`held`."""
    held: set[int] = field(default_factory=set)
    """Notes whose text was not looked into, as the index found the word in them."""

    def is_held_whole(self, mask: int) -> bool:
        """Tell whether a note with these terms holds every part of the word, or one that stands for it."""
        if mask & self.other_bits:
            return True
        return self.finding_bits != 0 and mask & self.finding_bits == self.finding_bits


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
        leaves = _collect(query)
        _prepare(leaves.values(), self.index)
        terms = _number_terms(leaves.values())
        matches = self.index.search(terms) if terms else Matches(scores={}, masks={}, importance=())
        self._scan([leaf for leaf in leaves.values() if not leaf.weak], matches.masks)
        ids = _Tree(leaves, matches.masks, self.filters.note_ids, self._all_ids).query_ids(query)
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
            if isinstance(leaf.item, Word) and leaf.finding_bits.bit_count() == 1 and not self.explains:
                bits = leaf.finding_bits | leaf.other_bits
                leaf.held = {note_id for note_id, mask in masks.items() if mask & bits}
            needles = [needle for needle in leaf.needles if needle]
            leaf.exact = self.catalog.exact_scan.find_holders(needles, besides=leaf.held)
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


@dataclass(frozen=True, slots=True)
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


def _collect(query: Query) -> dict[TextItem, Leaf]:
    """Return the text items of a query; one that is asked for anywhere counts as asked for."""
    leaves: dict[TextItem, Leaf] = {}

    def visit(item: Item | Not, *, negative: bool) -> None:
        if isinstance(item, Query):
            for clause in item.clauses:
                visit(clause.item, negative=negative or clause.sign == "-")
        elif isinstance(item, AnyOf):
            for one in item.items:
                visit(one, negative=negative)
        elif isinstance(item, Not):
            visit(item.item, negative=True)
        elif isinstance(item, TextItem):
            leaf = leaves.setdefault(item, Leaf(item=item, needles=(normalize(item.text),), negative=True))
            leaf.negative = leaf.negative and negative

    visit(query, negative=False)
    return leaves


def _prepare(leaves: Collection[Leaf], index: NoteIndex) -> None:
    """Read the leaves' terms, and find the function words among them."""
    strong = False
    for leaf in leaves:
        if isinstance(leaf.item, Word):
            _read_terms(leaf)
        elif isinstance(leaf.item, Fuzzy):
            _read_similar(leaf, index)
        leaf.weak = isinstance(leaf.item, Word) and not leaf.negative and is_function_word(leaf.needles[0])
        strong = strong or not (leaf.weak or leaf.negative)
    if not strong:
        for leaf in leaves:
            leaf.weak = False


def _read_terms(leaf: Leaf) -> None:
    tokens = list(iter_tokens(leaf.needles[0]))
    leaf.surfaces = tuple((token.term, leaf.needles[0][token.start : token.end]) for token in tokens)
    leaf.finding = frozenset(_finding_terms(leaf.needles[0], tokens))
    if len(tokens) == 1 and tokens[0].end - tokens[0].start == len(leaf.needles[0]):
        loan = loanword(leaf.needles[0])
        leaf.others = ((loan, LOANWORD_WEIGHT),) if loan else ()
    spelled = other_terms(leaf.needles[0], tuple(tokens))
    leaf.others += tuple((term, SPELLING_WEIGHT) for term in spelled)
    leaf.needles += other_needles(leaf.needles[0])


def _finding_terms(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the terms that make a match by themselves.

    Of a word of several terms these are the parts of more than one letter, so that scrambled letters match nothing; of
    a code, address or URL the whole alone.
    """
    if len({token.term for token in tokens}) == 1:
        yield tokens[0].term
        return
    whole: set[tuple[int, int]] = set()
    for token in tokens:
        span = (token.start, token.end)
        surface = text[token.start : token.end]
        is_code = surface.isascii() and not surface.translate(_JOINTS).isalpha()
        if is_code and span in whole:
            continue
        whole.add(span)
        if len(surface) > 1:
            yield token.term


def _read_similar(leaf: Leaf, index: NoteIndex) -> None:
    needle = leaf.needles[0]
    swapped = (needle[:at] + needle[at + 1] + needle[at] + needle[at + 2 :] for at in range(len(needle) - 1))
    leaf.needles = (needle, *swapped) if len(needle) <= _SHORT_WORD else (needle,)
    _read_terms(leaf)
    terms = {token.term for token in iter_tokens(needle)} or {needle}
    similar = {near: SIMILAR_WEIGHT for term in terms for near in index.similar_terms(term)}
    leaf.others = tuple({**similar, **dict(leaf.others)}.items())


def _number_terms(leaves: Collection[Leaf]) -> tuple[WeighedTerm, ...]:
    """Give each term of the query its bit and weight; what is only excluded weighs nothing."""
    weights: dict[str, float] = {}
    for leaf in leaves:
        if leaf.weak:
            continue
        for term, weight in (*((term, 1.0) for term, _surface in leaf.surfaces), *leaf.others):
            weights[term] = weights.get(term, 0.0) + (0.0 if leaf.negative else weight)
    bit = {term: 1 << at for at, term in enumerate(weights)}
    for leaf in leaves:
        if not leaf.weak:
            leaf.finding_bits = reduce(or_, (bit[term] for term in leaf.finding), 0)
            leaf.other_bits = reduce(or_, (bit[term] for term, _weight in leaf.others), 0)
            leaf.bits = reduce(or_, (bit[term] for term, _surface in leaf.surfaces), leaf.other_bits)
    return tuple(WeighedTerm(term, weight) for term, weight in weights.items())


def _score(leaves: Collection[Leaf], matches: Matches, ids: set[int], notes: int) -> dict[int, float]:
    """Return the score of each matching note: what its terms and exact words weigh, less what it leaves out."""
    scores, masks = dict(matches.scores), dict(matches.masks)
    if unknown := ids - scores.keys():
        scores.update(dict.fromkeys(unknown, 0.0))
        masks.update(dict.fromkeys(unknown, 0))
    for leaf in leaves:
        rarity = importance(len(leaf.exact) + len(leaf.held), notes)
        several = leaf.finding_bits.bit_count() > 1
        for note_id in leaf.exact & ids:
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
