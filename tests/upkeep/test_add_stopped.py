"""``add`` whole or not at all: stopped at every step that touches the disk, on a full disk, where it may not write, twice.

The program runs in a forked process whose audit hook stops it, or makes the step fail, before a counted step: the
steps are Python's own (open to write, mkdir, rename, remove), so that none that a later version takes is missed.
"""

import errno
import fcntl
import os
import random
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import long_but
from test_add import Command, builder, files, form, kept_project, manifest, project, rendered, table

from builder import __main__ as cli
from builder import atomic

__all__ = ["builder", "kept_project", "project"]

STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}
Files = dict[str, bytes]


def is_change(root: Path, event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether an audit event is about to change something below ``root``; ``rmtree`` names files by their folder's handle."""
    if event not in STEPS or (event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        return False
    within = isinstance(arguments[-1], int) and event in ("os.remove", "os.rmdir") and arguments[-1] != -1
    return within or any(str(root / "data") in str(argument) for argument in arguments)


def forked(run: Callable[[], object], said: Path) -> int:
    """``run`` in a process of its own; its exit status, negative for a signal. What it prints goes to ``said``."""
    child = os.fork()
    if child == 0:
        # A shell that starts the tests in the background has them ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with said.open("w") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
        sys.stdout = sys.stderr = said.open("a")
        code = 70
        try:
            run()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def stopped_at(step: int, how: Callable[[], None], root: Path, path: Path, said: Path) -> int:
    """Add the file in another process, where ``how`` happens before the step of this number."""

    def run() -> None:
        count = 0

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal count
            if is_change(root, event, arguments):
                count += 1
                if count == step:
                    how()

        sys.addaudithook(hook)
        cli.run(["add", str(path)])

    return forked(run, said)


def own_files(root: Path) -> Files:
    return files(root / "data")


@pytest.fixture
def both(project: Path, tmp_path: Path) -> tuple[Files, Files, Path]:
    """The project's data before and after a file is added, and the file."""
    path = rendered(tmp_path, form("危房改造"), form("道路养护"))
    old = own_files(project)
    assert forked(lambda: cli.run(["add", str(path)]), tmp_path / "said") == 0
    new = own_files(project)
    restore(project, old)
    return old, new, path


def restore(root: Path, state: Files) -> None:
    for name in own_files(root).keys() - state.keys():
        (root / "data" / name).unlink()
    for name, content in state.items():
        (root / "data" / name).write_bytes(content)


def heal(root: Path) -> Files:
    with atomic.locked(root / "data", alone=False, waiting=lambda: pytest.fail("somebody holds data/")):
        return own_files(root)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


# Both signals that can be caught take the same way out, so that a step is tried with one of them, or killed: by turns.
@pytest.mark.long
@pytest.mark.parametrize(("first", "ways"), [(1, (kill,)), (2, (end, interrupt))], ids=["killed", "asked to end"])
def test_stopped_at_every_step(
    first: int,
    ways: Sequence[Callable[[], None]],
    both: tuple[Files, Files, Path],
    project: Path,
    builder: Command,
    tmp_path: Path,
) -> None:
    old, new, path = both
    said, seen, chance = tmp_path / "said", set(), random.Random(1)
    for step in range(first, 300, 2):
        code = stopped_at(step, chance.choice(ways), project, path, said)
        assert not {"Traceback", "Aborted"} & set(re.findall(r"\w+", said.read_text(encoding="utf-8"))), step
        state = own_files(project)
        if kill not in ways:
            assert state in (old, new), f"step {step}: left between"
        # Adding again takes a while: after each state that is neither, and now and then.
        again = state not in (old, new) or step % 8 < 2
        assert again or heal(project) in (old, new), f"step {step}: not healed"
        seen.add(code)
        assert not again or builder("add", path).code == 0
        assert not again or own_files(project) == new, f"step {step}: adding again did not help"
        restore(project, old)
        if code == 0 and step > 20:
            break
    else:
        pytest.fail("add takes more than 300 steps")
    assert step > 30
    assert seen == {0, *({-9} if kill in ways else {128 + signal.SIGTERM, 128 + signal.SIGINT})}


@pytest.mark.long
def test_a_step_that_fails(both: tuple[Files, Files, Path], project: Path, builder: Command, tmp_path: Path) -> None:
    """At every step, for one of three reasons, which all are errors of the operating system."""
    old, new, path = both
    said, chance = tmp_path / "said", random.Random(1)

    def fail() -> None:
        raise OSError(trouble, os.strerror(trouble), str(path))

    for step in range(1, 300):
        trouble = chance.choice((errno.ENOSPC, errno.EACCES, errno.EROFS))
        code = stopped_at(step, fail, project, path, said)
        text = said.read_text(encoding="utf-8")
        assert "Traceback" not in text
        assert own_files(project) == (new if code == 0 else old), f"step {step}: {text}"
        if code:
            assert code == 1
            assert "请检查文件权限和磁盘空间，再运行一次。" in text
            assert os.strerror(trouble) not in text
        restore(project, old)
        if code == 0 and step > 40:
            break
    assert builder("add", path).code == 0
    assert own_files(project) == new


@pytest.mark.parametrize("room", long_but((5_000,), [0, 100, 1_000, 5_000, 20_000, 60_000]))
def test_a_disk_without_room(
    room: int, both: tuple[Files, Files, Path], project: Path, builder: Command, tmp_path: Path
) -> None:
    """No file may grow beyond ``room`` bytes: a write fails in its middle, as on a full disk."""
    old, new, path = both

    def run() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        cli.run(["add", str(path)])

    assert forked(run, Path("/dev/null")) in (0, 1)
    assert own_files(project) in (old, new)
    assert builder("add", path).code == 0
    assert own_files(project) == new


@pytest.mark.long
def test_two_at_once_add_both(project: Path, tmp_path: Path) -> None:
    names = ("渝中区", "南岸区", "江北区", "九龙坡区")
    children = []
    for number, name in enumerate(names):
        path = rendered(
            tmp_path, form(title=f"{name}2026年重点专项绩效目标表", owner=f"{name}财政局"), name=f"d{number}"
        )
        child = os.fork()
        if child == 0:
            os._exit(forked(lambda path=path: cli.run(["add", str(path)]), tmp_path / f"said{number}"))  # type: ignore[misc]
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * len(names)
    listed = {str(row["document_id"]) for row in manifest(project)}
    assert len(listed) == 1 + len(names)
    assert {str(row["document_id"]) for row in table(project, "documents")} == listed
    assert {str(row["document_id"]) for row in table(project, "projects")} == listed


@pytest.mark.parametrize("command", [["build"], ["add", "a.txt"], ["release", "1.0.0"]], ids=lambda words: words[0])
def test_what_changes_data_waits_while_anyone_uses_it(command: list[str], project: Path, tmp_path: Path) -> None:
    """Of five pairs of builds at once two ended in tracebacks."""
    handle = os.open(project / "data", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)

    def run() -> None:
        def ends_where_it_would_wait(event: str, arguments: tuple[Any, ...]) -> None:
            if event == "fcntl.flock" and not arguments[1] & fcntl.LOCK_NB:
                sys.stderr.flush()
                os._exit(99)

        sys.addaudithook(ends_where_it_would_wait)
        cli.run(command)

    assert forked(run, tmp_path / "said") == 99
    assert (tmp_path / "said").read_text(encoding="utf-8") == "… 另一个命令正在用 data/，等它结束\n"
    os.close(handle)


def test_a_lock_ends_with_its_process(project: Path, builder: Command, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    child = os.fork()
    if child == 0:
        with atomic.locked(project / "data", alone=True, waiting=lambda: None):
            ready.touch()
            time.sleep(60)
        os._exit(0)
    while not ready.exists():
        time.sleep(0.01)
    handle = os.open(project / "data", os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    os.close(handle)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert builder("add", rendered(tmp_path)).code == 0


@pytest.mark.long
def test_a_dataset_that_lacks_a_registered_document_is_made_whole(
    project: Path, builder: Command, tmp_path: Path
) -> None:
    old = {name: content for name, content in own_files(project).items() if name.startswith("dataset/")}
    path = rendered(tmp_path)
    builder("add", path)
    new = own_files(project)
    restore(project, {**new, **old})
    said = builder("add", path)
    assert "已经加入过：yuzhong-2026-key。数据集里还没有它，已补上。" in said.out
    assert own_files(project) == new
