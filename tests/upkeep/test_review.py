"""The report of a pull request: what came, went and changed, and document text that stays text."""

import csv
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import markdown as python_markdown
import pytest
from conftest import long_but

from builder import __main__ as cli
from builder.faults import RequestFault
from builder.settings.schema import Table, load_schemas
from builder.upkeep import review
from builder.upkeep.review import literal

ROOT = Path(__file__).parents[2]
Rows = Sequence[Mapping[str, object]]
HOSTILE = (
    "<script>alert(1)</script>", "[点我](javascript:alert(1))", "`` ` ``", "`", "a`b", "@everyone #12 https://e.example",
    "| 表 | 头 |", "# 标题", "![](https://e.example/x.png)", "甲\n\n- 乙\n# 丙", "<!-- ", "{{ 7*7 }}", "\\`", "*甲*",
)  # fmt: skip


@pytest.fixture(scope="module")
def schemas() -> Mapping[str, Table]:
    return load_schemas(ROOT / "data" / "schemas")


def document(document_id: str = "east-2024", **changes: object) -> dict[str, object]:
    return {"document_id": document_id, "region_id": "east", "year": 2024, "title": "东区绩效目标表", **changes}


def project(number: int, document_id: str = "east-2024", **changes: object) -> dict[str, object]:
    row = {"project_id": f"{document_id}-{number:03d}", "document_id": document_id, "name": "危房改造"}
    return {**row, "budget_yuan": 100, **changes}


def finding(number: int, code: str = "weight-sum", severity: str = "warning", **changes: object) -> dict[str, object]:
    row = {"finding_id": f"{code}-{number}", "code": code, "severity": severity, "document_id": "east-2024"}
    return {**row, "project_id": "east-2024-001", "line": number, "message": "权重合计为 80", **changes}


BEFORE: dict[str, Rows] = {"documents": [document()], "projects": [project(1), project(2)], "findings": [finding(1)]}


def write(root: Path, schemas: Mapping[str, Table], tables: Mapping[str, Rows]) -> None:
    folder = root / "data" / "dataset"
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, schema.names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(name, []))


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@e.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, schemas: Mapping[str, Table]) -> Path:
    write(tmp_path, schemas, BEFORE)
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "a")
    return tmp_path


def report(root: Path, schemas: Mapping[str, Table], **tables: Rows) -> list[str]:
    write(root, schemas, {**BEFORE, **tables})
    return list(review.markdown("main", schemas, {}, root))


def section(lines: list[str], title: str) -> list[str]:
    start = lines.index(f"## {title}") + 2
    end = next((number for number, line in enumerate(lines) if number > start and line.startswith("## ")), len(lines))
    return [line for line in lines[start:end] if line]


def test_nothing_has_changed(repository: Path, schemas: Mapping[str, Table]) -> None:
    assert report(repository, schemas) == ["# 这次改动对数据的影响", "", "与 `main` 比较，数据集没有变化。"]


def test_added_rows(repository: Path, schemas: Mapping[str, Table]) -> None:
    lines = report(repository, schemas, projects=[*BEFORE["projects"], project(3, name="道路养护")])
    assert "| 项目（projects） | 1 | 0 | 0 |" in lines
    assert section(lines, "另外增加的行") == ["- projects `east-2024-003` `道路养护`"]
    assert "## 删除的行" not in lines
    assert section(lines, "发现") == ["没有增减。"]


def test_removed_rows(repository: Path, schemas: Mapping[str, Table]) -> None:
    lines = report(repository, schemas, projects=[project(1)])
    assert "| 项目（projects） | 0 | 1 | 0 |" in lines
    assert section(lines, "删除的行") == [
        "- **projects 少了 1 行**：已发布的编号不应消失；除非文件由修订版替换，请查明原因。",
        "- projects `east-2024-002` `危房改造`",
    ]


def test_changed_cells(repository: Path, schemas: Mapping[str, Table]) -> None:
    lines = report(repository, schemas, projects=[project(1, budget_yuan=200, goal="甲"), project(2)])
    assert "| 项目（projects） | 0 | 0 | 1 |" in lines
    assert section(lines, "改动的格子") == [
        "- projects `east-2024-001` budget_yuan：`100` → `200`；goal：（空） → `甲`"
    ]


