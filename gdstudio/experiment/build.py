"""From the document to the engine: the objective, the numbers that nobody set, the descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.names import shown, unknown
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import CONVENTION_NAMES, OPTIMIZERS
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.sampling import Batching
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.document import Data, Source
from gdstudio.experiment.memory import check_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.objective import Objective
    from gdstudio.engine.parameters import Parameter
    from gdstudio.engine.problems import ProblemRow
    from gdstudio.experiment.document import Experiment, Problem, Run
    from gdstudio.experiment.sampled import SampledLoss

# Where a formula's variable starts unless something is known of it.
FORMULA_START = 1.0
_RATE, _PEAK = "learning_rate", "schedule_peak"
#: Key of what is put around an optimizer to take the penalty of the lasso.
PROXIMAL = "proximal"
# Iterations between two looks at whether a person wants to stop: machine code cannot be interrupted.
_ITERATIONS_AT_ONCE = 1 << 16


def row_of(problem: Problem) -> ProblemRow | None:
    """Return the problem's row in the table, or None for a formula.

    Raises
    ------
    StudioError
        Where there is no row with its key.
    """
    if problem.key is None:
        return None
    if problem.key not in PROBLEMS:
        raise unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no problem called {name}; try {known}."), problem.key, PROBLEMS
        )
    return PROBLEMS[problem.key]


def data_of(problem: Problem) -> Data | None:
    """Return the data of a problem, those of its row included, or None where it has none."""
    row = None if problem.key is None else PROBLEMS.get(problem.key)
    return Data(source=Source(key=row.dataset)) if row is not None and row.dataset is not None else problem.data


def _sampled(problem: Problem) -> SampledLoss:
    # loaded where it is wanted: most problems have no data
    from gdstudio.experiment.sampled import sampled

    return sampled(problem)


def text_of(problem: Problem) -> str:
    """Return the text of the loss, of one sample where there is data; empty for a model that is no formula."""
    row = row_of(problem)
    if row is not None:
        return row.text
    return problem.text if problem.text is not None else _sampled(problem).model.text or ""


def objective_of(problem: Problem) -> Objective:
    """Return what a descent on `problem` minimises.

    Raises
    ------
    FormulaError
        Where the formula cannot be read.
    StudioError
        Where there is no such problem, or it has no parameter of a name or does not allow its value.
    """
    row = row_of(problem)
    if data_of(problem) is not None:
        return _sampled(problem).objective
    own = {} if row is None else {parameter.key: parameter for parameter in row.parameters}
    for name in problem.parameters:
        if not own:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "This problem has no parameters of its own, so none called {name}."),
                name=shown(name),
            )
        if name not in own:
            raise unknown(
                QT_TRANSLATE_NOOP("Errors", "This problem has no parameter called {name}; try {known}."), name, own
            )
    values = {
        key: parameter.check(problem.parameters.get(key, parameter.default)) for key, parameter in own.items()
    }
    return objective(text_of(problem), values)


def problem_parameters_of(problem: Problem) -> tuple[tuple[Parameter, float], ...]:
    """Return a problem's own numbers that people may set, with what they are now; raises as `objective_of`."""
    if data_of(problem) is not None:
        from gdstudio.experiment.sampled import parameters_over_data

        return parameters_over_data(problem)
    row = row_of(problem)
    parameters = () if row is None else row.parameters
    return tuple((each, problem.parameters.get(each.key, each.default)) for each in parameters)


def variables_of(problem: Problem) -> tuple[str, ...]:
    """Return the names of the variables, in order of first appearance; raises as `objective_of`."""
    return objective_of(problem).variables


def samples_of(problem: Problem) -> int | None:
    """Return the number of samples that are descended on, or None where there is no data."""
    return None if data_of(problem) is None else len(_sampled(problem).samples.train)


def start_of(problem: Problem) -> tuple[float, ...]:
    """Return where a descent begins unless said otherwise: the row's or model's start, or 1 in every variable."""
    row = row_of(problem)
    if row is not None:
        return row.start
    if data_of(problem) is not None:
        return _sampled(problem).start
    return (FORMULA_START,) * len(variables_of(problem))


def suggested_rate(problem: Problem, optimizer: str) -> float | None:
    """Return the learning rate that a problem suggests for an optimizer, by way of one of its kind if need be.

    None where it suggests none, as for a user's own.
    """
    rates = learning_rates_of(problem)
    if not rates or optimizer not in OPTIMIZERS:
        return None
    if optimizer in rates:
        return rates[optimizer]
    like = OPTIMIZERS[optimizer].rate_like
    return None if like is None else like[1] * rates[like[0]]


def learning_rates_of(problem: Problem) -> Mapping[str, float]:
    """Return the rates that a problem suggests: its row's, or for data those that suit how steep the loss is."""
    row = row_of(problem)
    if row is not None:
        return row.learning_rates
    if problem.data is None:
        return {}
    # loaded where it is wanted: most problems have no data
    from gdstudio.experiment.suited import learning_rates_over_data

    return learning_rates_over_data(problem)


