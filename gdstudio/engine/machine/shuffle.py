"""The order of samples that NumPy's generator would make, several times as fast: one sample a step asks for no less.

Random numbers are those of Philox with a key and a counter (J. K. Salmon et al., Parallel random numbers: as easy as
1, 2, 3, 2011, doi:10.1145/2063384.2063405), taken in halves of 32 bits. The shuffle is Fisher's and Yates': the partner
of each place, from the last one on, is as many bits of the next number as the place has, and is drawn again where it is
beyond the place. That is done without a branch, which the processor would guess wrong every third time.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.emitter import Emitter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.machine.compiler import Compiled

_ROUNDS = 10
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_KEY_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)

# Both loops of partners read the eight halves of one block of random numbers at %halves.
_IR = """
declare i64 @llvm.ctlz.i64(i64, i1)

define void @shuffle(i64 %length, i64 %key0, i64 %key1, i64 %time, ptr noalias %partners, ptr noalias %order) {{
entry:
  %halves = alloca [4 x i64]
  %last = sub i64 %length, 1
  %zeros = call i64 @llvm.ctlz.i64(i64 %last, i1 true)
  %all_bits = lshr i64 -1, %zeros
  br label %block
block:
  %number = phi i64 [ 1, %entry ], [ %following, %drawn ]
  %place = phi i64 [ %last, %entry ], [ %i_next, %drawn ]
  %bits = phi i64 [ %all_bits, %entry ], [ %mask_next, %drawn ]
  %following = add i64 %number, 1
{random_numbers}
  br label %draw
draw:
  %k = phi i64 [ 0, %block ], [ %k_next, %on ]
  %i = phi i64 [ %place, %block ], [ %i_next, %on ]
  %mask = phi i64 [ %bits, %block ], [ %mask_next, %on ]
  %half = getelementptr i32, ptr %halves, i64 %k
  %random = load i32, ptr %half
  %wide = zext i32 %random to i64
  %partner = and i64 %wide, %mask
  %slot = getelementptr i64, ptr %partners, i64 %i
  store i64 %partner, ptr %slot
  %fits = icmp ule i64 %partner, %i
  %less = zext i1 %fits to i64
  %i_next = sub i64 %i, %less
  %k_next = add i64 %k, 1
  %shorter = lshr i64 %mask, 1
  %narrow = icmp ule i64 %i_next, %shorter
  br i1 %narrow, label %fewer, label %on, !prof !0
fewer:
  %found = icmp eq i64 %i_next, 0
  br i1 %found, label %number_all, label %on
on:
  %mask_next = phi i64 [ %mask, %draw ], [ %shorter, %fewer ]
  %more = icmp slt i64 %k_next, 8
  br i1 %more, label %draw, label %drawn
drawn:
  br label %block
number_all:
  %n = phi i64 [ 0, %fewer ], [ %n_next, %number_all ]
  %own = getelementptr i64, ptr %order, i64 %n
  store i64 %n, ptr %own
  %n_next = add i64 %n, 1
  %numbered = icmp eq i64 %n_next, %length
  br i1 %numbered, label %exchange, label %number_all
exchange:
  %e = phi i64 [ %last, %number_all ], [ %e_next, %exchange ]
  %e_slot = getelementptr i64, ptr %partners, i64 %e
  %other = load i64, ptr %e_slot
  %here = getelementptr i64, ptr %order, i64 %e
  %there = getelementptr i64, ptr %order, i64 %other
  %one = load i64, ptr %here
  %two = load i64, ptr %there
  store i64 %two, ptr %here
  store i64 %one, ptr %there
  %e_next = sub i64 %e, 1
  %exchanged = icmp eq i64 %e_next, 0
  br i1 %exchanged, label %done, label %exchange
done:
  ret void
}}

!0 = !{{!"branch_weights", i32 1, i32 1000}}
"""


def _random_numbers() -> str:
    """Return the lines that write block ``%number`` of the random numbers to ``%halves``."""
    emitter = Emitter()
    counter, key = ["%number", "0", "0", "%time"], ["%key0", "%key1"]
    for index in range(_ROUNDS):
        if index:
            key = [emitter.assign(f"add i64 {part}, {step}") for part, step in zip(key, _KEY_STEPS, strict=True)]
        halves = []
        for part, multiplier in zip((counter[0], counter[2]), _MULTIPLIERS, strict=True):
            product = emitter.assign(f"mul i128 {emitter.assign(f'zext i64 {part} to i128')}, {multiplier}")
            high = emitter.assign(f"trunc i128 {emitter.assign(f'lshr i128 {product}, 64')} to i64")
            halves.append((high, emitter.assign(f"trunc i128 {product} to i64")))
        mixed = [
            emitter.assign(f"xor i64 {emitter.assign(f'xor i64 {high}, {kept}')}, {part}")
            for (high, _), kept, part in zip(halves[::-1], counter[1::2], key, strict=True)
        ]
        counter = [mixed[0], halves[1][1], mixed[1], halves[0][1]]
    for index, value in enumerate(counter):
        emitter.store(value, "%halves", index, "i64")
    return "\n".join(emitter.lines)


@cache
def _compiled() -> Compiled:
    arguments = [ctypes.c_int64, *[ctypes.c_uint64] * 3, *[ctypes.c_void_p] * 2]
    return compile_ir(_IR.format(random_numbers=_random_numbers()), "shuffle", None, arguments)


def permutation(length: int, seed: int, stream: int, time: int) -> NDArray[np.int64]:
    """Return what ``sampling.generator(seed, stream, time).permutation(length)`` would; `length` from 2 to 2^32."""
    # apart from one another, for only the order is kept
    partners, order = np.empty(length, dtype=np.int64), np.empty(length, dtype=np.int64)
    _compiled().call(length, seed, stream, time, partners.ctypes.data, order.ctypes.data)
    return order
