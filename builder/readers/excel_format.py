"""A number and its number format → the text that a spreadsheet shows.

``0.95`` under ``0%`` is printed ``95%``, ``45292`` under ``yyyy"年"m"月"`` is ``2024年1月``. Fractions and powers of ten
are shown as plain numbers; a negative number in brackets or colour gets its minus sign; a zero drawn as a dash is ``0``.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

# ECMA-376 18.8.30, with the forms that a Chinese Excel shows for the ids that depend on the language.
BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒",
    34: "上午/下午h时mm分", 35: "上午/下午h时mm分ss秒", 36: "yyyy年m月", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 48: "##0.0E+0", 49: "@", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日",
    55: "上午/下午h时mm分", 56: "上午/下午h时mm分ss秒", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?) | [\\!](?P<escaped>.) | (?P<blank>_.) | (?P<fill>\*.) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式) | (?P<noon>AM/PM|A/P|上午/下午) | (?P<date>y+|m+|d+|h+|s+|aaaa?|b+|e+(?![+-]))
    | (?P<power>E[+-]) | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile("[<>=]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = "一二三四五六日"
_LAST_DAY, _BEFORE_1904 = 2_958_465, 1_462
# The longest format that Excel takes. 300 digits before the point and 255 behind it are exact.
_LONGEST = 255
_EXACT = Context(prec=1_000)

Tokens = tuple[tuple[str, str], ...]


def shown(value: Decimal, code: str, *, from_1904: bool) -> str:
    """``value`` as printed under the format ``code``; ``from_1904`` is the workbook's way of counting days."""
    if len(code) > _LONGEST:
        return general(value)
    sections = _sections(code)
    if any(_CONDITION.match(text) for section in sections for kind, text in section if kind == "bracket"):
        return general(value)
    negative = value < 0
    if negative and len(sections) > 1:
        section = sections[1]
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    else:
        section = sections[0]
    kinds = {kind for kind, _ in section}
    if kinds & {"date", "noon", "elapsed"}:
        last = _LAST_DAY - from_1904 * _BEFORE_1904
        return _moment(value, section, from_1904) if 0 <= value <= last else general(value)
    if kinds & {"general", "power"} or any(kind == "other" and text in "@/" for kind, text in section):
        return _affixed(value, section)
    if "digit" not in kinds:
        if value == 0 and not any(text.strip() for kind, text in section if kind in ("literal", "other")):
            return ""
        return general(value)
    text = _number(abs(value), section).strip()
    if not any(character.isdigit() for character in text):
        return general(value) if text or value else ""
    is_bare = negative and any(digit in text for digit in "123456789")
    return f"-{text.strip('()-')}" if is_bare else text


def counted(value: float) -> Decimal:
    """The number that a spreadsheet counts with: 15 digits, the rest is noise of binary fractions."""
    return Decimal(format(value, ".15g"))


def general(value: Decimal) -> str:
    """The plain number, without powers of ten."""
    return format(value.normalize(), "f") if value else "0"


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[Tokens, ...]:
    """The parts of a format for positive, negative and zero, as tokens of kind and text."""
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match.group(match.lastgroup or 0)
        if kind == "quoted":
            sections[-1].append(("literal", text.strip('"')))
        elif kind == "escaped":
            sections[-1].append(("literal", text))
        elif kind in ("blank", "fill"):
            continue
        elif kind == "bracket" and text.startswith("$"):
            sections[-1].append(("literal", text[1:].partition("-")[0]))
        elif kind == "bracket" and _ELAPSED.fullmatch(text):
            sections[-1].append(("elapsed", text.lower()))
        elif kind == "other" and text == ";":
            sections.append([])
        else:
            sections[-1].append((kind, text.lower() if kind == "date" else text))
    return tuple(map(tuple, sections))


def _affixed(value: Decimal, section: Tokens) -> str:
    """A format without digits of its own (``General``, ``@``, powers, fractions): the number between its literals."""
    before = [text for kind, text in section if kind == "literal"] if section[0][0] == "literal" else []
    after = [text for kind, text in section if kind == "literal"] if not before else []
    return "".join(before[:1]) + general(value) + "".join(after)


