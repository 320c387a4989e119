"""Comma-separated values → rows of cells: what a spreadsheet program writes as CSV, in UTF-8 or GB18030."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers.draft import Printed, reading
from builder.readers.guard import MAX_TEXT, check_file
from builder.readers.text import decode

SEPARATORS = ",\t;"
# A cell as long as a spreadsheet program can write it (32,767 characters), and room for the quotes.
LONGEST_CELL = 100_000


def read(path: Path) -> Reading:
    """The rows of the file; a quoted cell may go over several lines. Raises ``DocumentFault``.

    The separator is the one of comma, tab and semicolon that the file holds most of: programs of some countries, and
    those who rename a file, write others than the comma.
    """
    check_file(path, MAX_TEXT)
    text, notes = decode(path.read_bytes())
    return reading(_rows(text, max(SEPARATORS, key=text.count)), notes)


def _rows(text: str, separator: str) -> Iterator[Printed]:
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for number, cells in enumerate(lines, 1):
            yield Printed(cells, f"第 {number} 行", table=1)
    except csv.Error:
        raise DocumentFault(
            f"CSV 第 {number + 1} 行读不下去：有一格超过 {LONGEST_CELL:,} 个字，多半是引号没有成对。"
            "请用 Excel/WPS 打开，另存为 .xlsx 再添加。"
        ) from None
