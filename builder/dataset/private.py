"""Personal numbers: hidden in everything that is written, and never mistaken for an amount.

Three kinds are hidden: mobile numbers (``138****1234``), numbers of identity cards (``500101********1234``) and of bank
cards. People write them in many ways, so a text is first looked at as kinds of characters: any digit of any script or
shape is a digit, and between two digits there may be blanks, dashes, dots, slashes, marks that do not print, leftover
tags and entities, a line end, the edge of a cell. Which of these are likely between the digits of a telephone and
which part two figures of a table, the shape of the groups and the words before them tell. Where each cell is a line,
two lines of figures are two cells: a mobile number parted over them is told by a word before it alone.

A cell that is wholly a number is told by its place alone: under 预算金额 it is an amount, anywhere else it is hidden.
So a reading is made fit to publish twice: ``publishable`` before its forms are read, where the parts of a number may
lie in several cells, and ``filed`` after, where it is known what each cell is.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import Any

from builder.dataset.rows import Tables
from builder.model import Cell, Extract, Filed, FiledEntry, FiledForm, FiledResult, Finding, Line, Reading, Row
from builder.settings import Settings
from builder.text import fold, is_number, money, printable, quantity

# The edges of a cell and of a line where several are looked at together. No text holds them: ``printable`` saw to it.
CELL, LINE = "\x1e", "\x1f"
# The edges of lines that are no rows of a table, and of the empty cells in them: as good as blanks, for nothing but text
# goes on from one such line to the next.
PROSE, EMPTY = "\x1d", "\x1c"
EDGES = frozenset((CELL, LINE, PROSE, EMPTY))
_EDGE = re.compile("[\x1c-\x1f]")
_LINES = re.compile(f"[{LINE}{PROSE}]")


# A point may make a decimal number, ``;`` stands for what parts quantities too; the others only part digits.
_SIGNS = (
    (".", ".．"),
    ("·", "·•‧・∙⋅․。｡"),
    ("/", "/／\\＼|｜∕⁄"),
    ("-", "−ー~～_＿"),
    (",", ",，"),
    (";", ";；、：:*＊×✕"),
    ("(", "()（）[]【】"),
)


# An identity card may end in X, which some keyboards give like this.
_CYRILLIC = str.maketrans("Хх", "Xx")


class _Kinds(dict[int, str]):
    """Code point → one character for its kind; digits and ASCII letters stand for themselves."""

    def __missing__(self, code: int) -> str:
        self[code] = kind = self._kind(chr(code))
        return kind

    @staticmethod
    def _kind(character: str) -> str:
        if (digit := unicodedata.digit(character, None)) is not None:
            return str(digit)
        if character.isascii() and character in "<>&#;+\x1e\x1f":
            return character
        letter = unicodedata.normalize("NFKC", character).translate(_CYRILLIC).lower()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            return letter
        category = unicodedata.category(character)
        for kind, members in _SIGNS:
            if character in members:
                return kind
        if character.isspace() or category.startswith("Z") or character in "\u2800\u3164\uffa0":
            return " "
        if category in ("Cf", "Mn", "Me", "Cc"):
            return "\x01"
        return "-" if category == "Pd" else "=" if category[0] in "PS" else "\x02"


_KINDS = _Kinds()


class _PlainKinds(dict[int, str]):
    """The kinds as they are beside plain digits, where ① is none."""

    def __missing__(self, code: int) -> str:
        kind = _KINDS[code]
        self[code] = plain = "=" if kind.isdigit() and not chr(code).isdecimal() else kind
        return plain


_PLAIN_KINDS = _PlainKinds()

_UNPRINTED = r"(?:\x01|<[^<>]{0,200}>)"
_ENTITY = r"&(?:amp;)*(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});"
_BLANKS = rf"(?:{_UNPRINTED}|[ \x1e\x1f]|{_ENTITY})*+"
_GAP = rf"(?:{_BLANKS}[-./·,(=;#+]){{0,4}}+{_BLANKS}"
_MOBILE = re.compile(rf"(?=(1{_GAP}[3-9](?:{_GAP}\d){{9}}))")
# Its province and century are in the pattern: a row of figures would else be tried at each of its digits.
_IDENTITY = re.compile(
    rf"(?=([1-8]{_GAP}[0-7](?:{_GAP}\d){{4}}{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{9}}{_GAP}[\dx]))"
)
_OLD_IDENTITY = re.compile(rf"(?=([1-9](?:{_GAP}\d){{14}}))")
_CARD = re.compile(rf"(?=([1-9](?:{_GAP}\d){{15,18}}))")
_UNION_PAY = re.compile(rf"(?=(6{_GAP}2(?:{_GAP}\d){{14,17}}))")
_TAG_OR_ENTITY = re.compile(rf"<[^<>]{{0,200}}>|{_ENTITY}")
_DIGIT = re.compile(r"\d|x$")
# Most texts have no number, and most of a document's text is no part of one: neither signs nor Chinese are digits, and
# but for tags and entities no letter stands between the digits of a number.
_PERHAPS_DIGIT = re.compile(r"[^\x00-/:-\x7f\u2010-\u201f\u3000-\u3011\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff5e]")
_WITHOUT_LETTERS = re.compile(rf"\d(?:[^\x02a-wyz<&]++|<[^<>]{{0,200}}>|{_ENTITY}|[<&])++")
_HAN = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
# What may not stand before it is looked for once the first digit is found: a pattern that begins with it is slow.
_HAN_DIGIT = re.compile(f"[{_HAN}]")
_HAN_MOBILE = re.compile(rf"[一幺壹](?<![{_HAN}十].)(?:[-—–－·\s]{{0,2}}[{_HAN}]){{10}}(?![{_HAN}十])")

# What stands right before a mobile number without a gap: an area code of its own, or the number of a cheap line.
_BEFORE = re.compile(r"|0|0*86|17951|12593|12520|17911|10193|17909|11808|0\d{9,11}|(?:1[3-9]\d{9})+")
_AFTER = re.compile(r"|0\d{9,11}|(?:1[3-9]\d{9})+")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_ROOM = re.compile(r"\d{0,4}")
_RUN_BEFORE = re.compile(rf"(?<!\d)(?:\d{_UNPRINTED}*+)*+$")
_RUN_AFTER = re.compile(rf"(?:{_UNPRINTED}*\d)*")
_SHAPES = frozenset({(3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (4, 3, 4), (5, 3, 3)})
_DAY = re.compile(r"(?:19|20)\d\d[^\da-z\x02]{1,3}(?:0?[1-9]|1[0-2])[^\da-z\x02]{1,3}(?:[012]?\d|3[01])(?!\d)")

# The words before a number that say whose it is, and the words after it that say that it is a quantity.
_NEAR, _SHORTEST = 24, 11
_CONTACT = re.compile(
    "电话|手机|联系|号码|移动|微信|传真|致电|拨打|热线|负责人|经办|填[报表]人|tel|phone|mobile|☎|📞|📱", re.I
)
_IDENTITY_WORDS = re.compile("身份证|证件|证号")
_CARD_WORDS = re.compile("卡|[账帐]号|[账帐]户|银行|开户|证件|证号|身份证")
_CARD_SHAPES = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (8, 8, 3), (16, 3), (6, 13)})
_QUANTITY_AFTER = re.compile(
    r"\s*(?:[十百千万亿]*美?元|[万亿](?![\u4e00-\u9fff])|亿|[%％‰㎡]|人次|平方|立方|公里|千瓦|吨|亩)"
)
_MEASURE_AFTER = re.compile(r"\s*[个户人家件次项名所台套座株头只辆米处条千斤]")
_CALLED_BEFORE = re.compile(
    r"(?<!\d)(?:(?:\+|00)86\D{0,2}|86-?|1(?:79\d\d|2593|2520|0193|1808)|0\d{2,3}\D{1,2}[2-8]\d{6,7})$"
)
# A sign of money; between two dollars LaTeX sets a number.
_CURRENCY_BEFORE = re.compile(r"[¥￥€]\s*$")
_AMOUNT_WORDS = re.compile(r"[额款费元]|支出|资金|预算|收入|合计|权重|分值|数量?$")

_PROVINCES = frozenset(["11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"])  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# Who is printed in these documents is grown up: a later birthday is the date in some other code.
_BORN = range(1925, 2013)

_MOBILE_SHOWN = (3, 4)
_ROOM_BEFORE = 64


@dataclass(frozen=True, slots=True)
class _Number:
    """A number found in a text: where its digits stand, and how many are shown at its beginning and its end."""

    places: tuple[int, ...]
    shown: tuple[int, int]

    @property
    def is_card(self) -> bool:
        return self.shown != _MOBILE_SHOWN

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


def hide(text: str, *, contact: bool = False, kept: Collection[str] = ()) -> str:
    """The text with the middle of each personal number as stars.

    ``contact`` is true for a cell that holds a telephone by its heading: there any way of parting the digits is one
    number's. What lies within one of the texts of ``kept``, known to be amounts, stays.

        >>> hide("电话：138-1234 5678；预算15000000000元")
        '电话：138****5678；预算15000000000元'
    """
    numbers = _numbers(text, contact) if len(text) >= _SHORTEST else []
    if numbers and kept:
        spans = _spans(text, kept)
        numbers = [item for item in numbers if not any(a < item.end and item.start < b for a, b in spans)]
    return _starred(text, numbers) if numbers else text


def _numbers(text: str, contact: bool = False) -> list[_Number]:
    """The personal numbers of a text in their order; where one begins like another, the longer kind is first."""
    found: list[_Number] = []
    if len(_PERHAPS_DIGIT.findall(text)) >= _SHORTEST:
        kinds = text.translate(_KINDS)
        runs = _runs(kinds)
        found = [*_cards(text, kinds, runs, contact), *_mobiles(text, kinds, runs, contact)]
    for han in _HAN_MOBILE.finditer(text):
        places = tuple(place for place in range(*han.span()) if text[place] in _HAN)
        if text[places[1]] not in "〇零一二幺壹贰":
            found.append(_Number(places, _MOBILE_SHOWN))
    return sorted(found, key=lambda item: item.start)


def _spans(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    return [found.span() for word in words for found in re.finditer(re.escape(word), text)]


def _starred(text: str, numbers: list[_Number]) -> str:
    parts, done = [], 0
    for number in numbers:
        if number.start < done:
            continue
        head, tail = number.shown
        digits = [text[place] for place in number.places]
        between = [text[a + 1 : b] for a, b in pairwise(number.places)]
        starred = [*digits[:head], *"*" * (len(digits) - head - tail), *digits[len(digits) - tail :]]
        if any(edge in gap for gap in between for edge in (*EDGES, "\t")):
            starred = [digit + gap for digit, gap in zip(starred, [*between, ""], strict=True)]
        parts += [text[done : number.start], *starred]
        done = number.end
    return "".join((*parts, text[done:]))


def _number(found: re.Match[str], shown: tuple[int, int]) -> _Number:
    """What was found, by the places of its digits; those in a tag or an entity between them are none of its own."""
    if found[1].isdigit():
        return _Number(tuple(range(*found.span(1))), shown)
    inside = _TAG_OR_ENTITY.sub(lambda gap: "\x01" * len(gap[0]), found[1])
    return _Number(tuple(found.start() + digit.start() for digit in _DIGIT.finditer(inside)), shown)


def _value(kinds: str, number: _Number) -> str:
    return "".join(kinds[place] for place in number.places)


def _beside(text: str, kinds: str, number: _Number) -> tuple[str, str]:
    """What stands up to 60 characters before and after the number, by its kinds."""
    before, after = slice(max(0, number.start - 60), number.start), slice(number.end, number.end + 60)
    if text[number.start].isdecimal():
        return text[before].translate(_PLAIN_KINDS), text[after].translate(_PLAIN_KINDS)
    return kinds[before], kinds[after]


def _alone(text: str, kinds: str, number: _Number) -> bool:
    """Whether no digits stand right beside a card's number, or those of a mobile number."""
    before, after = _beside(text, kinds, number)
    return re.search(r"(?<!\d)(?:1[3-9]\d{9})*$", before) is not None and bool(
        re.match(r"(?:1[3-9]\d{9})*(?!\d)", after)
    )


