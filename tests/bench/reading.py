"""A CSV file of a million rows and ten columns: against pandas, with either decimal mark."""

from __future__ import annotations

import json
import statistics
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.reading import preview, read_file
from tests.bench.child import Child
from tests.bench.measure import Figure, at_most, given, interleaved, left_out

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_ROWS, _COLUMNS = 1_000_000, 10
_DIFFERENT_ROWS = 100_000
_REPEATS = 5
_TIMES_PANDAS, _TIMES_WITH_COMMA = 3.0, 2.0


def _write(folder: Path) -> tuple[Path, Path]:
    """Return two files of the same numbers of six digits: ``1.5,2`` and ``1,5;2``."""
    numbers = np.random.Generator(np.random.Philox(1)).normal(scale=100.0, size=(_DIFFERENT_ROWS, _COLUMNS))
    rows = "".join(",".join(f"{number:.6g}" for number in row) + "\n" for row in numbers.tolist())
    header = ",".join(f"column_{place}" for place in range(_COLUMNS)) + "\n"
    point, comma = folder / "point.csv", folder / "comma.csv"
    content = header + rows * (_ROWS // _DIFFERENT_ROWS)
    point.write_text(content, encoding="ascii")
    comma.write_text(content.translate(str.maketrans(",.", ";,")), encoding="ascii")
    return point, comma


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    pandas = settings.pandas or (settings.python if find_spec("pandas") else None)
    with tempfile.TemporaryDirectory() as name:
        point, comma = _write(Path(name))
        table = read_file(point)
        assert (table.rows, len(table.names)) == (_ROWS, _COLUMNS)
        assert np.array_equal(table.values, read_file(comma).values)
        if pandas is not None:
            return _against_pandas(pandas, point, comma)
        of_point, of_comma, of_preview = interleaved(
            _REPEATS, lambda: read_file(point), lambda: read_file(comma), lambda: preview(point)
        )
    return [
        *_own(of_point, of_comma, of_preview),
        left_out("our reading / pandas.read_csv", "there is no pandas; name a Python that has it with --pandas"),
    ]


def _own(point: float, comma: float, first_rows: float) -> list[Figure]:
    return [
        given("our reading of 10^6 x 10 numbers of six digits", point, "s"),
        given("the same with decimal commas", comma, "s"),
        given("the first 50 rows of it", first_rows * 1e3, "ms"),
    ]


def _against_pandas(python: str, point: Path, comma: Path) -> list[Figure]:
    theirs = []
    own: list[list[float]] = []
    with Child(python, "pandas_reading.py") as child:
        request = json.dumps(str(point))
        child.ask(request)
        for _ in range(_REPEATS):
            own.append(interleaved(1, lambda: read_file(point), lambda: read_file(comma), lambda: preview(point)))
            answer = child.ask(request)
            theirs.append(answer["seconds"])
    ratios = [statistics.median(each[kind] / other for each, other in zip(own, theirs, strict=True)) for kind in (0, 1)]
    name = f"pandas.read_csv, {answer['version']}"
    return [
        *_own(*(statistics.median(times) for times in zip(*own, strict=True))),
        given(name, statistics.median(theirs), "s"),
        at_most(f"our reading / {name}", ratios[0], _TIMES_PANDAS, "x"),
        at_most("the same with decimal commas", ratios[1], _TIMES_PANDAS * _TIMES_WITH_COMMA, "x"),
    ]
