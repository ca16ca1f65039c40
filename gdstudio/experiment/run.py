"""One descent from start to end, by one call: what Python code and the command line use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count
from gdstudio.experiment.build import advance_with_changes, descent_of
from gdstudio.experiment.request import requested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.analysis.verdicts import Verdict
    from gdstudio.engine.trajectory import Trajectory
    from gdstudio.experiment.document import Experiment


@dataclass(frozen=True, eq=False)
class Result:
    """How a descent went.

    Attributes
    ----------
    theta : ndarray, shape (n,)
        The last iterate.
    trajectory : Trajectory
        Every iterate: `.theta` (iterations + 1, n), `.loss` and `.gradient_norm` (iterations + 1,), and the
        other columns of files by `.column`.
    outcome : str
        Why it stopped: converged, stalled, bracketed, diverged, iteration_limit, and of methods that search their
        own step no_step or singular.
    reason : str
        The same in one sentence with its numbers.
    iterations : int
        Steps made.
    evaluations : int
        Gradients computed, that of the last iterate included; a Hessian, or its diagonal, counts as n.
    epochs : int or None
        How many times all data were passed over; None where there are none.
    loss, gradient_norm : float
        At the last iterate.
    variables : tuple of str
        Names of what `theta` holds.
    experiment : Experiment
        What was run; the same experiment gives the same bits.
    index : int
        Which run of `experiment` it was.
    hyperparameters : dict of str to float
        As they were in the last step.
    """

    theta: NDArray[np.float64]
    trajectory: Trajectory
    outcome: str
    reason: str
    iterations: int
    evaluations: int
    epochs: int | None
    loss: float
    gradient_norm: float
    variables: tuple[str, ...]
    experiment: Experiment
    index: int
    hyperparameters: dict[str, float]

    @property
    def columns(self) -> dict[str, str] | None:
        """How each column that is read is called in formulas, by its title in the data; None where there are none."""
        if self.epochs is None:
            return None
        from gdstudio.experiment.sampled import sampled

        return sampled(self.experiment.problem).columns

    @property
    def left_out(self) -> dict[str, tuple[str, int | None]] | None:
        """Columns of text that nothing is predicted from, by title: the first text and its line; None without data."""
        if self.epochs is None:
            return None
        from gdstudio.experiment.sampled import sampled

        return {each.column: (each.text, each.line) for each in sampled(self.experiment.problem).left_out}

    @property
    def metrics(self) -> dict[str, dict[str, float] | None] | None:
        """How well the last iterate predicts: numbers for "train" and "held_out"; None where nothing is predicted."""
        from gdstudio.experiment.measures import metrics_of

        return metrics_of(self.experiment.problem, self.theta)

    @property
    def verdict(self) -> str:
        """What it reached: minimum, saddle, maximum, plateau, oscillating, cycling, diverging or descending."""
        return self._verdict.key

    @property
    def verdict_reason(self) -> str:
        """Why that is thought, in one sentence with its numbers."""
        return self._verdict.reason

    @property
    def eigenvalues(self) -> tuple[float, ...] | None:
        """Of the Hessian at the last iterate, ascending; None where it is not finite or n is above 20."""
        return self._verdict.eigenvalues

    @cached_property
    def _verdict(self) -> Verdict:
        """Found when it is first asked for: it takes the second derivatives."""
        from gdstudio.experiment.judging import verdict_of

        return verdict_of(self)


def run_experiment(experiment: Experiment, index: int = 0) -> Result:
    """Make the run `index` of `experiment` to its end.

    Raises
    ------
    StudioError
        For whatever of it does not fit, or does not fit into memory.
    """
    try:
        descent = descent_of(experiment, index)
    except MemoryError as error:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is not enough memory for {iterations:# iteration|# iterations}."),
            iterations=Count(experiment.stopping.iterations),
        ) from error
    run = experiment.runs[index]
    while descent.outcome is None:
        advance_with_changes(descent, run, experiment.stopping.iterations)
    trajectory = descent.trajectory
    return Result(
        theta=descent.theta,
        trajectory=trajectory,
        outcome=descent.outcome,
        reason=descent.reason,
        iterations=descent.iterations,
        evaluations=descent.evaluations,
        epochs=descent.epochs,
        loss=float(trajectory.loss[-1]),
        gradient_norm=float(trajectory.gradient_norm[-1]),
        variables=trajectory.variables,
        experiment=experiment,
        index=index,
        hyperparameters=descent.hyperparameters,
    )


def run(
    problem: str | None = None,
    formula: str | None = None,
    start: Sequence[float] | Mapping[str, float] | NDArray[np.float64] | float | None = None,
    optimizer: str = "adam",
    iterations: int | None = None,
    tolerance: float = 1e-6,
    patience: int | None = None,
    stop_at_sign_change: bool = False,
    batch: int | str | None = None,
    seed: int = 0,
    convention: str | None = None,
    schedule: str | None = None,
    warmup: int | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    noise: float | None = None,
    wrap: str | Sequence[str] | None = None,
    model: str | None = None,
    loss: str | None = None,
    penalty: str | None = None,
    data: object = None,
    target: str | None = None,
    features: str | Sequence[str] | None = None,
    standardize: bool | None = None,
    held_out: float | None = None,
    header: bool | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    order: str | None = None,
    drop_last: bool | None = None,
    accumulate: int | None = None,
    epochs: int | None = None,
    **hyperparameters: float,
) -> Result:
    """Minimise a listed problem or a formula and return every iterate.

    Parameters
    ----------
    problem : str, optional
        Key of a listed problem, such as ``"rosenbrock"``; ``gdstudio list problems`` shows them all.
    formula : str, optional
        A loss of your own, such as ``"(1-x)^2 + 100*(y-x^2)^2"``; either this, `problem`, or `data` with `model` or
        `loss`.
    start : sequence, mapping or number, optional
        A number for each variable in order of first appearance, or by name; the listed problem's start, or 1
        in every variable of a formula, where not given.
    optimizer : str
        Key of the optimizer, such as ``"gd"``; ``gdstudio list optimizers`` shows them all. ``"file:PATH"`` is one of
        your own, a text file of equations.
    iterations : int, optional
        Limit, 0 to 10^8; 1000 where neither it nor `epochs` is given.
    tolerance : float
        Stop when the gradient norm is at or below it; 0 turns it off.
    patience : int, optional
        Stop after so many iterations without a decrease of the best loss.
    stop_at_sign_change : bool
        For one variable: stop when the derivative changes its sign.
    batch : int or "full", optional
        Samples in a batch, for a problem with data.
    seed : int
        Of the order of samples, of those held out, and of noise.
    convention : str, optional
        Whose arithmetic and defaults, ``"pytorch"``, ``"keras"`` or ``"author"``; the first that the optimizer has
        where not given.
    schedule : str, optional
        How the learning rate goes, such as ``"cosine:iterations=500,end=1e-4"``, ``"multistep:milestones=30/80"`` or
        ``"formula:learning_rate/sqrt(t)"``; ``gdstudio list schedules`` shows them all.
    warmup : int, optional
        Steps in which the learning rate grows evenly to its full size.
    clip_norm, clip_value : float, optional
        The largest norm of the gradient, and the largest size of each slope.
    noise : float, optional
        Standard deviation of the random numbers added to each slope.
    wrap : str or sequence of str, optional
        What runs the optimizer as its part: ``"lookahead:k=5,alpha=0.5"``, ``"sam:rho=0.05"``, or ``"proximal"``, which
        takes the penalty lasso by proximal steps.
    model : str, optional
        Key of a model to fit to `data`, such as ``"linear"``; ``gdstudio list models`` shows them all.
    loss : str, optional
        The loss of one sample, in which the names of columns are data, such as ``"(a*exp(-b*x) - y)^2"``. With `model`
        the key of one of its losses.
    penalty : str, optional
        What is added to it: ``"ridge:0.1"``, ``"lasso:0.1"``, ``"elastic_net:0.1,0.5"``, or a formula of the
        parameters.
    data : optional
        Key of a data set (``gdstudio list datasets``), with the numbers of its generator as in
        ``"noisy_line:samples=20,seed=5"``, path of a CSV file, a mapping of names to arrays, a structured
        array or a data frame.
    target, features : str, str or sequence of str, optional
        The column to predict, the last where not given, and those to predict it from, all others of numbers.
    standardize : bool, optional
        Whether features are shifted and scaled to mean 0 and standard deviation 1 over the training samples.
    held_out : float, optional
        Share of the samples that no step sees.
    header : bool, optional
        Of a file: whether its first line names the columns. This and the next three are found by looking where they
        are not given.
    delimiter, decimal : str, optional
        What stands between its fields, ``"comma"``, ``"semicolon"``, ``"tab"``, ``"bar"``, ``"space"`` or the
        character, and its decimal mark, ``"point"`` or ``"comma"``.
    encoding : str, optional
        How its letters are stored, a codec's name such as ``"latin-1"``.
    order : str, optional
        How samples are drawn: ``"shuffled"`` (anew each epoch), ``"shuffled_once"`` (all epochs alike),
        ``"sequential"`` or ``"replacement"``.
    drop_last : bool, optional
        Whether the last batch of an epoch is left out where it is short.
    accumulate : int, optional
        Over how many batches the gradient of each step is averaged.
    epochs : int, optional
        Limit in passes over the data, in the place of `iterations`.
    **hyperparameters : float
        The optimizer's hyperparameters and the problem's own parameters (`degree` of a polynomial), and around any
        optimizer made of equations `weight_decay` with `decoupled`, which is always 1 in Keras' convention and missing
        where the optimizer's own equations have the decay, as AdamW's. Switches may be True or False. Where
        `learning_rate` is not given, a listed problem and a loss over data use one that suits them.

    Returns
    -------
    Result
        A run that diverged is a result too.

    Raises
    ------
    StudioError
        A ValueError with one sentence for whatever does not fit.

    Examples
    --------
    >>> result = run("parabola", start=[4.0], optimizer="gd", learning_rate=0.1)
    >>> result.outcome, result.iterations
    ('converged', 1)
    """
    return run_experiment(
        requested(
            problem=problem, formula=formula, start=start, optimizer=optimizer, convention=convention,
            schedule=schedule, wrap=wrap,
            around={"warmup": warmup, "clip_norm": clip_norm, "clip_value": clip_value, "noise": noise},
            iterations=iterations, tolerance=tolerance, patience=patience, stop_at_sign_change=stop_at_sign_change,
            batching={
                "batch": batch, "order": order, "drop_last": drop_last, "accumulate": accumulate, "epochs": epochs,
            },
            sampled={
                "model": model, "loss": loss, "penalty": penalty, "data": data, "target": target, "features": features,
                "standardize": standardize, "held_out": held_out, "header": header, "delimiter": delimiter,
                "decimal": decimal, "encoding": encoding,
            },
            seed=seed, settings=hyperparameters,
        )
    )
