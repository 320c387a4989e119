"""A room of its own for the work on one document: whatever a document does there, the program gets one sentence.

The work runs in a forked process that has at most ``MEMORY``, ``allowed`` seconds, ``FILES`` open files, files of
``WRITTEN`` bytes and a scratch folder. It reaches no network where Linux lets a user make an empty one (``unshare``;
some distributions and containers forbid it); elsewhere nothing hinders it, but no reader opens a socket. macOS does
not enforce the limit on memory. Whatever it has started (LibreOffice) is in its process group and ends with it: a
second process, its keeper, sees to that when the work is done, when its time is up, when it dies, and when the program
that waits for it is killed. What it hands out may be made of the nouns of ``builder.model`` and of nothing else.
"""

import ctypes
import faulthandler
import gc
import io
import json
import os
import pickle
import resource
import select
import shutil
import signal
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, suppress
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, ClassVar, Generic, NoReturn, TypeVar

from builder import faults
from builder.faults import DocumentFault, Fault, trouble
from builder.workers import cores

Pages = Callable[[int, int], None]
Made = TypeVar("Made")

# Bytes of address space beside the program's own, for the reader and for LibreOffice each. A document of 10,000 forms
# takes a third of it.
MEMORY = 2 * 1024**3
# A file of any size may take ``SECONDS`` of processor time, and so much more for each MB; three times that by the clock.
SECONDS, SECONDS_A_MB, SECONDS_AT_MOST = 20, 30, 900
CLOCK = 3
FILES = 256
WRITTEN = 512 * 1024**2
SAVE_ANEW = "请用 Word、Excel、WPS 或浏览器打开，另存以后再添加"

# Answers are held until those before them are taken: a document that takes long has at most so many behind it.
MOST_WAITING = 8
_PIPE = 2**20

_NEW_USER, _NEW_NETWORK, _DIE_WITH_PARENT = 0x10000000, 0x40000000, 1
# How the keeper ends, beside 0: for a time that was up, and above ``_DIED`` for the number of a signal.
_SLOW, _DIED = 1, 100
_ENDING = (signal.SIGINT, signal.SIGTERM)
_HERE = Path(__file__).parent
_LIBC = ctypes.CDLL(None)


