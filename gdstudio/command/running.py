"""``gdstudio run``: one descent, reported and written to a file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.command.arguments import CommandParser, add_run_options
from gdstudio.command.values import experiment_of
from gdstudio.engine.names import shown, shown_file
from gdstudio.experiment.run import run_experiment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.experiment.document import Problem, Run
    from gdstudio.experiment.run import Result

_LONGEST_TEXT = 200
# Of more numbers than a reader looks through, or columns, the first and the last few are printed.
_MOST_NUMBERS, _FIRST, _LAST = 20, 8, 2


def main(tokens: Sequence[str]) -> int:
    """Run what `tokens` describe, print how it went, and return the exit code."""
    parser = CommandParser("run", "Minimise a problem or a formula, and say how it went.")
    add_run_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", metavar="FILE", help="write every iterate to FILE.csv, FILE.json or FILE.npz")
    options = parser.read(tokens)
    experiment = experiment_of(options)
    if options.out is not None:
        from gdstudio.exporters.tables import check_table_file

        check_table_file(options.out)
    result = run_experiment(experiment)
    if options.out is not None:
        from gdstudio.exporters.tables import write_table

        write_table(options.out, result.trajectory, experiment)
    print(_json(result) if options.json else _report(result, options.out))
    return 0


def _json(result: Result) -> str:
    import json

    content = {
        "outcome": result.outcome,
        "reason": result.reason,
        "iterations": result.iterations,
        "evaluations": result.evaluations,
        "loss": _strict(result.loss),
        "gradient_norm": _strict(result.gradient_norm),
        "theta": {name: _strict(value) for name, value in _named(result)},
        "verdict": result.verdict,
        "verdict_reason": result.verdict_reason,
        "eigenvalues": result.eigenvalues,
    }
    if result.columns is not None:
        content |= {
            "epochs": result.epochs,
            "metrics": None if result.metrics is None else {
                part: None if numbers is None else {name: _strict(value) for name, value in numbers.items()}
                for part, numbers in result.metrics.items()
            },
            "columns": result.columns,
            "left_out": {
                column: {"text": text, "line": line} for column, (text, line) in (result.left_out or {}).items()
            },
        }
    return json.dumps(content, allow_nan=False)


def _strict(value: float) -> float | None:
    """Return what strict JSON can hold: null for a number that is not finite."""
    return value if math.isfinite(value) else None


def _named(result: Result) -> list[tuple[str, Any]]:
    return list(zip(result.variables, result.theta.tolist(), strict=True))


def _report(result: Result, file: str | None) -> str:
    from gdstudio.experiment.build import hyperparameters_of

    experiment = result.experiment
    problem, run = experiment.problem, experiment.runs[0]
    numbers = {**problem.parameters, **hyperparameters_of(problem, run)}
    lines = [
        ("problem", _problem(problem)),
        *_optimizer(run),
        ("set", ", ".join(f"{name} = {value:g}" for name, value in numbers.items())),
        *_guessed(run),
        ("start", _point(zip(result.variables, experiment.start, strict=True))),
        ("outcome", result.outcome),
        ("", result.reason),
        ("iterations", str(result.iterations)),
        *_fit(result),
        ("evaluations", str(result.evaluations)),
        ("loss", repr(result.loss)),
        ("gradient norm", repr(result.gradient_norm)),
        ("theta", _point(_named(result))),
    ]
    if file is not None:
        lines.append(("written", shown_file(file)))
    return "\n".join(f"{label:<15}{text}" for label, text in lines)


def _problem(problem: Problem) -> str:
    """Return what is minimised: the loss, and what a table calls it."""
    from gdstudio.experiment.build import row_of, text_of

    name = None
    if problem.model is not None:
        from gdstudio.experiment.sampled import model_row

        name = model_row(problem).name
    elif (row := row_of(problem)) is not None:
        name = row.name
    return ": ".join(filter(None, (name, _shortened(text_of(problem)))))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT - 3] + "..."


def _fit(result: Result) -> list[tuple[str, str]]:
    """Return the lines about data: how many samples there are, epochs, and how well they are predicted."""
    if result.columns is None:
        return []
    from gdstudio.experiment.sampled import sampled

    samples = sampled(result.experiment.problem).samples
    held_out = f", {len(samples.held_out)} held out" if len(samples.held_out) else ""
    lines = [("samples", f"{len(samples.train)}{held_out}")]
    if result.left_out:
        held = (
            f"{shown(column)} holds text ({shown(text)}{'' if line is None else f' in line {line}'})"
            for column, (text, line) in result.left_out.items()
        )
        lines.append(("left out", _listed(held)))
    lines.append(("epochs", str(result.epochs)))
    if np.isnan(result.trajectory.loss[:-1]).any() and result.outcome != "diverged":
        lines.append(("", "of so many samples the loss of all is worked out at the ends of epochs"))
    for part, numbers in (result.metrics or {}).items():
        if numbers is not None:
            named = ", ".join(f"{name} = {value:.6g}" for name, value in numbers.items())
            lines.append((part.replace("_", " "), named))
    return lines


def _optimizer(run: Run) -> list[tuple[str, str]]:
    """Return the lines that name the optimizer, whose it is where that was said, and what is around it."""
    from gdstudio.engine.additions import ADDITIONS
    from gdstudio.engine.optimizers import CONVENTION_NAMES
    from gdstudio.engine.recipe import composition
    from gdstudio.experiment.build import optimizer_name, recipe_of

    of = next((f" ({name})" for key, name in CONVENTION_NAMES.items() if key == run.convention), "")
    lines = [("optimizer", optimizer_name(run) + of)]
    around = [
        f"{ADDITIONS[addition.key].name}: {addition.text}" if addition.key == "formula"
        else ADDITIONS[addition.key].name for addition in composition(recipe_of(run)).recipe.additions
    ]
    return [*lines, ("around it", ", ".join(around))] if around else lines


def _guessed(run: Run) -> list[tuple[str, str]]:
    """Return a line for the names in a person's own equations that may be mistyped: numbers that nothing sets."""
    if run.equations is None:
        return []
    from gdstudio.engine.own_optimizer import own_optimizer

    own = own_optimizer(run.equations)
    found = [
        f"{parameter.key} = {parameter.default:g} (default)" for parameter in own.parameters
        if parameter.key in own.guessed and parameter.key not in run.hyperparameters
    ]
    return [("", f"found in the text: {', '.join(found)}")] if found else []


def _point(named: Any) -> str:
    return _listed(f"{name} = {value!r}" for name, value in named)


def _listed(parts: Iterable[str]) -> str:
    """Return parts in a line: of many the first and the last few, and how many are between."""
    every = list(parts)
    if len(every) > _MOST_NUMBERS:
        every = [*every[:_FIRST], f"... ({len(every) - _FIRST - _LAST} more) ...", *every[-_LAST:]]
    return ", ".join(every)