def test_a_new_document_is_summed_up(repository: Path, schemas: Mapping[str, Table]) -> None:
    lines = report(
        repository,
        schemas,
        documents=[document(), document("east-2025", title="东区2025", year=2025)],
        projects=[*BEFORE["projects"], project(1, "east-2025"), project(2, "east-2025")],
        indicators=[{"indicator_id": "east-2025-001-01", "project_id": "east-2025-001", "name": "户数"}],
        departments=[{"department_id": "east-a", "name": "东区财政局"}],
        findings=[finding(1), finding(2, document_id="east-2025"), finding(3, "label-unknown", "error", document_id="east-2025")],
    )  # fmt: skip
    assert section(lines, "新文件") == [
        "- `east-2025` `东区2025`（`east`，2025）：2 张表，1 项指标，目录 0 行；未能读出 1 条、值得核对 1 条",
        "  - 预览网站里：`/sources/east-2025/`、`/regions/east/2025/`",
    ]
    assert section(lines, "另外增加的行") == ["- departments `east-a` `东区财政局`"]
    assert section(lines, "发现")[0] == "新增 2 条，消失 0 条。"


def test_a_new_document_of_results_is_summed_up(repository: Path, schemas: Mapping[str, Table]) -> None:
    told = document("east-2024-self", title="东区绩效自评表", kind="self_evaluation")
    sheets = [
        {"result_id": f"east-2024-self-00{number}", "document_id": "east-2024-self", "name": "危房改造", "form_no": number,
         "project_id": "east-2024-001" if number == 1 else None}
        for number in (1, 2)
    ]  # fmt: skip
    scores = [{"score_id": "east-2024-self-001-01", "result_id": "east-2024-self-001", "position": 1, "name": "户数"}]
    lines = report(repository, schemas, documents=[document(), told], results=sheets, scores=scores)
    assert section(lines, "新文件") == [
        "- `east-2024-self` `东区绩效自评表`（`east`，2024）：2 张结果表，1 张对上年初的项目；1 项指标的结果；没有发现",
        "  - 预览网站里：`/sources/east-2024-self/`、`/regions/east/2024/`、`/results/east-2024-self-001/`",
    ]
    assert "## 另外增加的行" not in lines


def test_findings_that_came_and_went(repository: Path, schemas: Mapping[str, Table]) -> None:
    new = [finding(number, "text-markup", "note") for number in range(7)]
    lines = report(repository, schemas, findings=[*new, finding(9, "label-unknown", "error", project_id="", line="")])
    found = section(lines, "发现")
    assert found[:3] == [
        "新增 8 条，消失 1 条。",
        "- 新增 未能读出 `label-unknown` 1 条",
        "  - `east-2024` 第 — 行：`权重合计为 80`",
    ]
    assert found[3] == "- 新增 提示 `text-markup` 7 条"
    assert found[4:9] == [f"  - `east-2024-001` 第 {line} 行：`权重合计为 80`" for line in range(5)]
    assert found[9:11] == ["  - 另有 2 条", "- 消失 值得核对 `weight-sum` 1 条"]


def test_it_says_why(repository: Path, schemas: Mapping[str, Table]) -> None:
    lines = report(
        repository,
        schemas,
        documents=[document(), document("east-2025", year=2025), document("west-2025", region_id="west", year=2025)],
        projects=[project(1, budget_yuan=200), project(2, goal="甲"), project(1, "west-2025")],
        corrections=[{"record_id": "east-2024-001", "field": "budget_yuan", "was": "1", "is": "200"}],
    )
    assert [line.partition("：")[0] for line in section(lines, "原因")] == [
        "- 新文件 3 行",
        "- 更正 2 行",
        "- 对照的结果 1 行",
    ]
    lines = report(repository, schemas, projects=[project(1, budget_yuan=200), project(2)])
    assert section(lines, "原因") == [
        "- 我们的改动 1 行：文件没有变，是我们改了读法、词表或规则，或者是一处更正带来的。"
    ]


def test_a_revision_is_told_from_a_new_document(repository: Path, schemas: Mapping[str, Table]) -> None:
    final = {"documents": [document("east-2024-final", sha256="0b")], "projects": [], "findings": []}
    write(repository, schemas, final)
    lines = list(review.markdown("main", schemas, {"east-2024-final": "east-2024"}, repository))
    assert [line.partition("：")[0] for line in section(lines, "原因")] == ["- 修订版 5 行"]


def test_many_rows_are_cut(repository: Path, schemas: Mapping[str, Table]) -> None:
    many = [project(number) for number in range(1, 3 + review.SHOWN + 5)]
    assert section(report(repository, schemas, projects=many), "另外增加的行")[-1] == "- projects 另有 5 行"
    lines = report(repository, schemas, projects=[])
    assert "| 项目（projects） | 0 | 2 | 0 |" in lines


def test_a_table_that_was_not_there_yet(repository: Path, schemas: Mapping[str, Table]) -> None:
    git(repository, "rm", "-q", "data/dataset/sectors.csv")
    git(repository, "commit", "-m", "b")
    lines = report(repository, schemas, sectors=[{"sector_id": "health", "name": "卫生"}])
    assert "| 领域（sectors） | 1 | 0 | 0 |" in lines


