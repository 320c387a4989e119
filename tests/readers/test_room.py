"""The room: whatever a document does to its reader, the program gets one sentence and reads the next one."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from hostile import form_bomb, office_with, repeated_cells, xlsx

from builder import readers, room
from builder.faults import DocumentFault, SettingsFault
from builder.model import Cell, Document, Line, Reading, Row
from builder.readers import cache, formats

ROOT = Path(__file__).resolve().parents[2]
HTML, TEXT = "text/html", "text/plain"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text("项目名称\t巨灾保险\n", encoding="utf-8")
    return path


def page(folder: Path, body: str) -> Path:
    (folder / "a.html").write_text(f"<html><body>{body}", encoding="utf-8")
    return folder / "a.html"


def refused(path: Path, media_type: str, good: Path) -> str:
    """The one sentence that a file gets; the next file is read as ever."""
    with pytest.raises(DocumentFault) as caught:
        readers.read(path, media_type)
    assert readers.read(good, TEXT).lines[0].text == "项目名称\t巨灾保险"
    said = str(caught.value)
    assert "\n" not in said and "Traceback" not in said and "请" in said
    return said


@pytest.mark.long
def test_what_takes_too_long_is_stopped(tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = page(tmp_path, "<p>甲</p>" * 400_000)
    monkeypatch.setattr(room, "SECONDS", 1)
    monkeypatch.setattr(room, "SECONDS_A_MB", 0)
    start = time.monotonic()
    assert "用了 1 秒处理器时间（这样大小的文件的上限）" in refused(slow, HTML, good)
    assert time.monotonic() - start < 10


def test_what_waits_for_ever_is_stopped_by_the_clock(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = page(tmp_path, "甲")
    monkeypatch.setattr(room, "SECONDS", 1)
    monkeypatch.setitem(formats._READERS, HTML, lambda path: time.sleep(60))
    start = time.monotonic()
    assert "3 秒钟还没有读完" in refused(waiting, HTML, good)
    assert time.monotonic() - start < 10


def test_time_grows_with_size_up_to_a_limit() -> None:
    assert [room.allowed(megabytes * 1024**2) for megabytes in (0, 1, 10, 200)] == [20, 50, 320, 900]


@pytest.mark.long
def test_a_library_that_aborts_costs_one_sentence(tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "a.pdf"
    bomb.write_bytes(form_bomb(7))
    monkeypatch.setattr(room, "MEMORY", 300 * 1024**2)
    assert "崩溃" in refused(bomb, "application/pdf", good)


@pytest.mark.long
def test_memory_has_a_limit(tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = page(tmp_path, "<p>甲</p>" * 200_000)
    monkeypatch.setattr(room, "MEMORY", 50 * 1024**2)
    assert "内存" in refused(large, HTML, good)


def test_nesting_has_a_limit(tmp_path: Path, good: Path) -> None:
    assert "嵌套得过深" in refused(page(tmp_path, "<div>" * 1_500 + "甲"), HTML, good)


def test_what_nobody_foresaw_is_said_without_the_documents_words(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(formats._READERS, HTML, lambda path: int(path.read_text()))
    said = refused(page(tmp_path, "电话13912345678"), HTML, good)
    assert "没有料到的内容（ValueError，formats.py 第" in said and "139" not in said


def test_a_file_that_is_gone_is_said_so(tmp_path: Path, good: Path) -> None:
    assert "打不开文件（找不到）" in refused(tmp_path / "gone.txt", TEXT, good)


def test_a_name_in_a_file_cannot_break_the_sentence_it_is_in(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "a.xlsx"
    sheet = '<worksheet><sheetData><row><c r="A1"><v>1</v><v>2</v></c></row></sheetData></worksheet>'
    path.write_bytes(
        office_with(xlsx(""), {"xl/sheet1.xml": sheet}, {'name="表1"': 'name="表\u0085\u2028&#10;\u202e1"'})
    )
    assert "表 1!A1 在文件里出现两次" in refused(path, "", good)


def test_a_process_that_the_system_ends_costs_one_sentence(good: Path) -> None:
    with pytest.raises(DocumentFault, match="多半是本机内存不足"):
        room.inside(lambda _: os.kill(os.getppid(), signal.SIGKILL), good)
    with pytest.raises(DocumentFault, match="SIGSYS"):
        room.inside(lambda _: os.kill(os.getpid(), signal.SIGSYS), good)
    assert readers.read(good, TEXT).lines


def test_a_signal_at_a_fork_is_not_forgotten(good: Path) -> None:
    code = f"""import os, signal, sys
