"""Charts: what they show is the data, what they say is reckoned by hand here, and they are legible everywhere."""

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from unicodedata import east_asian_width

import markdown
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree, html
from PIL import Image, ImageFont
from playwright.sync_api import Browser
from tiny import DATA, document, finding, indicator, project, with_units

from builder.dataset import store
from builder.dataset.rows import Coverage, Department, Project, RegionRow, SectorRow, Tables
from builder.measures import terms
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import pages
from builder.site.charts import draw, figures
from builder.site.charts.draw import Bar, Column, Dots, Drawing, Parts, Shares
from builder.site.charts.figures import Chart
from builder.site.charts.png import png
from builder.site.facts import Facts, gather
from builder.site.paths import Here

ROOT = DATA.parent
SCHEMAS = load_schemas(DATA / "schemas")
DEPARTMENTS = "abcd"
SECTORS = {"a": "教育", "b": "卫生", "c": "住房", "d": "交通"}
BUDGETS = (5_000_000, 1_000_000, 1_500_000, 500_000, 900_000, 300_000, 400_000, 200_000, 150_000, 50_000)
OWNERS = "aabbccdddd"
BEFORE = {1: 4_000_000, 2: 1_000_000, 3: 1_500_000, 4: 600_000, 5: 800_000}


def tables() -> Tables:
    """东区 with ten funds in 2025, five of which it had in 2024, and its department's whole budget; 西区 with one."""
    projects: list[Project] = []
    for number, (budget, owner) in enumerate(zip(BUDGETS, OWNERS, strict=True), 1):
        owned = {"department_id": f"east-{owner}", "series_id": f"east-{number}"}
        projects.append(project(number, "east-2025-key", "east", 2025, str(budget), **owned))
        if number in BEFORE:
            projects.append(project(number, "east-2024-key", "east", 2024, str(BEFORE[number]), **owned))
    projects += [
        project(6, "east-2024-key", "east", 2024, "10000", department_id="east-d", series_id="ended"),
        project(11, "east-2025-key", "east", 2025, "99000000", form_type="department_overall", department_id="east-a"),
        project(1, "west-2025-key", "west", 2025, "7000000", department_id="west-a"),
    ]
    indicators = []
    for number in range(1, 11):
        project_id = f"east-2025-key-{number:03d}"
        described = {"comparison": "qualitative", "target_value": None, "unit": None, "target_as_filed": "改善"}
        counted = {"comparison": "le", "target_value": Decimal(5), "unit": "天"}
        indicators += [
            indicator(project_id, 1, "群众满意度", "30", target_value=Decimal(90 if number <= 6 else 95)),
            indicator(project_id, 2, "完成率", "30", target_value=Decimal(100 if number <= 4 else 85)),
            indicator(project_id, 3, "效果", "30", **(described if number <= 3 else counted)),
            indicator(project_id, 4, "预算执行率", "10", target_value=Decimal(100), is_execution_rate=True),
        ]
    indicators += [
        indicator("west-2025-key-001", 1, "学生满意率", "50", target_value=Decimal(90)),
        indicator("west-2025-key-001", 2, "投诉率", "40", comparison="le", target_value=Decimal(100)),
        indicator("west-2025-key-001", 3, "满意人次", "0", target_value=Decimal(100), unit="人次"),
    ]
    return Tables(
        regions=(
            RegionRow("city", "某市", "municipality", None, "500000", "city"),
            RegionRow("east", "东区", "district", "city", "500101", "east"),
            RegionRow("west", "西区", "district", "city", "500102", "west"),
        ),
        documents=(
            document("east-2024-key", "east", 2024),
            document("east-2025-key", "east", 2025),
            document("west-2025-key", "west", 2025),
        ),
        sectors=tuple(SectorRow(key, name, key, "201", "01") for key, name in SECTORS.items()),
        departments=tuple(
            Department(f"{region}-{key}", region, f"{region}{key}", None, key, f"{region}{key}", key)
            for region in ("east", "west")
            for key in DEPARTMENTS
        ),
        projects=tuple(sorted(projects, key=lambda row: row.project_id)),
        funding=(),
        indicators=tuple(indicators),
        catalogue=(),
        citations=(),
        attributes=(),
        corrections=(),
        coverage=(
            Coverage("east-2024-key", 100, 90, 8, 2),
            Coverage("east-2025-key", 100, 100, 0, 0),
            Coverage("west-2025-key", 50, 40, 10, 0),
        ),
        findings=(
            finding("a", "weight-sum", "warning", "east-2025-key", "east-2025-key-001", "权重"),
            finding("b", "text-markup", "note", "east-2025-key", "east-2025-key-001", "排版"),
            finding("c", "duplicate-indicator", "warning", "east-2025-key", "east-2025-key-002", "重名"),
            finding("d", "duplicate-indicator", "warning", "west-2025-key", "west-2025-key-001", "重名"),
        ),
    )


