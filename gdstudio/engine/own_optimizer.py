"""A person's own optimizer: equations as text, with lines above them that say what its numbers are.

    name: My momentum
    learning_rate: 0.01
    beta: 0.9 in 0..1
    initial v: 0

    v = beta * v + (1 - beta) * g
    theta = theta - learning_rate * v

The text is data and never code. What is read before it is assigned is state; what is read and never assigned is a
hyperparameter, declared or not.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.operations import CONSTANTS, FUNCTIONS, VECTOR_FUNCTIONS
from gdstudio.engine.language.program import PARAMETERS, RATE, RESERVED, program
from gdstudio.engine.language.tokens import shortened, tokens
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.optimizers.numbers import rate
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAXIMUM_CHARACTERS = 4_000
MAXIMUM_NAME = 60
# Each is the whole loss once more in the machine code of a step.
MAXIMUM_GRADIENTS = 20
UNNAMED = QT_TRANSLATE_NOOP("Optimizers", "My optimizer")

_HEADER = re.compile(r"\s*(?P<initial>initial\s+)?(?P<key>[A-Za-z][A-Za-z0-9_]*)\s*:(?P<value>.*)")
_DERIVATIVE = re.compile(r"\b(?:gradient|hessian_diagonal) *\(")
_NUMBER = r"[-+]?(?:inf|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
_DECLARATION = re.compile(rf"\s*(?P<default>{_NUMBER})(?:\s+in\s+(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER}))?\s*")
_DEFAULT = 0.1
_AS_READ = {ord("\t"): " ", ord("\r"): "\n"}
_MEANING = QT_TRANSLATE_NOOP("Parameters", "A number of this optimizer.")


@dataclass(frozen=True)
class OwnOptimizer:
    """What is found in the text of an optimizer.

    Attributes
    ----------
    text : str
        As typed.
    name : str
        As the text says; `UNNAMED` where it says nothing.
    equations : str
        The lines of equations at their places, all others empty, so that lines count as typed.
    parameters : tuple of Parameter
        Its hyperparameters, `learning_rate` first where it is one, then the declared ones, then the others as they
        appear.
    state : tuple of str
        Names that keep their value from step to step.
    initial : mapping of str to str
        Where a state begins if not at zero.
    guessed : tuple of str
        Hyperparameters that are neither declared nor known by their names, perhaps only mistyped.
    """

    text: str
    name: str
    equations: str
    parameters: tuple[Parameter, ...]
    state: tuple[str, ...]
    initial: Mapping[str, str] = field(default_factory=dict)
    guessed: tuple[str, ...] = ()


@dataclass
class _Header:
    """What the lines above the equations say, and where each says it: (line number, line, column)."""

    name: str = ""
    declared: dict[str, Parameter] = field(default_factory=dict)
    initial: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, str, int]] = field(default_factory=dict)


@lru_cache(maxsize=64)
def own_optimizer(text: str) -> OwnOptimizer:
    """Read the text of an optimizer; tabs are spaces, and lines end as on any system.

    Raises
    ------
    FormulaError
        With the line as its text, the column in it, and the line's number, from 1, in ``details["line"]``.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        lines = text[:MAXIMUM_CHARACTERS].split("\n")
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "The optimizer has {length} characters; at most {bound} are possible."),
            text=lines[-1], column=len(lines[-1]), line=len(lines), length=len(text), bound=MAXIMUM_CHARACTERS,
        )
    header, lines = _Header(), []
    # Character by character, so that columns stay as typed.
    typed = text.replace("\r\n", "\n").translate(_AS_READ).split("\n")
    for number, line in enumerate(typed, start=1):
        match = _HEADER.fullmatch(line)
        if match is not None:
            _read_header(header, number, line, match)
        lines.append("" if match is not None or line.lstrip().startswith("#") else line)
    equations = "\n".join(lines)
    _refuse_many_gradients(lines)
    read, assigned = _names(lines)
    of_start = {found for name in header.initial for found in _inputs_of_initial(header, name)}
    free = [name for name in (*read, *of_start) if name not in RESERVED and (name not in assigned or name == RATE)]
    parameters = _parameters(header, free)
    names = tuple(parameter.key for parameter in parameters)
    try:
        parsed = program(equations, names, reassigning=True)
    except FormulaError as error:
        line = typed[int(str(error.details["line"])) - 1]
        raise FormulaError(error.template, text=line, column=error.column, **error.details) from None
    _refuse_idle(header, {*parsed.hyperparameters, *of_start}, parsed.state)
    # Equations that make the rate themselves may read it after that only.
    names = tuple(name for name in names if name != RATE or name in {*parsed.hyperparameters, *of_start})
    parameters = tuple(parameter for parameter in parameters if parameter.key in names)
    for name in header.initial:
        _check_initial(header, name, names)
    guessed = tuple(name for name in names if name not in header.declared and name not in _known())
    return OwnOptimizer(text, header.name or UNNAMED, equations, parameters, parsed.state, header.initial, guessed)


