"""Which regions' documents of a year are still to be expected, as a list to work through."""

from collections.abc import Sequence

from builder.settings import Settings
from builder.settings.places import STATUSES


def checklist(year: int, month: int, settings: Settings) -> Sequence[str]:
    """Markdown: the regions whose ``year`` is expected, seen from ``month`` of that year (13 or more: later)."""
    ever = {document.region_id for document in settings.documents}
    held = {document.region_id for document in settings.documents if document.year == year}
    lines = [f"# {year} 年绩效目标表：还缺哪些地区", ""]
    groups: dict[str, list[str]] = {"read": [], "unreadable": [], "late": [], "expected": []}
    for region in settings.regions.values():
        noted = settings.calendar.entries.get((region.region_id, year))
        name = f"{region.name}（{region.region_id}）"
        if region.region_id in held:
            groups["read"].append(f"- [x] {name}")
        elif noted is not None and noted.status == "unreadable":
            groups["unreadable"].append(f"- [ ] {name}：{noted.note or '读不了'}")
        else:
            seen = "" if region.region_id in ever else "，还没有过文件"
            tried = f"，{noted.checked_on or '已'}查过：{STATUSES[noted.status]}" if noted else ""
            late = month > settings.calendar.due_month and not (noted and noted.status == "not_due")
            groups["late" if late else "expected"].append(f"- [ ] {name}{seen}{tried}")
    titles = {
        "late": f"逾期未见（一般 {settings.calendar.due_month} 月底以前公开）",
        "expected": "等待公开",
        "unreadable": "已公开，读不了",
        "read": "已读",
    }
    for key, title in titles.items():
        if groups[key]:
            lines += [f"## {title}：{len(groups[key])}", "", *groups[key], ""]
    lines.append("加入一份文件：`python -m builder add 文件`；找过没有找到的，记在 data/calendar.yml。")
    return lines
