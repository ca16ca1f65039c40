"""Data sets that come with the program, and how they are read; no Qt."""
