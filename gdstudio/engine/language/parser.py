"""Reads a formula: precedence climbing over the tokens, with an error at its column for all else.

The text is data. Nothing is evaluated while reading, numbers become float64 at once, and length, number of
nodes and depth are bounded before they can cost anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.elsewhere import meant_by
from gdstudio.engine.language.operations import COMPARISONS, CONSTANTS, FUNCTIONS
from gdstudio.engine.language.syntax import Step, Syntax
from gdstudio.engine.language.tokens import check_name, shortened, tokens
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.language.tokens import Token

MAXIMUM_NODES = 1_000
MAXIMUM_DEPTH = 60

_COMPARE, _ADD, _MULTIPLY, _NEGATE, _POWER = range(1, 6)
_BINARY = {
    "<": (_COMPARE, "less"),
    "<=": (_COMPARE, "less_equal"),
    ">": (_COMPARE, "greater"),
    ">=": (_COMPARE, "greater_equal"),
    "==": (_COMPARE, "equal"),
    "!=": (_COMPARE, "not_equal"),
    "+": (_ADD, "add"),
    "-": (_ADD, "subtract"),
    "*": (_MULTIPLY, "multiply"),
    "/": (_MULTIPLY, "divide"),
    "^": (_POWER, "power"),
    "**": (_POWER, "power"),
}


def parse(
    text: str, functions: Mapping[str, tuple[int, int | None]] = FUNCTIONS, *, bounded: bool = True
) -> Syntax:
    """Read one formula.

    Parameters
    ----------
    text : str
        At most 1,000 characters, 1,000 nodes and 60 levels of nesting.
    functions : mapping, optional
        What may be called, with the least and the greatest number of arguments.
    bounded : bool
        Whether characters and nodes are bounded; not for text that the program itself makes.

    Raises
    ------
    FormulaError
        With the column at which reading stopped.
    """
    return _Parser(text, functions, bounded).parse()


class _Parser:
    """The state of reading one text."""

    def __init__(self, text: str, functions: Mapping[str, tuple[int, int | None]], bounded: bool) -> None:
        self.text = text
        self.functions = functions
        self.bounded = bounded
        self.tokens = tokens(text, bounded=bounded)
        self.position = 0
        self.depth = 0
        self.steps: list[Step] = []

    def parse(self) -> Syntax:
        """Read the whole text."""
        if self.token.kind == "end":
            raise self.error(
                QT_TRANSLATE_NOOP("Errors", "The formula is empty; type one, such as x^2 + y^2."),
                self.token.column,
            )
        self.expression(_COMPARE)
        if self.token.kind != "end":
            raise self.unexpected()
        self.refuse_comparison()
        return Syntax(self.text, tuple(self.steps))

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def take(self) -> Token:
        """Return the next token and go past it."""
        token = self.token
        self.position += token.kind != "end"
        return token

    def error(self, template: str, column: int, **details: object) -> FormulaError:
        """Make an error about this text."""
        return FormulaError(template, text=self.text, column=column, **details)

    def emit(self, step: Step) -> None:
        """Add a step in postfix order, within the bound."""
        if self.bounded and len(self.steps) >= MAXIMUM_NODES:
            raise self.error(
                QT_TRANSLATE_NOOP("Errors", "The formula has more than {bound} numbers, names and signs."),
                step.column,
                bound=MAXIMUM_NODES,
            )
        self.steps.append(step)

    def enter(self) -> None:
        """Go one level deeper, within the bound."""
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise self.error(
                QT_TRANSLATE_NOOP("Errors", "The formula is nested more than {bound} levels deep here."),
                self.token.column,
                bound=MAXIMUM_DEPTH,
            )

    def expression(self, lowest: int) -> None:
        """Read operands joined by operators that bind at least as tightly as `lowest`."""
        self.operand()
        while True:
            operator = self.operator()
            if operator is None or operator[0] < lowest:
                return
            precedence, operation, is_written = operator
            column = self.token.column
            if is_written:
                self.take()
            self.refuse_comparison()
            if precedence == _POWER:
                self.enter()
                self.expression(_NEGATE)
                self.depth -= 1
            else:
                self.expression(precedence + 1)
            self.refuse_comparison()
            self.emit(Step(operation, 2, column))

    def operator(self) -> tuple[int, str, bool] | None:
        """Return precedence and operation of what stands next; False where it is multiplication unwritten."""
        token = self.token
        if token.kind == "symbol" and token.text in _BINARY:
            return (*_BINARY[token.text], True)
        if self.position == 0:
            return None
        previous = self.tokens[self.position - 1]
        begins_operand = token.kind in ("name", "number") or token.text == "("
        if previous.text == ")" and begins_operand:
            return _MULTIPLY, "multiply", False
        if previous.kind == "number" and begins_operand and token.kind != "number":
            return _MULTIPLY, "multiply", False
        return None

    def operand(self) -> None:
        """Read a number, a name, a call, something in brackets, or the negative of one."""
        token = self.take()
        if token.kind == "number":
            self.emit(Step("number", 0, token.column, value=float(token.text)))
        elif token.kind == "name":
            self.name(token)
        elif token.text == "(":
            self.enter()
            self.expression(_COMPARE)
            self.close(token)
            self.depth -= 1
        elif token.text == "-":
            self.enter()
            self.expression(_NEGATE)
            self.depth -= 1
            self.refuse_comparison()
            self.emit(Step("negate", 1, token.column))
        else:
            raise self.missing_operand(token)

    def name(self, token: Token) -> None:
        """Read a variable, a constant or a call."""
        if self.token.text == "(":
            self.call(token)
            return
        if token.text not in CONSTANTS:
            if token.text in self.functions:
                raise self.error(
                    QT_TRANSLATE_NOOP("Errors", "{name} is a function: write {name}(...)."),
                    token.column,
                    name=token.text,
                )
            check_name(self.text, token.column, token.text)
        self.emit(Step("name", 0, token.column, name=token.text))

    def call(self, name: Token) -> None:
        """Read the arguments of a function."""
        if name.text not in self.functions:
            raise self.unknown_function(name)
        opening = self.take()
        self.enter()
        count = 0
        if self.token.text != ")":
            while True:
                self.expression(_COMPARE)
                count += 1
                self.check_argument(name, count)
                if self.token.text != ",":
                    break
                self.take()
        self.close(opening)
        self.depth -= 1
        self.check_count(name, count)
        self.emit(Step(name.text, count, name.column))

    def check_argument(self, name: Token, number: int) -> None:
        """See that the first argument of where, and nothing else, is a comparison."""
        if name.text != "where" or number > 1:
            self.refuse_comparison()
        elif self.steps[-1].operation not in COMPARISONS:
            raise self.error(
                QT_TRANSLATE_NOOP("Errors", "The first argument of where is a comparison, such as x > 0."),
                self.steps[-1].column,
            )

    def check_count(self, name: Token, count: int) -> None:
        """See that a function got as many arguments as it takes."""
        least, greatest = self.functions[name.text]
        if least <= count and (greatest is None or count <= greatest):
            return
        if greatest is None:
            template = QT_TRANSLATE_NOOP("Errors", "{name} takes {least} arguments or more, not {count}.")
        else:
            template = QT_TRANSLATE_NOOP("Errors", "{name} takes {least:# argument|# arguments}, not {count}.")
        raise self.error(template, name.column, name=name.text, least=Count(least), count=count)

    def close(self, opening: Token) -> None:
        """Read the closing bracket."""
        if self.token.text == ")":
            self.take()
        elif self.token.kind == "end":
            raise self.error(
                QT_TRANSLATE_NOOP("Errors", "A ) is missing for the ( at column {opening}."),
                self.token.column,
                opening=opening.column + 1,
            )
        else:
            raise self.unexpected()

    def refuse_comparison(self) -> None:
        """Raise an error where the operand just read is a comparison."""
        if self.steps[-1].operation in COMPARISONS:
            raise self.error(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "A comparison stands only once and alone, as first argument: where(x > 0, ..., ...).",
                ),
                self.steps[-1].column,
            )

    def unknown_function(self, name: Token) -> FormulaError:
        """Explain a call of something that is no function."""
        matches = meant_by(name.text, self.functions)
        if matches:
            return self.error(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "{name} is not a function; did you mean {matches}? Write {name}*(...) to multiply.",
                ),
                name.column,
                name=shortened(name.text),
                matches=matches,
            )
        return self.error(
            QT_TRANSLATE_NOOP("Errors", "{name} is not a function; write {name}*(...) to multiply."),
            name.column,
            name=shortened(name.text),
        )

    def missing_operand(self, token: Token) -> FormulaError:
        """Explain an operator, bracket or end where a number, name or bracket should be."""
        if token.kind == "end":
            template = QT_TRANSLATE_NOOP("Errors", "The formula ends where a number or a name should follow.")
        else:
            template = QT_TRANSLATE_NOOP("Errors", "A number or a name is missing before {symbol}.")
        return self.error(template, token.column, symbol=token.text)

    def unexpected(self) -> FormulaError:
        """Explain a token that cannot continue what was read."""
        token = self.token
        if token.text == ")":
            template = QT_TRANSLATE_NOOP("Errors", "This {symbol} closes no bracket.")
        elif token.text == ",":
            template = QT_TRANSLATE_NOOP("Errors", "A {symbol} stands only between arguments of a function.")
        else:
            template = QT_TRANSLATE_NOOP("Errors", "An operator is missing before {symbol}, for example *.")
        return self.error(template, token.column, symbol=shortened(token.text))
