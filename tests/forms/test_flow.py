"""Flowing text → rows of whole cells."""

from pathlib import Path

import pytest

from builder.forms import extract as extracting
from builder.forms import flow
from builder.forms.headings import is_set_wide
from builder.readers import text as text_reader
from builder.settings import Settings


def joined(text: str, folder: Path, settings: Settings) -> list[list[str]]:
    path = folder / "flow.txt"
    path.write_text(text, encoding="utf-8")
    reading = text_reader.read(path)
    assert reading.flowing
    return [[cell.text for cell in row.cells] for row in flow.join(reading.rows, settings)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("项目名称 巨灾保险 主管部门 财政局", [["项目名称", "巨灾保险"], ["主管部门", "财政局"]]),
        ("项目总资\n金额\n\n47.5", [["项目总资金额", "47.5"]]),
        ("上级补助\n区级资金 200", [["上级补助"], ["区级资金", "200"]]),
        ("项目名称 财政信息化建\n设经费", [["项目名称", "财政信息化建设经费"]]),
        ("项目概况\n\n    推动发展，维护\n稳定。 共10万元", [["项目概况", "推动发展，维护稳定。 共10万元"]]),
        ("立项依据\n1.《甲办法》\n2.《乙\n办法》\n（三）丙", [["立项依据", "1.《甲办法》\n2.《乙办法》\n（三）丙"]]),
        ("立项依据 全年\n2.5万人", [["立项依据", "全年2.5万人"]]),
        ("联系人：张三 联系电话： 40236567", [["联系人：张三"], ["联系电话：", "40236567"]]),
        ("资金情况\n（元）\n年度资金总额： 1,746,000.00", [["资金情况（元）"], ["年度资金总额：", "1,746,000.00"]]),
        ("项目概况 立项依据\n联系人：张三", [["项目概况"], ["立项依据"], ["联系人：张三"]]),
        # 负责人 is a heading, 负责人及联系电话 another: the longest counts.
        ("负责人及联系\n电话\n\n王五02340257077", [["负责人及联系电话", "王五02340257077"]]),
        # 预算 with a figure behind it would be the number of a table: 预算03表.
        ("主管部门 修桥局 当\n年\n预算 300", [["主管部门", "修桥局"], ["当年预算", "300"]]),
        # 名称 with something behind it would be the index of a web page.
        ("项\n目\n名称 修桥\n主管部门 财政局", [["项目名称", "修桥"], ["主管部门", "财政局"]]),
        (
            "指标\n名称 指标值 分值 是否核心\n修桥 1座 90 是",
            [["指标名称", "指标值", "分值", "是否核心"], ["修桥", "1座", "90", "是"]],
        ),
    ],
)
def test_headings_and_their_values(text: str, rows: list[list[str]], tmp_path: Path, settings: Settings) -> None:
    assert joined(f"项目绩效目标表\n{text}\n", tmp_path, settings) == [["项目绩效目标表"], *rows]


def test_goals_side_by_side_are_parted_where_every_line_has_both(tmp_path: Path, settings: Settings) -> None:
    text = "项目绩效目标表\n中期目标 年度目标\n建成三处，\t建成一处，\n全部验收。 开工两处。\n".replace("\t", " ")
    assert joined(text, tmp_path, settings)[1:] == [
        ["中期目标", "建成三处，全部验收。"],
        ["年度目标", "建成一处，开工两处。"],
    ]


