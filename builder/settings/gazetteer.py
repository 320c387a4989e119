"""The divisions of the country, and which of them a text names.

``divisions.csv`` knows every province, prefecture, county and many development zones with their codes, so that the first
document of a place needs no edit; ``regions.yml`` holds the places that this site follows, and adds what is missing.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import StringIO
from pathlib import Path

from builder.faults import SettingsFault, regular
from builder.text import fold

# What follows a place's name and is a smaller place: 成都市锦江新区 and 鄢陵县城关镇, not 长寿区城镇老旧小区.
_WITHIN = re.compile(
    r"[^\W\d局委办部厅院会校]{0,6}(?:(?:新|开发|高新|经开|园|示范|集中|保税)区|[^城乡街村集市]镇|街道|[^城下]乡(?![村镇]))"
)
LEVELS = ("province", "municipality", "prefecture", "district", "development_zone", "township")
_ID, _CODE = re.compile("[a-z][a-z0-9-]*"), re.compile("([0-9]{6})?")
COLUMNS = ["region_id", "name", "level", "parent_id", "division_code"]


@dataclass(frozen=True, slots=True)
class Region:
    """``aliases`` are spellings that documents and readers use; the full name with those above it is one of them."""

    region_id: str
    name: str
    level: str
    parent_id: str | None
    division_code: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Gazetteer:
    """All known places by id; ``followed`` are those of ``regions.yml``, which win where two places share a name."""

    regions: Mapping[str, Region]
    followed: frozenset[str]

    def chain(self, region_id: str) -> list[Region]:
        """The region and those above it, from the top."""
        found: list[Region] = []
        above: str | None = region_id
        while above is not None:
            found.insert(0, self.regions[above])
            above = self.regions[above].parent_id
        return found

    def full_name(self, region_id: str) -> str:
        return "".join(region.name for region in self.chain(region_id))

    @cached_property
    def _owners(self) -> Mapping[str, tuple[str, ...]]:
        """Folded spelling → the places that it may mean. 吉林市 may stand alone, after 吉林省, or before 昌邑区."""
        owners: dict[str, dict[str, None]] = {}
        for region_id, region in self.regions.items():
            above = [part.name for part in self.chain(region_id)[:-1]]
            prefixes = {"", *above, "".join(above)}
            for alias in {*(before + region.name for before in prefixes), *region.aliases}:
                owners.setdefault(fold(alias), {})[region_id] = None
        return {alias: tuple(found) for alias, found in owners.items()}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._owners), default=0)

    def named(self, text: str) -> Iterator[tuple[str, ...]]:
        """What each name of a place in the text may mean; of names that overlap, the first and longest.

        A name of two characters counts only with its 县 (健康长寿 names no place). None counts that follows an unknown
        city's name (新宁海市江北区), or that an unknown town or zone follows (成都市锦江新区).
        """
        folded = fold(text)
        start = 0
        while start < len(folded):
            ends = range(min(len(folded), start + self._longest), start + 1, -1)
            name = next((folded[start:end] for end in ends if folded[start:end] in self._owners), None)
            if name is None:
                start += 1
                continue
            end = start + len(name)
            stands_alone = folded[start - 1 : start] not in ("省", "市", "州") or start == 0
            if (len(name) > 2 or name.endswith("县")) and stands_alone and not _WITHIN.match(folded, end):
                yield self._owners[name]
            start = end

    def likeliest(self, meant: Sequence[str], beside: frozenset[str]) -> tuple[str, ...]:
        """Of places that share a name, those whose upper place is named ``beside`` it; else those that are followed."""
        for chosen in (
            tuple(one for one in meant if beside & {above.region_id for above in self.chain(one)[:-1]}),
            tuple(one for one in meant if one in self.followed),
        ):
            if chosen:
                return chosen
        return tuple(meant)


@lru_cache(maxsize=2)
def _divisions(raw: bytes) -> tuple[Region, ...]:
    """The entries of ``divisions.csv``. Raises ``SettingsFault`` without the file's name."""
    try:
        # Spreadsheet programs put a mark of their own before the first heading.
        rows = list(csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError:
        raise SettingsFault("不是 UTF-8 编码。请用编辑器另存为 UTF-8") from None
    except csv.Error:
        raise SettingsFault("引号不成对，从少一个引号的地方起都读成了一格。请补上，或从版本库恢复它。") from None
    if not rows or rows[0] != COLUMNS:
        raise SettingsFault(f"第一行应为 {','.join(COLUMNS)}。请从版本库恢复它。")
    found = []
    for number, row in enumerate(rows[1:], 2):
        place = f"第 {number} 行"
        if len(row) != len(COLUMNS) or not row[0] or not row[1]:
            raise SettingsFault(f"应有 {len(COLUMNS)} 格，编号和名称不能空。", place=place)
        region_id, name, level, parent_id, code = row
        if level not in LEVELS or not _ID.fullmatch(region_id) or not _CODE.fullmatch(code):
            raise SettingsFault("编号、级别或代码写法不对。请从版本库恢复它。", place=place)
        if not all(letter.isalnum() or letter in "·（）()" for letter in name):
            raise SettingsFault("名称里有空格、换行或符号。请只写地名。", place=place)
        found.append(Region(region_id, name, level, parent_id or None, code or None, (name,)))
    return tuple(found)


def load(path: Path, followed: Mapping[str, Region]) -> Gazetteer:
    """``divisions.csv`` with the followed regions, which stand for its entries of the same code. Raises ``SettingsFault``."""
    try:
        known = _gazetteer(regular(path).read_bytes(), tuple(followed.values()))
    except OSError:
        raise SettingsFault("找不到或打不开。请从版本库恢复它。", file=path) from None
    except SettingsFault as fault:
        fault.file = path
        raise
    file = path.with_name("regions.yml")
    for region in followed.values():
        below, above = {region.region_id}, region.parent_id
        while above is not None:
            if above not in known.regions:
                raise SettingsFault(f"{region.region_id} 的上级 {above} 既不在这里，也不在 {path.name} 里", file=file)
            if above in below:
                raise SettingsFault(f"{region.region_id} 的上级绕了一圈又回到 {above}", file=file)
            below.add(above)
            above = known.regions[above].parent_id
    return known


# All settings of one command share it, and what it has worked out of its names. Raises ``SettingsFault`` without the file.
@lru_cache(maxsize=2)
def _gazetteer(raw: bytes, followed: tuple[Region, ...]) -> Gazetteer:
    regions = {region.region_id: region for region in followed}
    codes = {region.division_code for region in followed} - {None}
    seen: set[str] = set()
    for number, region in enumerate(_divisions(raw), 2):
        code = region.division_code
        if code in codes:
            continue
        if region.region_id in regions or code in seen:
            again = f"编号 {region.region_id}" if region.region_id in regions else f"代码 {code}"
            raise SettingsFault(f"第 {number} 行的{again} 已经用过。一个地方只写一行。")
        if code:
            seen.add(code)
        if region.parent_id and region.parent_id not in regions:
            raise SettingsFault(f"第 {number} 行的上级 {region.parent_id} 不在它前面。上级写在下级之前。")
        regions[region.region_id] = region
    return Gazetteer(regions, frozenset(region.region_id for region in followed))
