"""Random forms, printed into files of every format and read back by the whole way: nothing lost, reported or wrong.

The forms are those of the districts, the municipality, whole departments, the national project form with its three
levels, and transfers; headings come from data/labels.yml and data/lookups/tokens.yml. Each form is made to add up, so
that a single finding beyond the expected is a failure.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import long_but
from forms_rendered import FONT, FORMATS, Grid, _PdfPrinter, extension, render, render_pdf
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from test_roundtrip import CELL, HAN, LEVEL1, LEVEL2, PERSON, PHONE, TOKENS, headings

from builder.dataset import checks, private, tabulate
from builder.dataset import compile as compiling
from builder.model import Document
from builder.readers import formats
from builder.settings import Settings

WAN = Decimal(10_000)
Check = Callable[[st.DataObject, Path, Settings], None]
UNITS = {"元": Decimal(1), "万元": WAN, "亿元": WAN * WAN}
DEPARTMENTS = {
    "重庆市江津区财政局": "caizhengju",
    "江津区教育委员会": "jiaoyuweiyuanhui",
    "211-江津区应急管理局": "yingjiguanliju",
    "区林业局": "linyeju",
}


@dataclass(frozen=True)
class Kind:
    """A form as one level of government prints it. ``head`` are lines of fields; ``goals`` stand side by side, their
    texts below; ``section`` stands beside the rows of money."""

    title: str
    form_type: str
    head: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    texts: tuple[str, ...]
    columns: tuple[str, ...]
    section: str = ""
    goals: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


PLAIN = ("name", "comparison", "target", "unit", "weight", "is_core")
LEVELS = ("level1", "level2", "name")
KINDS = (
    Kind(
        "江津区2025年重点专项资金绩效目标表",
        "special_fund",
        (("department", "implementing_unit"), ("name",), ("execution_weight",)),
        ("upper_grant", "own", "other"),
        ("overview", "basis", "goal"),
        PLAIN,
        tail=("contact_name", "contact_phone"),
    ),
    Kind(
        "2025年市级重点专项资金绩效目标表（一级项目）",
        "special_fund",
        (("name", "department"),),
        ("own", "to_lower"),
        ("overview", "goal"),
        PLAIN,
        section="资金情况",
        tail=("contact_name", "contact_phone"),
    ),
    Kind("部门整体绩效目标表", "department_overall", (("department",),), (), ("goal",), PLAIN[:5]),
    Kind(
        "项目支出绩效目标申报表",
        "project",
        (("name",), ("department", "implementing_unit"), ("project_type", "period"), ("contact",)),
        ("fiscal", "other"),
        (),
        (*LEVELS, "comparison", "target", "unit", "weight"),
        section="项目资金",
        goals=("goal_overall", "goal"),
    ),
    Kind(
        "转移支付区域绩效目标表",
        "special_fund",
        (("name",), ("central_department",), ("department", "implementing_unit")),
        ("upper_grant", "own", "other"),
        ("goal",),
        (*LEVELS, "target"),
        section="资金情况",
    ),
)


@dataclass
class Written:
    """A form as printed, and what the dataset must hold of it."""

    grids: list[Grid] = field(default_factory=list)
    title: str = ""
    project: dict[str, object] = field(default_factory=dict)
    funding: list[tuple[str, Decimal]] = field(default_factory=list)
    indicators: list[dict[str, object]] = field(default_factory=list)
    attributes: list[tuple[int | None, str]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class Table:
    """The rows of a table as they are put together: cells with the number of columns that they take."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[tuple[str, ...]] = []
        self.merges: list[tuple[int, int, int, int]] = []

    def add(self, cells: Sequence[tuple[str, int]], merged: bool = True) -> None:
        texts: list[str] = []
        for text, span in cells:
            if merged and span > 1:
                self.merges.append((len(self.rows), len(texts), len(self.rows), len(texts) + span - 1))
            texts += [text, *[""] * (span - 1)]
        self.rows.append((*texts, *[""] * (self.width - len(texts))))

    def merge_down(self, top: int, left: int, right: int = -1) -> None:
        """Join the cells from a row to the last one, over the columns ``left`` to ``right``."""
        right = max(left, right)
        inside = [m for m in self.merges if m[0] >= top and (m[1], m[3]) == (left, right)]
        self.merges = [m for m in self.merges if m not in inside]
        if (top, left) != (len(self.rows) - 1, right):
            self.merges.append((top, left, len(self.rows) - 1, right))

    def grid(self, title: Sequence[str] = (), tail: Sequence[str] = (), repeated: int = 0) -> Grid:
        return Grid(tuple(title), tuple(self.rows), tuple(self.merges), tuple(tail), repeated)


