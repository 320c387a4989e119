"""No personal number is published, however it is written and wherever it stands, and no amount is taken for one."""

import gzip
import io
import re
import shutil
import sqlite3
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import astuple, replace
from itertools import product
from pathlib import Path

import printed
import pyarrow.parquet as parquet
import pytest
import xlsxwriter
from conftest import copy_sources_of_the_site, long_but
from forms_rendered import COPIED, FORMATS, Grid, extension, render, render_pdf
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from written_numbers import digits, parted, variants

from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.dataset.private import hide
from builder.model import Document
from builder.readers import formats
from builder.settings import Settings, load
from builder.settings.manifest import sha256
from builder.settings.schema import load_schemas
from builder.site import build

TITLE = "渝中区2026年重点专项绩效目标表"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("联系电话：13667669705", "联系电话：136****9705"),
        ("王智莹02340257077", "王智莹02340257077"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        ("+86 13812345678", "+86 138****5678"),
        ("013812345678", "0138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("13812345678/13987654321", "138****5678/139****4321"),
        ("13912345678.13987654321", "139****5678.139****4321"),
        ("张三139<p>12345678", "张三139****5678"),
        ("139&nbsp;1234&amp;nbsp;5678", "139****5678"),
        ("1391234567802340257077", "139****567802340257077"),
        ("联系电话13,912,345,678", "联系电话139****5678"),
        ("13912345678.0", "139****5678.0"),
        ("1.3912345678E+10", "139****5678E+10"),
        ("幺三九一二三四五六七八", "幺三九****五六七八"),
        ("张三的11010519491231002X", "张三的110105********002X"),
        ("身份证号：110105 19491231 0021", "身份证号：110105 19491231 0021"),
        ("身份证110105491231002", "身份证110105******002"),
        ("卡号 6222 0212 3456 7890 128", "卡号 6222***********0128"),
        ("6222021234567890128", "6222***********0128"),
        ("打卡发放4000123456789017", "打卡发放4000********9017"),
        ("1.13912345678", "1.139****5678"),
        ("①13912345678②", "①139****5678②"),
        ("$13912345678$", "$139****5678$"),
        ("139#1234#5678", "139****5678"),
        ("139'1234'5678", "139****5678"),
        ("139$-$1234$-$5678", "139****5678"),
        ("139" + "&nbsp;" * 9 + "1234</b></i></u></p><p><u><i><b>5678", "139****5678"),
        ("一三九 一二三四-五六七八", "一三九****五六七八"),
        ("壹叁玖壹贰叁肆伍陆柒捌", "壹叁玖****伍陆柒捌"),
        ("023-4025707713912345678", "023-40257077139****5678"),
        ("11010519491231002Ｘ", "110105********002Ｘ"),
        ("11010519491231002X13912345678", "110105********002X139****5678"),
    ],
)
def test_hide(text: str, hidden: str) -> None:
    assert hide(text) == hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("139+1234+5678", "139****5678"),
        ("13912345678 元老师", "139****5678 元老师"),
        ("50113912345678", "501139****5678"),
        ("13912345678801", "139****5678801"),
        ("15000000000元", "15000000000元"),
    ],
)
def test_hide_where_a_telephone_stands(text: str, hidden: str) -> None:
    assert hide(text, contact=True) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "40236567",
        "50011522T000000126363",
        "113812345678999",
        "15000000000.00",
        "13,912,345,678",
        "总投资15000000000元",
        "预算13912345678万元",
        "增长15000000000%",
        "￥13800000000",
        "资金1909998.1364，其中",
        "1998.12-2003.5",
        "1998-10-12-005",
        "培训15000-135000人",
        "500112202401010001",
        "6222021234567890129",
        "1、3、5、7、9、11、13、15、17、19、21",
        "规格138×1234×5678",
        "分别为138、1234、5678",
        "138+1234+5678",
        "3.14159",
        "编号：113912345678②",
        "138****5678",
        "0.13812345678",
        "一九九八年三月",
    ],
)
def test_what_is_no_personal_number_stays(text: str) -> None:
    assert hide(text) == text


@given(st.text("0123456789０②٣ -—.·,/<p>&nbsp;\u200b\n\t电话元万", max_size=40))
def test_hiding_only_hides(text: str) -> None:
    hidden = hide(text)
    assert hide(hidden) == hidden
    assert set(hidden) <= set(text) | {"*"}


@pytest.mark.parametrize("dense", ["1 3 9 ", "139", "1391234567", "<p>139"])
def test_what_it_costs_grows_with_the_text_alone(dense: str) -> None:
    """A text full of what may begin a number once took time by the square of its length, or a second for each kB."""
    start = time.process_time()
    hide((dense * 30_000)[:30_000])
    assert time.process_time() - start < 10


