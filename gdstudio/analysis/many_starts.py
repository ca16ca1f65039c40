"""Descents from many starts at once on all cores, with progress on the way and a way to end them early."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.many_starts import Ends, ManyStarts
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike

    from gdstudio.engine.objective import Objective

# Small enough that no core waits long for the last, and that progress is seen; a call costs some microseconds.
_STARTS_AT_ONCE = 2048


def descend_many(
    objective: Objective, optimizer: str | Recipe, starts: ArrayLike,
    hyperparameters: Mapping[str, float] | None = None, iterations: int = 1000, *, threads: int | None = None,
    progress: Callable[[int, int], bool] | None = None, machine: bool | None = None,
) -> Ends:
    """Make `iterations` steps from each of many starts; only the ends are kept.

    The same start gives the same bits whatever the other starts and the threads are. Where the loss needs only
    + - * / and square roots these are the bits of a `descent.Descent` that nothing stops; sines, cosines,
    exponentials, logarithms and lengths may differ by two units in the last place.

    Parameters
    ----------
    objective : Objective
        What is minimised; over all its data, where it has some.
    optimizer : str or Recipe
        Key of the table of optimizers, or an optimizer with all that is put around it.
    starts : array_like, shape (m, n)
        Where the descents begin.
    hyperparameters : mapping of str to float
        Values that differ from the table's defaults.
    iterations : int
        How many each makes.
    threads : int or None
        How many threads work; None takes as many as there are cores.
    progress : callable, optional
        Called in this thread with the starts that are done and those in all; where it returns false, the descents
        end as they are, and `Ends.complete` is false.
    machine : bool or None
        Whether to execute machine code; None takes it where it can be made.

    Returns
    -------
    Ends
        The last parameters, shape (m, n), with loss, gradient norm and whether it diverged, shape (m,).

    Raises
    ------
    StudioError
        Where the starts, a hyperparameter or the recipe do not fit, or the optimizer searches or needs noise.
    """
    given = dict(hyperparameters or {})
    composed = composition((optimizer if isinstance(optimizer, Recipe) else Recipe(optimizer)).reaching(given))
    numbers = {row.key: row.check(given.pop(row.key, row.default)) for row in composed.parameters}
    if given:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{optimizer} has no hyperparameter called {name}; it has {known}."),
            optimizer=composed.recipe.optimizer, name=next(iter(given)), known=", ".join(numbers),
        )
    work = ManyStarts(objective, composed.rule_for(numbers), list(numbers.values()), starts, iterations, machine)
    spans = work.spans(_STARTS_AT_ONCE)
    count = min(len(spans), threads or os.cpu_count() or 1)
    done = 0
    with ThreadPoolExecutor(count) as pool:
        try:
            for finished in as_completed([pool.submit(work.descend, span) for span in spans]):
                done += finished.result()
                if progress is not None and not progress(done, work.count):
                    break
        finally:
            if done < work.count:
                work.cancel()
    return work.ends
