"""A recipe: an optimizer with all that is put around it, composed into one program of equations.

The composed text is what runs, what is typeset and what is exported; nothing else in the program has to know that
an optimizer has a schedule, noise, or a wrapper around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.program import RATE
from gdstudio.engine.language.tokens import near_matches, shortened
from gdstudio.engine.methods.rule import method_rule
from gdstudio.engine.old_point import seen_from, takes_derivatives
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.engine.update_rule import update_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gdstudio.engine.additions_row import AdditionRow, Part
    from gdstudio.engine.kernels import Rule
    from gdstudio.engine.parameters import Parameter

_GRADIENT_CALL = re.compile(r"\bgradient\(")
# The parameters before weight decay; called as its addition, as all names of additions are.
_OLD = "weight_decay_old"
_REASSIGNED = frozenset({"g", "theta", RATE})


@dataclass(frozen=True, slots=True)
class Addition:
    """Something put around an optimizer: a key of `additions.ADDITIONS`, and the text that a few of them take.

    Its numbers are hyperparameters of the whole and stand with the others.
    """

    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """An optimizer with all that is put around it.

    Parameters
    ----------
    optimizer : str
        Key of the table of optimizers, or the name of the user's own where there are `equations`.
    convention : str or None
        Whose arithmetic and defaults; None takes the first that the optimizer has.
    equations : str or None
        Text of the user's own optimizer, see `own_optimizer`.
    additions : tuple of Addition
        In any order: what they do is done in the order of the table of additions.
    """

    optimizer: str = "adam"
    convention: str | None = None
    equations: str | None = None
    additions: tuple[Addition, ...] = ()

    def reaching(self, names: Collection[str]) -> Recipe:
        """Return the recipe with those additions too that hyperparameters called `names` ask for.

        A number that is called as an addition (``weight_decay``, ``clip_norm``...) switches it on, unless it belongs
        to the optimizer itself.
        """
        wanted = [
            name for name in names if name in ADDITIONS and name in {each.key for each in ADDITIONS[name].parameters}
        ]
        if not wanted:
            return self
        present = {parameter.key for parameter in composition(self).parameters}
        return replace(self, additions=(*self.additions, *(Addition(key) for key in wanted if key not in present)))


@dataclass(frozen=True, eq=False)
class Composition:
    """What a recipe comes to.

    Attributes
    ----------
    recipe : Recipe
        With its convention known and its additions in order.
    equations : str
        The composed text; empty where a method takes the place of equations.
    parameters : tuple of Parameter
        The optimizer's hyperparameters, `learning_rate` first where it has one, then those of the additions.
    initial : mapping of str to str
        Where a state begins if not at zero.
    method : str or None
        Key of the method that takes the place of equations.
    """

    recipe: Recipe
    equations: str
    parameters: tuple[Parameter, ...]
    initial: Mapping[str, str] = field(default_factory=dict)
    method: str | None = None
    _rules: dict[tuple[float, ...], Rule] = field(default_factory=dict, repr=False)

    @cached_property
    def switches(self) -> tuple[Parameter, ...]:
        """The hyperparameters that are a choice of 0 or 1; they are part of the program, not its arguments."""
        return tuple(parameter for parameter in self.parameters if parameter.is_switch)

    def parameter(self, key: str) -> Parameter | None:
        """Return the hyperparameter called `key`, or None."""
        return next((parameter for parameter in self.parameters if parameter.key == key), None)

    @property
    def rule(self) -> Rule:
        """The rule where no switch is set."""
        return self.rule_for({})

    def rule_for(self, hyperparameters: Mapping[str, float]) -> Rule:
        """Return the rule for these values of the switches, the same object for the same values."""
        names = tuple(parameter.key for parameter in self.parameters)
        if self.method is not None:
            return method_rule(self.method, names)
        switches = {parameter.key: hyperparameters.get(parameter.key, parameter.default) for parameter in self.switches}
        key = tuple(switches.values())
        if key not in self._rules:
            self._rules[key] = update_rule(self.equations, names, self.initial, switches, reassigning=True)
        return self._rules[key]


@lru_cache(maxsize=256)
def composition(recipe: Recipe) -> Composition:
    """Return what a recipe comes to.

    Raises
    ------
    FormulaError
        Where the user's own equations cannot be read.
    StudioError
        Where there is no such optimizer, convention or addition, or they do not fit together.
    """
    return _composed(_canonical(recipe))


def _canonical(recipe: Recipe) -> Recipe:
    """Return the recipe with its convention named and its additions in the order in which they are done."""
    order = list(ADDITIONS)
    for key in (addition.key for addition in recipe.additions):
        if key not in ADDITIONS:
            raise _unknown(
                QT_TRANSLATE_NOOP("Errors", "Nothing called {name} can be put around an optimizer; try {known}."),
                key, ADDITIONS,
            )
    additions = tuple(sorted(recipe.additions, key=lambda addition: order.index(addition.key)))
    if recipe.equations is not None:
        return replace(recipe, convention=None, additions=additions)
    if recipe.optimizer not in OPTIMIZERS:
        raise _unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no optimizer called {name}; try {known}."),
            recipe.optimizer, OPTIMIZERS,
        )
    variant = OPTIMIZERS[recipe.optimizer].variant(recipe.convention)
    return replace(recipe, convention=variant.convention, additions=additions)


def _unknown(template: str, name: str, known: Iterable[str]) -> StudioError:
    known = list(known)
    return StudioError(template, name=shortened(name), known=near_matches(name, known) or ", ".join(known))


@lru_cache(maxsize=256)
def _composed(recipe: Recipe) -> Composition:
    """Compose a recipe in canonical form."""
    bare = _bare(recipe)
    if not recipe.additions:
        return bare
    if bare.method is not None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{optimizer} searches its own step, so that nothing can be put around it: leave out {name}."
            ),
            optimizer=recipe.optimizer, name=recipe.additions[0].key,
        )
    rows = [ADDITIONS[addition.key] for addition in recipe.additions]
    _refuse_two(rows)
    parts = [
        row.under_keras if row.under_keras and recipe.convention == "keras" else row.part_of(addition.text)
        for row, addition in zip(rows, recipe.additions, strict=True)
    ]
    _refuse_clashes(bare, rows, parts)
    _refuse_without_rate(bare, rows, parts)
    above = [line for part in parts for line in part.before.split("\n") if line]
    below = [part.after for part in parts if part.after]
    chain = [line for line in above if _target(line) == "g"]
    above, equations = _undecayed(above, bare.equations)
    text = "\n".join([*above, _with_chain(equations, chain), *below])
    initial = dict(bare.initial)
    for part in parts:
        initial |= part.initial
    parameters = (*bare.parameters, *(parameter for part in parts for parameter in part.parameters))
    return Composition(recipe, text, parameters, initial)


def _bare(recipe: Recipe) -> Composition:
    """Return the optimizer alone."""
    if recipe.equations is not None:
        # loaded by those who have one: reading them needs all of both tables
        from gdstudio.engine.own_optimizer import own_optimizer

        own = own_optimizer(recipe.equations)
        return Composition(replace(recipe, additions=()), own.equations, own.parameters, own.initial)
    row = OPTIMIZERS[recipe.optimizer]
    variant = row.variant(recipe.convention)
    return Composition(
        replace(recipe, additions=()), variant.equations, variant.hyperparameters, variant.initial, variant.method
    )


def _refuse_two(rows: list[AdditionRow]) -> None:
    """See that nothing is put around an optimizer twice, nor two schedules."""
    seen: dict[str, str] = {}
    for row in rows:
        what = "schedule" if row.kind == "schedule" else row.key
        if seen.get(what) == row.key:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} is there twice: an optimizer can have it once."), name=row.key
            )
        if what in seen:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "There are two schedules, {one} and {other}: choose one of them."),
                one=seen[what], other=row.key,
            )
        seen[what] = row.key


def _refuse_clashes(bare: Composition, rows: list[AdditionRow], parts: list[Part]) -> None:
    """See that no addition uses a name that the optimizer has."""
    taken = {parameter.key for parameter in bare.parameters} | set(_targets(bare.equations))
    for row, part in zip(rows, parts, strict=True):
        own = {parameter.key for parameter in part.parameters} | set(_targets(part.before)) | set(_targets(part.after))
        own |= {_OLD} if "theta" in _targets(part.before) else set()
        clash = sorted((own - _REASSIGNED) & taken)
        if clash:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{optimizer} has {name} in its own equations, so {addition} cannot be put around it."
                ),
                optimizer=bare.recipe.optimizer, name=clash[0], addition=row.key,
            )


def _refuse_without_rate(bare: Composition, rows: list[AdditionRow], parts: list[Part]) -> None:
    """See that there is a learning rate for what reads it: a person's own optimizer need not have one."""
    if bare.parameter(RATE) is not None:
        return
    for row, part in zip(rows, parts, strict=True):
        if re.search(rf"\b{RATE}\b", part.equations):
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{addition} works on learning_rate, and {optimizer} has none: let its step be "
                    "learning_rate times something, or leave {addition} out."
                ),
                addition=row.key, optimizer=bare.recipe.optimizer,
            )