@pytest.mark.parametrize("place", ["{}", "联系人：张三，电话{}，工作日可打", "张三{}到场"])
def test_five_hundred_ways_of_writing_a_number(place: str) -> None:
    """Nothing that somebody could dial is left: not even the digits alone, without what stands between them."""
    readable = [
        text
        for number, text in variants(500)
        if number in digits(re.sub(r"<[^<>]*>|&[^;]*;", "", hide(place.format(text), contact=place == "{}")))
    ]
    assert readable == []


AMOUNTS = (
    "13800000000",
    "13,800,000,000",
    "13 800 000 000",
    "13800000000.00",
    "13800000000元",
    "１３８００００００００",
)


def form(cells: dict[str, str], indicator: tuple[str, ...] = ("改造户数", "≥", "3", "户", "90", "是"), unit: str = "万元") -> Grid:  # fmt: skip
    wide = ("", "", "", "")
    rows = [(name, text, *wide) for name, text in cells.items()]
    head = ("指标名称", "指标性质", "指标值", "指标单位", "分值", "是否核心")
    return Grid((TITLE, f"单位：{unit}"), (*rows, head, indicator), tuple((row, 1, row, 5) for row in range(len(rows))))


def compiled(paths: list[Path], settings: Settings, title: str = "题") -> Compiled:
    documents = tuple(
        Document(
            f"doc-{number}", "yuzhong", 2026, title, "渝中区", path, formats.detect(path), sha256(path), path.stat().st_size
        )
        for number, path in enumerate(paths)
    )  # fmt: skip
    alone = replace(settings, documents=documents, corrections=(), series=(), data=paths[0].parent / "data")
    return printed.compiled(alone)


@pytest.mark.parametrize(
    ("amount", "fmt"), [*product(AMOUNTS, ("txt", "html")), *product(AMOUNTS[:1], ("xlsx", "docx"))]
)
def test_no_amount_is_lost(amount: str, fmt: str, settings: Settings, tmp_path: Path) -> None:
    cells = {
        "项目名称": "危房改造",
        "主管部门": "渝中区财政局",
        "联系电话": "02340257077",
        "当年预算": amount,
        "上级补助": amount,
        "项目支出": amount,
        "项目概况": "总投资13800000000元。",
    }
    path = tmp_path / f"form{extension(fmt)}"
    render((form(cells, ("投资额", "≥", "13800000000", "元", "90", "是"), "元"),), fmt, path)
    made = compiled([path], settings)
    (project,), (funding,) = made.tables.projects, made.tables.funding
    assert project.budget_yuan == funding.amount_yuan == 13_800_000_000
    assert project.budget_as_filed == funding.amount_as_filed == amount
    assert [row.value for row in made.tables.attributes] == [amount]
    assert made.tables.indicators[0].target_value == 13_800_000_000
    assert "*" not in "".join(line.text for line in made.lines["doc-0"])
    assert project.overview == cells["项目概况"]


def test_what_only_a_cell_tells_is_hidden_in_its_lines_too(settings: Settings, tmp_path: Path) -> None:
    cells = {
        "项目名称": "危房改造",
        "主管部门": "财政局",
        "项目概况": "有事找张三，他是13912\n345678，工作日在",
        "身份证号": "110105491231002",
    }
    text = f"{TITLE}\n" + "".join(f"{label}\t{cell}\n" for label, cell in cells.items())
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    made = compiled([tmp_path / "a.txt"], settings)
    assert made.tables.projects[0].overview == "有事找张三，他是139****5678，工作日在"
    lines = [line.text for line in made.lines["doc-0"]]
    assert "项目概况\t有事找张三，他是139**" in lines and "**5678，工作日在" in lines
    assert "110105491231002" not in f"{made}"


def test_no_stated_or_listed_amount_is_lost(settings: Settings, tmp_path: Path) -> None:
    text = f"""编制说明：共1个专项，预算资金共计15000000000元。
序号\t专项名称\t主管部门\t预算金额（元）
1\t危房改造\t财政局\t15000000000
合计\t\t\t15000000000

{TITLE}
项目名称\t危房改造
主管部门\t财政局
当年预算（元）\t15000000000
"""
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    made = compiled([tmp_path / "a.txt"], settings)
    assert made.tables.documents[0].stated_total_yuan == 15_000_000_000
    assert made.tables.catalogue[0].amount_yuan == 15_000_000_000
    assert [line.text for line in made.lines["doc-0"]] == text.rstrip("\n").split("\n")


# Where a telephone stands in a form, and what is found of it in all that is made


CELLS = ("项目名称", "主管部门", "实施单位", "项目概况", "立项依据", "当年绩效目标", "联系人", "联系电话", "备注", "审核人", "没有这一栏")  # fmt: skip
SPLIT = (("139", "{}"), ("1391", "{}"), ("13912345", "{}"))


