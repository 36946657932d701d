"""How often a written name leads to the right customer, and how fast; prints a table.

Usage: python benchmarks/names.py [--data DIR] [--json FILE] [--misses KIND]
The data (company names with variants and lookalikes) is not part of the project; without it only speed is measured.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from notevault.names.resolver import CustomerResolver
from notevault.names.values import Reason, RegisteredCustomer

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
Row = tuple[str, str, str]


def read_rows(path: Path) -> list[list[str]]:
    """Return the rows of a tab-separated file without its header."""
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]


def read_customers(path: Path) -> list[RegisteredCustomer]:
    """Return the companies as registered customers, with kana, English name and corporate number."""
    return [
        RegisteredCustomer(
            id=row[0], name=row[1], name_en=row[2] or None, kana=row[3] or None, corporate_number=row[4] or None
        )
        for row in read_rows(path)
    ]


def judge(resolver: CustomerResolver, variants: Iterable[list[str]]) -> tuple[dict[str, Counter[str]], list[Row]]:
    """Count by kind how mentions were resolved, and whether the right customer was among the first proposed."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    misses: list[Row] = []
    for variant, customer, kind in variants:
        found = resolver.explain(variant, limit=10)
        count = counts[kind]
        count["all"] += 1
        proposed = [candidate.customer for candidate in found.candidates]
        if found.customer is not None:
            count["right" if found.customer == customer else "wrong"] += 1
        elif found.reason is Reason.AMBIGUOUS and customer in proposed:
            count["ambiguous"] += 1
        else:
            count["asked"] += 1
        top = found.customer == customer or customer in proposed[:3]
        count["top1"] += found.customer == customer or proposed[:1] == [customer]
        count["top3"] += top
        if found.customer not in {None, customer} or not top:
            misses.append((kind, variant, f"{customer} {found.customer or ''} {found.reason} {found.candidates[:3]}"))
    return counts, misses


def count_merged(pairs: Iterable[list[str]]) -> tuple[int, int]:
    """Return how many pairs of different companies there are, and how many one name of which leads to the other."""
    merged = total = 0
    for one, other, _kind in pairs:
        if one == other:
            both = CustomerResolver([RegisteredCustomer(id="a", name=one), RegisteredCustomer(id="b", name=other)])
            merged += both.resolve(one).customer is not None
        else:
            alone = CustomerResolver([RegisteredCustomer(id="a", name=one)])
            merged += alone.resolve(other).customer is not None
        total += 1
    return total, merged


def measure_speed(count: int = 10_000) -> dict[str, float]:
    """Return seconds to register and to resolve ``count`` made-up customers, and what a proposal takes."""
    heads = [a + b for a in "山川田中石木林森原島谷野本上下" for b in "田川山口本村井野崎沢藤原島尾谷"]
    tails = (
        "工業",
        "商事",
        "建設",
        "電機",
        "製作所",
        "物産",
        "運輸",
        "食品",
        "化学",
        "システム",
        "ホールディングス",
        "印刷",
    )
    names = [f"{head}{tail}{number or ''}" for number in range(5) for head in heads for tail in tails][:count]
    customers = [RegisteredCustomer(id=f"c{number:05}", name=f"株式会社{name}") for number, name in enumerate(names)]
    mentions = [f"{name}㈱" if number % 2 else f"{name} 大阪支店" for number, name in enumerate(names)]
    start = time.perf_counter()
    resolver = CustomerResolver(customers)
    registered = time.perf_counter()
    found = sum(resolver.resolve(mention).customer is not None for mention in mentions)
    resolved = time.perf_counter()
    resolver.propose("山")
    indexed = time.perf_counter()
    for name in names[:100]:
        resolver.propose(name[:3] + "興業")
    proposed = time.perf_counter()
    return {
        "customers": len(customers),
        "mentions": len(mentions),
        "found": found,
        "register_seconds": round(registered - start, 3),
        "resolve_seconds": round(resolved - registered, 3),
        "likeness_index_seconds": round(indexed - resolved, 3),
        "propose_milliseconds_each": round((proposed - indexed) * 10, 2),
    }


def print_table(counts: dict[str, Counter[str]]) -> None:
    """Print one line a kind, shares in per cent."""
    columns = ("right", "wrong", "ambiguous", "asked", "top1", "top3")
    print(f"{'kind':26}{'all':>6}" + "".join(f"{column:>11}" for column in columns))
    for kind, count in sorted(counts.items()):
        shares = "".join(f"{100 * count[column] / count['all']:>10.1f}%" for column in columns)
        print(f"{kind:26}{count['all']:>6}{shares}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--misses", help="print what went wrong, of this kind or 'all'")
    options = parser.parse_args()
    result: dict[str, object] = {"speed": measure_speed()}
    print(result["speed"])
    if (options.data / "company-names.tsv").is_file():
        resolver = CustomerResolver(read_customers(options.data / "company-names.tsv"))
        start = time.perf_counter()
        counts, misses = judge(resolver, read_rows(options.data / "company-name-variants.tsv"))
        print_table(counts)
        print(f"explained in {time.perf_counter() - start:.2f} s; {len(resolver.clashes())} shared keys")
        total, merged = count_merged(read_rows(options.data / "company-name-lookalikes.tsv"))
        print(f"lookalikes: {total} pairs, {merged} merged")
        result |= {"kinds": counts, "lookalikes": total, "merged": merged}
        for kind, variant, told in misses:
            if options.misses in {kind, "all"}:
                print(kind, variant, told, sep="\t")
    else:
        print(f"no company names at {options.data}: only speed was measured")
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
