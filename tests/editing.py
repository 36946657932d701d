"""A note in an editor, without the editor: ``|`` is the cursor."""

from dataclasses import dataclass, field
from pathlib import Path

from notevault.lsp.completion import Completion, complete
from notevault.lsp.document import Document
from notevault.lsp.fixes import Fix, find_fixes, fix_all
from notevault.lsp.hover import find_hover, render_plain
from notevault.lsp.session import Session
from notevault.lsp.targets import find_target
from notevault.model import Diagnostic

MEETING = """\
---
template: meeting
title: 商談議事録
fields:
  date: {type: date, required: true}
  customer: {type: customer, required: true, also: [訪問先], hint: 会社名}
  channel:
    type: choice
    required: true
    choices: {visit: [訪問, 来社], phone: [電話]}
  contacts: {type: people, also: [先方]}
  owner: {type: person}
  deal: {type: text}
  stage: {type: stage}
  amount: {type: money, required_from: 提案, hint: 税抜の総額}
  revisit: {type: month}
  signed: {type: bool}
  competitors: {type: list}
sections:
  事実: {required: true, also: [Facts], min_chars: 5}
  行動: {required: true, todo: open_deal}
---
## 事実
<!-- 見聞きしたこと -->
## 行動
<!-- 次に誰が何を -->
"""
OWNERS = '[owners]\nsato = {name = "佐藤健一", also = ["佐藤"]}\nito = {name = "伊藤彩"}\n'


@dataclass
class Editor:
    """One document of a vault, open."""

    root: Path
    path: str = "m/new.md"
    session: Session = field(default_factory=Session)

    @property
    def uri(self) -> str:
        return (self.root / self.path).as_uri()

    def type(self, text: str) -> tuple[Document, int]:
        """Put the text, and return it read with the cursor."""
        self.session.put(self.uri, 1, text.replace("|", "", 1))
        document = self.session.read(self.uri)
        assert document is not None
        return document, max(text.find("|"), 0)

    def complete(self, text: str) -> list[Completion]:
        document, offset = self.type(text)
        return complete(document, self.session.known(document.vault), offset)

    def offers(self, text: str) -> list[str]:
        """Return what would be written."""
        return [completion.text for completion in self.complete(text)]

    def hover(self, text: str) -> str:
        document, offset = self.type(text)
        found = find_hover(document, self.session.known(document.vault), offset)
        return render_plain(found) if found else ""

    def follow(self, text: str) -> str | None:
        """Return ``path:line`` of what the word at the cursor leads to."""
        document, offset = self.type(text)
        found = find_target(document, self.session.known(document.vault), offset)
        return f"{found.path.relative_to(self.root).as_posix()}:{found.line}" if found else None

    def check(self, text: str) -> tuple[Diagnostic, ...]:
        self.type(text)
        return self.session.check(self.uri) or ()

    def fixes(self, text: str) -> list[Fix]:
        document, offset = self.type(text)
        return find_fixes(document, self.session.check(self.uri) or (), offset, offset)

    def fix_all(self, text: str) -> Fix | None:
        document, _offset = self.type(text)
        return fix_all(document, self.session.known(document.vault))
