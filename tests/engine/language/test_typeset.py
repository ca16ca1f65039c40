"""Formulas and gradients as a textbook prints them."""

import xml.etree.ElementTree as ElementTree

import pytest

from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.notation import latex_of_name, latex_of_number
from gdstudio.engine.language.program import program
from gdstudio.engine.language.typeset import latex_of_gradient, latex_of_program


def _latex_of(text: str) -> str:
    """Return an expression as it is typeset in an optimizer's equations."""
    read = program(f"value = {text}\ntheta = theta - g", formula(text).inputs)
    return latex_of_program(read, {"value": "f"})[0].removeprefix("f = ")


def _partials(**partials: str) -> str:
    rows = [rf"\frac{{\partial f}}{{\partial {name}}} &= {latex}" for name, latex in partials.items()]
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("5*x^2", "5 x^{2}"),
        ("x*x*x", "x^{3}"),
        ("x^-3", r"\frac{1}{x^{3}}"),
        ("(1-x)^2 + 100*(y-x^2)^2", r"(1 - x)^{2} + 100 \left(y - x^{2}\right)^{2}"),
        ("1-(x+y)", "1 - (x + y)"),
        ("(1+x)+y", "1 + x + y"),
        ("-(x+1)*2", "{-}2 (x + 1)"),
        ("x*-1 - -y", "y - x"),
        ("x/y/z", r"\frac{x}{y z}"),
        ("2x/4", r"\frac{x}{2}"),
        ("x^2/4000", r"\frac{x^{2}}{4000}"),
        ("x/sqrt(2)", r"\frac{x}{\sqrt{2}}"),
        ("1/3", r"\frac{1}{3}"),
        ("2*pi*x", r"2 \pi x"),
        ("e*x", "e x"),
        ("exp(-x^2)", "e^{{-}x^{2}}"),
        ("e^x", "e^{x}"),
        ("3*2^x", r"3 \cdot 2^{x}"),
        ("x^(y+1)", "x^{y + 1}"),
        ("(x+y)^z", "(x + y)^{z}"),
        ("(-x)^3.5", "({-}x)^{3.5}"),
        ("(2x)^2", "(2 x)^{2}"),
        ("(x/2)^2", r"\left(\frac{x}{2}\right)^{2}"),
        ("sin(x)^2", r"\sin^{2}(x)"),
        ("asin(x) + log10(y)", r"\arcsin(x) + \log_{10}(y)"),
        ("abs(x)*floor(y)", r"\left|x\right| \left\lfloor y \right\rfloor"),
        ("cbrt(x)", r"\sqrt[3]{x}"),
        ("max(min(x, y, 1), 2)", r"\max(\min(x, y, 1), 2)"),
        (
            "sigmoid(x) + softplus(y) + relu(z)",
            r"\operatorname{sigmoid}(x) + \operatorname{softplus}(y) + \operatorname{relu}(z)",
        ),
        ("where(x >= 0, x, -x)", r"\begin{cases} x, & x \geq 0 \\ {-}x, & x < 0 \end{cases}"),
        ("rate*x1*beta_2", r"\mathrm{rate}\,x_{1} \beta_{2}"),
        ("1e-8*x", "10^{-8} x"),
        ("1/0*x", r"\infty x"),
        ("0", "0"),
    ],
)
def test_formula(text: str, latex: str) -> None:
    assert _latex_of(text) == latex


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("5*x^2", "f'(x) = 10 x"),
        ("2*x^2 + 6*z^2 + 7*m^3", _partials(x="4 x", z="12 z", m="21 m^{2}")),
        ("1/x", r"f'(x) = {-}\frac{1}{x^{2}}"),
        ("x^5", "f'(x) = 5 x^{4}"),
        ("x*x*x*x", "f'(x) = 4 x^{3}"),
        ("x^2*x^3", "f'(x) = 5 x^{4}"),
        ("sin(x)^2", r"f'(x) = 2 \sin(x) \cos(x)"),
        ("exp(-x^2)", "f'(x) = {-}2 x e^{{-}x^{2}}"),
        ("log(x^2+1)", r"f'(x) = \frac{2 x}{x^{2} + 1}"),
        ("x^2 - 10*cos(2*pi*x)", r"f'(x) = 2 x + 20 \pi \sin(2 \pi x)"),
        ("2^x", r"f'(x) = \log 2 \cdot 2^{x}"),
        ("x^y", _partials(x="y x^{y - 1}", y=r"\log(x) x^{y}")),
        ("hypot(x, 1)", r"f'(x) = \frac{x}{\operatorname{hypot}(x, 1)}"),
        ("0*x", "f'(x) = 0"),
        ("floor(x)", "f'(x) = 0"),
        (
            "(1-x)^2 + 100*(y-x^2)^2",
            _partials(
                x=r"{-}2 (1 - x) - 400 x \left(y - x^{2}\right)", y=r"200 \left(y - x^{2}\right)"
            ),
        ),
    ],
)
def test_gradient(text: str, latex: str) -> None:
    read = formula(text)
    assert latex_of_gradient(read) == latex


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"),
        ("beta1", r"\beta_{1}"),
        ("theta", r"\theta"),
        ("m_hat", r"\hat{m}"),
        ("x_max", r"x_{\mathrm{max}}"),
        ("x1_hat", r"\hat{x}_{1}"),
        ("learning_rate", r"\mathrm{learning}_{\mathrm{rate}}"),
        ("x_", "x"),
        ("a_1_2", "a_{1,2}"),
    ],
)
def test_name(name: str, latex: str) -> None:
    assert latex_of_name(name) == latex


@pytest.mark.parametrize(
    ("number", "latex"),
    [
        (0.0, "0"),
        (0.1, "0.1"),
        (1e6, "1000000"),
        (1e22, "10^{22}"),
        (2.5e-7, r"2.5 \cdot 10^{-7}"),
        (0.1 + 0.2, "0.3"),
        (2.0 / 3.0, r"\frac{2}{3}"),
        (3.141592653589793 / 4, r"\frac{\pi}{4}"),
        (float("inf"), r"\infty"),
        (float("nan"), r"\mathrm{undefined}"),
        (0.12345678901234, "0.123456789"),
    ],
)
def test_number(number: float, latex: str) -> None:
    assert latex_of_number(number) == latex


def test_gradients_of_many_variables_and_long_ones_are_elided() -> None:
    many = latex_of_gradient(formula("+".join(f"a{i}" for i in range(20))))
    assert many.count(r"\partial f") == 6
    assert many.endswith(r"&\;\; \vdots \end{aligned}")
    long = "*".join(f"(x+{i})" for i in range(1, 100))
    assert _latex_of(long) == r"\ldots"
    assert latex_of_gradient(formula(long)) == r"f'(x) = \ldots"
    assert _latex_of("sin(" * 59 + "x" + ")" * 59) == r"\ldots"


def test_what_is_typeset_can_be_drawn() -> None:
    ziamath = pytest.importorskip("ziamath")
    texts = [
        "where(x > 0, log(x), x^2)/cbrt(x) + max(x, 0)*abs(y)^1.5",
        "floor(x)*sigmoid(y) + hypot(x, y)/(1 + erf(x)) + atan2(x, y)",
        "(x^2+beta_1-11)^2*exp(x*beta_1) + log10(x)*sqrt(x/sqrt(2))",
        "rate*m_hat^x_max + 2^x*3e-9",
    ]
    for text in texts:
        for latex in (_latex_of(text), latex_of_gradient(formula(text))):
            assert ElementTree.fromstring(ziamath.Math.fromlatex(latex).svg()).tag.endswith("svg")
