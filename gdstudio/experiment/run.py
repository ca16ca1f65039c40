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
        Gradients computed, that of the last iterate included.
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
    loss: float
    gradient_norm: float
    variables: tuple[str, ...]
    experiment: Experiment
    index: int
    hyperparameters: dict[str, float]

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
    iterations: int = 1000,
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
    **hyperparameters: float,
) -> Result:
    """Minimise a listed problem or a formula and return every iterate.

    Parameters
    ----------
    problem : str, optional
        Key of a listed problem, such as ``"rosenbrock"``; ``gdstudio list problems`` shows them all.
    formula : str, optional
        A loss of your own, such as ``"(1-x)^2 + 100*(y-x^2)^2"``; exactly one of the two is needed.
    start : sequence, mapping or number, optional
        A number for each variable in order of first appearance, or by name; the listed problem's start, or 1
        in every variable of a formula, where not given.
    optimizer : str
        Key of the optimizer, such as ``"gd"``; ``gdstudio list optimizers`` shows them all. ``"file:PATH"`` is one of
        your own, a text file of equations.
    iterations : int
        Limit, 0 to 10^8.
    tolerance : float
        Stop when the gradient norm is at or below it; 0 turns it off.
    patience : int, optional
        Stop after so many iterations without a decrease of the best loss.
    stop_at_sign_change : bool
        For one variable: stop when the derivative changes its sign.
    batch : int or "full", optional
        Samples in a batch, for a problem with data.
    seed : int
        Of the order of samples, and of noise.
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
        What runs the optimizer as its part: ``"lookahead:k=5,alpha=0.5"``, ``"sam:rho=0.05"``.
    **hyperparameters : float
        The optimizer's hyperparameters and the problem's own parameters, and around any optimizer made of equations
        `weight_decay` with `decoupled`, which is 1 always in Keras' convention. Switches may be True or False. Where
        `learning_rate` is not given, a listed problem uses its suggested one.

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
            batch=batch, seed=seed, settings=hyperparameters,
        )
    )
