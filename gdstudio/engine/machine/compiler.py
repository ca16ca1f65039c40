"""LLVM IR as text in, callable functions out.

Each engine owns a target machine of its own (a shared one crashes when the first engine is freed), and every
function keeps its engine alive. ctypes releases the interpreter lock during each call.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@cache
def _initialised() -> tuple[str, str, str]:
    """Set up the native target once; return triple, processor and its features."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


@dataclass(frozen=True)
class Compiled:
    """A function of machine code; `call` takes integers, floats and addresses as compiled."""

    call: Callable[..., Any]
    engine: Any


def _optimise(module: Any, machine: Any, function: str) -> None:
    """Optimise the only function that will be called.

    What is emitted is nearly what the processor should do: once the objective is inlined and local variables
    are registers, the whole of LLVM's pipeline makes it no faster but takes twice as long. Simplifying the flow
    makes it slower: branches that are hardly ever taken become conditions that are computed at each step.
    """
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    inlining = llvm.create_new_module_pass_manager()
    inlining.add_always_inliner_pass()
    inlining.run(module, builder)
    passes = llvm.create_new_function_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.run(module.get_function(function), builder)


def compile_ir(ir: str, function: str, result: Any, arguments: Sequence[Any]) -> Compiled:
    """Compile the module `ir` and return its `function`.

    Parameters
    ----------
    ir : str
        A whole module without a target triple.
    function : str
        Name of an external function in it.
    result, arguments : ctypes types
        Its signature.
    """
    triple, processor, features = _initialised()
    module = llvm.parse_assembly(ir)
    module.triple = triple
    machine = llvm.Target.from_triple(triple).create_target_machine(
        cpu=processor, features=features, opt=3, jit=True, codemodel="jitdefault"
    )
    module.data_layout = str(machine.target_data)
    _optimise(module, machine, function)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    prototype = ctypes.CFUNCTYPE(result, *arguments)
    return Compiled(prototype(engine.get_function_address(function)), engine)
