"""The written data package, validated by frictionless before anything is published."""

from functools import partial
from pathlib import Path

from frictionless import Package, Resource, system

from builder.faults import PublishingFault
from builder.workers import spread

# A row takes frictionless 80 microseconds. Of a longer table it sees so many; ``store.load`` has proved every row of it
# by the same schema.
MOST_ROWS = 20_000


def validate(folder: Path) -> None:
    """Validate ``folder/datapackage.json`` with its tables: types, constraints, keys, and hashes of tables of at most
    ``MOST_ROWS``. Raises ``PublishingFault``."""
    path = folder / "datapackage.json"
    with system.use_context(trusted=True):
        package = Package(str(path))
        package.to_descriptor(validate=True)
        found = list(spread([partial(_validated, resource) for resource in package.resources]))
    faults = [fault for some in found for fault in some]
    if faults:
        raise PublishingFault(
            f"{path} 没有通过 frictionless 的校验，共 {len(faults)} 处，站点保持上一次的样子：\n"
            + "\n".join(f"  {fault}" for fault in faults[:20])
        )


def _validated(resource: Resource) -> list[list[object]]:
    report = resource.validate(limit_rows=MOST_ROWS)
    return [] if report.valid else report.flatten(["title", "rowNumber", "fieldName", "message"])
