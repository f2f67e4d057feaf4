"""A sheet of a workbook as typed columns."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from portance.errors import ExtractError


def sheet(
    path: Path, wanted: str | int | None, nulls: tuple[str, ...], rows: int | None = None
) -> tuple[list[str], pa.Table]:
    """The headers and the columns of a sheet (by name, or by number from 1; the first one that has cells otherwise).

    The first row that has cells is the header. A column whose cells are all of one kind keeps it (numbers,
    instants, yes or no); a mixed one becomes text.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        cells = _chosen(path, workbook, wanted)
    except (CalamineError, OSError, ValueError) as error:
        raise ExtractError(path, f"a workbook that cannot be opened ({error})", "an XLSX workbook without a password",
                           "Save it again as XLSX, or export it as CSV.") from error  # fmt: skip
    while cells and all(cell in ("", None) for cell in cells[0]):
        cells.pop(0)
    if not cells:
        raise ExtractError(
            path, "a sheet without cells", "a header and rows", "Name the right 'sheet' in the charter."
        )
    names = ["" if cell is None else _text(cell) for cell in cells[0]]
    while (
        names
        and not names[-1].strip()
        and all(len(row) < len(names) or row[len(names) - 1] in ("", None) for row in cells[1:])
    ):
        names.pop()
    body = [row for row in cells[1:] if any(cell not in ("", None) for cell in row)]
    if rows is not None:
        body = body[:rows]
    markers = frozenset(nulls)
    columns = [
        _column([row[place] if place < len(row) else None for row in body], markers)
        for place in range(len(names))
    ]
    return names, pa.Table.from_arrays(columns, names=[f"c{place}" for place in range(len(names))])


def _chosen(path: Path, workbook: CalamineWorkbook, wanted: str | int | None) -> list[list[Any]]:
    names = list(workbook.sheet_names)
    if wanted is None:
        for name in names:
            cells: list[list[Any]] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=True)
            if cells:
                return cells
        return []
    if isinstance(wanted, int):
        if not 1 <= wanted <= len(names):
            raise ExtractError(
                path,
                f"sheet number {wanted}",
                f"a number from 1 to {len(names)}",
                "Mend 'sheet' in the charter.",
            )
        wanted = names[wanted - 1]
    if wanted not in names:
        raise ExtractError(
            path, f"sheet {wanted!r}", f"one of {', '.join(map(repr, names))}", "Mend 'sheet' in the charter."
        )
    found: list[list[Any]] = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=True)
    return found


def _column(cells: list[Any], nulls: frozenset[str]) -> pa.Array:
    cells = [
        None if cell is None or (isinstance(cell, str) and cell.strip() in nulls) else cell for cell in cells
    ]
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return pa.array(cells, pa.bool_())
    if kinds and kinds <= {int, float}:
        whole = all(cell is None or (float(cell).is_integer() and abs(cell) < 2**53) for cell in cells)
        return (
            pa.array([None if cell is None else int(cell) for cell in cells], pa.int64())
            if whole
            else pa.array(cells, pa.float64())
        )
    if kinds == {date}:
        return pa.array(cells, pa.date32())
    if kinds and kinds <= {date, datetime}:
        midnight = time()
        instants = [datetime.combine(cell, midnight) if type(cell) is date else cell for cell in cells]
        return pa.array(instants, pa.timestamp("us"))
    return pa.array([None if cell is None else _text(cell) for cell in cells], pa.string())


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)
