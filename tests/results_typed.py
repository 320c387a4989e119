"""Self-evaluations typed after published layouts for real projects of 长寿 2024, for tests that read them.

Outcomes, points and reasons are made up: no such document is known, and none of this is ever published.
"""

from collections.abc import Sequence
from dataclasses import replace

from forms_rendered import Grid

# Name, sign and target, unit as promised; outcome, points, score, reason.
Scored = tuple[str, str, str, str, str, str, str]
OIL = "餐饮行业油烟整治及达标抽测项目"
GUARDS = "全区安全劝导站经费"
OIL_SCORES: tuple[Scored, ...] = (
    ("油烟整治", "≤20", "家", "18", "20", "20", ""),
    ("餐饮油烟排放浓度", "≤1", "mg/m³", "0.8", "20", "20", ""),
    ("完成时限", "=1", "年", "1", "15", "15", ""),
    ("全区空气环境质量优良天数", "≥300", "天", "285", "20", "19", "连续静稳天气较多，将加强管控"),
    ("城区PM2.5排放浓度达标率", "=100", "%", "100", "15", "15", ""),
)
GUARDS_SCORES: tuple[Scored, ...] = (
    ("劝导站数量", "=144", "个", "144", "20", "20", ""),
    ("劝导员数量", "=247", "人", "247", "10", "10", ""),
    ("全年农村道路交通较大及以上事故发生次数", "=0", "次", "0", "15", "15", ""),
    ("值守时间", "日常：半天；重要时段及节假日：全天。", "", "部分完成", "15", "12", "个别站点缺勤，已补员"),
    ("劝导站举报次数", "=0", "次", "0", "10", "10", ""),
    ("持续减少农村道路交通一般事故", "<20", "起", "15", "10", "10", ""),
    ("过往行车人员满意度", ">90", "%", "93", "10", "10", ""),
)
TITLE = "长寿区2024年度项目支出绩效自评表"


def national(
    name: str = OIL,
    owner: str = "重庆市生态环境局",
    scores: Sequence[Scored] = OIL_SCORES,
    money: tuple[str, ...] = ("10", "10", "9", "10", "90%", "9"),
    total: tuple[str, str] = ("100", "98"),
) -> Grid:
    """财预〔2020〕10号: money with points, two-sided goals, three levels, points, reasons, the sum."""
    end = ("", "", "")
    rows: list[tuple[str, ...]] = [
        ("项目名称", name, "", "", "", "", "", "", ""),
        ("主管部门", owner, "", "", "实施单位", owner, "", "", ""),
        ("项目资金（万元）", "", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        ("", "年度资金总额", "", *money),
        ("", "其中：财政拨款", "", *money[:3], "—", "", "—"),
        ("", "其他资金", "", "0", "0", "0", "—", "", "—"),
        ("年度总体目标", "预期目标", "", "", "", "实际完成情况", *end),
        ("", "整治油烟扰民餐饮店铺。", "", "", "", "整治了十八家。", *end),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
    ]  # fmt: skip
    for place, (indicator, target, unit, actual, points, score, reason) in enumerate(scores):
        levels = ("产出指标（50分）", "数量指标") if place == 0 else ("", "")
        outcome = actual + (unit if actual[:1].isdigit() else "")
        rows.append(("", *levels, indicator, target + unit, outcome, points, score, reason))
    rows.append(("总分", "", "", "", "", "", *total, ""))
    return Grid((TITLE,), tuple(rows), tuple((row, 1, row, 8) for row in (0,)))


def sichuan(name: str = "50011524T000001234567-" + GUARDS, owner: str = "长寿区应急局", **money: str) -> Grid:
    """四川: a code before the name, signs and units in columns of their own, weights, what is concluded."""
    given = {"start": "151", "budget": "160", "spent": "160", "rate": "100%", "score": "10"} | money
    blank = ("",) * 5
    rows: list[tuple[str, ...]] = [
        ("报表编号", "510000_0013", *("",) * 9),
        ("项目名称", name, *("",) * 9),
        ("主管部门", owner, "", "实施单位", owner, "", *blank),
        ("1.项目年度目标", "全年值守。", "", "年度目标完成情况", "全年值守。", "", *blank),
        ("预算执行情况（10分）", "年初预算（万元）", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因", "", "", ""),
        ("总额", given["start"], given["budget"], given["spent"], given["rate"], "10", given["score"], "", "", "", ""),
        ("其中：财政资金", given["start"], given["budget"], given["spent"], given["rate"], "/", "/", "/", "", "", ""),
        ("绩效指标（90分）", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分", "未完成原因分析"),
    ]  # fmt: skip
    for place, (indicator, target, unit, actual, points, score, reason) in enumerate(GUARDS_SCORES):
        sign, value = (target[0], target[1:]) if target[0] in "≥≤=<>" else ("定性", target)
        levels = ("产出指标", "数量指标") if place == 0 else ("", "")
        rows.append(("", *levels, indicator, sign, value, unit, actual, points, score, reason))
    rows += [
        ("合计", "", "", "", "", "", "", "", "100", "97", ""),
        ("评价结论", "总体完成较好。", *("",) * 9),
        ("存在问题", "个别站点缺勤。", *("",) * 9),
        ("改进措施", "加强考勤。", *("",) * 9),
    ]
    return Grid(("2024年长寿区部门预算项目支出绩效自评表",), tuple(rows))


def transfer(name: str = OIL, owner: str = "重庆市生态环境局") -> Grid:
    """转移支付: no points at all."""
    rows: list[tuple[str, ...]] = [
        ("转移支付（项目）名称", name, "", "", ""),
        ("主管部门", owner, "", "", ""),
        ("项目资金（万元）", "", "全年预算数（A）", "全年执行数（B）", "预算执行率（B/A）"),
        ("", "年度资金总额", "10", "9", "90%"),
        ("总体目标", "年初设定目标", "", "全年实际完成情况", ""),
        ("", "整治油烟扰民餐饮店铺。", "", "整治了十八家。", ""),
        ("二级指标", "三级指标", "指标值", "全年实际完成值", "未完成原因和改进措施"),
        ("数量指标", "油烟整治", "≤20家", "18家", ""),
        ("", "全区空气环境质量优良天数", "≥300天", "285天", "静稳天气较多"),
        ("说明", "无", "", "", ""),
    ]
    return Grid(("长寿区2024年度转移支付绩效自评表",), tuple(rows))


def with_cell(grid: Grid, was: str, now: str, place: int = 0) -> Grid:
    """The sheet with one cell changed: of those that hold ``was``, the one at ``place``."""
    found = [(r, c) for r, row in enumerate(grid.rows) for c, cell in enumerate(row) if cell == was]
    row, column = found[place]
    cells = [*grid.rows[row]]
    cells[column] = now
    return replace(grid, rows=(*grid.rows[:row], tuple(cells), *grid.rows[row + 1 :]))
