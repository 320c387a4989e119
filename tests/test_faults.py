"""A fault is one sentence that says what happened, where, and what to do."""

import ast
import os
import pickle
import shutil
from pathlib import Path

import pytest
from conftest import long_but

from builder import __main__ as cli
from builder import faults
from builder.faults import DocumentFault, Fault, RequestFault, SettingsFault

BUILDER = Path(__file__).parents[1] / "builder"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (SettingsFault("整句话。"), "整句话。"),
        (SettingsFault("缺少 level", file=Path("data/regions.yml"), place="第 2 条"), "data/regions.yml：第 2 条：缺少 level"),
        (SettingsFault("缺少 level", file="a.yml", remedy="请补上。"), "a.yml：缺少 level。请补上。"),
        (RequestFault("找不到。", remedy="请检查路径。"), "找不到。请检查路径。"),
    ],
)  # fmt: skip
def test_what_is_said(fault: Fault, said: str) -> None:
    assert str(fault) == said


def test_a_fault_survives_the_way_from_another_process() -> None:
    fault = pickle.loads(pickle.dumps(DocumentFault("打不开", file="a.pdf", place="第 3 页", remedy="请重新下载。")))
    assert isinstance(fault, DocumentFault)
    assert str(fault) == "a.pdf：第 3 页：打不开。请重新下载。"


def test_every_kind_of_fault_is_one_message_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = [kind for kind in vars(faults).values() if isinstance(kind, type) and issubclass(kind, Fault)]
    assert len(kinds) == 6
    for kind in (*kinds, type("ARoomsOwn", (Fault,), {})):

        def fails(*arguments: object, kind: type[Fault] = kind, **options: object) -> None:
            raise kind("写错了", file="data/a.yml", remedy="请改正。")

        monkeypatch.setattr(cli, "main", fails)
        with pytest.raises(SystemExit) as ended:
            cli.run([])
        assert ended.value.code == 1
        assert capsys.readouterr().err == "错误：data/a.yml：写错了。请改正。\n"


def test_no_room_has_exceptions_that_the_command_line_does_not_know() -> None:
    for path in BUILDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and path.name != "faults.py":
                bases = {ast.unparse(base) for base in node.bases}
                assert not {base for base in bases if base.endswith(("Error", "Exception"))}, f"{path}:{node.lineno}"


PIPES = ("sources.yml", "labels.yml", "divisions.csv", "dataset/provenance.csv")


@pytest.mark.parametrize("name", long_but(("labels.yml",), PIPES))
def test_one_of_our_files_that_is_a_pipe_is_never_waited_for(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(BUILDER.parent / "data", tmp_path / "data")
    (tmp_path / "data" / name).unlink()
    os.mkfifo(tmp_path / "data" / name)
    monkeypatch.setattr(cli, "DATA", tmp_path / "data")
    with pytest.raises(SystemExit) as ended:
        cli.run(["check"])
    assert ended.value.code == 1
    assert "这是命名管道（FIFO），不是文件。请移走它，再从版本库恢复原来的文件。" in capsys.readouterr().err
