"""Writes ``tests/samples``: documents as local governments publish them, each with the reading to be expected of it.

    python tests/make_samples.py

Run by hand after a change of ``samples_described``; the files are committed, because a person should be able to open
them and see what the test means. The same descriptions give the same files. Only PDF by way of a word processor
(``CONVERTED``) differs with every run and every LibreOffice: those are converted where they are missing, and else left.
To have one converted anew, delete it first.
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from pathlib import Path

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from forms_rendered import FONT, Grid, _merge_docx, _PdfPrinter, as_number
from reportlab.pdfgen.canvas import Canvas
from samples_described import SAMPLES, Form, Promise, Sample

SAMPLES_FOLDER = Path(__file__).parent / "samples"
CONVERTED = frozenset({"yunyang-education.pdf"})
WRITTEN_ON = datetime(2026, 2, 10, 9, 0)
ABOVE = "\0"
"""A cell that is one with the cell over it."""

Line = Sequence[str | tuple[str, int]]


def main() -> None:
    write(SAMPLES_FOLDER)


def write(folder: Path) -> None:
    """All samples and expectations, into ``folder``. What it holds already of ``CONVERTED`` stays."""
    folder.mkdir(exist_ok=True)
    for sample in SAMPLES:
        path = folder / sample.file
        if sample.file not in CONVERTED or not path.exists():
            WRITERS[sample.file](sample, path)
        expected = json.dumps(sample.expected(), ensure_ascii=False, indent=1) + "\n"
        path.with_suffix(".expected.json").write_text(expected, encoding="utf-8")


# Layouts


def grid(title: Sequence[str], lines: Sequence[Line], tail: Sequence[str] = (), repeated: int = 0) -> Grid:
    """A table from its lines: a cell is its text, or text and the columns that it takes; ``ABOVE`` goes on upwards."""
    rows: list[tuple[str, ...]] = []
    merges: dict[tuple[int, int], list[int]] = {}
    owners: dict[int, tuple[int, int]] = {}
    for line in lines:
        texts: list[str] = []
        for text, across in (cell if isinstance(cell, tuple) else (cell, 1) for cell in line):
            left, row = len(texts), len(rows)
            if text == ABOVE:
                merges[owners[left]][0] = row
                text = ""
            else:
                owners[left] = (row, left)
                merges[row, left] = [row, left + across - 1]
            texts += [text, *[""] * (across - 1)]
        rows.append(tuple(texts))
    assert len({len(row) for row in rows}) == 1, f"{title}: {[len(row) for row in rows]}"
    joined = [(top, left, *corner) for (top, left), corner in merges.items() if (top, left) != tuple(corner)]
    return Grid(tuple(title), tuple(rows), tuple(joined), tuple(tail), repeated)


def money(form: Form) -> list[tuple[str, str]]:
    return [(part.label, part.printed) for part in form.funding]


def leveled(promises: Sequence[Promise]) -> list[tuple[str, str]]:
    """First and second level of each promise, ``ABOVE`` where it is the one before."""
    before = ("", "")
    result = []
    for promise in promises:
        first, second = promise.levels
        same = first == before[0]
        result.append((ABOVE if same else first, ABOVE if same and second == before[1] else second))
        before = promise.levels
    return result


def district(form: Form, tail: Sequence[str] | None = None, repeated: int = 0) -> Grid:
    """专项资金绩效目标表 as the districts of 重庆 print it: seven columns."""
    sources = money(form)
    lines: list[Line] = [
        ["主管部门", (form.department, 2), "实施单位", (form.implementing_unit, 3)],
        ["项目名称", (form.name, 6)],
        [("预算执行率权重（分）：", 2), (form.execution, 5)],
        [form.budget.label, (form.budget.printed, 2), sources[0][0], (sources[0][1], 3)],
        *([ABOVE, (ABOVE, 2), label, (printed, 3)] for label, printed in sources[1:]),
        ["项目概况", (form.overview, 6)],
        ["立项依据", (form.basis, 6)],
        ["当年绩效目标", (form.goal, 6)],
        *promised(form),
    ]
    contact = [f"联系人：{form.person}", f"联系电话：{form.phone}"]
    title = [f"序号：{form.serial}"] if form.serial else []
    return grid([*title, form.title, *form.heading], lines, contact if tail is None else tail, repeated)


def promised(form: Form) -> list[Line]:
    """The indicator table of ``district``: six columns behind a heading that goes down beside them."""
    header: Line = ["绩效指标", "指标名称", "指标性质", "指标值", "指标单位", "分值（90分）", "是否核心"]
    cells = [(p.name, p.sign, p.target, p.unit, p.weight, p.core) for p in form.promises]
    return [header, *([ABOVE, *row] for row in cells)]


def national(form: Form) -> Grid:
    """项目支出绩效目标申报表 as the Ministry of Finance designed it, with three levels of indicators."""
    lines: list[Line] = [
        ["项目名称", (form.name, 5)],
        ["主管部门及代码", (form.department, 2), "实施单位", (form.implementing_unit, 2)],
    ]
    if form.code:
        lines.append(["项目编码", (form.code, 5)])
    kind, period = form.others[0], form.others[1]
    lines.append([kind[0], (kind[1], 2), period[0], (period[1], 2)])
    section = "项目资金" if any("单位" in line for line in form.heading) else "项目资金（万元）"
    lines.append([section, (form.budget.label, 2), (form.budget.printed, 3)])
    lines += [[ABOVE, (label, 2), (printed, 3)] for label, printed in money(form)]
    if len(form.others) > 2:
        lines.append([form.others[2][0], (form.others[2][1], 5)])
    lines.append(["年度目标", (form.goal, 5)])
    lines.append(["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "分值权重"])
    lines += [
        [ABOVE, first, second, promise.name, promise.target, promise.weight]
        for promise, (first, second) in zip(form.promises, leveled(form.promises), strict=True)
    ]
    return grid([form.title, *form.heading], lines)


def overall(form: Form) -> Grid:
    """部门整体支出绩效目标表."""
    lines: list[Line] = [
        [("部门（单位）名称", 2), (form.department, 4)],
        [("部门职能", 2), (form.overview, 4)],
        [(form.budget.label, 2), (form.budget.printed, 4)],
        *([(label, 2), (printed, 4)] for label, printed in money(form)),
        [("年度总体目标", 2), (form.goal, 4)],
        ["年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "分值"],
    ]
    lines += [
        [ABOVE, first, second, promise.name, promise.target, promise.weight]
        for promise, (first, second) in zip(form.promises, leveled(form.promises), strict=True)
    ]
    return grid([form.title, *form.heading], lines)


def transfer(form: Form) -> Grid:
    """转移支付区域绩效目标表: no weights."""
    lines: list[Line] = [
        [("转移支付（项目）名称", 2), (form.name, 3)],
        [(form.others[0][0], 2), (form.others[0][1], 3)],
        [("县级主管部门", 2), form.department, "实施单位", form.implementing_unit],
        [("资金情况（万元）", 2), form.budget.label, (form.budget.printed, 2)],
        *([(ABOVE, 2), label, (printed, 2)] for label, printed in money(form)),
        ["总体目标", (form.goal, 4)],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
    ]
    lines += [
        [ABOVE, first, second, promise.name, promise.target]
        for promise, (first, second) in zip(form.promises, leveled(form.promises), strict=True)
    ]
    return grid([form.title, *form.heading], lines)


# DOCX


def _paragraph(document: Document, text: str, size: float = 10.5, align: str = "CENTER") -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    return paragraph


def _word() -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    style = document.styles["Normal"]
    style.font.name = "Noto Sans CJK SC"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Sans CJK SC")
    style.font.size = Pt(10)
    document.core_properties.created = document.core_properties.modified = WRITTEN_ON
    return document


def _running(document: Document, title: str) -> None:
    """A running title in the header; 第 X 页 共 Y 页 in the footer, as fields."""
    section = document.sections[0]
    section.header.paragraphs[0].add_run(title)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, code in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES")):
        footer.add_run(before)
        footer._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )
    footer.add_run(" 页")


def _word_table(owner: Document | _Cell, form: Grid) -> Table:
    table = owner.add_table(len(form.rows), len(form.rows[0]))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = [[_Cell(cell, table) for cell in row.tc_lst] for row in table._tbl.tr_lst]
    for row, filed in enumerate(form.rows):
        for column, text in enumerate(filed):
            first, *others = text.split("\n")
            cells[row][column].paragraphs[0].add_run(first)
            for other in others:
                cells[row][column].add_paragraph(other)
    for merge in form.merges:
        _merge_docx(cells, *merge)
    return table


def _save_docx(document: Document, path: Path) -> None:
    """The package with its members dated alike: python-docx stamps them with the time of writing."""
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as settled:
        for name in made.namelist():
            settled.writestr(zipfile.ZipInfo(name, WRITTEN_ON.timetuple()[:6]), made.read(name), zipfile.ZIP_DEFLATED)


_TEXT_BOX = """<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:120pt;height:24pt">
<v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""


