"""A line about people to who they are: 情報システム部 課長 鈴木花子様, 山田社長【決裁者】, ``Taro Yamada (CTO)``.

What a word is follows from the word alone; a word that is nothing else is taken as the name. ``raw`` keeps the line.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from notevault.model import PersonMention
from notevault.names.company_words import ends_like_company
from notevault.names.kanji import OLD_KANJI
from notevault.names.key import parse_name
from notevault.names.titles import (
    FIELDS_OF_WORK,
    HONORIFIC,
    SALUTATION,
    TITLE,
    TITLE_AT_END,
    find_role,
    is_department,
)
from notevault.values import normalize_phone, parse_email

MAX_LENGTH: Final = 300
"""A longer line is no mention of a person; its beginning is read."""

_EMAIL: Final = r"(?i)(?:e-?mail|mail|メール)?\s*[:：]?\s*<?(?:mailto:)?([\w.+'-]{1,64}@[\w.-]{1,190}\w)>?"
_PHONE: Final = (
    r"(?i)(?:tel|phone|電話|携帯|直通|mobile|℡)?\s*[.:：]?\s*(\+?\(?\d[\d() -]{8,20}\d(?:\s*\(?内線\s*\d{1,6}\)?)?)"
)
_BRACKET: Final = r"[(\[【〔<《「]([^()\[\]【】〔〕<>《》「」]{0,60})[)\]】〕>》」]"
_OTHERS: Final = r"\s*(?:ほか|他|外)\s*(?:\d{1,3}|[一二三四五六七八九十数]+)?\s*[名人].{0,10}$|\s*(?:ほか|他)$"
_JOINED: Final = r"(様|さま|さん|氏|殿|先生)[・と](?=[^\s・]{1,12}(?:様|さま|さん|氏|殿|先生))"
_FORM: Final = "株式会社|有限会社|合同会社|\\(株\\)|㈱"
_RULES: Final = " \t-=*_~#|─━―◇◆□■○●"
"""What signatures are framed with."""
_FAX: Final = r"(?i)(?:fax|ファックス)\b.*"
_SEPARATOR: Final = r"[、,，;；\n]|\s[/／&＆]\s|[/／＆](?=\S)"
_WIDE: Final = r"[\uff01-\uff60\uffe0-\uffe6\u3000]+|[\uff61-\uff9f]+"


@dataclass(slots=True)
class _Found:
    """What the words of a line have said so far."""

    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    role: str | None = None


@lru_cache(maxsize=4096)
def parse_person(text: str) -> PersonMention:
    """Return the person that a line is about; ``name`` is the whole line where nothing in it is a name."""
    line = re.sub(_WIDE, lambda match: unicodedata.normalize("NFKC", match[0]), text[:MAX_LENGTH]).strip()
    line = line.removeprefix("[[").removesuffix("]]").strip()
    rest, email = _take_email(line)
    rest, phone = _take_phone(rest)
    found = _Found()
    rest = re.sub(_BRACKET, lambda match: _read_bracket(match[1].strip(), found), rest)
    _read_line(re.sub(_OTHERS, "", rest), found)
    if len(found.names) > 1 and not found.companies and ends_like_company(found.names[0]):
        found.companies.append(found.names.pop(0))
    return PersonMention(
        raw=text,
        name=" ".join(found.names) or (line if not email or found.titles or found.departments else email),
        title=" ".join(found.titles) or None,
        department=" ".join(found.departments) or None,
        company=" ".join(found.companies) or None,
        email=email,
        phone=phone,
        role=found.role,
    )


def split_people(text: str) -> list[str]:
    """Return the people of a list: 山田様、鈴木様 (経理) gives two; a title after a comma stays with its person."""
    people: list[str] = []
    for part in _split_outside_brackets(text):
        for one in _split_at_honorifics(part):
            words = one.split()
            if not words or re.fullmatch(_OTHERS, one):
                continue
            if people and all(_is_no_name(word) for word in [one, *words]):
                people[-1] = f"{people[-1]}, {one}"
            else:
                people.append(one)
    return people


@lru_cache(maxsize=8192)
def person_key(name: str) -> str:
    """Return what the spellings of one person's name have in common: width, case, blanks and old kanji left out.

    Latin names have their words in order of the alphabet (Taro Yamada, YAMADA Taro). Only a blank name has the key "".
    """
    key = _fold_person(name)
    while (shorter := _fold_person(key)) != key:  # a title may come to stand at the end: 山田様.
        key = shorter
    return key


def _fold_person(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[:MAX_LENGTH]).casefold())
    folded = folded.translate(OLD_KANJI).strip()
    while (shorter := re.sub(HONORIFIC, "", folded).strip()) != folded and shorter:
        folded = shorter
    words = re.findall(r"[^\W_]+", folded)
    if words and folded.isascii():
        words.sort()
        return " ".join(words)
    return "".join(words) or "".join(folded.split())


def parse_signature(block: str) -> PersonMention | None:
    """Return the person whose signature stands under a mail, or None where the lines name nobody."""
    found, name, email, phone = _Found(), "", None, None
    for written in block.splitlines()[:30]:
        line = re.sub(_WIDE, lambda match: unicodedata.normalize("NFKC", match[0]), written[:MAX_LENGTH])
        line, address = _take_email(line.strip(_RULES))
        line, number = _take_phone(re.sub(_FAX, "", line))
        email, phone = email or address, phone or number
        if address or number or re.search(r"\d|https?:|@|〒", line):
            continue
        words = _Found()
        _read_line(re.sub(_BRACKET, "", line), words)
        found.titles += words.titles
        found.departments += words.departments
        found.companies += words.companies
        if not name and 0 < len(words.names) <= 3 and len("".join(words.names)) <= 30:  # noqa: PLR2004 -- a name
            name = " ".join(words.names)
    if not name:
        return None
    return PersonMention(
        raw=block,
        name=name,
        title=" ".join(found.titles) or None,
        department=" ".join(found.departments) or None,
        company=found.companies[0] if found.companies else None,
        email=email,
        phone=phone,
    )


def _take_email(line: str) -> tuple[str, str | None]:
    found = re.search(_EMAIL, line) if "@" in line else None
    address = parse_email(found[1]) if found else None
    if not found or not address:
        return line, None
    return f"{line[: found.start()]} {line[found.end() :]}", address


def _take_phone(line: str) -> tuple[str, str | None]:
    found = re.search(_PHONE, line)
    number = normalize_phone(found[1]) if found else None
    if not found or not number:
        return line, None
    return f"{line[: found.start()]} {line[found.end() :]}", number


def _read_bracket(inside: str, found: _Found) -> str:
    """Read what stands in brackets into ``found``; return what takes its place in the line."""
    for word in re.split(r"[、,/・]\s*" if inside.isascii() else r"[、,/・\s]+", inside):
        role = find_role(word)
        if role:
            found.role = found.role or role
        elif re.fullmatch(TITLE, word):
            found.titles.append(word)
        elif is_department(word):
            found.departments.append(word)
        elif parse_name(word).form or ends_like_company(word):
            found.companies.append(word)
    return f"({inside})" if parse_name(f"({inside})x").form else " "


def _read_line(line: str, found: _Found) -> None:
    line = re.sub(SALUTATION, "", line.strip(" 、,・:"))
    line = re.sub(rf"\s+(?=(?:{_FORM})(?:\s|$))|(?:(?<=\s)|^)({_FORM})\s+", r"\1", line)
    if line.isascii():
        name, _comma, title = line.partition(",")
        _read_latin(name.strip(), title.strip(), found)
        return
    for word in re.split(r"[\s:]+", line):
        _read_word(word.strip("、,・/"), found)


def _read_latin(name: str, title: str, found: _Found) -> None:
    if title and re.fullmatch(TITLE, title):
        found.titles.append(title)
    elif title:
        name = f"{name} {title}"
    if is_department(name):
        found.departments.append(name)
    elif parse_name(name).form:
        found.companies.append(name)
    elif re.fullmatch(TITLE, name):
        found.titles.append(name)
    elif name:
        found.names.append(re.sub(HONORIFIC, "", name).strip() or name)


def _read_word(word: str, found: _Found) -> None:
    left, of, right = word.partition("の")
    if of and right and (_is_no_name(left) or ends_like_company(left) or parse_name(left).form):
        _read_word(left, found)
        _read_word(right, found)
        return
    bare = re.sub(HONORIFIC, "", word)
    polite = bare != word and bool(bare)
    word = bare or word
    if role := find_role(word):
        found.role = found.role or role
    elif re.fullmatch(TITLE, word):
        found.titles.append(word)
    elif parse_name(word).form and not polite:
        found.companies.append(word)
    elif is_department(word) and not polite:
        found.departments.append(word)
    elif (title := re.search(TITLE_AT_END, word)) and title.start():
        _read_titled(word[: title.start()], title[0], found)
    elif word and not re.fullmatch(HONORIFIC, word):
        found.names.append(word)


def _read_titled(before: str, title: str, found: _Found) -> None:
    """Read 山田部長, 情報システム部課長, 営業部長."""
    if is_department(before) and before not in FIELDS_OF_WORK:
        found.departments.append(before)
        found.titles.append(title)
    elif before in FIELDS_OF_WORK:
        found.titles.append(before + title)
    else:
        found.titles.append(title)
        _read_word(before, found)


def _is_no_name(word: str) -> bool:
    bare = re.sub(HONORIFIC, "", re.sub(r"[()（）【】]", "", word))
    return bool(find_role(bare) or re.fullmatch(TITLE, bare) or is_department(bare))


def _split_outside_brackets(text: str) -> list[str]:
    parts, start, depth, place, separator = [], 0, 0, 0, re.compile(_SEPARATOR)
    while place < len(text):
        sign = text[place]
        depth = max(0, depth + (sign in "(（【[<「") - (sign in ")）】]>」"))
        found = separator.match(text, place) if not depth else None
        if found:
            parts.append(text[start:place].strip())
            start = place = found.end()
        else:
            place += 1
    return [*parts, text[start:].strip()]


def _split_at_honorifics(text: str) -> list[str]:
    """Part 山田様 鈴木様 and 山田部長 鈴木課長, where every word is a person with honorific or title."""
    words = re.sub(_JOINED, r"\1 ", text).split()
    people = [
        re.search(HONORIFIC, word) or ((title := re.search(TITLE_AT_END, word)) and title.start()) for word in words
    ]
    if len(words) > 1 and all(people) and not any(_is_no_name(word) for word in words):
        return words
    return [text]
