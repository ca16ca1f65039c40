"""What descends: language, objectives, optimizers and the loop. NumPy and llvmlite; no Qt, files, clock or threads."""
