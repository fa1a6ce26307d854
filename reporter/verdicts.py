"""What a p value, its floor and an equivalence test allow us to say: one table."""

from __future__ import annotations

from reporter.findings import Verdict

# (difference shown, equivalence shown)
TABLE: dict[tuple[bool, bool], Verdict] = {
    (True, False): Verdict.DIFFERENT,
    (True, True): Verdict.DIFFERENT_WITHIN_BOUND,
    (False, True): Verdict.EQUIVALENT,
    (False, False): Verdict.NOT_SEPARABLE,
}


def decide(*, p: float, p_floor: float, equivalence_p: float | None, alpha: float) -> Verdict:
    """Say what a test allows.

    Parameters
    ----------
    p : float
        Adjusted within its family where there is one.
    p_floor : float
        The least p that the test could have given; above ``alpha`` nothing is decidable.
    equivalence_p : float or None
        p of the two one-sided tests; None where no bound was declared.
    alpha : float
    """
    if p_floor > alpha:
        return Verdict.NOT_DECIDABLE
    return TABLE[p <= alpha, equivalence_p is not None and equivalence_p <= alpha]