def write_yuzhong(sample: Sample, path: Path) -> None:
    """Cover, notes and catalogue; then a form a page. The second holds its indicators as a table in a cell, the third
    has the money unit in a text box."""
    document = _word()
    _running(document, "渝中区2026年区级重点专项资金绩效目标")
    _paragraph(document, "附件5", 12, "LEFT")
    _paragraph(document, sample.title, 20)
    _paragraph(document, "重庆市渝中区财政局", 14)
    _paragraph(document, "2026年1月", 14).add_run().add_break(WD_BREAK.PAGE)
    _paragraph(document, "编 报 说 明", 16)
    for text in (
        "一、根据《中华人民共和国预算法》和《中共重庆市委 重庆市人民政府关于全面实施预算绩效管理的实施意见》，编制本表。",
        "二、2026年区级重点专项资金共3个，预算金额合计4,386万元，由区级各主管部门填报，随同预算草案一并提请审议。",
        "三、绩效指标分值合计90分，预算执行率10分。",
    ):
        _paragraph(document, text, 12, "LEFT")
    _paragraph(document, "2026年区级重点专项资金目录", 16).paragraph_format.page_break_before = True
    _paragraph(document, "单位：万元", 10, "RIGHT")
    rows = [[*entry[:3], entry[3].printed] for entry in sample.catalogue]
    _word_table(
        document, grid((), [["序号", "专项资金名称", "主管部门", "2026年预算"], *rows, [("合计", 3), "4,386.00"]])
    )
    for number, form in enumerate(sample.forms, 1):
        _paragraph(document, form.title, 16).paragraph_format.page_break_before = True
        if number == 3:
            box = document.add_paragraph()
            box._p.append(parse_xml(_TEXT_BOX.format(ns=nsdecls("w"), text=form.heading[0])))
        else:
            _paragraph(document, form.heading[0], 10, "RIGHT")
        layout = district(form)
        if number == 2:
            _nested(document, form, layout)
        else:
            _word_table(document, layout)
        _paragraph(document, "    ".join(layout.tail), 10.5, "LEFT")
    _save_docx(document, path)


