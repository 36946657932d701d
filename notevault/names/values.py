"""What the resolver takes and gives."""

from enum import StrEnum

from notevault.records import record


class Reason(StrEnum):
    """Why a mention is a customer, or why it is none."""

    EXACT = "exact"
    """The registered name itself, legal form and its place included."""
    NAME_KEY = "name_key"
    """The registered name but for legal form, width, case or blanks."""
    ALIAS = "alias"
    KANA = "kana"
    ENGLISH = "english"
    GROUP = "group"
    """The name of a legal entity that has one customer."""
    CORPORATE_NUMBER = "corporate_number"
    DOMAIN = "domain"
    PLACE = "place"
    """One of several of this name, told apart by place, group or corporate number."""
    BRANCH = "branch"
    """The company, a part of it or a person there being named as well."""
    AMBIGUOUS = "ambiguous"
    """Several customers; a person has to say which."""
    LEGAL_FORM = "legal_form"
    """A customer of this name has another legal form: 合同会社 is not 株式会社."""
    UNKNOWN = "unknown"


@record
class RegisteredCustomer:
    """A customer as the team keeps it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    kana: str | None = None
    name_en: str | None = None
    group: str | None = None
    """The legal entity (法人) that it belongs to."""
    corporate_number: str | None = None
    domain: str | None = None
    place: str | None = None


@record
class Candidate:
    """A customer that a mention may mean."""

    customer: str
    likeness: float
    """From 0 to 1; 1 only where nothing but a person can tell the customers apart."""
    why: str
    """A word for what is alike: ``name``, ``prefix``, ``abbreviation``, ``reading``, ``initials`` …"""


@record
class Resolution:
    """What a mention is."""

    mention: str
    customer: str | None
    """Id of the customer; None where that is not certain."""
    reason: Reason
    candidates: tuple[Candidate, ...] = ()
    """Best first."""
