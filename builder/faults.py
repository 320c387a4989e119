"""What stops a command: one sentence in Chinese that says what happened, where, and what to do. No traceback."""

from pathlib import Path


class Fault(Exception):
    """``what`` happened, in which ``file``, at which ``place`` in it (a line, an entry), and the ``remedy``.

    ``str(fault)`` joins what is given: ``data/calendar.yml：第 3 行：due_month 应为 1 到 12。请改正。``
    The command line prints that for every fault, and ends with exit code 1.
    """

    def __init__(self, what: str, *, file: Path | str | None = None, place: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.file, self.place, self.remedy = what, file, place, remedy

    def __str__(self) -> str:
        stop = "。" if self.remedy and not self.what.endswith(("。", "？", "！")) else ""
        return "：".join(filter(None, (str(self.file or ""), self.place, f"{self.what}{stop}{self.remedy}")))


class SettingsFault(Fault):
    """A maintained file of ``data/`` that cannot be used."""


class DocumentFault(Fault):
    """A document that cannot be read; the others go on without it."""


class DatasetFault(Fault):
    """Rows, CSV files or records of releases that the schemas forbid, or that contradict each other."""


class RequestFault(Fault):
    """What the person asked for cannot be done as asked: the message says which option or step helps."""


class PublishingFault(Fault):
    """A package, a page or an index that could not be made; what was published before stays."""
