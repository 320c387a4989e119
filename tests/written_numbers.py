"""The ways in which people, programs and converters write a telephone number: a generator with a fixed seed."""

import random
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, pairwise

BLANKS = (" ", "\u00a0", "\u3000", "\u2003", "\u2009", "\u202f", "  ", " \u3000 ", "\n", " \n")
DASHES = ("-", "－", "–", "—", "―", "‐", "‑", "−", "~", "～", "_", "ー")
SIGNS = (".", "．", "·", "•", "・", "/", "／", "\\", "|", " - ", " – ", ". ", "--", ",")
UNPRINTED = ("\u200b", "\u00ad", "\ufeff", "\u2060", "\u200d", "\u200b\u200b")
MARKUP = (
    "<p>",
    "</p><p>",
    "<b></b>",
    "<br/>",
    "&nbsp;",
    "&#160;",
    "&amp;nbsp;",
    "&ensp;",
    "<!-- -->",
    '<span style="x">',
)
PARTED = (*BLANKS, *DASHES, *SIGNS, *UNPRINTED, *MARKUP)
SHAPES = ((3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (4, 3, 4), (1,) * 11, (11,))
PREFIXES = ("", "+86", "+86 ", "86-", "0086", "(+86)", "0", "17951", "12593", "手机", "Tel:")
ENDS = ("", "", "", "02340257077", "/023-40257077", "、13800138000", "（微信同号）", "。")
DIGITS = ("0123456789", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹", "٠١٢٣٤٥٦٧٨٩", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿")


def mobile(chance: random.Random) -> str:
    return f"1{chance.randint(3, 9)}{chance.randint(0, 999_999_999):09d}"


def identity(chance: random.Random) -> str:
    """The number of an identity card."""
    born = f"19{chance.randint(50, 99)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = f"500{chance.randint(101, 156)}{born}{chance.randint(1, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def bank_card(chance: random.Random) -> str:
    """A number of UnionPay's, with its check digit."""
    body = "62" + "".join(chance.choices("0123456789", k=16))
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(item // 10 + item % 10 for item in doubled) % 10)


# How each kind of number is parted over lines and cells.
KINDS = (
    (mobile, "联系电话", ((3, 4, 4), (3, 8), (7, 4), (5, 6), (9, 2), (2, 9))),
    (identity, "身份证号", ((6, 8, 4), (14, 4), (9, 9))),
    (bank_card, "银行卡号", ((4, 4, 4, 4, 3), (16, 3), (6, 13))),
)


def parted(count: int, seed: int = 7) -> Iterator[tuple[str, str, list[str]]]:
    """Numbers, the heading that each may stand under, and their parts."""
    chance = random.Random(seed)
    for place in range(count):
        make, heading, shapes = KINDS[place % len(KINDS)]
        number, ends = make(chance), list(accumulate(chance.choice(shapes)))
        yield number, heading, [number[a:b] for a, b in pairwise([0, *ends])]


def written(number: str, chance: random.Random) -> str:
    """One way of writing the number."""
    shape = chance.choice(SHAPES)
    parts, start = [], 0
    for size in shape:
        parts.append(number[start : start + size])
        start += size
    text = chance.choice(PARTED).join(parts)
    if chance.random() < 0.1 and len(shape) == 3:
        text = f"({parts[0]}){parts[1]}-{parts[2]}"
    text = (
        text.translate(str.maketrans("0123456789", chance.choice(DIGITS)))
        if "&#" not in text and chance.random() < 0.3
        else text
    )
    return f"{chance.choice(PREFIXES)}{text}{chance.choice(ENDS)}"


def variants(count: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Pairs of a number and a way of writing it, and the ways in which spreadsheets write one."""
    chance = random.Random(seed)
    for place in range(count):
        number = mobile(chance)
        yield number, f"{number}.0" if place % 25 == 0 else written(number, chance)


def digits(text: str) -> str:
    """All digits of a text, of any script, without what stands between them: what somebody who wants to can read."""
    return "".join(str(digit) for character in text if (digit := unicodedata.digit(character, None)) is not None)
