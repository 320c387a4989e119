"""The room in which documents are read: ``python -m builder.readers.worker``, started and asked by ``room``.

This program reads no document. It has the readers loaded, and forks for each file that it is asked for: the child that
reads is fresh, whatever came before it, and has at most ``MEMORY``, ``allowed`` seconds, ``FILES`` open files, files of
``WRITTEN`` bytes and a scratch folder. It reaches no network where Linux lets a user make an empty one (``unshare``;
some distributions and containers forbid it); elsewhere nothing hinders it, but no reader opens a socket. macOS does
not enforce the limit on memory. Whatever the child has started (LibreOffice) is in its process group and ends with it:
when it has answered, when its time is up, when it dies, and when the program that asks closes the pipe or is killed.

Asked: a line of JSON, ``[path, media type]``; without the type the question is which it is. Answered: ``P`` with pages
read and pages in all, ``R`` with the answer or ``U`` with the reader's reason why it has none, and at the end ``E`` with null or how it died.
"""

import ctypes
import gc
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

from builder.faults import DocumentFault, trouble
from builder.readers import formats
from builder.readers.room import dumped

# Bytes of address space, for the reader and for LibreOffice each. A document of 10,000 forms takes a third of it.
MEMORY = 2 * 1024**3
# A file of any size may take ``SECONDS`` of processor time, and so much more for each MB; three times that by the clock.
SECONDS, SECONDS_A_MB, SECONDS_AT_MOST = 20, 30, 900
CLOCK = 3
FILES = 256
WRITTEN = 512 * 1024**2

_NEW_USER, _NEW_NETWORK, _DIE_WITH_PARENT = 0x10000000, 0x40000000, 1
_HERE = Path(__file__).parent
_LIBC = ctypes.CDLL(None)
SAVE_ANEW = "请用 Word、Excel、WPS 或浏览器打开，另存以后再添加"


def allowed(size: int) -> int:
    """Seconds of processor time for a file of so many bytes."""
    return min(SECONDS + SECONDS_A_MB * size // 1024**2, SECONDS_AT_MOST)


def serve() -> None:
    """Answer until the pipe is closed."""
    leave_network()
    gc.freeze()
    for line in sys.stdin.buffer:
        # The line begins anew: a child that died may have left half of its own.
        _say(b"\nE" + json.dumps(_answered(*json.loads(line))).encode())


def leave_network() -> bool:
    """Move into an empty network, if this system lets us; say whether it did. A child tries first: a system may let a
    process in and then keep it from writing files there."""
    if not sys.platform.startswith("linux"):
        return False
    if (child := os.fork()) == 0:
        with suppress(BaseException):
            _leave()
            os._exit(0)
        os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        return False
    _leave()
    return True


def _leave() -> None:
    user, group = os.geteuid(), os.getegid()
    if _LIBC.unshare(_NEW_NETWORK) == 0:
        return
    if _LIBC.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        raise PermissionError
    # Without a name of its own there, a process can write no file.
    for name, content in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(content, encoding="ascii")


def _answered(path: str, media_type: str | None) -> str | None:
    """Have a child read the file and write its answer; why it has none, or None."""
    try:
        seconds = allowed(os.stat(path).st_size)
    except OSError as error:
        return f"打不开文件（{trouble(error)}）。请检查路径和权限。"
    scratch = tempfile.mkdtemp(prefix="mingzhang-")
    ended, held = os.pipe()
    if (child := os.fork()) == 0:
        _read_and_end(Path(path), media_type, seconds, scratch)
    os.close(held)
    with suppress(OSError):
        os.setpgid(child, child)
    # The child holds the other end of ``ended`` as long as it lives.
    ready, _, _ = select.select([ended, sys.stdin], [], [], CLOCK * seconds)
    with suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(ended)
    shutil.rmtree(scratch, ignore_errors=True)
    if ended not in ready:
        if ready:
            os._exit(0)
        return _too_slow(seconds)
    return _death(os.waitstatus_to_exitcode(status), seconds)


def _death(code: int, seconds: int) -> str | None:
    if code == 0:
        return None
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return _too_slow(seconds)
    name = signal.Signals(-code).name if code < 0 else f"exit {code}"
    return (
        f"这份文件读不了：它使解析它的程序库崩溃了（{name}），多半已损坏，或展开后超过 {MEMORY // 1024**3} GB 内存。"
        f"请重新下载；仍这样时，{SAVE_ANEW}。"
    )


def _too_slow(seconds: int) -> str:
    return (
        f"这份文件读不了：用了 {seconds} 秒处理器时间（这样大小的文件的上限）或 {CLOCK * seconds} 秒钟还没有读完，已停止。"
        f"{SAVE_ANEW}；内容很多时，请拆成几个文件分别添加。"
    )


def _read_and_end(path: Path, media_type: str | None, seconds: int, scratch: str) -> None:
    """In the child: the limits, the answer, the end."""
    status = 1
    try:
        _confine(seconds, scratch)
        try:
            answer = b"R" + _answer(path, media_type)
        except DocumentFault as fault:
            # Names of sheets and parts are the document's: a line end or an escape in them is none of ours.
            said = "".join(letter if letter.isprintable() else " " for letter in str(fault))
            answer = b"U" + json.dumps(" ".join(said.split())).encode()
        _say(answer)
        status = 0
    finally:
        os._exit(status)


def _confine(seconds: int, scratch: str) -> None:
    os.setpgid(0, 0)
    if sys.platform.startswith("linux"):
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 2)
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _answer(path: Path, media_type: str | None) -> bytes:
    """What the readers say. Whatever else they raise becomes an ``DocumentFault`` that tells what to do."""
    try:
        if media_type is None:
            return json.dumps(formats.detect(path)).encode()
        return dumped(
            formats.read(path, media_type, lambda done, total: _say(b"P%s" % json.dumps([done, total]).encode()))
        )
    except DocumentFault:
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
        frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if Path(frame.filename).parent == _HERE]
        place = f"{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行"
        raise DocumentFault(
            f"这份文件读不了：读到程序没有料到的内容（{type(fault).__name__}，{place}），多半已损坏。"
            f"{SAVE_ANEW}；仍这样时，请连同文件报告给项目维护者。"
        ) from fault


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