def planted(fmt: str, start: int) -> tuple[list[Grid], list[str]]:
    """Forms with a number of its own in each field and column, written in ways that the format can carry."""
    numbers = iter(range(start, start + 10_000))
    used: list[str] = []

    def number() -> str:
        used.append(f"139{next(numbers):08d}")
        return used[-1]

    def ways() -> Iterator[str]:
        while True:
            yield from (
                number(),
                f"张三{number()}",
                f"张三 {(n := number())[:3]}-{n[3:7]}-{n[7:]}",
                f"{number()}/{number()}",
                f"{(n := number())[:3]} {n[3:7]} {n[7:]}",
            )

    way = ways()
    sound = {"项目名称": "危房改造", "主管部门": "渝中区财政局", "当年预算": "20"}
    forms = [form({**sound, name: next(way)}) for name in CELLS for _ in range(2)]
    row = ("改造户数", "≥", "3", "户", "90", "是")
    forms += [form(sound, (*row[:place], next(way), *row[place + 1 :])) for place in (0, 1, 3)]
    for parts in ((3, 11), (5, 11), (3, 7, 11)):
        n = number()
        pieces = [n[a:b] for a, b in zip((0, *parts), parts, strict=False)]
        spare = [""] * (5 - len(pieces))
        made = form({**sound, "联系电话": ""})
        forms.append(replace(made, rows=(*made.rows[:3], ("联系电话", *pieces, *spare), *made.rows[4:]), merges=()))
    head = Grid((f"编制说明：请联系李四{number()}。", "（页脚：王五 " + number() + "）"), (("备", "注"),))
    return [head, *forms], used


@pytest.mark.long
def test_numbers_in_every_field_of_every_format(settings: Settings, tmp_path: Path) -> None:
    paths, numbers = [], []
    for place, fmt in enumerate(FORMATS):
        forms, used = planted(fmt, 10_000 * (place + 1))
        paths.append(tmp_path / f"{place}{extension(fmt)}")
        render(forms, fmt, paths[-1])
        numbers += used
    made = compiled(paths, settings, title="张三13912345678的表")
    texts = [str(value) for rows in made.tables.by_name().values() for row in rows for value in astuple(row)]
    texts += [f"{line.place} {line.text}" for lines in made.lines.values() for line in lines]
    found = "\n".join(digits(re.sub(r"<[^<>]*>", "", text)) for text in texts)
    assert [number for number in [*numbers, "13912345678"] if number in found] == []
    text = "".join(texts)
    assert text.count("****") > len(numbers)


def over_lines(heading: str, parts: list[str], said: str) -> list[Grid]:
    """Forms with the parts on lines, in rows and in cells of their own. ``said`` stands before those in no table."""
    plain = form({"项目名称": "危房改造", "主管部门": "渝中区财政局", "当年预算": "20"})
    over, rest = plain.rows[:3], plain.rows[3:]
    wide = ("",) * 5
    across = (heading, *parts, *wide[len(parts) :])
    down = [(heading if not place else "", part, *wide[1:]) for place, part in enumerate(parts)]
    under = [(heading, *wide), *((part, *wide) for part in parts)]
    return [
        replace(plain, title=(*plain.title, f"张三{said} {parts[0]}", *parts[1:])),
        replace(plain, tail=(f"（{said}{parts[0]}", *parts[1:])),
        *(replace(plain, rows=(*over, *rows, *rest), merges=()) for rows in ([across], down, under)),
    ]


# As it is copied, each cell is a line: two lines of figures may be two amounts, unless a word says whose they are.
@pytest.mark.parametrize("fmt", long_but(("txt", "html", *COPIED), [*FORMATS, *COPIED]))
def test_numbers_parted_over_lines_rows_and_cells(fmt: str, settings: Settings, tmp_path: Path) -> None:
    planted = list(parted(12))
    path = tmp_path / f"a{extension(fmt)}"
    said = "，电话" if fmt in COPIED else ""
    render([made for _, heading, parts in planted for made in over_lines(heading, parts, said)], fmt, path)
    made = compiled([path], settings)
    texts = [str(value) for rows in made.tables.by_name().values() for row in rows for value in astuple(row)]
    for found in (texts, [line.text for line in made.lines["doc-0"]]):
        readable = re.sub(r"[\W_]", "", "\n".join(found)).upper()
        assert [number for number, *_ in planted if number in readable] == []