def text_of(
    name: str, equations: str, parameters: Iterable[Parameter], initial: Mapping[str, str] | None = None
) -> str:
    """Return the text that `own_optimizer` reads as these equations: to open a built-in, copy and change it."""
    header = [f"name: {name}", *map(_declaration, parameters)]
    header += [f"initial {state}: {first}" for state, first in (initial or {}).items()]
    return "\n".join([*header, "", equations.strip("\n")]) + "\n"


def _declaration(parameter: Parameter) -> str:
    """Return the line of a header for a number; its range only where it is not the one that the name has."""
    known = _known().get(parameter.key)
    line = f"{parameter.key}: {_shown(parameter.default)}"
    if known is not None and (known.range_text, known.integer) == (parameter.range_text, parameter.integer):
        return line
    return f"{line} in {_shown(parameter.minimum)}..{_shown(parameter.maximum)}"


def _shown(number: float) -> str:
    return repr(number).removesuffix(".0")


@cache
def _known() -> dict[str, Parameter]:
    """Every number that equations of the tables have, by name; its meaning where it has one meaning only.

    The default is Adam's where Adam has it.
    """
    found = {RATE: rate(1e-2)}
    rows = (OPTIMIZERS["adam"], *(row for row in OPTIMIZERS.values() if row.equations))
    listed = [variant.hyperparameters for row in rows for variant in row.variants]
    listed += [row.parameters for row in ADDITIONS.values()]
    for parameter in (parameter for parameters in listed for parameter in parameters):
        first = found.setdefault(parameter.key, parameter)
        if first.meaning != parameter.meaning and parameter.key != RATE:
            found[parameter.key] = replace(first, meaning=_MEANING)
    return found


def _read_header(header: _Header, number: int, line: str, match: re.Match[str]) -> None:
    """Take in one line above the equations."""
    key, column = match["key"], match.start("key")
    place = f"initial {key}" if match["initial"] else key
    details = {"line": number, "name": shortened(key)}
    if place in header.places:
        template = QT_TRANSLATE_NOOP("Errors", "{name} is declared twice.")
        raise FormulaError(template, text=line, column=column, **details)
    if key in {*RESERVED, *FUNCTIONS, *VECTOR_FUNCTIONS, *CONSTANTS}:
        template = QT_TRANSLATE_NOOP("Errors", "{name} has a meaning of its own and cannot be declared.")
        raise FormulaError(template, text=line, column=column, **details)
    header.places[place] = (number, line, match.start("value"))
    if match["initial"]:
        header.initial[key] = match["value"].strip()
    elif key == "name":
        header.name = _checked_name(match["value"], number, line, match.start("value"))
    else:
        header.declared[key] = _declared(key, match["value"], number, line, match.start("value"))


def _checked_name(value: str, number: int, line: str, column: int) -> str:
    name = value.strip()
    if not (0 < len(name) <= MAXIMUM_NAME and name.isprintable()):
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "A name has 1 to {bound} characters that can be seen."),
            text=line, column=column, line=number, bound=MAXIMUM_NAME,
        )
    return name


def _declared(key: str, value: str, number: int, line: str, column: int) -> Parameter:
    """Return the parameter that a declaration such as ``0.9 in 0..1`` describes."""
    match = _DECLARATION.fullmatch(value)
    if match is None:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "After {name}: comes a number, and a range if need be: {name}: 0.9 in 0..1."),
            text=line, column=column + len(value) - len(value.lstrip()), line=number, name=shortened(key),
        )
    default = float(match["default"])
    low, high = (float(match[end]) if match[end] else None for end in ("low", "high"))
    wrong = not math.isfinite(default)
    if low is not None and high is not None:
        wrong = wrong or not low <= default <= high or low == high
    if wrong:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "{value} is no default of {name}: it must be finite and within its range."),
            text=line, column=column + match.start("default"), line=number, name=shortened(key),
            value=match["default"],
        )
    known = _known().get(key)
    if low is None or high is None:
        fits = known is not None and _allows(known, default)
        return replace(known, default=default) if known is not None and fits else _plain(key, default)
    if known is not None and known.is_switch and (low, high) == (0.0, 1.0) and _allows(known, default):
        return replace(known, default=default)
    plain = _plain(key, default) if known is None else replace(known, default=default)
    usual = (max(low, plain.usual[0]), min(high, plain.usual[1]))
    if math.isfinite(low) and math.isfinite(high):
        usual = (low, high)
    elif not usual[0] < usual[1]:
        usual = (low, low + 1.0) if math.isfinite(low) else (high - 1.0, high)
    return replace(
        plain, minimum=low, maximum=high, open_minimum=math.isinf(low), open_maximum=math.isinf(high), usual=usual,
        logarithmic=plain.logarithmic and usual[0] > 0.0, integer=False,
    )


