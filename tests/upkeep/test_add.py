"""``python -m builder add``: what a person drops in is read, registered and reported, or nothing at all has changed."""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pytest
import yaml
from conftest import long_but
from forms_rendered import FORMATS, Grid, extension, render
from reportlab.pdfgen.canvas import Canvas

from builder import __main__ as cli
from builder.dataset import compile as compiling
from builder.dataset import store
from builder.model import Reading
from builder.readers import formats, guard
from builder.settings import Settings, load
from builder.settings.schema import load_schemas
from builder.upkeep import add as adding

ROOT = Path(__file__).parents[2]
KEPT = "changshou-2023-finance"
TITLE = "渝中区2026年重点专项绩效目标表"
Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def messages(self) -> list[str]:
        """The error stream without the lines that only show that something goes on."""
        return [line for line in self.err.splitlines() if not line.startswith("… ")]


Command = Callable[..., Said]


def form(name: str = "危房改造", title: str = TITLE, budget: str = "20", owner: str = "渝中区财政局") -> Grid:
    wide = ("", "", "", "")
    rows = (
        ("主管部门", owner, *wide),
        ("项目名称", name, *wide),
        ("当年预算", budget, *wide),
        ("当年绩效目标", "改造危房", *wide),
        ("指标名称", "指标性质", "指标值", "指标单位", "分值", "是否核心"),
        ("改造户数", "≥", "3", "户", "50", "是"),
        ("群众满意度", "≥", "90", "%", "40", "否"),
    )
    return Grid((title, "单位：万元"), rows, tuple((row, 1, row, 5) for row in range(4)))


NAMES = ("危房改造", "道路养护", "公园管护", "垃圾清运", "文物修缮")


