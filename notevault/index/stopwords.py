"""Words too common to rank by; the exact scan still finds them where nothing else was asked."""

from typing import Final

_ENGLISH: Final = """
a about after all also an and any are as at be because been before being but by can could did do does done for from had
has have he her hers him his how i if in into is it its just me more most my no nor not of off on once only or other our
ours out over own same she should so some such than that the their theirs them then there these they this those through
to too under until up upon us very was we were what when where which while who whom whose why will with would you your
yours
"""

_JAPANESE: Final = """
為る 居る 有る 成る 出来る おる 御座る 頂く 下さる 致す 貰う 呉れる 仕舞う 仰る 言う よる 因る 於く おく 対する
関する つく こと 事 為 物 もの 様 よう 所 ところ 訳 わけ 方 時 とき 等 など 的
"""

STOP_WORDS: Final = frozenset(_ENGLISH.split())
"""English function words, in the line of Snowball's stop list."""

STOP_TERMS: Final = frozenset(_JAPANESE.split())
"""Normal forms of Sudachi that are nouns, verbs or suffixes by name only."""
