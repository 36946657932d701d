"""Write ``docs/rules.md`` from the pages of the rules (``python -m tests.rules_page``)."""

import re
import textwrap
from pathlib import Path

from notevault.check.registry import RULES
from notevault.check.rule import Rule
from notevault.model import Severity

_NAMES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
PATH = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
_INTRODUCTION = """\
# The rules of `notevault check`

This page is made from the rules themselves; `notevault check --explain RULE` prints one of them, `--explain list` all
their names.

A finding is an **error** (the exit code is 1), a **warning**, or a **remark** (`info` in JSON): right, but not spelled
as agreed, or worth a look. Remarks are listed with `--remarks`, with `--json`, and where `--select` names the rule.

What is held to which rule:

- A note without a `type`, or whose type has no template, owes nothing: only what no reader could make sense of is
  reported, and what is double or leads nowhere.
- `enforce` in a template: `off` silences what the template asks for, `warn` (the default) gives each finding the
  severity below, `strict` makes an error of whatever one note says against its template.
- Rules marked *across notes* look at the whole vault; what they find in a note may change when another one does.

Rules are left out

- for one call: `--select RULE[,RULE]`, `--ignore RULE[,RULE]`;
- for the vault, in `notevault.toml` (`all` means every rule):

  ```toml
  [check]
  ignore = ["todo-owner"]

  [check.folders]
  "import/old" = ["all"]
  "team" = ["todo-due", "action-prose"]
  ```

- for one note, in its front matter: `check: off`, or `check_ignore: [section-short, date-path]`.

Rules marked *fix* can put right what they find: `check --diff` shows it, `check --fix` does it. Nothing is invented:
what needs a person stays listed. Every other byte of the note stays as it is, with its encoding and its kind of line
ends; a note that changed meanwhile is refused, and one saved less than two seconds ago is waited for.

For other programs: `--json`; `--format github` prints annotations for GitHub Actions, `--format sarif` SARIF 2.1.0;
`--stdin-filename PATH` checks the text on standard input as the note PATH. For [pre-commit](https://pre-commit.com) the
repository has the hooks `notevault-check` and `notevault-fix`:

```yaml
repos:
  - repo: ../notevault   # the folder or the address that you have notevault from
    rev: v0.1.0
    hooks:
      - id: notevault-check
        args: [--vault, minutes]   # where the vault is not the repository's root
```

In the examples below a line `--> path` begins another note.
"""


def render_rules_page() -> str:
    """Return the whole page."""
    rows = [
        f"| [{rule.id}](#{rule.id}) | {_NAMES[rule.severity]} | {', '.join(_marks(rule))} | {_first(rule)} |"
        for rule in RULES
    ]
    table = ["| rule | severity | | |", "|---|---|---|---|", *rows]
    return "\n".join([_INTRODUCTION, *table, "", *(_render(rule) for rule in RULES)])


def _marks(rule: Rule) -> list[str]:
    return [mark for mark, wanted in (("fix", rule.is_fixable), ("across notes", rule.across)) if wanted]


def _first(rule: Rule) -> str:
    return _plain(" ".join(rule.page.split("\n\n")[0].split())).replace("|", "\\|")


def _render(rule: Rule) -> str:
    marks = "".join(f", {mark}" for mark in _marks(rule))
    page = re.sub(
        r"^(Before|After)::\n\n((?:(?:    .*)?\n)+)",
        lambda found: f"{found[1]}:\n\n```markdown\n{textwrap.dedent(found[2]).strip(chr(10))}\n```\n\n",
        rule.page.strip() + "\n",
        flags=re.MULTILINE,
    )
    pieces = page.split("```")  # what stands in a fence stays
    text = "```".join(piece if at % 2 else _plain(piece) for at, piece in enumerate(pieces))
    return f"## {rule.id}\n\n*{_NAMES[rule.severity]}{marks}*\n\n{text.strip()}\n"


def _plain(text: str) -> str:
    return text.replace("``", "`")


def main() -> None:
    """Write the page."""
    PATH.write_text(render_rules_page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
