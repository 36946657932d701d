"""The hearing sheet: what is known of each customer, what is not, and what must be known by which stage."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.names.people import parse_person
from notevault.records import record
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.learned import (
    MOST_BOUND,
    Answer,
    LearnedAnswer,
    Question,
    is_past,
    load_answers,
    make_questions,
    summarize_answers,
)
from notevault.report.rows import parse_iso
from notevault.template import Templates
from notevault.template.rules import is_reached


class Knowledge(StrEnum):
    """How well a question is answered."""

    KNOWN = "known"
    STALE = "stale"
    CONTRADICTED = "contradicted"
    UNKNOWN = "unknown"


@record
class CoverageItem:
    """One question to one customer."""

    key: str
    label: str
    level: str | None
    state: Knowledge
    due: bool
    """Must be known at the stage that the customer is in."""
    required_from: str | None
    """Key of a stage."""
    value: str | None
    date: date | None
    age_days: int | None
    path: str | None
    hint: str
    history: tuple[Answer, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it should be asked."""
        return self.state is not Knowledge.KNOWN


@record
class CustomerCoverage:
    """One customer. Its fields are the contract of ``report coverage --json``."""

    id: str
    customer: str
    owner: str | None
    status: str
    stage: str | None
    """Of its newest open deal."""
    known: int
    asked: int
    missing: int
    """Due at this stage, and not known."""
    items: tuple[CoverageItem, ...]
    others: tuple[LearnedAnswer, ...]
    """Learned, though no template or setting asks for it."""


class HearingSheets:
    """The questions of a vault, and what its customers have answered."""

    def __init__(
        self, catalog: Catalog, settings: Settings, templates: Templates, today: date, *, language: str
    ) -> None:
        self._catalog = catalog
        self._settings = settings
        self._today = today
        self.questions = make_questions(settings, templates, language)
        self.asked = tuple(question for question in self.questions.values() if self._is_asked(question))

    def _is_asked(self, question: Question) -> bool:
        stage = self._settings.stages.get(question.required_from or "")
        return stage is not None and stage.state != "lost"

    def fill_in(self, customers: Sequence[CustomerLine] | None = None) -> tuple[CustomerCoverage, ...]:
        """Return the sheets of these customers, or of all."""
        lines = customers if customers is not None else list_customers(self._catalog, self._settings, self._today)
        ids = [line.id for line in lines] if len(lines) <= MOST_BOUND else None
        answers = load_answers(self._catalog, self._settings, ids)
        fields = self._load_fields(ids)
        return tuple(self._fill_in(line, answers.get(line.id, {}), fields.get(line.id, {})) for line in lines)

    def _fill_in(
        self, line: CustomerLine, said: Mapping[str, Sequence[Answer]], fields: Mapping[str, Answer]
    ) -> CustomerCoverage:
        learned = {one.key: one for one in summarize_answers(said, self._settings, self.questions, self._today)}
        order = {stage: at for at, stage in enumerate(self._settings.stages)}
        items = [self._make_item(question, line, learned, fields) for question in self.asked]
        items.sort(key=lambda item: order.get(item.required_from or "", len(order)))
        keys = {question.key for question in self.asked}
        return CustomerCoverage(
            id=line.id,
            customer=line.name,
            owner=line.owner,
            status=line.status,
            stage=line.stage,
            known=sum(item.state is Knowledge.KNOWN for item in items),
            asked=len(items),
            missing=sum(item.due and item.is_open for item in items),
            items=tuple(items),
            others=tuple(one for key, one in learned.items() if key not in keys),
        )

    def _make_item(
        self,
        question: Question,
        line: CustomerLine,
        learned: Mapping[str, LearnedAnswer],
        fields: Mapping[str, Answer],
    ) -> CoverageItem:
        answer = learned.get(question.key)
        field = fields.get(question.key)
        required = self._settings.stages.get(question.required_from or "")
        found = answer or field
        age = (self._today - found.date).days if found and found.date else None
        stale = answer.stale if answer else field is not None and self._is_stale(field, question, age)
        if found is None:
            state = Knowledge.UNKNOWN
        elif answer and answer.contradiction:
            state = Knowledge.CONTRADICTED
        else:
            state = Knowledge.STALE if stale else Knowledge.KNOWN
        return CoverageItem(
            key=question.key,
            label=question.label,
            level=question.level,
            state=state,
            due=is_reached(self._settings.stages.get(line.stage or ""), required),
            required_from=question.required_from,
            value=found.value if found else None,
            date=found.date if found else None,
            age_days=age,
            path=found.path if found else None,
            hint=question.hint,
            history=answer.history if answer else (),
        )

    def _is_stale(self, field: Answer, question: Question, age: int | None) -> bool:
        too_old = bool(question.stale_after and age is not None and age > question.stale_after)
        return too_old or is_past(field.value, field.date or self._today, self._today)

    def _load_fields(self, ids: Sequence[str] | None) -> dict[str, dict[str, Answer]]:
        """Return the newest value of each asked front matter key, by customer."""
        keys = [question.key for question in self.asked]
        condition = f" AND n.customer_id IN ({marks(ids)})" if ids is not None else ""
        rows = self._catalog.select(
            "SELECT n.customer_id, f.key, f.value, f.line, n.day, n.path, n.owner FROM fields f"
            f" JOIN notes n ON n.id = f.note_id WHERE f.key IN ({marks(keys)}) AND n.customer_id IS NOT NULL"
            f" AND n.copy_of IS NULL{condition} ORDER BY n.day, n.path, f.position DESC",
            [*keys, *(ids or ())],
        )
        found: dict[str, dict[str, Answer]] = defaultdict(dict)
        for row in rows:
            found[row["customer_id"]][row["key"]] = Answer(
                value=_person(row["value"]) if row["key"] == "contacts" else row["value"],
                date=parse_iso(row["day"]),
                path=row["path"],
                line=row["line"],
                owner=row["owner"],
                level=None,
            )
        return found


def _person(written: str) -> str:
    """Return name and title of a contact, without the addresses beside them."""
    person = parse_person(written)
    return " ".join(filter(None, (person.name, person.title))) if person.email or person.phone else written
