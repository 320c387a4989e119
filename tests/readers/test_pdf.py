"""PDF: tables by their lines, text that is no part of the print, and files that cannot be read."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from forms_rendered import FONT, Grid, render_pdf
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import pdf
from builder.readers.pdf_page import Glyph

HEADING = ("指标名称", "指标性质", "指标值", "分值")
ROWS = tuple((f"第{number}项任务完成数量", "≥", f"{number}00", "10") for number in range(1, 61))
LONG = Grid(("2024年绩效目标表",), (HEADING, *ROWS), repeated=1)


def drawn(path: Path, draw: Callable[[Canvas], None], **options: object) -> Path:
    """A PDF of what ``draw`` puts on its canvas."""
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=True, **options)
    canvas.setFont(FONT, 10)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return path


def table(canvas: Canvas, rows: list[list[str]], x: float = 50, top: float = 780, width: float = 100) -> None:
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            canvas.rect(x + column * width, top - number * 20, width, 20)
            canvas.drawString(x + column * width + 4, top - number * 20 + 6, text)


def filled(reading: Reading) -> list[list[str]]:
    return [[cell.text for cell in row.filled] for row in reading.rows]


def remarks(reading: Reading) -> list[str]:
    assert {code for code, _ in reading.notes} <= {"reader-remark"}
    return [detail for _, detail in reading.notes]


def test_table_over_pages_keeps_its_repeated_heading_and_counts_pages(tmp_path: Path) -> None:
    render_pdf([LONG], tmp_path / "a.pdf", footer="")
    reading = pdf.read(tmp_path / "a.pdf")
    pages = sorted({row.page for row in reading.rows if row.page})
    assert pages == [1, 2]
    assert [row for row in filled(reading) if row[0] == HEADING[0]] == [list(HEADING)] * 2
    assert [row for row in filled(reading) if row[0].startswith("第")] == [list(row) for row in ROWS]
    assert {(row.page, row.table) for row in reading.rows if row.table} == {(1, 1), (2, 2)}
    second = [line for row, line in zip(reading.rows, reading.lines, strict=True) if row.page == 2]
    assert second[0].place == "第 2 页 表 1 第 1 行"


def test_row_broken_over_a_page_is_two_rows_on_two_pages(tmp_path: Path) -> None:
    text = "一二三四五六七八九十" * 100
    form = Grid(("2024年绩效目标表",), (*((HEADING[0], "甲"),) * 20, ("项目概况", text)))
    render_pdf([form], tmp_path / "a.pdf", split_rows=True, footer="")
    parts = [row for row in pdf.read(tmp_path / "a.pdf").rows if "一二三" in row.cells[-1].text]
    assert [row.page for row in parts] == [1, 2]
    assert parts[0].cells[0].text == "项目概况"
    assert parts[1].cells[0].text == ""
    assert "".join(row.cells[1].text for row in parts) == text


def test_page_numbers_and_running_titles_stay_rows_outside_of_tables(tmp_path: Path) -> None:
    render_pdf([LONG], tmp_path / "a.pdf", footer="— {} —")
    numbers = [row for row in pdf.read(tmp_path / "a.pdf").rows if "—" in row.cells[0].text]
    assert [(row.page, row.table, row.cells[0].text) for row in numbers] == [(1, None, "— 1 —"), (2, None, "— 2 —")]


@pytest.mark.parametrize(
    ("words", "running"),
    [
        (["某区2024年预算公开", "某区2024年预算公开"], [True, True]),
        (["第 1 页", "第 2 页"], [True, True]),
        (["Page 1 of 2", "Page 2 of 2"], [True, True]),
        (["某区财政局", "某区林业局"], [False, False]),
    ],
)
def test_what_stands_at_the_same_place_of_each_page_runs(words: list[str], running: list[bool], tmp_path: Path) -> None:
    pages = iter(words)
    render_pdf(
        [LONG],
        tmp_path / "a.pdf",
        footer="",
        decorate=lambda canvas: canvas.setFont(FONT, 9) or canvas.drawString(60, 820, next(pages)),
    )
    rows = [row for row in pdf.read(tmp_path / "a.pdf").rows if row.cells[0].text in words]
    assert [row.running for row in rows] == running


def test_the_same_words_at_another_height_do_not_run(tmp_path: Path) -> None:
    heights = iter([820, 810])
    render_pdf(
        [LONG],
        tmp_path / "a.pdf",
        footer="",
        decorate=lambda canvas: canvas.setFont(FONT, 9) or canvas.drawString(60, next(heights), "某区"),
    )
    assert not any(row.running for row in pdf.read(tmp_path / "a.pdf").rows)


def test_progress_counts_pages(tmp_path: Path) -> None:
    render_pdf([LONG], tmp_path / "a.pdf")
    seen: list[tuple[int, int]] = []
    pdf.read(tmp_path / "a.pdf", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.long
def test_pages_after_reopening_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render_pdf([LONG] * 3, tmp_path / "a.pdf")
    whole = pdf.read(tmp_path / "a.pdf")
    monkeypatch.setattr(pdf, "REOPEN_EVERY", 1)
    assert pdf.read(tmp_path / "a.pdf") == whole


def test_wrapped_words_of_narrow_columns_are_joined(tmp_path: Path) -> None:
    rows = (
        ("绩\n效", "指标名称", "金额", "单位", "说明", "值"),
        ("", "农村危房改造项目完成率", "3968753.93", "mg/L", "see the annex", "1"),
    )
    render_pdf([Grid(("标题",), rows)], tmp_path / "a.pdf", margin=180, size=9)
    assert filled(pdf.read(tmp_path / "a.pdf"))[2] == [
        "农村危房改造项目完成率",
        "3968753.93",
        "mg/L",
        "see the annex",
        "1",
    ]


def test_line_ends_of_the_text_itself_stay(tmp_path: Path) -> None:
    rows = (("目标", "1.完成甲。\n2.完成乙。\n3.完成丙。"), ("甲", "乙"))
    render_pdf([Grid(("标题",), rows)], tmp_path / "a.pdf")
    assert filled(pdf.read(tmp_path / "a.pdf"))[1] == ["目标", "1.完成甲。\n2.完成乙。\n3.完成丙。"]


@pytest.mark.long
def test_punctuation_hanging_over_the_edge_leaves_no_line_end(tmp_path: Path) -> None:
    text = "完成全区一百二十条道路绿化养护，绿化覆盖率不低于百分之四十二，群众满意度达到百分之九十五以上。"
    prose = Paragraph(text, ParagraphStyle("", fontName=FONT, fontSize=9, leading=12, wordWrap="CJK"))
    ruled = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), FONT, 9)])
    for width in range(90, 200, 3):
        SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Table([["年度目标", prose]], [60, width], style=ruled)])
        assert filled(pdf.read(tmp_path / "a.pdf")) == [["年度目标", text]], width


def test_rotated_text_in_a_cell_is_read_with_it(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["", "数量", "10"], ["甲", "质量", "20"]])
        canvas.rotate(90)
        canvas.setFont(FONT, 8)
        canvas.drawString(762, -70, "绩效")

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw))) == [["绩效", "数量", "10"], ["甲", "质量", "20"]]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_landscape_table_drawn_on_a_portrait_page_is_read_upright(angle: int, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(*{90: (600, 0), 180: (600, 842), 270: (0, 842)}[angle])
        canvas.rotate(angle)
        canvas.drawString(60, 500, "目录")
        table(canvas, [["序号", "名称"], ["1", "巨灾保险"]], top=480)

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw))) == [["目录"], ["序号", "名称"], ["1", "巨灾保险"]]


def test_page_turned_by_its_rotation_entry_is_read_upright(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        table(canvas, [["序号", "名称"], ["1", "巨灾保险"]], top=500)

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw))) == [["序号", "名称"], ["1", "巨灾保险"]]


def oblique(canvas: Canvas) -> None:
    canvas.setFillGray(0.8)
    canvas.setFont(FONT, 60)
    canvas.translate(150, 300)
    canvas.rotate(45)
    canvas.drawString(0, 0, "内部资料")


def upright(canvas: Canvas) -> None:
    canvas.setFillGray(0.85)
    canvas.setFont(FONT, 50)
    canvas.drawString(100, 500, "内部资料")


@pytest.mark.parametrize("watermark", [oblique, upright])
def test_watermark_is_left_out_with_a_note(watermark: Callable[[Canvas], None], tmp_path: Path) -> None:
    render_pdf([LONG], tmp_path / "plain.pdf", footer="")
    render_pdf([LONG], tmp_path / "marked.pdf", footer="", decorate=watermark)
    marked = pdf.read(tmp_path / "marked.pdf")
    assert marked.rows == pdf.read(tmp_path / "plain.pdf").rows
    assert remarks(marked) == ["第 1–2 页有水印“内部资料”，没有读入"]


def test_large_dark_title_is_no_watermark(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["甲", "乙"]] * 4)
        canvas.setFont(FONT, 30)
        canvas.drawString(60, 790, "绩效目标")

    reading = pdf.read(drawn(tmp_path / "a.pdf", draw))
    assert filled(reading)[0] == ["绩效目标"]
    assert reading.notes == ()


def test_invisible_text_is_left_out_with_a_note(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["项目名称", "巨灾保险"]])
        hidden = canvas.beginText(60, 500)
        hidden.setTextRenderMode(3)
        hidden.textOut("草稿")
        canvas.drawText(hidden)

    reading = pdf.read(drawn(tmp_path / "a.pdf", draw))
    assert filled(reading) == [["项目名称", "巨灾保险"]]
    assert remarks(reading) == ["第 1 页有不可见的文字“草稿”，没有读入"]


def test_text_beyond_its_cell_stays_with_the_cell(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["重庆市长寿区应急管理局（区地震局）", "", "甲"]])

    assert [cell.text for cell in pdf.read(drawn(tmp_path / "a.pdf", draw)).rows[0].cells] == [
        "重庆市长寿区应急管理局（区地震局）",
        "",
        "甲",
    ]


def test_text_cut_to_its_cell_stays_with_the_cell(tmp_path: Path) -> None:
    """Spreadsheets print a text too tall for its row over the row above, and cut it to the cell."""

    def draw(canvas: Canvas) -> None:
        table(canvas, [["名称", "值"], ["", "5"]])
        clip = canvas.beginPath()
        clip.rect(50, 740, 100, 20)
        canvas.clipPath(clip, stroke=0)
        canvas.drawString(54, 762, "城区排放")
        canvas.drawString(54, 750, "浓度")

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw))) == [["名称", "值"], ["城区排放\n浓度", "5"]]


def test_table_open_at_its_sides_has_its_outer_columns(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 680, 660):
            canvas.line(50, y, 350, y)
        for x in (150, 250):
            canvas.line(x, 700, x, 660)
        for number, row in enumerate([["序号", "名称", "金额"], ["1", "甲", "2.50"]]):
            for column, text in enumerate(row):
                canvas.drawString(55 + 100 * column, 685 - 20 * number, text)

    reading = pdf.read(drawn(tmp_path / "a.pdf", draw))
    assert filled(reading) == [["序号", "名称", "金额"], ["1", "甲", "2.50"]]
    assert {row.table for row in reading.rows} == {1}


def test_lines_drawn_as_thin_bars_and_in_pieces_make_a_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 680, 660):
            for x in (50, 150):
                canvas.rect(x, y, 100.4, 0.5, stroke=0, fill=1)
        for x in (50, 150, 250):
            canvas.rect(x, 660, 0.5, 40, stroke=0, fill=1)
        for number, row in enumerate([["甲", "乙"], ["丙", "丁"]]):
            for column, text in enumerate(row):
                canvas.drawString(55 + 100 * column, 685 - 20 * number, text)

    assert {row.table for row in pdf.read(drawn(tmp_path / "a.pdf", draw)).rows} == {1}


def test_underlines_and_frames_make_no_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "主管部门：财政局")
        canvas.line(60, 697, 200, 697)
        canvas.rect(40, 600, 400, 200)

    reading = pdf.read(drawn(tmp_path / "a.pdf", draw))
    assert filled(reading) == [["主管部门：财政局"]]
    assert reading.rows[0].table is None


def test_without_any_table_cells_flow_between_blanks(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "主管部门 重庆市长寿区财政局")
        canvas.drawString(300, 700, "实施单位")
        canvas.drawString(60, 680, "≥ 8000")

    reading = pdf.read(drawn(tmp_path / "a.pdf", draw))
    assert reading.flowing
    assert filled(reading) == [["主管部门", "重庆市长寿区财政局", "实施单位"], ["≥", "8000"]]


def test_line_beside_a_table_is_parted_at_wide_gaps_only(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 800, "编制 说明")
        canvas.drawString(300, 800, "单位：万元")
        for number, character in enumerate("绩效目标表"):
            canvas.drawString(100 + 25 * number, 815, character)
        table(canvas, [["甲", "乙"]])

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw)))[:2] == [["绩 效 目 标 表"], ["编制 说明", "单位：万元"]]


def test_radicals_are_given_as_the_characters_they_look_like(tmp_path: Path) -> None:
    reading = pdf.read(drawn(tmp_path / "a.pdf", lambda canvas: table(canvas, [["⼯作⽬标", "⻓寿⺠政"]])))
    assert filled(reading) == [["工作目标", "长寿民政"]]
    assert remarks(reading) == ["字体把 4 个字编成了部首（如“⼯”），已换成同形的汉字"]


def test_bold_by_double_printing_is_read_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["绩效目标", "乙"]])
        canvas.drawString(54.4, 766, "绩效目标")

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw))) == [["绩效目标", "乙"]]


def test_superscript_goes_with_its_line(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["单位", "km"], ["甲", "乙"]])
        canvas.setFont(FONT, 5)
        canvas.drawString(168, 770, "2")

    assert filled(pdf.read(drawn(tmp_path / "a.pdf", draw)))[0] == ["单位", "km2"]


def picture(canvas: Canvas) -> None:
    data = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(data, "PNG")
    canvas.drawImage(ImageReader(data), 20, 20, 550, 800)


def test_scan_is_refused_with_that_reason(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas)
        canvas.drawString(290, 30, "- 1 -")
        canvas.showPage()
        picture(canvas)

    with pytest.raises(DocumentFault, match=r"扫描件，第 1–2 页没有文字层.*文字识别"):
        pdf.read(drawn(tmp_path / "a.pdf", draw))


def test_scanned_pages_among_others_are_named(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            if number in (2, 3):
                picture(canvas)
            else:
                canvas.setFont(FONT, 10)
                table(canvas, [["项目名称", f"项目{number}", "绩效目标如期完成各项任务"]] * 20)
            canvas.showPage()

    assert remarks(pdf.read(drawn(tmp_path / "a.pdf", draw))) == [
        "第 2–3 页是扫描图片，没有文字层，没有读",
        "第 5 页没有文字",
    ]


def test_recognised_text_under_a_scan_is_read_with_a_warning(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas)
        layer = canvas.beginText(60, 700)
        layer.setTextRenderMode(3)
        layer.textLines(["项目名称 巨灾保险项目", "主管部门 重庆市长寿区财政局", "项目总资金额 200"])
        canvas.drawText(layer)

    reading = pdf.read(drawn(tmp_path / "a.pdf", draw))
    assert filled(reading)[0] == ["项目名称", "巨灾保险项目"]
    assert remarks(reading) == ["第 1 页文字层是识别（OCR）得来的，可能有错字"]


def test_password_is_asked_of_the_publisher(tmp_path: Path) -> None:
    lock = StandardEncryption("secret", ownerPassword="owner")
    path = drawn(tmp_path / "a.pdf", lambda canvas: table(canvas, [["甲", "乙"]]), encrypt=lock)
    with pytest.raises(DocumentFault, match="有打开密码"):
        pdf.read(path)


def test_file_locked_against_copying_only_is_read(tmp_path: Path) -> None:
    lock = StandardEncryption("", ownerPassword="owner", canCopy=0)
    path = drawn(tmp_path / "a.pdf", lambda canvas: table(canvas, [["甲", "乙"]]), encrypt=lock)
    assert filled(pdf.read(path)) == [["甲", "乙"]]


def empty_document() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000055 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n105\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7\n" + b"garbage " * 40 + b"\n%%EOF", "已损坏"),
        (b"%PDF-1.7\n1 0 obj <<>> endobj", "没有结尾标记"),
        (empty_document(), "一页也没有|已损坏"),
    ],
)
def test_damaged_file_gets_one_message(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(DocumentFault, match=message):
        pdf.read(tmp_path / "a.pdf")


def test_page_without_text_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentFault, match="没有文字"):
        pdf.read(drawn(tmp_path / "a.pdf", lambda canvas: None))


def test_too_many_pages_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render_pdf([LONG], tmp_path / "a.pdf")
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    with pytest.raises(DocumentFault, match="有 2 页，超过 1 页的上限"):
        pdf.read(tmp_path / "a.pdf")


def test_form_fields_are_said_to_be_unread(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, [["甲", "乙"]])
        canvas.acroForm.textfield(name="budget", value="200", x=60, y=600)

    assert remarks(pdf.read(drawn(tmp_path / "a.pdf", draw))) == ["第 1 页有批注或填写的内容“200”，没有读入"]


def test_glyphs_without_height_are_read() -> None:
    runs = pdf._runs([Glyph(text, x, 5.0, x + 4, 5.0, 0, 1, False) for text, x in (("甲", 0.0), ("乙", 9.0))])
    assert pdf._text(runs) == "甲 乙"