def test_an_original_with_its_numbers_hidden_makes_the_same_tables(settings: Settings, tmp_path: Path) -> None:
    """So a maintainer can take the numbers out of data/sources without any id or value changing."""
    source = next(row.file for row in settings.documents if row.document_id == "wansheng-2025-key")
    shutil.copy(source, tmp_path / "printed.txt")
    before = compiled([tmp_path / "printed.txt"], settings)
    text = "\n".join(line.text for line in before.lines["doc-0"])
    assert "****" in text
    (tmp_path / "hidden.txt").write_text(text, encoding="utf-8")
    after = compiled([tmp_path / "hidden.txt"], settings)
    assert replace(after.tables, documents=()) == replace(before.tables, documents=())
    assert after.lines == before.lines


def workbook_with_remarks(path: Path) -> None:
    """A workbook with a number in its sheet's name, in a text box, as a number and in a cell of its own format."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("张三13900000001")
        for number, row in enumerate(
            form({"项目名称": "甲", "主管部门": "财政局", "当年预算": "20", "联系电话": ""}).rows
        ):
            sheet.write_row(number + 2, 0, row)
        sheet.write(0, 0, TITLE)
        sheet.write_number(5, 1, 13900000002, workbook.add_format({"num_format": "#,##0"}))
        sheet.insert_textbox("H3", "联系人李四 139 0000 0003")
        other = workbook.add_worksheet("说明")
        other.write_number(0, 0, 13900000004)
        other.write(1, 0, "电话")
        other.write_number(2, 0, 13900000005.0, workbook.add_format({"num_format": "0.0"}))


def marked_pdf(path: Path) -> None:
    """Pages with a name and a number across them, as office programs of government print them."""

    def decorate(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 30)
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "zhangsan 13900000006")

    cells = {"项目名称": "危房改造", "主管部门": "渝中区财政局", "当年预算": "20", "联系电话": "139-0000-0007"}
    render_pdf([form(cells)], path, decorate=decorate)


REMARKED = [f"139{number:08d}" for number in range(1, 8)]


def test_numbers_in_remarks_places_and_titles(settings: Settings, tmp_path: Path) -> None:
    workbook_with_remarks(tmp_path / "a.xlsx")
    marked_pdf(tmp_path / "b.pdf")
    made = compiled([tmp_path / "a.xlsx", tmp_path / "b.pdf"], settings)
    remarks = [row.message for row in made.tables.findings if row.code == "reader-remark"]
    assert any("文本框里的文字没有读入：“联系人李四 139****0003”" in remark for remark in remarks)
    assert any("水印“zhangsan139****0006”" in remark for remark in remarks)
    text = str(made)
    assert "张三139****0001" in text
    assert [number for number in REMARKED if number in re.sub(r"(?<=\d)[ -](?=\d)", "", text)] == []


def texts_of(path: Path, content: bytes) -> Iterator[str]:
    """All text of a published file, whatever it is packed in."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from texts_of(Path(name), archive.read(name))
    elif path.suffix == ".gz":
        yield from texts_of(path.with_suffix(""), gzip.decompress(content))
    elif path.suffix == ".parquet":
        yield str(parquet.read_table(io.BytesIO(content)).to_pydict())  # type: ignore[no-untyped-call]
    elif path.suffix == ".sqlite":
        database = sqlite3.connect(":memory:")
        database.deserialize(content)
        yield "\n".join(database.iterdump())
    elif path.suffix != ".png":
        yield content.decode("utf-8")


@pytest.mark.site
@pytest.mark.long
def test_no_artefact_holds_a_number(settings: Settings, tmp_path: Path) -> None:
    """Planted in every format, sought in the dataset, packages, workbooks, databases, pages, indexes, feeds and zips."""
    paths, numbers = [], [*REMARKED]
    for place, fmt in enumerate(FORMATS):
        forms, used = planted(fmt, 10_000 * (place + 1))
        paths.append(tmp_path / f"{place}{extension(fmt)}")
        render(forms, fmt, paths[-1])
        numbers += used
    workbook_with_remarks(tmp_path / "a.xlsx")
    marked_pdf(tmp_path / "b.pdf")
    made = compiled([*paths, tmp_path / "a.xlsx", tmp_path / "b.pdf"], settings, title="李四13912345678的表")
    root = tmp_path / "tree"
    copy_sources_of_the_site(root)
    shutil.rmtree(root / "data" / "releases")
    store.write(made.tables.by_name(), load_schemas(root / "data" / "schemas"), root / "data" / "dataset")
    build.build(root, load(root / "data"), made.lines, lambda message: None)
    searched = 0
    wanted = re.compile("|".join([*numbers, "13912345678"]))
    for folder in (root / "data" / "dataset", root / "site"):
        for path in folder.rglob("*"):
            if path.is_file():
                for text in texts_of(path, path.read_bytes()):
                    searched += 1
                    narrow = unicodedata.normalize("NFKC", text)
                    assert wanted.search(re.sub(r"(?<=\d)[^\w]{1,3}(?=\d)", "", narrow)) is None, path
    assert searched > 1000
    shutil.rmtree(root)
