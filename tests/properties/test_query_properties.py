from hypothesis import event, given, settings
from hypothesis import strategies as st

from notevault.errors import QueryError
from notevault.query import (
    AnyOf,
    Clause,
    Filter,
    Fuzzy,
    Item,
    Not,
    Phrase,
    Prefix,
    Query,
    Saved,
    Word,
    parse_query,
    render_query,
)

characters = st.sampled_from([*'ab12見積のＡー-－+＋*＊~～@＠:：()（）"“”＂\\.<>=/', "OR", "AND", "NOT", "https"])
texts = st.lists(characters, min_size=1, max_size=6).map("".join)
phrases = (
    st.lists(st.one_of(characters, st.just(" ")), min_size=1, max_size=6).map("".join).filter(lambda t: t.strip() != "")
)
names = st.sampled_from(["customer", "顧客", "due", "lost_reason"])
leaves: st.SearchStrategy[Item] = st.one_of(
    texts.map(lambda text: Word(text=text)),
    phrases.map(lambda text: Phrase(text=text)),
    texts.map(lambda text: Prefix(text=text)),
    texts.map(lambda text: Fuzzy(text=text)),
    texts.map(lambda name: Saved(name=name)),
    st.builds(lambda name, value: Filter(name=name, value=value), names, texts),
    st.builds(lambda name, value: Filter(name=name, value=value, exact=True), names, phrases),
)


def groups(inner: st.SearchStrategy[Item]) -> st.SearchStrategy[Query]:
    either = st.lists(st.one_of(inner, inner.map(lambda item: Not(item=item))), min_size=2, max_size=3).map(
        lambda items: AnyOf(items=tuple(items))
    )
    clauses = st.one_of(
        st.builds(lambda item, sign: Clause(item=item, sign=sign), inner, st.sampled_from(["", "+", "-"])),
        st.builds(
            lambda item, sign: Clause(item=item, sign="" if isinstance(item.items[0], Not) else sign),
            either,
            st.sampled_from(["", "+"]),
        ),
    )
    return st.lists(clauses, min_size=1, max_size=3).map(lambda found: Query(clauses=tuple(found)))


queries = groups(st.recursive(leaves, groups, max_leaves=5))


@settings(max_examples=60, deadline=None)
@given(queries)
def test_what_is_rendered_is_read_back(query: Query) -> None:
    assert parse_query(render_query(query)) == query


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.one_of(characters, st.just(" ")), max_size=30).map("".join)))
def test_any_text_is_read_or_refused_at_a_character_of_it(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as refused:
        column = refused.column
        event("refused")
    else:
        column = 1
        assert parse_query(render_query(query)) == query
    assert 1 <= column <= len(text) + 1
