"""Japanese addresses taken apart without losing a character: state, city and street joined give the address again."""

import re
from typing import Final, NamedTuple

_ASCII: Final = str.maketrans("０１２３４５６７８９－ー−‐　", "0123456789---- ")
_POSTAL: Final = re.compile(r"\s*〒?\s*(\d{3})-?(\d{4})(?!\d)[\s,、]*")
_STATE: Final = re.compile(r"東京都|北海道|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[^\s\d都道府県]{2})県")
_PLAIN: Final = r"[^\s\d市区町村郡]"
_ODD_CITIES: Final = (
    "四日市|廿日市|野々市|市川|市原|町田|大町|十日町|村上|村山|東村山|武蔵村山|羽村|田村|大村"
    "|郡山|大和郡山|蒲郡|郡上|小郡"
)
_CITY: Final = re.compile(
    rf"(?:{_ODD_CITIES})市|(?:{_PLAIN}|[市村]){{1,4}}郡[^\s\d郡]{{1,6}}?[町村](?!山|田|町)"
    rf"|{_PLAIN}{{1,6}}市(?:{_PLAIN}{{1,4}}区)?|{_PLAIN}{{1,4}}区|{_PLAIN}{{1,5}}[町村]"
)


class Address(NamedTuple):
    """An address in the parts that CRMs ask for."""

    postal_code: str
    state: str
    city: str
    street: str
    country: str
    """``JP`` where a prefecture is named, else empty."""


def split_address(text: str) -> Address:
    """Return the parts of 〒123-4567 大阪府東大阪市稲田西町4-5-6; what cannot be told apart stays in ``street``."""
    text = text.strip()
    same_length = text.translate(_ASCII)
    postal = _POSTAL.match(same_length)
    rest = text[postal.end() :] if postal else text
    code = f"{postal[1]}-{postal[2]}" if postal else ""
    state = _STATE.match(rest)
    after = rest[state.end() :] if state else rest
    city = _CITY.match(after) if state else None
    return Address(
        postal_code=code,
        state=state[0] if state else "",
        city=city[0] if city else "",
        street=after[city.end() :] if city else after,
        country="JP" if state else "",
    )
