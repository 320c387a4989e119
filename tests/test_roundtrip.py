"""Random forms, printed in each of the three ways in which texts lie, and read back: nothing lost, nothing reported.

Headings come from data/labels.yml, so a synonym that is added there is tried here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.dataset import checks, tabulate
from builder.forms import extract as extracting
from builder.model import Document, Extract
from builder.readers import text as text_reader
from builder.settings import Settings

DATA = Path(__file__).parents[1] / "data"
LABELS = yaml.load((DATA / "labels.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
TOKENS = yaml.load((DATA / "lookups" / "tokens.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


@dataclass(frozen=True)
class Pair:
    """A field, its printed heading, and its value; empty if none was filled in."""

    field: str
    heading: str
    value: str


@dataclass(frozen=True)
class Form:
    """What one form says. ``columns`` are (field, heading); an indicator leaves out what was not filled in."""

    title: str
    form_type: str
    serial: Pair | None
    head: tuple[tuple[Pair, ...], ...]
    columns: tuple[tuple[str, str], ...]
    indicators: tuple[Mapping[str, str], ...]
    tail: tuple[Pair, ...]

    @property
    def pairs(self) -> list[Pair]:
        lines = ((self.serial,) if self.serial else (), *self.head, self.tail)
        return [pair for line in lines for pair in line if pair.value]


@dataclass(frozen=True)
class Kind:
    """A kind of form: its title, and the fields of its rows, columns and last lines."""

    title: str
    form_type: str
    rows: str
    columns: str
    tail: str = ""


PLAIN = "name comparison target unit weight is_core"
KINDS = (
    Kind(
        "长寿区2024年重点专项资金绩效目标表",
        "special_fund",
        "department implementing_unit | name | execution_weight | budget funding.upper_grant | funding.own |"
        " funding.other | overview | basis | goal",
        PLAIN,
        "contact_name contact_phone",
    ),
    Kind(
        "2024年市级重点专项资金绩效目标表（一级项目）",
        "special_fund",
        "name department | budget funding.own | funding.to_lower | overview | goal",
        PLAIN,
        "contact_name contact_phone",
    ),
    Kind("部门整体绩效目标表", "department_overall", "department budget | goal", "name comparison target unit weight"),
    Kind(
        "项目绩效目标表",
        "project",
        "reporting_unit | name contact | department implementing_unit | execution_weight | budget | funding.fiscal |"
        " funding.other | funding.other | goal_overall",
        f"level1 level2 {PLAIN}",
    ),
    # The sign stands in the value: ≥95%, 不少于20家.
    Kind("项目支出绩效目标申报表", "project", "name | budget | goal", "name target weight is_core"),
)

# No heading, sign, level or yes/no can be spelt with these.
HAN = "路桥河湖绿化村镇街道老幼扶助巡查修缮宣讲青年农户企医校"
CELL = st.text(HAN + "（）《》“”PM25", min_size=1, max_size=14).map(lambda text: "修" + text)
PERSON = st.text("赵钱孙李周吴郑王冬霞", min_size=2, max_size=4)
PHONE = st.from_regex(r"(0(23|571)-?)?[2-9][0-9]{7}", fullmatch=True)
# Not 2024: before 年度目标 it is a year to any reader.
WHOLE = st.integers(0, 1899) | st.integers(2100, 10**6)
AMOUNT = st.decimals(0, 10**7, places=2).map(lambda value: f"{value:,}") | WHOLE.map(str)
PHRASE = st.text(HAN + "，。：；（）《》", min_size=1, max_size=30) | st.sampled_from(
    ["2024年内", "35%", "1,200.5万元", "PM2.5"]
)
PROSE = st.lists(st.lists(PHRASE, max_size=4).map("".join), min_size=1, max_size=3).map(
    lambda words: "修" + " 修".join(words)
)
VALUES = {
    "text": PROSE,
    "name": CELL,
    "money": AMOUNT,
    "number": st.integers(0, 30).map(str),
    "person": PERSON,
    "phone": PHONE,
    "contact": st.tuples(PERSON, PHONE).map("".join),
}
SIGNS = st.sampled_from(sorted({word for words in TOKENS["comparison"].values() for word in words}))
LEVEL1 = st.sampled_from(TOKENS["level1"])
LEVEL2 = st.sampled_from([word for word in TOKENS["level2"] if word not in TOKENS["level1"]])
FIGURE = st.integers(0, 10**6).map(str) | st.decimals(0, 1000, places=2).map(str)
SIGNED = st.tuples(st.sampled_from(["≥", "≤", "不少于", ""]), FIGURE, st.sampled_from(["%", "家", "万人次", ""])).map(
    "".join
)
CELLS = {
    "name": CELL,
    "comparison": SIGNS,
    "target": FIGURE | CELL,
    "unit": st.sampled_from(["%", "个", "人次", "万元", "mg/m³", "㎡", "‰", ""]),
    "weight": st.integers(1, 40).map(str) | st.just("12.5"),
    "is_core": st.sampled_from(["是", "否", ""]),
}


@st.composite
def headings(draw: st.DrawFn, context: str, field: str) -> str:
    word = draw(st.sampled_from(LABELS[context][field]["labels"])).replace("{year}", "2024")
    return word + draw(st.sampled_from(["", "", "：", "（必填）"]))


@st.composite
def pairs(draw: st.DrawFn, field: str, filled: bool = False) -> Pair:
    value = VALUES[LABELS["form"][field]["kind"]]
    return Pair(field, draw(headings("form", field)), draw(value if filled else value | st.just("")))


@st.composite
def indicators(draw: st.DrawFn, fields: Sequence[str]) -> Mapping[str, str]:
    strategies = {**CELLS, "level1": LEVEL1, "level2": LEVEL2}
    if "comparison" not in fields:
        strategies["target"] = SIGNED
    return {field: value for field in fields if (value := draw(strategies[field]))}


@st.composite
def filled_forms(draw: st.DrawFn, shuffled: bool) -> Form:
    kind = draw(st.sampled_from(KINDS))
    fields = kind.columns.split()
    if shuffled and "level1" not in fields:
        fields = draw(st.permutations(fields))
    columns = tuple((field, draw(headings("indicator", field))) for field in fields)
    return Form(
        kind.title,
        kind.form_type,
        draw(st.none() | pairs("serial_no", filled=True)),
        tuple(
            tuple(draw(pairs(field, filled=field == "name")) for field in row.split()) for row in kind.rows.split("|")
        ),
        columns,
        tuple(draw(st.lists(indicators(fields), min_size=1, max_size=6))),
        tuple(draw(pairs(field)) for field in kind.tail.split()),
    )


# Forms → rows of a table → text with cells between tabs, or with one cell a line

Rows = list[list[str]]
BLANKS = st.integers(0, 3).map(lambda count: [""] * count)


@st.composite
def printed_tables(draw: st.DrawFn, form: Form) -> Rows:
    """A form as a table's rows, with the liberties that word processors and extraction take."""
    rows: Rows = [[form.title]]
    if form.serial:
        rows.insert(0, [f"{form.serial.heading.rstrip('：')}：{form.serial.value}"])
    for line in form.head:
        first = line[0].field.startswith("funding.")
        rows.append(["", ""] if first else [])
        for pair in line:
            rows[-1] += [pair.heading, *draw(BLANKS), pair.value] if pair.value else [pair.heading, *draw(BLANKS)]
        rows[-1] += draw(BLANKS)
    rows += draw(indicator_tables(form))
    for pair in form.tail:
        inline = draw(st.booleans()) and pair.value
        rows.append([f"{pair.heading.rstrip('：')}：{pair.value}"] if inline else [pair.heading, pair.value])
    return rows


