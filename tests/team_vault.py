"""A small team's notes for the tests of reports: two reps, four customers, deals in all states."""

SETTINGS = """
language = "en"

[owners]
sato = {name = "佐藤健一", also = ["佐藤"]}
ito = {name = "伊藤彩"}
"""

NOTES = {
    "customers/yamada.md": (
        "---\ntype: customer\nname: 株式会社山田工業\naliases: [ヤマダさん]\nstatus: 取引先\nowner: 佐藤\n---\n"
    ),
    "m/2026-11-05 yamada.md": (
        "---\ntype: meeting\ndate: 2026-11-05\ncustomer: ㈱山田工業\nowner: sato\ndeal: 複合機入替\nstage: ヒアリング\n"
        "amount: 100万円\ncontacts: [山田太郎 部長]\n---\n"
        "- [x] 資料を送る ✅ 2026-11-06\n- [ ] 古い宿題 due:2026-11-10\n"
    ),
    "m/2026-11-20 yamada.md": (
        "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社山田工業\nowner: sato\ndeal: 複合機入替\nstage: 提案\n"
        "amount: 120万円\nclose_date: 2027-01-29\n---\n"
        "- [ ] 提案書を作成する @ito due:2026-11-27 !high\n- [ ] いつか聞く\n- [-] やめたこと\n"
    ),
    "m/2026-09-01 aomine.md": (
        "---\ntype: meeting\ndate: 2026-09-01\ncustomer: 青嶺物流\nowner: ito\nstage: 見積\namount: 80万円\n---\n本文\n"
    ),
    "m/2026-10-10 minato.md": (
        "---\ntype: meeting\ndate: 2026-10-10\ncustomer: みなと陽会\nowner: ito\nstage: 受注\namount: 300万円\n---\n"
        "- [ ] 納品の立会い @sato due:2026-11-22\n"
    ),
    "m/2026-12-01 aomine.md": (
        "---\ntype: meeting\ndate: 2026-12-01\ncustomer: 青嶺物流株式会社\nowner: ito\n---\nこれからの訪問\n"
    ),
    "team/2026-11-16.md": "---\ntype: team-meeting\ndate: 2026-11-16\nowner: sato\n---\n- [ ] 名刺を配る\n",
    "bad.md": "---\ncustomer: [oops\n---\n# 壊れた\n- [ ] 直す\n",
}
