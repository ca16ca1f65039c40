"""From what a person asks for, in Python or on the command line, to an experiment of one run.

Both go through here, so that both mean the same by the same words and refuse the same with the same sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, unknown
from gdstudio.engine.recipe import Addition, composition
from gdstudio.engine.stopping import MAXIMUM_ITERATIONS, Stopping
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count
from gdstudio.experiment.build import objective_of, parameters_of, problem_parameters_of, recipe_of, start_of
from gdstudio.experiment.decay_asked import as_keras_has_it, nothing_called
from gdstudio.experiment.document import MAXIMUM_SEED, Experiment, Problem, Run
from gdstudio.experiment.numbers import number, number_or_truth, real, text_or_none, truth, whole_between

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_ITERATIONS = 1000
# What an optimizer in a file begins with.
_FILE = "file:"
_ITERATIONS = "schedule_iterations"


def requested(
    *, problem: object = None, formula: object = None, start: object = None, optimizer: object = "adam",
    convention: object = None, schedule: object = None, wrap: object = None,
    around: Mapping[str, object] | None = None, iterations: object = None, tolerance: object = 1e-6,
    patience: object = None, stop_at_sign_change: object = False, batching: Mapping[str, object] | None = None,
    seed: object = 0, sampled: Mapping[str, object] | None = None, settings: Mapping[str, object] | None = None,
) -> Experiment:
    """Return the experiment that is asked for; see `gdstudio.run` for the arguments.

    Parameters
    ----------
    around : mapping of str to number or None
        What is put around the optimizer besides a schedule and wrappers (warmup, noise, ...), None for nothing.
    batching : mapping of str to object
        How samples are drawn: batch, order, drop_last, accumulate, epochs; None for what is not said.
    sampled : mapping of str to object
        What makes a loss over data: model, loss, penalty, data, target, features, standardize, held_out, and of a file
        header, delimiter, decimal, encoding; None for what is not said.
    settings : mapping of str to number
        Hyperparameters and the problem's own parameters by their names.
    start : sequence or mapping
        A number for each variable, in their order or by their names; one number where there is one variable.

    Raises
    ------
    StudioError
        One sentence for the first thing that does not fit.
    """
    order_seed = whole_between("seed", seed, 0, MAXIMUM_SEED)
    chosen = _problem(problem, formula, {name: value for name, value in (sampled or {}).items() if value is not None},
                      order_seed)
    drawn = {name: value for name, value in (batching or {}).items() if value is not None}
    run = _optimizer(text_or_none("optimizer", optimizer) or "", text_or_none("convention", convention))
    run, asked = _with_additions(run, text_or_none("schedule", schedule), _texts("wrap", wrap), around or {})
    settings = as_keras_has_it(composition(recipe_of(run)).recipe.convention, settings or {})
    own, asked = _divided(chosen, run, asked, settings)
    goal = replace(chosen, parameters=own)
    if drawn:
        # loaded where it is wanted: most commands ask for no data
        from gdstudio.experiment.request_data import batches_drawn

        run = batches_drawn(run, drawn, goal)
    limit = _limit(iterations, drawn.get("epochs"), run, goal)
    bracketing = truth("stop_at_sign_change", stop_at_sign_change)
    return Experiment(
        problem=goal,
        start=_start(start, goal),
        runs=(_settled(run, asked, limit, chosen, settings),),
        stopping=Stopping(
            iterations=limit,
            tolerance=number("tolerance", tolerance),
            patience=None if patience is None else whole_between("patience", patience, 1, MAXIMUM_ITERATIONS),
            stop_at_sign_change=bracketing,
        ),
        seed=order_seed,
        shown=_shown(goal),
    )


def _shown(problem: Problem) -> tuple[int, int]:
    """Return which two variables are drawn: the first ones, unless there are data to go by."""
    if problem.data is None:
        return 0, 1
    from gdstudio.experiment.suited import shown_over_data

    return shown_over_data(problem)


def _problem(problem: object, formula: object, over_data: Mapping[str, object], seed: int) -> Problem:
    """Return what is to be minimised; an option and an argument of Python have the same name."""
    given = [name for name, value in (("problem", problem), ("formula", formula)) if value is not None]
    if over_data:
        if given:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "A {given} has no place beside {name}: a loss over data is --data with --model or --loss."
                ),
                given=given[0], name=next(iter(over_data)),
            )
        from gdstudio.experiment.request_data import problem_over_data

        return problem_over_data(over_data, seed)
    if not given:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "Nothing says what to minimise: give a listed problem (--problem KEY), a formula of your own "
                "(--formula TEXT), or data with a model (--data, --model)."
            )
        )
    if len(given) > 1:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There are both a problem and a formula: leave out --problem or --formula.")
        )
    return Problem(key=text_or_none("problem", problem), text=text_or_none("formula", formula))


def _limit(iterations: object, epochs: object, run: Run, problem: Problem) -> int:
    """Return how many iterations there are at most."""
    if epochs is None:
        return whole_between("iterations", DEFAULT_ITERATIONS if iterations is None else iterations, 0,
                             MAXIMUM_ITERATIONS)
    if iterations is not None:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There are both iterations and epochs: leave out one of them.")
        )
    from gdstudio.experiment.request_data import iterations_of_epochs

    return iterations_of_epochs(whole_between("epochs", epochs, 0, MAXIMUM_ITERATIONS), run, problem)


def _texts(name: str, value: object) -> list[str]:
    """Return one text, or a sequence of them, as a list."""
    if value is None or isinstance(value, str):
        return [] if value is None else [value]
    if not isinstance(value, Sequence):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} must be text or a sequence of texts, not {value}."),
            name=name, value=shown(value),
        )
    return [text_or_none(name, part) or "" for part in value]


def _optimizer(name: str, convention: str | None) -> Run:
    """Return a run of a listed optimizer, or of the one that a file describes."""
    if not name.startswith(_FILE):
        if "." in name or "/" in name:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "There is no optimizer called {name}; one of your own in a file is written {example}."
                ),
                name=shown(name), example=shown(_FILE + name),
            )
        return Run(optimizer=name, convention=convention)
    if convention is not None:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "An optimizer of your own has no convention: leave out {name}."),
            name=shown(convention),
        )
    # loaded where it is wanted: most commands ask for one of the table's
    from gdstudio.experiment.own_file import own_optimizer_in

    own, text = own_optimizer_in(name.removeprefix(_FILE))
    return Run(optimizer=own, equations=text)


def _with_additions(
    run: Run, schedule: str | None, wrappers: list[str], around: Mapping[str, object]
) -> tuple[Run, dict[str, float]]:
    """Return the run with what is put around it, and the numbers that say so."""
    additions: list[Addition] = []
    numbers: dict[str, float] = {}
    if schedule is not None or wrappers:
        # loaded where it is wanted: it reads all of the table of additions
        from gdstudio.experiment.recipe_text import schedule_of, wrapper_of

        for read, texts in ((schedule_of, [] if schedule is None else [schedule]), (wrapper_of, wrappers)):
            for text in texts:
                addition, given = read(text)
                additions.append(addition)
                numbers |= given
    said = {name: real(name, value) for name, value in around.items() if value is not None}
    if run.equations is not None:
        # a number of its own that is called so would be set instead
        for name in said:
            composition(replace(recipe_of(run), additions=(Addition(name),)))
    numbers |= said
    # No warm-up is one of no iterations.
    if numbers.get("warmup") == 0.0:
        del numbers["warmup"]
    return replace(run, additions=tuple(additions)), numbers


def _divided(
    problem: Problem, run: Run, asked: Mapping[str, float], settings: Mapping[str, object]
) -> tuple[dict[str, float], dict[str, float]]:
    """Divide `settings` between the problem and, with what is `asked` already, the optimizer."""
    values = {name: number_or_truth(name, value) for name, value in settings.items()}
    if twice := [name for name in settings if name in asked]:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} is said twice; once is enough."), name=shown(twice[0])
        )
    own = {parameter.key for parameter, _ in problem_parameters_of(problem)}
    mine = {name: value for name, value in values.items() if name in own}
    return mine, {**asked, **{name: value for name, value in values.items() if name not in own}}


def _settled(
    run: Run, hyperparameters: Mapping[str, float], iterations: int, problem: Problem, settings: Mapping[str, object]
) -> Run:
    """Return the run with its hyperparameters, every one of them and of the `settings` they came from checked."""
    own = [parameter.key for parameter, _ in problem_parameters_of(problem)]
    run = replace(run, hyperparameters=dict(hyperparameters))
    parameters = {parameter.key: parameter for parameter in parameters_of(run)}
    if both := [name for name in settings if name in own and name in parameters]:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The problem and {optimizer} both have a number called {name}, so that it is not said whose "
                "is meant: give that of the optimizer another name."
            ),
            optimizer=shown(run.optimizer), name=shown(both[0]),
        )
    for name, value in settings.items():
        if name not in parameters or not parameters[name].is_switch:
            real(name, value)
    for name in run.hyperparameters:
        if name not in parameters:
            _refuse_number_of_set(name, run, problem)
            raise nothing_called(name, run, [*parameters, *own])
        parameters[name].check(run.hyperparameters[name])
    if _ITERATIONS in parameters and _ITERATIONS not in hyperparameters:
        run.hyperparameters[_ITERATIONS] = float(max(iterations, 1))
    return run


def _refuse_number_of_set(name: str, run: Run, problem: Problem) -> None:
    """Say to somebody who set a number of a data set where these stand."""
    source = None if problem.data is None else problem.data.source
    if source is None or source.key is None:
        return
    from gdstudio.data.datasets import DATASETS

    own = {parameter.key for parameter in DATASETS[source.key].parameters}
    if name in own:
        given = {**source.numbers, **{key: value for key, value in run.hyperparameters.items() if key in own}}
        numbers = ",".join(f"{key}={value:.12g}" for key, value in given.items())
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{name} is a number of the data set {key} and stands behind its name: --data {example}."
            ),
            name=name, key=source.key, example=f"{source.key}:{numbers}",
        )


def _start(start: object, problem: Problem) -> tuple[float, ...]:
    names = objective_of(problem).variables
    if start is None:
        return start_of(problem)
    if isinstance(start, Mapping):
        return _start_by_name(start, names)
    given = _numbers_of(start)
    filled = [value for value in given if not (isinstance(value, str) and not value.strip())]
    if len(filled) < len(given):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The start has {given:# number|# numbers} and {empty:# empty place|# empty places}, but "
                "there {wanted:is # variable|are # variables}: {names}."
            ),
            given=Count(len(filled)), empty=Count(len(given) - len(filled)), wanted=Count(len(names)),
            names=", ".join(names),
        )
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
