"""The pictures that stand for a page where its address is sent on."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
from lxml import html
from PIL import Image

from builder.dataset import store
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site.charts import cards
from builder.site.charts.cards import Card
from builder.site.charts.png import png
from builder.site.facts import Facts, gather
from builder.site.views import leads, project, region_year


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    folder = tmp_path_factory.mktemp("dataset")
    schemas = load_schemas(tiny.DATA / "schemas")
    store.write(tiny.tables().by_name(), schemas, folder)
    dataset = store.load(folder, schemas)
    return gather(dataset, {row.document_id: () for row in dataset.tables.documents}, load(tiny.DATA))


def test_a_project_shows_what_it_is_and_what_it_promises(facts: Facts) -> None:
    page = project.page(facts, "east-2024-key-001")
    (card,) = page.cards
    assert (card.place, card.title, card.figure, card.text) == (
        "东区 2024 年",
        "农村危房改造",
        "121.07 万元",
        "承诺：改造户数不少于 95 户",
    )
    assert page.image == card.path == "cards/projects/east-2024-key-001.png"


def test_the_sum_of_a_place_never_stands_without_its_scope(facts: Facts) -> None:
    (card,) = next(region_year.pages(facts, "east", 2024)).cards
    assert facts.scopes["east", 2024].text in card.place
    assert card.figure.startswith("121.07 万元") and "1 项金额不明" in card.figure


def test_where_projects_are_too_many_their_place_stands_for_them(facts: Facts) -> None:
    few = replace(facts, policy=facts.policy.model_copy(update={"most_cards": 3}))
    page = project.page(few, "east-2024-key-001")
    assert (page.cards, page.image) == ((), "cards/regions/east-2024.png")


def test_what_the_font_lacks_is_not_drawn(facts: Facts) -> None:
    rows = facts.projects | {"east-2024-key-001": replace(facts.projects["east-2024-key-001"], name="𪚥村改造")}
    page = project.page(replace(facts, projects=rows), "east-2024-key-001")
    assert (page.cards, page.image) == ((), "cards/regions/east-2024.png")


def test_each_lead_has_a_picture_with_its_caution(facts: Facts) -> None:
    page = next(iter(leads.pages(facts)))
    assert page.cards and page.image == page.cards[0].path
    assert all("请向公开单位核实" in card.foot for card in page.cards)
    assert [slip.card for slip in page.view.slips] == [f"../{card.path}" for card in page.cards]  # type: ignore[attr-defined]


def test_long_texts_end_with_an_ellipsis_and_stay_inside(tmp_path: Path) -> None:
    card = Card("long", "地方" * 40, "名称" * 60, "1,234.5 亿元", "承诺做到的事" * 40, "说明" * 40)
    assert card.svg.count("…</text>") == 4
    picture = Image.open(io.BytesIO(png(card.svg, 1, tmp_path))).convert("RGB")
    assert picture.size == (cards.WIDTH, cards.HEIGHT)
    paper = picture.getpixel((2, 100))
    for x in range(cards.WIDTH - 20, cards.WIDTH):
        assert {picture.getpixel((x, y)) for y in range(10, cards.HEIGHT)} == {paper}


def test_hostile_words_are_text(tmp_path: Path) -> None:
    card = Card("x", "甲", 'a"><svg/onload=alert(1)>&lt;', "1", "</text><script>", "尾")
    assert "<script" not in card.svg and "<svg/onload" not in card.svg
    cards.write(card, tmp_path, tmp_path / "kept")
    assert (tmp_path / card.path).read_bytes().startswith(b"\x89PNG")


@pytest.mark.site
def test_pages_name_their_pictures_and_the_pictures_are_there(built_site: Path) -> None:
    for path in ("projects/changshou-2024-key-018", "regions/wansheng/2025", "leads"):
        page = html.parse(built_site / path / "index.html").getroot()
        (address,) = page.xpath("//meta[@property='og:image']/@content")
        picture = built_site / address.removeprefix("https://mingzhang.example/")
        assert Image.open(picture).size == (600, 315)
        assert picture.stat().st_size < 40_000


@pytest.mark.site
def test_a_page_without_a_picture_names_none(built_site: Path) -> None:
    assert not html.parse(built_site / "quality" / "index.html").getroot().xpath("//meta[@property='og:image']")