# What stands in the cells. No heading, sign, level or yes/no can be spelt with these.

SENTENCE = st.text(HAN + HAN + "，、：；（）《》“”0123456789%", min_size=2, max_size=90).map(
    lambda text: f"修{text}路。"
)
PROSE = st.lists(SENTENCE, min_size=1, max_size=3).map("".join)
PARAGRAPHS = st.lists(SENTENCE, min_size=1, max_size=4).map("\n".join)
FIGURES = st.integers(0, 10**6).map(str) | st.decimals(0, 1000, places=2).map(str)
MEASURES = st.sampled_from(["%", "个", "人次", "万元", "mg/m³", "㎡", "‰", "万人次", "公里/小时"])
# Signs that the font of the PDF can print; test_roundtrip tries the others.
SIGNS = {
    code: [word for word in words if word.encode("gbk", "replace").decode("gbk") == word]
    for code, words in TOKENS["comparison"].items()
}
QUANTITIES = st.tuples(FIGURES, MEASURES, st.sampled_from(list(SIGNS)))
SHORT_VALUES = {
    "implementing_unit": CELL,
    "central_department": st.sampled_from(["财政部", "农业农村部", "国家林业和草原局"]),
    "project_type": st.sampled_from(["特定目标类", "其他运转类", "一次性项目"]),
    "period": st.sampled_from(["2025年", "2025-2027年", "长期"]),
    "contact_name": PERSON,
    "contact_phone": PHONE,
}


def printed_amount(cents: int, grouped: bool) -> str:
    value = Decimal(cents) / 100
    return f"{value:,}" if grouped else str(value)


@st.composite
def amounts(draw: st.DrawFn, count: int) -> tuple[str, list[str]]:
    """A sum, and ``count`` parts that add up to it; a part may be left blank."""
    cents = draw(st.lists(st.integers(0, 10**9), min_size=max(count, 1), max_size=max(count, 1)))
    blank = draw(st.sets(st.integers(1, max(count, 2) - 1))) if count > 1 else set()
    grouped = draw(st.booleans())
    total = sum(value for place, value in enumerate(cents) if place not in blank)
    parts = ["" if place in blank else printed_amount(value, grouped) for place, value in enumerate(cents)]
    return printed_amount(total, grouped), parts[:count]