@st.composite
def indicator_tables(draw: st.DrawFn, form: Form) -> Rows:
    margin = draw(st.sampled_from([[], ["绩效指标"]]))
    header = [*margin, *(heading for _, heading in form.columns)]
    rows = [header]
    for indicator, shown in zip(form.indicators, draw(printed_levels(form)), strict=True):
        if draw(st.integers(0, 5)) == 0:
            rows.append(header)
        cells = [indicator.get(field, "") if field in shown else "" for field, _ in form.columns]
        # Where cells have moved, a target in words could as well be a unit.
        in_words = indicator["target"].startswith("修")
        how = draw(st.sampled_from(["in place", "margin lost", "blanks lost", "blank too many"]))
        blank = [""] if margin else []
        match "in place" if in_words else how:
            case "in place":
                rows.append([*blank, *cells])
            case "margin lost":
                rows.append(cells)
            case "blanks lost":
                rows.append([*blank, *filter(None, cells)])
            case "blank too many":
                rows.append([*blank, "", *cells])
    return rows


@st.composite
def printed_levels(draw: st.DrawFn, form: Form) -> list[set[str]]:
    """For each indicator the fields that are printed: a level may stand once for several rows."""
    printed = []
    above: Mapping[str, str] = {}
    for indicator in form.indicators:
        hidden: set[str] = set()
        if "level1" in indicator and indicator["level1"] == above.get("level1") and draw(st.booleans()):
            hidden = {"level1", "level2"} if indicator["level2"] == above["level2"] else {"level1"}
        printed.append(set(indicator) - hidden)
        above = indicator
    return printed


