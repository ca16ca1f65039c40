"""Widgets of the window. They get plain data and say what people want; they never compute."""