@st.composite
def weights(draw: st.DrawFn, count: int) -> list[str]:
    """Weights that add up to 90."""
    marks = sorted(draw(st.lists(st.integers(1, 179), min_size=count - 1, max_size=count - 1, unique=True)))
    halves = [after - before for before, after in zip([0, *marks], [*marks, 180], strict=True)]
    return [str(Decimal(half) / 2) if half % 2 else str(half // 2) for half in halves]


def promises(
    draw: st.DrawFn, columns: Sequence[str], name: str, weight: str, quantities: st.SearchStrategy[tuple[str, str, str]]
) -> tuple[dict[str, str], dict[str, object]]:
    """An indicator's cells, and what the dataset holds of them."""
    cells = {"name": name, "weight": weight}
    read: dict[str, object] = {"name": name, "weight": Decimal(weight), "target_value": None, "unit": None}
    if "level1" in columns:
        cells |= {"level1": draw(LEVEL1), "level2": draw(LEVEL2)}
    if "is_core" in columns:
        cells["is_core"] = draw(st.sampled_from(["是", "否", ""]))
        read["is_core"] = {"是": True, "否": False, "": None}[cells["is_core"]]
    figure, unit, code = draw(quantities)
    if code == "qualitative":
        cells |= {"target": draw(CELL), "comparison": draw(st.sampled_from(SIGNS[code])), "unit": ""}
    else:
        if "comparison" in columns:
            sign = draw(st.sampled_from(SIGNS[code]))
            cells |= {"comparison": sign, "target": figure, "unit": unit}
        else:
            form, code = draw(st.sampled_from([("≥{}", "ge"), ("不超过{}", "le"), ("{}以上", "ge"), ("{}", None)]))
            cells["target"] = form.format(figure + unit)
            read["findings"] = ["sign-in-value"] if code else []
        read |= {"target_value": Decimal(figure), "unit": unit}
        if unit.startswith("万"):
            read |= {"base_value": Decimal(figure) * WAN, "base_unit": unit[1:]}
    read |= {"comparison": code, "target_as_filed": cells["target"]}
    read |= {level: cells[level] for level in ("level1", "level2") if level in cells}
    if "weight" not in columns:
        read["weight"] = None
    return {name: text for name, text in cells.items() if name in columns}, read


# The form


def forms(draw: st.DrawFn, number: int, numbered: bool, paragraphs: bool, in_one: bool) -> Written:
    kind = draw(st.sampled_from(KINDS))
    written = Written(title=kind.title)
    written.project["form_type"] = kind.form_type
    levelled = "level1" in kind.columns
    columns = kind.columns if levelled else tuple(draw(st.permutations(kind.columns)))
    margin = draw(st.integers(0, 1))
    table = Table(max(len(columns) + margin, 5))
    title = [kind.title]
    unit = draw(st.sampled_from(list(UNITS)))
    places = ["line", "heading", *(["section"] if kind.section else [])]
    place = draw(st.sampled_from(places))
    if draw(st.booleans()):
        title.append("（2025年度）")
    if place == "line":
        title.append(f"{draw(st.sampled_from(['单位', '金额单位']))}：{unit}")
    if numbered:
        title.insert(0, f"序号：{number}")
        written.project["serial_no"] = number
    for line in kind.head:
        headed_lines(draw, table, line, written, number)
    money_lines(draw, table, kind, written, unit, place)
    prose = (PARAGRAPHS if paragraphs else PROSE).map(lambda text: f"第{number}张表。{text}")
    for name in kind.texts:
        text = draw(prose)
        table.add([(draw(headings("form", name)), 1), (text, table.width - 1)])
        written.project[name] = text
    if kind.goals:
        side_by_side(draw, table, kind.goals, prose, written)
    tail = tails(draw, kind, written)
    indicator_rows(draw, table, kind, columns, margin, written, title, tail, in_one)
    return written


def headed_lines(draw: st.DrawFn, table: Table, line: Sequence[str], written: Written, number: int) -> None:
    """One row: each heading with its value, which takes the columns up to the next."""
    cells: list[tuple[str, int]] = []
    share = table.width // len(line)
    for place, name in enumerate(line):
        span = share if place < len(line) - 1 else table.width - share * place
        text, read = short_values(draw, name, number)
        cells += [(draw(headings("form", name)), 1), (text, span - 1)]
        if name in ("central_department", "project_type", "period"):
            written.attributes.append((None, text))
        else:
            written.project |= read
    table.add(cells, merged=draw(st.booleans()))


def short_values(draw: st.DrawFn, name: str, number: int) -> tuple[str, dict[str, object]]:
    """What is printed for a field, and the columns of the dataset that it fills."""
    match name:
        case "department":
            text, slug = draw(st.sampled_from(sorted(DEPARTMENTS.items())))
            return text, {"department_id": f"jiangjin-{slug}"}
        case "name":
            text = f"{draw(CELL)}第{number}项"
            return text, {"name": text}
        case "execution_weight":
            return "10", {"execution_weight": Decimal(10)}
        case "contact":
            person, phone = draw(PERSON), draw(PHONE)
            return f"{person}{draw(st.sampled_from(['', ' ', '，']))}{phone}", {
                "contact_name": person,
                "contact_phone": phone,
            }
        case _:
            text = draw(SHORT_VALUES[name])
            return text, {name: text}


def money_lines(draw: st.DrawFn, table: Table, kind: Kind, written: Written, unit: str, place: str) -> None:
    """The budget and its sources, one below the other, beside a section heading or the budget's own cells."""
    note = f"（{unit}）" if place == "heading" else ""

    def heading(name: str) -> str:
        return re.sub("：$", "", draw(headings("form", name)).replace("（必填）", "")) + note

    total, parts = draw(amounts(len(kind.sources)))
    written.project |= {"budget_as_filed": total, "budget_yuan": Decimal(total.replace(",", "")) * UNITS[unit]}
    top = len(table.rows)
    merged = draw(st.booleans())
    rows = [(heading("budget"), total)]
    for source, amount in zip(kind.sources, parts, strict=True):
        rows.append((draw(st.sampled_from(["", "其中："])) + heading(f"funding.{source}"), amount))
        if amount:
            written.funding.append((source, Decimal(amount.replace(",", "")) * UNITS[unit]))
    if kind.section:
        section = kind.section + (f"（{unit}）" if place == "section" else "")
        for number, (text, amount) in enumerate(rows):
            table.add([("" if number else section, 1), (text, 2), (amount, table.width - 3)], merged)
        if merged:
            table.merge_down(top, 0)
    elif len(rows) > 1:
        for number, (text, amount) in enumerate(rows[1:]):
            budget = ("", "") if number else rows[0]
            table.add([(budget[0], 1), (budget[1], 1), (text, 1), (amount, table.width - 3)], merged)
        if merged:
            table.merge_down(top, 0)
            table.merge_down(top, 1)
    else:
        table.add([(rows[0][0], 1), (total, table.width - 1)], merged)


def side_by_side(
    draw: st.DrawFn, table: Table, goals: Sequence[str], prose: st.SearchStrategy[str], written: Written
) -> None:
    """Headings beside each other, each with its text in the cell below."""
    half = (table.width - 1) // 2
    spans = (half, table.width - 1 - half)
    top = len(table.rows)
    words = [draw(headings("form", name)) for name in goals]
    table.add([("绩效目标及指标", 1), *zip(words, spans, strict=True)])
    texts = [draw(prose) for _ in goals]
    table.add([("", 1), *zip(texts, spans, strict=True)])
    table.merge_down(top, 0)
    written.project["goal"] = texts[1]
    written.attributes.append((None, texts[0]))


def tails(draw: st.DrawFn, kind: Kind, written: Written) -> list[str]:
    lines = []
    for name in kind.tail:
        text = draw(SHORT_VALUES[name])
        written.project[name] = text
        lines.append(f"{draw(headings('form', name)).rstrip('：')}：{text}")
    return ["    ".join(lines)] if lines and draw(st.booleans()) else lines


def indicator_rows(
    draw: st.DrawFn,
    table: Table,
    kind: Kind,
    columns: Sequence[str],
    margin: int,
    written: Written,
    title: Sequence[str],
    tail: Sequence[str],
    in_one: bool,
) -> None:
    names = draw(st.lists(CELL, min_size=1, max_size=7, unique=True))
    drawn = [promises(draw, columns, *pair, QUANTITIES) for pair in zip(names, draw(weights(len(names))), strict=True)]
    if "execution_weight" not in written.project and "comparison" in columns and draw(st.booleans()):
        name = draw(st.sampled_from(TOKENS["execution_rate"]))
        cells, read = promises(draw, columns, name, "10", st.just(("95", "%", "ge")))
        drawn.append((cells, read | {"is_execution_rate": True}))
    written.indicators = [read for _, read in drawn]
    written.findings = [code for read in written.indicators for code in read.pop("findings", ())]  # type: ignore[attr-defined]
    if "weight" not in columns:
        written.findings.append("heading-missing")
    repeated = draw(st.integers(0, min(2, len(kind.head))))
    if not in_one and draw(st.booleans()):
        written.grids.append(table.grid(title, repeated=repeated))
        table, title, repeated = Table(table.width), (), 1
    top = len(table.rows)
    section = [("绩效指标", 1)] * margin
    table.add([*section, *((draw(headings("indicator", name)), 1) for name in columns)])
    once, merged = draw(st.booleans()), draw(st.booleans())
    above: Mapping[str, str] = {}
    starts: dict[str, int] = {}
    for cells, _ in drawn:
        hidden = set()
        if once and above.get("level1") == cells.get("level1"):
            hidden = {"level1"} if above.get("level2") != cells.get("level2") else {"level1", "level2"}
        for name in ("level1", "level2"):
            if name in columns and name not in hidden:
                if merged and name in starts:
                    table.merge_down(starts[name], margin + columns.index(name))
                starts[name] = len(table.rows)
        texts = ["" if name in hidden else cells.get(name, "") for name in columns]
        table.add([*[("", 1)] * margin, *((text, 1) for text in texts)])
        above = cells
    if merged:
        for name, start in starts.items():
            table.merge_down(start, margin + columns.index(name))
        if margin:
            table.merge_down(top, 0)
    written.grids.append(table.grid(title, tail, repeated))


@st.composite
def documents(draw: st.DrawFn, paragraphs: bool, in_one: bool = False) -> list[Written]:
    numbered = draw(st.booleans())
    return [forms(draw, number, numbered, paragraphs, in_one) for number in range(1, draw(st.integers(1, 3)) + 1)]


# What was read


def assert_read(path: Path, written: Sequence[Written], settings: Settings, notes: int = 0) -> None:
    document = Document(
        "doc",
        "jiangjin",
        2025,
        "江津区2025年绩效目标",
        "江津区财政局",
        path,
        formats.detect(path),
        "0" * 64,
        1,
        source_url="https://example.gov.cn/a",
        retrieved_on="2026-01-08",
    )
    reading = private.publishable(formats.read(path, document.media_type))
    extract = compiling.extract_document(document, reading, settings)
    tabulated = tabulate.tabulate([(document, extract)], settings)
    found = checks.check(tabulated, [(document, extract)], settings)
    expected = Counter(code for form in written for code in form.findings) + Counter(["reader-remark"] * notes)
    assert Counter(row.code for row in found) == expected, [row.message for row in found]
    assert (extract.read + extract.furniture, extract.reported) == (extract.cells, 0)
    data = tabulated.tables
    assert [form.title for form in extract.forms] == [form.title for form in written]
    for form, project in zip(written, data.projects, strict=True):
        key = project.project_id
        assert {name: getattr(project, name) for name in form.project} == form.project
        assert [(row.source, row.amount_yuan) for row in data.funding if row.project_id == key] == form.funding
        rows = [row for row in data.indicators if row.project_id == key]
        read = [{name: getattr(row, name) for name in want} for row, want in zip(rows, form.indicators, strict=True)]
        assert read == form.indicators
        kept = [(row.indicator_id, row.value) for row in data.attributes if row.project_id == key]
        assert sorted(kept, key=str) == sorted(form.attributes, key=str)


def grids(written: Sequence[Written]) -> list[Grid]:
    return [grid for form in written for grid in form.grids]


def ends_full(written: Sequence[Written], printer: _PdfPrinter) -> bool:
    """Whether a paragraph ends where its line is full anyway: then print does not show that it ends."""
    for grid in grids(written):
        step = (printer.WIDTH - 2 * printer.margin) / len(grid.rows[0])
        for row, line in enumerate(grid.rows):
            for column, text in enumerate(line):
                room = step * grid.span(row, column)[1] - 2 * printer.padding
                for paragraph, following in pairwise(text.split("\n")):
                    last = printer.wrap(paragraph, room)[-1]
                    if len(printer.wrap(last + UNBROKEN.match(following)[0], room - printer.size / 2)) > 1:
                        return True
    return False


# The first characters of a paragraph that no line end parts.
UNBROKEN = re.compile(r"[（《“]*.[!-~，、：；。（）《》“”]*.?")


def watermark(canvas: Canvas) -> None:
    canvas.translate(300, 400)
    canvas.rotate(45)
    canvas.setFillGray(0.8)
    canvas.setFontSize(40)
    canvas.drawCentredString(0, 0, "MINGZHANG 2025")


def running_title(canvas: Canvas) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(300, 820, "重庆市江津区2025年部门预算公开")


def check_format(fmt: str, written: Sequence[Written], folder: Path, settings: Settings) -> None:
    path = folder / f"forms{extension(fmt)}"
    render(grids(written), fmt, path)
    # Navigation, what is hidden, and scripts and their substitute stand around the table of a web page.
    assert_read(path, written, settings, notes=4 if fmt == "html" else 0)


PAPER = st.fixed_dictionaries({
    "size": st.sampled_from([8, 9, 10.5, 12]),
    "margin": st.sampled_from([36, 72, 120]),
    "padding": st.sampled_from([2, 4, 5.4]),
    "split_rows": st.booleans(),
    "footer": st.sampled_from(["", "- {} -", "第 {} 页 共 9 页", "{}", "— {} —"]),
    "decorate": st.sampled_from([None, watermark, running_title]),
})  # fmt: skip


def check_pdf(written: Sequence[Written], paper: Mapping[str, object], folder: Path, settings: Settings) -> None:
    path = folder / "forms.pdf"
    render_pdf(grids(written), path, **paper)  # type: ignore[arg-type]
    assert_read(path, written, settings, notes=int(paper["decorate"] is watermark))


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def forms_of_an_office_format(fmt: str, data: st.DataObject, tmp_path: Path, settings: Settings) -> None:
    check_format(fmt, data.draw(documents(True, in_one=fmt == "xlsx-sheets")), tmp_path, settings)


def forms_between_tabs(data: st.DataObject, tmp_path: Path, settings: Settings) -> None:
    check_format("txt", data.draw(documents(False)), tmp_path, settings)


def forms_printed_on_pages(data: st.DataObject, tmp_path: Path, settings: Settings) -> None:
    written, paper = data.draw(documents(False)), data.draw(PAPER)
    if any(
        "weight" not in indicator or indicator["weight"] is None for form in written for indicator in form.indicators
    ):
        # Without a weight, what is left of a cut row looks like an indicator of its own.
        paper["split_rows"] = False
    check_pdf(written, paper, tmp_path, settings)


def paragraphs_printed_on_pages(data: st.DataObject, tmp_path: Path, settings: Settings) -> None:
    """A page break does not show whether a paragraph ends there, so no row is cut."""
    written, paper = data.draw(documents(True)), data.draw(PAPER) | {"split_rows": False}
    assume(not ends_full(written, _PdfPrinter(tmp_path / "unprinted.pdf", **paper)))
    check_pdf(written, paper, tmp_path, settings)


CHECKS: dict[str, Check] = {
    **{fmt: partial(forms_of_an_office_format, fmt) for fmt in FORMATS if fmt not in ("txt", "pdf")},
    "txt": forms_between_tabs,
    "pdf": forms_printed_on_pages,
    "pdf of paragraphs": paragraphs_printed_on_pages,
}


@pytest.mark.parametrize("fmt", long_but(("txt",), CHECKS))
@settings(max_examples=8, suppress_health_check=QUIET)
@given(data=st.data())
def test_forms_of_every_format(fmt: str, data: st.DataObject, tmp_path: Path, settings: Settings) -> None:
    CHECKS[fmt](data, tmp_path, settings)


@pytest.mark.long
@pytest.mark.parametrize("fmt", CHECKS)
@settings(max_examples=60, suppress_health_check=QUIET)
@given(data=st.data())
def test_many_forms_of_every_format(fmt: str, data: st.DataObject, tmp_path: Path, settings: Settings) -> None:
    CHECKS[fmt](data, tmp_path, settings)
