"""The table of data sets that the program knows by name: made up by rules and a seed, or measured by people.

Nothing is made or read before it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data import generators
from gdstudio.data.shipped import shipped
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import candidates, shown
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

_CACHED_TABLES = 4
_MADE = "Made for this program"


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A data set that the program knows by name.

    Parameters
    ----------
    key : str
        Name in the table of problems, on the command line and in files.
    name : str
        Name that people read, marked for translation in the context ``Problems``.
    task : {"regression", "binary", "classes"}
        What its target is made for: a number, one of two classes, one of several.
    columns : tuple of str
        Names of the columns, in order.
    reference : str
        Where the data come from, and under which licence.
    make : callable
        Called with the values of `parameters` by key, returns the table; the same bits for the same values.
    parameters : tuple of Parameter
        What can be set; none of measured data.
    """

    key: str
    name: str
    task: str
    columns: tuple[str, ...]
    reference: str
    make: Callable[..., Table]
    parameters: tuple[Parameter, ...] = ()

    @property
    def target(self) -> str:
        """The column that is predicted: the last."""
        return self.columns[-1]


_SAMPLES = Parameter(
    key="samples", symbol="n", meaning=QT_TRANSLATE_NOOP("Parameters", "How many samples are made."),
    default=200.0, minimum=10.0, maximum=1e6, usual=(10.0, 1000.0), logarithmic=True, integer=True,
)
_SEED = Parameter(
    key="seed", symbol="s",
    meaning=QT_TRANSLATE_NOOP("Parameters", "Another seed makes other samples by the same rule."),
    default=20.0, minimum=0.0, maximum=2.0**32 - 1.0, usual=(0.0, 100.0), integer=True,
)
_NOISE = Parameter(
    key="noise", symbol="σ", meaning=QT_TRANSLATE_NOOP("Parameters", "Standard deviation of the normal noise."),
    default=0.1, minimum=0.0, maximum=100.0, usual=(0.0, 2.0),
)
_LABEL_NOISE = replace(_NOISE, usual=(0.0, 0.5))
_OUTLIERS = Parameter(
    key="outliers", symbol="p", meaning=QT_TRANSLATE_NOOP("Parameters", "Fraction of the samples far from the line."),
    default=0.0, minimum=0.0, maximum=0.5, usual=(0.0, 0.5),
)
_CORRELATION = Parameter(
    key="correlation", symbol="ρ", meaning=QT_TRANSLATE_NOOP("Parameters", "Correlation of the two features."),
    default=0.95, minimum=-1.0, maximum=1.0, usual=(-0.99, 0.99),
)
_SCALE = Parameter(
    key="scale", symbol="k",
    meaning=QT_TRANSLATE_NOOP("Parameters", "How many times as large the second feature is as the first."),
    default=20.0, minimum=1e-6, maximum=1e6, usual=(1.0, 1000.0), logarithmic=True,
)
_FACTOR = Parameter(
    key="factor", symbol="r", meaning=QT_TRANSLATE_NOOP("Parameters", "Radius of the inner circle; the outer has 1."),
    default=0.5, minimum=0.0, maximum=1.0, usual=(0.1, 0.9),
)
_CLASSES = Parameter(
    key="classes", symbol="c", meaning=QT_TRANSLATE_NOOP("Parameters", "How many classes there are."),
    default=3.0, minimum=2.0, maximum=10.0, usual=(2.0, 10.0), integer=True,
)
_SPREAD = replace(
    _NOISE, key="spread", default=0.8, meaning=QT_TRANSLATE_NOOP("Parameters", "Standard deviation of each cloud.")
)
_TURNS = Parameter(
    key="turns", symbol="w", meaning=QT_TRANSLATE_NOOP("Parameters", "How often each arm winds around the centre."),
    default=1.5, minimum=0.0, maximum=10.0, usual=(0.5, 3.0),
)


def _made(
    key: str, name: str, task: str, columns: str, rule: str,
    make: Callable[..., dict[str, NDArray[np.float64]]], parameters: tuple[Parameter, ...],
) -> DatasetRow:
    def table(**numbers: float) -> Table:
        made = make(**numbers)
        return Table(tuple(made), tuple(made), np.stack(list(made.values())))

    return DatasetRow(key, name, task, tuple(columns.split()), f"{_MADE}: {rule}", table, parameters)


def _measured(
    key: str, name: str, task: str, columns: str, reference: str, file: str,
    classes: Mapping[str, tuple[str, ...]] | None = None,
) -> DatasetRow:
    return DatasetRow(key, name, task, tuple(columns.split()), reference, partial(shipped, file, classes or {}))