def test_a_new_column_changes_only_the_rows_that_hold_something(repository: Path, schemas: Mapping[str, Table]) -> None:
    path = repository / "data" / "dataset" / "projects.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{head},colour", f"{rows[0]},红", f"{rows[1]},", ""]), encoding="utf-8")
    lines = list(review.markdown("main", schemas, {}, repository))
    assert section(lines, "改动的格子") == ["- projects `east-2024-001` colour：（空） → `红`"]


@pytest.mark.parametrize("text", long_but(HOSTILE[:2], HOSTILE))
def test_document_text_is_never_markup(text: str, repository: Path, schemas: Mapping[str, Table]) -> None:
    lines = report(
        repository,
        schemas,
        documents=[document(title=text), document("east-2025", title=text)],
        projects=[project(1, name=text), project(2), project(3, name=text)],
        funding=[{"project_id": "east-2024-001", "label_as_filed": text, "line": 3}],
        findings=[finding(2, message=text)],
    )
    page = python_markdown.markdown("\n".join(lines), extensions=["tables"])
    assert not any(tag in page for tag in ("<script", "<a ", "<img", "<!--", "<em"))
    assert page.count("<h1") == 1
    assert page.count("<table") == 1
    assert page.count("<h2") == sum(line.startswith("## ") for line in lines)
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", "（空）"),
        (" \n", "（空）"),
        ("甲\n 乙", "`甲 乙`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("```", "```` ``` ````"),
        ("长" * 61, f"`{'长' * 59}…`"),
    ],
)
def test_literal(text: str, written: str) -> None:
    assert literal(text) == written


@pytest.mark.parametrize("revision", ["nowhere", "--help", "main:data", "", "HEAD~9"])
def test_an_unknown_revision_is_told(revision: str, repository: Path, schemas: Mapping[str, Table]) -> None:
    with pytest.raises(RequestFault, match=r"没有版本 .*。请给出分支、标签或提交号，如 origin/main"):
        list(review.markdown(revision, schemas, {}, repository))


def test_a_dataset_that_was_not_built_is_told(repository: Path, schemas: Mapping[str, Table]) -> None:
    (repository / "data" / "dataset" / "projects.csv").unlink()
    with pytest.raises(RequestFault, match=r"没有 data/dataset/projects\.csv。请先运行 python -m builder build"):
        list(review.markdown("main", schemas, {}, repository))


def test_without_git_it_says_so(
    repository: Path, schemas: Mapping[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(RequestFault, match="找不到 git"):
        list(review.markdown("main", schemas, {}, repository))


def test_the_command(
    repository: Path, schemas: Mapping[str, Table], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "ROOT", repository)
    for base, code, said in (("main", 0, "数据集没有变化"), ("nowhere", 1, "错误：没有版本 nowhere。")):
        with pytest.raises(SystemExit) as stopped:
            cli.run(["review", base])
        assert stopped.value.code == code
        assert said in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"document_id,region_id\neast-2024,east\n", "data/dataset/documents.csv：缺少 year、title"),
        (b"", "data/dataset/documents.csv：缺少 document_id"),
        (
            f"{','.join(load_schemas(ROOT / 'data' / 'schemas')['documents'].names)}\na,b,<img>\n".encode(),
            "data/dataset/documents.csv：第 1 条：year 应为整数。请运行",
        ),
        ("东区".encode("gb18030"), "data/dataset/documents.csv：不是 UTF-8。请运行 python -m builder build 重新生成"),
    ],
)
def test_a_table_that_somebody_spoiled_is_told(
    content: bytes, said: str, repository: Path, schemas: Mapping[str, Table]
) -> None:
    (repository / "data" / "dataset" / "documents.csv").write_bytes(content)
    with pytest.raises(RequestFault, match=said):
        list(review.markdown("HEAD", schemas, {}, repository))


@pytest.mark.parametrize("text", long_but(HOSTILE[:2], HOSTILE))
def test_no_cell_of_a_spoiled_table_is_markup(text: str, repository: Path, schemas: Mapping[str, Table]) -> None:
    hostile = document(text, region_id=text, title=text)
    found = finding(9, code=text, severity=text, message=text, document_id=text)
    write(repository, schemas, {**BEFORE, "documents": [document(), hostile], "findings": [found]})
    page = "\n".join(review.markdown("HEAD", schemas, {}, repository))
    rendered = python_markdown.markdown(page)
    for tag in ("<script", "<img", "<a ", "<h1>标题", "<!--"):
        assert tag not in rendered
