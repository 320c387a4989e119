"""The search index: what it holds, and what a browser finds with it."""

import json
import random
import re
from collections.abc import Callable, Iterator
from gzip import compress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Page, Response, expect

from builder.dataset import store
from builder.faults import PublishingFault
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import search

ROOT = Path(__file__).parents[2]
FIRST_SEARCH_BYTES = 300_000
# As the site gives them to a script; see docs/assets/search.js.
ENTRIES = """async () => {
  const { count } = await mingzhang.load('search/data/head');
  return Promise.all([...Array(count).keys()].map((number) => mingzhang.entry(number)));
}"""
FOUND = """async (queries) => {
  const found = [];
  for (const query of queries) {
    const { hits } = await mingzhang.search(query);
    found.push(hits.map((hit) => hit.entry));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def published() -> store.Dataset:
    return store.load(ROOT / "data" / "dataset", load_schemas(ROOT / "data" / "schemas"))


# The index


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("渝府办发〔2017〕121号", "渝府办发2017121号"),
        ("ＰＭ２．５", "pm25"),
        ("R&D 投入", "rd投入"),
        ("“两品一标”农产品", "两品一标农产品"),
        ("mg/m ³", "mgm3"),
        ("　<b>危房</b>\n", "b危房b"),
    ],
)
def test_only_letters_and_digits_are_compared(text: str, folded: str) -> None:
    assert search.searchable(text) == folded
    assert search.searchable(folded) == folded


def test_places_say_where_every_pair_stands(tmp_path: Path) -> None:
    found = [search.Entry("project", "a/", "危房改造", indicators=("改造率", "房")), search.Entry("page", "b/", "改造")]
    search.write(found, [], tmp_path)
    head = read(tmp_path / "head.js")
    pairs = read(tmp_path / head["version"] / "pairs" / "0000.js")

    def at(entry: int, zone: int, offset: int) -> int:
        return int(entry * head["stride"] + head["bases"][zone] + offset)

    assert decode(pairs["改造"]) == [at(0, 0, 2), at(0, 2, 0), at(1, 0, 0)]
    assert decode(pairs["造"]) == [at(0, 0, 3), at(1, 0, 1)]
    # No phrase runs from one text into the next.
    assert decode(pairs["率"]) == [at(0, 2, 2)]
    assert "率房" not in pairs and "造改" not in pairs


@pytest.mark.long
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, published: store.Dataset) -> None:
    found = search.dataset_entries(published, load(ROOT / "data"))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        search.write(found, search.aliases(load(ROOT / "data")), tmp_path / name)
    first, second = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert first == second
    assert len(first) > 100


def test_another_content_has_another_version(tmp_path: Path) -> None:
    versions = set()
    for name in ("危房", "医保"):
        (tmp_path / name).mkdir()
        search.write([search.Entry("page", "a/", name)], [], tmp_path / name)
        versions.add(read(tmp_path / name / "head.js")["version"])
    assert len(versions) == 2


def test_a_site_without_its_pages_is_refused_and_keeps_its_index(tmp_path: Path, published: store.Dataset) -> None:
    kept = tmp_path / "search" / "data" / "head.js"
    kept.parent.mkdir(parents=True)
    kept.write_text("earlier")
    with pytest.raises(PublishingFault, match=r"缺少 \d+ 个.*mkdocs build"):
        search.index(published, load(ROOT / "data"), tmp_path)
    assert kept.read_text() == "earlier"


def test_written_pages_are_found_part_by_part(tmp_path: Path) -> None:
    page = tmp_path / "about" / "index.html"
    page.parent.mkdir()
    page.write_text(
        "<nav>菜单</nav><article><h1>关于</h1><p>开<b>头</b></p><script>x</script>"
        '<section id="limits"><h2>局限<a class="headerlink" href="#limits">¶</a></h2><p>可能有错</p></section>'
        '<h2 id="more">其他</h2><p>结尾</p></article>',
        encoding="utf-8",
    )
    assert [(entry.path, entry.name, entry.text) for entry in search.written_entries(tmp_path)] == [
        ("about/", "关于", ("关于 开头",)),
        ("about/#limits", "关于：局限", ("局限 可能有错",)),
        ("about/#more", "关于：其他", ("其他 结尾",)),
    ]


# The browser


@pytest.fixture(scope="module")
def page(browser: Browser, site_url: str) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(f"{site_url.rstrip('/')}/search/")
    opened.wait_for_function("() => Boolean(window.mingzhang?.search)")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def entries(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(ENTRIES)
    return found


@pytest.fixture
def open_search(browser: Browser, site_url: str) -> Iterator[Callable[[str], Page]]:
    context = browser.new_context()

    def opened(query: str) -> Page:
        found = context.new_page()
        found.goto(f"{site_url.rstrip('/')}/search/{query}")
        found.wait_for_selector(".hit, [data-search-status] a")
        return found

    yield opened
    context.close()


@pytest.mark.site
def test_every_name_and_every_part_of_it_is_found(
    page: Page, entries: list[dict[str, Any]], published: store.Dataset
) -> None:
    number = {entry["path"]: place for place, entry in enumerate(entries)}
    names = {
        **{number[f"projects/{row.project_id}/"]: row.name for row in published.tables.projects},
        **{number[f"departments/{row.department_id}/"]: row.name for row in published.tables.departments},
    }
    wanted = [(name, place) for place, name in names.items()]
    parts = [
        (name[start : start + length], place)
        for place, name in names.items()
        for length in range(2, 7)
        for start in range(len(name) - length + 1)
    ]
    queries = sorted({query for query, _ in [*wanted, *parts]})
    found = {query: set(hits) for query, hits in zip(queries, page.evaluate(FOUND, queries), strict=True)}
    assert [name for name, place in wanted if place not in found[name]] == []
    missed = [part for part, place in parts if place not in found[part]]
    assert len(missed) / len(parts) <= 0.05, missed[:20]


@pytest.mark.site
def test_any_text_is_found_exactly_where_it_stands(page: Page, entries: list[dict[str, Any]]) -> None:
    texts = [[search.searchable(text) for text in all_texts(entry)] for entry in entries]
    known = {word for group in search.aliases(load(ROOT / "data")) for word in group}
    chance = random.Random(1)
    queries = []
    for _ in range(400):
        text = chance.choice([text for some in chance.choices(texts, k=5) for text in some if text])
        start = chance.randrange(len(text))
        queries.append(text[start : start + chance.randint(1, 12)])
    queries = sorted(set(queries) - known)
    for query, hits in zip(queries, page.evaluate(FOUND, queries), strict=True):
        assert sorted(hits) == [place for place, some in enumerate(texts) if any(query in text for text in some)], query


@pytest.mark.site
def test_indicator_names_are_found(page: Page, entries: list[dict[str, Any]], published: store.Dataset) -> None:
    number = {entry["path"]: place for place, entry in enumerate(entries)}
    rows = published.tables.indicators
    queries = sorted({row.name for row in rows})
    found = dict(zip(queries, page.evaluate(FOUND, queries), strict=True))
    assert [row.name for row in rows if number[f"projects/{row.project_id}/"] not in found[row.name]] == []


@pytest.mark.site
@pytest.mark.parametrize(
    ("query", "kind", "part"),
    [
        ("渝府办发〔2017〕121号", "政策文件", "巨灾保险"),
        ("渝府办发[2017]１２１号", "政策文件", "巨灾保险"),
        ("ｐｍ２．５", "项目", "油烟"),
        ("长寿区 2024 年", "地区年度", "长寿区 2024 年"),
        ("老党员 万盛", "项目", "老党员"),
        ("区教委", "部门", "教育"),
        ("长寿教委", "部门", "长寿区教育委员会"),
        ("万盛教育局", "部门", "万盛经济技术开发区教育局"),
        ("公租房", "项目", "公租房"),
        ("农村危房", "项目", "危房"),
        ("非政府组织", "", ""),
    ],
)
def test_the_first_result_is_what_was_meant(page: Page, query: str, kind: str, part: str) -> None:
    first = page.evaluate(
        "async (query) => { const { hits } = await mingzhang.search(query); return hits.length && mingzhang.entry(hits[0].entry); }",
        query,
    )
    assert (first["kind"], part in first["name"]) == (kind, True) if kind else first == 0


# Of all names that the queries ask for, so many must be among the hits; of the first hits that they expect, so many
# must be first.
LEAST_FOUND, LEAST_FIRST = 0.97, 0.97


@pytest.mark.site
def test_what_people_type_finds_what_they_mean(page: Page, entries: list[dict[str, Any]]) -> None:
    queries = yaml.safe_load((Path(__file__).parent / "queries.yml").read_text(encoding="utf-8"))
    assert len(queries) >= 100
    missed, late, wanted, firsts = [], [], 0, 0
    for query, hits in zip(queries, page.evaluate(FOUND, [query["q"] for query in queries]), strict=True):
        names = [entries[hit]["name"] for hit in hits]
        if "parts" in query:
            assert not names, query
            continue
        wanted += len(query["find"])
        missed += [(query["q"], name) for name in query["find"] if name not in names]
        if "first" in query:
            firsts += 1
            late += [] if names[:1] == [query["first"]] else [(query["q"], names[:1])]
        kinds = [entries[hit]["kind"] == "网站说明" for hit in hits]
        assert kinds == sorted(kinds), "what the site says of itself comes last"
    assert len(missed) <= wanted * (1 - LEAST_FOUND), missed
    assert len(late) <= firsts * (1 - LEAST_FIRST), late


@pytest.mark.site
def test_a_query_without_hits_offers_its_parts(open_search: Callable[[str], Page]) -> None:
    page = open_search("?q=飞机场")
    links = page.locator("[data-search-status] a")
    links.first.wait_for()
    assert "机场" in {text.split("（")[0] for text in links.all_inner_texts()}
    links.filter(has_text="机场").first.click()
    page.locator(".hit").first.wait_for()


@pytest.mark.site
def test_each_word_of_a_query_is_seen_in_its_results(open_search: Callable[[str], Page]) -> None:
    page = open_search("?q=长寿 养老")
    page.locator(".hit").first.wait_for()
    for hit in page.locator(".hit").all():
        marks = set(hit.locator("mark").all_inner_texts())
        assert any("长寿" in mark for mark in marks) and any("养老" in mark for mark in marks), hit.inner_text()


@pytest.mark.site
def test_names_come_before_other_texts(page: Page, entries: list[dict[str, Any]]) -> None:
    for query in ("教育", "森林", "专项"):
        [hits] = page.evaluate(FOUND, [query])
        in_name = [query in search.searchable(entries[place]["name"]) for place in hits]
        assert in_name == sorted(in_name, reverse=True)
        assert any(in_name)


@pytest.mark.site
def test_results_say_what_they_are_and_where_they_lead(
    open_search: Callable[[str], Page], built_site: Path, published: store.Dataset
) -> None:
    page = open_search("?q=老党员补贴")
    project = next(row for row in published.tables.projects if row.name == "老党员补贴")
    hit = page.locator(".hit").first
    assert hit.locator(".badge").inner_text() == "项目"
    assert hit.locator("h2 mark").inner_text() == "老党员补贴"
    facts = hit.locator(".hit__facts").inner_text()
    assert f"{project.year} 年" in facts and "万盛" in facts and "预算 " in facts and "万元" in facts
    assert page.locator("[data-search-status]").inner_text().startswith("“老党员补贴”：找到")
    for link in page.locator(".hit a").all():
        path = urlsplit(link.evaluate("a => a.href")).path.removeprefix("/mingzhang").strip("/")
        assert (built_site / path / "index.html").is_file()


@pytest.mark.site
def test_an_indicator_result_leads_to_the_indicators(open_search: Callable[[str], Page], built_site: Path) -> None:
    page = open_search("?q=满意度&kind=指标")
    assert set(page.locator(".hit .badge").all_inner_texts()) == {"指标"}
    href = page.locator(".hit a").first.get_attribute("href") or ""
    path, fragment = href.split("/projects/")[1].split("#")
    assert f'id="{fragment}"' in (built_site / "projects" / path / "index.html").read_text(encoding="utf-8")


@pytest.mark.site
def test_filters_narrow_and_stay_in_the_address(open_search: Callable[[str], Page]) -> None:
    page = open_search("?q=满意度")
    label = page.locator("select[name=region] option").nth(1).inner_text()
    region, count = label.removesuffix("）").split("（")
    page.select_option("select[name=region]", region)
    expect(page).to_have_url(re.compile("region="))
    expect(page.locator("[data-search-status]")).to_contain_text(f"找到 {count} 条")
    page.reload()
    page.wait_for_selector(".hit")
    assert page.locator("select[name=region]").input_value() == region
    assert all(region in facts for facts in page.locator(".hit__facts").all_inner_texts())


@pytest.mark.site
def test_it_works_from_the_keyboard(open_search: Callable[[str], Page]) -> None:
    page = open_search("?q=危房")
    page.focus("#find-q")
    page.keyboard.press("Control+A")
    page.keyboard.type("满意度")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-search-status]').textContent.includes('满意度')")
    page.locator("[data-search-more]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.hit').length === 20")
    page.wait_for_function("() => document.activeElement === document.querySelectorAll('.hit a')[10]")


@pytest.mark.site
def test_a_double_tap_shows_every_result_once(open_search: Callable[[str], Page]) -> None:
    page = open_search("?q=满意度")
    page.evaluate("() => { const more = document.querySelector('[data-search-more]'); more.click(); more.click() }")
    page.locator(".hit").nth(19).wait_for()
    page.locator("[data-search-more]").click()
    page.locator(".hit").nth(29).wait_for()
    shown = page.locator(".hit a").evaluate_all("links => links.map((link) => link.pathname)")
    wanted = page.evaluate(
        """async () => {
          const { hits } = await mingzhang.search("满意度");
          return Promise.all(hits.slice(0, 30).map(async (hit) => (await mingzhang.entry(hit.entry)).path));
        }"""
    )
    assert len(shown) == len(wanted) == 30
    assert all(path.endswith(f"/{entry.split('#')[0]}") for path, entry in zip(shown, wanted, strict=True))


@pytest.mark.site
def test_markup_in_a_query_is_text(open_search: Callable[[str], Page]) -> None:
    page = open_search("?q=危房")
    page.fill("#find-q", "<img src=x onerror=alert(1)>危房危房")
    page.wait_for_function("() => document.querySelector('[data-search-status]').textContent.startsWith('没有找到')")
    assert "<img src=x" in page.locator("[data-search-status]").inner_text()
    assert page.locator("[data-search] img").count() == 0


@pytest.mark.site
def test_a_first_search_is_small(browser: Browser, site_url: str, published: store.Dataset) -> None:
    longest = max((row.name for row in (*published.tables.projects, *published.tables.departments)), key=len)
    for query in ("老党员", "满意度", longest):
        answers = first_search(browser, f"{site_url.rstrip('/')}/search/?q={query}")
        assert all(url.startswith(site_url) for url in answers)
        assert sum(answers.values()) <= FIRST_SEARCH_BYTES


def first_search(browser: Browser, address: str) -> dict[str, int]:
    """What a browser that knows nothing of the site loads to show the results: bytes on the wire by address."""
    answers: dict[str, int] = {}

    def note(answer: Response | None) -> None:
        assert answer is not None
        answers[answer.url] = len(compress(answer.body()))

    context = browser.new_context()
    page = context.new_page()
    page.on("requestfinished", lambda request: note(request.response()))
    page.goto(address)
    page.wait_for_selector(".hit")
    page.wait_for_load_state("networkidle")
    context.close()
    return answers


@pytest.mark.site
def test_it_works_on_a_copy_on_a_disk(browser: Browser, built_site: Path) -> None:
    page = browser.new_page()
    page.goto(f"{built_site.as_uri()}/search/index.html?q=危房")
    page.wait_for_selector(".hit")
    assert (page.locator(".hit a").first.get_attribute("href") or "").split("#")[0].endswith("/index.html")
    page.close()


@pytest.mark.site
def test_without_javascript_it_says_where_to_look(browser: Browser, built_site: Path, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url.rstrip('/')}/search/")
    assert page.get_by_text("搜索要在浏览器里运行 JavaScript").is_visible()
    assert not page.locator("#find-q").is_visible()
    for link in page.locator("[data-plain] a").all():
        assert (built_site / "search" / (link.get_attribute("href") or "") / "index.html").resolve().is_file()
    context.close()


def all_texts(entry: dict[str, Any]) -> list[str]:
    return [entry["name"], *entry["context"], *entry["indicators"], *entry["asked"], *entry["basis"], *entry["text"]]


def read(script: Path) -> Any:
    """The value that a script of the index hands over."""
    found = re.fullmatch(r'mingzhang\("[^"]+",(.*)\)\n', script.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def decode(text: str) -> list[int]:
    """The places that a string of the index stands for."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
    places, last, value, scale = [], 0, 0, 1
    for digit in map(digits.index, text):
        value += (digit & 31) * scale
        scale *= 32
        if digit < 32:
            last += value
            places.append(last)
            value, scale = 0, 1
    return places


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.js"))}


@pytest.mark.site
def test_nothing_typed_offers_the_themes_and_english_the_english_page(open_search: Callable[[str], Page]) -> None:
    page = open_search("")
    page.locator("[data-search-status] a", has_text="养老助残").click()
    expect(page.locator("h1")).to_have_text("养老助残")
    page = open_search("?q=budget")
    assert page.locator("[data-search-status] a").get_attribute("lang") == "en"
