r"""The query language: text to a tree, and back.

    query  = clause { ["AND"] clause }             notes that hold more of the words come first
    clause = ["+" | "-" | "NOT"] item { "OR" item }
    item   = word | "exact words" | prefix* | like~ | field:value | @saved | ( query )
    field  = type, customer, owner, … : any front matter key, in English or Japanese
    value  = text | "exact text" | from..to | >=value | <=value | >value | <value

Free words are looked for separately and one is enough; ``+`` and ``AND`` ask for a word, ``-`` and ``NOT`` exclude it.
Exact words, fields and saved searches always hold. ``OR`` takes the two items beside it. Full-width ： “ ” （ ） － ＋
and U+3000 mean the same as their narrow forms. A backslash takes a character's meaning away: ``\-5``, ``\OR``.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from notevault.errors import QueryError
from notevault.messages import gettext as _
from notevault.query_tree import (
    ATS,
    CLOSE,
    COLONS,
    ESCAPABLE,
    MINUS,
    OPEN,
    PLUS,
    QUOTES,
    STARS,
    TILDES,
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
    render_query,
)

__all__ = [
    "AnyOf",
    "Clause",
    "Filter",
    "Fuzzy",
    "Item",
    "Not",
    "Phrase",
    "Prefix",
    "Query",
    "Saved",
    "Word",
    "parse_query",
    "render_query",
]

MAX_LENGTH: Final = 1_000
MAX_ITEMS: Final = 64
MAX_DEPTH: Final = 20

_OPERATOR_AS_WORD: Final = r"\\(AND|OR|NOT)(?![^\s()（）])"
_FIELD_NAME: Final = re.compile(r"[^\W\d_][\w.-]{0,39}")
_LONGEST_JAPANESE_NAME: Final = 16
"""What is longer is a sentence with a colon in it."""
_NO_FIELDS: Final = frozenset({"http", "https", "ftp", "file", "mailto", "tel", "urn"})
"""What stands before a colon in addresses."""


class _Char(NamedTuple):
    char: str
    escaped: bool

    def is_one_of(self, chars: str) -> bool:
        return not self.escaped and self.char in chars


def parse_query(text: str) -> Query:
    """Return the tree of a query. Raises QueryError that points at the character.

    Field names, values and saved searches are kept as written; whether they exist is for search to say.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            text,
            1,
            _("{length} characters are too many; {limit} are the limit").format(length=len(text), limit=MAX_LENGTH),
        )
    for at, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs") and not char.isspace():
            raise QueryError(
                text, at + 1, _("a character that cannot be searched: U+{code:04X}").format(code=ord(char))
            )
    return _Parser(text).query(0)


