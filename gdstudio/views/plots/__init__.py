"""Plots that paint themselves with the scene's own painter; plain data in, signals out."""