def between_tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows)


def one_cell_a_line(rows: Rows) -> str:
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows)


# Forms → text without cell borders: blanks between cells, cells broken over lines


@st.composite
def broken(draw: st.DrawFn, text: str, most: int = 2) -> str:
    """The text with so many line ends in it, or fewer, where a typesetter may break: not in a figure, not at a bracket."""
    pairs = ((place, text[place - 1 : place + 1]) for place in range(1, len(text)))
    places = [place for place, pair in pairs if not pair.isascii() and not set(pair) & set(" 《》“”（）")]
    chosen = draw(st.lists(st.sampled_from(places), max_size=most, unique=True)) if places else []
    for place in sorted(chosen, reverse=True):
        text = f"{text[:place]}\n{text[place:]}"
    return text


PROSE = frozenset({"overview", "basis", "goal", "goal_overall"})


@st.composite
def flowing(draw: st.DrawFn, form: Form) -> str:
    lines = [form.title]
    if form.serial:
        lines.insert(0, f"{form.serial.heading.rstrip('：')}：{form.serial.value}")
    for line in form.head:
        pieces = []
        for pair in line:
            gap = draw(st.sampled_from([" ", "\n"])) if pair.value else ""
            # A name in three lines is one where a column's width has broken it: of any three, nobody can tell.
            value = draw(broken(pair.value, 2 if pair.field in PROSE else 1))
            pieces.append(f"{draw(broken(pair.heading))}{gap}{value}")
        lines.append(" ".join(pieces))
    header = ["绩效指标"] if draw(st.booleans()) else []
    header.append(" ".join(draw(broken(heading)) for _, heading in form.columns))
    lines += header
    for indicator, shown in zip(form.indicators, draw(printed_levels(form)), strict=True):
        fields = [field for field, _ in form.columns if field in shown]
        breakable = {"name", "level1", "level2"}
        cells = [draw(broken(indicator[field])) if field in breakable else indicator[field] for field in fields]
        lines.append(" ".join(cells))
    lines += [f"{pair.heading.rstrip('：')}：{draw(st.sampled_from(['', ' ']))}{pair.value}" for pair in form.tail]
    return "\n".join(lines)


# What was read


Reader = Callable[[str], Extract]


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Reader:
    path = tmp_path_factory.mktemp("roundtrip") / "forms.txt"

    def read_text(text: str) -> Extract:
        path.write_text(text, encoding="utf-8")
        return extracting.extract(text_reader.read(path), "doc", settings)

    return read_text