class _Parser:
    """Recursive descent over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.items = 0

    def error(self, at: int, reason: str, hint: str = "") -> QueryError:
        return QueryError(self.text, at + 1, reason, hint)

    def blank(self) -> bool:
        """Skip blanks; tell whether something follows that does not close a group."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def query(self, depth: int) -> Query:
        clauses: list[Clause] = []
        must_next = False
        while self.blank() and not (depth and self.text[self.at] in CLOSE):
            start = self.at
            if self.operator("AND"):
                if not clauses or must_next:
                    raise self.error(start, _("AND needs something before it"))
                must_next = True
                continue
            clause = self.clause(depth)
            if must_next:
                clauses[-1] = _required(clauses[-1])
                clause = _required(clause)
                must_next = False
            clauses.append(clause)
        if must_next:
            raise self.error(len(self.text.rstrip()) - 1, _("AND needs something after it"))
        return Query(clauses=tuple(clauses))

    def operator(self, name: str) -> bool:
        """Read an operator that stands by itself."""
        end = self.at + len(name)
        if self.text[self.at : end] != name:
            return False
        if end < len(self.text) and not (self.text[end].isspace() or self.text[end] in OPEN + CLOSE):
            return False
        self.at = end
        return True

    def clause(self, depth: int) -> Clause:
        sign = self.sign()
        item = self.item(depth)
        items: list[Item | Not] = [Not(item=item) if sign == "-" else item]
        while self.blank():
            start = self.at
            if not self.operator("OR"):
                break
            if not self.blank() or (depth and self.text[self.at] in CLOSE):
                raise self.error(start, _("OR needs something after it"))
            negative = self.sign() == "-"
            item = self.item(depth)
            items.append(Not(item=item) if negative else item)
        if len(items) == 1:
            return Clause(item=item, sign=sign)
        return Clause(item=AnyOf(items=tuple(items)), sign="+" if sign == "+" else "")

    def sign(self) -> str:
        start = self.at
        if self.operator("NOT"):
            if not self.blank():
                raise self.error(start, _("NOT needs something after it"))
            return "-"
        for sign, chars in (("-", MINUS), ("+", PLUS)):
            if self.text[self.at] in chars and not self._stands_alone(chars):
                self.at += 1
                return sign
        return ""

    def _stands_alone(self, chars: str) -> bool:
        following = self.text[self.at + 1 : self.at + 2]
        return not following or following.isspace() or following in chars or following in CLOSE

    def item(self, depth: int) -> Item:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise self.error(self.at, _("more than {limit} words").format(limit=MAX_ITEMS))
        start, char = self.at, self.text[self.at]
        for name in ("OR", "AND"):
            if self.operator(name):
                raise self.error(start, _("{operator} needs something before it").format(operator=name))
        if char in CLOSE:
            raise self.error(start, _("a parenthesis is closed that was not opened"))
        if char in QUOTES:
            return Phrase(text=self.quoted(), column=start + 1)
        if char in OPEN and not self._is_part_of_word():
            return self.group(depth)
        return self.word(depth)

    def _is_part_of_word(self) -> bool:
        """Tell (株)山田 from (株 OR 山田): a word goes on after the parenthesis is closed, and holds no blank."""
        at, depth = self.at, 0
        while at < len(self.text) and not self.text[at].isspace() and self.text[at] not in QUOTES:
            if self.text[at] == "\\":
                at += 2
                continue
            depth += (self.text[at] in OPEN) - (self.text[at] in CLOSE)
            at += 1
            if depth == 0:
                following = self.text[at : at + 1]
                return bool(following) and not following.isspace() and following not in CLOSE
        return False

    def group(self, depth: int) -> Query:
        start = self.at
        if depth >= MAX_DEPTH:
            raise self.error(start, _("parentheses are nested deeper than {limit}").format(limit=MAX_DEPTH))
        self.at += 1
        inner = self.query(depth + 1)
        if self.at >= len(self.text):
            raise self.error(start, _("this parenthesis is not closed"))
        self.at += 1
        if not inner.clauses:
            raise self.error(start, _("nothing stands between the parentheses"))
        return inner

    def quoted(self) -> str:
        start = self.at
        self.at += 1
        chars: list[str] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char in QUOTES:
                if not "".join(chars).strip():
                    raise self.error(start, _("nothing stands between the quotes"))
                return "".join(chars)
            if char == "\\" and self.text[self.at : self.at + 1] in ESCAPABLE and self.at < len(self.text):
                char = self.text[self.at]
                self.at += 1
            chars.append(char)
        raise self.error(start, _("this quote is not closed"))

    def word(self, depth: int) -> Item:
        start = self.at
        if self.text.startswith("\\", start) and (operator := re.compile(_OPERATOR_AS_WORD).match(self.text, start)):
            self.at = operator.end()
            return Word(text=operator[1], column=start + 1)
        chars = self.characters(depth, stop_at_colon=True)
        name = "".join(char for char, _escaped in chars)
        if self.text[self.at : self.at + 1] and self.text[self.at] in COLONS:
            if self._begins_value() and _is_field(chars):
                return self.filter(name, start, depth)
            chars += self.characters(depth, stop_at_colon=False)
        return self._read_word(chars, start)

    def _begins_value(self) -> bool:
        following = self.text[self.at + 1 : self.at + 2]
        return bool(following) and not following.isspace()

    def characters(self, depth: int, *, stop_at_colon: bool) -> list[_Char]:
        """Read to the next blank, or parenthesis that closes a group."""
        chars: list[_Char] = []
        inside = 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace() or (stop_at_colon and char in COLONS):
                break
            if char in CLOSE and not inside and depth:
                break
            escaped = char == "\\" and self.text[self.at + 1 : self.at + 2] in ESCAPABLE - {""}
            self.at += 1
            if escaped and self.at < len(self.text):
                char = self.text[self.at]
                self.at += 1
            else:
                escaped = False
                inside = max(inside + (char in OPEN) - (char in CLOSE), 0)
            chars.append(_Char(char, escaped))
        return chars

    def _read_word(self, chars: list[_Char], start: int) -> Item:
        text = "".join(char for char, _escaped in chars)
        column = start + 1
        if chars[0].is_one_of(ATS) and len(chars) > 1:
            return Saved(name=text[1:], column=column)
        stars = [at for at, char in enumerate(chars) if char.is_one_of(STARS)]
        if stars and (len(chars) == 1 or stars[0] != len(chars) - 1):
            hint = _('put it in quotes to search the character: "{text}"').format(text=text)
            raise self.error(start + stars[0], _("* stands only at the end of a word, for any ending"), hint)
        if stars:
            return Prefix(text=text[:-1], column=column)
        if len(chars) > 1 and chars[-1].is_one_of(TILDES):
            return Fuzzy(text=text[:-1], column=column)
        return Word(text=text, column=column)

    def filter(self, name: str, start: int, depth: int) -> Filter:
        self.at += 1
        value_column = self.at + 1
        exact = self.text[self.at] in QUOTES
        if exact:
            value = self.quoted()
        else:
            value = "".join(char for char, _escaped in self.characters(depth, stop_at_colon=False))
        if not value:
            raise self.error(start, _("{field}: needs a value").format(field=name))
        return Filter(name=name, value=value, exact=exact, column=start + 1, value_column=value_column)


def _is_field(chars: list[_Char]) -> bool:
    name = "".join(char for char, _escaped in chars)
    if any(escaped for _char, escaped in chars) or name.lower() in _NO_FIELDS:
        return False
    if len(name) > _LONGEST_JAPANESE_NAME and not name.isascii():
        return False
    return _FIELD_NAME.fullmatch(name) is not None


def _required(clause: Clause) -> Clause:
    return clause if clause.sign == "-" else Clause(item=clause.item, sign="+")