Runs = Sequence[tuple[int, int]]


def _runs(kinds: str) -> Runs:
    """Where the numbers of a text may stand."""
    runs = (run.span() for run in _WITHOUT_LETTERS.finditer(kinds))
    return [(a, b) for a, b in runs if b - a >= _SHORTEST and len(_DIGIT.findall(kinds, a, b)) >= _SHORTEST]


def _cards(text: str, kinds: str, runs: Runs, contact: bool) -> Iterator[_Number]:
    """Identity cards by date and check digit, bank cards by the 62 of UnionPay and check digit; old identity cards (15
    digits), other bank cards and unusual groups only where a word announces them or ``contact`` tells whose they are."""
    for found in (card for run in runs for card in _UNION_PAY.finditer(kinds, *run)):
        number = _number(found, (4, 4))
        value = _value(kinds, number)
        is_whole = _groups(kinds, number)[0] in {(len(value),), *_CARD_SHAPES}
        if (contact or is_whole) and _luhn(value) and _alone(text, kinds, number):
            yield number
    for found in (card for run in runs for card in _IDENTITY.finditer(kinds, *run)):
        number = _number(found, (6, 4))
        value = _value(kinds, number)
        if len(value) == 18 and _alone(text, kinds, number) and value[:2] in _PROVINCES and _is_day(value[6:14]):
            check = sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS, strict=False)) % 11
            if "10x98765432"[check] == value[17] and (
                int(value[6:10]) in _BORN or _IDENTITY_WORDS.search(text, max(0, number.start - _NEAR), number.start)
            ):
                yield number
    for pattern, words, shown in ((_OLD_IDENTITY, _IDENTITY_WORDS, (6, 3)), (_CARD, _CARD_WORDS, (4, 4))):
        for word in words.finditer(text):
            announced = pattern.search(kinds, word.end(), word.end() + 3 * _NEAR)
            card = _number(announced, shown) if announced else None
            if card is not None and _alone(text, kinds, card):
                value = _value(kinds, card)
                if _is_day("19" + value[6:12]) if pattern is _OLD_IDENTITY else _luhn(value):
                    yield card


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def _luhn(value: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value))]
    return sum(item // 10 + item % 10 for item in doubled) % 10 == 0


def _mobiles(text: str, kinds: str, runs: Runs, contact: bool) -> Iterator[_Number]:
    for found in (mobile for run in runs for mobile in _MOBILE.finditer(kinds, *run)):
        number = _number(found, _MOBILE_SHOWN)
        if _is_mobile(text, kinds, number, contact):
            yield number


def _is_mobile(text: str, kinds: str, number: _Number, contact: bool) -> bool:
    """Whether eleven digits are a telephone's: by what stands beside them, and by how they are parted."""
    start, end = number.start, number.end
    is_field, contact = (
        contact,
        contact
        or any(words.search(text, max(0, start - _NEAR), start) is not None for words in (_CONTACT, _CALLED_BEFORE)),
    )
    around = _beside(text, kinds, number)
    for beside, run, known in zip(around, (_RUN_BEFORE, _RUN_AFTER), (_BEFORE, _AFTER), strict=True):
        digits = re.sub(r"<[^<>]*>|\D", "", found[0]) if (found := run.search(beside)) else ""
        is_other = known.fullmatch(digits) or (contact and _LOCAL.fullmatch(digits))
        if not (is_other or (is_field and _ROOM.fullmatch(digits))):
            return False
    follows = re.sub(r"<[^<>]{0,200}>", "", text[end : end + 40])
    measure, is_latex = _QUANTITY_AFTER.match(follows), text[end : end + 1] == "$"
    # Beside a telephone, 元 before another character begins a name.
    if measure and not (is_field and re.match("[\u4e00-\u9fff]", follows[measure.end() :])):
        return False
    is_money = text[start - 1 : start] == "$" and not is_latex
    if not is_field and (is_money or _CURRENCY_BEFORE.search(text[max(0, start - 4) : start])):
        return False
    groups, gaps = _groups(kinds, number)
    if not contact and not _is_no_decimal(text, kinds, number, groups, gaps):
        return False
    return contact or _is_shape_of_telephone(kinds[start : start + 40], text[end : end + 4], groups, gaps)


def _groups(kinds: str, number: _Number) -> tuple[tuple[int, ...], list[str]]:
    """How many digits stand together, and what parts them where something is seen to."""
    groups, gaps = [1], []
    for a, b in pairwise(number.places):
        if b - a > 1 and (gap := _seen(kinds[a + 1 : b])):
            gaps.append(gap)
            groups.append(1)
        else:
            groups[-1] += 1
    return tuple(groups), gaps


@lru_cache(maxsize=1024)
def _seen(gap: str) -> str:
    """What is seen of the kinds between two digits: a blank for all blanks, nothing of what does not print."""
    return re.sub(rf"{_ENTITY}| +", " ", re.sub(_UNPRINTED, "", gap))


def _is_no_decimal(text: str, kinds: str, number: _Number, groups: tuple[int, ...], gaps: list[str]) -> bool:
    """Whether no point makes the digits a decimal number, such as an amount in 万元.

    An amount stands by itself or behind a word for money, and has six decimals at most. ``.0`` behind eleven digits is
    what a telephone gets in a table of numbers; Excel writes a long number with an exponent.
    """
    start, end = number.start, number.end
    if gaps == ["."]:
        is_free = all(
            edge.strip(f" {CELL}{LINE}") == "" for edge in (kinds[max(0, start - 1) : start], kinds[end : end + 1])
        )
        is_amount = _AMOUNT_WORDS.search(text, max(0, start - _NEAR), start) or _MEASURE_AFTER.match(text, end)
        is_exponent = groups[0] == 1 and re.match(r"e\+?10", kinds[end : end + 4])
        return groups == (3, 8) or bool(is_exponent) or not (is_free or is_amount)
    if kinds[start - 1 : start] == "." and start > 1 and kinds[start - 2].isdigit():
        return re.search(r"1[3-9]\d{9}\.$|(?<![\d.])[1-9]\d?\.$", kinds[max(0, start - 12) : start]) is not None
    fraction = re.match(r"\.(\d+)", kinds[end : end + 16])
    return fraction is None or fraction[1] == "0" or re.fullmatch(r"1[3-9]\d{9}", fraction[1]) is not None


def _is_shape_of_telephone(kinds: str, after: str, groups: tuple[int, ...], gaps: list[str]) -> bool:
    if not gaps:
        return True
    parting = set("".join(gaps))
    if parting & {CELL, LINE, ";", "+"} or _DAY.match(kinds):
        return False
    if parting & {"=", "#"}:
        return groups == (3, 4, 4) and len(set(gaps)) == 1
    is_grouped = groups == (2, 3, 3, 3) and set(gaps) <= {",", " "}
    is_range = len(gaps) == 1 and gaps[0].strip() == "-" and _MEASURE_AFTER.match(after)
    if is_grouped or is_range:
        return False
    if groups in _SHAPES:
        return True
    return len(set(gaps)) == 1 and (len(groups) <= 4 or set(groups[:-1]) <= {1} or set(groups[:-1]) <= {2})


# Readings, forms, tables


def publishable(reading: Reading) -> Reading:
    """The reading with what is private hidden in its cells and remarks, and without control characters.

    A cell that is wholly a number, and no card's, stays until ``filed`` knows what it is; the lines stay until ``shown``.
    """
    everything = "".join([cell.text for row in reading.rows for cell in row.cells])
    clean = printable(everything) == everything
    cells = [[cell.text if clean else printable(cell.text) for cell in row.cells] for row in reading.rows]
    prose = [_is_prose(row, reading) for row in reading.rows]
    joined = [(EMPTY if alone else CELL).join(row) for row, alone in zip(cells, prose, strict=True)]
    whole = _joined(joined, prose)
    numbers = [item for item in _numbers(whole) if item.is_card or not _fills_a_cell(whole, item)]
    hidden = _LINES.split(_starred(whole, numbers)) if numbers else joined
    rows = tuple(
        row if (clean and text == before) or not row.cells else _with_texts(row, text.replace(EMPTY, CELL).split(CELL))
        for row, text, before in zip(reading.rows, hidden, joined, strict=False)
    )
    lines = tuple(_line(line, printable(line.text)) for line in reading.lines)
    notes = tuple((code, hide(printable(detail))) for code, detail in reading.notes)
    return replace(reading, rows=rows, lines=lines, notes=notes)


def _with_texts(row: Row, texts: Sequence[str]) -> Row:
    if [cell.text for cell in row.cells] == texts:
        return row
    return replace(row, cells=tuple(Cell(text, *cell[1:]) for cell, text in zip(row.cells, texts, strict=True)))


def _is_prose(row: Row, reading: Reading) -> bool:
    """Whether a row is a line of text, such as a title or a note: a spreadsheet has no other place for them."""
    return not reading.flowing and (row.table is None or len(row.filled) == 1)


def _joined(lines: Sequence[str], prose: Sequence[bool]) -> str:
    """The lines as one text, with the edge between each two by whether both are prose."""
    parts = [text + (PROSE if a and b else LINE) for text, (a, b) in zip(lines, pairwise(prose), strict=False)]
    return "".join((*parts, *lines[-1:]))


def _line(line: Line, text: str) -> Line:
    place = hide(printable(line.place)) if line.place else ""
    return line if (text, place) == (line.text, line.place) else replace(line, text=text, place=place)


def _fills_a_cell(whole: str, number: _Number) -> bool:
    before = _EDGE.split(whole[max(0, number.start - _ROOM_BEFORE) : number.start])[-1]
    rest = _EDGE.split(whole[number.start : number.end + 9], maxsplit=1)[0]
    # No figure is so long before its telephone; a cell of any length would else be looked at for each number in it.
    is_short = len(before) < _ROOM_BEFORE and number.start + len(rest) >= number.end
    return is_short and is_number(before + rest)


CONTACTS = frozenset({"contact", "contact_name", "contact_phone"})
NUMBERS = frozenset(
    {"budget", "execution_weight", "serial_no", "weight", "target", "amount", "own", "to_lower"}
    | {"initial", "adjusted", "executed", "rate", "points", "score", "total_score", "total_points"}
)


def filed(extract: Extract, settings: Settings) -> Extract:
    """The forms with what is private hidden in every cell that is no amount or number."""
    kept = _kept(extract, settings)
    labels: dict[str, tuple[bool, str]] = {}
    # Labels without a digit: beside one a text that is too short for a number holds no part of one.
    plain = cache(lambda label: not _PERHAPS_DIGIT.search(label) and _HAN_DIGIT.search(label) is None)

    def hidden(name: str, cell: Filed) -> Filed:
        if len(cell.text) < _SHORTEST and plain(cell.label):
            return cell
        if cell.label not in labels:
            labels[cell.label] = bool(_CONTACT.search(cell.label)), hide(cell.label)
        announced, label = labels[cell.label]
        contact = name in CONTACTS or announced
        # Its label announces a card's number.
        text = hide(f"{cell.label}{CELL}{cell.text}", contact=contact).rpartition(CELL)[2]
        if (text, label) == (cell.text, cell.label) or _is_kept(name, cell, settings):
            return cell
        return cell._replace(text=text, label=label)

    def row_of(row: Mapping[str, Filed]) -> Mapping[str, Filed]:
        if all([len(cell.text) < _SHORTEST and plain(cell.label) for cell in row.values()]):
            return row
        return {name: hidden(name, cell) for name, cell in row.items()}

    def of_form(form: FiledForm) -> FiledForm:
        return replace(
            form,
            title=hide(form.title),
            fields={name: hidden(name, cell) for name, cell in form.fields.items()},
            funding=tuple((source, hidden("budget", cell)) for source, cell in form.funding),
            indicators=tuple(map(row_of, form.indicators)),
            others=tuple((position, hidden("", cell)) for position, cell in form.others),
        )

    def of_result(result: FiledResult) -> FiledResult:
        return replace(
            result,
            title=hide(result.title),
            fields={name: hidden(name, cell) for name, cell in result.fields.items()},
            funding=tuple((source, {n: hidden(n, cell) for n, cell in row.items()}) for source, row in result.funding),
            indicators=tuple(map(row_of, result.indicators)),
        )

    def of_entry(entry: FiledEntry) -> FiledEntry:
        return replace(entry, fields={name: hidden(name, cell) for name, cell in entry.fields.items()})

    def of_finding(finding: Finding) -> Finding:
        amounts = kept.get(finding.line or 0, ())
        details = {name: hide(text, kept=amounts) for name, text in finding.details.items()}
        expected, actual = (text and hide(text, kept=amounts) for text in (finding.expected, finding.actual))
        return replace(finding, expected=expected, actual=actual, details=details)

    return replace(
        extract,
        forms=tuple(map(of_form, extract.forms)),
        catalogue=tuple(map(of_entry, extract.catalogue)),
        findings=tuple(map(of_finding, extract.findings)),
        results=tuple(map(of_result, extract.results)),
    )


def shown(reading: Reading, extract: Extract, settings: Settings) -> tuple[Line, ...]:
    """The lines of a reading as they may be shown, with the amounts of its forms as printed."""
    kept, hidden = _kept(extract, settings), _hidden(extract)
    in_tables = {cell.line for row in reading.rows if not _is_prose(row, reading) for cell in row.cells}
    whole = _joined([line.text for line in reading.lines], [line.number not in in_tables for line in reading.lines])
    kinds = whole.translate(_KINDS)
    ends = list(accumulate(len(line.text) + 1 for line in reading.lines))

    def at(number: _Number) -> int:
        return bisect_right(ends, number.start)

    def is_kept(number: _Number) -> bool:
        line, before = reading.lines[at(number)], ends[at(number) - 1] if at(number) else 0
        spans = _spans(line.text, kept.get(line.number, ()))
        return any(a + before < number.end and number.start < b + before for a, b in spans)

    def is_hidden(number: _Number) -> bool:
        value, line = _value(kinds, number), reading.lines[at(number)].number
        head, tail = number.shown
        return any(
            before <= line <= before + 19 for before in hidden.get((value[:head], value[-tail:], len(value)), ())
        )

    # What is hidden in a cell is hidden in its lines, however they part it.
    again = [
        item
        for pattern, shown in ((_MOBILE, _MOBILE_SHOWN), (_IDENTITY, (6, 4)), (_OLD_IDENTITY, (6, 3)), (_CARD, (4, 4)))
        for found in (pattern.finditer(kinds) if hidden else ())
        if is_hidden(item := _number(found, shown))
    ]
    numbers = sorted((item for item in (*_numbers(whole), *again) if not is_kept(item)), key=lambda item: item.start)
    texts = _LINES.split(_starred(whole, numbers))
    return tuple(
        line if line.text == text else replace(line, text=text) for line, text in zip(reading.lines, texts, strict=True)
    )


def written(tables: Tables) -> Tables:
    """The tables with what is private hidden in every text, after all that was made of it.

    A value that is wholly a number was told by its place when the forms were read; ids, hashes and addresses are ours, but for a
    policy's id, which is made of words of the documents.
    """
    return Tables(**{name: tuple(map(_written, rows)) for name, rows in tables.by_name().items()})


OURS = frozenset({"sha256", "file", "media_type", "source_url", "project_code", "code", "division_code"})


def _written(row: Any) -> Any:
    changed = {
        name: text
        for name in _texts(row.__class__)
        if isinstance(value := getattr(row, name), str) and len(value) >= _SHORTEST and (text := _safe(value)) != value
    }
    return replace(row, **changed) if changed else row


# Ten thousand rows of provenance name the same few rules.
@lru_cache(maxsize=1024)
def _safe(text: str) -> str:
    return text if is_number(text) else hide(text)


@cache
def _texts(kind: type[Any]) -> tuple[str, ...]:
    """The columns of a table that may hold what is private."""
    names = (item.name for item in fields(kind))
    return tuple(name for name in names if name == "policy_id" or (name not in OURS and not name.endswith("_id")))


def _is_kept(name: str, cell: Filed, settings: Settings) -> bool:
    """Whether a cell is an amount or a number by its place, and holds nothing else."""
    if name in ("target", "actual"):
        return quantity(cell.text, settings.tokens.comparison, settings.tokens.suffix).value is not None
    if name not in NUMBERS and (name or not _AMOUNT_WORDS.search(fold(cell.label)) or _CONTACT.search(cell.label)):
        return False
    try:
        money(cell.text, "元")
    except ValueError:
        return False
    return True


def _cells(extract: Extract) -> Iterator[tuple[str, Filed]]:
    """Every cell that was read, with the name of its field."""
    for form in extract.forms:
        yield from form.fields.items()
        yield from (("budget", cell) for _, cell in form.funding)
        yield from (("", cell) for _, cell in form.others)
        for row in form.indicators:
            yield from row.items()
    for result in extract.results:
        for part in (result.fields, *(row for _, row in result.funding), *result.indicators):
            yield from part.items()
    for entry in extract.catalogue:
        yield from entry.fields.items()
    yield from (("budget", stated.value) for stated in extract.stated)


def _hidden(extract: Extract) -> Mapping[tuple[str, str, int], Collection[int]]:
    """The ends of the numbers hidden in the cells and how long they are, with the cells' lines."""
    found: dict[tuple[str, str, int], set[int]] = {}
    for _, cell in _cells(extract):
        for starred in _STARRED.finditer(cell.text.translate(_KINDS)) if len(cell.text) >= _SHORTEST else ():
            head, tail = filter(None, starred.groups())
            found.setdefault((head, tail, len(starred[0])), set()).add(cell.line)
    return found


# By kind; a star is among the signs that part quantities.
_STARRED = re.compile(r"(\d{6});{8}(\d{3}[\dx])|(\d{6});{6}(\d{3})|(\d{4});{8,11}(\d{4})|(\d{3});{4}(\d{4})")


def _kept(extract: Extract, settings: Settings) -> Mapping[int, Collection[str]]:
    """The amounts and numbers that could be taken for telephones, by their line."""
    kept: dict[int, set[str]] = {}
    for name, cell in _cells(extract):
        if (
            len(cell.text) >= _SHORTEST
            and hide(cell.text, contact=True) != cell.text
            and _is_kept(name, cell, settings)
        ):
            kept.setdefault(cell.line, set()).add(cell.text)
    return kept
