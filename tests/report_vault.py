"""Half a year of two reps in a few notes: something for every report to say, in words of both languages."""

SETTINGS = """
timezone = "Asia/Tokyo"

[owners]
sato = {name = "佐藤健一", also = ["佐藤"]}
ito = {name = "伊藤彩"}

[targets."2026-11"]
sato = 3000000
ito = 1000000
"""


def _note(day: str, customer: str, fields: str, body: str = "", owner: str = "sato") -> str:
    head = f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n"
    return f"{head}{fields}---\n# {customer} {day}\n{body}"


NOTES = {
    "customers/yamada.md": "---\ntype: customer\nname: 株式会社山田工業\naliases: [ヤマダさん]\nstatus: 取引先\n"
    "owner: 佐藤\n---\n",
    "customers/print.md": "---\ntype: customer\nname: Print House\nowner: ito\nメール配信: 可\n---\n",
    "m/01.md": _note(
        "2026-05-12",
        "Print House",
        "deal: Copiers\nstage: 提案\namount: 210万円\nchannel: visit\ncompetitors: [オルカ事務機]\n"
        "contacts: [関口勉 部長 <s@print.example>]\n",
        "## 事実\n- オルカ事務機のモノクロは1枚1.2円だと言われた\n",
        "ito",
    ),
    "m/02.md": _note(
        "2026-06-20",
        "Print House",
        "deal: Copiers\nstage: 失注\nlost_reason: price\nrevisit: 2026-10\nchannel: 電話\n"
        "competitors: [オルカ事務機]\n",
        "",
        "ito",
    ),
    "m/03.md": _note("2026-07-03", "Quiet Mills", "stage: リード\nchannel: visit\n", "Nothing | new & <b>bold</b>.\n"),
    "m/04.md": _note(
        "2026-09-10",
        "株式会社山田工業",
        "deal: 複合機入替\nstage: ヒアリング\nchannel: 訪問\nlearned: {決裁者: 山田社長}\n",
        "## 行動\n- [x] 資料を送る ✅ 2026-09-12\n- [ ] 台数を確かめる due:2026-09-30\n",
    ),
    "m/05.md": _note(
        "2026-10-15",
        "青嶺物流",
        "deal: 端末\nstage: 見積\namount: 80万円\nchannel: visit\nclose_date: 2026-11-10\n"
        "competitors: [オルカ事務機, ナルミOA販売]\n",
        "## 事実\n- オルカ事務機のモノクロは1枚0.9円\n## 相談\n値引きは何割まで出せるか。\n"
        "回答（高橋 2026-10-16）: 一割まで。\n",
        "ito",
    ),
    "m/06.md": _note("2026-11-05", "青嶺物流", "deal: 端末\nstage: 受注\namount: 90万円\nchannel: online\n", "", "ito"),
    "m/07.md": _note("2026-11-12", "白樺電子", "stage: リード\nchannel: phone\nsource: 展示会\n"),
    "m/08.md": _note(
        "2026-11-18",
        "㈱山田工業",
        "deal: 複合機入替\nstage: 提案\namount: 120万円\nchannel: visit\nclose_date: 2027-01-29\n"
        "next_date: 2026-11-20\n"
        "contacts: [山田太郎 部長, 鈴木花子]\nlearned: {決裁者: 山田専務, リース満了: 2027-03}\n",
        "## 事実\n- カラー機が2台止まっている。\n- 予算は来期。\n## 解釈\n年内に決めたい様子。\n"
        "## 行動\n- [ ] 台数を確かめる due:2026-11-25\n- [ ] 提案書を作成する @ito due:2026-11-20 !high\n"
        "- [x] 礼状を書く ✅ 2026-11-18\n## 相談\n保守を月額にしてよいか。\n",
    ),
    "m/09.md": _note("2026-11-18", "Harbor Light", "stage: クロージング\namount: $2,000\nchannel: email\n", "", "ito"),
    "team/1.md": "---\ntype: team-meeting\ndate: 2026-11-02\ntitle: 月初会議\nowner: sato\n---\n## 行動\n"
    "- [ ] 価格表を直す @ito due:2026-11-06\n",
    "team/2.md": "---\ntype: team-meeting\ndate: 2026-11-16\ntitle: Weekly\nowner: sato\n---\n## 施策\n"
    "無接触の顧客に電話する。\n## 行動\n- [ ] 一覧をつくる @sato due:2026-11-20\n- [x] 会議室を取る @ito\n",
    "inbox/2026-11.md": "---\ntype: inbox\ndate: 2026-11-01\n---\n## Jottings\n"
    "- 2026-11-03 Quiet Mills が移転するらしい\n",
}
