"""立项依据 → the policy documents it cites: numbers such as 渝府办发〔2017〕121号, titles in 《》, and which belong together."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

_OPEN, _CLOSE = "〔﹝［\\[【（(", "〕﹞］\\]】）)"
NUMBER = re.compile(
    rf"([\u4e00-\u9fffA-Za-z]{{1,14}}?[{_OPEN}]?\s*(?:19|20)\d{{2}}(?:\s*年)?\s*[{_CLOSE}]\s*第?\s*\d{{1,5}}\s*号"
    r"|[\u4e00-\u9fff]{2,12}?令\s*第?\s*\d{1,4}\s*号)"
)
# What leads up to a number in a sentence; no issuing body's sign holds these words.
_LEADING_WORDS = re.compile(
    r"^(?:.*(?:根据|按照|依据|依照|参照|详见|参见|以及|关于|执行|贯彻|落实|结合))?"
    r"(?:文件|通知|另据|据|和|及|与|的|等|见)*"
)
# Spelt 〔2017〕, without a 第 after it.
_YEAR = re.compile(rf"[{_OPEN}]?((?:19|20)\d{{2}})年?[{_CLOSE}]第?")
_BETWEEN = re.compile(r"^[\s的等之]*(?:通知|意见|决定|办法|文件|精神|批复|函|公告|规定)*[\s（(\[【﹝〔，,]*$")


class Cited(NamedTuple):
    """A number in one spelling and as it is printed, and a title, either of which may be ``None``; where they begin."""

    number: str | None
    as_filed: str | None
    title: str | None
    start: int


def citations(basis: str) -> Iterator[Cited]:
    """What is cited, in printed order.

    A number belongs to the title that ends right before it, with nothing but 的通知 and a bracket between.
    """
    titles = list(_titles(basis))
    begins = [start for start, _, _ in titles]
    outside = []
    for found in NUMBER.finditer(basis):
        before = bisect_left(begins, found.start(1)) - 1
        if before < 0 or titles[before][1] <= found.start(1):
            outside.append((found.start(1), found[1]))
    places = [place for place, _ in outside]
    taken: set[int] = set()
    result: list[tuple[int, str | None, str | None]] = []
    for title_no, (start, end, title) in enumerate(titles):
        after = bisect_left(places, end)
        following = outside[after] if after < len(outside) else None
        number: str | None = None
        # A number that another title stands before is that one's.
        if following is not None and (title_no + 1 == len(titles) or following[0] <= begins[title_no + 1]):
            lead = _LEADING_WORDS.match(following[1])
            between = basis[end : following[0]] + (lead[0] if lead else "")
            # A number on a new line without a bracket is an item of its own.
            if _BETWEEN.match(between) and not ("\n" in between and not between.strip()):
                number = following[1]
                taken.add(following[0])
        result.append((start, number, title))
    result.extend((start, printed, None) for start, printed in outside if start not in taken)
    for start, printed, name in sorted(result, key=lambda item: item[0]):
        as_filed = _LEADING_WORDS.sub("", re.sub(r"\s+", "", printed)) if printed else ""
        number = _YEAR.sub(r"〔\1〕", as_filed)
        if number or name:
            yield Cited(number or None, as_filed or None, name or None, start)


def _titles(text: str) -> Iterator[tuple[int, int, str]]:
    """Outermost 《…》: start, end, and the words between. An unclosed one is no title."""
    depth, start = 0, 0
    for place, mark in enumerate(text):
        if mark == "《":
            if depth == 0:
                start = place
            depth += 1
        elif mark == "》" and depth:
            depth -= 1
            if depth == 0:
                yield start, place + 1, "".join(line.strip() for line in text[start + 1 : place].split("\n"))
    if depth:
        closing = text.find("》", start)
        if closing > 0:
            yield start, closing + 1, "".join(line.strip() for line in text[start + 1 : closing].split("\n"))
