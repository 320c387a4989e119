"""How money, shares, numbers, dates and targets read to a person. Every page formats through this module.

Amounts come in as yuan (``Decimal``) and go out as 元, 万元 or 亿元; rounding is half up, the rule that a Chinese
reader expects (四舍五入). Nothing here knows HTML.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from builder.text import is_deadline

WAN = Decimal(10_000)
YI = Decimal(100_000_000)

# The blank of `8,000 万元` and of `≥ 98%`.
_IN_A_FIGURE = re.compile(r"(?<=\d) (?=\D)|(?<=[^\w\s]) (?=\d)")
_SINGLE = str.maketrans("“”", "‘’")
_RATES = ("%", "％", "‰", "分")
_AT_LEAST = {"ge": ("不低于", "不少于"), "gt": ("高于", "多于"), "lt": ("低于", "少于")}
_SAME_FOR_ALL = {"le": "不超过", "eq": "等于"}


def number(value: Decimal | int, places: int | None = None) -> str:
    """``1234.50`` → ``1,234.5``; with ``places`` rounded half up. Trailing zeros go."""
    value = Decimal(value)
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(yuan: Decimal) -> str:
    """For reading: 亿元 or 万元 to two decimals, below that 元. ``Decimal(39687539300)`` → ``396.88 亿元``.

    A rounded amount keeps its zeros, an exact one does not: ``239852200`` → ``2.40 亿元``, ``240000000`` → ``2.4 亿元``.
    """
    size, unit = next(((size, unit) for size, unit in ((YI, "亿元"), (WAN, "万元")) if abs(yuan) >= size), (1, "元"))
    rounded = (yuan / size).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{number(rounded) if rounded == yuan / size else f'{rounded:,f}'} {unit}"


def wan(yuan: Decimal) -> str:
    """Exact, in 万元 and without the unit, for a column whose heading says 万元."""
    return number(yuan / WAN)


def exact_money(yuan: Decimal) -> str:
    """The whole amount: ``39,687,539,300 元``."""
    return f"{number(yuan)} 元"


def percent(part: Decimal | int, whole: Decimal | int) -> str:
    """A share to one decimal; a share that would round to zero without being zero says so. ``whole`` is not zero."""
    share = Decimal(part) / Decimal(whole) * 100
    if 0 < share < Decimal("0.05"):
        return "不到 0.1%"
    return f"{number(share, 1)}%"


def width(part: Decimal | int, whole: Decimal | int) -> str:
    """The length of a bar as a CSS percentage, between 0 and 100; 0 where there is no whole."""
    if whole <= 0:
        return "0%"
    share = min(max(Decimal(part) / Decimal(whole) * 100, Decimal(0)), Decimal(100))
    return f"{number(share, 1)}%"


def change(now: Decimal, before: Decimal) -> str:
    """How an amount moved: ``持平``, ``增加 50 万元（+25%）``, ``减少 20 元（−0.5%）``."""
    if now == before:
        return "持平"
    word, sign = ("增加", "+") if now > before else ("减少", "−")
    difference = abs(now - before)
    share = f"（{sign}{percent(difference, before)}）" if before > 0 else ""
    return f"{word} {money(difference)}{share}"


def quantity(value: Decimal, unit: str | None) -> str:
    """A number with its unit: ``98%``, ``20 家``, ``8,000 万元``."""
    if unit is None:
        return number(value)
    gap = "" if unit[0] in "%％‰°" else " "
    return f"{number(value)}{gap}{unit}"


def bound(text: str) -> str:
    """The text with each figure tied to its unit and its sign: no line ends between ``8,000`` and ``万元``."""
    return _IN_A_FIGURE.sub("\u00a0", text)


def promise(comparison: str | None, target: str | None, value: Decimal | None, unit: str | None) -> str:
    """An indicator's target in plain words: ``ge``, 20, 家 → ``不少于 20 家``.

    ``target`` is the text as filed; it is what a reader gets where no number was read from it.
    """
    if comparison == "qualitative":
        return target or "未写明"
    # 不超过 12 月 is not what a deadline says.
    if target is not None and is_deadline(target):
        return target
    amount = f"{target or '未写明'} {unit or ''}".strip() if value is None else quantity(value, unit)
    if comparison is None:
        return amount
    if comparison in _SAME_FOR_ALL:
        return f"{_SAME_FOR_ALL[comparison]} {amount}"
    rate, count = _AT_LEAST[comparison]
    return f"{rate if unit is not None and unit.startswith(_RATES) else count} {amount}"


def points(weight: Decimal) -> str:
    """A weight: ``20 分``."""
    return f"{number(weight)} 分"


def day(iso: str) -> str:
    """``2025-04-09`` → ``2025 年 4 月 9 日``."""
    found = date.fromisoformat(iso)
    return f"{found.year} 年 {found.month} 月 {found.day} 日"


def file_size(size: int) -> str:
    """Bytes for people, decimal units: ``192,066`` → ``192 kB``."""
    if size >= 1_000_000:
        return f"{number(Decimal(size) / 1_000_000, 1)} MB"
    if size >= 1_000:
        return f"{number(Decimal(size) / 1_000, 0)} kB"
    return f"{size} 字节"


def listing(names: Sequence[str]) -> str:
    """Names in Chinese quotes, run together: ``“甲”“乙”``."""
    return "".join(f"“{inner(name)}”" for name in names)


def inner(text: str) -> str:
    """A text to stand between quotation marks: its own become single. ``“两江四岸”治理`` → ``‘两江四岸’治理``."""
    return text.translate(_SINGLE)
