"""The door of the room in which documents are read: a program of its own (``worker``), asked one file after another.

It is started at the first file, stays for the next ones, and is started again where it has ended. What it hands out is
JSON, which can do nothing but be text. It ends with this process: its only way to live is the pipe that it is asked by.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from builder.faults import DocumentFault
from builder.model import Cell, Line, Reading, Row

Pages = Callable[[int, int], None]

COMMAND = (sys.executable, "-m", "builder.readers.worker")
_HERE = Path(__file__).parents[2]
_worker: subprocess.Popen[bytes] | None = None


def detect(path: Path) -> str:
    """The media type of a file by its content. Raises ``DocumentFault`` naming what it is where no reader reads it."""
    return str(json.loads(asked(path)))


def read(path: Path, media_type: str, progress: Pages | None = None) -> Reading:
    """The file as rows of cells. ``media_type`` is what the manifest calls it; where content or name say otherwise it
    is read by its content, with a note. ``progress(done, total)`` counts the pages of a PDF.

    Raises ``DocumentFault``, also where the file ends the worker or needs more than the worker's limits.
    """
    return loaded(asked(path, media_type, progress))


def asked(path: Path, media_type: str | None = None, progress: Pages | None = None) -> bytes:
    """The reading of a file as ``dumped`` writes it; without a media type, its media type."""
    global _worker
    if _worker is None or _worker.poll() is not None:
        # A session of its own: Ctrl-C is for this process, which then closes the pipe.
        _worker = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_HERE,
            start_new_session=True,
        )
    assert _worker.stdin is not None and _worker.stdout is not None
    answer, fault = b"", None
    try:
        _worker.stdin.write(json.dumps([str(path.absolute()), media_type]).encode() + b"\n")
        _worker.stdin.flush()
        while line := _worker.stdout.readline():
            match line[:1]:
                case b"P":
                    if progress is not None:
                        progress(*json.loads(line[1:]))
                case b"R":
                    answer = line[1:]
                case b"U":
                    fault = json.loads(line[1:])
                case b"E":
                    fault = json.loads(line[1:]) or fault
                    break
        else:
            raise BrokenPipeError
    except BrokenPipeError:
        close()
        fault = "这份文件读不了：读取文件的进程被系统中止了，多半是本机内存不足。请关掉别的程序，再运行一次。"
    except BaseException:
        # Half an answer may be under way; the next file must not be given it.
        close()
        raise
    if fault is not None:
        raise DocumentFault(fault)
    return answer


def close() -> None:
    """Close the pipe and wait until the worker has ended whatever it has started, and itself."""
    global _worker
    worker, _worker = _worker, None
    if worker is not None:
        with suppress(BrokenPipeError), worker:
            pass


@atexit.register
def _end() -> None:
    # Ctrl-C has nothing left to stop, and would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    close()


def _forget() -> None:
    global _worker
    _worker = None


# Two processes must not ask through one pipe.
os.register_at_fork(after_in_child=_forget)


def dumped(reading: Reading) -> bytes:
    """A reading as JSON. A cell's column is its place in its row; the cells of a row mostly share one line, whose text,
    between tabs, they mostly are: then no text is given again."""
    rows = []
    split = {line.number: line.text.split("\t") for line in reading.lines}
    for row in reading.rows:
        is_one = len({cell.line for cell in row.cells}) == 1
        where = row.line if is_one else [cell.line for cell in row.cells]
        texts = [cell.text for cell in row.cells]
        given = None if is_one and split.get(row.line) == texts else texts
        rows.append([given, where, row.table, row.page, row.running])
    shown = [[line.number, line.text, line.place] for line in reading.lines]
    return json.dumps([shown, rows, reading.flowing, reading.notes], ensure_ascii=False, separators=(",", ":")).encode()


def loaded(content: bytes) -> Reading:
    """The reading that was ``dumped``."""
    shown, rows, flowing, notes = json.loads(content)
    lines = tuple([Line(*line) for line in shown])
    split = {line.number: line.text.split("\t") for line in lines}
    return Reading(
        lines,
        tuple(
            [
                Row(tuple(_cells(split[where] if texts is None else texts, where)), *marks)
                for texts, where, *marks in rows
            ]
        ),
        flowing,
        tuple([(code, detail) for code, detail in notes]),
    )


def _cells(texts: list[str], where: int | list[int]) -> list[Cell]:
    if isinstance(where, int):
        return [Cell(text, where, column) for column, text in enumerate(texts)]
    return [Cell(text, line, column) for column, (text, line) in enumerate(zip(texts, where, strict=True))]
