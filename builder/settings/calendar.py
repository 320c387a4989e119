"""Region × year: published and read, published but not readable, not found, not yet due. Never confused with zero."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from builder.faults import SettingsFault
from builder.settings.config import LIST, TEXT, WHOLE, Settings, checked, listed, read_yaml

STATUSES = {"read": "已读", "unreadable": "已公开，读不了", "not_found": "没有找到", "not_due": "还没到公开的时候"}
_KEPT = ("unreadable", "not_found", "not_due")


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


def load(path: Path, settings: Settings) -> Calendar:
    """``data/calendar.yml``, checked, also against the documents that are here. Raises ``SettingsFault``."""
    block = checked(path, "", read_yaml(path), {"due_month": WHOLE}, {"entries": LIST})
    if block["due_month"] not in range(1, 13):
        raise SettingsFault(f"{path}：due_month 应为 1 到 12 的月份，读到 {block['due_month']}。")
    held = {(document.region_id, document.year): document.document_id for document in settings.documents}
    entries: dict[tuple[str, int], Entry] = {}
    required = {"region_id": TEXT, "year": WHOLE, "status": TEXT}
    for where, item in listed(path, "entries ", block.get("entries") or []):
        entry = Entry(**checked(path, where, item, required, dict.fromkeys(("checked_on", "note", "url"), TEXT)))
        _require_sound(path, where, entry, settings)
        key = (entry.region_id, entry.year)
        if key in held:
            raise SettingsFault(
                f"{path}：{where}（{entry.region_id} {entry.year}）与来源清单矛盾：这个地区这一年已经有文件 {held[key]}。请删去这一条。"
            )
        if key in entries:
            raise SettingsFault(f"{path}：{where}（{entry.region_id} {entry.year}）前面已经写过。请只留一条。")
        entries[key] = entry
    return Calendar(block["due_month"], entries)


def _require_sound(path: Path, where: str, entry: Entry, settings: Settings) -> None:
    if entry.region_id not in settings.regions:
        raise SettingsFault(
            f"{path}：{where}的地区 {entry.region_id} 不在 data/regions.yml 里。请核对编号，或先在那里加一条。"
        )
    if not 1990 <= entry.year <= 2099:
        raise SettingsFault(f"{path}：{where}的 year 应为四位年份，读到 {entry.year}。")
    if entry.status not in _KEPT:
        raise SettingsFault(
            f"{path}：{where}的 status 只能是 {'、'.join(_KEPT)}，读到 {entry.status!r}。加入了文件的地区年度不写在这里。"
        )
    if entry.checked_on is not None and not is_day(entry.checked_on):
        raise SettingsFault(f"{path}：{where}的 checked_on 应为日期，如 2026-03-08，读到 {entry.checked_on!r}。")
    if entry.url is not None and not re.fullmatch(r"https?://\S+", entry.url):
        raise SettingsFault(f"{path}：{where}的 url 应以 https:// 或 http:// 开头，中间没有空格，读到 {entry.url!r}。")


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written 2026-03-08."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