from pathlib import Path
from builder.readers import read
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
read(Path({str(good)!r}), "text/plain")"""
    program = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (program.returncode, program.stderr) == (7, "")


# Several rooms at once


def wait_for(path: Path) -> str:
    assert within(10, path.exists)
    return path.name


def started(*works: Callable[[room.Pages], object], at: Path) -> list[Callable[[], room.Room[object]]]:
    return [partial(room.Room, work, at) for work in works]


def test_rooms_work_side_by_side_and_answer_in_their_order(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "cores", lambda: 2)
    first = started(lambda _: wait_for(tmp_path / "second"), at=good)
    gone = started(lambda _: 1, at=tmp_path / "gone")
    second = started(lambda _: (tmp_path / "second").write_text("甲"), lambda _: _refuse("词表"), at=good)
    with closing(room.abreast([*first, *gone, *second])) as rooms:
        assert next(rooms)() == "second"
        with pytest.raises(DocumentFault, match="打不开"):
            next(rooms)()
        assert next(rooms)() == 1
        with pytest.raises(SettingsFault, match="词表"):
            next(rooms)()
        assert next(rooms, None) is None


def test_an_answer_that_waits_for_another_is_not_out_of_time(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pipe holds 64 kB: who is not heard until its turn would stand before it until its time is up."""
    (tmp_path / "large").write_bytes(b" " * 2**20)
    for name, value in {"cores": lambda: 2, "SECONDS": 1, "SECONDS_A_MB": 9, "CLOCK": 1}.items():
        monkeypatch.setattr(room, name, value)
    slow = started(lambda _: time.sleep(2), at=tmp_path / "large")
    quick = started(lambda _: "甲" * 10**6, at=good)
    with closing(room.abreast([*slow, *quick])) as rooms:
        assert [next(rooms)(), next(rooms)()] == [None, "甲" * 10**6]


def test_who_stops_early_leaves_no_room_at_work(tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "cores", lambda: 2)

    def endless(_: room.Pages) -> None:
        (tmp_path / f"at-work-{os.getpid()}").touch()
        time.sleep(60)

    with closing(room.abreast(started(lambda _: "甲", endless, endless, at=good))) as rooms:
        assert next(rooms)() == "甲"
        with pytest.raises(TimeoutError), alarm_in(2):
            next(rooms)
    working = [int(path.name.rpartition("-")[2]) for path in tmp_path.glob("at-work-*")]
    assert len(working) == 2
    assert within(5, lambda: not any(map(exists, working)))


@contextmanager
def alarm_in(seconds: int) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def exists(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def test_what_is_handed_out_can_do_nothing(good: Path) -> None:
    with pytest.raises(DocumentFault, match="读出的不是文字和数"):
        room.inside(lambda _: os.system, good)
    with pytest.raises(SettingsFault, match="词表"):
        room.inside(lambda _: _refuse("词表"), good)


def _refuse(what: str) -> None:
    raise SettingsFault(what)


def alive(mark: str) -> list[str]:
    """The processes with ``mark`` in their command line."""
    listed = subprocess.run(["ps", "-axwwo", "stat=,command="], check=True, capture_output=True, text=True).stdout
    return [line for line in listed.splitlines() if mark in line and not line.startswith("Z")]


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_survives_the_program(how: signal.Signals, tmp_path: Path) -> None:
    path = page(tmp_path, "<p>甲</p>" * 2_000_000)
    mark, scratch = f"{os.getpid()}-{how}", tmp_path / "scratch"
    scratch.mkdir()
    code = f"from pathlib import Path; from builder.readers import read; read(Path({str(path)!r}), {mark!r})"
    environment = {**os.environ, "TMPDIR": str(scratch)}
    program = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    # The program, the keeper and the child that reads.
    assert within(20, lambda: len(alive(mark)) == 3)
    program.send_signal(how)
    program.wait()
    assert within(10, lambda: not alive(mark))
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("import sys; sys.argv[0] = '-m'; import builder; {interrupt}", -signal.SIGINT),
        pytest.param(
            "import atexit, runpy, sys; sys.argv[1:] = ['--help']; atexit.register(lambda: {interrupt}); "
            "runpy.run_module('builder', run_name='__main__', alter_sys=True)",
            0,
            marks=pytest.mark.long,
        ),
    ],
)
def test_an_interruption_at_either_end_prints_nothing(code: str, ended: int) -> None:
    """While libraries are loaded, and when all is done."""
    interrupt = "__import__('os').kill(__import__('os').getpid(), __import__('signal').SIGINT)"
    command = [sys.executable, "-c", code.format(interrupt=interrupt)]
    program = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (program.returncode, program.stderr) == (ended, "")