@pytest.fixture(scope="module")
def kept_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one document of another region, its dataset written."""
    root = tmp_path_factory.mktemp("project")
    data = root / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("sources", "dataset"))
    (data / "sources").mkdir()
    shutil.copy(ROOT / "data" / "sources" / f"{KEPT}.txt", data / "sources")
    manifest = (ROOT / "data" / "sources.yml").read_text(encoding="utf-8")
    comment, first = manifest.split("\n- ")[:2]
    (data / "sources.yml").write_text(f"{comment}\n- {first}\n", encoding="utf-8")
    for name in ("corrections.yml", "series.yml"):
        (data / name).write_text("[]\n", encoding="utf-8")
    (data / "calendar.yml").write_text("due_month: 4\nentries: []\n", encoding="utf-8")
    compiled = compiling.compile_dataset(load(data), lambda message: None)
    store.write(compiled.tables.by_name(), load_schemas(data / "schemas"), data / "dataset")
    return root


@pytest.fixture
def project(kept_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    shutil.copytree(kept_project, root)
    monkeypatch.setattr(cli, "DATA", root / "data")
    return root


@pytest.fixture
def builder(project: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: object) -> Said:
        with pytest.raises(SystemExit) as stopped:
            cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(stopped.value.code, int)
        return Said(stopped.value.code, out, err)

    return command


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rendered(folder: Path, *forms: Grid, fmt: str = "txt", name: str = "download") -> Path:
    path = folder / f"{name}{extension(fmt)}"
    render(forms or (form(),), fmt, path)
    return path


def manifest(project: Path) -> Rows:
    return yaml.safe_load((project / "data" / "sources.yml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def table(project: Path, name: str) -> Rows:
    data = project / "data"
    published = store.load(data / "dataset", load_schemas(data / "schemas"))
    return [asdict(row) for row in getattr(published.tables, name)]


def built(project: Path) -> dict[str, bytes]:
    """The dataset as a build would make it from what is in the project now, with nothing kept."""
    shutil.rmtree(project / ".cache", ignore_errors=True)
    compiled = compiling.compile_dataset(load(project / "data"), lambda message: None)
    store.write(compiled.tables.by_name(), load_schemas(project / "data" / "schemas"), project / "again")
    return files(project / "again")


# What the file itself shows


@pytest.mark.parametrize("fmt", long_but(("txt",), FORMATS))
def test_a_document_of_each_format(fmt: str, project: Path, builder: Command, tmp_path: Path) -> None:
    path = rendered(tmp_path, form("危房改造"), form("道路养护", budget="30.5"), fmt=fmt)
    said = builder("add", path)
    assert (said.code, said.messages) == (0, [])
    entry = manifest(project)[-1]
    assert entry["document_id"] == "yuzhong-2026-key"
    assert (entry["region_id"], entry["year"], entry["title"]) == ("yuzhong", 2026, TITLE)
    assert entry["publisher"] == "渝中区财政局"
    stored = project / "data" / "sources" / f"yuzhong-2026-key{extension(fmt)}"
    assert stored.name == entry["file"]
    assert stored.read_bytes() == path.read_bytes()
    rows = [row for row in table(project, "projects") if row["document_id"] == "yuzhong-2026-key"]
    assert [(row["name"], row["budget_yuan"]) for row in rows] == [("危房改造", 200_000), ("道路养护", 305_000)]
    assert len(table(project, "indicators")) == 30 + 4
    assert built(project) == files(project / "data" / "dataset")


def test_options_override_what_the_file_shows(project: Path, builder: Command, tmp_path: Path) -> None:
    given = {
        "--region": "nanan",
        "--year": "2025",
        "--title": "南岸区的一份表",
        "--publisher": "南岸区民政局",
        "--id": "nanan-2025-minzheng",
        "--url": "https://www.example.gov.cn/a.pdf?x=1",
        "--retrieved": "2026-03-08",
    }
    assert builder("add", rendered(tmp_path), *(part for pair in given.items() for part in pair)).code == 0
    entry = manifest(project)[-1]
    assert entry == {
        "document_id": "nanan-2025-minzheng",
        "region_id": "nanan",
        "year": 2025,
        "title": "南岸区的一份表",
        "publisher": "南岸区民政局",
        "file": "nanan-2025-minzheng.txt",
        "media_type": "text/plain",
        "sha256": entry["sha256"],
        "bytes": entry["bytes"],
        "source_url": "https://www.example.gov.cn/a.pdf?x=1",
        "retrieved_on": entry["retrieved_on"],
        "holds": entry["holds"],
    }
    assert str(entry["retrieved_on"]) == "2026-03-08"
    row = next(row for row in table(project, "documents") if row["document_id"] == "nanan-2025-minzheng")
    assert (row["region_id"], row["retrieved_on"]) == ("nanan", "2026-03-08")


WRONG_OPTIONS = (
    ("--region", "atlantis", "没有地区 atlantis。编号见 data/regions.yml"),
    ("--year", "26", "--year 应为四位年份，如 2026，读到 26"),
    ("--title", " ", "--title 是空的"),
    ("--publisher", "", "--publisher 是空的"),
    ("--id", "渝中-2026", "只能用小写字母、数字和连字符"),
    ("--id", KEPT, f"编号 {KEPT} 已经用过；已发布的编号不能改。请用 --id 另给一个"),
    ("--url", "javascript:alert(1)", "--url 应以 https:// 或 http:// 开头"),
    ("--retrieved", "2026/3/8", "--retrieved 应为日期，如 2026-03-08，读到「2026/3/8」"),
    ("--retrieved", "2026-02-30", "--retrieved 应为日期"),
    ("--replaces", "yuzhong-2025-key", "要替换的 yuzhong-2025-key 不在清单里"),
    ("--replaces", KEPT, f"{KEPT} 是 changshou 2023 年的文件，不能由 yuzhong 2026 年的替换"),
)


@pytest.mark.parametrize(("option", "value", "said"), long_but(WRONG_OPTIONS[:3], WRONG_OPTIONS))
def test_a_wrong_option_is_told_and_nothing_is_added(
    option: str, value: str, said: str, project: Path, builder: Command, tmp_path: Path
) -> None:
    before = files(project / "data")
    for extra in ((), ("--dry-run",)):
        result = builder("add", rendered(tmp_path), option, value, *extra)
        assert result.code == 1
        [message] = result.messages
        assert said in message
        assert "请" in message or "先" in message or "应" in message
    assert files(project / "data") == before


@pytest.mark.parametrize("owner", long_but(("@@@",), ["211-", "@@@", "&nbsp;", "。"]))
def test_a_department_that_is_no_name_is_added_all_the_same(
    owner: str, project: Path, builder: Command, tmp_path: Path
) -> None:
    path = rendered(tmp_path, form(title="渝中区2026年项目绩效目标表", owner=owner))
    assert builder("add", path, "--url", "http://a.cn/{1}.pdf").code == 0
    assert manifest(project)[-1]["publisher"]
    assert str(manifest(project)[-1]["document_id"]).startswith("yuzhong-2026-")
    assert str(table(project, "documents")[-1]["source_url"]) == "http://a.cn/%7B1%7D.pdf"
    assert builder("check").code == 0


@pytest.mark.long
def test_a_region_of_another_province_after_one_line(project: Path, builder: Command, tmp_path: Path) -> None:
    title = "成都市锦江新区2026年项目支出绩效目标表"
    path = rendered(
        tmp_path, form(title=title, owner="成都市锦江新区民政局"), form("甲", title, owner="成都市锦江新区教育局")
    )
    unknown = builder("add", path)
    assert unknown.code == 1
    assert "看不出 download.txt 是哪个地区的。请用 --region 指定" in unknown.err
    with (project / "data" / "regions.yml").open("a", encoding="utf-8") as stream:
        stream.write(
            "- {region_id: chengdu-jinjiang-xinqu, name: 锦江新区, level: development_zone, parent_id: chengdu, aliases: [锦江新区]}\n"
        )
    assert builder("add", path).code == 0
    entry = manifest(project)[-1]
    assert (entry["document_id"], entry["title"]) == ("chengdu-jinjiang-xinqu-2026-projects", title)
    assert entry["publisher"] == "四川省成都市锦江新区"
    assert {row["name"] for row in table(project, "regions")} >= {"四川省", "成都市", "锦江新区"}


def regions() -> Iterator[tuple[str, str]]:
    """Every region with each of its written names; bare names of two characters (长寿) are ordinary words too."""
    for region in load(ROOT / "data").regions.values():
        for name in dict.fromkeys((region.name, *region.aliases)):
            if len(name) > 2 or name.endswith("县"):
                yield region.region_id, name


@pytest.mark.parametrize(("region_id", "name"), list(regions()))
def test_each_region_is_known_by_its_names(region_id: str, name: str, settings: Settings) -> None:
    places = settings.gazetteer
    for text in (f"{name}2026年重点专项绩效目标表", f"关于{name} 财政局的说明"):
        [meant] = places.named(text)
        assert places.likeliest(meant, frozenset()) == (region_id,)


def test_all_districts_and_counties_of_chongqing_are_there(settings: Settings) -> None:
    children = [region for region in settings.regions.values() if region.parent_id == "chongqing"]
    codes = [region.division_code for region in children if region.division_code]
    assert len(codes) == len(set(codes)) == 38
    assert all(re.fullmatch(r"500[12]\d\d", code) for code in codes)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("宁波市江北区2026年绩效目标表", ["ningbo-jiangbei"]),
        ("健康长寿2026年行动", []),
        ("新宁海市江北区绩效目标", []),
        ("云南省昆明市五华区财政局", ["kunming-wuhua"]),
        ("昆明市五华区财政局", ["kunming-wuhua"]),
        ("红河州2025年", []),
        ("红河哈尼族彝族自治州2025年", ["honghe"]),
        ("上海市普陀区2026年", ["shanghai-putuo"]),
        ("浙江省舟山市普陀区", ["zhoushan-putuo"]),
        ("苏州工业园区管委会", ["jiangsu-suzhou-gongyeyuanqu"]),
        ("河北省2026年", ["hebei"]),
        ("鄢陵县城关镇2026年", []),
        ("长寿区城镇老旧小区改造", ["changshou"]),
        ("成都市锦江新区2026年", []),
    ],
)
def test_places_of_the_country_are_known_by_their_names(text: str, meant: list[str], settings: Settings) -> None:
    assert [one for names in settings.gazetteer.named(text) for one in names] == meant


@pytest.mark.long
def test_the_first_document_of_any_place_needs_no_edit(project: Path, builder: Command, tmp_path: Path) -> None:
    path = rendered(tmp_path, form(title="昆明市五华区2026年重点专项绩效目标表", owner="五华区财政局"))
    said = builder("add", path)
    assert said.code == 0, said.err
    assert "地区 kunming-wuhua（云南省昆明市五华区）：见于表名和封面" in said.out
    rows = {row["region_id"]: row for row in table(project, "regions")}
    assert [rows[one]["level"] for one in ("yunnan", "kunming", "kunming-wuhua")] == [
        "province",
        "prefecture",
        "district",
    ]
    assert (rows["kunming-wuhua"]["parent_id"], rows["kunming-wuhua"]["division_code"]) == ("kunming", "530102")
    assert "xishan" not in "".join(map(str, rows))
    assert builder("check").code == 0


SHARED = "普陀区2026年重点专项绩效目标表"


@pytest.mark.long
def test_a_name_that_two_places_share_is_asked_about(project: Path, builder: Command, tmp_path: Path) -> None:
    before = files(project)
    said = builder("add", rendered(tmp_path, form(title=SHARED, owner="普陀区财政局")))
    assert said.code == 1
    [message] = said.messages
    assert "上海市普陀区（shanghai-putuo）、浙江省舟山市普陀区（zhoushan-putuo）" in message and "--region" in message
    assert files(project) == before


@pytest.mark.long
def test_the_city_named_beside_it_tells_which_of_two_places(project: Path, builder: Command, tmp_path: Path) -> None:
    said = builder("add", rendered(tmp_path, form(title=SHARED, owner="舟山市民政局")))
    assert said.code == 0 and "地区 zhoushan-putuo" in said.out


@pytest.mark.long
def test_two_towns_of_one_name_are_two_places(project: Path, builder: Command, tmp_path: Path) -> None:
    town = "- {{region_id: {0}-chengguan, name: 城关镇, level: township, parent_id: {0}, aliases: [城关镇]}}\n"
    with (project / "data" / "regions.yml").open("a", encoding="utf-8") as stream:
        stream.write(town.format("xuchang-yanling") + town.format("shangqiu-minquan"))
    path = rendered(tmp_path, form(title="城关镇2026年重点专项绩效目标表", owner="城关镇财政所"))
    asked = builder("add", path)
    assert asked.code == 1 and "河南省许昌市鄢陵县城关镇" in asked.err and "河南省商丘市民权县城关镇" in asked.err
    assert builder("add", path, "--region", "shangqiu-minquan-chengguan").code == 0


YEARS = (
    ("渝中区2026年重点专项绩效目标表", 2026),
    ("渝中区2026年度重点专项绩效目标表", 2026),
    ("渝中区２０２６年重点专项绩效目标表", 2026),
    ("渝中区二〇二六年重点专项绩效目标表", 2026),
    ("渝中区2026-2028年重点专项绩效目标表", 2026),
)


@pytest.mark.parametrize(("title", "year"), long_but(YEARS[2:4], YEARS))
def test_the_year_of_a_title(title: str, year: int, project: Path, builder: Command, tmp_path: Path) -> None:
    said = builder("add", "--dry-run", rendered(tmp_path, form(title=title)))
    assert f"年度 {year}：见于表名和栏目" in said.out
    assert f"  title: {title}\n" in said.out.replace("２０２６", "2026") or "２" in title


@pytest.mark.long
def test_a_year_in_the_files_name_is_the_last_resort(builder: Command, tmp_path: Path, project: Path) -> None:
    grid = form(title="渝中区重点专项绩效目标表")
    assert "年度 2026：见于文件名" in builder("add", "--dry-run", rendered(tmp_path, grid, name="2026附件")).out
    said = builder("add", "--dry-run", rendered(tmp_path, grid))
    assert (said.code, said.messages) == (1, ["错误：看不出 download.txt 是哪一年的。请用 --year 指定。"])


@pytest.mark.long
def test_a_sentence_of_the_preamble_is_no_title(builder: Command, tmp_path: Path, project: Path) -> None:
    path = tmp_path / "a.txt"
    rendered(tmp_path, form(title="2026年重点专项绩效目标表"))
    sentence = "六、如需进一步了解渝中区重点专项，可与绩效目标表中的联系人沟通。\n"
    path.write_text(sentence + (tmp_path / "download.txt").read_text(encoding="utf-8"), encoding="utf-8")
    assert f"  title: {TITLE}\n" in builder("add", "--dry-run", path).out


@pytest.mark.parametrize("empty", ["# 来源清单\n[]\n", "# 来源清单\n"])
@pytest.mark.long
def test_the_first_document_of_an_empty_manifest(
    empty: str, project: Path, builder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "data" / "sources.yml").write_text(empty, encoding="utf-8")
    for name in ("sources", "dataset"):
        shutil.rmtree(project / "data" / name)
    before = files(project / "data")
    with monkeypatch.context() as patched:
        patched.setattr(compiling, "write_dataset", after(compiling.write_dataset, OSError))
        assert builder("add", rendered(tmp_path)).code == 1
    assert files(project / "data") == before
    assert builder("add", rendered(tmp_path)).code == 0
    assert (project / "data" / "sources.yml").read_text(encoding="utf-8").startswith("# 来源清单\n- document_id: yuz")
    assert [row["document_id"] for row in table(project, "documents")] == ["yuzhong-2026-key"]


@pytest.mark.long
def test_a_manifest_that_a_new_line_would_break_stays(project: Path, builder: Command, tmp_path: Path) -> None:
    path = project / "data" / "sources.yml"
    path.write_text("[" + ", ".join(str(entry) for entry in manifest(project)) + "]\n", encoding="utf-8")
    before = files(project / "data")
    said = builder("add", rendered(tmp_path))
    assert said.code == 1
    assert "sources.yml" in said.messages[-1]
    assert files(project / "data") == before


@pytest.mark.long
def test_add_says_that_the_original_keeps_the_numbers(project: Path, builder: Command, tmp_path: Path) -> None:
    assert "个人号码" not in builder("add", rendered(tmp_path)).out
    path = rendered(
        tmp_path, form(title="南岸区2026年重点专项绩效目标表", owner="南岸区财政局13912345678"), name="other"
    )
    said = builder("add", path)
    assert "有 1 行的个人号码已隐去。data/sources 里的原件照政府印出的存档" in said.out
    assert "13912345678" not in said.out + said.err


@pytest.mark.parametrize(
    "ending",
    [".txt?v=1", '.t"><svg onload=x>', ".txt;rm -rf ~", ".", ".TXT", ".a" * 100, "", ".tx\nt: b", "." + "a" * 240],
)
@pytest.mark.long
def test_the_stored_name_ends_as_the_media_type_does(
    ending: str, project: Path, builder: Command, tmp_path: Path
) -> None:
    path = rendered(tmp_path).rename(tmp_path / f"download{ending}")
    assert builder("add", path).code == 0
    assert manifest(project)[-1]["file"] == "yuzhong-2026-key.txt"
    assert builder("check").code == 0


# Twice, again, instead


def test_the_same_file_twice_is_said_and_changes_nothing(project: Path, builder: Command, tmp_path: Path) -> None:
    path = rendered(tmp_path, fmt="xlsx")
    builder("add", path)
    before = files(project)
    again = builder("add", path, "--title", "别的")
    assert (again.code, again.out) == (0, "download.xlsx 已经加入过：yuzhong-2026-key。没有改动。\n")
    renamed = shutil.copy(path, tmp_path / "附件3（终稿）.xls")
    assert builder("add", renamed).out == "附件3（终稿）.xls 已经加入过：yuzhong-2026-key。没有改动。\n"
    assert files(project) == before


@pytest.mark.long
def test_a_file_that_lies_in_the_sources_already(
    project: Path, builder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rendered(project / "data" / "sources", name="yuzhong-2026-key")
    before = files(project / "data")

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(compiling, "write_dataset", fail)
        assert builder("add", path).code == 1
    assert files(project / "data") == before
    assert builder("add", path).code == 0
    assert files(project / "data")["sources/yuzhong-2026-key.txt"] == before["sources/yuzhong-2026-key.txt"]


def test_another_file_in_the_place_of_the_new_one_is_not_overwritten(
    project: Path, builder: Command, tmp_path: Path
) -> None:
    rendered(project / "data" / "sources", form("别的"), name="yuzhong-2026-key")
    before = files(project / "data")
    said = builder("add", rendered(tmp_path))
    assert said.code == 1
    assert "data/sources/yuzhong-2026-key.txt 已经有一份内容不同、没有登记的文件" in said.messages[0]
    assert files(project / "data") == before


def test_a_revision_replaces(project: Path, builder: Command, tmp_path: Path) -> None:
    builder("add", rendered(tmp_path, *map(form, NAMES), name="first"))
    revised = rendered(tmp_path, *map(form, NAMES[:4]), form(NAMES[4], budget="99"), name="second")
    said = builder("add", revised)
    assert said.code == 0
    assert "替换 yuzhong-2026-key：同一地区同一年度，项目名称大多相同，按修订版处理\n" in said.out
    assert manifest(project)[-1]["replaces"] == "yuzhong-2026-key"
    assert {row["document_id"] for row in table(project, "documents")} == {KEPT, "yuzhong-2026-key-2"}
    budgets = [row["budget_yuan"] for row in table(project, "projects") if row["region_id"] == "yuzhong"]
    assert budgets == [200_000] * 4 + [990_000]
    assert (project / "data" / "sources" / "yuzhong-2026-key.txt").read_bytes() == (tmp_path / "first.txt").read_bytes()
    assert [row["project_id"] for row in table(project, "projects")][-1] == "yuzhong-2026-key-2-005"
    assert built(project) == files(project / "data" / "dataset")
    stale = builder("add", rendered(tmp_path, form("别的")), "--replaces", "yuzhong-2026-key")
    assert stale.messages == [
        "错误：download.txt：yuzhong-2026-key 已经被 yuzhong-2026-key-2 替换。请写 --replaces yuzhong-2026-key-2。"
    ]


@pytest.mark.long
def test_a_revision_that_would_lose_values_is_not_proposed(project: Path, builder: Command, tmp_path: Path) -> None:
    builder("add", rendered(tmp_path, *(form(name) for name in NAMES)))
    poorer = [replace(form(name), rows=tuple(r for r in form(name).rows if r[0] != "当年绩效目标")) for name in NAMES]
    before = files(project)
    path = rendered(tmp_path, *(replace(one, merges=()) for one in poorer), name="poorer")
    said = builder("add", path)
    assert said.code == 1
    [message] = said.messages
    assert "少了：当年绩效目标 5 处" in message and "--replaces yuzhong-2026-key" in message
    assert files(project) == before
    assert builder("add", path, "--replaces", "yuzhong-2026-key").code == 0


# Documents of other kinds, after the layouts that are published with final accounts, at half a year, and by evaluators

SELF_EVALUATION = """渝中区2026年度项目支出绩效自评表
项目名称	{name}
主管部门	渝中区财政局
项目资金（万元）		年初预算数	全年预算数	全年执行数	分值	执行率	得分
	年度资金总额	20	20	18	10	90%	9
