"""Wrong edits of every maintained file: each is told with its file, or is harmless; none is a traceback, none hangs.

What ``load`` accepts is not a fault for ``check``; so a sample of it is carried to the end of ``check``, and the long
run to the end of ``build``.
"""

import copy
import random
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.dataset import compile as compiling
from builder.dataset import store
from builder.faults import Fault, SettingsFault
from builder.settings import Settings, load

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.yml"))
Place = tuple[str | int, ...]
# Processor seconds of one answer: what hangs takes longer on any machine, what is slow on a busy one does not.
LONGEST = 20
# Another kind of value in the place of one.
OTHERS: tuple[Any, ...] = (
    None, "", " ", "甲", "=1+1", "(", "[", "{", "{x}", "$x", "../../etc", "<b>甲</b>", "甲\n乙", "1_000", "2024-13-45",
    "'", 0, -1, 5, 10**17, True, [], ["甲"], [None], [[]], {}, {"甲": 1}, {"甲": {"乙": []}}, "长" * 30_000,
)  # fmt: skip
# What may go wrong in the text of a file: (what to find, what to put there).
SLIPS: tuple[tuple[str, str], ...] = (
    (r"^  ", "\t"), (r": ", ":"), (r":", "："), (r"\[", ""), (r"\]", ""), (r"^- ", "-"), (r"'", ""), (r"\{", ""),
    (r"$", " \x07"), (r"$", " &a"), (r": .*$", ": *a"), (r": .*$", ": !!set {a}"), (r"^(\w+):", "甲: 甲:"),
    (r"$", "\n---"), (r"^", "? "), (r": .*$", ": |"), (r"$", " \ufeff"), (r"$", "\u202e"), (r": .*$", ": 'a"),
)  # fmt: skip
WHOLE: tuple[str, ...] = (
    "", "甲", "- 甲", "甲: 乙", "[" * 5000, "{a: " * 5000, "- " * 5000, "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "\x00",
    "a: 1\na: 2", "\t甲: 1", "甲" * 2_100_000, "%YAML 9.9\n---\na: 1", "a: 1\n...\nb: 2", "!!python/object:os.system {}",
)  # fmt: skip


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a file, the whole included."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*at, key))


def edited(content: Any, place: Place, chance: random.Random) -> Any:
    """The content with one structural slip at ``place``: gone, misspelt, twice, of another kind, or turned around."""
    if not place:
        return chance.choice(OTHERS)
    *above, last = place
    holder = content
    for step in above:
        holder = holder[step]
    what = chance.choice(("gone", "misspelt", "twice", "other", "other", "turned"))
    if what == "gone":
        del holder[last]
    elif what == "misspelt" and isinstance(holder, dict):
        items = [(f"{key}x" if key == last else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)
    elif what == "twice" and isinstance(holder, list):
        holder.append(holder[last])
    elif what == "turned" and isinstance(holder[last], dict):
        holder[last] = list(holder[last].values())
    elif what == "turned" and isinstance(holder[last], list):
        holder[last] = {str(place): value for place, value in enumerate(holder[last])}
    else:
        holder[last] = chance.choice(OTHERS)
    return content


class Plain(yaml.CSafeDumper):
    """Writes a value that stands twice out twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def edits(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Wrong edits, spread over the files: the file's name and its whole new text."""
    chance = random.Random(seed)
    texts = {name: (DATA / name).read_text(encoding="utf-8") for name in FILES}
    contents = {name: yaml.load(text, yaml.CSafeLoader) for name, text in texts.items()}
    everywhere = {name: list(places(content)) for name, content in contents.items()}
    for number in range(count):
        name = FILES[number % len(FILES)]
        kind = number // len(FILES) % 4
        if kind == 3 and chance.random() < 0.4:
            yield name, chance.choice(WHOLE)
        elif kind == 3:
            lines = texts[name].splitlines()
            at = chance.choice(
                [place for place, line in enumerate(lines) if line.strip() and not line.startswith("#")] or [0]
            )
            find, put = chance.choice(SLIPS)
            lines[at] = re.sub(find, lambda _, put=put: put, lines[at], count=1)
            yield name, "\n".join(lines) + "\n"
        else:
            content = edited(copy.deepcopy(contents[name]), chance.choice(everywhere[name]), chance)
            yield name, yaml.dump(content, Dumper=Plain, allow_unicode=True, sort_keys=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in (*FILES, "divisions.csv"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DATA / name, tmp_path / "data" / name)
    return tmp_path / "data"


def tried(data: Path, seed: int, count: int) -> tuple[int, list[tuple[str, str, Settings]]]:
    """How many edits were refused, and those that were accepted. Each is answered in time, in our words."""
    refused = 0
    accepted = []
    for name, text in edits(seed, count):
        before = (data / name).read_bytes()
        (data / name).write_text(text, encoding="utf-8")
        start = time.process_time()
        try:
            accepted.append((name, text, load(data)))
        except SettingsFault as fault:
            refused += 1
            said = str(fault)
            assert str(data) in said or "data/" in said, said
            assert not re.search("Input should|Value error|Traceback|object has no|NoneType", said), (name, said)
            assert len(said) < 8_000, (name, len(said))
        assert time.process_time() - start < LONGEST, (name, text[:200])
        (data / name).write_bytes(before)
    return refused, accepted


def test_hundreds_of_wrong_edits(data: Path) -> None:
    refused, accepted = tried(data, 1, 180)
    assert refused > 100
    assert accepted


def prove(accepted: Sequence[tuple[str, str, Settings]]) -> None:
    """What ``check`` does with settings: it ends well or with a fault."""
    for name, text, settings in accepted:
        try:
            compiled = compiling.compile_dataset(settings, lambda message: None)
            store.prove(compiled.tables.by_name(), settings.schemas)
        except Fault:
            continue
        except Exception as error:
            raise AssertionError((name, text[:300])) from error


@pytest.mark.long
@pytest.mark.parametrize("seed", [11])
def test_many_wrong_edits(seed: int, data: Path) -> None:
    _, accepted = tried(data, seed, 400)
    real = [(name, text, settings) for name, text, settings in accepted]
    prove(real[:: max(1, len(real) // 15)])
