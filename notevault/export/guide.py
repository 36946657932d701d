"""``LOAD.md``: what to load in which order, which settings to choose, what to compare afterwards; in both languages."""

# ruff: noqa: E501 -- each sentence stands on one line

from collections.abc import Mapping, Sequence
from typing import Final

from notevault.export.datapackage import WrittenFile
from notevault.export.profile import FileSpec, Profile

_WORDS: Final = {
    "ja": {
        "title": "# 取り込みの手順: {title}",
        "order": "## 1. 順番",
        "order_text": "上から順に取り込みます。先に 10 件ほどで試してください(`notevault export --sample 10`)。",
        "table": "| 順 | ファイル | オブジェクト | 操作 | 件数 | キー |",
        "settings": "## 2. 取り込み画面での設定",
        "format": "- 文字コード {encoding}、区切り {delimiter}、日付 {date}、日時 {datetime}",
        "keep": "- CSV を表計算ソフトで開いて保存しないでください。先頭の 0、13 桁の番号、日付が壊れます。",
        "insert": "- 「追加のみ」のファイルは一度だけ取り込みます。更新ができないため、二度取り込むと重複します。",
        "check": "## 3. 取り込みの前に",
        "check_text": "- `preflight.json` の error: {error} 件、warning: {warning} 件。error は取り込みで拒否されるか、切られます。",
        "after": "## 4. 取り込みの後に",
        "after_text": "- `reconcile.csv` の件数と金額の合計を、CRM のレポートと比べます。",
        "ids": "- 取り込み結果(成功ファイル)を `notevault export --ids ファイル` で読み込むと、次回は更新になります。",
        "upsert": "追加・更新",
        "only": "追加のみ",
        "personal": "## 5. 個人情報を含む列",
        "gone": "- `deletions.csv` と `merges.csv` は、前回の後で消えたものと統合したものです。CRM では手で確かめてください。",
    },
    "en": {
        "title": "# How to load: {title}",
        "order": "## 1. Order",
        "order_text": "Load from top to bottom. Try about 10 rows first (`notevault export --sample 10`).",
        "table": "| # | file | object | operation | rows | key |",
        "settings": "## 2. Settings to choose",
        "format": "- Encoding {encoding}, delimiter {delimiter}, days {date}, moments {datetime}",
        "keep": "- Do not open and save the CSV in a spreadsheet: leading zeros, 13-digit numbers and dates break.",
        "insert": '- Files marked "insert only" are loaded once: they cannot be updated, a second load makes duplicates.',
        "check": "## 3. Before",
        "check_text": "- `preflight.json`: {error} errors, {warning} warnings. An error would be refused or cut by the CRM.",
        "after": "## 4. Afterwards",
        "after_text": "- Compare the counts and sums of `reconcile.csv` with a report of the CRM.",
        "ids": "- Give the CRM's success files to `notevault export --ids FILE`, and the next run updates.",
        "upsert": "insert or update",
        "only": "insert only",
        "personal": "## 5. Columns with personal data",
        "gone": "- `deletions.csv` and `merges.csv` hold what went away or was merged since the last run; see to these by hand.",
    },
}  # fmt: skip


def render_guide(
    profile: Profile,
    files: Mapping[str, FileSpec],
    written: Sequence[WrittenFile],
    findings: Mapping[str, int],
    personal: Mapping[str, Sequence[str]],
) -> str:
    """Return the guide, Japanese first."""
    return "\n---\n\n".join(
        "\n".join(_render(_WORDS[language], profile, files, written, findings, personal, language)) + "\n"
        for language in ("ja", "en")
    )


def _render(  # noqa: PLR0917 -- one text
    words: Mapping[str, str],
    profile: Profile,
    files: Mapping[str, FileSpec],
    written: Sequence[WrittenFile],
    findings: Mapping[str, int],
    personal: Mapping[str, Sequence[str]],
    language: str,
) -> list[str]:
    form = profile.format
    rows = [
        f"| {at} | `{file.name}` | {files[file.file].object or file.file} |"
        f" {words['only' if files[file.file].operation == 'insert' else 'upsert']} | {file.rows} |"
        f" {_code(files[file.file].id)} |"
        for at, file in enumerate((file for file in written if file.file in files), start=1)
    ]
    encoding = form.encoding + (" (BOM)" if form.bom else "")
    dialect = words["format"].format(
        encoding=encoding, delimiter=_code(form.delimiter), date=_code(form.date), datetime=_code(form.datetime)
    )
    sentences = profile.guide.ja if language == "ja" else profile.guide.en
    return [
        *(words["title"].format(title=profile.title or profile.name), "", words["order"], "", words["order_text"], ""),
        *(words["table"], "|---|---|---|---|---|---|", *rows, "", words["settings"], "", dialect),
        *(f"- {sentence}" for sentence in sentences),
        *([words["insert"]] if any(file.operation == "insert" for file in files.values()) else []),
        *(words["keep"], "", words["check"], "", words["check_text"].format(**findings), ""),
        *(words["after"], "", words["after_text"], words["ids"], words["gone"], "", words["personal"], ""),
        *(f"- `{file}`: {', '.join(map(_code, columns))}" for file, columns in personal.items() if columns),
    ]


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
