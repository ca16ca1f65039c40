"""An optimizer's equations: state, hyperparameters, vectors, and errors with line and column."""

from typing import Any

import numpy as np
import pytest

from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.interpreter import Interpreter
from gdstudio.engine.language.program import Assignment, program, vector_nodes
from gdstudio.engine.language.typeset import latex_of_program

ADAM = """
m = beta1*m + (1 - beta1)*g
v = beta2*v + (1 - beta2)*g^2
m_hat = m / (1 - beta1^t)
v_hat = v / (1 - beta2^t)
theta = theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)
"""
ADAM_NAMES = ("learning_rate", "beta1", "beta2", "epsilon", "unused")


def test_adam_is_read() -> None:
    read = program(ADAM, ADAM_NAMES)
    assert read.state == ("m", "v")
    assert read.hyperparameters == ("beta1", "beta2", "learning_rate", "epsilon")
    assert [assignment.target for assignment in read.assignments] == ["m", "v", "m_hat", "v_hat", "theta"]
    assert read.next_state == {"m": read.assignments[0].node, "v": read.assignments[1].node}
    assert read.assignments[-1] == Assignment("theta", read.theta)
    assert read.text == ADAM


def test_adam_steps_as_written_out_in_numpy() -> None:
    read = program(ADAM, ADAM_NAMES)
    plan = Interpreter(read.graph, [read.next_state["m"], read.next_state["v"], read.theta])
    rate, beta1, beta2, epsilon = 0.1, 0.9, 0.999, 1e-8
    theta: Any = np.array([1.0, -2.0])
    m: Any = np.zeros(2)
    v: Any = np.zeros(2)
    expected_theta, expected_m, expected_v = theta, m, v
    for t in range(1, 6):
        g, expected_g = 2 * theta, 2 * expected_theta
        m, v, theta = plan.run(
            {
                **{"m": m, "v": v, "theta": theta, "g": g, "t": t},
                **{"learning_rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon},
            }
        )
        expected_m = beta1 * expected_m + (1 - beta1) * expected_g
        expected_v = beta2 * expected_v + (1 - beta2) * expected_g**2
        expected_theta = expected_theta - rate * (expected_m / (1 - beta1**t)) / (
            np.sqrt(expected_v / (1 - beta2**t)) + epsilon
        )
        np.testing.assert_allclose(theta, expected_theta, rtol=1e-15)


def test_a_name_read_after_its_assignment_is_the_new_value() -> None:
    read = program("v = mu*v + g\ntheta = theta - v", ["mu"])
    plan = Interpreter(read.graph, [read.theta, read.next_state["v"]])
    assert plan.run({"mu": 0.5, "v": 2.0, "g": 1.0, "theta": 10.0}) == [8.0, 2.0]


def test_a_name_may_be_assigned_again_and_the_last_value_is_kept() -> None:
    read = program("s = s + g\ns = s/2\ntheta = theta - s", [])
    plan = Interpreter(read.graph, [read.theta, read.next_state["s"]])
    assert read.state == ("s",)
    assert plan.run({"s": 2.0, "g": 4.0, "theta": 10.0}) == [7.0, 3.0]


def test_previous_value_read_before_assignment_is_state() -> None:
    read = program("d = where(t == 1, 0, g - g_before)\ng_before = g\ntheta = theta - d", [])
    assert read.state == ("g_before",)
    assert read.graph.name(read.next_state["g_before"]) == "g"


def test_empty_lines_and_line_ends_do_not_matter() -> None:
    read = program("\n\r\n  v = v + g\r\n\n theta = theta - v \r\n", [])
    assert read.state == ("v",)


def test_vectors_are_told_from_scalars() -> None:
    text = """k = k + 1
r = norm(g)*rate
v = 0.9*v + g
s = 0.9*s + dot(g, g)
u = gradient(theta - v)
w = w*k
theta = theta - r*u/sqrt(s + mean(v)) - w*rate"""
    read = program(text, ["rate"])
    vectors = vector_nodes(read)
    is_vector = {assignment.target: assignment.node in vectors for assignment in read.assignments}
    assert is_vector == {"k": False, "r": False, "v": True, "s": False, "u": True, "w": False, "theta": True}
    names = {read.graph.name(n) for n in vectors if read.graph.operation(n) == "input"}
    assert names == {"g", "theta", "v"}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 0, "theta"),
        ("v = g", 1, 5, "last line must say what theta becomes"),
        ("theta = theta - g\nv = g", 2, 0, "last line"),
        ("theta = g\ntheta = theta - g", 2, 0, "theta is assigned once"),
        ("g = theta\ntheta = theta - g", 1, 0, "g is given"),
        ("  t = 2\ntheta = theta - g", 1, 2, "t is given"),
        ("rate = 2\ntheta = theta - g", 1, 0, "rate is a hyperparameter"),
        ("sin = g\ntheta = theta - sin(g)", 1, 0, "sin is a function"),
        ("norm = g\ntheta = theta - g", 1, 0, "norm is a function"),
        ("pi = g\ntheta = theta - g", 1, 0, "pi is a constant"),
        ("theta = theta - norm", 1, 16, "norm is a function"),
        ("theta", 1, 5, "A line is a name"),
        ("= g", 1, 0, "A line is a name"),
        ("2 = g", 1, 0, "A line is a name"),
        ("a b = g", 1, 0, "A line is a name"),
        ("theta = theta - ", 1, 16, "ends where"),
        ("theta =", 1, 7, "what theta becomes"),
        ("v = g\n\ntheta = theta - rat*v", 3, 16, "rat is never assigned; did you mean rate"),
        ("theta = theta - qqq*g", 1, 16, "qqq is never assigned and is no hyperparameter"),
        ("theta = theta - g*norm(t)", 1, 18, "One number for each parameter"),
        ("theta = theta - gradient(rate)", 1, 16, "One number for each parameter"),
        ("theta = 1", 1, 0, "One number for each parameter"),
        ("theta = theta - g == 2", 1, 18, "comparison"),
        ("v = g\ntheta = theta - v.real", 2, 17, "no attributes"),
        ("theta = theta - norm(g, g)", 1, 16, "takes 1 argument, not 2"),
        ("theta = theta - \u03b7*g", 1, 16, "U+03B7"),
        ("\u03b8 = theta - g", 1, 0, "U+03B8"),
        ("theta = " + "x" * 1000, 1, 1000, "at most 1000"),
    ],
)
def test_error_has_line_and_column(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        program(text, ["rate"])
    assert words in str(caught.value)
    assert (caught.value.details["line"], caught.value.column) == (line, column)
    assert caught.value.text == text.split("\n")[line - 1]


@pytest.mark.parametrize("name", ["normal", "loss"])
def test_random_numbers_and_the_loss_are_given(name: str) -> None:
    read = program(f"theta = theta - rate*{name}*g", ["rate"])
    assert read.state == ()
    assert (read.graph.input(name) in vector_nodes(read)) == (name == "normal")
    with pytest.raises(FormulaError, match=f"{name} is given, not assigned"):
        program(f"{name} = g\ntheta = theta - g", [])


def test_what_stands_around_an_optimizer_may_assign_what_is_given() -> None:
    text = "learning_rate = learning_rate/t\ng = g + theta\ntheta = 2*theta\ntheta = theta - learning_rate*g"
    read = program(text, ["learning_rate"], reassigning=True)
    assert read.rate is not None and read.state == ()
    plan = Interpreter(read.graph, [read.theta, read.rate])
    assert plan.run({"learning_rate": 6.0, "t": 3.0, "g": 5.0, "theta": 10.0}) == [20.0 - 2.0 * 15.0, 2.0]
    assert program("theta = theta - learning_rate*g", ["learning_rate"]).rate is None


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("theta = theta - g\ng = 2*g", 2, 7, "last line must say what theta becomes"),
        ("t = 2\ntheta = theta - g", 1, 0, "t is given"),
        ("  learning_rate = g\ntheta = theta - g", 1, 2, "learning_rate is one number"),
        ("g = 1\ntheta = theta - g", 1, 0, "One number for each parameter"),
        ("theta = 1\ntheta = theta - g", 1, 0, "One number for each parameter"),
    ],
)
def test_not_everything_may_be_assigned_anew(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        program(text, ["learning_rate"], reassigning=True)
    assert words in str(caught.value)
    assert (caught.value.details["line"], caught.value.column) == (line, column)


def test_a_switch_becomes_part_of_the_graph() -> None:
    text = "g = where(on == 1, g, 2*g)\nw = where(on == 1, v, u)\nv = v + g\nu = u - g\ntheta = theta - w"
    off, on = (program(text, ["on"], switches={"on": value}, reassigning=True) for value in (0.0, 1.0))
    # A line that changes nothing is left out.
    assert [len(read.assignments) for read in (off, on)] == [5, 4]
    names = [
        {read.graph.name(node) for node in read.graph.reachable([read.theta]) if read.graph.operation(node) == "input"}
        for read in (off, on)
    ]
    assert names == [{"theta", "u"}, {"theta", "v"}]


def test_what_is_given_and_assigned_anew_is_typeset_with_an_arrow() -> None:
    read = program("rho = 2*t\ng = g/rho\ntheta = theta - g", [], reassigning=True)
    assert [line.split(" ")[1] for line in latex_of_program(read, {})] == ["=", r"\leftarrow", r"\leftarrow"]


def test_bounds_of_lines_and_names() -> None:
    with pytest.raises(FormulaError, match="more than 60 lines") as caught:
        program("a = g\n" * 61 + "theta = theta - g", [])
    assert caught.value.details["line"] == 61
    lines = [f"b{i} = {'+'.join(f'a{j}' for j in range(10 * i, 10 * i + 10))}" for i in range(7)]
    with pytest.raises(FormulaError, match="more than 60 names"):
        program("\n".join([*lines, "theta = theta - g"]), [])


def test_doubling_line_by_line_stays_small() -> None:
    lines = ["a = g", *(f"a = a*a + sin(a)*{i}" for i in range(50)), "theta = theta - a"]
    assert len(program("\n".join(lines), []).graph) < 400


def test_typeset_lines() -> None:
    symbols = {"learning_rate": r"\eta", "epsilon": r"\varepsilon"}
    assert latex_of_program(program(ADAM, ADAM_NAMES), symbols) == [
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g",
        r"v \leftarrow \beta_{2} v + (1 - \beta_{2}) g^{2}",
        r"\hat{m} = \frac{m}{1 - \beta_{1}^{t}}",
        r"\hat{v} = \frac{v}{1 - \beta_{2}^{t}}",
        r"\theta \leftarrow \theta - \frac{\eta \hat{m}}{\sqrt{\hat{v}} + \varepsilon}",
    ]


def test_typeset_of_other_points_norms_and_branches() -> None:
    text = "d = where(t == 1, g, v)\nv = norm(d)*gradient(theta - rate*v)\ntheta = theta - v/dot(g, d)"
    assert latex_of_program(program(text, ["rate"]), {"rate": r"\eta"}) == [
        r"d = \begin{cases} g, & t = 1 \\ v, & t \neq 1 \end{cases}",
        r"v \leftarrow \left\lVert d \right\rVert \nabla f(\theta - \eta v)",
        r"\theta \leftarrow \theta - \frac{v}{\left\langle g, d \right\rangle}",
    ]
