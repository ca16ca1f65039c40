"""Prints the reference of optimizers and of all that can be put around them, as the tables have it.

``docs/optimizers.md`` is what it prints: ``python -m gdstudio.command.reference > docs/optimizers.md``.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from gdstudio.engine.additions import ADDITIONS, SCHEDULES
from gdstudio.engine.optimizers import CONVENTION_NAMES, FAMILY_NAMES, OPTIMIZERS
from gdstudio.engine.optimizers.decay import by_convention
from gdstudio.engine.optimizers.parity import PARITIES
from gdstudio.engine.schedule_parity import SCHEDULE_PARITIES
from gdstudio.experiment.recipe_text import example, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.engine.additions_row import AdditionRow
    from gdstudio.engine.optimizers import OptimizerRow, Variant
    from gdstudio.engine.optimizers.row import Parity
    from gdstudio.engine.parameters import Parameter

_HEAD = """\
# Optimizers, schedules and what else goes around them

The program prints this page from its own tables (`gdstudio/command/reference.py`). The equations are what runs: `g` is
the gradient at the old `theta`, `t` the step from 1, `loss` that over all the data before the step (the last one
known); a name that is read before it is assigned is state and begins at zero unless another beginning is given. Beyond
first order a search takes the place of equations: then they are those of the textbook, with `loss_next` and `g_next` at
the next `theta`. For tools `gdstudio list optimizers --json`, `list schedules` and `list additions` have the same.

PyTorch and Keras differ in defaults and in arithmetic; `--convention pytorch` or `keras` says whose is meant, and where
nothing is said it is the first one listed. Each was held against the named oracle in float64, over 1,000 recorded
gradients and on test problems where nothing else is said; the error is the largest |a - b| / max(1, |b|). In float32,
over 100 gradients, none is above 1e-5. Where a library computes a part in lesser precision, whatever the parameters
have, that part was brought to float64, and how far the library as it comes is from that is said too. What Keras makes
of an optimizer may depend on the backend behind it, so that this is named. L-BFGS also reaches the minima of SciPy's at
no more than 1.5 times its evaluations, as BFGS, conjugate gradients and the trust region do.

Muon alone works on matrices of parameters, such as the weights of softmax regression, which have a row for each input
(feature) and a column for each output (class), as in Keras; PyTorch's `Linear.weight` is the transpose. `in_matrix` is
1 for each number in a matrix and 0 for others, `block_rows` and `block_columns` are the shape of that matrix (1 for
others), `block_norm` is the Euclidean norm of all numbers in the same block, and `newton_schulz(X, a, b, c, steps)`
replaces each matrix X, `steps` times, by a X + b (X X') X + c (X X')^2 X.

`weight_decay` and `decoupled` are listed where the library has them; where the equations do not name them they are done
around these, as the last part of this page says."""
_SCHEDULES = """\
## Schedules

A schedule makes the learning rate of each step from the one that is set; `--warmup N` multiplies it by min(1, t/N).
Those of PyTorch are stepped once an update, so that their value before the first step is the rate of the first update;
Keras' step is 0 there, where `t` is 1. The error is relative. Keras counts `decay_steps`: a factor or rate here is that
of one step; a boundary is a milestone less one; `alpha` times the first rate is `end`; its cosine rests at the end,
where PyTorch's turns up again, and was taken in float64, not in its float32; its warm-up comes before the decay and not
over it, which a formula says. Their numbers are hyperparameters of the run, called `schedule_` and the name."""
_ADDITIONS = """\
## Around the optimizer

