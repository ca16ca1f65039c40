"""What the section on schedule, clipping and noise shows, as plain frozen data; all texts arrive translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.views.panel.model import Choice, Mistake, ParameterValue


@dataclass(frozen=True, slots=True)
class ScheduleModel:
    """The schedule of a run.

    Parameters
    ----------
    key : str
        Of the schedule in force.
    meaning : str
        What it does, in one sentence.
    parameters : tuple of ParameterValue
        Its numbers.
    text : str or None
        The formula of a schedule that is one, as typed; None for the others.
    mistake : Mistake or None
        Why the formula cannot be read.
    milestones : int or None
        How many there are; None where the schedule has none.
    """

    key: str
    meaning: str
    parameters: tuple[ParameterValue, ...] = ()
    text: str | None = None
    mistake: Mistake | None = None
    milestones: int | None = None


@dataclass(frozen=True, slots=True)
class AdditionModel:
    """Something that can be put around the optimizer: its name, what it does, whether it is, and its numbers."""

    key: str
    name: str
    meaning: str
    on: bool
    parameters: tuple[ParameterValue, ...] = ()


@dataclass(frozen=True, slots=True)
class AdditionsModel:
    """What is put around the optimizer of one run.

    Parameters
    ----------
    run : int
        Its index.
    runs : tuple of str
        Titles of all runs.
    schedule : ScheduleModel
        Its schedule.
    schedules : tuple of Choice
        The table.
    additions : tuple of AdditionModel
        The other things that can be put around it.
    refusal : str
        Why nothing can; empty where it can.
    """

    run: int
    runs: tuple[str, ...]
    schedule: ScheduleModel
    schedules: tuple[Choice, ...]
    additions: tuple[AdditionModel, ...]
    refusal: str = ""

    @property
    def summary(self) -> str:
        """What is in force, in a few words."""
        names = [choice.name for choice in self.schedules if choice.key == self.schedule.key != "constant"]
        return " · ".join([*names, *(each.name for each in self.additions if each.on)])
