"""A template refined: proposals gathered so that most notes pass, and carried out in the template's text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from notevault.atomic import ChangedMeanwhileError, create_file, replace_file
from notevault.catalog import Catalog
from notevault.config import Settings, spelling_key
from notevault.errors import FileChangedError, WriteRefusedError
from notevault.messages import gettext as _
from notevault.note import digest_of
from notevault.records import record
from notevault.refine import template_text as text_of
from notevault.refine.corpus import Corpus, Scope, iter_notes, read_corpus
from notevault.refine.proposals import Action, Part, Proposal
from notevault.refine.propose import propose
from notevault.scalars import quote_scalar
from notevault.template import Templates, heading_key
from notevault.template.folder import load_templates
from notevault.template.placeholders import find_path_fault, safe_name

FOLDER: Final = "templates"
_YEAR: Final = "{date:%Y}"
_MONTH: Final = "{date:%Y-%m}"


@record
class Refinement:
    """The proposals for one template, and the text they are to be carried out in."""

    name: str
    file: str
    """Inside the vault: ``templates/meeting.md``."""
    text: str
    """Of the current template, or of an empty one."""
    digest: str | None
    """Of the template's bytes; None where there is no file yet."""
    version: int
    """That the template gets."""
    notes: int
    proposals: tuple[Proposal, ...]
    folder: str = ""
    """Where the notes of a first template are, with ``{date:%Y}`` for a year."""


def make_refinement(
    catalog: Catalog, settings: Settings, templates: Templates, scope: Scope, root: Path, *, today: date
) -> Refinement:
    """Return the proposals for the template of ``scope.type``, made from the notes of ``scope``."""
    with catalog.snapshot():
        notes = tuple(iter_notes(catalog, settings, templates, scope))
        corpus = read_corpus(catalog, notes)
    name = scope.type or ""
    template = templates.get(name)
    proposals = propose(corpus, template, settings, today=today)
    if template is None:
        file = f"{FOLDER}/{safe_name(name)}.md"
        text = text_of.first_template(name)
        return Refinement(
            name=name,
            file=file,
            text=text,
            digest=None,
            version=1,
            notes=len(notes),
            proposals=proposals,
            folder=_find_folder(corpus),
        )
    data = (root / template.file).read_bytes()
    return Refinement(
        name=name,
        file=template.file,
        text=data.decode("utf-8-sig"),
        digest=digest_of(data),
        version=template.version + 1,
        notes=len(notes),
        proposals=proposals,
    )


def apply_proposals(refinement: Refinement, accepted: Iterable[Proposal], settings: Settings) -> str:
    """Return the template's text with the accepted proposals carried out and its version raised.

    Raises TemplateTextError where the text is written in a way that cannot be changed in place.
    """
    chosen = tuple(accepted)
    text = refinement.text
    if refinement.folder:
        text = _with_path(text, refinement.folder, chosen, settings)
    for proposal in chosen:
        text = _apply_to_field(text, proposal) if proposal.part is Part.FIELD else _apply_to_section(text, proposal)
    if refinement.digest is not None and chosen:
        text = text_of.set_value(text, ("version",), str(refinement.version))
    return text


def preview_templates(root: Path, refinement: Refinement, text: str, settings: Settings) -> Templates:
    """Return the vault's templates as they would be with the new text. Raises SettingsError naming every fault."""
    with TemporaryDirectory(prefix="notevault-") as temporary:
        folder = Path(temporary) / FOLDER
        folder.mkdir()
        for path in (root / FOLDER).glob("*.md"):
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / Path(refinement.file).name).write_bytes(text.encode())
        return load_templates(folder, settings)


def write_template(root: Path, refinement: Refinement, text: str) -> None:
    """Write the template where its file is still the one that was read.

    Raises FileChangedError, WriteRefusedError.
    """
    path = root / refinement.file
    try:
        if refinement.digest is None:
            create_file(str(path), text.encode())
        else:
            bom = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
            replace_file(str(path), bom + text.encode(), refinement.digest)
    except ChangedMeanwhileError as error:
        raise FileChangedError(refinement.file) from error
    except FileExistsError as error:
        raise WriteRefusedError(refinement.file, _("something of that name is there already")) from error
    except OSError as error:
        raise WriteRefusedError(refinement.file, error.strerror or str(error)) from error


def _apply_to_field(text: str, proposal: Proposal) -> str:
    place = ("fields", proposal.name)
    match proposal.action:
        case Action.ADD:
            return text_of.add_entry(text, ("fields",), proposal.name, _field_yaml(proposal))
        case Action.RENAME:
            return _rename(text, proposal, "fields")
        case Action.REQUIRE | Action.RELAX:
            return text_of.set_value(text, (*place, "required"), "true" if proposal.required else "false")
        case Action.RETYPE:
            return text_of.set_value(text, (*place, "type"), proposal.type or "any")
        case Action.CHOICES:
            return _add_choices(text, proposal)
        case Action.DROP:
            return text_of.remove_entry(text, place)


