"""Square roots of vectors of doubles by multiplications, rounded exactly as the processor's own instruction.

AVX-512 estimates 1/sqrt(x) to 14 bits. Two of Newton's iterations on g ~ sqrt(x) and h ~ 1/(2 sqrt(x)) at once leave g
less than one unit u in the last place away and the relative error of h below u; d = x - g*g is exact then, and g + d*h
rounds correctly (after P. Markstein, "Computation of elementary functions on the IBM RISC System/6000 processor", IBM
Journal of Research and Development 34, 1990). For let x lie in [1, 4), and its root next to m, halfway between two
doubles: then x = m^2 - j u^2/4 with j = 1 modulo 8. With g on either side of m, g + d/(2g) is m + (1 - j) u^2/(8m), on
the root's side of m for every j but 1, and so is g + d*h. Only 1 + u and 4 - 2u have j = 1, and whether their roots
come out right depends on the estimates of the processor: `rounds_hardest` looks. Tests look at the next hardest too.

The processor has one unit for roots and divisions, which takes 24 cycles for 8 doubles; this takes 7.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.functions import module_text

if TYPE_CHECKING:
    from gdstudio.engine.machine.lanes import LaneEmitter

_ESTIMATE = "llvm.x86.avx512.rsqrt14.pd.512"
# What is less may come from a number whose remainder d, or that of a quotient before the root, is subnormal.
_LEAST = 2.0**-400


def _estimates(emit: LaneEmitter, value: str) -> str:
    """Return 1/sqrt in each lane to 14 bits, a register of 8 doubles at a time."""
    emit.declarations.add(f"declare <8 x double> @{_ESTIMATE}(<8 x double>, <8 x double>, i8)")
    parts = []
    for first in range(0, emit.width, 8):
        part = emit.assign(f"shufflevector {emit.kind} {value}, {emit.kind} poison, {_mask(first, 8)}")
        given = f"<8 x double> {part}, <8 x double> zeroinitializer, i8 -1"
        parts.append(emit.assign(f"call <8 x double> @{_ESTIMATE}({given})"))
    while len(parts) > 1:
        width = emit.width // len(parts)
        parts = [
            emit.assign(
                f"shufflevector <{width} x double> {low}, <{width} x double> {high}, {_mask(0, 2 * width)}"
            )
            for low, high in zip(parts[::2], parts[1::2], strict=True)
        ]
    return parts[0]


def _mask(first: int, count: int) -> str:
    return f"<{count} x i32> <{', '.join(f'i32 {place}' for place in range(first, first + count))}>"


def square_root(emit: LaneEmitter, value: str) -> tuple[str, str]:
    """Emit the square root of a vector of doubles; return it and the condition under which a lane is right.

    It is false for zero and what is nearly zero or negative, infinity and what is no number.
    """
    y = _estimates(emit, value)
    half = emit.number(0.5)
    g, h = emit.binary("fmul", value, y), emit.binary("fmul", y, half)
    for _ in range(2):
        r = emit.fused(emit.negated(g), h, half)
        g, h = emit.fused(g, r, g), emit.fused(h, r, h)
    d = emit.fused(emit.negated(g), g, value)
    root = emit.fused(d, h, g)
    return root, emit.compare("oge", root, emit.number(_LEAST))


def rounds_hardest(emit: LaneEmitter) -> bool:
    """Tell whether the roots of 1 + u and 4 - 2u come out right here, and so all; `emit` is for 8 doubles, and fresh.

    An estimate depends on the fraction and on whether the exponent is odd, so that two numbers stand for all theirs.
    """
    root, _ = square_root(emit, emit.load_lanes("%numbers"))
    emit.store_lanes(root, "%numbers")
    text = "\n".join(["define void @hardest(ptr %numbers) {", *emit.lines, "  ret void", "}"])
    compiled = compile_ir(module_text([text], emit.declarations), "hardest", None, [ctypes.c_void_p])
    numbers = np.repeat([1.0 + 2.0**-52, 4.0 - 2.0**-51], 4)
    expected = np.sqrt(numbers)
    compiled.call(numbers.ctypes.data)
    return bool((numbers == expected).all())