def _target(line: str) -> str:
    return line.partition("=")[0].strip()


def _targets(equations: str) -> list[str]:
    return [_target(line) for line in equations.split("\n") if line.strip()]


def _undecayed(above: list[str], equations: str) -> tuple[list[str], str]:
    """Return the lines above and those of the optimizer, which take their derivatives where ``g`` was taken."""
    shrinking = [index for index, line in enumerate(above) if _target(line) == "theta"]
    if not shrinking or not takes_derivatives(equations):
        return above, equations
    return [*above[:shrinking[0]], f"{_OLD} = theta", *above[shrinking[0]:]], seen_from(_OLD, equations)


def _with_chain(equations: str, chain: list[str]) -> str:
    """Return equations in which what is done to the gradient is done to gradients at other points too.

    Each ``gradient(point)`` gets a name, and lines above that do to it what `chain` does to ``g``.
    """
    if not chain:
        return equations
    lines: list[str] = []
    count = 0
    for line in equations.split("\n"):
        rest = line
        while (call := _last_call(rest)) is not None:
            begin, end, point = call
            count += 1
            name = f"g_ahead{count if count > 1 else ''}"
            lines.append(f"{name} = gradient ({point})")
            lines += [_at(step, name, point) for step in chain]
            rest = f"{rest[:begin]}{name}{rest[end:]}"
        lines.append(rest)
    return "\n".join(lines).replace("gradient (", "gradient(")


def _at(step: str, name: str, point: str) -> str:
    """Return a line of the chain for the gradient called `name`, which was taken at `point`."""
    moved = re.sub(r"\btheta\b", point if point.isidentifier() else f"({point})", step)
    return re.sub(r"\bg\b", name, moved).replace("gradient(", "gradient (")


def _last_call(line: str) -> tuple[int, int, str] | None:
    """Return where the last ``gradient(...)`` of a line begins and ends, and its argument, without one in it."""
    found = list(_GRADIENT_CALL.finditer(line))
    if not found:
        return None
    begin, inside = found[-1].span()
    depth, end = 1, inside
    while depth:
        depth += {"(": 1, ")": -1}.get(line[end], 0)
        end += 1
    return begin, end, line[inside:end - 1]
