"""Which intent of the parameter panel does what: the wiring, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.experiment import editing

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio


def connect_panel(studio: Studio) -> None:
    """Connect the panel of a studio's window."""
    panel = studio.window.panel
    panel.problemKindChosen.connect(studio.choose_kind)
    panel.problemChosen.connect(lambda key: studio.change(editing.choose_problem, key))
    panel.formulaEdited.connect(studio.edit_formula)
    panel.problemParameterChanged.connect(studio.set_problem_parameter)
    panel.startChanged.connect(studio.set_start_value)
    panel.startReset.connect(lambda: studio.change(editing.reset_start))
    panel.shownChanged.connect(studio.set_shown)
    studio.choosing.connect_panel()
    studio.surroundings.connect_panel()
    studio.own_optimizers.connect_panel()
    panel.runRemoved.connect(lambda index: studio.change(editing.remove_run, index))
    panel.runDuplicated.connect(lambda index: studio.change(editing.duplicate_run, index))
    panel.runReset.connect(lambda index: studio.change(editing.reset_run, index))
    panel.runVisibilityToggled.connect(lambda index: studio.change(editing.toggle_run, index))
    panel.runExpansionToggled.connect(studio.toggle_expansion)
    panel.hyperparameterChanged.connect(studio.set_hyperparameter)
    panel.batchChanged.connect(studio.set_batch)
    panel.stoppingChanged.connect(studio.set_stopping)
    panel.seedChanged.connect(lambda seed: studio.change(editing.set_seed, seed))
