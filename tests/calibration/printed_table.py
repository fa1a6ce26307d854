"""The tables that the calibration scripts print: shares in per cent, each with its Monte Carlo error."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SIMULATIONS = 5_000
SIZES = (3, 8, 30, 420)
SEED = 20_260_101


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table; ``measure`` finds the share at one n, or says why there is none."""

    name: str
    population: str
    measure: Callable[[int], float | str]
    simulations: int


def asked_simulations() -> int:
    """Read the number of simulations off the command line, and print what the tables hold."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else SIMULATIONS
    print(
        f"{simulations} simulations per cell with their Monte Carlo error; nominal 95 % and 5 %; in per cent."
    )
    return simulations


def table(title: str, rows: Iterable[Row]) -> None:
    """Print one Markdown table, rows as they are measured, sizes across."""
    print(f"\n| {title} | population | " + " | ".join(f"n = {n}" for n in SIZES) + " |", flush=True)
    print("|---|---|" + "---|" * len(SIZES))
    for row in rows:
        cells = " | ".join(cell(row.measure(n), row.simulations) for n in SIZES)
        print(f"| {row.name} | {row.population} | {cells} |", flush=True)


def cell(share: float | str, simulations: int) -> str:
    """Print a share in per cent with its Monte Carlo error."""
    if isinstance(share, str):
        return share
    return f"{100 * share:.1f} ± {100 * math.sqrt(share * (1 - share) / simulations):.1f}"
