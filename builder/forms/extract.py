"""Rows of cells → forms, catalogue rows and stated totals, as filed.

The reader knows headings (``labels.yml``), not documents: a title begins a form, a heading takes the cell that
follows it, a header row gives the indicator table its columns, and each row under it is placed by the types of its
cells. Whatever no rule takes is left in the ledger and becomes a ``cell-unread`` finding: nothing is lost.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from operator import itemgetter

from builder.forms import beside, breaks, flow, kinds, long, preamble, result_flow, result_long, result_words, results
from builder.forms.form import FormReader, Segment
from builder.forms.headings import inline, is_header, is_heading, is_title
from builder.forms.ledger import Ledger
from builder.model import UNREAD, Extract, FiledForm, FiledResult, OtherForm, Reading, Row
from builder.settings import Settings
from builder.text import is_number, label_key

# What may be printed over a form: its number, and where it has no title, the unit of its money.
SERIAL = frozenset({"serial_no"})
UNTITLED_LEAD = frozenset({"serial_no", "unit"})
GOALS = frozenset({"goal", "goal_overall"})
BLANKS = " \u3000\t\n"


def extract(reading: Reading, document_id: str, settings: Settings) -> Extract:
    """Everything a reading holds, as filed, with a finding for each cell that could not be placed."""
    lines = reading.rows if reading.flowing else breaks.whole_titles(reading.rows, settings)
    running = [row for row in lines if row.running and not _speaks(row, settings)]
    aside = {row.line for row in running}
    body = [row for row in lines if row.line not in aside]
    long_rows = _long_rows(body, settings) if reading.flowing else []
    whole = flow.join([row for row in body if row not in long_rows], settings) if reading.flowing else body
    rows = breaks.mend([_without_blank_edges(row) for row in whole if row.filled], settings)
    cells = [cell for row in [*rows, *running, *long_rows] for cell in row.filled]
    count = len(cells)
    ledger = Ledger(document_id, {(cell.line, cell.column): cell for cell in cells})
    ledger.set_aside(cell for row in running for cell in row.filled)
    for row in long_rows:
        ledger.report("row-ambiguous", row.line, text=row.text, actual=row.text)
        ledger.give_up(row.filled)
    for code, detail in reading.notes:
        ledger.report(code, 1, text=detail or None)
    catalogue, catalogue_unit, rest = preamble.catalogue(rows, settings, ledger)
    before, segments = _segments(rest if reading.flowing else beside.apart(rest, settings), settings)
    if not segments and kinds.by_columns(before, settings) and any(_names(row, settings) for row in before):
        # A sheet of results without the title of one: it names its project.
        before, segments = [], [Segment(None, "project", before)]
    stated = preamble.stated_totals(before, settings)
    forms: list[FiledForm] = []
    others: list[OtherForm] = []
    told: list[Segment] = []
    words = long.Promises(settings)
    for segment, head in long.joined(segments, words):
        segment.flowing = reading.flowing
        if (other := kinds.by_columns(segment.rows, settings)) is not None:
            others.append(other)
            segment.kind = other.kind
            told.append(segment)
        else:
            parts, totals = long.split(segment, head, words, ledger) if head else ([segment], [])
            stated += totals
            for part in parts:
                forms.append(FormReader(len(forms) + 1, part, settings, ledger).read())
    found: list[FiledResult] = []
    # A document is one of targets or one of results.
    if not forms and {segment.kind for segment in told} <= kinds.OF_RESULTS:
        told = _without_reports(told, settings, ledger)
        sheets = _joined(told, settings) if reading.flowing else _parted(told, settings, ledger)
        for segment, joined in sheets:
            if reading.flowing:
                count += ledger.exchange(segment.rows, joined)
            sheet = results.ResultReader(len(found) + 1, segment, settings, ledger).read(joined)
            found += [sheet] if sheet.fields.keys() - {"unit"} or sheet.funding or sheet.indicators else []
    else:
        for other, segment in zip(others, told, strict=True):
            ledger.report("other-kind", other.line, kind=other.name, evidence=other.evidence)
            ledger.give_up(cell for row in segment.rows for cell in row.filled)
    if not segments and (other := kinds.by_columns(rest, settings) or kinds.by_title(rest, settings)) is not None:
        others.append(other)
    preamble.set_aside(before, reading.flowing, settings, ledger)
    if segments:
        ledger.set_aside(cell for row in _of_other_tables(before, settings) for cell in row.filled)
    owners = sorted((form.line_start, form.line_end, form.number) for form in forms)
    for cell in list(ledger.open.values()):
        place = bisect_right(owners, cell.line, key=itemgetter(0)) - 1
        owner = owners[place][2] if place >= 0 and cell.line <= owners[place][1] else None
        ledger.report("cell-unread", cell.line, owner, text=cell.text.strip(), actual=cell.text.strip())
        ledger.give_up([cell])
    if reading.flowing:
        forms = _without_places(forms, ledger)
    return Extract(
        tuple(forms),
        tuple(catalogue),
        catalogue_unit,
        tuple(stated),
        tuple(ledger.findings),
        count,
        ledger.read,
        ledger.furniture,
        ledger.reported,
        tuple(others),
        tuple(found),
    )


def _of_other_tables(before: Sequence[Row], settings: Settings) -> Iterator[Row]:
    """The rows before the first form that lie in a table of another kind, by the title in it or over it: a budget is
    published with its tables of income and spending."""
    over, table = False, None
    for row in before:
        if (titled := kinds.titled(row, settings) is not None) or row.table is None:
            over, table = titled, row.table if titled else None
        elif over and table is None:
            table = row.table
        if over and row.table is not None and row.table == table:
            yield row


def _long_rows(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """The rows of long tables in text without columns: blank cells are lost in it, so that no cell of a row is known to
    stand under any heading."""
    found: list[Row] = []
    words = long.Promises(settings)
    for at, row in enumerate(rows):
        if (found and found[-1] is rows[at - 1] and not is_title(row, settings)) or long.find(rows, at, words):
            found.append(row)
    return found


Sheets = Iterator[tuple[Segment, Sequence[Row]]]


def _joined(told: Sequence[Segment], settings: Settings) -> Sheets:
    """The sheets of results in text without columns, with the rows that their lines make."""
    for segment in told:
        yield segment, result_flow.join(segment.rows, result_words.ResultWords(settings))


def _without_reports(told: Sequence[Segment], settings: Settings, ledger: Ledger) -> list[Segment]:
    """The segments without the prose of a report before the sheet of its scores: what it counts stands there too."""
    words = result_words.ResultWords(settings)
    scored = [any(words.header(one.rows, at, words.scored_field) for at in range(len(one.rows))) for one in told]
    kept: list[Segment] = []
    for place, segment in enumerate(told):
        later = zip(told[place + 1 :], scored[place + 1 :], strict=True)
        is_report = segment.kind == "evaluation" and not any(
            _names(row, settings) for row in segment.rows if row.filled
        )
        if is_report and not scored[place] and any(one.kind == segment.kind and has for one, has in later):
            ledger.set_aside(cell for row in segment.rows for cell in row.filled)
        else:
            kept.append(segment)
    return kept


def _parted(told: Sequence[Segment], settings: Settings, ledger: Ledger) -> Sheets:
    """The sheets of results with their rows; a long table makes one for each of its projects."""
    words = result_long.Outcomes(result_words.ResultWords(settings))
    for segment, head in long.joined(told, words):
        for part in long.split(segment, head, words, ledger)[0] if head else [segment]:
            yield part, part.rows


def _without_places(forms: Sequence[FiledForm], ledger: Ledger) -> list[FiledForm]:
    """The forms of flowing text; those of which something was not read without the places of their fields: what seems to
    stand empty there may be what was not read."""
    flawed = {finding.project_id for finding in ledger.findings if finding.code in UNREAD}
    return [
        replace(
            form,
            places=frozenset(
                place for place in form.places if place.startswith("indicator.") or place.endswith(".unread")
            ),
        )
        if f"{ledger.document_id}-{form.number:03d}" in flawed
        else form
        for form in forms
    ]


def _without_blank_edges(row: Row) -> Row:
    if all([cell.text == cell.text.strip(BLANKS) for cell in row.filled]):
        return row
    return replace(row, cells=tuple(cell._replace(text=cell.text.strip(BLANKS)) for cell in row.cells))


def _speaks(row: Row, settings: Settings) -> bool:
    """Whether a line repeated on several pages says something all the same, as the titles do of forms of a page each."""
    return is_title(row, settings) or any(
        is_heading(cell.text, settings) or inline(cell, settings) for cell in row.filled
    )


def _segments(rows: Sequence[Row], settings: Settings) -> tuple[list[Row], list[Segment]]:
    """Rows before the first form, and the rows of each form. A repeated title without a form under it is furniture.

    The title of another kind of form ends the one before it if that kind's columns follow; else it is a cell of it.
    A line of the cover that stands over a later form too is one of the cover.
    """
    before: list[Row] = []
    covers: set[str] = set()
    segments: list[Segment] = []
    above = _Above()
    words = long.Promises(settings)
    others = _others(rows, settings)
    for place, row in enumerate(rows):
        if place in others or is_title(row, settings):
            lead = _serial_rows_at_end(segments[-1].rows if segments else before, settings)
            segments.append(Segment(row, _form_type(row, settings), [*lead, row]))
            above = _Above()
        elif _begins_untitled(row, segments, above, settings) or (not segments and long.find(rows, place, words)):
            lead = _serial_rows_at_end(segments[-1].rows if segments else [], settings, UNTITLED_LEAD)
            segments.append(Segment(None, segments[-1].form_type if segments else "project", [*lead, row]))
            above = _Above()
        elif segments and not (row.text in covers and _is_over_a_title(rows, place, others, settings)):
            segments[-1].rows.append(row)
        else:
            before.append(row)
            if not segments and len(row.filled) == 1 and not is_number(row.text) and not _speaks(row, settings):
                covers.add(row.text)
            continue
        above.add(row, settings)
    whole: list[Segment] = []
    for segment in segments:
        if _has_heading(segment, settings) and (segment.title is not None or whole or _promises(segment, settings)):
            whole.append(segment)
        elif whole:
            whole[-1].rows.extend(segment.rows)
        else:
            before.extend(segment.rows)
    return before, whole


def _is_over_a_title(rows: Sequence[Row], place: int, others: Set[int], settings: Settings) -> bool:
    """Whether a title stands within the next few rows. The name of the bureau on the cover is a value within a form."""
    return any(at in others or is_title(rows[at], settings) for at in range(place + 1, min(place + 4, len(rows))))


def _others(rows: Sequence[Row], settings: Settings) -> Set[int]:
    """The places of the titles of another kind of form, where its columns follow before the next title."""
    titled = {place for place, row in enumerate(rows) if kinds.titled(row, settings)}
    following = kinds.Columns(settings)
    for place in range(len(rows) - 1, min(titled, default=len(rows)) - 1, -1):
        if is_title(rows[place], settings):
            following = kinds.Columns(settings)
        following.add(rows[place])
        if not following.are_enough:
            titled.discard(place)
    return titled


def _form_type(row: Row, settings: Settings) -> str:
    key = label_key(row.filled[0].text)
    found = [
        (found.end() - found.start(), -number, title.form_type)
        for number, title in enumerate(settings.titles)
        for found in title.pattern.finditer(key)
        if found.end() == len(key)
    ]
    return max(found, default=(0, 0, "project"))[2]


def _serial_rows_at_end(rows: list[Row], settings: Settings, fields: Set[str] = SERIAL) -> list[Row]:
    """Take the rows at the end that only carry the next form's number (``序号：3``), or its unit of money."""
    lead: list[Row] = []
    while rows and len(rows[-1].filled) <= 2:
        first = rows[-1].filled[0]
        pairs = inline(first, settings)
        found = pairs[0].label if pairs else settings.form.find(first.text)
        if found is None or found.field not in fields:
            break
        lead.insert(0, rows.pop())
    return lead