def _apply_to_section(text: str, proposal: Proposal) -> str:
    place = ("sections", proposal.name)
    match proposal.action:
        case Action.ADD:
            pairs = [("also", text_of.flow_list(proposal.also))] if proposal.also else []
            if proposal.required or not pairs:
                pairs = [("required", "true" if proposal.required else "false"), *pairs]
            text = text_of.add_entry(text, ("sections",), proposal.name, text_of.flow_mapping(pairs))
            return text_of.add_heading(text, proposal.name, proposal.level)
        case Action.RENAME:
            return _rename(text, proposal, "sections")
        case Action.REQUIRE | Action.RELAX:
            text = text_of.set_value(text, (*place, "required"), "true" if proposal.required else "false")
            return text_of.add_heading(text, proposal.name, proposal.level) if proposal.required else text
        case Action.DROP:
            return text_of.remove_heading(text_of.remove_entry(text, place), proposal.name)
        case Action.RETYPE | Action.CHOICES:
            raise ValueError(proposal.action)


def _field_yaml(proposal: Proposal) -> str:
    pairs = [("type", proposal.type)] if proposal.type else []
    pairs += [("required", "true")] if proposal.required else []
    pairs += [("also", text_of.flow_list(proposal.also))] if proposal.also else []
    if proposal.choices:
        plain = not any(choice.also for choice in proposal.choices)
        names = [choice.choice for choice in proposal.choices]
        entries = [(choice.choice, text_of.flow_list(choice.also)) for choice in proposal.choices]
        pairs.append(("choices", text_of.flow_list(names) if plain else text_of.flow_mapping(entries)))
    return text_of.flow_mapping(pairs) if pairs else ""


def _rename(text: str, proposal: Proposal, table: str) -> str:
    """Take one name for another: the old one stays readable as ``also``, and ``renamed`` tells migrate."""
    new = proposal.to or ""
    if text_of.find_node(text, (table, proposal.name)) is not None:
        text = text_of.rename_entry(text, (table, proposal.name), new)
        if table == "sections":
            text = text_of.rename_heading(text, proposal.name, new)
    if not _is_same(proposal.name, new, table):
        text = text_of.add_item(text, (table, new, "also"), proposal.name)
    return text_of.set_value(text, ("renamed", proposal.name), quote_scalar(new, flow=True))


def _is_same(one: str, other: str, table: str) -> bool:
    key = spelling_key if table == "fields" else heading_key
    return key(one) == key(other)


def _add_choices(text: str, proposal: Proposal) -> str:
    place = ("fields", proposal.name, "choices")
    text = text_of.with_mapping(text, place) if any(choice.also for choice in proposal.choices) else text
    for choice in proposal.choices:
        if not text_of.holds_mapping(text, place):
            text = text_of.add_item(text, place, choice.choice)
            continue
        if text_of.find_node(text, (*place, choice.choice)) is None:
            text = text_of.add_entry(text, place, choice.choice, text_of.flow_list(choice.also))
            continue
        for spelling in choice.also:
            text = text_of.add_item(text, (*place, choice.choice), spelling)
    return text


def _find_folder(corpus: Corpus) -> str:
    """Return the folder that most of the notes are in, as a template's path has it.

    A year or a month (``2026``, ``2026-11``) that is the note's own is read from the date.
    """
    folders: Counter[str] = Counter()
    for note in corpus.notes.values():
        dated = {note.day[:4]: _YEAR, note.day[:7]: _MONTH} if note.day else {}
        folders["/".join(dated.get(part, part) for part in note.path.split("/")[:-1])] += 1
    best = min(folders, key=lambda folder: (-folders[folder], folder), default="")
    plain = best.replace(_YEAR, "2000").replace(_MONTH, "2000-01")
    usable = find_path_fault(plain) is None and "{" not in plain
    return best if usable and folders[best] * 2 > len(corpus.notes) else ""


def _with_path(text: str, folder: str, chosen: Sequence[Proposal], settings: Settings) -> str:
    """Say where new notes go, named by day and by customer or title where the template has such a field."""
    added = {settings.find_key(one.name) for one in chosen if one.action is Action.ADD and one.part is Part.FIELD}
    named = next((key for key in ("customer", "title", "name") if key in added), None)
    path = f"{folder}/{{date}}" + (f" {{{named}}}" if named else "")
    return text_of.set_value(text, ("path",), quote_scalar(path))
