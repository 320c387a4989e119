"""Independent pieces of work on all cores: forked processes share what is in memory, results keep their order."""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from builder.faults import Fault

Result = TypeVar("Result")
Thing = TypeVar("Thing")

# What the processes are forked with. A thunk is never sent to one, only its place in here.
_work: Sequence[Callable[[], Any]] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What one machine makes of a site: ``parts`` of what can be made apart (the pages and downloads that there is one of
    for each project, document, department, region and year), and, where ``whole``, what needs all of them."""

    parts: slice
    whole: bool = True


EVERYTHING = Share(slice(None))


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pieces(things: Sequence[Thing], size: int) -> list[Sequence[Thing]]:
    """The things in their order, ``size`` in each piece: for work that is too small to be handed out one by one."""
    return [things[start : start + size] for start in range(0, len(things), size)]


def spread(work: Sequence[Callable[[], Result]]) -> Iterator[Result]:
    """The result of each piece of ``work``, in its order.

    A piece sees what was in memory when the first was asked for, and changes nothing but files of its own. The first
    piece that raises ends the others, and its exception is raised here; a worker that is killed is a ``Fault``.
    """
    global _work
    if min(cores(), len(work)) < 2:
        yield from (do() for do in work)
        return
    _work = work
    # A collection would write to every page of memory, and copy it for each worker.
    gc.freeze()
    try:
        with ProcessPoolExecutor(min(cores(), len(work)), get_context("fork"), _begin) as pool:
            yield from pool.map(_do, range(len(work)))
    except BrokenProcessPool:
        raise Fault("一个工作进程突然结束，多半是内存不够。请关掉别的程序，再运行一次。") from None
    finally:
        gc.unfreeze()
        _work = ()


def _do(place: int) -> Any:
    return _work[place]()


def _begin() -> None:
    """A worker leaves interruptions to its parent, and ends with it however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