def _names(row: Row, settings: Settings) -> bool:
    """Whether a row begins with the heading of a project's name."""
    label = settings.form.find(row.filled[0].text)
    return label is not None and label.field == "name"


@dataclass(slots=True)
class _Above:
    """The rows of the last form so far: those that begin with the heading of a name, by their text the pages that they
    are printed on, and whether the header of its indicators is among them."""

    names: dict[str, set[int | None]] = field(default_factory=dict)
    has_header: bool = False

    def add(self, row: Row, settings: Settings) -> None:
        if _names(row, settings):
            self.names.setdefault(row.text, set()).add(row.page)
        self.has_header = self.has_header or is_header(row, settings)


def _begins_untitled(row: Row, segments: Sequence[Segment], above: _Above, settings: Settings) -> bool:
    if not _names(row, settings) or len(row.filled) < 2 or is_header(row, settings):
        return False
    # Printed again on a later page, as the heading rows of a table are, it begins none.
    is_again = bool(above.names.get(row.text, set()) - {row.page})
    return not segments or (above.has_header and bool(above.names) and not is_again)


def _promises(segment: Segment, settings: Settings) -> bool:
    """Whether a segment without a title has a goal or a header of indicators, or what came of them: a list of things to
    buy names its project and money too."""
    return kinds.by_columns(segment.rows, settings) is not None or any(
        is_header(row, settings) or any(label and label.field in GOALS for label in map(settings.form.find, texts))
        for row in segment.rows
        for texts in [[cell.text for cell in row.filled]]
    )


def _has_heading(segment: Segment, settings: Settings) -> bool:
    """Whether a segment has more than its title: a heading of a form, the project names of a long table, or the columns
    of another kind of form."""
    for row in segment.rows:
        labels = {label.field for cell in row.filled if (label := settings.form.find(cell.text))}
        if "name" in labels or (labels - {"unit", "serial_no", "reporting_unit"} and not is_header(row, settings)):
            return True
    return kinds.by_columns(segment.rows, settings) is not None
