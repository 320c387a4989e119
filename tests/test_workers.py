"""Work is spread over all cores, and nobody sees a difference but in time."""

import os
import signal
from collections.abc import Iterator
from functools import partial

import pytest

from builder import workers
from builder.faults import DatasetFault, Fault


@pytest.fixture(params=["one core", "all cores"])
def some_cores(request: pytest.FixtureRequest) -> Iterator[None]:
    every = os.sched_getaffinity(0)
    if request.param == "one core":
        os.sched_setaffinity(0, {min(every)})
    yield
    os.sched_setaffinity(0, every)


@pytest.mark.usefixtures("some_cores")
def test_results_keep_the_order_of_the_work() -> None:
    assert list(workers.spread([partial(pow, number, 2) for number in range(50)])) == [n * n for n in range(50)]
    assert list(workers.spread([])) == []


def refuse() -> None:
    raise DatasetFault("这一行不对", file="data/a.yml", place="第 3 行", remedy="请改正。")


@pytest.mark.usefixtures("some_cores")
def test_a_fault_of_a_worker_is_ours_with_all_that_it_says() -> None:
    with pytest.raises(DatasetFault, match=r"^data/a\.yml：第 3 行：这一行不对。请改正。$"):
        list(workers.spread([partial(int, 1), refuse, partial(int, 2)]))


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_is_killed_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)
    with pytest.raises(Fault, match="一个工作进程突然结束"):
        list(workers.spread([end] * 2))


def test_pieces_hold_everything_once() -> None:
    assert workers.pieces([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
