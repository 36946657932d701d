"""Deals of every fate: forward, back, skipped, won, lost, reopened, two currencies, a copied ToDo; and targets."""

SETTINGS = """
language = "en"

[owners]
sato = {name = "佐藤健一", also = ["佐藤"]}
ito = {name = "伊藤彩", also = ["伊藤"]}

[targets."2026-11"]
sato = 3000000
ito = 1000000
"""


def _note(day: str, customer: str, fields: str, body: str = "") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\n{fields}---\n## 行動\n{body}"


NOTES = {
    "m/a1.md": _note("2026-07-01", "山田工業", "owner: sato\ndeal: 複合機\nstage: リード\n"),
    "m/a2.md": _note("2026-08-01", "山田工業", "owner: sato\ndeal: 複合機\nstage: 提案\namount: 100万円\n"),
    "m/a3.md": _note(
        "2026-09-15",
        "山田工業",
        "owner: sato\ndeal: 複合機\nstage: ヒアリング\n",
        "- [ ] 台数を確かめる due:2026-10-01\n- [x] 礼状を書く\n",
    ),
    "m/a4.md": _note(
        "2026-11-10",
        "㈱山田工業",
        "owner: sato\ndeal: 複合機\nstage: 提案\namount: 120万円\nclose_date: 2026-11-20\n",
        "- [ ] 台数を確かめる due:2026-12-01\n- [ ] 提案書を作成する @ito due:2026-11-27\n",
    ),
    "m/b1.md": _note("2026-10-01", "青嶺物流", "owner: ito\ndeal: 端末\nstage: 見積\namount: 80万円\n"),
    "m/b2.md": _note("2026-11-05", "青嶺物流", "owner: ito\ndeal: 端末\nstage: 受注\namount: 90万円\n"),
    "m/c1.md": _note("2026-08-20", "みなと<陽会>", "owner: sato\ndeal: PC\nstage: 見積\namount: 50万円\n"),
    "m/c2.md": _note(
        "2026-10-20", "みなと<陽会>", "owner: sato\ndeal: PC\nstage: 失注\nlost_reason: price\nrevisit: 2027-04\n"
    ),
    "m/d1.md": _note("2026-05-01", "Harbor Light", "owner: ito\ndeal: Rollout\nstage: 提案\namount: $2,000\n"),
    "m/d2.md": _note("2026-06-01", "Harbor Light", "owner: ito\ndeal: Rollout\nstage: 失注\n"),
    "m/d3.md": _note(
        "2026-11-12", "Harbor Light", "owner: ito\ndeal: Rollout\nstage: クロージング\nclose_date: 2026-11-30\n"
    ),
    "m/e1.md": _note("2026-11-18", "京東商事", "owner: sato\nstage: リード\n"),
    "m/f1.md": _note("2026-11-19", "白樺電子", "owner: sato\nstage: 提案\namount: 40万円\n"),
}