def assert_read(extract: Extract, written: Sequence[Form]) -> None:
    assert extract.findings == ()
    assert (extract.read + extract.furniture, extract.reported) == (extract.cells, 0)
    assert [(form.title, form.form_type) for form in extract.forms] == [(f.title, f.form_type) for f in written]
    for filed, form in zip(extract.forms, written, strict=True):
        fields = {pair.field: pair.value for pair in form.pairs if not pair.field.startswith("funding.")}
        funding = [(pair.field[8:], pair.value) for pair in form.pairs if pair.field.startswith("funding.")]
        assert {name: value.text for name, value in filed.fields.items()} == fields
        assert [(source, value.text) for source, value in filed.funding] == funding
        assert [{name: cell.text for name, cell in row.items()} for row in filed.indicators] == list(form.indicators)
        assert filed.others == ()


def documents(
    shuffled: bool, printed: Callable[[Form], st.SearchStrategy[str]]
) -> st.SearchStrategy[tuple[list[Form], str]]:
    """Up to three forms and their text."""
    several = st.lists(filled_forms(shuffled), min_size=1, max_size=3)
    return several.flatmap(
        lambda written: st.tuples(
            st.just(written), st.tuples(*map(printed, written)).map(lambda texts: "\n\n".join(texts) + "\n")
        )
    )


LAYOUTS = {
    "between tabs": documents(True, lambda form: printed_tables(form).map(between_tabs)),
    "one cell a line": documents(True, lambda form: printed_tables(form).map(one_cell_a_line)),
    "flowing": documents(False, flowing),
}
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=8, suppress_health_check=QUIET)
@given(data=st.data())
def test_what_was_printed_is_read(layout: str, data: st.DataObject, read: Reader) -> None:
    written, text = data.draw(LAYOUTS[layout])
    assert_read(read(text), written)


@pytest.mark.long
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=100, suppress_health_check=QUIET)
@given(data=st.data())
def test_whatever_was_printed_is_read(layout: str, data: st.DataObject, read: Reader) -> None:
    written, text = data.draw(LAYOUTS[layout])
    assert_read(read(text), written)


# Whatever it is


HEADINGS = [
    word
    for context in ("form", "indicator", "catalogue")
    for entry in LABELS[context].values()
    for word in entry["labels"]
]
PIECES = [
    *HEADINGS,
    *LABELS["sections"],
    *(
        "项目绩效目标表",
        "2024年重点专项绩效目标表",
        "部门整体绩效目标表",
        "单位：万元",
        "序号：1",
        "联系人：张三",
        "合计",
        "第1页",
    ),
    *(
        "≥",
        "95",
        "%",
        "是",
        "甲乙",
        "20.5",
        "1,000",
        "产出指标",
        "数量指标",
        "<p>甲</p>",
        "共5个项目",
        "预算资金20万元",
    ),
    *("95%以上", "²", "13812345678", "　", "：", "(", "《甲》（渝府〔2020〕1号）", "99999999999999999999"),
]
SEPARATORS = st.sampled_from(["\t", "\t\t", "\n", "\n\n", "\n\t", " ", ""])
JUMBLE = st.lists(st.tuples(st.sampled_from(PIECES), SEPARATORS).map("".join), min_size=1, max_size=80).map("".join)


@given(text=JUMBLE.filter(str.strip))
def test_no_text_stops_the_reader_and_every_cell_is_accounted_for(text: str, read: Reader, settings: Settings) -> None:
    extract = read(text)
    assert extract.cells == extract.read + extract.furniture + extract.reported
    document = Document("doc", "changshou", 2024, "", "", Path("doc.txt"), "text/plain", "", 0)
    alone = replace(settings, documents=(document,), corrections=(), series=())
    tabulated = tabulate.tabulate([(document, extract)], alone)
    assert len(checks.check(tabulated, [(document, extract)], alone)) >= len(extract.findings)
