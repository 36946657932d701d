"""The picker of our own, in the terminal: query above, hits below, the note beside. The only user of prompt_toolkit."""

import asyncio
from typing import Final

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import Dimension, HSplit, Layout, VSplit, Window
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from notevault.cli.hits import headline
from notevault.cli.output import clip, plain
from notevault.cli.picking import Finder, Found
from notevault.messages import gettext as _
from notevault.search import Hit
from notevault.text import printable_path

_PAUSE: Final = 0.02
"""Seconds without a key before the query is asked: a burst of keys is one query."""
_PAGE: Final = 10
_HALF: Final = Dimension(preferred=1_000)
"""Of the screen, whatever stands there."""
_STYLE: Final = Style.from_dict(
    {
        "mark": "ansiyellow bold",
        "picked": "reverse",
        "info": "ansibrightblack",
        "number": "ansibrightblack",
        "here": "ansigreen",
        "path": "ansiblue",
    }
)


class _Screen:
    """The state of the picker."""

    def __init__(self, finder: Finder, text: str) -> None:
        self.finder = finder
        self.found: Found = finder.find(text)
        self.asked = text
        self.at = 0
        self.buffer = Buffer(
            multiline=False, document=Document(text, len(text)), on_text_changed=lambda _buffer: self.schedule()
        )
        self.waiting: asyncio.Task[None] | None = None

    @property
    def hit(self) -> Hit | None:
        """The hit that Enter would open."""
        return self.found.hits[self.at] if self.at < len(self.found.hits) else None

    def schedule(self) -> None:
        """Ask once no key has come for a moment."""
        if self.waiting is not None:
            self.waiting.cancel()
        self.waiting = get_app().create_background_task(self._ask_later())

    async def _ask_later(self) -> None:
        await asyncio.sleep(_PAUSE)
        self.ask()
        get_app().invalidate()

    def ask(self) -> None:
        """Bring the hits up to what is typed."""
        if self.buffer.text != self.asked:
            self.asked = self.buffer.text
            self.found = self.finder.find(self.asked)
            self.at = 0

    def move(self, by: int) -> None:
        """Pick another hit of what is typed by now."""
        self.ask()
        self.at = max(0, min(self.at + by, len(self.found.hits) - 1))

    def list_text(self) -> StyleAndTextTuples:
        """Return the hits, the picked one reversed and the cursor on it."""
        width = max(get_app().output.get_size().columns // 2 - 1, 10)
        pieces: StyleAndTextTuples = []
        for at, hit in enumerate(self.found.hits):
            style = "class:picked" if at == self.at else ""
            if at == self.at:
                pieces.append(("[SetCursorPosition]", ""))
            pieces.append((style, clip(headline(hit, self.finder.question.settings), width) + "\n"))
        return pieces

    def info_text(self) -> StyleAndTextTuples:
        keys = _("Enter opens, Esc leaves")
        return [("class:info", f"  {plain(self.found.message)}   {keys}")]

    def preview_text(self) -> StyleAndTextTuples:
        hit = self.hit
        if hit is None:
            return []
        pieces: StyleAndTextTuples = [("class:path", plain(printable_path(hit.path)) + "\n")]
        for line in self.finder.preview(hit, self.found.needles):
            pieces.append(("class:here" if line.is_hit else "class:number", f"{line.number:4} "))
            at = 0
            for span in line.marks:
                pieces.append(("", plain(line.text[at : span.start])))
                pieces.append(("class:mark", plain(line.text[span.start : span.end])))
                at = span.end
            pieces.append(("", plain(line.text[at:]) + "\n"))
        return pieces


def pick_on_screen(
    finder: Finder, text: str, *, source: Input | None = None, screen_output: Output | None = None
) -> Hit | None:
    """Return the hit that was picked, None where the person left."""
    screen = _Screen(finder, text)
    application: Application[Hit | None] = Application(
        layout=_layout(screen),
        key_bindings=_bindings(screen),
        style=_STYLE,
        full_screen=True,
        input=source,
        output=screen_output,
    )
    application.ttimeoutlen = 0.05  # Esc alone leaves at once
    application.timeoutlen = 0.05
    return application.run()


def _layout(screen: _Screen) -> Layout:
    query = Window(BufferControl(buffer=screen.buffer, input_processors=[BeforeInput("> ")]), height=1)
    hits = Window(FormattedTextControl(screen.list_text), width=_HALF, always_hide_cursor=True)
    preview = Window(FormattedTextControl(screen.preview_text), width=_HALF, wrap_lines=True)
    below = VSplit([hits, Window(width=1, char="│", style="class:info"), preview])
    return Layout(
        HSplit([query, Window(FormattedTextControl(screen.info_text), height=1), below]), focused_element=query
    )


def _bindings(screen: _Screen) -> KeyBindings:
    keys = KeyBindings()
    for names, by in (
        (("up", "c-p", "c-k"), -1),
        (("down", "c-n", "c-j"), 1),
        (("pageup",), -_PAGE),
        (("pagedown",), _PAGE),
    ):
        for name in names:
            keys.add(name)(lambda _event, by=by: screen.move(by))

    @keys.add("enter")
    def _accept(event: KeyPressEvent) -> None:
        screen.ask()
        if screen.hit is not None:
            event.app.exit(result=screen.hit)

    @keys.add("escape", eager=True)
    @keys.add("c-c")
    @keys.add("c-g")
    @keys.add("c-d")
    def _leave(event: KeyPressEvent) -> None:
        event.app.exit(result=None)

    return keys
