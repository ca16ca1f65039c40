"""Lets ``python -m gdstudio`` do what the command ``gdstudio`` does."""

from gdstudio.cli import process

if __name__ == "__main__":
    process()
