"""Size budgets and layers; the lists of exceptions may only shrink."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "notevault"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
MODULE_EXCEPTIONS: frozenset[str] = frozenset()
FUNCTION_EXCEPTIONS: frozenset[str] = frozenset()
ONLY_IN = {
    "whoosh": ("index/",),
    "tantivy": ("index/",),
    "prompt_toolkit": ("cli/picker_screen.py",),
    "watchdog": ("watch.py",),
    "click": ("cli/",),
    "yaml": ("yaml_block.py", "front_matter.py", "template/"),
    "frontmatter": ("front_matter.py",),
}


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def _docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the length of a docstring: that of a rule is its page in the manual."""
    return _lines(function.body[0]) if ast.get_docstring(function) else 0


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_modules_are_short() -> None:
    long = {_name(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE}
    assert long == MODULE_EXCEPTIONS


def test_functions_are_short() -> None:
    long = {
        f"{_name(path)}:{function.name}"
        for path in MODULES
        for function in _functions(path)
        if _lines(function) - (_docstring_lines(function) if _name(path).startswith("check/") else 0) > LONGEST_FUNCTION
    }
    assert long == FUNCTION_EXCEPTIONS


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_in_its_own_place_only(library: str) -> None:
    strangers = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == library for name in names) and not _name(path).startswith(ONLY_IN[library]):
                strangers.append(_name(path))
    assert strangers == []


def test_nothing_is_imported_for_types_only() -> None:
    assert [_name(path) for path in MODULES if "TYPE_CHECKING" in path.read_text(encoding="utf-8")] == []


def test_bugs_are_caught_in_one_place_only() -> None:
    broad = [_name(path) for path in MODULES if "except Exception" in path.read_text(encoding="utf-8")]
    # a damaged Whoosh index raises anything at all; whatever it is means "build it anew"
    assert broad == ["cli/__init__.py", "index/whoosh_index.py"]


def test_values_of_sql_have_no_numbers() -> None:
    """Python 3.12.0 to 3.12.3 take ``?1`` for a name and warn."""
    texts = {
        (_name(path), node.lineno): node.value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    sql = {place: text for place, text in texts.items() if re.search("(?:SELECT|WHERE|SET|AND|VALUES) ", text)}
    assert len(sql) > 100
    assert {place for place, text in sql.items() if re.search(r"[\s(=,]\?[0-9]", text)} == set()