def _nested(document: Document, form: Form, layout: Grid) -> None:
    """The form with its indicators as a table of their own inside the cell beside 绩效指标."""
    lines = promised(form)
    top = len(layout.rows) - len(lines)
    merges = [merge for merge in layout.merges if merge[2] < top] + [(top, 1, top, 6)]
    rows = (*layout.rows[:top], ("绩效指标", "", "", "", "", "", ""))
    table = _word_table(document, Grid((), rows, tuple(merges)))
    _word_table(_Cell(table._tbl.tr_lst[top].tc_lst[1], table), grid((), [line[1:] for line in lines]))


def write_fengjie(sample: Sample, path: Path) -> None:
    """A form a page, its heading rows marked to be repeated, the year under the title."""
    document = _word()
    _running(document, "奉节县2026年部门预算公开")
    for number, form in enumerate(sample.forms):
        title = _paragraph(document, form.title, 18)
        title.paragraph_format.page_break_before = number > 0
        _paragraph(document, form.heading[0], 12)
        table = _word_table(document, transfer(form))
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        _paragraph(document, "：".join(form.others[1]), 9, "LEFT")
    _save_docx(document, path)


def write_yunyang(sample: Sample, path: Path) -> None:
    """A Word document in landscape, so that forms go on over a page, printed as PDF by LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        sys.exit(f"要生成 {path.name} 需要 LibreOffice（Debian：apt install libreoffice-writer）。")
    document = _word()
    section = document.sections[0]
    section.page_width, section.page_height = section.page_height, section.page_width
    _running(document, "云阳县教育委员会2026年部门预算绩效目标公开")
    for form in sample.forms:
        layout = overall(form) if form.form_type == "department_overall" else national(form)
        _paragraph(document, form.title, 18)
        _paragraph(document, form.heading[0], 12)
        table = _word_table(document, layout)
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / path.with_suffix(".docx").name
        _save_docx(document, source)
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                source.name,
            ],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=300,
        )
        shutil.move(source.with_suffix(".pdf"), path)


def write_banan(sample: Sample, path: Path) -> None:
    """A whole department with the table of its main tasks; a project whose form keeps the lines that nobody filled in,
    with a medium-term goal beside the year's."""
    document = _word()
    whole, project = sample.forms
    _running(document, "2026年部门预算公开")
    filed = dict(whole.others)
    line = f"填报单位（盖章）：{filed['填报单位（盖章）']}    填报日期：{filed['填报日期']}    单位：万元"
    tasks = [value for label, value in whole.others if label == "任务名称"]
    contents = [value for label, value in whole.others if label == "主要内容"]
    amounts = (("9,200", "9,000", "200"), ("3,400", "3,400", ""))
    head: list[Line] = [
        [("部门（单位）名称", 2), (whole.department, 5)],
        ["年度主要任务", "任务名称", ("主要内容", 2), ("预算金额（万元）", 3)],
        [ABOVE, ABOVE, (ABOVE, 2), "总额", "财政拨款", "其他资金"],
        *([ABOVE, task, (text, 2), *money] for task, text, money in zip(tasks, contents, amounts, strict=True)),
        [ABOVE, (whole.budget.label, 3), whole.budget.printed, *(part.printed for part in whole.funding)],
        ["年度总体目标", (whole.goal, 6)],
    ]
    table = [["年度绩效指标", "一级指标", "二级指标", ("三级指标", 2), "指标值", "分值"]]
    for promise, (first, second) in zip(whole.promises, leveled(whole.promises), strict=True):
        table.append([ABOVE, first, second, (promise.name, 2), promise.target, promise.weight])
    _filed(document, grid([whole.title, *whole.heading, line], [*head, *table]), "")

    medium = project.others[2]
    head = [
        ["项目名称", (project.name, 6)],
        ["主管部门及代码", (project.department, 3), "实施单位", (project.implementing_unit, 2)],
        ["项目资金\n（万元）", (project.budget.label, 3), (project.budget.printed, 3)],
        [ABOVE, "其中：", (project.funding[0].label, 2), (project.funding[0].printed, 3)],
        [ABOVE, ABOVE, (project.funding[1].label, 2), (project.funding[1].printed, 3)],
        ["总体目标", (medium[0], 3), ("年度目标", 3)],
        [ABOVE, (medium[1], 3), (project.goal, 3)],
    ]
    table = [["绩效指标", "一级指标", "二级指标", ("三级指标", 2), "指标值", "备注"]]
    notes = {"老年人健康管理率": "按省级口径"}
    for promise, (first, second) in zip(project.promises, leveled(project.promises), strict=True):
        if second == "时效指标":
            table.append([ABOVE, ABOVE, "质量指标", ("", 2), "", ""])
        if first == "效益指标":
            table.append([ABOVE, first, "经济效益指标", ("", 2), "", ""])
            first = ABOVE
        table.append([ABOVE, first, second, (promise.name, 2), promise.target, notes.get(promise.name, "")])
    signed = f"单位负责人：{project.others[4][1]}    填表人：{project.person}    联系电话：{project.phone}"
    _filed(document, grid([project.title, *project.heading, line], [*head, *table]), signed)
    _save_docx(document, path)


