"""Text → value. Pure functions; a text that is not what it should be raises ``ValueError``, never a default.

``fold`` makes two spellings of one word equal, ``label_key`` does the same for headings, and the parsers turn a cell
into a number, an amount in yuan, or a comparison with its value and unit.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

# What the dataset can hold, in 亿元 too: DECIMAL(28, 6). Longer digits are a code or a slip, not an amount.
LONGEST_WHOLE, LONGEST_FRACTION = 14, 6

_SPACE = re.compile(r"[\s\u200b\ufeff\u00ad]+")
_BRACKET_NOTE = re.compile(r"\([^()]*\)$")
_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(
    r"<(?:\s?/\s?)?[a-zA-Z][a-zA-Z0-9]*(?::[a-zA-Z]+)?"
    r"(?:\s+[a-zA-Z_:][-\w:.]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))?)*\s*/?>"
)
_PARAGRAPH_BREAK = re.compile(r"<\s?/\s?p>\s*<p>|<br\s*/?>|<\s?/\s?(?:p|div)>", re.IGNORECASE)
_LATEX = {
    r"\geq": "≥",
    r"\ge": "≥",
    r"\leq": "≤",
    r"\le": "≤",
    r"\times": "×",
    r"\approx": "≈",
    r"\sim": "~",
    r"\%": "%",
}
_LATEX_TOKEN = re.compile(r"\\(?:geq|leq|ge|le|times|approx|sim|%)(?![a-zA-Z])")
# Dollars that enclose a formula; those around an amount ("$5，售价$6") are money.
_LATEX_DOLLARS = re.compile(r"\$(?=[^$\n]*\\|[<>=]\$)([^$\n]{1,80})\$")
_AMPERSANDS = re.compile("&(?:amp;)+")
_ENTITY = re.compile(r"&(?:nbsp|lt|gt|amp|quot|#160);")
_ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#160;": " "}
_MARKUP_SIGN = re.compile(r"[<\\$&]")
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER.pattern})(?P<unit>[^\d,;.。，；、:]{{0,12}})")
_IN_BRACKETS_ANYWHERE = re.compile(r"\(([^()]*)\)")
_IN_BRACKETS = re.compile(r"^\(([^()]*)\)$")
_DEADLINE = re.compile(r"(?:19|20)\d{2}年(\d{1,2})月(?:底|末|份)?(?:之)?前")
_DATE = re.compile(r"(?:19|20)\d{2}年|\d+[年月日][^\d]+")
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff，。；：、（）《》“”])[ \t\u3000]+(?=[\u3400-\u9fff，。；：、（）《》“”])")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """The text for comparing: NFKC, without blanks and without leftover markup. Idempotent."""
    while True:
        # An ampersand that was encoded again and again is one ampersand; to undo one a turn would take for ever.
        cleaned = clean(_AMPERSANDS.sub("&", text))[0] if _MARKUP_SIGN.search(text) else text
        composed = unicodedata.normalize("NFKC", _SPACE.sub("", cleaned))
        folded = _SPACE.sub("", composed)
        # Composing may have made a blank or a sign of markup: then what now stands side by side is folded once more.
        if folded == text or (folded == composed and not _MARKUP_SIGN.search(folded)):
            return folded
        text = folded


def searchable(text: str) -> str:
    """The letters and digits of ``text``, NFKC and in lower case; search.js folds a query by the same rule."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())


def figure(text: str) -> str:
    """Like ``fold``, but a character that only looks like a digit stays: ``5 m²`` is not 5m2, ``①`` is no 1."""
    cleaned = _SPACE.sub("", clean(text)[0])
    if cleaned.isascii():
        return cleaned
    return "".join(
        narrow if character.isdecimal() or not any(map(str.isdigit, narrow)) else character
        for character in cleaned
        for narrow in (unicodedata.normalize("NFKC", character),)
    )


@lru_cache(maxsize=1 << 16)
def label_key(text: str) -> str:
    """A heading for comparing: folded, without a trailing colon or bracketed note (``分值 (90分)`` → ``分值``)."""
    key = fold(text).rstrip(":")
    while key.endswith(")") and (shorter := _BRACKET_NOTE.sub("", key).rstrip(":")) not in ("", key):
        key = shorter
    return key


def bracket_unit(text: str) -> str | None:
    """The money unit that a heading carries in brackets: ``资金情况（元）`` → ``元``."""
    if "元" not in text:
        return None
    for unit in _IN_BRACKETS_ANYWHERE.findall(fold(text)):
        for name in ("万元", "亿元", "元"):
            if unit in (name, f"单位:{name}"):
                return name
    return None