def _number(value: Decimal, section: Tokens) -> str:
    """Digits put into the format's places from the right; what the first place cannot hold stands before it."""
    kinds = [kind for kind, _ in section]
    point = kinds.index("point") if "point" in kinds else len(section)
    places = [index for index, kind in enumerate(kinds) if kind == "digit"]
    whole, decimals = [index for index in places if index < point], [index for index in places if index > point]
    last = max((index for index in places if index < point), default=-1)
    commas = [index for index, kind in enumerate(kinds) if kind == "comma"]
    grouped = any(index < last for index in commas)
    scale = sum(index > last and (index < point or not decimals) for index in commas)
    value = value.scaleb(2 * kinds.count("percent") - 3 * scale)
    value = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _EXACT)
    integer, _, fraction = format(value, "f").partition(".")
    integer = integer.lstrip("0")
    integer = integer.rjust(sum(section[index][1] == "0" for index in whole), "0") if whole else integer
    while fraction and fraction[-1] == "0" and section[decimals[len(fraction) - 1]][1] != "0":
        fraction = fraction[:-1]
    text, behind, place = "", len(whole), 0
    for index, (kind, literal) in enumerate(section):
        if kind == "digit" and index < point:
            behind -= 1
            first = index == whole[0]
            figures = integer[: len(integer) - behind] if first else integer[len(integer) - behind - 1 :][:1]
            if not first and len(integer) <= behind:
                figures = ""
            text += _grouped(figures, behind) if grouped else figures
        elif kind == "digit":
            text += fraction[place : place + 1]
            place += 1
        elif kind == "point":
            text += ("" if whole or integer else "0") + ("." if fraction or decimals else "")
        elif kind in ("literal", "other", "percent"):
            text += literal
    return text.rstrip(".") if not fraction and decimals else text


def _grouped(figures: str, behind: int) -> str:
    """``figures`` with a comma after each digit that has a multiple of three digits behind it."""
    text = ""
    for position, figure in enumerate(figures):
        left = len(figures) - position - 1 + behind
        text += figure + ("," if left and left % 3 == 0 else "")
    return text


def _moment(value: Decimal, section: Tokens, from_1904: bool) -> str:
    days = float(value)
    # Lotus 1-2-3 took 1900 for a leap year, and Excel followed: before 1 March 1900 the count is one short.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if days < 60 else 30)
    moment = start + timedelta(seconds=round(days * 86_400))
    dated = [(index, text[0]) for index, (kind, text) in enumerate(section) if kind in ("date", "elapsed")]
    has_noon = any(kind == "noon" for kind, _ in section)
    text = ""
    for index, (kind, token) in enumerate(section):
        if kind == "elapsed":
            text += str(int(days * {"h": 24, "m": 1440, "s": 86_400}[token[0]]))
        elif kind == "noon":
            text += ("上午", "下午")[moment.hour >= 12] if "午" in token else ("AM", "PM")[moment.hour >= 12]
        elif kind == "date":
            before = [letter for place, letter in dated if place < index]
            after = [letter for place, letter in dated if place > index]
            is_minute = token[0] == "m" and (before[-1:] == ["h"] or after[:1] == ["s"])
            text += _part(moment, token, is_minute, has_noon)
        elif kind not in ("bracket", "digit"):
            text += token
    return text.strip()


def _part(moment: datetime, token: str, is_minute: bool, has_noon: bool) -> str:
    width = len(token)
    match token[0]:
        case "y" | "e":
            return f"{moment.year:04d}" if width > 2 or token[0] == "e" else f"{moment.year % 100:02d}"
        case "m" if is_minute:
            number = moment.minute
        case "m":
            if width >= 3:
                return _MONTHS[moment.month - 1]
            number = moment.month
        case "d":
            if width >= 3:
                return f"星期{_WEEKDAYS[moment.weekday()]}"
            number = moment.day
        case "a":
            return ("星期" if width > 3 else "") + _WEEKDAYS[moment.weekday()]
        case "h":
            number = (moment.hour % 12 or 12) if has_noon else moment.hour
        case "s":
            number = moment.second
        case _:
            return ""
    return f"{number:02d}" if width > 1 else str(number)