_ROWS = (
    _made(
        "noisy_line", QT_TRANSLATE_NOOP("Problems", "Noisy line"), "regression", "x y",
        "y = 1.5 x + 0.5 plus normal noise at evenly spaced x in [-2, 2], outliers 4 to 8 away",
        generators.noisy_line,
        (replace(_SAMPLES, default=64.0), replace(_NOISE, default=0.4), _OUTLIERS, _SEED),
    ),
    _made(
        "correlated", QT_TRANSLATE_NOOP("Problems", "Correlated features"), "regression", "x1 x2 y",
        "y = 2 x1 - x2 + 0.5 plus normal noise, two normal features with a given correlation",
        generators.correlated, (_SAMPLES, _CORRELATION, replace(_NOISE, default=0.5), _SEED),
    ),
    _made(
        "badly_scaled", QT_TRANSLATE_NOOP("Problems", "Badly scaled features"), "regression", "x1 x2 y",
        "y = 2 x1 + 3 x2 / scale + 1 plus normal noise, x2 scale times as large as x1",
        generators.badly_scaled, (_SAMPLES, _SCALE, replace(_NOISE, default=0.5), _SEED),
    ),
    _made(
        "moons", QT_TRANSLATE_NOOP("Problems", "Two moons"), "binary", "x1 x2 label",
        "two half circles of radius 1, each reaching into the other", generators.moons,
        (_SAMPLES, replace(_LABEL_NOISE, default=0.15), _SEED),
    ),
    _made(
        "circles", QT_TRANSLATE_NOOP("Problems", "Two circles"), "binary", "x1 x2 label",
        "a circle within another", generators.circles, (_SAMPLES, _FACTOR, _LABEL_NOISE, _SEED),
    ),
    _made(
        "xor", QT_TRANSLATE_NOOP("Problems", "Exclusive or"), "binary", "x1 x2 label",
        "a square labelled by whether the signs of its coordinates differ", generators.xor,
        (_SAMPLES, _LABEL_NOISE, _SEED),
    ),
    _made(
        "blobs", QT_TRANSLATE_NOOP("Problems", "Gaussian blobs"), "classes", "x1 x2 label",
        "normal clouds around points of a circle of radius 3", generators.blobs, (_SAMPLES, _CLASSES, _SPREAD, _SEED),
    ),
    _made(
        "spirals", QT_TRANSLATE_NOOP("Problems", "Two spirals"), "binary", "x1 x2 label",
        "two arms of a spiral of radius 1", generators.spirals,
        (_SAMPLES, _TURNS, replace(_LABEL_NOISE, default=0.03), _SEED),
    ),
    _measured(
        "iris", QT_TRANSLATE_NOOP("Problems", "Iris"), "classes",
        "sepal_length sepal_width petal_length petal_width species",
        "R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 1936; "
        "UCI Machine Learning Repository, doi:10.24432/C56C76, CC BY 4.0",
        "iris.csv", {"species": ("setosa", "versicolor", "virginica")},
    ),
    _measured(
        "diabetes", QT_TRANSLATE_NOOP("Problems", "Diabetes"), "regression",
        "age sex bmi bp s1 s2 s3 s4 s5 s6 progression",
        "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least angle regression, The Annals of Statistics 32, "
        "2004; as distributed by scikit-learn, BSD 3-Clause",
        "diabetes.csv",
    ),
    _measured(
        "digits", QT_TRANSLATE_NOOP("Problems", "Handwritten digits"), "classes",
        " ".join([*(f"pixel_{row}_{column}" for row in range(8) for column in range(8)), "digit"]),
        "E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits, 1998; "
        "UCI Machine Learning Repository, doi:10.24432/C50P49, CC BY 4.0",
        "digits.csv.gz",
    ),
)

DATASETS: dict[str, DatasetRow] = {row.key: row for row in _ROWS}


def table_of_dataset(key: str, numbers: Mapping[str, float] | None = None) -> Table:
    """Return the data set `key`; asked for again it is the same object, while it is among the last few.

    Parameters
    ----------
    key : str
        One of `DATASETS`.
    numbers : mapping of str to float, optional
        What a generator is given that differs from its defaults.

    Raises
    ------
    StudioError
        Where there is no such data set, or it has no parameter of a name or does not allow its value.
    """
    if key not in DATASETS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no data set called {name}; try {known}."),
            name=shown(key), known=candidates(key, DATASETS),
        )
    own = {parameter.key: parameter for parameter in DATASETS[key].parameters}
    for name in numbers or {}:
        if name not in own:
            raise _no_parameter(key, name, own)
    given = {name: own[name].check(value) for name, value in (numbers or {}).items()}
    return _table(key, tuple(given.get(name, parameter.default) for name, parameter in own.items()))


def _no_parameter(key: str, name: str, own: Mapping[str, Parameter]) -> StudioError:
    if not own:
        return StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The data set {key} was measured and has no parameters, so none called {name}."
            ),
            key=key, name=shown(name),
        )
    return StudioError(
        QT_TRANSLATE_NOOP("Errors", "The data set {key} has no parameter called {name}; try {known}."),
        key=key, name=shown(name), known=candidates(name, own),
    )


@lru_cache(maxsize=_CACHED_TABLES)
def _table(key: str, values: tuple[float, ...]) -> Table:
    row = DATASETS[key]
    return row.make(**{parameter.key: value for parameter, value in zip(row.parameters, values, strict=True)})