def allowed(size: int) -> int:
    """Seconds of processor time for a file of so many bytes."""
    return min(SECONDS + SECONDS_A_MB * size // 1024**2, SECONDS_AT_MOST)


def inside(work: Callable[[Pages], Made], path: Path, progress: Pages | None = None) -> Made:
    """What ``work`` makes of the file at ``path``. It is given a function that counts pages, for ``progress(done, total)``.

    Raises the ``Fault`` that it raises, and ``DocumentFault`` where anything else stops it.
    """
    return alone(partial(Room, work, path, progress))


def alone(begun: Callable[[], "Room[Made]"]) -> Made:
    """What the work of one room makes, or what stops it, raised."""
    with closing(abreast([begun])) as rooms:
        return next(rooms)()


def abreast(begun: Iterable[Callable[[], "Room[Made]"]]) -> Generator[Callable[[], Made]]:
    """For each, in their order, what gives what the work in its room made, or raises what stopped it. As many rooms are at
    work at a time as there are cores; those that wait for one before them are few. Whoever may stop early closes it."""
    left = iter(begun)
    rooms: deque[Room[Made] | Fault] = deque()
    try:
        while True:
            working = [one for one in rooms if isinstance(one, Room) and one.works]
            while len(working) < cores() and len(rooms) < MOST_WAITING and (start := next(left, None)) is not None:
                try:
                    rooms.append(room := start())
                    working.append(room)
                except Fault as fault:
                    rooms.append(fault)
            if not rooms:
                return
            if isinstance(first := rooms[0], Fault) or not first.works:
                yield partial(_result, rooms.popleft())
                continue
            for speaking in select.select(working, [], [])[0]:
                speaking.hear()
    finally:
        for one in rooms:
            if isinstance(one, Room):
                one.close()


def _result(of: "Room[Made] | Fault") -> Made:
    if isinstance(of, Fault):
        raise of
    return of.made()


class Room(Generic[Made]):
    """The work on one file, begun in a process of its own; see ``abreast``, which waits for it."""

    # What the program holds open of all rooms; the processes of a room begun later do not.
    _open: ClassVar[set[int]] = set()

    def __init__(self, work: Callable[[Pages], Made], path: Path, progress: Pages | None = None) -> None:
        """Begin. Raises ``DocumentFault`` for a file that cannot be opened."""
        try:
            self._seconds = allowed(os.stat(path).st_size)
        except OSError as error:
            raise DocumentFault(f"打不开文件（{trouble(error)}）。请检查路径和权限。") from None
        self._progress = progress
        self._said = bytearray()
        self._code: int | None = None
        # What a signal raises within the hooks that Python runs at a fork is printed, and forgotten: it waits until then.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        can_leave_network()
        self._heard, said = os.pipe()
        # The keeper sees from this pipe that the program has ended, or waits no more.
        left, self._staying = os.pipe()
        self._open.update((self._heard, self._staying))
        if (keeper := os.fork()) == 0:
            for program_end in self._open:
                os.close(program_end)
            _keep(work, self._seconds, said, left, held)
        self._keeper = keeper
        os.close(said)
        os.close(left)
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        """What ``select`` asks for."""
        return self._heard

    @property
    def works(self) -> bool:
        """Whether more is to be heard."""
        return self._code is None

    def hear(self) -> None:
        """Take what was said since; count the pages in it."""
        said = os.read(self._heard, _PIPE)
        self._said += said
        while self._said.startswith(b"P") and (end := self._said.find(b"\n")) >= 0:
            counted = json.loads(self._said[1:end])
            del self._said[: end + 1]
            if self._progress is not None:
                self._progress(*counted)
        if not said:
            # The keeper takes the end of the program for a reason to stop the work: it has the first word.
            self._code = _ended(self._keeper)
            self._leave()

    def close(self) -> None:
        """End the work if it has not ended."""
        if self._code is None:
            self._leave()
            self._code = _ended(self._keeper)

    def _leave(self) -> None:
        for end in (self._heard, self._staying):
            os.close(end)
            self._open.discard(end)

    def made(self) -> Made:
        """What the work made. Raises the ``Fault`` that it raised, or ``DocumentFault`` for what else stopped it."""
        assert self._code is not None
        if self._code != 0:
            raise DocumentFault(_death(self._code, self._seconds))
        answer = memoryview(self._said)[1:]
        if self._said.startswith(b"U"):
            name, what = json.loads(bytes(answer))
            raise getattr(faults, name)(what)
        made: Made = _Plain(io.BytesIO(answer)).load()
        return made


def _ended(process: int) -> int:
    """Wait for its end: its exit code, or less than 0 for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


class _Plain(pickle.Unpickler):
    """Loads nouns: what a document has got hold of cannot hand out a thing that runs."""

    def find_class(self, module: str, name: str) -> object:
        if module == "builder.model" or (module, name) == ("decimal", "Decimal"):
            return super().find_class(module, name)
        raise DocumentFault("这份文件读不了：读出的不是文字和数。请连同文件报告给项目维护者。")


def _death(code: int, seconds: int) -> str:
    if code == _SLOW:
        return (
            f"这份文件读不了：用了 {seconds} 秒处理器时间（这样大小的文件的上限）或 {CLOCK * seconds} 秒钟还没有读完，已停止。"
            f"{SAVE_ANEW}；内容很多时，请拆成几个文件分别添加。"
        )
    if code > _DIED:
        name = signal.Signals(code - _DIED).name
        return (
            f"这份文件读不了：它使解析它的程序库崩溃了（{name}），多半已损坏，或展开后超过 {MEMORY // 1024**3} GB 内存。"
            f"请重新下载；仍这样时，{SAVE_ANEW}。"
        )
    return "这份文件读不了：读取文件的进程被系统中止了，多半是本机内存不足。请关掉别的程序，再运行一次。"


# The network


@cache
def can_leave_network() -> bool:
    """Whether this system lets a process move into an empty network. A child tries: a system may let a process in and
    then keep it from writing files there."""
    if not sys.platform.startswith("linux"):
        return False
    if (child := os.fork()) == 0:
        with suppress(BaseException):
            leave_network()
            os._exit(0)
        os._exit(1)
    return _ended(child) == 0


def leave_network() -> None:
    """Move this process into an empty network. Raises ``OSError`` where the system does not let it."""
    user, group = os.geteuid(), os.getegid()
    if _LIBC.unshare(_NEW_NETWORK) == 0:
        return
    if _LIBC.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        raise PermissionError
    # Without a name of its own there, a process can write no file.
    for name, content in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(content, encoding="ascii")


# The keeper, and the process that works


def _keep(
    work: Callable[[Pages], object], seconds: int, said: int, left: int, held: set[int | signal.Signals]
) -> NoReturn:
    """In the keeper: have the work done, and end with what became of it."""
    code = 2
    try:
        # Ctrl-C is for the program, which then closes its pipe.
        os.setsid()
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        if can_leave_network():
            leave_network()
        gc.freeze()
        code = _kept(work, seconds, said, left)
    finally:
        os._exit(code)


def _kept(work: Callable[[Pages], object], seconds: int, said: int, left: int) -> int:
    scratch = tempfile.mkdtemp(prefix="mingzhang-")
    # The child holds the other end of ``ended`` as long as it lives.
    ended, held = os.pipe()
    if (child := os.fork()) == 0:
        _work_and_end(work, seconds, scratch, said)
    os.close(held)
    os.close(said)
    with suppress(OSError):
        os.setpgid(child, child)
    ready, _, _ = select.select([ended, left], [], [], CLOCK * seconds)
    with suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    code = _ended(child)
    shutil.rmtree(scratch, ignore_errors=True)
    if ended not in ready or -code in (signal.SIGXCPU, signal.SIGKILL):
        return _SLOW
    return code if code >= 0 else _DIED - code


def _work_and_end(work: Callable[[Pages], object], seconds: int, scratch: str, said: int) -> NoReturn:
    """In the child: the limits, the answer, the end."""
    code = 2
    try:
        _confine(seconds, scratch)
        with open(said, "wb") as stream:
            stream.write(_answer(work, stream))
        code = 0
    finally:
        os._exit(code)


def _confine(seconds: int, scratch: str) -> None:
    os.setpgid(0, 0)
    # It would print where in our code a library has crashed, which the sentence tells better.
    faulthandler.disable()
    if sys.platform.startswith("linux"):
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
    own = 0
    with suppress(OSError):
        own = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    for kind, most in (
        (resource.RLIMIT_AS, own + MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _answer(work: Callable[[Pages], object], stream: BinaryIO) -> bytes:
    """What the work makes, or the fault that it raises."""

    def counted(done: int, total: int) -> None:
        stream.write(b"P%s\n" % json.dumps([done, total]).encode())
        stream.flush()

    try:
        return b"R" + pickle.dumps(_made(work, counted), 5)
    except Fault as fault:
        # Names of sheets and parts are the document's: a line end or an escape in them is none of ours.
        said = "".join(letter if letter.isprintable() else " " for letter in str(fault))
        return b"U" + json.dumps([type(fault).__name__, " ".join(said.split())]).encode()


def _made(work: Callable[[Pages], Made], counted: Pages) -> Made:
    """What the work makes. Whatever it raises beside a ``Fault`` becomes one that tells what to do."""
    try:
        return work(counted)
    except Fault:
        raise
    except OSError as fault:
        raise DocumentFault(f"读文件时出错（{trouble(fault)}）。请检查文件、权限和磁盘空间，再运行一次。") from fault
    except MemoryError as fault:
        raise DocumentFault(
            f"这份文件读不了：展开后超过 {MEMORY // 1024**3} GB 内存，不像一份绩效目标文件。{SAVE_ANEW}；"
            "内容很多时，请拆成几个文件分别添加。"
        ) from fault
    except RecursionError as fault:
        raise DocumentFault(f"这份文件读不了：层次嵌套得过深，不像一份正常的文件。{SAVE_ANEW}。") from fault
    except Exception as fault:
        # No words of the fault: they may be the document's, and this sentence is published.
        frames = [one for one in traceback.extract_tb(fault.__traceback__) if _HERE in Path(one.filename).parents]
        place = f"{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行"
        raise DocumentFault(
            f"这份文件读不了：读到程序没有料到的内容（{type(fault).__name__}，{place}），多半已损坏。"
            f"{SAVE_ANEW}；仍这样时，请连同文件报告给项目维护者。"
        ) from fault