def printable(text: str) -> str:
    """The text with control characters, which no table or page can carry, as blanks."""
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without leftover markup and broken blanks, and the marks that were removed, in order of first sight.

    ``<p>`` boundaries become line breaks, LaTeX operators their characters. Nothing else is changed: a ``<`` that
    is no tag stays.
    """
    marks: dict[str, None] = {}
    if _MARKUP_SIGN.search(text):
        for pattern in (_TAG, _LATEX_TOKEN, _LATEX_DOLLARS, _ENTITY):
            marks |= dict.fromkeys(found[0] for found in pattern.finditer(text))
        text = _PARAGRAPH_BREAK.sub("\n", text)
        text = _TAG.sub("", text)
        text = _LATEX_DOLLARS.sub(r"\1", text)
        text = _LATEX_TOKEN.sub(lambda found: _LATEX[found[0]], text)
        text = _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)
    lines = text.splitlines()
    if len(lines) < 2:
        return " ".join(text.split()), tuple(marks)
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines))), tuple(marks)


def web_address(address: str) -> str:
    """The address with what no address may hold percent-encoded, as a browser sends it: ``{1}.pdf`` → ``%7B1%7D.pdf``."""
    return _NO_ADDRESS.sub(lambda found: quote(found[0]), address)


def close_gaps(text: str) -> str:
    """A short cell (a name, a unit, a department) as one run: line breaks and blanks between Han characters go."""
    return _HAN_GAP.sub("", "".join(line.strip() for line in text.split("\n")) if "\n" in text else text).strip()


def decimal(text: str) -> Decimal:
    """``1,234.50`` → ``Decimal("1234.50")``; full-width digits are digits; anything else raises ``ValueError``."""
    folded = figure(text)
    if not _NUMBER.fullmatch(folded):
        raise ValueError(f"不是数：{text.strip()!r}")
    whole, _, fraction = folded.lstrip("+-").replace(",", "").partition(".")
    if len(whole) > LONGEST_WHOLE or len(fraction) > LONGEST_FRACTION:
        raise ValueError(f"位数多得不像一个数：{text.strip()!r}")
    return Decimal(folded.replace(",", ""))


def if_decimal(text: str) -> Decimal | None:
    """What ``decimal`` makes of the text; none where it raises: ``甲``, ``①``, more digits than any figure has."""
    try:
        return decimal(text)
    except ValueError:
        return None


def is_number(text: str) -> bool:
    """Whether the text is written like a number; whether it can be one, ``if_decimal`` tells."""
    return bool(_NUMBER.fullmatch(fold(text)))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in yuan, the unit it was printed in, and the worth of its last printed digit (also yuan)."""

    yuan: Decimal
    unit: str
    last_digit: Decimal


def money(text: str, unit: str) -> Money:
    """An amount as printed, in ``unit`` unless the cell names its own: ``money("200", "万元").yuan == 2_000_000``."""
    folded = figure(text)
    for name in ("万元", "亿元", "元"):
        if folded.endswith(name):
            folded, unit = folded.removesuffix(name), name
            break
    value = decimal(folded)
    digits = value.as_tuple().exponent
    assert isinstance(digits, int)
    return Money(value * YUAN_PER[unit], unit, Decimal(1).scaleb(digits) * YUAN_PER[unit])


def plain(value: Decimal) -> str:
    """A decimal without exponent, trailing zeros or a minus before nothing: ``Decimal("1.50E+2")`` → ``150``. What the
    dataset and the messages print."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def json_number(value: Decimal) -> int | float:
    """The number as JSON and SQLite write it: whole ones without a decimal point, as long as 64 bits hold them.

    Exact for what the dataset holds: a float's shortest form gives a number of up to 15 digits back.
    """
    return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A target cell taken apart: ``不少于20家`` → ge, 20, 家. A part that the cell does not hold is ``None``."""

    comparison: str | None
    value: Decimal | None
    unit: str | None


NO_QUANTITY = Quantity(None, None, None)


def is_deadline(text: str) -> bool:
    """Whether a target is a day or month of a year by which something is done: ``2024年12月底前``."""
    return _DEADLINE.fullmatch(figure(text)) is not None


def quantity(text: str, signs: Mapping[str, str], endings: Mapping[str, str]) -> Quantity:
    """Take a target cell apart: ``≥95%`` and ``95%以上`` → ge 95 %, ``不少于20家`` → ge 20 家, ``1,234`` → 1234.

    ``signs`` and ``endings`` map folded words before and after the number to comparison codes. Only a cell that is
    wholly sign + number + unit is taken apart; in prose such as ``平坝地区达到100%，丘陵地区≥90%`` no number is *the*
    target, so all parts are ``None``. ``2024年12月底前`` is a deadline: le 12 月 (of the year that the text names).
    """
    folded = figure(text)
    if deadline := _DEADLINE.fullmatch(folded):
        return Quantity("le", Decimal(deadline[1]), "月")
    sign = max((word for word in signs if folded.startswith(word)), key=len, default="")
    folded = folded.removeprefix(sign)
    ending = max((word for word in endings if folded.endswith(word)), key=len, default="")
    folded = folded.removesuffix(ending)
    comparisons = {signs[word] for word in (sign,) if word} | {endings[word] for word in (ending,) if word}
    found = _AMOUNT.fullmatch(folded)
    # 3个工作日内 and 30日内 are spans of time, 12月内 is a month as likely as a span.
    within_month = ending == "内" and folded.endswith("月") and not folded.endswith("个月")
    if found is None or _DATE.fullmatch(folded) or within_month or len(comparisons) > 1:
        return NO_QUANTITY
    if unicodedata.category(found["unit"][:1] or " ") == "No":  # 10² and 5½ are other numbers
        return NO_QUANTITY
    try:
        value = decimal(found["number"])
    except ValueError:
        return NO_QUANTITY
    unit = _IN_BRACKETS.sub(r"\1", found["unit"])  # 100.00(%)
    return Quantity(next(iter(comparisons), None), value, unit or None)


_MULTIPLES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


def base(value: Decimal, unit: str) -> tuple[Decimal, str | None]:
    """Value and unit with a leading 万/亿 multiplied out: 30 万人次 → 300000 人次; 4 万 → 40000, no unit."""
    for mark, factor in _MULTIPLES.items():
        if unit.startswith(mark):
            return value * factor, unit.removeprefix(mark) or None
    return value, unit