In this order: schedule and warm-up, SAM, the slope that the proximal step met, noise, clipping by value, clipping by
norm, coupled weight decay, decoupled weight decay, the optimizer's own equations, the proximal step, lookahead. Methods
that search their own step take none of them. `lasso` is how strongly the penalty in the loss takes the size of each
parameter, 0 for what it leaves alone, such as the intercept of a regression; where it is read, `g` is the gradient of
the loss without that part. Around gradient descent the proximal step is ISTA."""
_COMPARED = {
    "gradients": "", "steps": " in all steps", "minima": " of the losses at minima reached",
    "places": " of the minimum reached",
}
_COMING = "The library as it comes, in lesser precision in places, is {:g} away from that."
_ON_TORCH = "Keras had {} behind it; as it comes with PyTorch behind it, it is {:g} away from that."
_BEHIND = "Keras had {} behind it."
_LINKS = re.compile(r"(?P<kind>doi:|arXiv:)(?P<number>[^\s,;]*[^\s,;.])")


def reference() -> str:
    """Return the whole page as Markdown."""
    parts = [_HEAD]
    for family, name in FAMILY_NAMES.items():
        parts.append(f"## {name}")
        parts += [_optimizer(row) for row in OPTIMIZERS.values() if row.family == family]
    parts.append(_SCHEDULES)
    parts += [_addition(row) for row in SCHEDULES.values()]
    parts.append(_ADDITIONS)
    parts += [_addition(row) for key, row in ADDITIONS.items() if key not in SCHEDULES]
    return "\n\n".join(parts) + "\n"


def _optimizer(row: OptimizerRow) -> str:
    parts = [f"### {row.name} (`{row.key}`)", row.intuition, f"Not for: {row.not_for}"]
    if row.note:
        parts.append(row.note)
    if row.refusal is not None:
        parts.append(f"On a formula: {row.refusal.format(optimizer=row.name)}")
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[Variant]] = {}
    for variant in row.variants:
        equations = variant.equations or variant.shown_equations
        groups.setdefault((equations, tuple(variant.initial.items())), []).append(variant)
    for (equations, initial), variants in groups.items():
        if equations:
            heading = " and ".join(CONVENTION_NAMES[variant.convention] for variant in variants)
            parts.append(f"As of {heading}:" if len(row.variants) > 1 else "Equations:")
            parts.append(_equations(equations, initial))
    parts.append(_numbers(row))
    parts += [_held(variant, PARITIES.get((row.key, variant.convention)), row) for variant in row.variants]
    parts.append(f"{row.authors}, {row.year}. {_linked(row.reference)}.")
    return "\n\n".join(part for part in parts if part)


def _addition(row: AdditionRow) -> str:
    parts = [f"### {row.name} (`{row.key}`)", row.meaning]
    parities = SCHEDULE_PARITIES.get(row.key, ())
    numbers = names_of(row)
    if row.kind in ("schedule", "wrapper"):
        parts.append(f"Written `{example(row.key)}`.")
    if row.part.equations:
        parts.append(_equations(row.part.equations, row.part.initial.items()))
    parts.append(_table(
        ("Name", "Symbol", "Default", "Range", "Meaning"),
        [
            (f"`{name}`", *_cells(parameter, f"{parameter.default:g}")) for name, parameter in numbers.items()
        ],
    ))
    parts += [
        f"Held against `{parity.oracle}` ({parity.version}): error {parity.worst_error:g}." for parity in parities
    ]
    if not parities and row.oracle != "closed form":
        parts.append(f"As `{row.oracle}`.")
    if row.reference:
        parts.append(f"{_linked(row.reference)}.")
    return "\n\n".join(part for part in parts if part)


def _equations(equations: str, initial: Iterable[tuple[str, str]]) -> str:
    begins = [f"# {name} begins at {first}" for name, first in initial]
    return "\n".join(["```text", *begins, equations, "```"])


def _numbers(row: OptimizerRow) -> str:
    """Return the table of hyperparameters with the default of each convention."""
    heads = [f"Default ({CONVENTION_NAMES[convention]})" for convention in row.conventions]
    lines = []
    for key, having in by_convention(row).items():
        defaults = [f"{having[each].default:g}" if each in having else "" for each in row.conventions]
        lines.append((f"`{key}`", *_cells(next(iter(having.values())), *defaults)))
    return _table(("Name", "Symbol", *(heads if len(heads) > 1 else ["Default"]), "Range", "Meaning"), lines)


def _cells(parameter: Parameter, *defaults: str) -> tuple[str, ...]:
    return parameter.symbol, *defaults, parameter.choice_text, parameter.meaning


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _held(variant: Variant, parity: Parity | None, row: OptimizerRow) -> str:
    whose = f"{CONVENTION_NAMES[variant.convention]}: " if len(row.variants) > 1 else ""
    if parity is None:
        return f"{whose}As in the source of `{variant.oracle}`; no numbers were compared."
    single = "" if parity.single_error is None else f", in float32 {parity.single_error:g}"
    compared = _COMPARED[parity.compared]
    error = f"error {parity.worst_error:g}{compared}{single}"
    found = [f"{whose}Held against `{parity.oracle}` ({parity.version}): {error}."]
    if parity.as_it_comes is not None:
        found.append(_COMING.format(parity.as_it_comes))
    if parity.on_torch is not None:
        found.append(_ON_TORCH.format(parity.backend, parity.on_torch))
    elif parity.backend is not None:
        found.append(_BEHIND.format(parity.backend))
    return " ".join(found)


def _linked(text: str) -> str:
    """Return a reference in which DOI and arXiv numbers are links."""
    return _LINKS.sub(_link, text.rstrip("."))


def _link(found: re.Match[str]) -> str:
    place = "https://doi.org/" if found["kind"] == "doi:" else "https://arxiv.org/abs/"
    number = found["number"].replace("(", "%28").replace(")", "%29")
    return f"[{found[0]}]({place}{number})"


if __name__ == "__main__":
    sys.stdout.write(reference())
