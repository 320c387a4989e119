"""The site as a zip: its bytes, its links, and a browser that reads it from a disk."""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect
from tiny import DATA, tables

from builder.faults import PublishingFault
from builder.settings import load
from builder.site import offline
from builder.site.offline import FOLDER

FOLDERS = {".", "projects", "projects/a-001", "search"}
HEAD = '<link rel="canonical" href="https://mingzhang.example/projects/a-001/">'


def rewritten(page: str, name: str = "projects/a-001/index.html") -> str:
    return offline.from_disk(page, name, FOLDERS, FOLDERS)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    for name, text in {
        "index.html": '<a href="a/">甲</a>',
        "a/index.html": '<link rel="canonical" href="https://x.example/a/"><a href="../data/mingzhang-site.zip">全站</a>',
        "404.html": '<a href="/">首页</a>',
        "sitemap.xml": "<urlset/>",
        "data/rows.csv": "甲,乙\n",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    return site


# Links


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("../", "../index.html"),
        ("../..", "../../index.html"),
        ("../../", "../../index.html"),
        (".", "./index.html"),
        ("./", "./index.html"),
        ("./#money", "./index.html#money"),
        ("../../search/?q=%E5%8D%B1&amp;year=2024#hits", "../../search/index.html?q=%E5%8D%B1&amp;year=2024#hits"),
        ("../../projects", "../../projects/index.html"),
        ("#money", "#money"),
        ("?q=1", "?q=1"),
        ("record.json", "record.json"),
        ("../index.html", "../index.html"),
        ("../nowhere/", "../nowhere/"),
        ("/search/", "/search/"),
        ("https://example.gov.cn/search/", "https://example.gov.cn/search/"),
        ("//example.gov.cn/", "//example.gov.cn/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_links_to_folders_name_the_file_in_it(link: str, there: str) -> None:
    assert rewritten(f'<a class="x" href="{link}">') == f'<a class="x" href="{there}">'
    assert rewritten(f"<a href='{link}'>") == f"<a href='{there}'>"


def test_forms_and_pages_of_any_depth_are_led_right() -> None:
    assert (
        rewritten('<form action="../../search/" role="search">')
        == '<form action="../../search/index.html" role="search">'
    )
    assert rewritten('<a href="search/">', "index.html") == '<a href="search/index.html">'
    assert rewritten('<a href=".">', "index.html") == '<a href="./index.html">'


@pytest.mark.parametrize(
    "text",
    [
        '正文 href="../" 不是链接',
        '<!-- <a href="../"> -->',
        "<script>var a = '<a href=\"../\">';</script>",
        '<textarea><a href="../"></textarea>',
        '<a title="href=&quot;../&quot;" data-href="../">',
        '1 &lt; 2 &lt;a href="../"&gt;',
    ],
)
def test_what_is_no_link_stays(text: str) -> None:
    assert rewritten(text) == text


def test_a_tag_with_an_angle_in_a_value_is_read_whole() -> None:
    assert rewritten('<a title="甲 > 乙" href="../">') == '<a title="甲 > 乙" href="../index.html">'


def test_the_zip_in_itself_is_on_the_network() -> None:
    page = HEAD + '<a href="../../data/site.zip">'
    assert rewritten(page) == HEAD + '<a href="https://mingzhang.example/data/site.zip">'


# The zip


def test_the_zip_leaves_out_itself_and_what_only_a_server_needs(small: Path) -> None:
    out = small / "data" / "mingzhang-site.zip"
    offline.write(small, out, offline._names(small))
    offline.write(small, out, offline._names(small))
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == [f"{FOLDER}/{name}" for name in ("a/index.html", "data/rows.csv", "index.html")]
        assert archive.read(f"{FOLDER}/index.html").decode() == '<a href="a/index.html">甲</a>'
        assert 'href="https://x.example/data/mingzhang-site.zip"' in archive.read(f"{FOLDER}/a/index.html").decode()
    assert sorted(path.name for path in (small / "data").iterdir()) == ["mingzhang-site.zip", "rows.csv"]


def test_the_same_site_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    offline.write(small, tmp_path / "one.zip", offline._names(small))
    for path in small.rglob("*"):
        os.utime(path, (1_900_000_000, 1_900_000_000))
    offline.write(small, tmp_path / "two.zip", offline._names(small))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_failure_leaves_the_last_zip(small: Path) -> None:
    out = small / "data" / "mingzhang-site.zip"
    offline.write(small, out, offline._names(small))
    before = out.read_bytes()
    (small / "a" / "index.html").write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        offline.write(small, out, offline._names(small))
    assert out.read_bytes() == before and len(list((small / "data").iterdir())) == 2


def test_a_folder_that_is_no_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishingFault, match="builder build"):
        offline.write(tmp_path, tmp_path / "site.zip", [])


def test_a_large_site_has_a_copy_of_its_front_and_of_each_region_and_year(tmp_path: Path) -> None:
    site, own, other = tmp_path / "site", "projects/east-2024-key-001/", "projects/east-2025-key-001/"
    head = '<link rel="canonical" href="https://x.example/{}">'
    links = f'<a href="../../{own}">甲</a><a href="../../{other}#L1">乙</a><a href="../../">首页</a>'
    for name, text in {
        "index.html": f'{head.format("")}<a href="{own}">甲</a><a href="about/">关于</a>',
        "about/index.html": head.format("about/"),
        f"{own}index.html": head.format(own) + links,
        f"{own}record.json": "{}",
        f"{other}index.html": head.format(other),
        "regions/east/2024/index.html": head.format("regions/east/2024/"),
        "assets/site.css": "",
        "charts/east-2024-sizes.svg": "",
        "charts/east-2025-sizes.svg": "",
        "data/projects.csv": "",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    offline.copies(site, tables(), load(DATA).package.model_copy(update={"most_offline": 0}))
    found = {}
    for path in sorted((site / "data").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            found[path.name] = {
                name.removeprefix(f"{FOLDER}/"): archive.read(name).decode() for name in archive.namelist()
            }
    assert found.keys() >= {"mingzhang-site.zip", "east-2024-site.zip", "east-2025-site.zip"}
    front, part = found["mingzhang-site.zip"], found["east-2024-site.zip"]
    assert set(front) == {"about/index.html", "assets/site.css", "index.html"}
    assert 'href="https://x.example/projects/east-2024-key-001/"' in front["index.html"]
    assert 'href="about/index.html"' in front["index.html"]
    assert set(part) == {
        *("index.html", "assets/site.css", "charts/east-2024-sizes.svg", f"{own}index.html", f"{own}record.json"),
        "regions/east/2024/index.html",
    }
    assert 'url=regions/east/2024/index.html"' in part["index.html"]
    assert part[f"{own}index.html"] == head.format(own) + (
        f'<a href="../../{own}index.html">甲</a><a href="https://x.example/{other}#L1">乙</a>'
        '<a href="https://x.example/">首页</a>'
    )


# The built site


@pytest.fixture(scope="module")
def unpacked(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published zip, unpacked."""
    folder = tmp_path_factory.mktemp("offline")
    with zipfile.ZipFile(built_site / "data" / "mingzhang-site.zip") as archive:
        archive.extractall(folder)
    return folder / FOLDER


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.site
def test_every_link_leads_to_a_file_of_the_zip(unpacked: Path) -> None:
    files = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    pages = [name for name in sorted(files) if name.endswith(".html")]
    broken = set()
    for name in pages:
        tree = html.fromstring((unpacked / name).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
        for link in tree.xpath("//@href | //@src | //@action"):
            parts = urlsplit(str(link))
            if parts.scheme or parts.netloc or not parts.path:
                continue
            target = normpath(f"{name.rpartition('/')[0]}/{unquote(parts.path)}".lstrip("/"))
            if target not in files:
                broken.add((name, str(link)))
    assert len(pages) > 300
    assert broken == set()


@pytest.mark.site
def test_search_works_from_a_disk(unpacked: Path, page: Page) -> None:
    requests: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((unpacked / "index.html").as_uri())
    page.locator("header.mz-header input[name=q]").fill("老党员")
    page.locator("header.mz-header input[name=q]").press("Enter")
    first = page.locator("[data-search-results] h2 a").first
    assert "老党员" in first.inner_text()
    first.click()
    expect(page.locator("h1")).to_contain_text("老党员")
    assert urlsplit(page.url).path.endswith("/index.html")
    assert faults == [] and {urlsplit(url).scheme for url in requests} == {"file"}


@pytest.mark.site
def test_the_table_works_from_a_disk(unpacked: Path, page: Page) -> None:
    page.goto((unpacked / "explore" / "index.html").as_uri() + "?q=危房")
    link = page.locator("[data-explore-table] tbody th a").first
    assert "危房" in link.inner_text()
    with page.expect_download() as download:
        page.locator("[data-download=csv]").click()
    assert "危房" in download.value.path().read_text(encoding="utf-8-sig")
    link.click()
    expect(page.locator("h1")).to_contain_text("危房")


@pytest.mark.site
def test_pages_work_from_a_disk_without_scripts(unpacked: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((unpacked / "index.html").as_uri())
    page.locator(".mz-nav a", has_text="地区").click()
    page.locator("main a, #main a", has_text="长寿区").first.click()
    page.locator("#main a", has_text="2024 年").first.click()
    page.locator("#main a", has_text="农村危房改造").first.click()
    expect(page.locator("h1")).to_have_text(re.compile("^农村危房改造"))
    page.locator("#main a.src").first.click()
    expect(page).to_have_url(re.compile("/sources/changshou-2024-key/index.html#L"))
    expect(page.locator(":target")).to_have_count(1)
    context.close()
