"""Data flows one way, and so do imports; what a document says is data, never a branch."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from builder.settings import Settings

BUILDER = Path(__file__).parents[1] / "builder"

# The folders are the flow: each room may import those before it, and itself.
GROUND = ("atomic", "faults", "model", "room", "text", "words", "workers")
ROOMS = ("ground", "settings", "readers", "forms", "dataset", "measures", "package", "site", "upkeep", "__main__")
# The order within a room: each may import those before it.
WITHIN = {
    "settings": (
        "loading",
        "gazetteer",
        "schema",
        "places",
        "manifest",
        "results",
        "vocabulary",
        "kinds",
        "english",
        "answers",
        "questions",
        "rules",
        "wording",
        "package",
    ),
    "forms": (
        *("ledger", "table", "cells", "cut", "headings", "kinds", "breaks", "flow", "preamble", "header", "indicators"),
        *("year_tasks", "beside", "form", "long", "result_words", "results", "result_cut", "result_flow"),
        *("result_long", "extract"),
    ),
    "dataset": (
        "citations",
        "rows",
        "policies",
        "private",
        "naming",
        "kinds",
        "making",
        "attainment",
        "results",
        "tabulate",
        "events",
        "result_checks",
        "checks",
        "store",
        "guard",
        "frames",
        "compile",
        "diff",
        "history",
    ),
}
MOST_ARROWS, MOST_FLOORS = 926, 23
# What makes pages and downloads reads the dataset, never how it came about.
PUBLISHING = ("measures", "package", "site")
READING = {"readers", "forms", "dataset.tabulate", "dataset.checks", "dataset.compile"}


def module(path: Path) -> str:
    parts = path.relative_to(BUILDER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in sorted(BUILDER.rglob("*.py"))}


# Whoever only collects the tests need not parse the builder.
@cache
def trees() -> Mapping[str, ast.Module]:
    """The modules of the builder by name, parsed."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of what a module imports: ``builder.model``, ``click``, ``datetime.datetime``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "写全名：from builder.x import y"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(name: str) -> set[str]:
    """The modules of the builder that a module imports."""
    found = {item.removeprefix("builder.") for item in imported(trees()[name]) if item.startswith("builder.")}
    return {item if item in MODULES else item.rpartition(".")[0] for item in found}


@cache
def graph() -> Mapping[str, set[str]]:
    """What each module imports of the others."""
    return {name: ours(name) for name in MODULES}


def top(name: str) -> str:
    return name.partition(".")[0]


def room(name: str) -> str:
    return "ground" if not name or top(name) in GROUND else top(name)


def test_every_module_is_in_a_room() -> None:
    assert {room(name) for name in MODULES} == set(ROOMS)
    assert graph()["forms.extract"] >= {"model", "forms.flow", "forms.form"}


def test_imports_have_no_circle() -> None:
    TopologicalSorter(graph()).prepare()


def test_arrows_and_floors_do_not_grow_unnoticed() -> None:
    """An arrow is an import from one module to another; a module stands one floor above all that it imports."""
    floors: dict[str, int] = {}
    for name in TopologicalSorter(graph()).static_order():
        floors[name] = 1 + max((floors[below] for below in graph()[name]), default=0)
    arrows = sum(map(len, graph().values()))
    assert (arrows <= MOST_ARROWS, max(floors.values()) <= MOST_FLOORS) == (True, True), (
        f"{arrows} arrows (at most {MOST_ARROWS}), {max(floors.values())} floors (at most {MOST_FLOORS}): take one away, "
        "or raise the number and say why in the commit"
    )


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_only_those_before_it(name: str) -> None:
    allowed = {*ROOMS[: ROOMS.index(name) + 1]}
    arrows = {(one, other) for one, needed in graph().items() if room(one) == name for other in needed}
    assert {(one, other) for one, other in arrows if room(other) not in allowed} == set()


@pytest.mark.parametrize("name", WITHIN)
def test_imports_within_a_room_go_one_way(name: str) -> None:
    order = WITHIN[name]
    inside = {one: needed for one, needed in graph().items() if one.startswith(f"{name}.")}
    assert {one.split(".")[1] for one in inside} == set(order)
    for one, needed in inside.items():
        allowed = {*order[: order.index(one.split(".")[1]) + 1]}
        assert {other.split(".")[1] for other in needed if top(other) == name} <= allowed, one


def test_nouns_and_values_import_nothing_of_ours() -> None:
    assert graph()["faults"] == graph()["model"] == graph()["text"] == graph()["dataset.rows"] == set()


def test_readers_know_formats_and_not_forms() -> None:
    for name, needed in graph().items():
        if room(name) == "readers":
            assert {top(item) for item in needed} <= {"readers", "faults", "model", "text", "atomic", "room"}, name


@pytest.mark.parametrize("name", [name for name in MODULES if room(name) in PUBLISHING])
def test_what_is_published_comes_from_the_dataset(name: str) -> None:
    assert {item for item in graph()[name] if {top(item), item} & READING} == set()


def test_nobody_imports_the_command_line() -> None:
    assert [name for name, needed in graph().items() if "__main__" in needed] == []


def test_only_the_command_line_prints_and_exits() -> None:
    for name, tree in trees().items():
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        if name != "__main__":
            assert not called & {"print", "exit", "quit", "input", "SystemExit"}, name
            assert not {"click", "sys.exit"} & set(imported(tree)), name


def test_nothing_touches_the_network() -> None:
    network = {"socket", "ssl", "http.client", "urllib.request", "requests", "httpx", "aiohttp", "ftplib"}
    for name, tree in trees().items():
        assert not {item for item in imported(tree) if item in network or item.rpartition(".")[0] in network}, name


def test_nothing_depends_on_the_hour_or_on_chance() -> None:
    for name, tree in trees().items():
        assert not {"random", "uuid", "secrets"} & {top(item) for item in imported(tree)}, name
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        clock = {"datetime.now", "datetime.datetime.now", "datetime.today", "date.today", "datetime.date.today"}
        assert not calls & {*clock, "time.time", "hash"}, name


def compared(tree: ast.Module) -> Iterator[object]:
    """Constants that a module compares something with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.MatchValue):
            yield from (item.value for item in ast.walk(node) if isinstance(item, ast.Constant))


def test_no_branch_names_a_document_a_region_or_a_year(settings: Settings) -> None:
    names = {document.document_id for document in settings.documents} | {
        document.title for document in settings.documents
    }
    for region in settings.regions.values():
        names |= {region.region_id, region.name, *region.aliases}
    years = set(range(2015, 2050))
    for name, tree in trees().items():
        assert not {value for value in compared(tree) if value in names or value in years}, name


def test_no_error_is_swallowed() -> None:
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{name}:{node.lineno} 空的 except"
                assert ast.unparse(node.type) != "Exception" or any(
                    isinstance(inner, ast.Raise) for inner in ast.walk(node)
                ), f"{name}:{node.lineno} 吞掉了 Exception"
