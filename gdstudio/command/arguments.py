"""The options of each command, and how they are read.

argparse does the reading, with two differences: an error is a `StudioError` in place of a page of usage, and
a value may begin with a minus.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import candidates, shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from _typeshed import SupportsWrite

    _Add = Callable[..., None]
    _Flag = Callable[[str, str], None]


class CommandParser(argparse.ArgumentParser):
    """Reads the arguments of one command.

    Parameters
    ----------
    command : str
        Name of the command.
    description : str
        What it does, for its help.
    """

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"gdstudio {command}", description=description, allow_abbrev=False)
        self.register("action", None, _Once)
        self.given: set[str] = set()

    def option(self, name: str, metavar: str, meaning: str, **more: Any) -> None:
        """Add an option that takes a value."""
        self.add_argument(name, metavar=metavar, help=meaning, **more)

    def flag(self, name: str, meaning: str) -> None:
        """Add an option that is there or not."""
        self.add_argument(name, action="store_true", help=meaning)

    def read(self, tokens: Sequence[str]) -> argparse.Namespace:
        """Return the values of the options in `tokens`.

        Raises
        ------
        StudioError
            Where they do not fit.
        SystemExit
            With 0, after help was asked for and printed.
        """
        self.given.clear()
        found, rest = self.parse_known_args(self._joined(tokens))
        if rest:
            known = [option for option in self._option_string_actions if option.startswith("--")]
            self._refuse_number_as_option(rest[0], known)
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{command} does not know {argument}; try {known}."),
                command=self.prog, argument=shown(rest[0]), known=candidates(rest[0].partition("=")[0], known),
            )
        return found

    def _refuse_number_as_option(self, argument: str, known: Sequence[str]) -> None:
        """Say to somebody who made an option of a hyperparameter how these are set."""
        # loaded where it is wanted: what the language needs may be missing where the doctor is asked
        from gdstudio.engine.language.tokens import near_matches

        name = argument.partition("=")[0]
        if name.startswith("--") and len(name) > len("--") and "--set" in known and not near_matches(name, known):
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{command} does not know {argument}; numbers are set as in {example}, and {command} "
                    "--help names all options."
                ),
                command=self.prog, argument=shown(argument),
                example=shown(f"--set {name.removeprefix('--').replace('-', '_')}=0.1"),
            )

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help, and fail where it cannot be written; argparse would not say."""
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        """Raise `message` as a `StudioError`."""
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{command}: {message}; see {command} --help."),
            command=self.prog, message=message,
        )

    def _joined(self, tokens: Sequence[str]) -> list[str]:
        """Join each option and its value with ``=``, so that a minus does not make an option of the value."""
        options: dict[str, argparse.Action] = self._option_string_actions
        joined: list[str] = []
        remaining = list(tokens)
        while remaining:
            token = remaining.pop(0)
            takes_value = token in options and options[token].nargs is None
            if takes_value and token.startswith("--") and remaining and not _is_long(remaining[0], options):
                token = f"{token}={remaining.pop(0)}"
            joined.append(token)
        return joined


