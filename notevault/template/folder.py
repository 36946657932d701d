"""The templates of a vault, and those that ship with notevault."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from notevault.config import Settings
from notevault.errors import SettingsError
from notevault.messages import gettext as _
from notevault.model import Span
from notevault.template.placeholders import Placeholder, find_bad_directive, find_path_fault, parse_placeholders
from notevault.template.reader import ReadTemplate, read_template, render_faults, unknown_word
from notevault.template.rules import DATE_TYPES, Template, Templates, heading_key, spell_fields

_ALWAYS_KNOWN: Final = "date"
"""A new note has a day even where its template has no such field."""


def parse_template(path: str, text: str, settings: Settings) -> Template:
    """Return the template of one file that extends no other. Raises SettingsError naming every fault."""
    return _finish([read_template(path, text, settings)], [], settings)[0]


def load_templates(folder: Path, settings: Settings) -> Templates:
    """Read every ``*.md`` of a folder; none where the folder is missing.

    A README is left out unless it begins with front matter. Raises SettingsError naming every fault of every file.
    """
    read: list[ReadTemplate] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        name = f"{folder.name}/{path.name}"
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            faults.append(f"{name}:1:1: " + _("not UTF-8 (byte {at})").format(at=error.start))
        except OSError as error:
            faults.append(f"{name}:1:1: {error.strerror}")
        else:
            if path.stem.casefold() != "readme" or text.startswith("---"):
                read.append(read_template(name, text, settings))
    return Templates(by_name={template.name: template for template in _finish(read, faults, settings)})


def load_template(name: str, own: Templates, settings: Settings, language: str) -> Template:
    """Return the vault's own template of a name, else the one that ships."""
    template = own.get(name)
    if template is not None:
        return template
    text = shipped_templates(language).joinpath(f"{name}.md").read_text(encoding="utf-8")
    return parse_template(f"templates/{name}.md", text, settings)


def shipped_templates(language: str) -> Traversable:
    """Return the folder of the templates that ship for ``en`` or ``ja``."""
    packed = files("notevault").joinpath("_templates", language)
    if packed.is_dir():
        return packed
    return Path(__file__).parents[2] / "templates" / language


def _finish(read: Sequence[ReadTemplate], faults: Sequence[str], settings: Settings) -> list[Template]:
    """Lay under each template what it extends, then look at what only the whole can tell."""
    by_name: dict[str, ReadTemplate] = {}
    found = list(faults)
    for one in read:
        extra = list(one.faults)
        first = by_name.setdefault(one.template.name, one)
        if first is not one and one.template.name:
            message = _("the template '{name}' is already in {file}")
            extra.append((_span(one, "template"), message.format(name=one.template.name, file=first.template.file)))
        found += render_faults(one.template.file, one.text, extra)
    finished = []
    for one in by_name.values():
        extra = []
        template = _extended(one, by_name, extra)
        template = replace(template, field_spellings=spell_fields(template.fields, settings))
        _check_path(one, template, extra)
        _check_skeleton(one, template, extra)
        found += render_faults(one.template.file, one.text, extra)
        finished.append(template)
    if found:
        raise SettingsError(list(dict.fromkeys(found)))
    return finished


def _extended(one: ReadTemplate, by_name: Mapping[str, ReadTemplate], faults: list[tuple[Span, str]]) -> Template:
    """Return the template with fields, sections and whatever else it leaves out taken from what it extends."""
    template = one.template
    seen = {template.name}
    at = one
    while at.template.extends:
        base = by_name.get(at.template.extends)
        if base is None:
            if at is one:
                known = [name for name in by_name if name != template.name]
                faults.append((_span(one, "extends"), unknown_word(_("template"), template.extends, known)))
            return template
        if base.template.name in seen:
            faults.append((_span(one, "extends"), _("the templates extend each other in a circle")))
            return template
        seen.add(base.template.name)
        template = _laid_over(template, one, base)
        at = base
    return template


def _laid_over(template: Template, one: ReadTemplate, base: ReadTemplate) -> Template:
    below = base.template
    own_fields = {rule.name: rule for rule in template.fields}
    own_sections = {heading_key(rule.heading): rule for rule in template.sections}
    fields = [own_fields.pop(rule.name, rule) for rule in below.fields]
    sections = [own_sections.pop(heading_key(rule.heading), rule) for rule in below.sections]
    return replace(
        template,
        fields=(*fields, *own_fields.values()),
        sections=(*sections, *own_sections.values()),
        renamed={**below.renamed, **template.renamed},
        path=template.path or below.path,
        enforce=template.enforce if "enforce" in one.spans else below.enforce,
        skeleton=template.skeleton if template.skeleton.strip() else below.skeleton,
        digest=hashlib.sha256(f"{template.digest} {below.digest}".encode()).hexdigest(),
    )


def _span(one: ReadTemplate, key: str) -> Span:
    return one.spans.get(key, Span(start=0, end=0))


def _check_path(one: ReadTemplate, template: Template, faults: list[tuple[Span, str]]) -> None:
    if "path" not in one.spans:
        return
    literal = "".join(part if isinstance(part, str) else "x" for part in template.path)
    if reason := find_path_fault(literal):
        faults.append((_span(one, "path"), reason))
    placeholders = [part for part in template.path if isinstance(part, Placeholder)]
    messages = (_find_placeholder_fault(part, template) for part in placeholders)
    faults += [(_span(one, "path"), message) for message in messages if message]


def _check_skeleton(one: ReadTemplate, template: Template, faults: list[tuple[Span, str]]) -> None:
    if not one.template.skeleton.strip():
        return
    for part in parse_placeholders(one.template.skeleton):
        if isinstance(part, Placeholder) and (message := _find_placeholder_fault(part, template)):
            at = one.skeleton_start + part.start
            faults.append((Span(start=at, end=at + part.end - part.start), message))
    headings = {heading_key(line.lstrip("# ")) for line in one.template.skeleton.splitlines() if line.startswith("#")}
    for rule in template.sections:
        if rule.required and heading_key(rule.heading) not in headings:
            message = _("the section '{heading}' is required, but the skeleton below lacks its heading")
            faults.append((_span(one, "sections"), message.format(heading=rule.heading)))


def _find_placeholder_fault(part: Placeholder, template: Template) -> str | None:
    rule = template.find_field(part.name)
    if rule is None and part.name != _ALWAYS_KNOWN:
        known = [_ALWAYS_KNOWN, *(one.name for one in template.fields)]
        return unknown_word(_("placeholder"), part.name, list(dict.fromkeys(known)))
    if part.format and rule is not None and rule.type not in DATE_TYPES:
        return _("'{name}' is no date: it takes no format").format(name=part.name)
    if bad := find_bad_directive(part.format):
        return _("'{directive}' is not a date format of templates; these are: {known}").format(
            directive=bad, known="%Y %y %m %d %j %G %V %H %M %S"
        )
    return None
