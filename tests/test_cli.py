"""``python -m builder`` as a maintainer meets it: check, show, missing; bad files among good ones."""

import gc
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from builder import __main__ as cli
from builder.dataset import compile as compiling
from builder.faults import RequestFault
from builder.settings import load
from builder.settings.manifest import sha256

ROOT = Path(__file__).parents[1]
Run = Callable[..., Result]
FORM = """\
长寿区2024年重点专项绩效目标表
单位：万元
主管部门	长寿区财政局
项目名称	农村危房改造
当年预算	20
立项依据	《危房改造办法》（渝府办发〔2017〕121号）
当年绩效目标	改造危房
指标名称	指标性质	指标值	指标单位	分值	是否核心
改造户数	≥	3	万户	50	是
群众满意度	》	90	%	40	否
联系电话：13812345678
"""
HOSTILE = ("<script>alert(1)</script>", "{{ 7*7 }}", "[x](javascript:alert(1))", '=HYPERLINK("http://e.example","x")')
SOURCES: Mapping[str, bytes] = {
    "good": FORM.encode(),
    "good-b": FORM.encode(),
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "mojibake": "项目名称\t".encode("utf-16-le") + b"\xff\xff\xff",
    "truncated": FORM[: FORM.index("指标值")].encode(),
    "national": FORM.encode("gb18030"),
    "changed": FORM.replace("20\n", "30\n").encode(),
    "unmeasured": FORM.partition("指标名称")[0].encode(),
    "undecided": FORM.replace("预算\t20", "预算\t待定").encode(),
    "claimed": FORM.replace("当年预算\t20", "当年预算\t20\n年度预算\t30").encode(),
    "hostile": FORM.replace("农村危房改造", HOSTILE[3])
    .replace("\t改造危房", f"\t{HOSTILE[0]}{HOSTILE[2]}")
    .replace("改造户数", HOSTILE[1])
    .encode(),
}  # fmt: skip
# What is said of each, in one line: on the error stream if nothing could be read of it.
UNREADABLE = {
    "empty": "文件是空的",
    "picture": "这是图片（PNG），读不了",
    "mojibake": "认不出这是什么文件",
    "changed": "文件内容变了：清单里的 sha256 是 ",
    "gone": "找不到文件 data/sources/gone.txt",
}
FOUND = {
    "truncated": ("heading-missing", "没有找到“绩效指标”一栏"),
    "national": ("encoding-gb18030", "已按 GB18030 读取"),
    "unmeasured": ("heading-missing", "没有找到“绩效指标”一栏"),
    "undecided": ("value-unparsed", "“当年预算”一栏印作“待定”，读不出数值"),
    "claimed": ("label-repeated", "“年度预算”有两处内容：“20”和“30”"),
    "hostile": ("text-markup", "“当年绩效目标”里的排版代码 <script> </script> 已清除"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project tree with bad files among good ones."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "builder", root / "builder")
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("sources", "dataset"))
    (root / "data" / "sources").mkdir()
    manifest = []
    for document_id, content in (*SOURCES.items(), ("gone", b"")):
        path = root / "data" / "sources" / f"{document_id}.txt"
        path.write_bytes(content)
        entry = {"document_id": document_id, "region_id": "changshou", "year": 2024, "title": "甲", "publisher": "乙"}
        entry |= {"file": path.name, "media_type": "text/plain", "bytes": len(content) or 9}
        manifest.append({**entry, "sha256": "0" * 64 if document_id == "changed" else sha256(path)})
    path.unlink()
    (root / "data" / "sources.yml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    return root


def files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.fixture(scope="module")
def checked(tree: Path) -> subprocess.CompletedProcess[str]:
    before = files(tree)
    command = [sys.executable, "-m", "builder", "check"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert files(tree) == before
    return done


@pytest.mark.long
def test_check_reads_the_good_files_and_fails_for_the_bad(checked: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr + checked.stdout
    assert "good：1 张表，2 项指标，目录 0 行；" in checked.stdout
    forms = dict(re.findall(r"^([a-z-]+)：(\d) 张表", checked.stdout, re.MULTILINE))
    assert forms == {name: "0" if name in UNREADABLE else "1" for name in (*SOURCES, "gone")}


@pytest.mark.long
@pytest.mark.parametrize("document_id", UNREADABLE)
def test_one_message_for_a_file_that_cannot_be_read(
    document_id: str, checked: subprocess.CompletedProcess[str]
) -> None:
    lines = [line for line in checked.stderr.splitlines() if line.startswith(f"错误 {document_id}：")]
    assert len(lines) == 1
    assert UNREADABLE[document_id] in lines[0]
    assert "请" in lines[0]


@pytest.mark.long
@pytest.mark.parametrize("document_id", FOUND)
def test_one_message_for_a_fault_in_a_file(document_id: str, checked: subprocess.CompletedProcess[str]) -> None:
    code, said = FOUND[document_id]
    lines = [line for line in checked.stdout.splitlines() if f"data/sources/{document_id}.txt" in line and said in line]
    assert len(lines) == 1
    assert re.search(rf"data/sources/{document_id}\.txt:\d+ ", lines[0])
    heading = next(line for line in checked.stdout.splitlines() if f" {code}（" in line)
    assert heading.split()[0] in ("未能读出", "值得核对", "提示")


@pytest.mark.long
def test_each_kind_of_finding_says_what_to_do(checked: subprocess.CompletedProcess[str]) -> None:
    kinds = re.findall(r"^(?:未能读出|值得核对|提示) [a-z-]+[a-z0-9]*（", checked.stdout, re.MULTILINE)
    assert len(kinds) == checked.stdout.count("\n  怎么办：") > 4


def test_document_text_is_data(tree: Path) -> None:
    settings = load(tree / "data")
    tables = compiling.compile_dataset(settings, lambda message: None).tables
    project = next(row for row in tables.projects if row.document_id == "hostile")
    assert project.name == project.name_as_filed == HOSTILE[3]
    assert project.goal == f"alert(1){HOSTILE[2]}"
    assert tables.indicators[-2].name == HOSTILE[1]


# The other commands, in this process


@pytest.fixture
def run(tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a tree whose one document is the text given."""

    def command(text: str, *arguments: str) -> Result:
        data = tmp_path / "data"
        if not data.exists():
            shutil.copytree(tree / "data", data, ignore=shutil.ignore_patterns("sources"))
            (data / "sources").mkdir()
        path = data / "sources" / "doc.txt"
        path.write_text(text, encoding="utf-8")
        entry = {"document_id": "doc", "region_id": "changshou", "year": 2024, "title": "甲表", "publisher": "乙"}
        entry |= {"file": path.name, "media_type": "text/plain", "bytes": 9, "sha256": sha256(path)}
        (data / "sources.yml").write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
        monkeypatch.setattr(cli, "DATA", data)
        return CliRunner().invoke(cli.main, arguments)

    return command


def test_show_a_project(run: Run) -> None:
    result = run(FORM, "show", "doc-001")
    assert result.exit_code == 0
    shown = result.stdout
    assert "doc-001  甲表  data/sources/doc.txt\n" in shown
    assert "budget_yuan: 200000\n    原文第 5 行「当年预算」：20\n    单位：万元换算成元\n" in shown
    assert "department_id: changshou-caizhengju\n    原文第 3 行「主管部门」：长寿区财政局\n" in shown
    assert "serial_no: （空）\n" in shown
    assert "138****5678" in shown
    assert "13812345678" not in shown


def test_show_an_indicator(run: Run) -> None:
    shown = run(FORM, "show", "doc-001-02").stdout
    assert (
        "comparison: ge\n    原文第 10 行「指标性质」：》\n    对照：data/lookups/tokens.yml comparison.ge\n" in shown
    )
    assert "is_core: False\n    原文第 10 行「是否核心」：否\n    对照：data/lookups/tokens.yml yes_no.false\n" in shown
    multiplied = run(FORM, "show", "doc-001-01").stdout
    assert "base_value: 30000\n    原文第 9 行「指标值」：3\n    单位里的万、亿乘进数值\n" in multiplied


def test_show_says_which_correction_touched_a_value(run: Run) -> None:
    run(FORM, "check")
    correction = {
        "record": "doc-001",
        "field": "budget_yuan",
        "was": "2O",
        "is": "20",
        "reason": "笔误",
        "evidence": "第 5 行",
    }
    (cli.DATA / "corrections.yml").write_text(yaml.safe_dump([correction], allow_unicode=True), encoding="utf-8")
    shown = run(FORM.replace("预算\t20", "预算\t2O"), "show", "doc-001").stdout
    assert (
        "budget_yuan: 200000\n    原文第 5 行「当年预算」：2O\n    更正：data/corrections.yml 第 1 条，笔误\n" in shown
    )


def test_show_the_findings_of_a_record(run: Run) -> None:
    shown = run(FORM.replace("90\t%", "90%\t%"), "show", "doc-001-02").stdout
    assert shown.endswith("发现 10 行 unit-in-value：指标值“90%”里已带单位，数值按 90 读取\n")


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("doc-002", "doc 里没有 doc-002；最后一张表是 doc-001。"),
        ("doc-001-09", "doc-001 有 2 项指标，没有 doc-001-09。"),
        ("doc-0011", "doc 里没有 doc-0011；最后一张表是 doc-001。"),
        ("doc-1", "没有 doc-1 这样的编号。"),
        ("nowhere-001", "没有 nowhere-001 这样的编号。"),
    ],
)
def test_show_an_unknown_record(record: str, said: str, run: Run) -> None:
    result = run(FORM, "show", record)
    assert isinstance(result.exception, RequestFault)
    assert said in str(result.exception)


def test_a_fault_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "builder.__main__")
    monkeypatch.setattr(sys, "argv", ["builder", "show", "changshou-2024-key-099"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("builder", run_name="__main__", alter_sys=True)
    assert stopped.value.code == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "错误：changshou-2024-key 里没有 changshou-2024-key-099；最后一张表是 changshou-2024-key-030。\n"


def test_a_command_leaves_the_garbage_collector_as_it_was(run: Run) -> None:
    """What stays frozen is never freed, and DuckDB complained of it behind the result of the tests."""
    before = gc.get_threshold(), gc.get_freeze_count()
    assert run(FORM, "show", "doc-001").exit_code == 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_show_where_one_documents_id_begins_with_anothers(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "DATA", tree / "data")
    assert "data/sources/good-b.txt" in CliRunner().invoke(cli.main, ["show", "good-b-001"]).stdout


def test_missing_gives_words_to_paste(run: Run) -> None:
    text = FORM.replace("长寿区财政局", "长寿区神秘处").replace("20\n", "20\n神秘栏目\t某值\n").replace("》", "不亚于")
    result = run(text, "missing")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "# data/sectors.yml：没有归领域的部门。在合适的领域的 keywords 里，方括号末尾加上（可以再短些）：",
        "# doc 第 1 行",
        ", 神秘处",
        "# data/labels.yml：不认识的栏目名。在意思相同的一栏的 labels 里，方括号末尾加上：",
        "# doc 第 6 行",
        ", 神秘栏目",
        "# data/lookups/tokens.yml：读不出的写法。若是比较词、是否之类，在意思相同的一行，方括号末尾加上：",
        "# doc 第 11 行",
        ", 不亚于",
        "# 没有读懂：doc 第 6 行 没有读入：“某值”",
    ]


def test_missing_names_the_headings_that_look_most_like_an_unknown_one(run: Run) -> None:
    result = run(FORM.replace("20\n", "20\n本年度整体绩效目标\t某值\n"), "missing")
    assert re.search("# doc 第 6 行，最像 form.goal 的“[^”]*绩效目标”、", result.stdout)
    assert ", 本年度整体绩效目标\n" in result.stdout
    assert "result." not in result.stdout, "the words of results are no help for a document of targets"


@pytest.mark.parametrize("value", ["3,000", "2026年1月", "改造危房，惠及群众", "《条例》", "一" * 21])
def test_missing_never_offers_a_value(value: str, run: Run) -> None:
    result = run(FORM.replace("20\n", f"20\n{value}\t某值\n"), "missing")
    assert not [line for line in result.stdout.splitlines() if line.startswith(",")]
    assert f"“{value}”" in result.stdout or "没有读懂" in result.stdout


def test_an_amount_that_cannot_be_read_is_no_word_to_teach(run: Run) -> None:
    result = run(FORM.replace("当年预算\t20", "当年预算\t待定"), "missing")
    assert not [line for line in result.stdout.splitlines() if line.startswith(",")]


def test_nothing_is_missing(run: Run) -> None:
    assert run(FORM, "missing").stdout == "全部读懂，没有要补的词。\n"
