"""How many orders have how many falling pairs: Kendall's distribution, with ties too."""

from __future__ import annotations


def orders_by_falls(multiplicities: list[int]) -> list[int]:
    """Count the distinct orders of a multiset by their number of falling pairs.

    Their generating function is the q-multinomial coefficient: the product of (1 - q^i) for i = 1..n over
    the same product for each multiplicity (MacMahon).
    """
    n = sum(multiplicities)
    degree = (n * n - sum(m * m for m in multiplicities)) // 2
    counts = [1] + [0] * degree
    for i in range(1, n + 1):
        for power in range(degree, i - 1, -1):  # times 1 - q^i
            counts[power] -= counts[power - i]
    for i in (i for m in multiplicities for i in range(1, m + 1)):
        for power in range(i, degree + 1):  # divided by 1 - q^i
            counts[power] += counts[power - i]
    return counts
