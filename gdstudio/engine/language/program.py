"""An optimizer's equations: several lines ``name = expression``, read into one graph.

An optimizer is written as the textbook prints it. A name that is read before it is assigned is state and
keeps its value from step to step; a name that is read after it was assigned is that expression, so the
graph of a step needs no variables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.graph import Graph
from gdstudio.engine.language.operations import FUNCTIONS, OPERATIONS, VECTOR_FUNCTIONS
from gdstudio.engine.language.parser import parse
from gdstudio.engine.language.syntax import build
from gdstudio.engine.language.tokens import check_name, near_matches, shortened, tokens
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gdstudio.engine.language.syntax import Syntax

MAXIMUM_LINES = 60
MAXIMUM_NAMES = 60
GRADIENT, STEP, PARAMETERS, RATE, NORMAL, LOSS = "g", "t", "theta", "learning_rate", "normal", "loss"
# 1 where `loss` was worked out for this very step, 0 where it is the last one known: with many data at ends of epochs.
LOSS_IS_NEW = "loss_is_new"
# How strongly the penalty in the loss takes the size of each parameter; `g` is without that for who reads it.
LASSO = "lasso"
# 1 for each parameter that is in a matrix, 0 for the others; the shape of that matrix, 1 for the others.
BLOCK_INPUTS = ("in_matrix", "block_rows", "block_columns")
_VECTORS = (GRADIENT, PARAMETERS, NORMAL, LASSO, *BLOCK_INPUTS)
RESERVED = (*_VECTORS, STEP, LOSS, LOSS_IS_NEW)
# What additions around an optimizer may assign anew.
REASSIGNABLE = (GRADIENT, PARAMETERS, RATE)
_CALLABLE = FUNCTIONS | VECTOR_FUNCTIONS


@dataclass(frozen=True)
class Assignment:
    """One line: the name on the left and the node of its right side."""

    target: str
    node: int


@dataclass(frozen=True)
class Program:
    """The equations of one step of an optimizer.

    Attributes
    ----------
    text : str
        As typed.
    graph : Graph
        Its inputs are ``g``, ``t``, ``theta``, ``loss``, ``loss_is_new``, ``normal``, ``lasso``, `BLOCK_INPUTS`, the
        state and the hyperparameters, all as they are before the step.
    assignments : tuple of Assignment
        In the order of the lines.
    state : tuple of str
        Names that keep their value from step to step, in order of appearance.
    hyperparameters : tuple of str
        Those of the given names that are read, in order of appearance.
    next_state : dict of str to int
        The node of each state's value after the step.
    theta : int
        The node of the parameters after the step.
    rate : int or None
        The node of the learning rate, where the equations assign it.
    """

    text: str
    graph: Graph
    assignments: tuple[Assignment, ...]
    state: tuple[str, ...]
    hyperparameters: tuple[str, ...]
    next_state: dict[str, int]
    theta: int
    rate: int | None = None


def program(
    text: str, given: Collection[str], *, switches: Mapping[str, float] | None = None, reassigning: bool = False
) -> Program:
    """Read an optimizer's equations.

    Parameters
    ----------
    text : str
        Lines ``name = expression``; the last one assigns ``theta``. Empty lines are left out. Besides the
        functions of a formula there are ``gradient(point)``, ``hessian_diagonal(point)``, ``norm``, ``dot``, ``sum``
        and ``mean``, and for matrices of parameters ``block_norm`` and ``newton_schulz``, see `matrices`. ``loss`` is
        the loss before the step, the last one known over all the data, ``loss_is_new`` 1 where it was worked out for
        this step and else 0, ``normal`` a standard normal number for each parameter, ``lasso`` how strongly the penalty
        in the loss takes the size of each: where it is read, gradients are those of the loss without that part;
        ``in_matrix``, ``block_rows`` and ``block_columns`` tell the shape of the block that a parameter is in.
    given : collection of str
        Names of hyperparameters.
    switches : mapping of str to float, optional
        Hyperparameters that are written into the graph as constants.
    reassigning : bool
        Whether ``g``, ``theta`` and ``learning_rate`` may be assigned anew before the last line, as what stands
        around an optimizer does.

    Raises
    ------
    FormulaError
        With the line as its text, the column in it, and the line's number, from 1, in ``details["line"]``.
    """
    reader = _Reader(text, frozenset(given), dict(switches or {}), reassigning)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip(" \r"):
            reader.read(number, line.rstrip("\r"))
    return reader.finish()


def vector_nodes(program: Program) -> set[int]:
    """Return the nodes that hold one number per parameter; the others hold one number alone.

    ``g``, ``theta``, ``normal``, ``lasso``, `BLOCK_INPUTS`, gradients, diagonals of the Hessian and what is done
    to matrices are vectors, ``t``, ``loss``, ``loss_is_new``, hyperparameters and the results of norm, dot, sum and
    mean are not, a state is a vector if what is assigned to it is one, and an element-wise operation is if any of its
    operands is.
    """
    graph = program.graph
    vectors: set[int] = set()
    vector_names = set(_VECTORS)
    while True:
        for node in range(len(graph)):
            operation = graph.operation(node)
            if operation == "input":
                is_vector = graph.name(node) in vector_names
            elif operation == "constant":
                is_vector = False
            elif OPERATIONS[operation].elementwise:
                is_vector = any(operand in vectors for operand in graph.operands(node))
            else:
                is_vector = OPERATIONS[operation].gives_vector
            if is_vector:
                vectors.add(node)
        grown = vector_names | {name for name, node in program.next_state.items() if node in vectors}
        if grown == vector_names:
            return vectors
        vector_names = grown


@dataclass
class _Reader:
    """The state of reading a program line by line."""

    text: str
    given: frozenset[str]
    switches: Mapping[str, float]
    reassigning: bool
    graph: Graph = field(default_factory=Graph)
    assignments: list[Assignment] = field(default_factory=list)
    nodes: dict[str, int] = field(default_factory=dict)
    places: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    vector_arguments: list[tuple[int, int, str, int]] = field(default_factory=list)
    single_arguments: list[tuple[int, int, str, int]] = field(default_factory=list)
    theta_line: tuple[int, str] | None = None
    rate_line: tuple[int, str] = (1, "")
    last_line: tuple[int, str] = (1, "")

    def read(self, number: int, line: str) -> None:
        """Read one line."""
        self.last_line = (number, line)
        try:
            self._read(number, line)
        except FormulaError as error:
            details = {"line": number, **error.details}
            raise FormulaError(error.template, text=line, column=error.column, **details) from None

    def _read(self, number: int, line: str) -> None:
        if number > MAXIMUM_LINES:
            raise FormulaError(
                QT_TRANSLATE_NOOP("Errors", "There are more than {bound} lines."),
                text=line,
                column=0,
                bound=MAXIMUM_LINES,
            )
        target, begin = _target(line)
        self._check_target(line, target, line.index(target))
        syntax = parse(" " * begin + line[begin:], _CALLABLE)
        node, nodes = build(
            syntax, self.graph, lambda name, column: self._node_of(name, number, line, column)
        )
        self._note_vector_arguments(syntax, nodes, number, line)
        if target == PARAMETERS:
            self.theta_line = (number, line)
        if target in (PARAMETERS, GRADIENT):
            self.vector_arguments.append((node, number, line, line.index(target)))
        if target == RATE:
            self.rate_line = (number, line)
        # A line that a switch turns off says nothing.
        if not self.switches or node != self._before(target):
            self.assignments.append(Assignment(target, node))
        self.nodes[target] = node

    def _before(self, target: str) -> int | None:
        """Return the node of a name that is given, or was assigned by an earlier line."""
        found = self.nodes.get(target)
        return self.graph.input(target) if found is None and target in REASSIGNABLE else found

    def _check_target(self, line: str, target: str, column: int) -> None:
        """See that a name may be assigned."""
        check_name(line, column, target)
        if self.reassigning and target in REASSIGNABLE:
            return
        if self.theta_line is not None and not self.reassigning:
            template = QT_TRANSLATE_NOOP("Errors", "theta is assigned once, by the last line of all.")
        elif target in VECTOR_FUNCTIONS:
            template = QT_TRANSLATE_NOOP("Errors", "{name} is a function and cannot be assigned.")
        elif target in RESERVED and target != PARAMETERS:
            template = QT_TRANSLATE_NOOP("Errors", "{name} is given, not assigned; choose another name.")
        elif target in self.given:
            template = QT_TRANSLATE_NOOP("Errors", "{name} is a hyperparameter and cannot be assigned.")
        else:
            return
        raise FormulaError(template, text=line, column=column, name=shortened(target))

    def _node_of(self, name: str, number: int, line: str, column: int) -> int:
        """Return what a name stands for at this line."""
        node = self.nodes.get(name)
        if node is not None:
            return node
        self.places.setdefault(name, (number, line, column))
        if len(self.places) > MAXIMUM_NAMES:
            raise FormulaError(
                QT_TRANSLATE_NOOP("Errors", "There are more than {bound} names."),
                text=line,
                column=column,
                bound=MAXIMUM_NAMES,
            )
        if name in self.switches:
            return self.graph.constant(self.switches[name])
        return self.graph.input(name)

    def _note_vector_arguments(self, syntax: Syntax, nodes: list[int], number: int, line: str) -> None:
        """Remember which arguments of gradient, norm and their like must turn out to be vectors, and which not."""
        stack: list[int] = []
        for step, node in zip(syntax.steps, nodes, strict=True):
            arguments = stack[len(stack) - step.count :]
            del stack[len(stack) - step.count :]
            if step.operation in VECTOR_FUNCTIONS:
                vectors = len(arguments) - OPERATIONS[step.operation].numbers
                places = [(argument, number, line, step.column) for argument in arguments]
                self.vector_arguments += places[:vectors]
                self.single_arguments += places[vectors:]
            stack.append(node)

    def finish(self) -> Program:
        """Make the program once all lines are read."""
        number, line = self.last_line
        if self.theta_line is None or (self.reassigning and self.theta_line != self.last_line):
            raise FormulaError(
                QT_TRANSLATE_NOOP("Errors", "The last line must say what theta becomes: theta = theta - ..."),
                text=line,
                column=len(line),
                line=number,
            )
        state = tuple(name for name in self.places if name not in self.given and name not in RESERVED)
        self._check_assigned(state)
        result = Program(
            text=self.text,
            graph=self.graph,
            assignments=tuple(self.assignments),
            state=state,
            hyperparameters=tuple(name for name in self.places if name in self.given),
            next_state={name: self.nodes[name] for name in state},
            theta=self.nodes[PARAMETERS],
            rate=self.nodes.get(RATE),
        )
        self._check_vectors(result)
        return result

    def _check_assigned(self, state: tuple[str, ...]) -> None:
        """See that every name that is read and not given is assigned somewhere."""
        for name in state:
            if name in self.nodes:
                continue
            number, line, column = self.places[name]
            matches = near_matches(name, {*self.given, *self.nodes, *RESERVED})
            if matches:
                template = QT_TRANSLATE_NOOP("Errors", "{name} is never assigned; did you mean {matches}?")
            else:
                template = QT_TRANSLATE_NOOP(
                    "Errors", "{name} is never assigned and is no hyperparameter; add a line {name} = ..."
                )
            details = {"line": number, "name": shortened(name), "matches": matches}
            raise FormulaError(template, text=line, column=column, **details)

    def _check_vectors(self, result: Program) -> None:
        """See that what needs one number per parameter has it, and what needs one number alone."""
        vectors = vector_nodes(result)
        for node, number, line, column in self.vector_arguments:
            if node not in vectors:
                raise FormulaError(
                    QT_TRANSLATE_NOOP(
                        "Errors", "One number for each parameter is needed here, such as theta or g has."
                    ),
                    text=line,
                    column=column,
                    line=number,
                )
        for node, number, line, column in self.single_arguments:
            if node in vectors:
                raise FormulaError(
                    QT_TRANSLATE_NOOP("Errors", "After the first argument come numbers, the same for all parameters."),
                    text=line,
                    column=column,
                    line=number,
                )
        if result.rate in vectors:
            number, line = self.rate_line
            raise FormulaError(
                QT_TRANSLATE_NOOP("Errors", "learning_rate is one number, not one for each parameter."),
                text=line,
                column=line.index(RATE),
                line=number,
            )


def _target(line: str) -> tuple[str, int]:
    """Return the name that a line assigns and where its expression begins."""
    equals = line.find("=")
    left = tokens(line[:equals] if equals >= 0 else line)
    if equals < 0 or left[0].kind != "name" or left[1].kind != "end":
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "A line is a name, =, and what it becomes: v = momentum*v + g."),
            text=line,
            column=left[0].column if equals >= 0 else len(line),
        )
    if not line[equals + 1 :].strip(" "):
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "After = the line says what {name} becomes: {name} = ..."),
            text=line,
            column=len(line),
            name=shortened(left[0].text),
        )
    return left[0].text, equals + 1
