"""From what a person asks for, in Python or on the command line, to an experiment of one run.

Both go through here, so that both mean the same by the same words and refuse the same with the same sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.stopping import MAXIMUM_ITERATIONS, Stopping
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count
from gdstudio.experiment.build import hyperparameters_of, objective_of, row_of, samples_of, start_of
from gdstudio.experiment.document import MAXIMUM_SEED, Experiment, Problem, Run
from gdstudio.experiment.names import shown, unknown
from gdstudio.experiment.numbers import number, real, whole_between

if TYPE_CHECKING:
    from collections.abc import Iterable

# More than any data set holds.
_MOST_SAMPLES = 10**9


def requested(
    *, problem: object = None, formula: object = None, start: object = None, optimizer: object = "adam",
    iterations: object = 1000, tolerance: object = 1e-6, patience: object = None, stop_at_sign_change: object = False,
    batch: object = None, seed: object = 0, settings: Mapping[str, object] | None = None,
) -> Experiment:
    """Return the experiment that is asked for; see `gdstudio.run` for the arguments.

    Parameters
    ----------
    settings : mapping of str to number
        Hyperparameters and the problem's own parameters by their names.
    start : sequence or mapping
        A number for each variable, in their order or by their names; one number where there is one variable.

    Raises
    ------
    StudioError
        One sentence for the first thing that does not fit.
    """
    if (problem is None) == (formula is None):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "Say what to minimise: either a problem by its key or a formula, not {given}."),
            given="neither" if problem is None else "both",
        )
    chosen = Problem(key=_text("problem", problem), text=_text("formula", formula))
    goal, run = _settled(chosen, _text("optimizer", optimizer) or "", dict(settings or {}))
    if not isinstance(stop_at_sign_change, bool | np.bool_):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "stop_at_sign_change must be True or False, not {value}."),
            value=shown(stop_at_sign_change),
        )
    return Experiment(
        problem=goal,
        start=_start(start, goal),
        runs=(Run(optimizer=run.optimizer, hyperparameters=run.hyperparameters, batch=_batch(batch, goal)),),
        stopping=Stopping(
            iterations=whole_between("iterations", iterations, 0, MAXIMUM_ITERATIONS),
            tolerance=number("tolerance", tolerance),
            patience=None if patience is None else whole_between("patience", patience, 1, MAXIMUM_ITERATIONS),
            stop_at_sign_change=bool(stop_at_sign_change),
        ),
        seed=whole_between("seed", seed, 0, MAXIMUM_SEED),
    )


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise StudioError(QT_TRANSLATE_NOOP("Errors", "{name} must be text, not {value}."), name=name, value=shown(value))


def _settled(problem: Problem, optimizer: str, settings: dict[str, object]) -> tuple[Problem, Run]:
    """Divide `settings` between the optimizer and the problem, every number checked."""
    hyperparameters = hyperparameters_of(problem, Run(optimizer=optimizer))
    row = row_of(problem)
    own = [] if row is None else [parameter.key for parameter in row.parameters]
    values: dict[str, float] = {}
    for name, value in settings.items():
        if name not in hyperparameters and name not in own:
            raise unknown(
                QT_TRANSLATE_NOOP("Errors", "There is nothing called {name} to set here; try {known}."),
                name, [*hyperparameters, *own],
            )
        values[name] = real(name, value)
    for parameter in OPTIMIZERS[optimizer].hyperparameters:
        if parameter.key in values:
            parameter.check(values[parameter.key])
    settled = Problem(
        key=problem.key, text=problem.text,
        parameters={name: value for name, value in values.items() if name not in hyperparameters},
    )
    explicit = {name: value for name, value in values.items() if name in hyperparameters}
    return settled, Run(optimizer=optimizer, hyperparameters=explicit)


def _start(start: object, problem: Problem) -> tuple[float, ...]:
    names = objective_of(problem).variables
    if start is None:
        return start_of(problem)
    if isinstance(start, Mapping):
        return _start_by_name(start, names)
    given = _numbers_of(start)
    if len(given) != len(names):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The start has {given:# number|# numbers}, but there {wanted:is # variable|are # variables}: {names}.",
            ),
            given=Count(len(given)), wanted=Count(len(names)), names=", ".join(names),
        )
    return tuple(number(f"start of {name}", value) for name, value in zip(names, given, strict=True))


def _numbers_of(start: object) -> list[object]:
    values: object = start
    if hasattr(start, "tolist"):
        values = start.tolist()  # arrays of any library
    if isinstance(values, (int, float)):
        return [values]
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The start must be a sequence of numbers or a mapping of names to them, not {value}."
            ),
            value=shown(start),
        )
    return list(values)


def _start_by_name(start: Mapping[object, object], names: Iterable[str]) -> tuple[float, ...]:
    wanted = list(names)
    for name in start:
        if name not in wanted:
            raise unknown(
                QT_TRANSLATE_NOOP("Errors", "The start names {name}, but the variables are {variables}."),
                shown(name), wanted, variables=", ".join(wanted),
            )
    missing = [name for name in wanted if name not in start]
    if missing:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The start lacks {missing}; the variables are {variables}."),
            missing=", ".join(missing), variables=", ".join(wanted),
        )
    return tuple(number(f"start of {name}", start[name]) for name in wanted)


def _batch(batch: object, problem: Problem) -> int | None:
    """Return the size of a batch; that a problem without data has none is said by the engine."""
    if batch is None or (isinstance(batch, str) and batch == "full"):
        return None
    if isinstance(batch, str):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "batch must be a number of samples or full, not {value}."), value=shown(batch)
        )
    return whole_between("batch", batch, 1, samples_of(problem) or _MOST_SAMPLES)
