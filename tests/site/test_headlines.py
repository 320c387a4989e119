"""Every number that a headline tells is reckoned here again from the rows, by other code."""

from collections import Counter
from decimal import Decimal

import pytest
import yaml
from tiny import DATA

from builder.dataset import store
from builder.faults import SettingsFault
from builder.settings import answers, load
from builder.settings.schema import load_schemas
from builder.site.facts import Facts, gather
from builder.site.paths import Here
from builder.site.views.coverage import short, tiles
from builder.site.views.headlines import KINDS, headlines


@pytest.fixture(scope="module")
def facts() -> Facts:
    published = store.load(DATA / "dataset", load_schemas(DATA / "schemas"))
    return gather(published, {row.document_id: () for row in published.tables.documents}, load(DATA))


@pytest.fixture(scope="module")
def told(facts: Facts) -> dict[str, str]:
    found = headlines(facts, Here(""))
    assert len(found) == len(facts.headlines) == len(KINDS), "each kind has something to tell of these documents"
    return {rule.kind: one.text for rule, one in zip(facts.headlines, found, strict=True)}


def test_satisfaction(facts: Facts, told: dict[str, str]) -> None:
    latest = {
        region: max(year for place, year in facts.by_region_year if place == region)
        for region, _ in facts.by_region_year
    }
    targets = Counter(
        row.target_value
        for project in facts.projects.values()
        if latest[project.region_id] == project.year
        for row in facts.indicators[project.project_id]
        if ("满意度" in row.name or "满意率" in row.name)
        and not row.name.endswith(("报告数", "次数", "人数", "数量", "份数"))
        and row.unit == "%"
        and row.comparison in ("ge", "gt", "eq")
        and row.target_value is not None
    )
    most = targets[Decimal(90)] + targets[Decimal(95)]
    assert told["satisfaction"] == f"{targets.total()} 个满意度目标里，{most} 个写的是 90% 或 95%"


def test_the_theme_headline_tells_rank_money_and_place(facts: Facts, told: dict[str, str]) -> None:
    card = next(row for row in facts.projects.values() if row.name == "爱心卡免费乘车补贴")
    beside = [row.budget_yuan for row in facts.by_region_year["changshou", 2024] if row.budget_yuan is not None]
    assert card.budget_yuan == 36_000_000
    rank = sorted(beside, reverse=True).index(card.budget_yuan) + 1
    assert told["theme"].startswith("3,600 万元：爱心卡免费乘车补贴。")
    assert told["theme"].endswith(f"长寿区 2024 年所公开的 {len(beside)} 个项目里金额第 {rank} 大的")


def test_a_difference_is_told_with_both_numbers_and_what_explains_it(facts: Facts, told: dict[str, str]) -> None:
    row = max(
        (row for row in facts.document_findings["wansheng-2025-key"] if row.code == "catalogue-amount-differs"),
        key=lambda row: abs(row.difference or 0),
    )
    assert "5,587 万元" in told["explained"] and "242.5 万元" in told["explained"]
    assert row.explanation is not None and row.explanation in told["explained"]


def test_a_target_that_rose_while_the_money_stayed(facts: Facts, told: dict[str, str]) -> None:
    before, after = (facts.projects[key] for key in ("changshou-2023-finance-001", "changshou-2024-key-018"))
    assert before.budget_yuan == after.budget_yuan
    assert "巨灾保险项目" in told["raised"]


def test_a_headline_that_no_program_fills_is_refused(tmp_path: object) -> None:
    with pytest.raises(ValueError, match="theme"):
        answers.HeadlineRule(kind="satisfaction", text="{total}", theme="elderly")
    with pytest.raises(ValueError, match="money"):
        answers.HeadlineRule(kind="survey", text="{money}")


@pytest.mark.parametrize(
    ("held", "said"),
    [({"yuzhong": [1, 1], "nanan": [1, 1]}, "这一格已经是 nanan"), ({"nowhere": [1, 1]}, "没有地区 nowhere")],
)
def test_two_regions_in_one_tile_and_unknown_ones_are_refused(
    held: dict[str, list[int]], said: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("tiles") / "tiles.yml"
    path.write_text(yaml.safe_dump(held), encoding="utf-8")
    with pytest.raises(SettingsFault, match=said):
        answers.tiles(path, {"yuzhong", "nanan"})


def test_every_region_has_a_tile_and_each_leads_somewhere(facts: Facts) -> None:
    found = tiles(facts, Here(""))
    assert len(found) == len(facts.tiles) == len(facts.regions)
    assert {item.name: item.kind for item in found if item.kind != "none"} == {
        "重庆": "held",
        "长寿": "held",
        "万盛": "held",
        "沙坪坝": "bureau",
    }
    assert next(item.href for item in found if item.name == "渝中") == "./regions/#ask-yuzhong"


@pytest.mark.parametrize(
    ("name", "tile"),
    [("九龙坡区", "九龙坡"), ("忠县", "忠县"), ("石柱土家族自治县", "石柱"), ("两江新区", "两江"), ("重庆市", "重庆")],
)
def test_a_name_fits_its_tile(name: str, tile: str) -> None:
    assert short(name) == tile
