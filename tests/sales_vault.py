"""A vault of a few cases, as Question asks it."""

from notevault.question import Question
from notevault.workspace import Workspace

SETTINGS = """
[owners]
sato = { name = "佐藤", also = ["佐藤一郎"] }
[searches]
mine = "owner:sato"
"""


def meeting(
    body: str,
    *,
    customer: str,
    stage: str = "提案",
    day: str = "2026-11-20",
    owner: str = "sato",
    more: str = "",
) -> str:
    return (
        f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nstage: {stage}\nowner: {owner}\n{more}---\n"
        f"# {customer}の訪問\n\n{body}\n"
    )


FILES = {
    "customers/yamada.md": "---\ntype: customer\nname: 株式会社山田工業\nkana: やまだ こうぎょう\n"
    "industry: 金属加工\n---\n複合機の話\n",
    "customers/suzuki.md": "---\ntype: customer\nname: 鈴木製作所\nindustry: 金属加工\n---\n",
    "customers/aoki.md": "---\ntype: customer\nname: 青木食品\nindustry: 食品\n---\n",
    "a.md": meeting(
        "複合機のリースが満了する。複合機の保守料が高い。", customer="株式会社山田工業", more="tags: [複合機]\n"
    ),
    "a-copy.md": meeting(
        "複合機のリースが満了する。複合機の保守料が高い。", customer="株式会社山田工業", more="tags: [複合機]\n"
    ),
    "b.md": meeting(
        "複合機のリースの保守料を比べた。", customer="鈴木製作所", day="2026-10-05", more="tags: [複合機]\n"
    ),
    "c.md": meeting(
        "複合機のリースの保守料を比べた。", customer="青木食品", stage="受注", day="2026-10-07", owner="tanaka"
    ),
    "d.md": meeting("倉庫の棚卸しを手伝った。", customer="㈱山田工業", stage="受注", day="2025-03-01"),
    "e.md": "# 走り書き\n倉庫の棚卸しの件。contract の話\n",
}


def question(workspace: Workspace, text: str = "") -> Question:
    return Question(
        catalog=workspace.catalog,
        index=workspace.index,
        settings=workspace.settings,
        today=workspace.today,
        text=text,
    )
