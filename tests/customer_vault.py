"""Two units of one company and a lead, for the tests of briefs, hearing sheets and calendars."""

SETTINGS = 'language = "en"\n\n[owners]\nsato = {name = "佐藤健一"}\nito = {name = "伊藤彩"}\n'

TEMPLATE = """---
template: meeting
fields:
  date: {type: date, required: true}
  customer: {type: customer, required: true}
  contacts: {type: people, required_from: hearing}
  amount: {type: money, required_from: proposal, hint: without tax}
  users: {required_from: proposal, stale_after: 30, level: function}
---
## Facts
"""

NOTES = {
    "templates/meeting.md": TEMPLATE,
    "customers/yamada.md": (
        "---\ntype: customer\nname: 株式会社山田工業\ngroup: 山田グループ\nstatus: account\nowner: sato\n"
        "industry: 金属加工\nfiscal_year_end: 3月\nlease_end: 2027-03\nphone: 0568-00-1201\n---\n"
    ),
    "customers/osaka.md": (
        "---\ntype: customer\nname: 山田工業 大阪支店\ngroup: 山田グループ\nstatus: lead\nowner: ito\n---\n"
    ),
    "m/2026-03-02 yamada.md": (
        "---\ntype: meeting\ndate: 2026-03-02\ncustomer: 山田工業\nowner: ito\nstage: hearing\ndeal: 複合機\n"
        "contacts: [山田太郎 部長]\nlearned: {decision maker: 山田部長, リース満了: 2027-03, 駐車場: 2台}\n---\n"
        "## Facts\n- 最初の話\n"
    ),
    "m/2026-11-05 yamada.md": (
        "---\ntype: meeting\ndate: 2026-11-05\ncustomer: ㈱山田工業\nowner: sato\nstage: proposal\ndeal: 複合機\n"
        "amount: 120万円\nchannel: visit\ncontacts: [山田太郎 部長, 鈴木花子]\ncompetitors: [オルカ事務機]\n"
        "learned:\n  決裁者: {value: 山田社長, level: company}\n  users: 60\n---\n"
        "## Facts\n- 12月に返事をすると約束した\n- オルカの見積は高い <script>alert(1)</script>\n\n"
        "## Actions\n- [ ] 提案書を送る @sato due:2026-11-10\n- [ ] 図面を送る @鈴木 due:2026-12-01\n\n"
        "## 相談\nどこまで値引きしてよいか。\n"
    ),
    "m/2026-11-06 osaka.md": (
        "---\ntype: meeting\ndate: 2026-11-06\ncustomer: 山田工業 大阪支店\nowner: ito\nlearned: {決算月: 3月}\n---\n"
        "## 相談\nどうするか。\n回答（高橋 2026-11-07）: 進める。\n"
    ),
    "c/2026-10-01 aomine.md": (
        "---\ntype: call\ndate: 2026-10-01\ncustomer: 青嶺物流\nowner: ito\n"
        "learned: {リース満了: 2026-09, 開始: 2027-02}\n"
        "---\n"
    ),
}