年度总体目标	预期目标	实际完成情况
	改造危房	已改造
一级指标	二级指标	三级指标	年度指标值	实际完成值	分值	得分	偏差原因分析及改进措施
产出指标	数量指标	改造户数	≥3户	3户	50	50	无
总分					100	99
"""
WITHOUT_SCORES = """渝中区2026年度专项资金绩效情况
项目名称	{name}
主管部门	渝中区财政局
总体目标	年初设定目标	全年实际完成情况
	改造危房	已改造
一级指标	二级指标	三级指标	指标值	全年实际完成值	未完成原因和改进措施
产出指标	数量指标	改造户数	3户	3户
"""
MONITORING = """渝中区2026年项目支出绩效目标执行监控表
项目名称	{name}
主管部门	渝中区财政局
年初预算数	1-7月执行数	1-7月执行率	全年预计执行数
20	10	50%	20
三级指标	年度指标值	1-7月执行情况	全年预计完成情况	完成目标可能性
改造户数	≥3户	2户	3户	确定能
"""
EVALUATION = """渝中区2026年项目支出绩效评价指标体系表
项目名称	{name}
一级指标	二级指标	三级指标	分值	得分	扣分原因
决策	项目立项	立项依据充分性	5	5
产出	产出数量	改造户数	20	18	少一户
"""
WHOLE_DEPARTMENT = """2026年部门整体支出绩效自评表
部门名称	渝中区财政局
年度预算	年初预算数	全年执行数	得分
	100	90	9
