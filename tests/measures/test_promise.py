"""A promise in one line is one printed indicator, or the goal's first clause; nothing is added up or converted."""

from decimal import Decimal

import pytest
from tiny import indicator, project

from builder.dataset import kinds
from builder.dataset.compile import Compiled
from builder.dataset.rows import Indicator, Project
from builder.measures import promise
from builder.settings import Settings

OWNER = project(1, "east-2024-key", "east", 2024, "100", goal="一是改造危房116户，确保住房安全；二是加强管理。")


def row(position: int, name: str, value: str, unit: str, weight: str = "10", **changes: object) -> Indicator:
    target = Decimal(value)
    return indicator(
        OWNER.project_id, position, name, weight, target_as_filed=value, target_value=target, unit=unit, **changes
    )


def told(settings: Settings, *indicators: Indicator, owner: Project = OWNER) -> tuple[str, str] | None:
    units = {unit.unit: unit for unit in kinds.units((row.unit or "" for row in indicators), settings.units)}
    found = promise.of(owner, indicators, units, settings.promises)
    return None if found is None else (found.text, found.chosen)


@pytest.mark.parametrize(
    ("indicators", "text", "chosen"),
    [
        # The heaviest of the core ones, though another is heavier.
        (
            [row(1, "培训人数", "400", "人", "30"), row(2, "危房改造数量", "116", "户", "20", comparison="eq", is_core=True)],
            "危房改造 116 户",
            "core",
        ),
        ([row(1, "培训人数", "400", "人"), row(2, "发放手册份数", "5", "份")], "培训人数不少于 400 人", "weight"),
        # Of equals the one that counts people, though it stands later.
        ([row(1, "开办班级数量", "40", "个"), row(2, "老年学员上学人数", "1800", "人")], "老年学员上学不少于 1,800 人", "weight"),
        ([row(1, "服务群众人次", "3", "万人（次）")], "服务群众不少于 3 万人次", "weight"),
        ([row(1, "建设服务中心3个", "3", "个", comparison="eq")], "建设服务中心3个", "weight"),
        # A rate counted in 家, a risk, a share, an upper limit and nothing at all: none is something done.
        ([row(1, "危害因素检测率", "20", "家"), row(2, "较大事故起数", "5", "起")], "改造危房116户，确保住房安全", "goal"),
        ([row(1, "覆盖率", "95", "%"), row(2, "成本个数", "5", "个", comparison="le")], "改造危房116户，确保住房安全", "goal"),
        ([row(1, "投放车辆数", "0", "辆", comparison="eq")], "改造危房116户，确保住房安全", "goal"),
        ([row(1, "预算执行数量", "1", "个", is_execution_rate=True)], "改造危房116户，确保住房安全", "goal"),
    ],
)  # fmt: skip
def test_how_a_promise_is_chosen_and_told(
    indicators: list[Indicator], text: str, chosen: str, settings: Settings
) -> None:
    assert told(settings, *indicators) == (text, chosen)


@pytest.mark.parametrize(
    ("name", "goal", "indicators", "carries"),
    [
        ("农村危房改造", "完成改造任务", [row(1, "危房改造数量", "116", "户", "20")], True),
        ("街镇居民医保工作经费", "宣传政策", [row(1, "城乡居民医保参保人数", "550000", "人数", "20")], True),
        # 20 people trained do not carry the money of all of 应急管理, though its goal speaks of them.
        ("应急管理发展", "建立综合应急救援体系", [row(1, "培养综合应急救援人员数量", "20", "人", "20")], False),
        # Generic words alone are not an object.
        ("服务保障专项资金", "保障", [row(1, "服务保障人数", "20", "人", "20")], False),
        # Another indicator weighs more, another count is promised, the goal has a second part, two are too few.
        ("农村危房改造", "完成", [row(1, "危房改造数量", "116", "户"), row(2, "合格率", "95", "%", "30")], False),
        ("农村危房改造", "完成", [row(1, "危房改造数量", "116", "户"), row(2, "培训人数", "5", "人")], False),
        ("农村危房改造", "一是改造；二是监督", [row(1, "危房改造数量", "116", "户")], False),
        ("农村危房改造", "完成", [row(1, "危房改造数量", "2", "户")], False),
        # 万元/个 does not say of what.
        ("垃圾分类及补贴", "完成", [row(1, "完成垃圾分类工作考核的街镇数量", "19", "个")], False),
    ],
)
def test_money_is_divided_by_a_count_only_where_the_count_carries_it(
    name: str, goal: str, indicators: list[Indicator], carries: bool, settings: Settings
) -> None:
    owner = project(1, "east-2024-key", "east", 2024, "100", name=name, goal=goal)
    units = {unit.unit: unit for unit in kinds.units((row.unit or "" for row in indicators), settings.units)}
    assert promise.carrier(owner, indicators, units, settings.promises) is (indicators[0] if carries else None)


def test_of_the_documents_counts_carry_the_money_of_these_alone(compiled: Compiled, settings: Settings) -> None:
    found = promise.carrying(compiled.tables, settings.promises)
    names = {row.project_id: row.name for row in compiled.tables.projects}
    assert sorted(names[key] for key in found) == ["农村危房改造", "老党员生活补助专项", "街镇居民医保工作经费"]


def test_a_form_without_count_and_goal_promises_nothing_that_can_be_told(settings: Settings) -> None:
    assert told(settings, owner=project(1, "east-2024-key", "east", 2024, "100", goal=None)) is None


@pytest.mark.parametrize(
    ("goal", "clause"),
    [
        ("1.100%按时兑现补贴；2.其他。", "100%按时兑现补贴"),
        ("（一）完善机制。\n下一段", "完善机制"),
        ("", ""),
        ("。；\n", ""),
        ("一二三四五六七八，九十一二三四五六七八九十", "一二三四五六七八……"),
        ("一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十……"),
    ],
)
def test_the_first_clause_of_a_goal(goal: str, clause: str) -> None:
    assert promise.first_clause(goal, 10 if "二" in goal else 20) == clause


def test_every_project_of_the_documents_promises_something_that_is_printed(
    compiled: Compiled, settings: Settings
) -> None:
    tables = compiled.tables
    found = promise.find(tables, settings.promises)
    assert set(found) == {row.project_id for row in tables.projects}
    assert sum(one.indicator is not None for one in found.values()) == 160
    goals = {row.project_id: "".join((row.goal or "").split()) for row in tables.projects}
    for project_id, one in found.items():
        if one.indicator is None:
            assert "".join(one.text.removesuffix("……").split()) in goals[project_id]
        else:
            assert one.indicator.project_id == project_id and one.indicator.target_value
    named = {override.indicator for override in settings.promises.overrides}
    assert named == {one.indicator.indicator_id for one in found.values() if one.chosen == "override" and one.indicator}
