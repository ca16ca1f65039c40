"""Which intent of the parameter panel, and which action of the window, does what: the wiring, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from gdstudio.controllers.data_intents import connect_data
from gdstudio.controllers.sentences import error_text
from gdstudio.engine.errors import StudioError
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
    panel.shownChanged.connect(lambda first, second: _set_shown(studio, first, second))
    studio.choosing.connect_panel()
    studio.surroundings.connect_panel()
    studio.own_optimizers.connect_panel()
    panel.runRemoved.connect(lambda index: studio.change(editing.remove_run, index))
    panel.runDuplicated.connect(lambda index: studio.change(editing.duplicate_run, index))
    panel.runReset.connect(lambda index: studio.change(editing.reset_run, index))
    panel.runVisibilityToggled.connect(lambda index: studio.change(editing.toggle_run, index))
    panel.runExpansionToggled.connect(studio.toggle_expansion)
    panel.hyperparameterChanged.connect(studio.set_hyperparameter)
    panel.batchChanged.connect(lambda *choice: _set_batch(studio, *choice))
    panel.stoppingChanged.connect(lambda field, value: _set_stopping(studio, field, value))
    panel.seedChanged.connect(lambda seed: studio.change(editing.set_seed, seed))
    connect_data(studio)


def connect_actions(studio: Studio) -> None:
    """Connect the menus and buttons of a studio's window."""
    window, player = studio.window, studio.player
    window.actionRun.triggered.connect(player.play)
    window.actionPause.triggered.connect(player.pause)
    window.actionStep.triggered.connect(player.step)
    window.actionRestart.triggered.connect(player.restart)
    window.actionToEnd.triggered.connect(player.run_to_end)
    window.actionUndo.triggered.connect(studio.undo)
    window.actionRedo.triggered.connect(studio.redo)
    window.actionLogZ.triggered.connect(lambda log: _set_scale(studio, log))
    window.actionResetView.triggered.connect(studio.screen.reset_view)
    window.actionOpenData.triggered.connect(studio.importing.ask)
    studio.files.connect_actions()
    studio.exports.connect_actions()


def _set_shown(studio: Studio, first: int, second: int) -> None:
    """Choose the two variables that the views show."""
    if first != second:
        studio.apply(replace(studio.experiment, shown=(first, second)))


def _set_scale(studio: Studio, log: bool) -> None:
    """Show heights on a logarithmic or a linear scale."""
    studio.apply(replace(studio.experiment, scale="log" if log else "linear"))


def _set_stopping(studio: Studio, field: str, value: object) -> None:
    """Set one field of the stopping rule."""
    changed: dict[str, Any] = {field: value}
    try:
        stopping = replace(studio.experiment.stopping, **changed)
    except StudioError as error:
        studio.window.status.showMessage(error_text(error))
        studio.show_panel()
        return
    studio.apply(editing.set_stopping(studio.experiment, stopping))


def _set_batch(studio: Studio, index: int, size: int | None, final: bool) -> None:
    """Set the batch of a run, and say so where that takes a run that plays back to its start."""
    playing = studio.player.playback.playing
    studio.set_batch(index, size, final)
    if playing and not studio.player.playback.playing:
        text = QCoreApplication.translate("Studio", "Another batch is another run: back at the start, press Run")
        studio.window.status.showMessage(text)