def gathered(written: Tables, folder: Path) -> Facts:
    store.write(with_units(written).by_name(), SCHEMAS, folder)
    lines = {row.document_id: () for row in written.documents}
    return gather(store.load(folder, SCHEMAS), lines, load(DATA))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return gathered(tables(), tmp_path_factory.mktemp("charts") / "dataset")


def every(facts: Facts) -> dict[str, Chart]:
    found = list(figures.for_home(facts, Here("")) + figures.for_quality(facts, Here("quality/")))
    for region_id in {row.region_id for row in facts.documents.values()}:
        found += figures.for_region(facts, Here(f"regions/{region_id}/"), region_id)
        for year in facts.years(region_id):
            found += figures.for_region_year(facts, Here(f"regions/{region_id}/{year}/"), region_id, year)
    for year in facts.years():
        found += figures.for_year(facts, Here(f"years/{year}/"), year)
    for sector_id in facts.by_sector:
        found += figures.for_sector(facts, Here(f"sectors/{sector_id}/"), sector_id)
    assert len({chart.id for chart in found}) == len(found)
    return {chart.id: chart for chart in found}


@pytest.fixture(scope="module")
def drawn(facts: Facts) -> dict[str, Chart]:
    return every(facts)


@pytest.fixture(scope="module")
def published() -> dict[str, Chart]:
    """The charts of the dataset as committed."""
    loaded = store.load(DATA / "dataset", SCHEMAS)
    lines = {row.document_id: () for row in loaded.tables.documents}
    return every(gather(loaded, lines, load(DATA)))


