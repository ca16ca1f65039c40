"""Machine code from graphs of operations; the only place that names llvmlite."""