def _filed(document: Document, layout: Grid, signed: str) -> None:
    title = _paragraph(document, layout.title[0], 18)
    title.paragraph_format.page_break_before = bool(signed)
    for line in layout.title[1:]:
        _paragraph(document, line, 10)
    _word_table(document, layout)
    if signed:
        _paragraph(document, signed, 10, "LEFT")


# XLSX


class _Sheets:
    """Writes grids as a person fills in sheets: figures are numbers with a format, merged cells are merged."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(path)
        self.book.set_properties({"created": WRITTEN_ON, "title": "绩效目标表"})
        self.formats: dict[tuple[str, bool], xlsxwriter.format.Format] = {}

    def style(self, code: str, title: bool = False) -> xlsxwriter.format.Format:
        if (code, title) not in self.formats:
            look = {"bold": True, "font_size": 16, "align": "center"} if title else {"border": 1, "text_wrap": True}
            self.formats[code, title] = self.book.add_format({"num_format": code, "valign": "vcenter", **look})
        return self.formats[code, title]

    def write(self, sheet: xlsxwriter.worksheet.Worksheet, form: Grid, top: int, formulas: dict[str, str]) -> int:
        """The form from row ``top`` (from 0) on; the next free row. ``formulas`` by the text of the cell before."""
        width = len(form.rows[0])
        for line in form.title:
            sheet.merge_range(top, 0, top, width - 1, line, self.style("General", title=True))
            top += 1
        corners = {(merge[0], merge[1]): merge for merge in form.merges}
        for row, line in enumerate(form.rows):
            before = ""
            for column, text in enumerate(line):
                if (row, column) in form.covered:
                    continue
                value, code = as_number(text)
                _, _, bottom, right = corners.get((row, column), (row, column, row, column))
                if (bottom, right) != (row, column):
                    area = (top + row, column, top + bottom, right)
                    sheet.merge_range(*area, "", self.style(code))
                if before in formulas and text:
                    sheet.write_formula(
                        top + row,
                        column,
                        formulas[before].format(top + row + 1, top + bottom + 1),
                        self.style(code),
                        value,
                    )
                else:
                    sheet.write(top + row, column, value if value is not None else "", self.style(code))
                before = text
        top += len(form.rows)
        for line in form.tail:
            sheet.write(top, 0, line)
            top += 1
        return top


def write_nanchuan(sample: Sample, path: Path) -> None:
    """A sheet of totals, a sheet a form, and a hidden sheet with the words of the drop-down lists."""
    sheets = _Sheets(path)
    rows = [[*entry[:3], entry[3].printed] for entry in sample.catalogue]
    total = f"{sum(Decimal(entry[3].yuan) for entry in sample.catalogue) / 10_000:,.2f}"
    lines = [["序号", "项目名称", "主管部门", "2026年预算"], *rows, [("合计", 3), total]]
    totals = sheets.book.add_worksheet("汇总表")
    totals.set_column(1, 2, 34)
    totals.set_column(3, 3, 14)
    totals.fit_to_pages(1, 0)
    sheets.write(
        totals,
        grid([sample.title, "单位：万元"], lines),
        0,
        {"合计": f"=SUM(D4:D{3 + len(rows)})"},
    )
    for number, form in enumerate(sample.forms, 1):
        sheet = sheets.book.add_worksheet(f"{number}.{form.name[:8]}")
        layout = district(form, [f"联系人：{form.person}    联系电话：{form.phone}"])
        layout = Grid((form.title, f"序号：{form.serial}    单位：万元"), layout.rows, layout.merges, layout.tail)
        formulas = {} if "funding-sum" in sample.findings and number == 2 else {form.budget.label: "=SUM(E{0}:E{1})"}
        sheets.write(sheet, layout, 0, formulas)
        sheet.set_column(0, 6, 14)
        sheet.fit_to_pages(1, 0)
        sheet.data_validation("G14:G30", {"validate": "list", "source": "=下拉选项!$A$1:$A$2"})
    hidden = sheets.book.add_worksheet("下拉选项")
    hidden.write_column(0, 0, ["是", "否"])
    hidden.write_column(0, 1, ["≥", "≤", "＝", "定性"])
    hidden.hide()
    sheets.book.close()


def write_kaizhou(sample: Sample, path: Path) -> None:
    """Forms one below the other on one sheet, blank rows between them."""
    sheets = _Sheets(path)
    sheet = sheets.book.add_worksheet("项目支出绩效目标表")
    sheet.set_column(0, 5, 18)
    sheet.fit_to_pages(1, 0)
    top = 0
    for form in sample.forms:
        top = sheets.write(sheet, national(form), top, {}) + 2
    sheets.book.close()


# PDF


class _Printer(_PdfPrinter):
    """Unpacked streams: how a machine packs them is its own affair."""

    def __init__(self, path: Path, decorate: Callable[[Canvas], None]) -> None:
        super().__init__(path, 9.5, 48, 4, True, "第 {} 页", decorate)
        self.canvas.setPageCompression(0)


def write_jiangjin(sample: Sample, path: Path) -> None:
    """Ruled tables over several pages: running title and watermark on each, heading rows again, rows cut in two."""

    def decorate(canvas: Canvas) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawRightString(547, 812, "2026年预算公开附件")
        canvas.translate(297, 421)
        canvas.rotate(45)
        canvas.setFillGray(0.85)
        canvas.setFont(FONT, 60)
        canvas.drawCentredString(0, 0, "政府信息公开")

    _Printer(path, decorate).print([district(form, repeated=2) for form in sample.forms])


# HTML

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}_重庆市合川区人民政府</title>
<meta name="SiteName" content="重庆市合川区人民政府"><meta name="ColumnName" content="财政预决算">
<link rel="stylesheet" href="/images/common.css">
<script>var _hmt = _hmt || []; document.write("<table><tr><td>项目名称</td><td>脚本里的表</td></tr></table>");</script>
</head>
<body>
<div class="top"><a href="/">首页</a> | <a href="/zwgk/">政务公开</a> | <a href="/wza/">无障碍浏览</a></div>
<ul class="menu"><li><a href="/zwxx/">政务新闻</a></li><li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 财政预决算</div>
<table class="layout" width="1000" align="center" cellspacing="0"><tr><td valign="top">
<table width="100%"><tr><td>
<h1>{title}</h1>
<div class="info"><span>发布时间：2026-02-10 09:30</span>&nbsp;&nbsp;<span>来源：合川区财政局</span>&nbsp;&nbsp;<span>字体：<a href="javascript:;">大</a> <a href="javascript:;">中</a> <a href="javascript:;">小</a></span></div>
<div class="share" id="share"><span>分享到：</span><a title="微信"></a><a title="微博"></a></div>
<div class="TRS_Editor">
<p>　　根据预算公开要求，现将合川区2026年区级重点专项资金绩效目标予以公开。</p>
{body}
</div>
</td></tr></table>
<p class="attachment">附件下载：</p>
<p><a href="./P020260210.docx">合川区2026年区级重点专项资金绩效目标表.docx</a></p>
<div class="near"><p>上一篇：<a href="./t1.html">合川区2026年政府预算公开</a></p><p>下一篇：没有了</p></div>
<div class="tool"><a href="javascript:window.print()">【打印本页】</a><a href="javascript:window.close()">【关闭窗口】</a></div>
</td></tr></table>
<div class="footer"><p>主办单位：重庆市合川区人民政府　承办单位：重庆市合川区人民政府办公室</p>
<p>网站标识码：5001170000　渝ICP备00000000号-1　渝公网安备 50011700000000号</p></div>
<script src="/js/share.js"></script>
</body>
</html>
"""