def test_goals_side_by_side_that_cannot_be_parted_are_reported(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "flow.txt"
    path.write_text(
        "项目绩效目标表\n项目名称 甲\n项目概况 三处\n中期目标 年度目标\n建成三处， 建成一处，\n全部验收。\n联系人：张三\n",
        encoding="utf-8",
    )
    read = extracting.extract(text_reader.read(path), "doc", settings)
    assert "goal" not in read.forms[0].fields and read.forms[0].fields["overview"].text == "三处"
    assert read.reported == 3


def test_the_indicator_table(tmp_path: Path, settings: Settings) -> None:
    text = (
        "项目绩效目标表\n绩效指标\n指标名称 指标性质 指标值\n指标\n单位\n分值\n(90分)\n是否\n核心\n"
        "受益群众\n满意度 ≥ 80 % 10\n宣传人次 ≥ 200 人次 5 是\n联系人：张三\n"
    )
    assert joined(text, tmp_path, settings) == [
        ["项目绩效目标表"],
        ["绩效指标"],
        ["指标名称", "指标性质", "指标值", "指标单位", "分值(90分)", "是否核心"],
        ["受益群众满意度", "≥", "80", "%", "10", ""],
        ["宣传人次", "≥", "200", "人次", "5", "是"],
        ["联系人：张三"],
    ]


def test_a_table_that_cannot_be_cut_stays_as_printed(tmp_path: Path, settings: Settings) -> None:
    text = "项目绩效目标表\n指标名称 指标性质 指标值 权重\n满意度 ≥ 80 约十\n联系人：张三\n"
    assert joined(text, tmp_path, settings)[2:] == [["满意度", "≥", "80", "约十"], ["联系人：张三"]]


def test_text_before_the_first_title_stays_as_printed(tmp_path: Path, settings: Settings) -> None:
    assert joined("编制 说明\n共1个项目\n项目绩效目标表\n项目名称 甲\n", tmp_path, settings)[:2] == [
        ["编制", "说明"],
        ["共1个项目"],
    ]


def test_each_cell_keeps_the_line_on_which_it_begins(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "flow.txt"
    path.write_text("项目绩效目标表\n\n当年绩效\n目标\n\n保障\n运行\n", encoding="utf-8")
    rows = flow.join(text_reader.read(path).rows, settings)
    assert [[cell.line for cell in row.cells] for row in rows] == [[1], [3, 6]]


def test_words_before_the_headings_on_their_line_are_not_forgotten(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "flow.txt"
    path.write_text("项目绩效目标表\n20 指标名称 指标性质 指标值\n满意度 ≥ 80\n项目名称 甲\n", encoding="utf-8")
    read = extracting.extract(text_reader.read(path), "doc", settings)
    assert (read.read + read.furniture, read.reported, read.cells) == (9, 1, 10)
    assert len(read.forms[0].indicators) == 1


def test_a_line_of_a_page_between_the_rows_of_a_table_is_none_of_them(tmp_path: Path, settings: Settings) -> None:
    head = "项目绩效目标表\n项目名称\n甲\n三级指标\n指标值\n分值\n"
    rows = joined(f"{head}修路\n3公里\n50\n— 7 —\n修桥\n1座\n40\n", tmp_path, settings)
    assert rows[1] == ["—7—"]
    assert rows[3:] == [["三级指标", "指标值", "分值"], ["修路", "3公里", "50"], ["修桥", "1座", "40"]]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        # 某某期限 is a heading that nobody knows: too short to be the middle of a name that a width has broken
        ("某县农业技术推广站\n某某期限\n2024年", [["实施单位"], ["某县农业技术推广站"], ["某某期限"], ["2024年"]]),
        ("某县农业局\n某某资金（万元）", [["实施单位"], ["某县农业局"], ["某某资金（万元）"]]),
        ("某县农业技术推\n广和良种繁育服\n务中心", [["实施单位", "某县农业技术推广和良种繁育服务中心"]]),
    ],
)
def test_a_heading_that_nobody_knows_is_no_part_of_a_name(
    lines: str, rows: list[list[str]], tmp_path: Path, settings: Settings
) -> None:
    text = f"项目绩效目标表\n实施单位\n{lines}\n备注\n无\n"
    assert joined(text, tmp_path, settings) == [["项目绩效目标表"], *rows, ["备注", "无"]]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [("1,746,00\n0.00", [["其他资金", "1,746,000.00"]]), ("28.40\n28.40", [["其他资金"], ["28.40"], ["28.40"]])],
)
def test_two_amounts_are_not_one(lines: str, rows: list[list[str]], tmp_path: Path, settings: Settings) -> None:
    assert joined(f"项目绩效目标表\n其他资金\n{lines}\n备注\n无\n", tmp_path, settings)[1:-1] == rows


def test_the_header_printed_again_and_the_covers_line_are_none_of_the_rows(tmp_path: Path, settings: Settings) -> None:
    header, cover = "三级指标\n指标值\n分值\n", "某县2026年预算公开\n"
    text = f"{cover}项目绩效目标表\n项目名称\n甲\n{header}修路\n3公里\n50\n{cover}{header}修桥\n1座\n40\n"
    rows = joined(text, tmp_path, settings)
    assert [row for row in rows if len(row) == 3 and row[0] != "三级指标"] == [
        ["修路", "3公里", "50"],
        ["修桥", "1座", "40"],
    ]
    assert rows.count([cover.strip()]) == 2


def test_forms_of_the_same_number_have_one_each(tmp_path: Path, settings: Settings) -> None:
    form = (
        "编号：3\n项目支出绩效目标表\n项目名称 修桥\n年度金额 30\n指标名称 指标值 指标权重 是否核心\n座数 ≥3座 90 是\n"
    )
    (tmp_path / "flow.txt").write_text(f"{form}\n{form}", encoding="utf-8")
    forms = extracting.extract(text_reader.read(tmp_path / "flow.txt"), "doc", settings).forms
    assert [(form.fields["serial_no"].text, form.others) for form in forms] == [("3", ()), ("3", ())]


def test_a_name_set_wide_is_one_word(tmp_path: Path, settings: Settings) -> None:
    assert joined("项目绩效目标表\n填报人：陈  晨 填报日期： 年 月 日\n", tmp_path, settings)[1:] == [
        ["填报人：陈晨"],
        ["填报日期：", "年月日"],
    ]


def test_a_long_table_whose_blank_cells_are_lost_is_reported_row_by_row(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "long.txt"
    header = "单位名称 项目名称 预算数 一级指标 二级指标 三级指标 指标值 权重"
    path.write_text(
        f"项目绩效目标表\n{header}\n甲局 修路 20 产出指标 数量指标 里程 3公里 50\n质量指标 合格率 98% 40\n",
        encoding="utf-8",
    )
    read = extracting.extract(text_reader.read(path), "doc", settings)
    assert read.forms == ()
    assert [finding.code for finding in read.findings] == ["row-ambiguous"] * 3


@pytest.mark.parametrize(
    ("before", "text", "wide"),
    [
        ("填报人：陈", "晨", True),
        ("2024年", "月", True),
        ("3月", "日", True),
        ("当年", "指", False),
        ("陈", "晨", False),
    ],
)
def test_what_is_set_wide(before: str, text: str, wide: bool) -> None:
    assert is_set_wide(before, text) == wide