def _allows(parameter: Parameter, value: float) -> bool:
    try:
        parameter.check(value)
    except ValueError:
        return False
    return True


def _plain(key: str, default: float) -> Parameter:
    """Return a number of which nothing is known but its name and default."""
    reach = 1.0 if abs(default) <= 1.0 else 2.0 * abs(default)
    return Parameter(
        key=key, symbol=key, meaning=_MEANING, default=default, minimum=-math.inf, maximum=math.inf,
        usual=(-reach if default < 0.0 else 0.0, reach), open_minimum=True, open_maximum=True,
    )


def _refuse_many_gradients(lines: list[str]) -> None:
    """See that a step stays cheap to compile."""
    left = MAXIMUM_GRADIENTS
    for number, line in enumerate(lines, start=1):
        found = list(_DERIVATIVE.finditer(line))
        if len(found) > left:
            raise FormulaError(
                QT_TRANSLATE_NOOP("Errors", "A step may take {bound} gradients besides g, not more."),
                text=line, column=found[left].start(), line=number, bound=MAXIMUM_GRADIENTS,
            )
        left -= len(found)


def _names(lines: list[str]) -> tuple[dict[str, None], set[str]]:
    """Return the names that equations read, in order, and those that they assign; what cannot be read is left out."""
    read: dict[str, None] = {}
    assigned: set[str] = set()
    meanings = {*FUNCTIONS, *VECTOR_FUNCTIONS, *CONSTANTS}
    for line in lines:
        target, equals, right = line.partition("=")
        assigned.add(target.strip())
        try:
            found = tokens(right) if equals else []
        except FormulaError:
            # The reading of the program, which follows, says where.
            continue
        read |= {token.text: None for token in found if token.kind == "name" and token.text not in meanings}
    return read, assigned


def _parameters(header: _Header, free: list[str]) -> tuple[Parameter, ...]:
    """Return the hyperparameters: the learning rate, the declared ones, then those that are only read."""
    known = _known()
    found = dict(header.declared)
    for name in free:
        if name not in found:
            found[name] = known[name] if name in known else _plain(name, _DEFAULT)
    return tuple(sorted(found.values(), key=lambda parameter: parameter.key != RATE))


def _refuse_idle(header: _Header, read: set[str], state: tuple[str, ...]) -> None:
    """See that all that is declared is used."""
    for place, (number, line, _) in header.places.items():
        begins = place.startswith("initial ")
        name = place.removeprefix("initial ")
        if name in (state if begins else {*read, "name"}):
            continue
        if begins:
            template = QT_TRANSLATE_NOOP("Errors", "{name} is no state: no line reads it before it is assigned.")
        else:
            template = QT_TRANSLATE_NOOP("Errors", "{name} is declared, but no line reads it.")
        raise FormulaError(template, text=line, column=line.index(name), line=number, name=shortened(name))


def _inputs_of_initial(header: _Header, name: str) -> tuple[str, ...]:
    """Return what the expression that a state begins with reads."""
    number, line, begin = header.places[f"initial {name}"]
    try:
        return formula(" " * begin + line[begin:]).inputs
    except FormulaError as error:
        details = {"line": number, **error.details}
        raise FormulaError(error.template, text=line, column=error.column, **details) from None


def _check_initial(header: _Header, name: str, names: tuple[str, ...]) -> None:
    """See that what a state begins with is an expression of hyperparameters and of the start."""
    number, line, begin = header.places[f"initial {name}"]
    strangers = [found for found in _inputs_of_initial(header, name) if found not in (*names, PARAMETERS)]
    if strangers:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "A state begins with hyperparameters and theta; {name} is neither."),
            text=line, column=begin + line[begin:].index(strangers[0]), line=number, name=shortened(strangers[0]),
        )
