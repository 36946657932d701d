"""The words of a query, one by one: with which terms and spellings each is looked for in text index and texts."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Final

from notevault.errors import QueryError
from notevault.index import NoteIndex, WeighedTerm
from notevault.index.analysis import Token, is_function_word, iter_tokens, loanword
from notevault.index.spellings import other_needles, other_terms
from notevault.query import AnyOf, Fuzzy, Item, Not, Phrase, Prefix, Query, Word, parse_query
from notevault.text import normalize

LOANWORD_WEIGHT: Final = 0.4
"""server finds サーバー, but below what says server."""
SIMILAR_WEIGHT: Final = 0.7
SPELLING_WEIGHT: Final = 0.8
"""打合 finds 打ち合わせ, but below what says 打合."""
_SHORT_WORD: Final = 8
_JOINTS: Final = str.maketrans("", "", "-'’&/.")

TextItem = Word | Phrase | Prefix | Fuzzy


class Leaf:
    """One text item of a query, prepared for index and scan."""

    def __init__(self, item: TextItem, *, negative: bool) -> None:
        self.item = item
        self.needles: tuple[str, ...] = (normalize(item.text),)
        """Normalised texts that the exact scan looks for; the first is the item as written."""
        self.surfaces: tuple[tuple[str, str], ...] = ()
        """Each term with the piece of the query it was read from."""
        self.finding: frozenset[str] = frozenset()
        """Those of the terms of which one is enough for a match; the others only add to the score."""
        self.others: tuple[tuple[str, float], ...] = ()
        """Terms that stand for it at a lower weight."""
        self.negative = negative
        self.weak = False
        """A function word beside others that are none: it neither finds nor ranks."""
        self.bits = 0
        """Of all its terms, in the masks of :class:`Matches`."""
        self.finding_bits = 0
        self.other_bits = 0
        self.exact: set[int] = set()
        """Notes that hold a needle; of those in :attr:`held` only where an explanation is asked for."""
        self.held: set[int] = set()
        """Notes in which the index found all of the word, so that their text says no more."""

    def is_held_whole(self, mask: int) -> bool:
        """Tell whether a note with these terms holds every part of the word, or one that stands for it."""
        if mask & self.other_bits:
            return True
        return self.finding_bits != 0 and mask & self.finding_bits == self.finding_bits


def load_words(text: str) -> None:
    """Load what the words of a query need, its dictionary first of all; faults of the query are told by who asks it."""
    with suppress(QueryError):
        for item in collect_leaves(parse_query(text)):
            list(iter_tokens(normalize(item.text)))


def collect_leaves(query: Query) -> dict[TextItem, Leaf]:
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
            leaf = leaves.setdefault(item, Leaf(item, negative=True))
            leaf.negative = leaf.negative and negative

    visit(query, negative=False)
    return leaves


def prepare_leaves(leaves: Collection[Leaf], index: NoteIndex) -> None:
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


def number_terms(leaves: Collection[Leaf]) -> tuple[WeighedTerm, ...]:
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
