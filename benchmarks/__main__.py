"""Measure what we promise and print one table: ``python -m benchmarks [start pdf pages ...]``.

Each runs in a process of its own; ratios are between things measured in turn in that process.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.figures import Figure, run, show

ALL = (
    "start", "pdf", "pages", "matching", "attribution", "recognition", "rating", "incentives",
    "incentives_rows", "incentives_files",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Run the benchmarks with these names; return 1 where a promise is broken."""
    if unknown := set(names) - set(ALL):
        print(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(ALL)}.")
        return 2
    figures: list[Figure] = []
    for name in names or ALL:
        print(f"Measuring: {name} ...", file=sys.stderr, flush=True)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            figures += alone.submit(run, name).result()
    return 0 if show(figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