def marks(picture: str, role: str) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each bar or dot of a role, in the order drawn."""
    found = []
    for mark in etree.fromstring(picture).iterfind(f".//*[@class='f-{role}']"):
        if etree.QName(mark).localname == "circle":
            x, y, radius = (float(mark.get(name)) for name in ("cx", "cy", "r"))
            found.append((x - radius, y - radius, 2 * radius, 2 * radius))
        elif etree.QName(mark).localname == "rect":
            left, top, width, height = (float(mark.get(name)) for name in ("x", "y", "width", "height"))
            found.append((left, top, width, height))
    return found


def texts(picture: str) -> list[str]:
    return [text.text for text in etree.fromstring(picture).iterfind(".//{*}text")]


def svg(drawing_: Drawing) -> str:
    return str(draw.picture(drawing_, "t", "s"))


# What is drawn is the data


def test_bars_are_as_long_as_their_values() -> None:
    picture = svg(draw.bars([Bar("甲", "8 元", 8), Bar("乙", "2 元", 2), Bar("丙", "0 元", 0)]))
    assert [width for _, _, width, _ in marks(picture, "bar")] == [360, 90, 0]
    assert texts(picture) == ["甲", "8 元", "乙", "2 元", "丙", "0 元"]


def test_where_every_value_is_zero_the_bars_are_empty() -> None:
    assert [width for *_, width, _ in marks(svg(draw.bars([Bar("甲", "0 元", 0)])), "bar")] == [0]
    assert [height for *_, height in marks(svg(draw.columns([Column("90", 0, "0", False)])), "bar")] == [0]


def test_shares_are_drawn_on_the_whole_that_lies_behind_them() -> None:
    picture = svg(draw.shares(("左", "右"), [Shares("甲", "", (0.25, 1), ("25%", "100%"))]))
    wholes, parts = marks(picture, "sunk"), marks(picture, "bar")
    assert [round(part[2] / whole[2], 3) for whole, part in zip(wholes, parts, strict=True)] == [0.25, 1]
    assert [part[0] for part in parts] == [whole[0] for whole in wholes]


def test_columns_are_as_high_as_their_values_and_stand_on_one_line() -> None:
    picture = svg(draw.columns([Column("90", 3, "3", False), Column("95", 0, "0", False), Column("100", 6, "6", True)]))
    low, none = marks(picture, "bar")
    (high,) = marks(picture, "accent")
    assert (low[3] * 2, none[3]) == (high[3], 0)
    assert {bar[1] + bar[3] for bar in (low, none, high)} == {170}
    assert low[0] < none[0] < high[0]


def test_dots_lie_at_their_value_and_grow_with_their_count() -> None:
    picture = svg(draw.dots([Dots("甲", "", ((80, 1), (90, 4), (95, 16)))], (80, 100), (80, 100), "%"))
    found = marks(picture, "bar")
    left, right = 18, 342
    assert [round((x + size / 2 - left) / (right - left) * 20 + 80, 1) for x, _, size, _ in found] == [80, 90, 95]
    areas = [size**2 for _, _, size, _ in found]
    assert areas == sorted(areas)
    # The steps of the counts are 3 and 12: area grows evenly with the count.
    assert (areas[2] - areas[1]) / (areas[1] - areas[0]) == pytest.approx(4, rel=0.01)


def test_parts_follow_each_other_and_fill_the_row() -> None:
    picture = svg(draw.parts((("一", "bar"), ("二", "ink-2"), ("三", "seal")), [Parts("甲", "", (0.5, 0.3, 0.2))]))
    # The legend's square comes first.
    found = [marks(picture, role)[1] for role in ("bar", "ink-2", "seal")]
    seams = [1, 2, 1]
    assert [part[2] + seam for part, seam in zip(found, seams, strict=True)] == pytest.approx([180, 108, 72])
    assert all(other[0] - one[0] - one[2] == pytest.approx(2) for one, other in pairwise(found))
    assert (found[0][0], found[-1][0] + found[-1][2]) == pytest.approx((0, 360))


def test_a_part_thinner_than_its_seams_is_still_drawn() -> None:
    legend = (("一", "bar"), ("二", "ink-2"), ("三", "seal"))
    picture = svg(draw.parts(legend, [Parts("甲", "", (0.9, 0.0001, 0.0999)), Parts("乙", "", (1, 0, 0))]))
    assert [width for *_, width, _ in marks(picture, "ink-2")[1:]] == [0.5]
    assert [width for *_, width, _ in marks(picture, "bar")[1:]] == [323, 360]


def test_money_by_sector_is_drawn_as_its_table_says(drawn: dict[str, Chart]) -> None:
    chart = drawn["east-2025-special_fund-sectors"]
    assert chart.table == (
        ("教育", "2", "600", "60"),
        ("卫生", "2", "200", "20"),
        ("住房", "2", "120", "12"),
        ("交通", "4", "80", "8"),
    )
    assert [round(width / 360 * 600) for _, _, width, _ in marks(chart.picture, "bar")] == [600, 200, 120, 80]
    assert texts(chart.picture)[1::2] == ["600 万元　60%", "200 万元　20%", "120 万元　12%", "80 万元　8%"]


def test_sizes_show_how_few_projects_hold_how_much(drawn: dict[str, Chart]) -> None:
    chart = drawn["east-2025-special_fund-sizes"]
    assert chart.table == (
        ("不到 10 万元", "1", "10", "5", "0.5"),
        ("10 万至 100 万元", "6", "60", "245", "24.5"),
        ("100 万至 1,000 万元", "3", "30", "750", "75"),
    )
    whole = marks(chart.picture, "sunk")[0][2]
    bars = [round(width / whole * 100, 1) for _, _, width, _ in marks(chart.picture, "bar")]
    assert bars == pytest.approx([10, 60, 30, 0.5, 24.5, 75], abs=0.1)


def test_targets_are_counted_where_they_lie(drawn: dict[str, Chart]) -> None:
    chart = drawn["east-2025-targets"]
    assert [count for _, count in chart.table] == ["0", "0", "0", "0", "0", "0", "6", "6", "4", "4"]
    heights = [bar[3] for bar in marks(chart.picture, "bar") + marks(chart.picture, "accent")]
    assert [round(height / max(heights) * 6) for height in heights] == [0, 0, 0, 0, 0, 0, 6, 6, 4, 4]


def test_satisfaction_is_drawn_as_its_table_says(drawn: dict[str, Chart]) -> None:
    chart = drawn["satisfaction"]
    assert chart.table == (
        ("东区 2025 年（10 个重点专项）", "90", "6"),
        ("东区 2025 年（10 个重点专项）", "95", "4"),
        ("西区 2025 年（1 个重点专项）", "90", "1"),
    )
    places = [(x + size / 2 - 18) / 324 * 10 + 90 for x, _, size, _ in marks(chart.picture, "bar")]
    assert places == pytest.approx([90, 95, 90], abs=0.01)


def test_wording_stands_side_by_side_in_the_order_of_codes(drawn: dict[str, Chart]) -> None:
    chart = drawn["2025-wording"]
    assert chart.table == (
        ("东区 2025 年（10 个重点专项）", "30", "3", "10", "4"),
        ("西区 2025 年（1 个重点专项）", "3", "0", "1", "0"),
    )
    whole = marks(chart.picture, "sunk")[0][2]
    bars = [round(width / whole, 2) for _, _, width, _ in marks(chart.picture, "bar")]
    assert bars == pytest.approx([0.1, 0, 1 / 3, 1 / 3, 4 / 30, 0], abs=0.01)


# What is said


def test_each_sentence_holds_the_figures_reckoned_by_hand(facts: Facts, drawn: dict[str, Chart]) -> None:
    said = {chart.id: chart.sentence for chart in drawn.values()}
    assert said == {
        "east-2024-special_fund-sectors": "东区 2024 年（6 个重点专项）的专项资金共 791 万元，教育最多，占 63.2%；前三个领域合计占 99.9%。",
        "east-2025-special_fund-sectors": "东区 2025 年（10 个重点专项）的专项资金共 1,000 万元，教育最多，占 60%；前三个领域合计占 92%。",
        "east-2025-special_fund-sizes": "东区 2025 年（10 个重点专项）的专项资金共 10 项，金额最大的 1 项占这 10 项合计的 50%；居中的一项是 45 万元。",
        "east-2025-signs": "东区 2025 年（10 个重点专项）的 30 项指标里，90% 定了数，到年底一比就知道做没做到；3 项（10%）是定性的，由人判断。",
        "east-2025-targets": "东区 2025 年（10 个重点专项）有 20 项指标要求达到某个比例，其中 4 项（20%）定满 100%。",
        "east-special_fund-years": "东区 2025 年 10 项、1,000 万元，比 2024 年（6 项、791 万元）增加 209 万元（+26.4%）。",
        "east-special_fund-continued": "2024 年和 2025 年都有的 5 个项目，2 个增加，2 个持平，1 个减少；合计从 790 万元变为 890 万元。",
        "2025-wording": "2025 年共 33 项指标：定性的占 9.1%，满意度占 33.3%，定满 100% 的占 12.1%。",
        "2025-satisfaction": "2025 年共 11 项满意度目标，最低 90%，最高 95%；定在 90% 的最多，7 项，占 63.6%。",
        "sector-a-wording": "教育领域（各地取最近一年）共 9 项指标：定性的占 22.2%，满意度占 33.3%，定满 100% 的占 22.2%。",
        "satisfaction": "所有领域（各地取最近一年）共 11 项满意度目标，最低 90%，最高 95%；定在 90% 的最多，7 项，占 63.6%。",
        "findings": f"18 张表里有 3 处值得核对，最多的是“{facts.codes['duplicate-indicator'].title}”，2 处。",
        "coverage": "3 份文件共 250 个非空单元格，92% 读成数据；18 个是栏目名、页码这样的版面文字；2 个没有把握，列为发现。",
    }


def test_where_there_is_too_little_there_is_no_chart(facts: Facts) -> None:
    assert figures.for_region_year(facts, Here("regions/west/2025/"), "west", 2025) == ()
    assert figures.for_region(facts, Here("regions/west/"), "west") == ()
    assert figures.for_year(facts, Here("years/2024/"), 2024) == ()


def test_a_departments_whole_budget_is_in_no_sum(drawn: dict[str, Chart]) -> None:
    assert not [chart_id for chart_id in drawn if "overall" in chart_id]
    assert "9,900" not in "".join(chart.sheet for chart in drawn.values())


def test_years_that_cover_other_departments_are_not_compared(tmp_path: Path) -> None:
    written = tables()
    elsewhere = tuple(
        replace(row, department_id="east-d") if row.document_id == "east-2024-key" else row for row in written.projects
    )
    facts = gathered(replace(written, projects=elsewhere), tmp_path / "dataset")
    ids = [chart.id for chart in figures.for_region(facts, Here("regions/east/"), "east")]
    assert ids == ["east-special_fund-continued"]


def test_an_unknown_amount_is_said_and_not_drawn(tmp_path: Path) -> None:
    written = tables()
    more = project(12, "east-2025-key", "east", 2025, None, department_id="east-a")
    facts = gathered(replace(written, projects=(*written.projects[:-1], more, written.projects[-1])), tmp_path / "d")
    found = {chart.id: chart for chart in figures.for_region_year(facts, Here("regions/east/2025/"), "east", 2025)}
    sectors, sizes = found["east-2025-special_fund-sectors"], found["east-2025-special_fund-sizes"]
    assert sectors.note.endswith("另有 1 项金额不明，没有画。") and sizes.note == "另有 1 项金额不明，没有画。"
    assert sum(int(row[1]) for row in sizes.table) == 10


# The table, the files


def test_page_and_file_hold_the_same_rows(drawn: dict[str, Chart]) -> None:
    macro = pages.environment().get_template("charts.html.jinja").module.figure
    for chart in drawn.values():
        page = html.fromstring(str(macro(chart, 3)))
        heading, *body = page.xpath(".//tr")
        shown = [[cell.text_content() for cell in row] for row in body]
        first, *filed = csv.reader(io.StringIO(chart.csv.decode("utf-8-sig")))
        # What is taken away says in each row what its numbers are of.
        assert [*chart.of[:1], *(cell.text for cell in heading)] == first == [*chart.of[:1], *chart.columns]
        of = list(chart.of[1:])
        assert [of + [cell.replace(",", "") if i else cell for i, cell in enumerate(row)] for row in shown] == filed
        assert not chart.id.startswith("east-2025") or of == ["东区 2025 年（10 个重点专项）"]
        assert len(filed) == len(chart.rows) > 0
        assert not [cell for row in filed for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_links_lead_from_the_page_to_the_files_that_are_written(facts: Facts, tmp_path: Path) -> None:
    made = figures.for_region_year(facts, Here("regions/east/2025/"), "east", 2025)
    figures.write(made, tmp_path / "charts", tmp_path / "kept")
    linked = {link.href.removeprefix("../../../") for chart in made for link in chart.files}
    assert linked == {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "charts").iterdir()}
    assert len(linked) == 3 * len(made)
    picture = Image.open(tmp_path / "charts" / "east-2025-signs.png")
    assert picture.width == 800


def test_the_same_data_gives_the_same_bytes_in_any_order(facts: Facts, drawn: dict[str, Chart], tmp_path: Path) -> None:
    draw.bars([Bar("别的", "图", 1)])
    again = figures.for_region_year(facts, Here("regions/east/2025/"), "east", 2025)
    assert again == tuple(drawn[chart.id] for chart in again)
    assert png(again[0].sheet, 1, tmp_path / "a") == png(drawn[again[0].id].sheet, 1, tmp_path / "b")


def test_a_png_is_drawn_once_for_the_same_sheet(drawn: dict[str, Chart], tmp_path: Path) -> None:
    chart, other = list(drawn.values())[:2]
    figures.write([chart], tmp_path / "first", tmp_path / "kept")
    [kept] = (tmp_path / "kept").iterdir()
    drawn_once = kept.read_bytes()
    assert (tmp_path / "first" / f"{chart.id}.png").read_bytes() == drawn_once
    kept.write_bytes(b"drawn before" + drawn_once)
    figures.write([chart, other], tmp_path / "again", tmp_path / "kept")
    assert (tmp_path / "again" / f"{chart.id}.png").read_bytes() == b"drawn before" + drawn_once
    assert (tmp_path / "again" / f"{other.id}.png").read_bytes() != drawn_once
    kept.write_bytes(drawn_once[:-5])
    figures.write([chart], tmp_path / "again", tmp_path / "kept")
    assert (tmp_path / "again" / f"{chart.id}.png").read_bytes() == kept.read_bytes() == drawn_once


@pytest.mark.long
def test_png_files_are_set_in_the_font_that_comes_with_the_builder(published: dict[str, Chart]) -> None:
    """Every character of the charts has a shape of its own in that font, and what it lacks makes no PNG."""
    font = ImageFont.truetype(draw.FONT, 40)
    missing = bytes(font.getmask("鄠"))
    said = set("".join(text for chart in published.values() for text in texts(chart.sheet))) - set(" 　")
    assert [character for character in sorted(said) if bytes(font.getmask(character)) == missing] == []
    assert all(len(chart.files) == 3 for chart in published.values())
    assert draw.has_type("长寿区 −12.5% ≥") and not draw.has_type("鄠邑区")


@pytest.mark.long
def test_a_region_whose_name_the_font_lacks_gets_no_png(tmp_path: Path) -> None:
    written = tables()
    renamed = tuple(replace(row, name="鄠邑区") if row.region_id == "east" else row for row in written.regions)
    facts = gathered(replace(written, regions=renamed), tmp_path / "dataset")
    made = figures.for_region_year(facts, Here("regions/east/2025/"), "east", 2025)
    figures.write(made, tmp_path / "charts", tmp_path / "kept")
    assert {path.suffix for path in (tmp_path / "charts").iterdir()} == {".svg", ".csv"}
    assert {link.text for chart in made for link in chart.files} == {"SVG", "CSV"}


# Safe and legible


def test_nothing_in_a_picture_can_act_or_be_fetched(published: dict[str, Chart]) -> None:
    assert len(published) > 30
    for chart in published.values():
        for source in (chart.picture, chart.sheet):
            for element in etree.fromstring(source).iter():
                assert etree.QName(element).localname in {"svg", "g", "circle", "text", "title", "desc", "rect"}
                assert not [key for key in map(str, element.keys()) if key.startswith(("on", "href", "style", "id"))]
            assert re.findall(r"https?://[\w.-]+", source.replace(draw.SVG, "")) in (
                [],
                ["https://mingzhang.example"],
            )


def test_words_are_words_whatever_they_look_like() -> None:
    hostile = '</text><script>alert(1)</script>&"{{ 7*7 }}'
    drawn = [
        draw.bars([Bar(hostile, hostile, 1)]),
        draw.shares((hostile,), [Shares(hostile, hostile, (1,), (hostile,))]),
        draw.columns([Column(hostile, 1, hostile, True)]),
        draw.dots([Dots(hostile, hostile, ((1, 1),))], (0, 1), (0,), hostile),
        draw.parts(((hostile, "bar"),), [Parts(hostile, hostile, (1,))]),
    ]
    for made in drawn:
        assert {text.removeprefix("0") for text in texts(svg(made))} == {hostile}
        sheet = etree.fromstring(draw.sheet(made, hostile, hostile, [hostile]))
        assert sheet.find(".//{*}script") is None and sheet.findtext("{*}title") == hostile


def test_markdown_leaves_a_picture_alone(drawn: dict[str, Chart]) -> None:
    macro = pages.environment().get_template("charts.html.jinja").module.figures
    block = f"<div>\n{macro(tuple(drawn.values()), 3)}</div>"
    assert markdown.markdown(block, extensions=["attr_list", "def_list"]) == block


def colours_of(scheme: str) -> dict[str, str]:
    """The colours by their role: ``light`` or ``dark``, or ``plain`` for browsers that know only one scheme."""
    sheet = (ROOT / "docs/assets/site.css").read_text(encoding="utf-8")
    if scheme == "plain":
        [block] = re.findall(r"@supports not \(color: light-dark.*?\n}\n", sheet, re.DOTALL)
        return dict(re.findall(r"--([\w-]+): (#\w{6});", block))
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", sheet)
    return {role: light if scheme == "light" else dark for role, light, dark in pairs}


def test_browsers_that_know_one_scheme_show_the_light_colours() -> None:
    assert colours_of("plain") == colours_of("light") != colours_of("dark")


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_keep_their_contrast_in_both_schemes(scheme: str) -> None:
    colours = colours_of(scheme)
    if scheme == "light":
        assert {role: colours[role] for role in draw.ROLES} == draw.ROLES
    for paper in ("paper", "card"):
        assert min(contrast(colours[role], colours[paper]) for role in ("ink", "ink-2")) >= 4.5
        assert min(contrast(colours[role], colours[paper]) for role in ("bar", "accent", "seal", "ink-2")) >= 3
    assert contrast(colours["bar"], colours["sunk"]) >= 3


def test_every_colour_follows_the_page(published: dict[str, Chart], drawn: dict[str, Chart]) -> None:
    styled = (ROOT / "docs/assets/charts.css").read_text(encoding="utf-8")
    for chart in (*published.values(), *drawn.values()):
        for mark in etree.fromstring(chart.picture):
            role = mark.get("class").removeprefix("f-")
            assert mark.get("fill") == draw.ROLES[role] and mark.get("stroke") is None
            assert f".f-{role} {{ fill: var(--{role}); }}" in styled


def em(text: str) -> float:
    return sum(1 if east_asian_width(c) in "WFA" else 0.6 for c in text)


def test_the_longest_names_leave_room_for_their_notes(published: dict[str, Chart]) -> None:
    loaded = store.load(DATA / "dataset", SCHEMAS).tables
    regions = [f"{region.name} 2025 年" for region in loaded.regions]
    labels = [
        *regions,
        *(sector.name for sector in loaded.sectors),
        *(words for _, words in terms.SIZES),
        *figures.SIGNS.values(),
    ]
    notes = ["12,345 项指标", "1,234.56 亿元　不到 0.1%"]
    assert max(em(sector.name) for sector in loaded.sectors) * 13 + em(notes[1]) * 12 < 350
    assert max(em(label) for label in labels) * 13 + em(notes[0]) * 12 < 350


@pytest.mark.site
def test_charts_are_whole_and_accessible_on_a_phone_and_a_desk(published: dict[str, Chart], browser: Browser) -> None:
    styles = "".join((ROOT / "docs/assets" / name).read_text(encoding="utf-8") for name in ("site.css", "charts.css"))
    environment = pages.environment()
    page = environment.from_string(
        '{% import "charts.html.jinja" as chart %}<!doctype html><html lang="zh"><title>图</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<style>*{box-sizing:border-box}body{margin:0}{{ styles|safe }}</style>"
        '<main class="mz-main"><div class="mz-page"><h1>图</h1><h2>图</h2>{{ chart.figures(charts, 3) }}</div></main>'
    )
    chosen = [chart for chart in published.values() if chart.id.startswith(("chongqing-2024", "2024", "coverage"))]
    faults = []
    for width, scheme in ((390, "dark"), (390, "light"), (1280, "dark"), (1280, "light")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        tab = context.new_page()
        tab.set_content(page.render(charts=chosen, styles=styles))
        tab.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        faults += [
            f"{width} {scheme}: {found['id']}"
            for found in Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
        ]
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        smallest = tab.evaluate(
            """Math.min(...[...document.querySelectorAll('.chart > svg')].map(svg =>
               svg.getBoundingClientRect().width / 360 * Math.min(...[...svg.querySelectorAll('text')].map(text =>
               parseFloat(getComputedStyle(text).fontSize)))))"""
        )
        assert smallest >= 13
        outside = tab.evaluate(
            """[...document.querySelectorAll('.chart > svg')].flatMap(svg => [...svg.querySelectorAll('text')].filter(
               text => { const box = text.getBoundingClientRect(), around = svg.getBoundingClientRect();
               return box.left < around.left - 1 || box.right > around.right + 1 }).map(text => text.textContent))"""
        )
        assert outside == []
        context.close()
    assert faults == []
