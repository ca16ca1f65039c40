"""Lets ``python -m gdstudio`` do what the command ``gdstudio`` does."""

import sys

from gdstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
