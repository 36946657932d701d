"""A vault as three reps would fill it before anyone agreed on a format; the same every time."""

from collections.abc import Iterator

_KEYS = (
    {"date": "日付", "customer": "顧客", "owner": "担当", "next": "次回アクション"},
    {"date": "訪問日", "customer": "会社名", "owner": "担当者", "next": "次のアクション"},
    {"date": "date", "customer": "お客様", "owner": "担当", "next": "ネクスト"},
)
_HEADINGS = (
    ("面談内容", "所感", "次回アクション"),
    ("話した内容", "感想", "次のアクション"),
    ("商談内容", "印象", "ネクスト"),
)
_REPS = ("佐藤", "鈴木", "伊藤")
_CHANNELS = ("訪問", "電話", "Web会議", "ご訪問")
_FIRST = ("山田", "青嶺", "藤沢", "三坂", "柏葉", "清樹", "京東", "橘")
_SECOND = ("工業", "物流", "建設", "食品", "商事")


def free_form_notes(count: int = 60) -> Iterator[tuple[str, str]]:
    """Yield path and text of each note."""
    for number in range(count):
        style = (0, 1, 0, 2, 0)[number % 5]
        keys, headings = _KEYS[style], _HEADINGS[style]
        day = f"2026-{number % 9 + 1:02}-{number % 27 + 1:02}"
        written = (day, day.replace("-", "/"), f"令和8年{number % 9 + 1}月{number % 27 + 1}日")[style]
        customer = f"{_FIRST[number % 8]}{_SECOND[number // 8 % 5]}株式会社"
        lines = ["---", f"{keys['date']}: {written}", f"{keys['customer']}: {customer}"]
        lines += [f"{keys['owner']}: {_REPS[style]}", f"手段: {_CHANNELS[number % 4]}"]
        lines += [f"見積金額: {number * 3 + 10}万円"] if number % 2 else []
        lines += [f"{keys['next']}: {number % 9 + 2}/{number % 27 + 1} 再訪"] if number % 3 == 0 else []
        lines += ["メモ:"] if number % 7 == 0 else []
        lines += [f"変な項目{number}: x"] if number % 20 == 3 else []
        lines += ["---", f"# {customer}", "", f"## {headings[0]}", f"担当者から台数を聞いた。{number}台ある。", ""]
        lines += [f"## {headings[1]}", "感触は悪くない。", ""]
        lines += [f"## {headings[2]}", f"- [ ] 見積を送る 担当:{_REPS[style]} 期限: {number % 9 + 2}/20", ""]
        newline = "\r\n" if number % 10 == 4 else "\n"
        yield f"visits/2026/{day} {customer} {number:05}.md", newline.join(lines)
