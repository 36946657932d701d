"""From a mention to the customer it names, by keys alone; see :mod:`notevault.names.key`.

Where keys do not settle it, nothing is guessed: :mod:`notevault.names.likeness` proposes, on request.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final

from notevault.names.kanji import katakana
from notevault.names.key import NameParts, fold_name, kana_key, name_key, parse_name
from notevault.names.legal_forms import are_compatible, split_after_form
from notevault.names.units import is_place, is_unit, iter_splits, split_brackets
from notevault.names.values import Candidate, Reason, RegisteredCustomer, Resolution
from notevault.records import record
from notevault.values import find_domain, normalize_corporate_number

FREE_MAIL: Final = frozenset(
    (
        *("gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.com", "ymail.ne.jp", "outlook.com", "outlook.jp"),
        *("hotmail.com", "hotmail.co.jp", "live.jp", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com"),
        *("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "nifty.com"),
        *("biglobe.ne.jp", "so-net.ne.jp", "ocn.ne.jp", "plala.or.jp", "proton.me", "protonmail.com"),
    )
)
"""Domains that say nothing about the company."""


@record
class Clash:
    """A key that several customers answer to; mentions of it are ambiguous."""

    key: str
    reason: Reason
    """What the key is to the first of them: a name, an alias, a reading, an English name, a number, a domain."""
    customers: tuple[str, ...]


@record
class _Entry:
    customer: str
    reason: Reason
    form: str | None
    before: bool


_Table = dict[str, list[_Entry]]


class CustomerResolver:
    """The registered customers, by every key they have."""

    def __init__(self, customers: Iterable[RegisteredCustomer]) -> None:
        self._customers = {customer.id: customer for customer in customers}
        self._own: _Table = defaultdict(list)
        self._kana: _Table = defaultdict(list)
        self._english: _Table = defaultdict(list)
        self._group: _Table = defaultdict(list)
        self._numbers: _Table = defaultdict(list)
        self._domains: _Table = defaultdict(list)
        for customer in sorted(self._customers.values(), key=lambda one: one.id):
            self._register(customer)
        self._find_alike: Callable[..., tuple[Candidate, ...]] | None = None

    @property
    def ids(self) -> Collection[str]:
        """The ids of the customers."""
        return self._customers.keys()

    def resolve(self, mention: str) -> Resolution:
        """Return the customer that a mention names, or why that is not certain.

        Candidates are given where keys alone lead to several customers; :meth:`explain` adds those that are only alike.
        """
        text = fold_name(mention)
        found = (
            self._by_name(text) or self._by_number(text) or self._by_domain(text) or self._by_parts(text)
            if text
            else None
        )
        if found is None:
            return Resolution(mention=mention, customer=None, reason=Reason.UNKNOWN)
        return replace(found, mention=mention)

    def explain(self, mention: str, *, limit: int = 5) -> Resolution:
        """Return :meth:`resolve`, with up to ``limit`` candidates where it found no customer."""
        found = self.resolve(mention)
        if found.customer is not None or len(found.candidates) >= limit:
            return found
        known = {candidate.customer for candidate in found.candidates}
        alike = [one for one in self.propose(mention, limit=limit) if one.customer not in known]
        return replace(found, candidates=(*found.candidates, *alike)[:limit])

    def propose(self, mention: str, *, limit: int = 5, least: float = 0.2) -> tuple[Candidate, ...]:
        """Return the customers most like a mention, best first; the first call builds the index for it.

        With a ``least`` of 0.7 or more many mentions are answered fast.
        """
        if self._find_alike is None:
            from notevault.names.likeness import LikenessIndex  # noqa: PLC0415 -- most runs ask for no likeness

            self._find_alike = LikenessIndex(self._customers.values()).find
        return self._find_alike(mention, limit=limit, least=least)

    def clashes(self) -> tuple[Clash, ...]:
        """Return every key that more than one customer answers to, in a fixed order."""
        names: dict[str, list[_Entry]] = defaultdict(list)
        for table in (self._own, self._kana, self._english):
            for key, entries in table.items():
                names[key] += entries
        return tuple(
            Clash(key=key, reason=table[key][0].reason, customers=ids)
            for table in (names, self._numbers, self._domains)
            for key in sorted(table)
            if len(ids := _ids(table[key])) > 1
        )

    def _register(self, customer: RegisteredCustomer) -> None:
        self._add(self._own, customer, customer.name, Reason.NAME_KEY)
        for alias in customer.aliases:
            self._add(self._own, customer, alias, Reason.ALIAS)
        self._add(self._english, customer, customer.name_en, Reason.ENGLISH)
        self._add(self._group, customer, customer.group, Reason.GROUP)
        if customer.kana and (key := kana_key(customer.kana)):
            form = parse_name(customer.kana).form
            self._kana[key].append(_Entry(customer=customer.id, reason=Reason.KANA, form=form, before=False))
        number = normalize_corporate_number(customer.corporate_number or "")
        domain = find_domain(customer.domain or "")
        for keyed, unique, reason in (
            (self._numbers, number, Reason.CORPORATE_NUMBER),
            (self._domains, domain, Reason.DOMAIN),
        ):
            if unique and unique not in FREE_MAIL:
                keyed[unique].append(_Entry(customer=customer.id, reason=reason, form=None, before=False))

    def _add(self, table: _Table, customer: RegisteredCustomer, name: str | None, reason: Reason) -> None:
        parts = parse_name(name) if name else None
        if parts and parts.core:
            entry = _Entry(customer=customer.id, reason=reason, form=parts.form, before=parts.before)
            table[parts.core].append(entry)

    def _by_name(self, text: str, hints: tuple[str, ...] = ()) -> Resolution | None:
        parts = parse_name(text)
        if not parts.core:
            return None
        # a name that is also another customer's reading or English name is one key of two customers
        entries = [
            *self._own.get(parts.core, ()),
            *self._kana.get(katakana(parts.core), ()),
            *self._english.get(parts.core, ()),
        ]
        entries = entries or self._group.get(parts.core, [])
        return self._decide(parts, entries, hints) if entries else None

    def _by_number(self, text: str) -> Resolution | None:
        number = normalize_corporate_number(text) if text[-1:].isdigit() else None
        entries = self._numbers.get(number) if number else None
        return self._decide(NameParts(core=text), entries, ()) if entries else None

    def _by_domain(self, text: str) -> Resolution | None:
        domain = find_domain(text) if "." in text and not text.isspace() else None
        while domain and "." in domain:
            if entries := self._domains.get(domain):
                return self._decide(NameParts(core=text), entries, ())
            domain = domain.partition(".")[2]
        return None

    def _by_parts(self, text: str) -> Resolution | None:
        """Take off a bracket, then parts of the company."""
        if brackets := split_brackets(text):
            outer, inner = brackets
            found = self._by_name(outer, (inner,)) or self._by_units(outer, (inner,))
            if found:
                return self._confirm(found, inner)
        return self._by_unit_name(text, ()) or self._by_units(text, ())

    def _by_units(self, text: str, hints: tuple[str, ...]) -> Resolution | None:
        for company, rest in iter_splits(text):
            more = (*hints, *rest.split())
            found = self._by_name(company, more) or self._by_unit_name(company, more)
            if found:
                told_apart = found.customer is None or found.reason is Reason.PLACE
                return found if told_apart else replace(found, reason=Reason.BRANCH)
        return None

    def _by_unit_name(self, text: str, hints: tuple[str, ...]) -> Resolution | None:
        """Look for a unit that is a customer, its company's legal form before it: 山田工業株式会社 大阪支店."""
        parts = split_after_form(text)
        if parts is None or not all(is_unit(word) for word in parts[1].split()):
            return None
        found = self._by_name(f"{parse_name(parts[0]).core} {parts[1]}", hints)
        return replace(found, reason=Reason.NAME_KEY) if found and found.reason is Reason.EXACT else found

    def _confirm(self, found: Resolution, inner: str) -> Resolution:
        """Keep a customer only where what stands in brackets does not speak against it."""
        if found.customer is None or found.reason is Reason.PLACE:
            return found
        customer, other = self._customers[found.customer], self._by_name(inner)
        if other and other.customer != found.customer:
            ids = sorted({found.customer, *(one.customer for one in other.candidates), *filter(None, [other.customer])})
            return _undecided(ids, Reason.AMBIGUOUS)
        elsewhere = is_place(inner) and customer.place and not _hints_at(customer, inner)
        if not elsewhere and (other or is_unit(inner) or is_place(inner) or _hints_at(customer, inner)):
            return replace(found, reason=Reason.BRANCH)
        return _undecided([found.customer], Reason.UNKNOWN)

    def _decide(self, parts: NameParts, entries: list[_Entry], hints: tuple[str, ...]) -> Resolution:
        fitting = [entry for entry in entries if are_compatible(entry.form, parts.form)]
        ids = _ids(fitting)
        if not ids:
            return _undecided(_ids(entries), Reason.LEGAL_FORM)
        if len(ids) == 1:
            return Resolution(mention="", customer=ids[0], reason=_reason(parts, fitting))
        exact = _ids(
            entry for entry in fitting if parts.form and (entry.form, entry.before) == (parts.form, parts.before)
        )
        if len(exact) == 1:
            return Resolution(mention="", customer=exact[0], reason=Reason.EXACT)
        hinted = [one for one in ids if any(_hints_at(self._customers[one], hint) for hint in hints)]
        if len(hinted) == 1:
            return Resolution(mention="", customer=hinted[0], reason=Reason.PLACE)
        return _undecided(ids, Reason.AMBIGUOUS)


def _ids(entries: Iterable[_Entry]) -> tuple[str, ...]:
    return tuple(sorted({entry.customer for entry in entries}))


def _is_same_name(parts: NameParts, entry: _Entry) -> bool:
    return entry.form == parts.form and entry.before == parts.before and entry.reason is Reason.NAME_KEY


def _reason(parts: NameParts, entries: list[_Entry]) -> Reason:
    if any(_is_same_name(parts, entry) for entry in entries):
        return Reason.EXACT
    return entries[0].reason  # names come before aliases, these before readings


def _undecided(ids: Iterable[str], reason: Reason) -> Resolution:
    candidates = tuple(Candidate(customer=one, likeness=1.0, why="name") for one in ids)
    return Resolution(mention="", customer=None, reason=reason, candidates=candidates)


def _hints_at(customer: RegisteredCustomer, hint: str) -> bool:
    """Say whether a word names the customer's place, group or corporate number."""
    key, number = name_key(hint), normalize_corporate_number(hint)
    return bool(
        (customer.place and len(key) > 1 and name_key(customer.place).startswith(key))
        or (customer.group and name_key(customer.group) == key)
        or (number and normalize_corporate_number(customer.corporate_number or "") == number)
    )
