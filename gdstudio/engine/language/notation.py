"""How numbers and names are written in LaTeX: pi, fractions, powers of ten, Greek letters, subscripts."""

from __future__ import annotations

import math
import re
from fractions import Fraction

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|"
    "psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot"}
_LARGEST_DENOMINATOR = 64
_LARGEST_MULTIPLE = 10_000
_SHOWN_DIGITS = 10
_IRRATIONAL = (
    (1.0, ""),
    (math.pi, r"\pi"),
    (math.pi**2, r"\pi^{2}"),
    (math.e, "e"),
    (math.sqrt(math.pi), r"\sqrt{\pi}"),
    (math.sqrt(2.0), r"\sqrt{2}"),
    (math.sqrt(3.0), r"\sqrt{3}"),
    (math.log(2.0), r"\log 2"),
    (math.log(10.0), r"\log 10"),
)


def latex_of_name(name: str) -> str:
    r"""Return a variable as LaTeX.

    ``beta1`` is \beta_{1}, ``m_hat`` is \hat{m}, ``x_max`` is x_{\mathrm{max}}; a name of several letters
    that is not Greek stands upright.
    """
    head, *tail = [part for part in name.split("_") if part] or [name]
    digits = re.fullmatch(r"([A-Za-z]+)([0-9]+)", head)
    subscripts = []
    if digits:
        head = digits[1]
        subscripts.append(digits[2])
    letter = _letters(head)
    for part in tail:
        if part in _ACCENTS:
            letter = f"{_ACCENTS[part]}{{{letter}}}"
        else:
            subscripts.append(part if part.isdigit() else _letters(part))
    return f"{letter}_{{{','.join(subscripts)}}}" if subscripts else letter


def _letters(word: str) -> str:
    if _GREEK.fullmatch(word):
        return f"\\{word}"
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def latex_of_number(value: float) -> str:
    """Return a number that is not negative as LaTeX, recognising multiples of pi and simple fractions."""
    if not math.isfinite(value):
        return r"\infty" if value == math.inf else r"\mathrm{undefined}"
    above, below = simple_ratio(value)
    return rf"\frac{{{above}}}{{{below}}}" if below else above


def simple_ratio(value: float) -> tuple[str, str]:
    """Return the LaTeX of a finite number that is not negative as numerator and denominator.

    The denominator is empty where the number is better written in one piece.
    """
    if not _are_close(float(f"{value:.{_SHOWN_DIGITS}g}"), value):
        for factor, symbol in _IRRATIONAL:
            multiple = _fraction(value / factor)
            if multiple is not None:
                return _product(multiple.numerator, symbol), _product(multiple.denominator, "")
            multiple = _fraction(value * factor)
            if multiple is not None:
                return str(multiple.numerator), _product(multiple.denominator, symbol)
    return _decimal(value), ""


def _are_close(first: float, second: float) -> bool:
    """Tell whether two numbers differ by rounding alone."""
    return abs(first - second) <= 4.0 * math.ulp(second)


def _product(count: int, symbol: str) -> str:
    return symbol if count == 1 else f"{count} {symbol}".strip()


def _fraction(value: float) -> Fraction | None:
    """Return the simple fraction that rounds to `value` within a few ulp, if there is one."""
    if not 1e-4 < value < _LARGEST_MULTIPLE:
        return None
    fraction = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    return fraction if fraction and _are_close(float(fraction), value) else None


def _decimal(value: float) -> str:
    """Return a number with up to ten significant digits, as a power of ten where it is large or small."""
    if value.is_integer() and value < 1e6:
        return f"{value:.0f}"
    mantissa, _, exponent = f"{value:.{_SHOWN_DIGITS}g}".partition("e")
    if exponent:
        power = f"10^{{{int(exponent)}}}"
        return power if mantissa == "1" else rf"{mantissa} \cdot {power}"
    return mantissa


def in_brackets(text: str) -> str:
    """Return LaTeX in round brackets, which grow where there is need."""
    is_tall = any(mark in text for mark in (r"\frac", r"\begin", r"\sqrt", r"\left", "^"))
    return rf"\left({text}\right)" if is_tall else f"({text})"
