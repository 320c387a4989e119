"""Every number that a headline tells is reckoned here again from the rows, by other code."""

import csv
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
import yaml
from tiny import DATA

from builder.dataset import store
from builder.faults import SettingsFault
from builder.settings import answers, load
from builder.settings.schema import load_schemas
from builder.site.facts import Facts, gather
from builder.site.paths import Here
from builder.site.views import leads, project, region_year
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


# Every other number in a sentence


def in_words(yuan: Decimal) -> str:
    """Money as pages write it, said here once more."""
    unit, size = next((pair for pair in (("亿元", 10**8), ("万元", 10**4)) if abs(yuan) >= pair[1]), ("元", 1))
    rounded = (yuan / size).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{plain(rounded) if rounded * size == yuan else f'{rounded:,}'} {unit}"


def plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(part: Decimal, whole: Decimal) -> str:
    found = (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{plain(found)}%" if part * 100 / whole >= Decimal("0.05") else "不到 0.1%"


def numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def test_the_numbers_of_surveys_and_of_the_target_that_rose(facts: Facts, told: dict[str, str]) -> None:
    asked = [
        row
        for rows in facts.indicators.values()
        for row in rows
        if re.search("满意度|满意率", row.name) and not row.name.endswith(("报告数", "次数", "人数", "数量", "份数"))
    ]
    how = ("调查", "问卷", "测评", "抽样", "访", "统计")
    silent = [row for row in asked if not any(word in row.name + (row.target_as_filed or "") for word in how)]
    assert numbers(told["survey"]) == [str(len(asked)), str(len(silent))]
    before, after = (
        next(row for row in facts.indicators[key] if row.name == "保险赔付金额")
        for key in ("changshou-2023-finance-001", "changshou-2024-key-018")
    )
    wanted = [f"{plain(row.target_value or Decimal(0))} {row.unit}" for row in (before, after)]
    assert told["raised"].endswith(f"从 {wanted[0]}提到 {wanted[1]}")


def test_the_lead_of_a_year_and_the_parts_of_its_sum(facts: Facts) -> None:
    table = (DATA / "dataset" / "projects.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(table))
    kinds = {"special_fund": "专项资金", "project": "项目", "department_overall": "部门整体"}
    for region_id, year in facts.by_region_year:
        own = [row for row in rows if (row["region_id"], row["year"]) == (region_id, str(year))]
        view = next(region_year.pages(facts, region_id, year)).view
        assert isinstance(view, region_year.RegionYearView)
        said = "".join(span.text for span in view.lead)
        sums = {
            kind: [Decimal(row["budget_yuan"]) for row in own if row["form_type"] == kind and row["budget_yuan"]]
            for kind in kinds
        }
        parts = [
            f"{kinds[kind]} {len(some)} 项，合计 {in_words(sum(some))}（{plain(sum(some))} 元）"  # type: ignore[arg-type]
            for kind, some in sums.items()
            if some
        ]
        assert said.endswith(f"。{'；'.join(parts)}。"), said
        funds = sorted(sums["special_fund"], reverse=True)
        for part, yuan in zip(view.strip[:5], funds, strict=False):
            assert (part.words, part.share) == (in_words(yuan), share(yuan, sum(funds, Decimal(0))))
        if view.strip:
            rest = sum(funds[5:], Decimal(0))
            assert view.strip[-1].words == f"其余 {len(funds) - 5} 项，{in_words(rest)}"
            assert view.strip[-1].share == share(rest, sum(funds))


def test_each_lead_tells_the_amounts_of_catalogue_and_form(facts: Facts) -> None:
    """Every sum of money in a fact or in what explains it is printed, or is the difference of two that are."""
    for slip in facts.slips:
        catalogue = [row.amount_yuan for row in facts.catalogue.get(slip.document_id, ()) if row.amount_yuan]
        filed = [row.budget_yuan for row in facts.by_document[slip.document_id] if row.budget_yuan]
        stated = facts.documents[slip.document_id].stated_total_yuan
        sums = [sum(catalogue, Decimal(0)), sum(filed, Decimal(0)), *([stated] if stated else [])]
        known = {*catalogue, *filed, *sums}
        allowed = {in_words(yuan) for yuan in known}
        allowed |= {in_words(abs(one - other)) for one in sums for other in sums}
        allowed |= {
            in_words(abs(form.budget_yuan - row.amount_yuan))
            for row in facts.catalogue.get(slip.document_id, ())
            if row.project_id and row.amount_yuan and (form := facts.projects[row.project_id]).budget_yuan
        }
        allowed |= {plain(yuan / 10_000) + " 万元" for yuan in (*known, *(abs(a - b) for a in sums for b in sums))}
        item = leads.slip_item(facts, Here("leads/"), slip, card="")
        # Parts with a sign add up to the difference that they explain, what was rounded among them.
        signed = re.findall(r"（([+−])([\d,.]+) 万元）", item.explanation)
        if signed:
            whole = sum(Decimal(number.replace(",", "")) * (1 if sign == "+" else -1) for sign, number in signed)
            assert whole * 10_000 == slip.findings[0].difference
        for text in (
            item.yuan,
            re.sub(r"(?:四舍五入|取了整)（[^）]+）", "", item.explanation),
            *(fact.message for fact in item.facts),
        ):
            for amount in re.findall(r"[\d,.]*\d (?:亿元|万元|元)", text):
                assert amount in allowed, (amount, text)


def test_whether_it_is_a_lot_is_reckoned_from_the_rows(facts: Facts) -> None:
    seen = Counter[str]()
    for row in facts.projects.values():
        view = project.page(facts, row.project_id).view
        assert isinstance(view, project.ProjectView)
        beside = sorted(
            one.budget_yuan
            for one in facts.projects.values()
            if (one.region_id, one.year, one.form_type) == (row.region_id, row.year, row.form_type)
            and one.budget_yuan is not None
        )
        for stick in view.yardsticks:
            against = "".join(span.text for span in stick.against)
            if "大，占" in stick.result:
                assert row.budget_yuan is not None
                place = len(beside) - sum(yuan <= row.budget_yuan for yuan in beside) + 1
                assert stick.result == f"第 {place} 大，占 {share(row.budget_yuan, sum(beside, Decimal(0)))}"
                assert f"所公开的 {len(beside)} 项" in against
                seen["rank"] += 1
            elif against.startswith("钱 ÷"):
                count = facts.carrying[row.project_id]
                factor = 10_000 if (count.unit or "").startswith("万") else 1
                assert row.budget_yuan is not None and count.target_value is not None
                each = in_words(row.budget_yuan / (count.target_value * factor))
                assert stick.result.startswith(f"约 {each}/")
                assert numbers(against) == [plain(count.target_value * factor)]
                seen["unit"] += 1
            elif against.startswith("与 "):
                before = next(one for one in facts.by_series[row.series_id] if f"与 {one.year} 年" in against)
                assert before.budget_yuan is not None and row.budget_yuan is not None
                assert stick.result.endswith(f"（{before.year} 年 {in_words(before.budget_yuan)}）")
                moved = row.budget_yuan - before.budget_yuan
                assert stick.result.startswith(
                    "持平" if not moved else f"{'增加' if moved > 0 else '减少'} {in_words(abs(moved))}"
                )
                seen["year"] += 1
            elif against == "原文写的标准":
                printed = {
                    f"{one.name} {one.comparison_as_filed} {one.target_as_filed} {one.unit}"
                    for one in facts.indicators[row.project_id]
                }
                assert set(stick.result.split("；")) <= printed, "no lines are read here: only indicators can be quoted"
                seen["standard"] += 1
            else:
                other = facts.projects[(stick.against[-1].href or "").rstrip("/").rpartition("/")[2]]
                assert other.budget_yuan is not None and stick.result == in_words(other.budget_yuan)
                seen["elsewhere"] += 1
    assert seen == {"rank": 179, "elsewhere": 68, "standard": 17, "unit": 3, "year": 1}