class _Once(argparse.Action):
    """Keeps the value of an option, which would be lost without a word where there are two of it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object,
        option_string: str | None = None,
    ) -> None:
        """Take in a value; raises a StudioError at the second."""
        assert isinstance(parser, CommandParser)
        if self.dest in parser.given:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} is said twice; once is enough."), name=option_string or self.dest
            )
        parser.given.add(self.dest)
        setattr(namespace, self.dest, values)


def _is_long(token: str, options: dict[str, argparse.Action]) -> bool:
    """Whether `token` is an option where a value is due; a short one may be a formula, such as ``-h``."""
    return token.startswith("--") and token in options


def add_run_options(parser: CommandParser) -> None:
    """Add what describes one descent: what is minimised, by what, and for how long."""
    _add_goal(parser.option, parser.flag)
    _add_optimizer(parser.option)
    _add_course(parser.option, parser.flag)


def _add_goal(add: _Add, flag: _Flag) -> None:
    add("--problem", "KEY", "a listed problem, see gdstudio list problems")
    add("--formula", "TEXT", "a loss of your own, such as '(1-x)^2 + 100*(y-x^2)^2'")
    add("--model", "KEY", "a model to fit to data, see gdstudio list models")
    add(
        "--loss", "TEXT|KEY",
        "a loss of your own over one sample of data, such as '(a*exp(-b*x) - y)^2'; with --model one that it has",
    )
    add("--penalty", "TEXT|KEY:X", "what is added to it: ridge:0.1, lasso:0.1, elastic_net:0.1,0.5, or text")
    add(
        "--data", "KEY[:NAME=VALUE,...]|FILE.csv", "a listed data set, see gdstudio list datasets, with the numbers of "
        "its generator, such as noisy_line:samples=20,seed=5; or a file",
    )
    add("--header", "yes|no", "whether the first line of the file names its columns; found by looking unless said")
    add(
        "--delimiter", "NAME", "what stands between its fields: comma, semicolon, tab, bar, space, or the character; "
        "found unless said",
    )
    add("--decimal", "point|comma", "its decimal mark; found unless said")
    add("--encoding", "NAME", "how its letters are stored, such as utf-8, utf-16, cp1252, latin-1; found unless said")
    add("--target", "NAME", "the column to predict; the last one unless said")
    add("--features", "NAME,NAME", "the columns to predict it from; all others of numbers unless said")
    add("--degree", "N", "of the model polynomial")
    flag("--standardize", "shift and scale the features to mean 0 and standard deviation 1")
    add("--held-out", "X", "share of the samples that no step sees, such as 0.2; 0 unless said")
    add("--start", "1,2", "where to begin, a number for each variable, or by name: x=1,y=2")


def _add_optimizer(add: _Add) -> None:
    add(
        "--optimizer", "KEY|file:PATH",
        "see gdstudio list optimizers, adam unless said; or a text file with the equations of your own", default="adam",
    )
    add("--convention", "NAME", "whose arithmetic and defaults: pytorch, keras or author")
    add(
        "--set", "NAME=VALUE", "a hyperparameter or a parameter of the problem, may be repeated",
        action="append", default=[],
    )
    add("--schedule", "KEY:NAME=VALUE,...", "how the learning rate goes, see gdstudio list schedules")
    add("--warmup", "N", "let the learning rate grow evenly to its full size in the first N iterations")
    add("--clip-norm", "X", "shorten the gradient to a norm of at most X")
    add("--clip-value", "X", "cut each slope to a size of at most X")
    add("--noise", "X", "add normal random numbers of standard deviation X to each slope")
    add(
        "--wrap", "KEY:NAME=VALUE,...",
        "run the optimizer within another: lookahead:k=5,alpha=0.5, sam:rho=0.05, or proximal, which takes the lasso "
        "in a penalty (lasso, elastic_net) by proximal steps; may be repeated; what else goes around an optimizer: "
        "gdstudio list additions",
        action="append", default=[],
    )


def _add_course(add: _Add, flag: _Flag) -> None:
    add("--iterations", "N", "limit, 0 to 10^8; 1000 unless said")
    add("--epochs", "N", "limit in passes over the data, in the place of --iterations")
    add("--tolerance", "X", "stop at a gradient norm of at most X; 1e-6 unless said, 0 turns it off", default="1e-6")
    add("--patience", "N", "stop after N iterations without a decrease of the best loss")
    flag("--stop-at-sign-change", "stop when the derivative of one variable changes its sign")
    add("--seed", "N", "of the order of samples, of those held out and of noise; 0 unless said", default="0")
    add("--batch", "N|full", "samples in a batch, for a problem with data; full unless said")
    add(
        "--order", "KEY",
        "how they are drawn: shuffled (anew each epoch), shuffled_once (all epochs alike), sequential or replacement",
    )
    flag("--drop-last", "leave out the last batch of an epoch where it is short")
    add("--accumulate", "N", "average the gradient of each step over N batches")