def recipe_of(run: Run) -> Recipe:
    """Return the optimizer of a run with all that is put around it, what its hyperparameters ask for included.

    Raises
    ------
    StudioError
        Where there is no such optimizer, convention or addition, or they do not fit together.
    """
    if run.equations is None and run.optimizer not in OPTIMIZERS:
        raise unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no optimizer called {name}; try {known}."), run.optimizer, OPTIMIZERS
        )
    if run.convention is not None and run.convention not in CONVENTION_NAMES:
        raise unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no convention called {name}; try {known}."),
            run.convention, CONVENTION_NAMES,
        )
    return Recipe(run.optimizer, run.convention, run.equations, run.additions).reaching(tuple(run.hyperparameters))


def parameters_of(run: Run) -> tuple[Parameter, ...]:
    """Return the hyperparameters of a run: the optimizer's, then those of what is around it; raises as `recipe_of`."""
    return composition(recipe_of(run)).parameters


def optimizer_name(run: Run) -> str:
    """Return what people call a run's optimizer, to be translated in the context ``Optimizers``."""
    return run.optimizer if run.equations is not None else OPTIMIZERS[run.optimizer].name


def hyperparameters_of(problem: Problem, run: Run) -> dict[str, float]:
    """Return all hyperparameters of a run in the order of `parameters_of`.

    What was set explicitly wins, then comes the problem's suggested learning rate, then the default. The peak of a
    schedule is the learning rate where nothing else is said.

    Raises
    ------
    StudioError
        As `recipe_of`, and where there is no hyperparameter of a name.
    """
    values = {parameter.key: parameter.default for parameter in parameters_of(run)}
    suggested = suggested_rate(problem, run.optimizer) if run.equations is None else None
    if suggested is not None and _RATE in values:
        values[_RATE] = suggested
    for name, value in run.hyperparameters.items():
        if name not in values:
            raise unknown(
                QT_TRANSLATE_NOOP("Errors", "{optimizer} has no hyperparameter called {name}; try {known}."),
                name, values, optimizer=run.optimizer,
            )
        values[name] = value
    if _PEAK in values and _PEAK not in run.hyperparameters and values[_RATE] > 0.0:
        values[_PEAK] = values[_RATE]
    return values


def own_columns(run: Run) -> int:
    """Return how many columns of its trajectory a run's optimizer fills itself: a scheduled rate, a radius..."""
    return len(composition(recipe_of(run)).rule_for(run.hyperparameters).columns)


def descent_of(experiment: Experiment, index: int, machine: bool | None = None) -> Descent:
    """Return the descent of the run `index`, at its start and without its logged changes.

    Parameters
    ----------
    experiment : Experiment
        The document.
    index : int
        Which of its runs.
    machine : bool or None
        As for `Descent`.

    Raises
    ------
    StudioError
        For whatever of it does not fit, or needs more memory than there is.
    """
    run = experiment.runs[index]
    goal = objective_of(experiment.problem)
    hyperparameters = hyperparameters_of(experiment.problem, run)
    check_memory(experiment.stopping.iterations, goal.dimension, [own_columns(run)])
    _refuse_idle_step(goal, run)
    if experiment.stopping.stop_at_sign_change and goal.dimension != 1:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "Stopping at a change of sign needs one variable, but there are {count}: {names}."
            ),
            count=goal.dimension, names=", ".join(goal.variables),
        )
    return Descent(
        goal, recipe_of(run), experiment.start, hyperparameters, experiment.stopping, experiment.seed,
        batching_of(run), machine,
    )


def has_lasso(problem: Problem) -> bool:
    """Whether a penalty takes the sizes of weights, which is what a proximal step is for; raises as `objective_of`."""
    return problem.penalty is not None and objective_of(problem).program.lasso is not None


def _refuse_idle_step(goal: Objective, run: Run) -> None:
    """See that there is a penalty for a proximal step to take."""
    if goal.program.lasso is None and any(each.key == PROXIMAL for each in run.additions):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The proximal step takes the penalty of the lasso, and this loss has none: let the penalty "
                "be {examples}, or leave {name} out."
            ),
            examples="lasso:0.1, elastic_net:0.1,0.5", name=PROXIMAL,
        )


def batching_of(run: Run) -> Batching:
    """Return how the samples of a run's batches are drawn."""
    return Batching(size=run.batch, order=run.order, drop_last=run.drop_last, accumulate=run.accumulate)


def advance_with_changes(descent: Descent, run: Run, count: int) -> int:
    """Make up to `count` iterations, applying each logged change of `run` where it is due.

    However the iterations are divided into calls, they come out the same to the bit.

    Returns
    -------
    int
        Iterations made; fewer than `count` where the run ends.
    """
    made = 0
    while made < count and descent.outcome is None:
        pending = run.changes[len(descent.changes):]
        wanted = min(count - made, _ITERATIONS_AT_ONCE)
        if pending and pending[0].iteration <= descent.iterations:
            descent.change(pending[0].name, pending[0].value)
            continue
        if pending:
            wanted = min(wanted, pending[0].iteration - descent.iterations)
        made += descent.advance(wanted)
    return made
