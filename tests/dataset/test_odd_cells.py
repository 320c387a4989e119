"""One document can never stop the site: an odd cell in any field becomes a finding, and every stage goes on."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, copy_sources_of_the_site
from printed import compiled

from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.model import Document
from builder.settings import Settings, load
from builder.settings.manifest import sha256
from builder.settings.schema import load_schemas
from builder.site import build, explore, search

SCHEMAS = load_schemas(ROOT / "data" / "schemas")

# What cells really hold, or hold after a slip: nothing but signs, markup, figures that no column can take.
ODD = (
    "《》", "《　》", "《<p></p>》", "&nbsp;", "<p></p>", "&amp;nbsp;", "@@@", "###", "---", "211-", "211-水务局", "。", "：",
    "—", "0", "-1", "+", "=1+1", "1.2345678", "1,2345", "12,34", "100,", "٣", "①", "½", "1e5", "9" * 20, "9" * 40, "99999999999999.9",
    "0.0000001", "-0", "NaN", "inf", "5G办", "5g办", "🙂", "\u200b", "\u202e甲", "{0}", "{name}", "%s", "%", "|", "甲|乙", "'", '"', "\\",
    "A" * 300, "局" * 400, "http://a.cn/{1}.pdf",
)  # fmt: skip
FIELDS = ("序号", "项目名称", "主管部门", "实施单位", "当年预算", "上级补助", "项目概况", "立项依据", "当年绩效目标", "联系人", "联系电话", "备注")  # fmt: skip
INDICATOR = {"指标名称": "改造户数", "指标性质": "≥", "指标值": "3", "指标单位": "户", "分值": "90", "是否核心": "是"}
STATED = ("1.2345678亿元", "1,2345万元", "12,34万元", "100,万元", "99999999999999999999元", "5亿元")


def form(number: int, field: str, odd: str) -> str:
    """A form whose ``field`` holds the odd cell; an empty one stands for a heading that is not printed at all."""
    sound = {"项目名称": f"项目{number}", "主管部门": "渝中区财政局", "当年预算": "20"}
    cells = {**{name: sound.get(name, "甲") for name in FIELDS if name in sound or name == field}, field: odd}
    row = {**INDICATOR, field: odd} if field in INDICATOR else INDICATOR
    return "\n".join(
        (
            "渝中区2026年重点专项绩效目标表\n单位：万元",
            *(f"{name}\t{cell}" for name, cell in cells.items() if cell and name not in INDICATOR),
            "\t".join(row),
            "\t".join(row.values()),
        )
    )


def document(place: int, odd: str) -> str:
    """A statement of totals, a catalogue, and a form for each field, all with the odd cell."""
    stated = STATED[place % len(STATED)]
    lines = [
        f"编制说明：共{odd if odd.isdigit() else 3}个项目，预算资金共计{stated}，市级支出{stated}，补助区县{stated}。",
        "序号\t专项名称\t主管部门\t预算金额（万元）",
        *(f"1\t{name}\t{owner}\t{amount}" for name, owner, amount in ((odd, "财政局", "20"), ("甲", odd, "20"))),
        f"2\t乙\t财政局\t{odd}",
        f"合计\t\t\t{stated.rstrip('亿万元')}",
        *(form(number, field, odd) for number, field in enumerate((*FIELDS, *INDICATOR), 1)),
    ]
    return "\n".join(lines) + "\n"


def registered(texts: Sequence[str], settings: Settings, folder: Path, *, replaces: dict[int, int] | None = None) -> Settings:  # fmt: skip
    """The settings with these texts for documents, and nothing maintained about any other."""
    documents = []
    for number, text in enumerate(texts):
        path = folder / f"odd-{number:03d}.txt"
        path.write_text(text, encoding="utf-8")
        earlier = f"odd-{replaces[number]:03d}" if replaces and number in replaces else None
        documents.append(
            Document(
                path.stem, "yuzhong", 2026, "题", "渝中区", path, "text/plain", sha256(path), path.stat().st_size,
                None, None, earlier,
            )
        )  # fmt: skip
    return replace(settings, documents=tuple(documents), corrections=(), series=())


@pytest.fixture(scope="module")
def odd(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    texts = [*map(document, range(len(ODD)), ODD), form(1, "主管部门", "")]
    return compiled(registered(texts, settings, tmp_path_factory.mktemp("odd")))


@pytest.mark.long
def test_every_stage_goes_on(odd: Compiled, settings: Settings, tmp_path: Path) -> None:
    assert odd.unreadable == ()
    store.write(odd.tables.by_name(), load_schemas(ROOT / "data" / "schemas"), tmp_path / "dataset")
    published = store.load(tmp_path / "dataset", SCHEMAS)
    assert len(odd.tables.projects) == len(ODD) * (len(FIELDS) + len(INDICATOR)) + 1
    assert search.dataset_entries(published, settings)
    (tmp_path / "explore").mkdir()
    explore.write(published, load(ROOT / "data"), tmp_path / "explore")


def test_nothing_odd_is_lost_without_a_word(odd: Compiled) -> None:
    for row in odd.tables.coverage:
        assert row.read + row.furniture + row.reported == row.cells
    said = {row.document_id for row in odd.tables.findings if row.code == "value-unparsed"}
    unread = {row.document_id for row in odd.tables.documents[: len(ODD)] if row.stated_total_yuan is None}
    assert unread
    assert unread <= said


def test_a_printed_total_that_is_no_number_is_a_finding(settings: Settings, tmp_path: Path) -> None:
    made = compiled(registered([document(0, "甲")], settings, tmp_path)).tables
    unread = [row.actual for row in made.findings if row.code == "value-unparsed" and row.project_id is None]
    assert unread.count("1.2345678") == 4, "the three stated totals and the catalogue's sum"
    assert made.documents[0].stated_total_yuan is None


def of_department(name: str) -> str:
    return form(1, "主管部门", name)


def ids(settings: Settings) -> dict[str, str]:
    return {row.name: row.department_id for row in compiled(settings).tables.departments}


def test_departments_that_are_read_alike_have_ids_of_their_own(settings: Settings, tmp_path: Path) -> None:
    texts = [
        of_department(name)
        for name in ("水务局", "税务局", "水务局。", "211-税务局", "@@@", "###", "@@@", "5G办", "5g办")
    ]
    found = ids(registered(texts, settings, tmp_path))
    assert found["水务局。"] == "yuzhong-shuiwuju"
    assert found["税务局"].startswith("yuzhong-shuiwuju-")
    assert found["@@@"].startswith("yuzhong-")
    assert found["5G办"] == "yuzhong-5gban"
    assert len(set(found.values())) == len(found) == 5


def test_no_later_document_renames_a_department(settings: Settings, tmp_path: Path) -> None:
    first = [of_department("税务局"), of_department("水务局"), of_department("@@@")]
    before = ids(registered(first, settings, tmp_path))
    later = [*first, of_department("睡务局"), of_department("###"), of_department("税务局"), of_department("水务局")]
    assert before.items() <= ids(registered(later, settings, tmp_path)).items()
    # A revision of the first document comes last, and stands in its place.
    assert before.items() <= ids(registered(later, settings, tmp_path, replaces={5: 0})).items()


@pytest.mark.site
@pytest.mark.long
def test_the_site_is_built_from_odd_documents(odd: Compiled, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    copy_sources_of_the_site(root)
    shutil.rmtree(root / "data" / "releases")
    store.write(odd.tables.by_name(), load_schemas(root / "data" / "schemas"), root / "data" / "dataset")
    assert build.build(root, load(root / "data"), odd.lines, lambda message: None) > len(odd.tables.projects)
    assert (root / "site" / "index.html").is_file()
