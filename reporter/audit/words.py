"""The words for statistics that documents use, and the one word that this project has for each."""

from __future__ import annotations

import re
from functools import cache

# Patterns are matched against a head or label in lower case, the first that fits wins.
STATISTICS: tuple[tuple[str, str], ...] = (
    (r"\bp[ _-]?(adj|holm|bh|fdr)|\badjusted p|\bq\b", "p_adjusted"),
    (r"^p$|\bp[- ]?values?\b|^p\b(?!\(| below| under| above|[ -]?<)|\bp$", "p"),
    (r"\brho\b|\bρ\b|\bspearman\b", "rho"),
    (r"^r$|\bpearson\b|\bcorrelation\b", "r"),
    (r"^t$|\bt[- ]stat", "t"),
    (r"^f$|\bf[- ]stat", "F"),
    (r"^z$|\bz[- ]stat", "z"),
    (r"χ|chi[- ]?2|chi[- ]?sq", "chi2"),
    (r"^df$|degrees of freedom", "df"),
    (r"\bhedges|^g$", "g"),
    (r"\bcohen|^d$", "d"),
    (r"\bstd\b|\bsd\b|\bst\. ?dev|standard deviation|^σ$", "sd"),
    (r"\bs\.?e\.?m?\b|standard error", "se"),
    (r"\d+ ?%? ?(ci|interval)|\bci\b|confidence interval|^interval", "interval"),
    (r"\bmedian\b", "median"),
    (r"\bmin(imum)?\b|\bleast\b|\blowest\b", "min"),
    (r"\bmax(imum)?\b|\blargest\b|\bhighest\b", "max"),
    (r"predict|extrapolat|expected", "predicted"),
    (r"\brange\b", "range"),
    (r"δ|delta|\bchange|\bdifference|→", "change"),
    (r"eff\.? ?dim|effective dim", "effective_dimension"),
    (r"dead zones?", "dead_zones"),
    (r"n_tokens|\btoken count", "n_tokens"),
    (r"\bhidden", "hidden_size"),
    (r"^layers$|\bnumber of layers|\blayer count", "layers"),
    (r"\bpos(itive)?\b.*pole|pole.*\bpos(itive)?\b", "positive_pole"),
    (r"\bneg(ative)?\b.*pole|pole.*\bneg(ative)?\b", "negative_pole"),
    (r"^n$|\bsample size\b|\bnumber of (models|prompts|questions|replies)", "n"),
    (r"\bmean\b|\baverage\b|\bentropy\b|tokens?$", "mean"),
)


@cache
def statistic_of(words: str) -> str:
    """Name the statistic that a head or a label stands for; "" where it stands for none of them."""
    lowered = " ".join(words.lower().split())
    return next((name for pattern, name in STATISTICS if re.search(pattern, lowered)), "")


# Labels that stand before a number in prose, beside those that are heads.
LABELS: tuple[tuple[str, str], ...] = (
    (r"^\|r\||^\|ρ\|", "abs_r"),
    (r"^mean (entropy )?(change|difference)$|^average (change|difference)$", "mean_change"),
    (r"^m$", "mean"),
    (r"^r_s$|^rs$", "rho"),
    (r"^r²$|^r2$|^pseudo-r²$", "r_squared"),
    (r"^χ²$|^χ2$|^chi²$|^x²$", "chi2"),
    (r"^se$|^sem$", "se"),
    (r"^n$", "n"),
    (r"^temp(erature)?$", "temperature"),
    (r"^threshold$", "threshold"),
    (r"^p$|^p[ _-]?values?$", "p"),
    (r"^p[ _-]?(adj|holm|bh|fdr)", "p_adjusted"),
    (r"^bf", "bayes_factor"),
    (r"^τ$|^tau$", "tau"),
    (r"^η", "eta_squared"),
)


@cache
def label_of(words: str) -> str:
    """Name the statistic of a label before a number; the label itself where it has no other name."""
    lowered = " ".join(words.lower().split())
    if not lowered:
        return ""
    for pattern, name in LABELS:
        if re.search(pattern, lowered):
            return name
    return statistic_of(lowered) or words.strip()
