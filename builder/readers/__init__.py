"""Files in the formats that governments publish → ``builder.model.Reading``: rows of cells with lines.

    >>> read(Path("targets.docx"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")

Document text is data throughout: nothing is evaluated, followed or fetched. Each file is read in a process of its own
(``room``), so that none can harm the program or the next one. A file that cannot be read raises ``DocumentFault`` with
one message.
"""

from builder.readers.room import detect, read

__all__ = ["detect", "read"]