三级指标	年度指标值	实际完成值	得分
改造户数	3户	3户	50
"""
TOLD = {
    "self_evaluation": SELF_EVALUATION,
    "without_scores": WITHOUT_SCORES,
    "titled_as_targets": SELF_EVALUATION.replace("自评表", "目标表"),
    "untitled": SELF_EVALUATION.split("\n", 1)[1],
    "monitoring": MONITORING,
    "evaluation": EVALUATION,
}
OTHERS = {
    "evaluation_without_project": (
        EVALUATION.replace("项目名称\t{name}\n", "").replace("体系表", "体系"),
        "绩效评价表",
    ),
    "evaluation_by_title": ("渝中区2026年项目绩效评价指标体系及评分表\n指标\t分值\n立项\t5\n", "绩效评价表"),
    "final_accounts": ("渝中区财政局2026年度部门决算公开表\n收入\t支出\n100\t90\n", "决算表"),
    "procurement": ("渝中区财政局2026年政府采购意向公告\n序号\t采购内容\n1\t电脑\n", "政府采购文件"),
}


@pytest.mark.parametrize("case", long_but([*OTHERS][:1], OTHERS))
def test_a_document_of_another_kind_is_refused_by_its_name(
    case: str, project: Path, builder: Command, tmp_path: Path
) -> None:
    text, name = OTHERS[case]
    builder("add", rendered(tmp_path, *(form(one) for one in NAMES)))
    before = files(project)
    path = tmp_path / "results.txt"
    path.write_text("".join(text.format(name=one) for one in NAMES), encoding="utf-8")
    said = builder("add", path)
    assert said.code == 1
    [message] = said.messages
    why = "没有认出一张有项目名称和指标结果的表" if name.startswith("绩效") else "不是绩效目标表"
    assert re.search(f"results.txt 是{name}（第 [12] 行起", message) and why in message
    assert files(project) == before


@pytest.mark.parametrize("case", long_but(("self_evaluation",), TOLD))
def test_results_are_added_beside_their_targets(case: str, project: Path, builder: Command, tmp_path: Path) -> None:
    builder("add", rendered(tmp_path, *(form(one) for one in NAMES)))
    before = {name: table(project, name) for name in ("projects", "indicators", "funding", "departments")}
    path = tmp_path / "results.txt"
    path.write_text("".join(TOLD[case].format(name=one) for one in NAMES), encoding="utf-8")
    given = ("--region", "yuzhong", "--year", "2026") if case == "untitled" else ()
    said = builder("add", path, *given)
    assert said.code == 0, said.err
    assert "替换" not in said.out
    entry = manifest(project)[-1]
    kind = case if case in ("monitoring", "evaluation") else "self_evaluation"
    assert (entry["kind"], entry["year"], "replaces" in entry) == (kind, 2026, False)
    assert {name: table(project, name) for name in before} == before
    results = table(project, "results")
    assert [row["match"] for row in results] == ["name" if case == "evaluation" else "name_and_department"] * len(NAMES)
    assert len({row["project_id"] for row in results}) == len(NAMES)
    outcomes = {row["attainment"] for row in table(project, "scores")}
    assert outcomes == ({"met"} if kind == "self_evaluation" else {"unreadable"})
    assert not [row for row in table(project, "findings") if row["severity"] == "error"]
    assert builder("add", path, *given).code == 0, "the same file again is said, and changes nothing"
    assert len(table(project, "results")) == len(NAMES)


@pytest.mark.long
def test_results_are_shown_verified_and_reported(project: Path, builder: Command, tmp_path: Path) -> None:
    builder("add", rendered(tmp_path, *(form(one) for one in NAMES)))
    path = tmp_path / "results.txt"
    path.write_text("".join(SELF_EVALUATION.format(name=one) for one in (*NAMES[:-1], "没有这个")), encoding="utf-8")
    told = builder("add", path).out
    results = table(project, "results")
    first, last = results[0]["result_id"], results[-1]["result_id"]
    joined = len(NAMES) - 1
    assert f"{len(NAMES)} 张结果表，{joined} 张对上年初的项目；{len(NAMES)} 项指标的结果" in told
    assert f"{first} {NAMES[0]}：对上 {results[0]['project_id']} {NAMES[0]}，总分 99" in told
    assert f"{last} 没有这个：没有对上年初的项目，总分 99" in told
    assert f"达到没有：达到 {len(NAMES)} 项" in told and "年初公开了目标、还没有结果的项目：" in told
    shown = builder("show", first).out
    assert "executed_yuan: 180000" in shown and "「全年执行数」：18" in shown
    assert f"project_id: {results[0]['project_id']}" in shown
    scored = builder("show", f"{first}-01").out
    assert "actual_as_filed: 3户" in scored and "attainment: met" in scored
    assert "result-unmatched" in builder("show", last).out
    verified = builder("verify", first)
    assert verified.code == 0
    assert f"相符 results {first}" in verified.out and f"相符 scores {first}-01" in verified.out
    assert "不符" not in verified.out
    missing = builder("show", f"{first}-09")
    assert missing.code == 1 and f"{first} 有 1 项指标" in missing.messages[0]


@pytest.mark.long
def test_a_whole_departments_self_evaluation_names_itself(project: Path, builder: Command, tmp_path: Path) -> None:
    path = tmp_path / "whole.txt"
    path.write_text(WHOLE_DEPARTMENT, encoding="utf-8")
    assert builder("add", path).code == 0
    (result,) = table(project, "results")
    assert (result["name"], result["match"]) == ("2026年部门整体支出绩效自评表", "none")
    assert (result["initial_yuan"], result["executed_yuan"]) == (None, None), "no unit is printed"
    assert "heading-missing" in {row["code"] for row in table(project, "findings")}


@pytest.mark.long
def test_results_beside_targets_are_reported_and_never_targets(project: Path, builder: Command, tmp_path: Path) -> None:
    path = tmp_path / "both.txt"
    render((form(),), "txt", path)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(SELF_EVALUATION.format(name="道路养护"))
    assert builder("add", path).code == 0
    assert [row["name"] for row in table(project, "projects") if row["region_id"] == "yuzhong"] == ["危房改造"]
    found = [row for row in table(project, "findings") if row["code"] == "other-kind"]
    assert [row["actual"] for row in found] == [None]
    assert "绩效自评表" in str(found[0]["message"])


@pytest.mark.long
def test_an_indicator_that_names_a_report_begins_nothing(project: Path, builder: Command, tmp_path: Path) -> None:
    path = tmp_path / "cells.txt"
    render((form(), form("道路养护")), "txt", path)
    text = path.read_text(encoding="utf-8").replace("群众满意度", "提交绩效评价报告")
    path.write_text(text, encoding="utf-8")
    assert builder("add", path).code == 0
    assert len([row for row in table(project, "indicators") if row["name"] == "提交绩效评价报告"]) == 2


@pytest.mark.long
def test_another_document_of_the_same_region_and_year_replaces_nothing(
    project: Path, builder: Command, tmp_path: Path
) -> None:
    builder("add", rendered(tmp_path, *map(form, NAMES), name="first"))
    said = builder("add", rendered(tmp_path, form(NAMES[0]), form("别的一"), form("别的二"), name="second"))
    assert "替换" not in said.out
    assert "replaces" not in manifest(project)[-1]
    assert len([row for row in table(project, "projects") if row["region_id"] == "yuzhong"]) == 8


@pytest.mark.long
def test_replacing_by_option(project: Path, builder: Command, tmp_path: Path) -> None:
    builder("add", rendered(tmp_path, form("甲"), name="first"))
    said = builder("add", rendered(tmp_path, form("乙"), name="second"), "--replaces", "yuzhong-2026-key")
    assert "替换 yuzhong-2026-key：由 --replaces 指定\n" in said.out
    assert [row["name"] for row in table(project, "projects") if row["region_id"] == "yuzhong"] == ["乙"]


@pytest.mark.long
def test_what_the_calendar_says_is_to_be_taken_back_first(project: Path, builder: Command, tmp_path: Path) -> None:
    calendar = project / "data" / "calendar.yml"
    calendar.write_text(
        "due_month: 4\nentries:\n- {region_id: yuzhong, year: 2026, status: not_found}\n", encoding="utf-8"
    )
    before = files(project / "data")
    said = builder("add", rendered(tmp_path))
    assert said.messages == [
        "错误：data/calendar.yml 记着 yuzhong 2026 年“没有找到”，现在有文件了。请先从那里删去这一条，再加入。"
    ]
    assert files(project / "data") == before


# Nothing has changed


@pytest.mark.parametrize("fmt", long_but(("txt",), ["txt", "pdf"]))
def test_a_dry_run_leaves_every_byte(fmt: str, project: Path, builder: Command, tmp_path: Path) -> None:
    before = files(project / "data")
    path = rendered(tmp_path, fmt=fmt)
    tried = builder("add", "--dry-run", path)
    assert tried.code == 0
    assert tried.out.endswith("只是试读（--dry-run），什么都没有改。\n")
    assert files(project / "data") == before
    done = builder("add", path)
    assert done.out.startswith(tried.out.rpartition("只是试读")[0])


def encrypted(path: Path) -> None:
    canvas = Canvas(str(path), encrypt="secret")
    canvas.drawString(72, 72, "x")
    canvas.save()


def cut_short(path: Path) -> None:
    render([form()], "pdf", path)
    path.write_bytes(path.read_bytes()[:-900])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(guard.RATIO_APPLIES_FROM + 1))


def huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(500 * 1024**2)


def blank(path: Path) -> None:
    canvas = Canvas(str(path))
    canvas.rect(10, 10, 99, 99)
    canvas.save()


LONG_HEADER = "单位名称\t项目名称\t预算数\t年度目标\t一级指标\t三级指标\t指标值\t度量单位"
BAD: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "encrypted": ("a.pdf", encrypted, "密码"),
    "cut-short": ("a.pdf", cut_short, "重新下载"),
    "not-a-pdf": ("a.pdf", lambda path: path.write_bytes(b"%PDF-1.7\n" + bytes(range(256))), "重新下载"),
    "scanned": ("a.pdf", blank, "文字"),
    "bomb": ("a.xlsx", bomb, "疑为压缩炸弹"),
    "huge": ("a.pdf", huge, "文件有 500 MB，超过 200 MB 的上限"),
    "picture": ("a.docx", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), "这是图片（PNG）"),
    "empty": ("a.xlsx", lambda path: path.write_bytes(b""), "文件是空的"),
    "archive": ("a.zip", lambda path: zipfile.ZipFile(path, "w").close(), ""),
    "no-forms": ("a.txt", lambda path: path.write_text("通知\n请查收。\n", encoding="utf-8"), "没有认出一张绩效目标表"),
    "header-without-rows": (
        "a.txt",
        lambda path: path.write_text(f"2026年项目支出绩效目标表\n{LONG_HEADER}\n", encoding="utf-8"),
        "第 1 行是绩效目标表的表名，下面却没有认出一个项目：没有表头，或表头下面是空的",
    ),
    "rows-without-header": (
        "a.txt",
        lambda path: path.write_text("2026年项目支出绩效目标表\n某局\t巡河\t50\t巡河次数\t12\t次\n", encoding="utf-8"),
        "第 1 行是绩效目标表的表名，下面却没有认出一个项目",
    ),
    "folder": ("a", lambda path: path.mkdir(), "这是文件夹，不是文件。请逐个给出"),
    "missing": ("a.pdf", lambda path: None, "找不到，请检查路径"),
}


@pytest.mark.parametrize("case", long_but(("encrypted", "no-forms", "missing"), BAD))
def test_a_bad_file_gets_one_message_and_nothing_is_added(
    case: str, project: Path, builder: Command, tmp_path: Path
) -> None:
    name, make, said = BAD[case]
    path = tmp_path / name
    make(path)
    before = files(project)
    result = builder("add", path)
    assert (result.code, result.out) == (1, "")
    [message] = result.messages
    assert message.startswith("错误：")
    assert name in message
    assert said in message
    assert re.search("请|重新下载", message)
    assert files(project) == before


@pytest.mark.long
def test_a_pdf_named_docx_is_read_for_what_it_is(project: Path, builder: Command, tmp_path: Path) -> None:
    path = rendered(tmp_path, fmt="pdf").rename(tmp_path / "a.docx")
    said = builder("add", path)
    assert said.code == 0
    assert (
        "data/sources/yuzhong-2026-key.docx:1 读取说明：扩展名 .docx 是Word 文档（DOCX），内容却是PDF，已按内容读取"
        in said.out
    )
    assert manifest(project)[-1]["media_type"] == "application/pdf"
    assert built(project) == files(project / "data" / "dataset")


@pytest.mark.long
def test_trying_a_file_under_another_name_first_leaves_no_trace(
    project: Path, builder: Command, tmp_path: Path
) -> None:
    path = rendered(tmp_path, fmt="pdf").rename(tmp_path / "a.docx")
    builder("add", "--dry-run", path)
    builder("add", path.rename(tmp_path / "a.pdf"))
    assert "reader-remark" not in {row["code"] for row in table(project, "findings")}
    assert built(project) == files(project / "data" / "dataset")


@pytest.mark.long
def test_a_workbook_with_macros_and_links_elsewhere(project: Path, builder: Command, tmp_path: Path) -> None:
    path = rendered(tmp_path, fmt="xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
        archive.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<Relationships><Relationship Id="r1" Type="x" TargetMode="External" Target="file:///etc/passwd"/></Relationships>',
        )
    said = builder("add", path)
    assert (said.code, said.messages) == (0, [])
    assert b"etc/passwd" not in b"".join(files(project / "data" / "dataset").values())


@pytest.mark.long
def test_a_page_with_scripts(project: Path, builder: Command, tmp_path: Path) -> None:
    path = rendered(tmp_path, fmt="html")
    page = path.read_text(encoding="utf-8")
    path.write_text(
        page.replace("改造危房", "改造<script>alert('危房')</script>危房<img src=x onerror=alert(1)>"), encoding="utf-8"
    )
    assert builder("add", path).code == 0
    goals = [row["goal"] for row in table(project, "projects") if row["region_id"] == "yuzhong"]
    assert goals == ["改造危房"]
    assert b"alert" not in b"".join(files(project / "data" / "dataset").values())


class Stopped(Exception):
    """Something that nobody expects."""


def interrupted(how: type[BaseException]) -> Callable[..., None]:
    def stop(*arguments: object, **named: object) -> None:
        raise how

    return stop


def after(call: Callable[..., object], how: type[BaseException]) -> Callable[..., None]:
    def done(*arguments: object, **named: object) -> None:
        call(*arguments, **named)
        raise how

    return done


@pytest.mark.parametrize("how", long_but((KeyboardInterrupt,), [Stopped, KeyboardInterrupt, OSError]))
@pytest.mark.parametrize(
    "where",
    long_but(("within-manifest",), ["before-dataset", "within-dataset", "after-dataset", "within-manifest"]),
)
def test_an_interruption_leaves_everything_as_it_was(
    where: str, how: type[BaseException], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rendered(tmp_path)
    before = files(project / "data")
    with monkeypatch.context() as patched, pytest.raises((how, SystemExit)):
        if where == "within-dataset":
            patched.setattr(store, "csv_bytes", interrupted(how))
        elif where == "within-manifest":
            patched.setattr(adding, "entry", interrupted(how))
        else:
            stop = interrupted(how) if where == "before-dataset" else after(compiling.write_dataset, how)
            patched.setattr(compiling, "write_dataset", stop)
        cli.run(["add", str(path)])
    assert files(project / "data") == before
    with pytest.raises(SystemExit) as done:
        cli.run(["add", str(path)])
    assert done.value.code == 0


@pytest.mark.long
def test_a_disk_that_is_full_is_told(
    project: Path, builder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(project / "data")

    def full(self: Path, content: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device", str(self))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        said = builder("add", rendered(tmp_path))
    assert said.code == 1
    assert said.messages[-1].endswith("磁盘已满。请检查文件权限和磁盘空间，再运行一次。")
    assert files(project / "data") == before


# What it costs and what it says


@pytest.mark.long
def test_adding_reads_only_the_new_document(
    project: Path, builder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "read"
    reader = formats.read

    def logged(path: Path, *arguments: object) -> Reading:
        if path.suffix != ".txt":
            with log.open("a", encoding="utf-8") as stream:
                stream.write(f"{path.name} ")
        return reader(path, *arguments)  # type: ignore[arg-type]

    # Each file is read in a process of its own, which could not tell us otherwise.
    monkeypatch.setattr(formats, "read", logged)
    first = rendered(tmp_path, form("甲", "渝中区2025年重点专项绩效目标表"), fmt="pdf", name="first")
    second = rendered(tmp_path, form("乙"), fmt="xlsx", name="second")
    builder("add", "--dry-run", first)
    assert log.read_text(encoding="utf-8").split() == ["first.pdf"]
    builder("add", first)
    builder("add", second)
    builder("check")
    assert log.read_text(encoding="utf-8").split() == ["first.pdf", "second.xlsx"]


def test_the_report(project: Path, builder: Command, tmp_path: Path) -> None:
    last = rendered(tmp_path, form("危房改造", "渝中区2025年重点专项绩效目标表"), form("停办"), name="last")
    builder("add", last, "--year", "2025")
    path = rendered(tmp_path, form("危房改造", budget="35"), form("新办"), name="now")
    content = path.read_text(encoding="utf-8").replace("\t40\t", "\t30\t", 1)
    path.write_text("一、重点专项2个，涉及预算资金60万元。\n" + content + "神秘栏目：某值\n", encoding="utf-8")
    said = builder("add", "--dry-run", path)
    assert (
        "地区 yuzhong（重庆市渝中区）：见于表名和封面\n年度 2026：见于表名和栏目\n- document_id: yuzhong-2026-key\n"
        in said.out
    )
    assert "yuzhong-2026-key：2 张表，4 项指标，目录 0 行；" in said.out
    assert "合计（专项资金）：55 万元\n" in said.out
    assert "文件自报总额：60 万元\n" in said.out
    assert "与 2025 年比：同一项目 1 个，新出现 1 个，不再出现 1 个\n  危房改造：20 万元 → 35 万元\n" in said.out
    lines = said.out.splitlines()
    heading = lines.index("值得核对 weight-sum（指标权重合计不对）1 条")
    assert (
        lines[heading + 1]
        == "  data/sources/yuzhong-2026-key.txt:3 yuzhong-2026-key-001 各项指标权重合计为 80，应为 90 或 100"
    )
    assert lines[heading + 2].startswith("  怎么办：先核对是否漏读一项指标")
    assert (
        said.out.count("\n  怎么办：") == len(re.findall(r"^(?:未能读出|值得核对|提示) ", said.out, re.MULTILINE)) >= 3
    )


@pytest.mark.long
def test_changes_are_shown_the_greatest_first_and_no_more_than_ten(
    project: Path, builder: Command, tmp_path: Path
) -> None:
    names = [f"项目{letter}" for letter in "甲乙丙丁戊己庚辛壬癸子丑"]
    builder("add", rendered(tmp_path, *(form(name, "渝中区2025年重点专项绩效目标表") for name in names), name="last"))
    now = [form(name, budget=str(30 + place)) for place, name in enumerate(names)]
    said = builder("add", "--dry-run", rendered(tmp_path, *now, name="now"))
    shown = re.findall(r"^  (项目.)：20 万元 → (\d+) 万元$", said.out, re.MULTILINE)
    assert shown == [(name, str(30 + place)) for place, name in reversed(list(enumerate(names)))][:10]
    assert "  金额变动较小的另有 2 个\n" in said.out


@pytest.mark.long
def test_another_document_that_cannot_be_read_is_told_too(project: Path, builder: Command, tmp_path: Path) -> None:
    (project / "data" / "sources" / f"{KEPT}.txt").unlink()
    said = builder("add", rendered(tmp_path, form(title="长寿区2023年重点专项绩效目标表")))
    assert said.code == 0
    assert f"没有和 {KEPT} 比较，它读不出来：找不到文件 data/sources/{KEPT}.txt" in said.out
    [message] = said.messages
    assert message.startswith(f"错误 {KEPT}：文件无法读取：找不到文件 data/sources/{KEPT}.txt")


# What documents hold


def test_what_a_document_holds_is_registered_with_it(project: Path, builder: Command, tmp_path: Path) -> None:
    builder("add", rendered(tmp_path, form(budget="20.5"), form("道路养护", budget="1")))
    holds = manifest(project)[-1]["holds"]
    assert isinstance(holds, dict)
    assert {key: holds[key] for key in ("forms", "indicators", "amounts", "total_yuan")} == {
        "forms": 2,
        "indicators": 4,
        "amounts": 2,
        "total_yuan": 215_000,
    }
    assert holds["values"] > 20


@pytest.mark.parametrize("command", long_but(("build",), ["check", "build"]))
@pytest.mark.parametrize(
    ("old", "new"), [("项目名称, ", ""), (", 三级指标", ""), ("labels: [填报日期", "labels: [项目概况, 填报日期")]
)
@pytest.mark.long
def test_a_word_lost_from_the_vocabulary_stops_and_changes_nothing(
    command: str, old: str, new: str, project: Path, builder: Command, tmp_path: Path
) -> None:
    builder("add", rendered(tmp_path))
    path = project / "data" / "labels.yml"
    text = path.read_text(encoding="utf-8").replace(old, new, 1)
    path.write_text(text.replace("项目概况, 项目概述", "项目概述", 1) if "项目概况" in new else text, encoding="utf-8")
    before = files(project / "data")
    said = builder(command)
    assert said.code == 1
    [message] = [one for one in said.messages if one.startswith("错误：")]
    assert "读出的比原来少" in message
    assert files(project / "data") == before
