"""The written data package, judged by frictionless before anything is published."""

from pathlib import Path

from frictionless import Package, system

from builder.faults import PublishingFault


def judge(folder: Path) -> None:
    """Validate ``folder/datapackage.json`` with its tables: types, constraints, keys, hashes. Raises ``PublishingFault``."""
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    if report.valid:
        return
    faults = report.flatten(["title", "rowNumber", "fieldName", "message"])
    raise PublishingFault(
        f"{folder / 'datapackage.json'} 没有通过 frictionless 的校验，共 {len(faults)} 处，站点保持上一次的样子：\n"
        + "\n".join(f"  {fault}" for fault in faults[:20])
    )