def write_hechuan(sample: Sample, path: Path) -> None:
    """A page of a government's site, its frame of tables around the tables of the forms."""
    body = []
    for form in sample.forms:
        layout = district(form)
        body += [
            f'<p style="text-align: center;"><strong><span>{escape(line)}</span></strong></p>' for line in layout.title
        ]
        body.append('<table border="1" cellspacing="0" class="MsoNormalTable"><tbody>')
        for row, line in enumerate(layout.rows):
            body.append("<tr>")
            for column, text in enumerate(line):
                if (row, column) not in layout.covered:
                    down, across = layout.span(row, column)
                    spans = f' rowspan="{down}"' * (down > 1) + f' colspan="{across}"' * (across > 1)
                    inner = "<br/>".join(map(escape, text.split("\n"))) or "&nbsp;"
                    body.append(f'<td{spans}><p class="MsoNormal"><span>{inner}</span></p></td>')
            body.append("</tr>")
        body.append("</tbody></table>")
        body.append(f"<p>{'&emsp;&emsp;'.join(map(escape, layout.tail))}</p><p>&nbsp;</p>")
    path.write_text(_PAGE.format(title=sample.title, body="\n".join(body)), encoding="utf-8")


# Text


def write_fuling(sample: Sample, path: Path) -> None:
    """Tables copied out of a word processor: tabs between cells, the encoding of Windows."""
    lines: list[str] = []
    for form in sample.forms:
        layout = district(form)
        lines += [layout.title[0], "", *layout.title[1:], ""]
        lines += ["\t".join(row).rstrip("\t") for row in layout.rows]
        lines += ["", *layout.tail, "", ""]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))


WRITERS: dict[str, Callable[[Sample, Path], None]] = {
    "yuzhong-key.docx": write_yuzhong,
    "nanchuan-key.xlsx": write_nanchuan,
    "jiangjin-key.pdf": write_jiangjin,
    "yunyang-education.pdf": write_yunyang,
    "banan-health.docx": write_banan,
    "hechuan-key.html": write_hechuan,
    "fuling-key.txt": write_fuling,
    "fengjie-transfer.docx": write_fengjie,
    "kaizhou-finance.xlsx": write_kaizhou,
}

if __name__ == "__main__":
    main()