@pytest.mark.office
@pytest.mark.usefixtures("libreoffice")
def test_libreoffice_does_not_survive_the_program(tmp_path: Path) -> None:
    path, scratch = tmp_path / "a.ods", tmp_path / "scratch"
    path.write_bytes(repeated_cells())
    scratch.mkdir()
    code = f"from pathlib import Path; from builder.readers import read; read(Path({str(path)!r}), '')"
    environment = {**os.environ, "TMPDIR": str(scratch)}
    program = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    # Its command line names its profile, which is in the scratch folder.
    assert within(30, lambda: any("soffice.bin" in line for line in alive(str(scratch))))
    program.kill()
    program.wait()
    assert within(10, lambda: not alive(str(scratch)))
    assert list(scratch.iterdir()) == []


def test_the_room_has_no_network_where_the_system_allows(tmp_path: Path) -> None:
    """Where it does not, nothing hinders a connection, and ``can_leave_network`` says so."""
    code = """import socket, sys, json
from builder import room
left = room.can_leave_network()
left and room.leave_network()
open(sys.argv[2], "w").write("甲")
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5).close()
    print(json.dumps([left, True]))
except OSError:
    print(json.dumps([left, False]))"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        said = subprocess.run(
            [sys.executable, "-c", code, port, str(tmp_path / "written")], cwd=ROOT, check=True, capture_output=True
        ).stdout
    left, connected = json.loads(said)
    assert connected is not left
    assert (tmp_path / "written").read_text(encoding="utf-8") == "甲"


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\x00", None])
def test_a_damaged_kept_reading_is_read_anew(damage: bytes | None, tmp_path: Path) -> None:
    path = page(tmp_path, "<table><tr><td>项目名称<td>巨灾保险</table>")
    document = Document("doc", "", 2025, "", "", path, HTML, "0" * 64, 1)
    first = cache.read(tmp_path / "kept", document)
    [kept] = (tmp_path / "kept").iterdir()
    whole = kept.read_bytes()
    assert cache.read(tmp_path / "kept", document) == first
    kept.write_bytes(whole.replace("巨灾".encode(), "洪灾".encode()) if damage is None else damage)
    assert cache.read(tmp_path / "kept", document) == first
    assert kept.read_bytes() == whole


def test_what_is_handed_out_is_what_was_read() -> None:
    """Rows that are their line between tabs, that are not, that go over several lines, and that are empty."""
    texts = ("甲\t乙", "甲\t乙", "丙", "")
    lines = tuple(Line(number, text, f"第 {number} 行") for number, text in enumerate(texts, 1))
    cells = ((1, "甲"), (1, "乙")), ((2, "甲"), (3, "乙")), ((3, "丙 "),), ()
    rows = tuple(Row(tuple(Cell(text, at, n) for n, (at, text) in enumerate(row)), table=1, page=2) for row in cells)
    reading = Reading(lines, rows, flowing=True, notes=(("reader-remark", "丁"),))
    assert cache.loaded(cache.dumped(reading)) == reading
