"""The server under Neovim, without a screen: diagnostics appear, a code action changes the buffer."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.editing import MEETING

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")

NOTE = (
    "---\ntype: meeting\ndate: 令和8年11月20日\ncustomer: 𠮷田工業\nchannel: 訪問\n---\n"
    "## 事実\n会って話した\n## 行動\n"
)
# vim.lsp.start is there from 0.8, the functions it replaces before that
SCRIPT = """
local config = { name = "notevault", cmd = COMMAND, root_dir = ROOT }
vim.cmd("edit " .. vim.fn.fnameescape(ROOT .. "/m/new.md"))
local buffer = vim.api.nvim_get_current_buf()
if vim.lsp.start then
  vim.lsp.start(config)
else
  vim.lsp.buf_attach_client(buffer, vim.lsp.start_client(config))
end

local function codes()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    found[#found + 1] = each.code or each.user_data.lsp.code
  end
  table.sort(found)
  return found
end

local function has(code)
  return vim.tbl_contains(codes(), code)
end

local result = { appeared = vim.wait(20000, function() return has("value-spelling") end, 20), before = codes() }
vim.api.nvim_win_set_cursor(0, { 3, 8 })
local params = vim.lsp.util.make_range_params(0, ENCODING(buffer))
params.context = { diagnostics = {} }
local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", params, 20000) or {}
for _, answer in pairs(answers) do
  for _, action in ipairs(answer.result or {}) do
    if action.kind == "quickfix" then
      vim.lsp.util.apply_workspace_edit(action.edit, ENCODING(buffer))
    end
  end
end
result.line = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
vim.wait(20000, function() return not has("field-missing") and #codes() < #result.before end, 20)
result.after = codes()
vim.fn.writefile({ vim.fn.json_encode(result) }, RESULT)
vim.cmd("qall!")
"""
ENCODING = """
local function ENCODING(buffer)
  local clients = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = buffer }) or vim.lsp.buf_get_clients(buffer)
  for _, client in pairs(clients) do
    return client.offset_encoding
  end
end
"""


def test_diagnostics_appear_and_a_code_action_changes_the_buffer(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"templates/meeting.md": MEETING, "m/new.md": NOTE})
    result, script = tmp_path / "result.json", tmp_path / "script.lua"
    command = [sys.executable, "-m", "notevault", "lsp"]
    constants = {"ROOT": str(root), "RESULT": str(result)}
    lines = [f"local {name} = {json.dumps(value)}" for name, value in constants.items()]
    lines.append(f"local COMMAND = {{{', '.join(map(json.dumps, command))}}}")
    script.write_text("\n".join([*lines, ENCODING, SCRIPT]), encoding="utf-8")
    ran = subprocess.run(
        ["nvim", "--headless", "--clean", "-n", "-c", f"luafile {script}"],
        timeout=120,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.is_file(), ran.stderr
    said = json.loads(result.read_text(encoding="utf-8"))
    assert said["appeared"], said
    assert said["line"] == "date: 2026-11-20"
    assert said["before"].count("value-spelling") == said["after"].count("value-spelling") + 1
