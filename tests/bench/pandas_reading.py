"""``pandas.read_csv`` on a file of numbers; run by whichever interpreter has pandas.

For each line on its input, the path of a file as JSON, it prints one JSON object: the version, and the seconds that
reading took.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any


def main() -> None:
    """Measure whenever asked, until the input ends."""
    pandas: Any = import_module("pandas")
    for line in sys.stdin:
        begun = time.perf_counter()
        pandas.read_csv(json.loads(line))
        answer = {"version": pandas.__version__, "seconds": time.perf_counter() - begun}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
