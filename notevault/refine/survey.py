"""What a team really writes: keys, headings, values and ToDos, how often, since when, by whom, and how alike.

Read from the catalogue; nothing is written. The fields of the values here are the contract of ``survey --json``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.check.rule import find_template
from notevault.config import Settings
from notevault.records import record
from notevault.refine.alike import MOST_NAMES, Name, NameGroup, find_meaning, find_rank, find_usual, group_names
from notevault.refine.corpus import Corpus, HeadingFacts, KeyFacts, Scope, iter_notes, read_corpus
from notevault.refine.kinds import Kind, infer_kinds
from notevault.refine.template_use import FieldFill, OwnSection, iter_templates, list_fields, list_own_sections
from notevault.refine.todo_spellings import TodoSpelling, read_todo_spellings
from notevault.template import Template, Templates, heading_key
from notevault.text import normalize, printable_path

Progress = Callable[[int, int], None]

_EXAMPLES: Final = 5
_LONGEST_EXAMPLE: Final = 60
_MOST_OWNERS: Final = 5
_MOST_VALUES: Final = 500
_MOST_HEADINGS: Final = 300
"""So many headings are listed, the commonest first; the number of all is kept."""


@record
class Count:
    """A word and how often it occurs."""

    name: str
    count: int


@record
class TypeUse:
    """Notes of one type; None for those that give none."""

    type: str | None
    notes: int
    template: str | None


@record
class KeyUse:
    """One front matter key as spelled."""

    key: str
    means: str | None
    """Canonical key of the settings."""
    notes: int
    share: float
    """Of the notes looked at, 0 to 1."""
    filled: int
    """Notes that give it a value."""
    first: str | None
    """Day of the first note that has it."""
    last: str | None
    owners: tuple[Count, ...]
    kind: str
    kind_share: float
    values: int
    """How many different values."""
    examples: tuple[Count, ...]


@record
class HeadingUse:
    """One heading, spellings that differ only in numbering, brackets, width or case taken together."""

    heading: str
    spellings: tuple[Count, ...]
    level: int
    notes: int
    share: float
    filled: int
    first: str | None
    last: str | None
    owners: tuple[Count, ...]


@record
class AlikeName:
    """A name of a cluster."""

    name: str
    notes: int
    likeness: float
    why: str
    examples: tuple[str, ...]


@record
class Cluster:
    """Names that may be one."""

    sort: str
    """``key`` or ``heading``."""
    name: str
    """What the others may be called."""
    notes: int
    """Notes that have any of them."""
    members: tuple[AlikeName, ...]
    """The leading name first."""


@record
class UsedOnce:
    """A key that one note alone has."""

    key: str
    value: str
    path: str


@record
class Survey:
    """What the notes looked at hold."""

    notes: int
    unreadable: int
    """Notes whose front matter could not be read."""
    first: str | None
    last: str | None
    owners: tuple[Count, ...]
    types: tuple[TypeUse, ...]
    keys: tuple[KeyUse, ...]
    headings: tuple[HeadingUse, ...]
    heading_count: int
    clusters: tuple[Cluster, ...]
    todos: tuple[TodoSpelling, ...]
    used_once: tuple[UsedOnce, ...]
    fields: tuple[FieldFill, ...]
    """Every field of the templates concerned, the emptiest first."""
    own_sections: tuple[OwnSection, ...]


def make_survey(catalog: Catalog, settings: Settings, templates: Templates, scope: Scope, *, today: date) -> Survey:
    """Survey the notes of ``scope`` as the catalogue knows them."""
    with catalog.snapshot():
        notes = tuple(iter_notes(catalog, settings, templates, scope))
        corpus = read_corpus(catalog, notes)
        todos = read_todo_spellings(catalog, notes)
    days = sorted(note.day for note in notes if note.day)
    kinds = infer_kinds(corpus, settings, today)
    return Survey(
        notes=len(notes),
        unreadable=sum(not note.parsed for note in notes),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        owners=_owners(corpus, corpus.notes),
        types=_types(corpus, settings, templates),
        keys=tuple(_key_use(facts, corpus, settings, kinds[facts.name]) for facts in ranked_keys(corpus)),
        headings=tuple(_heading_use(facts, corpus) for facts in ranked_headings(corpus)[:_MOST_HEADINGS]),
        heading_count=len(corpus.headings),
        clusters=tuple(_clusters(corpus, settings, templates, kinds)),
        todos=todos,
        used_once=tuple(_used_once(corpus)),
        fields=tuple(list_fields(corpus, settings, templates)),
        own_sections=tuple(list_own_sections(corpus, settings, templates)),
    )


def ranked_keys(corpus: Corpus) -> list[KeyFacts]:
    """Return the keys, the commonest first."""
    return sorted(corpus.keys.values(), key=lambda facts: (-len(facts.notes), facts.name))


def ranked_headings(corpus: Corpus) -> list[HeadingFacts]:
    """Return the headings, the commonest first."""
    return sorted(corpus.headings.values(), key=lambda facts: (-len(facts.notes), facts.name))


def group_keys(
    corpus: Corpus,
    settings: Settings,
    kinds: Mapping[str, Kind],
    *,
    leaders: tuple[str, ...] = (),
    extra: Sequence[Name] = (),
) -> tuple[NameGroup, ...]:
    """Return the groups of keys that may be one; ``extra`` are names that no note has."""
    names = [
        Name(
            name=facts.name,
            notes=frozenset(facts.notes),
            meaning=settings.find_key(facts.name) or "",
            values=frozenset([normalize(value) for _note, value in facts.values if len(value) > 1][:_MOST_VALUES]),
            group=_type_group(facts, kinds[facts.name]),
            rank=find_rank(facts.name, settings.keys.get(settings.find_key(facts.name) or "", ())),
        )
        for facts in ranked_keys(corpus)[:MOST_NAMES]
    ]
    return group_names([*names, *extra], leaders=leaders)


def group_headings(
    corpus: Corpus,
    settings: Settings,
    templates: Sequence[Template] = (),
    *,
    leaders: tuple[str, ...] = (),
    extra: Sequence[Name] = (),
) -> tuple[NameGroup, ...]:
    """Return the groups of headings that may be one; ``templates`` say which of them they take for one."""
    agreed = {
        heading_key(spelling): rule.heading
        for template in reversed(templates)
        for rule in template.sections
        for spelling in (*rule.also, rule.heading)
    }
    by_meaning = {find_meaning(heading): heading for heading in reversed(list(agreed.values()))}
    names = []
    for facts in ranked_headings(corpus)[:MOST_NAMES]:
        general = find_meaning(facts.name) or settings.find_key(facts.name) or ""
        meaning = agreed.get(facts.key) or (by_meaning.get(general, general) if general else "")
        rank = find_rank(facts.name, find_usual(facts.name))
        names.append(Name(name=facts.name, notes=frozenset(facts.notes), meaning=meaning, rank=rank))
    return group_names([*names, *extra], leaders=leaders)


def _type_group(facts: KeyFacts, kind: Kind) -> str:
    """Return what kind of value a key holds, '' where too few are known to tell."""
    if len({value for _note, value in facts.values}) < 2:  # noqa: PLR2004 -- one value may be anything
        return ""
    name = kind.type.value
    return {"date": "day", "datetime": "day", "month": "day", "number": "sum", "money": "sum"}.get(
        name, name if name in ("bool", "url", "email", "phone", "corporate_number") else "words"
    )


def _types(corpus: Corpus, settings: Settings, templates: Templates) -> tuple[TypeUse, ...]:
    counts = Counter(note.type for note in corpus.notes.values())
    found = []
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0] or "")):
        template = find_template(name, templates, settings)
        found.append(TypeUse(type=name, notes=count, template=template.name if template else None))
    return tuple(found)


def _key_use(facts: KeyFacts, corpus: Corpus, settings: Settings, kind: Kind) -> KeyUse:
    counts = Counter(value for _note, value in facts.values)
    first, last = _days(corpus, facts.notes)
    return KeyUse(
        key=facts.name,
        means=settings.find_key(facts.name),
        notes=len(facts.notes),
        share=round(len(facts.notes) / max(len(corpus.notes), 1), 4),
        filled=len(facts.filled),
        first=first,
        last=last,
        owners=_owners(corpus, facts.notes),
        kind=kind.type.value,
        kind_share=round(kind.share, 4),
        values=len(counts),
        examples=_counted(counts, _EXAMPLES),
    )


def _heading_use(facts: HeadingFacts, corpus: Corpus) -> HeadingUse:
    first, last = _days(corpus, facts.notes)
    return HeadingUse(
        heading=facts.name,
        spellings=_counted(facts.spellings, _EXAMPLES),
        level=min(facts.levels, key=lambda level: (-facts.levels[level], level)),
        notes=len(facts.notes),
        share=round(len(facts.notes) / max(len(corpus.notes), 1), 4),
        filled=len(facts.filled),
        first=first,
        last=last,
        owners=_owners(corpus, facts.notes),
    )


def _clusters(corpus: Corpus, settings: Settings, templates: Templates, kinds: Mapping[str, Kind]) -> Iterable[Cluster]:
    for group in group_keys(corpus, settings, kinds):
        yield _cluster("key", group, lambda name: _values(corpus.keys[name]))
    headings = {facts.name: facts for facts in corpus.headings.values()}
    concerned = [template for template, _notes in iter_templates(corpus, settings, templates)]
    for group in group_headings(corpus, settings, concerned):
        yield _cluster("heading", group, lambda name: _paths(corpus, headings[name].notes))


def _cluster(sort: str, group: NameGroup, examples: Callable[[str], tuple[str, ...]]) -> Cluster:
    leader = AlikeName(
        name=group.leader.name,
        notes=len(group.leader.notes),
        likeness=1.0,
        why="",
        examples=examples(group.leader.name),
    )
    others = tuple(
        AlikeName(
            name=name.name, notes=len(name.notes), likeness=like.share, why=like.why, examples=examples(name.name)
        )
        for name, like in group.others
    )
    notes = group.leader.notes.union(*(name.notes for name, _like in group.others))
    return Cluster(sort=sort, name=group.leader.name, notes=len(notes), members=(leader, *others))


def _values(facts: KeyFacts) -> tuple[str, ...]:
    counts = Counter(value for _note, value in facts.values)
    return tuple(one.name for one in _counted(counts, 3))


def _paths(corpus: Corpus, notes: Iterable[int]) -> tuple[str, ...]:
    return tuple(printable_path(path) for path in sorted(corpus.notes[note].path for note in notes)[:2])


def _used_once(corpus: Corpus) -> Iterable[UsedOnce]:
    for facts in sorted(corpus.keys.values(), key=lambda facts: facts.name):
        if len(facts.notes) == 1:
            value = facts.values[0][1] if facts.values else ""
            path = corpus.notes[next(iter(facts.notes))].path
            yield UsedOnce(key=facts.name, value=_short(value), path=path)


def _days(corpus: Corpus, notes: Iterable[int]) -> tuple[str | None, str | None]:
    days = [day for note in notes if (day := corpus.notes[note].day)]
    return (min(days), max(days)) if days else (None, None)


def _owners(corpus: Corpus, notes: Iterable[int]) -> tuple[Count, ...]:
    counts = Counter(owner for note in notes if (owner := corpus.notes[note].owner))
    return _counted(counts, _MOST_OWNERS)


def _counted(counts: Counter[str], most: int) -> tuple[Count, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(name=_short(name), count=count) for name, count in ranked[:most])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_EXAMPLE else line[: _LONGEST_EXAMPLE - 1] + "…"
