"""Files that are replaced whole or not at all, whatever stops the program: a fault, a signal, a full disk, a power cut.

``changing`` exchanges several files and folders together. It keeps what it does in ``.change.*`` folders beside them,
so that ``heal``, which every command runs first, can put back what a stopped one left. ``locked`` keeps two commands
from changing one folder at once; the lock ends with its process.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

# Being made; being exchanged, to be put back if it stops there; done, to be cleared away.
_STAGED, _CHANGING, _DONE = ".change.new", ".change.now", ".change.done"


def write_bytes(path: Path, content: bytes) -> None:
    """Give ``path`` this content by a rename, so that a reader or an interruption never sees half of it."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def changing(home: Path, names: Sequence[str], prove: Callable[[], object]) -> Iterator[Path]:
    """A folder in which to make new files and folders ``names``; at the end they take their places in ``home``.

    All of them do, and ``prove`` then runs without raising; or none does, and ``home`` is as it was.
    """
    staged, journal = home / _STAGED, home / _CHANGING
    try:
        for part in ("new", "old"):
            for name in names:
                (staged / part / name).parent.mkdir(parents=True, exist_ok=True)
        (staged / "names").write_text("\n".join(names), encoding="utf-8")
        yield staged / "new"
        _settle(staged)
        staged.rename(journal)
        for name in names:
            (home / name).parent.mkdir(exist_ok=True)
            if (home / name).exists():
                (home / name).rename(journal / "old" / name)
            (journal / "new" / name).rename(home / name)
        prove()
        _settle(home, deep=False)
        journal.rename(home / _DONE)
        heal(home)
    except BaseException:
        heal(home)
        raise


def heal(home: Path) -> None:
    """Put back what a command that was stopped in ``changing`` had begun to exchange, and clear away its folders.

    May be stopped itself, and run again. What was exchanged wholly stays.
    """
    journal = home / _CHANGING
    if journal.exists():
        for name in (journal / "names").read_text(encoding="utf-8").split("\n"):
            ours, before = journal / "new" / name, journal / "old" / name
            if not ours.exists() and (home / name).exists():
                (home / name).rename(ours)
            if before.exists():
                before.rename(home / name)
            if (home / name).parent != home:
                with suppress(OSError):  # a folder that the change made, and nothing else lies in
                    (home / name).parent.rmdir()
        journal.rename(home / _DONE)
    for aside in home.glob(".*.old"):
        if not (place := aside.with_name(aside.name[1:-4])).exists():
            aside.rename(place)
    for leftover in (home / _DONE, *home.glob(".*.new"), *home.glob(".*.old")):
        leftover.unlink() if leftover.is_file() else shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def locked(home: Path, *, alone: bool, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold ``home`` while a block lasts: ``alone`` to change it, else together with others that only read.

    Where somebody else holds it, ``waiting`` is called once, and then waited. What a stopped command left is healed
    first.
    """
    handle = os.open(home, os.O_RDONLY)
    try:
        kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, kind)
        if any(path for pattern in (".change.*", ".*.new", ".*.old") for path in home.glob(pattern)):
            fcntl.flock(handle, fcntl.LOCK_EX)
            heal(home)
        yield
    finally:
        os.close(handle)


def _settle(folder: Path, *, deep: bool = True) -> None:
    """Have the disk hold what was written, before anything is said to be done."""
    for path in [folder, *(folder.rglob("*") if deep else ())]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
