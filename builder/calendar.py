"""Region × year: published and read, published but not readable, not found, not yet due. Never confused with zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.config import Config, ConfigError, read_yaml

STATUSES = {"read": "已读", "unreadable": "已公开，读不了", "not_found": "没有找到", "not_due": "还没到公开的时候"}
_KEYS = {"region_id", "year", "status", "checked_on", "note", "url"}


@dataclass(frozen=True, slots=True)
class Entry:
    region_id: str
    year: int
    status: str
    checked_on: str | None = None
    note: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What maintainers noted of region-years without a readable document, and the month by which one is due."""

    due_month: int
    entries: Mapping[tuple[str, int], Entry]


def load(path: Path, config: Config) -> Calendar:
    """``data/calendar.yml``, checked. Raises ``ConfigError``."""
    block = read_yaml(path)
    if not isinstance(block, dict) or set(block) != {"due_month", "entries"}:
        raise ConfigError(f"{path}：要有且只有 due_month 和 entries 两个键。")
    held = {(document.region_id, document.year) for document in config.documents}
    entries: dict[tuple[str, int], Entry] = {}
    for number, item in enumerate(block["entries"] or [], 1):
        if not isinstance(item, dict) or not {"region_id", "year", "status"} <= item.keys() <= _KEYS:
            raise ConfigError(f"{path}：第 {number} 条要有 region_id、year、status，另可有 checked_on、note、url。")
        entry = Entry(**item)
        key = (entry.region_id, entry.year)
        if entry.region_id not in config.regions:
            raise ConfigError(f"{path}：第 {number} 条的地区 {entry.region_id} 不在 data/regions.yml 里。")
        if entry.status not in STATUSES or entry.status == "read":
            raise ConfigError(f"{path}：第 {number} 条的 status 只能是 unreadable、not_found 或 not_due。")
        if key in held:
            raise ConfigError(f"{path}：第 {number} 条（{entry.region_id} {entry.year}）已经有文件了，请删去这一条。")
        if key in entries:
            raise ConfigError(f"{path}：{entry.region_id} {entry.year} 写了两次。")
        entries[key] = entry
    return Calendar(int(block["due_month"]), entries)


def checklist(year: int, month: int, config: Config, calendar: Calendar) -> Sequence[str]:
    """Markdown: the regions whose ``year`` is expected, seen from ``month`` of that year (13 or more: later)."""
    ever = {document.region_id for document in config.documents}
    held = {document.region_id for document in config.documents if document.year == year}
    lines = [f"# {year} 年绩效目标表：还缺哪些地区", ""]
    groups: dict[str, list[str]] = {"read": [], "unreadable": [], "late": [], "expected": []}
    for region in config.regions.values():
        noted = calendar.entries.get((region.region_id, year))
        name = f"{region.name}（{region.region_id}）"
        if region.region_id in held:
            groups["read"].append(f"- [x] {name}")
        elif noted is not None and noted.status == "unreadable":
            groups["unreadable"].append(f"- [ ] {name}：{noted.note or '读不了'}")
        else:
            seen = "" if region.region_id in ever else "，还没有过文件"
            tried = f"，{noted.checked_on or '已'}查过：{STATUSES[noted.status]}" if noted else ""
            late = month > calendar.due_month and not (noted and noted.status == "not_due")
            groups["late" if late else "expected"].append(f"- [ ] {name}{seen}{tried}")
    titles = {
        "late": f"逾期未见（一般 {calendar.due_month} 月底以前公开）",
        "expected": "等待公开",
        "unreadable": "已公开，读不了",
        "read": "已读",
    }
    for key, title in titles.items():
        if groups[key]:
            lines += [f"## {title}：{len(groups[key])}", "", *groups[key], ""]
    lines.append("加入一份文件：`python -m builder add 文件`；找过没有找到的，记在 data/calendar.yml。")
    return lines
