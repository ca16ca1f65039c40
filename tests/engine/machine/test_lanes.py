"""Vectors of numbers: every lane against NumPy, functions against values of more than double precision."""

from __future__ import annotations

import ctypes
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.machine.compiler import Compiled, compile_ir
from gdstudio.engine.machine.emitter import LOWERED
from gdstudio.engine.machine.functions import module_text
from gdstudio.engine.machine.lane_functions import HUGE, VECTORISED
from gdstudio.engine.machine.lanes import LaneEmitter, has_fused_multiply_add, register_bytes
from gdstudio.engine.machine.quotient import divisor
from tests.engine.agreement import assert_same_bits

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MANY = 200_000
_SPECIAL = np.array([
    0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, -1e-310, 2.3e-308, 1e-300, 1.0, -1.0, 0.5, 1e22, 1e300,
    -1e308, 1.7976931348623157e308, 709.782712893384, 709.782712893385, -708.4, -745.13, -745.14, -746.0, HUGE, -HUGE,
    np.nextafter(HUGE, np.inf), np.pi, np.pi / 2, np.nextafter(1.0, 2.0), np.nextafter(1.0, 0.0),
])


class _Lanes:
    """A compiled loop that applies what `write` emits to vectors of two arrays, `short` ways first where they are."""

    def __init__(
        self, write: Callable[[LaneEmitter, str, str], str], scalar: str = "double", *, short: bool = False,
        together: int = 1,
    ) -> None:
        self._type = np.float64 if scalar == "double" else np.float32
        emit = LaneEmitter(together * register_bytes() // np.dtype(self._type).itemsize, scalar)
        self._width = emit.width

        def results() -> list[tuple[str, str]]:
            left, right = (emit.load_lanes(emit.element(name, "%i", scalar)) for name in ("%a", "%b"))
            return [(write(emit, left, right), emit.element("%out", "%i", scalar))]

        if short:
            emit.shortly(results)
        else:
            with emit.plainly():
                emit.store_lanes(*results()[0])
        head = f"define void @loop(i64 %n, ptr %a, ptr %b, ptr %out) alignstack({register_bytes()}) {{"
        text = [
            head, "entry:", "  br label %body", "body:", "  %i = phi i64 [ 0, %entry ], [ %next, %latch ]", *emit.lines,
            "  br label %latch", "latch:", f"  %next = add i64 %i, {emit.width}", "  %more = icmp slt i64 %next, %n",
            "  br i1 %more, label %body, label %done", "done:", "  ret void", "}",
        ]
        ir = module_text([*emit.functions.values(), "\n".join(text)], emit.declarations)
        arguments = [ctypes.c_int64, *[ctypes.c_void_p] * 3]
        self._compiled: Compiled = compile_ir(ir, "loop", None, arguments)

    def __call__(self, left: NDArray[np.float64], right: NDArray[np.float64] | None = None) -> Floats:
        """Return the results, as float64."""
        size = -(-len(left) // self._width) * self._width
        given, other, out = np.ones((3, size), dtype=self._type)
        given[:len(left)] = left
        if right is not None:
            other[:len(right)] = right
        self._compiled.call(size, given.ctypes.data, other.ctypes.data, out.ctypes.data)
        return out[:len(left)].astype(np.float64)


def _function(name: str, *, short: bool = False, together: int = 1) -> _Lanes:
    arity = OPERATIONS[name].arity
    return _Lanes(
        lambda emit, left, right: emit.operation(name, (left, right)[:arity]), short=short, together=together
    )


def _arguments(name: str) -> Floats:
    """Return arguments over the whole range, and where the function is hard."""
    random = np.random.default_rng(7)
    every = random.integers(0, 0x7FE0000000000000, _MANY).view(np.float64) * random.choice([-1.0, 1.0], _MANY)
    signs = random.choice([-1.0, 1.0], _MANY)
    if name in ("sin", "cos"):
        turns = np.concatenate([np.arange(1, _MANY), np.arange(300_000_000, 300_000_000 + _MANY)]) * (np.pi / 2)
        inside = np.exp(random.uniform(-745.0, np.log(HUGE), _MANY)) * signs
        near = [random.uniform(-size, size, _MANY) for size in (1.6, 10.0, 1e4, HUGE)]
        return np.concatenate([_SPECIAL, turns, np.nextafter(turns, 0.0), inside, *near, every[:5000]])
    if name == "exp":
        near = [random.uniform(*span, _MANY) for span in ((-1.0, 1.0), (-746.0, 710.0), (-746.0, -700.0))]
        return np.concatenate([_SPECIAL, every, np.exp(random.uniform(-745.0, 0.0, _MANY)) * signs, *near])
    one = 1.0 + random.uniform(-1e-3, 1e-3, _MANY)
    powers = np.exp2(np.arange(-1074, 1024))
    return np.concatenate([_SPECIAL, np.abs(every), random.uniform(0.5, 2.0, _MANY), one, powers])


def _assert_within_two_units(found: Floats, exact: NDArray[np.longdouble], own: Floats) -> None:
    """Assert at most 2 units in the last place from `exact`, and from `own`, the C library's."""
    finite = np.isfinite(own)
    assert_same_bits(found[~finite], own[~finite])
    assert_same_bits(found[own == 0.0], own[own == 0.0])
    # The greatest of all numbers has no next one.
    unit = np.spacing(np.minimum(np.abs(own[finite]), 1.7e308))
    assert float(np.max(np.abs(found[finite] - exact[finite]) / unit)) <= 2.0
    assert np.max(np.abs(found[finite] - own[finite]) / unit) <= 2.0


@pytest.mark.parametrize("name", [name for name in VECTORISED if OPERATIONS[name].arity == 1])
def test_functions_are_within_two_units_in_the_last_place(name: str) -> None:
    arguments = _arguments(name)
    function = OPERATIONS[name].function
    with np.errstate(all="ignore"):
        exact, own = function(arguments.astype(np.longdouble)), function(arguments)
    found = _function(name)(arguments)
    _assert_within_two_units(found, exact, own)
    assert_same_bits(_function(name, short=True)(arguments), found)


def test_the_hypotenuse_is_within_two_units_in_the_last_place() -> None:
    random = np.random.default_rng(8)
    every = random.integers(0, 0x7FE0000000000000, (2, _MANY)).view(np.float64)
    alike = every[0] * random.uniform(-2.0, 2.0, _MANY)
    pairs = np.stack(np.meshgrid(_SPECIAL, _SPECIAL)).reshape(2, -1)
    with np.errstate(all="ignore"):
        x = np.concatenate([pairs[0], every[0], every[0], random.uniform(-3.0, 3.0, _MANY)])
        y = np.concatenate([pairs[1], every[1], alike, random.uniform(-3.0, 3.0, _MANY)])
        exact, own = np.hypot(x.astype(np.longdouble), y.astype(np.longdouble)), np.hypot(x, y)
    found = _function("hypot")(x, y)
    _assert_within_two_units(found, exact, own)
    assert_same_bits(_function("hypot", short=True)(x, y), found)


def test_a_lane_does_not_depend_on_its_neighbours() -> None:
    for name, short in itertools.product(("sin", "cos", "exp", "hypot"), (False, True)):
        function = _function(name, short=short)
        alone = function(np.full(64, 1.25), np.full(64, 0.5))
        mixed = np.full(64, 1.25)
        mixed[1::2] = 1e300
        assert_same_bits(function(mixed, np.full(64, 0.5))[::2], alone[::2])


@pytest.mark.parametrize("name", sorted(LOWERED - {"where", "norm"} - VECTORISED.keys()))
def test_every_operation_is_that_of_one_number(name: str) -> None:
    operation = OPERATIONS[name]
    random = np.random.default_rng(9)
    left, right = np.stack(np.meshgrid(_SPECIAL, _SPECIAL)).reshape(2, -1)
    left, right = np.concatenate([left, random.normal(size=999)]), np.concatenate([right, random.normal(size=999)])
    compares = name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")

    def write(emit: LaneEmitter, one: str, other: str) -> str:
        value = emit.operation(name, (one, other)[:operation.arity])
        return emit.select(value, emit.number(1.0), emit.number(0.0)) if compares else value

    found = _Lanes(write)(left, right)
    assert_same_bits(_Lanes(write, short=True, together=2)(left, right), found)
    with np.errstate(all="ignore"):
        expected = np.asarray(operation.function(*(left, right)[:operation.arity]), dtype=np.float64)
    if name in ("add", "subtract", "multiply", "divide", "sqrt", "floor", "abs", "sign", "negate") or compares:
        assert_same_bits(found, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-14, atol=0.0)


@pytest.mark.skipif(not has_fused_multiply_add(), reason="needs fused multiply-add")
@pytest.mark.parametrize("scalar", ["double", "float"])
def test_division_by_one_number_is_division_to_the_last_bit(scalar: str) -> None:
    def write(emit: LaneEmitter, left: str, right: str) -> str:
        return emit.quotient(left, divisor(emit, right), rooted=False)

    random = np.random.default_rng(10)
    kind: Any = np.float64 if scalar == "double" else np.float32
    loop = _Lanes(write, scalar, short=True)
    divisors = np.concatenate([
        random.uniform(0.0, 1.0, 300), np.exp(random.uniform(-80.0, 80.0, 300)), _SPECIAL,
        1.0 - 0.9 ** np.arange(1, 200), np.nextafter(kind(1.0), kind(0.0), dtype=kind) * 2.0 ** np.arange(-20.0, 20.0),
    ])
    with np.errstate(all="ignore"):
        for value in divisors.astype(kind).astype(np.float64):
            # Around multiples of the divisor lie the quotients that are the hardest to round.
            multiples = value * random.integers(1 << 23, 1 << 24, 64) * (1.0 + 2.0**-24)
            numerators = np.concatenate([
                random.normal(size=512), np.exp(random.uniform(-700.0, 700.0, 256)), _SPECIAL, multiples,
            ]).astype(kind)
            # All lanes of a vector have one divisor, as they do where it is used.
            found = loop(numerators.astype(np.float64), np.full(len(numerators), value))
            assert_same_bits(found, (numerators / kind(value)).astype(np.float64))


def _square_roots_modulo(power: int, of: int) -> set[int]:
    """Return the k below 2^power with k^2 = `of` modulo 2^power; `of` is 1 modulo 8."""
    found = {1, 3, 5, 7}
    for bits in range(4, power + 1):
        raised = {start + high for start in found for high in (0, 1 << (bits - 2), 1 << (bits - 1))}
        found = {root % (1 << bits) for root in raised if (root * root - of) % (1 << bits) == 0}
    return found


def _hardest_to_take_the_root_of() -> Floats:
    """Return numbers from 1 to 4 whose roots are nearest to halfway between two doubles.

    With k odd, of 54 bits, and k^2 = j modulo 2^54 (2^55 from 2 on), the root of (k^2 - j) 2^-106 is k 2^-53, which is
    halfway, but for j/k 2^-54.
    """
    hardest = {1.0, 4.0, 1.0 + 2.0**-52, 4.0 - 2.0**-51}
    for j, (power, unit) in itertools.product(range(-7999, 8000, 8), ((54, 2.0**-52), (55, 2.0**-51))):
        for k in _square_roots_modulo(power, j):
            number = (k * k - j) >> power
            if 1 << 53 <= k < 1 << 54 and 1 << 52 <= number < 1 << 53:
                hardest.add(number * unit)
    return np.array(sorted(hardest))


@pytest.mark.parametrize("together", [1, 2])
def test_roots_are_those_of_the_processor_to_the_last_bit(together: int) -> None:
    random = np.random.default_rng(11)
    root = _function("sqrt", short=True, together=together)
    hardest = _hardest_to_take_the_root_of()
    assert len(hardest) > 1000
    anywhere = np.ldexp(random.uniform(1.0, 4.0, _MANY), 2 * random.integers(-537, 512, _MANY))
    usual = np.ldexp(random.uniform(1.0, 4.0, _MANY), 2 * random.integers(-390, 512, _MANY))
    for numbers in (hardest, hardest * 4.0**300, hardest * 4.0**-300, anywhere, usual, _SPECIAL):
        with np.errstate(invalid="ignore"):
            assert_same_bits(root(numbers), np.sqrt(numbers))


def test_a_quotient_under_a_root_is_right_where_the_root_is() -> None:
    random = np.random.default_rng(12)

    def write(emit: LaneEmitter, left: str, right: str) -> str:
        return emit.square_root(emit.quotient(left, divisor(emit, right), rooted=True))

    loop = _Lanes(write, short=True, together=2)
    for value in (0.1, 1.0 - 0.999**7, 1.0, 2.0**-100, 2.0**-101, 0.0, np.inf, np.nan, -0.5):
        numerators = np.concatenate([_SPECIAL, np.exp(random.uniform(-745.0, 709.0, 2000)), random.uniform(size=2000)])
        with np.errstate(all="ignore"):
            assert_same_bits(loop(numerators, np.full(len(numerators), value)), np.sqrt(numerators / value))
