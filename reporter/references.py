"""What each statistic rests on: one citation per word of study.toml, listed where it is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A work that describes a method."""

    authors: str
    year: int
    title: str
    place: str
    doi: str = ""

    @property
    def text(self) -> str:
        """Write it as one line of a reference list."""
        end = f" doi:{self.doi}" if self.doi else ""
        return f"{self.authors} ({self.year}). {self.title}. {self.place}.{end}"


STUDENT = Reference(
    "Student", 1908, "The probable error of a mean", "Biometrika 6, 1-25", "10.1093/biomet/6.1.1"
)
WELCH = Reference(
    "Welch, B. L.",
    1947,
    "The generalization of Student's problem when several different population variances are involved",
    "Biometrika 34, 28-35",
    "10.1093/biomet/34.1-2.28",
)
EFRON = Reference(
    "Efron, B.",
    1987,
    "Better bootstrap confidence intervals",
    "Journal of the American Statistical Association 82, 171-185",
    "10.1080/01621459.1987.10478410",
)
WILCOXON = Reference(
    "Wilcoxon, F.",
    1945,
    "Individual comparisons by ranking methods",
    "Biometrics Bulletin 1, 80-83",
    "10.2307/3001968",
)
CONOVER = Reference("Conover, W. J.", 1999, "Practical Nonparametric Statistics (3rd edition)", "Wiley")
SCHUIRMANN = Reference(
    "Schuirmann, D. J.",
    1987,
    "A comparison of the two one-sided tests procedure and the power approach for "
    "assessing the equivalence of average bioavailability",
    "Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680",
    "10.1007/BF01068419",
)
BONETT = Reference(
    "Bonett, D. G. & Wright, T. A.",
    2000,
    "Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
    "Psychometrika 65, 23-28",
    "10.1007/BF02294183",
)
HOLM = Reference(
    "Holm, S.",
    1979,
    "A simple sequentially rejective multiple test procedure",
    "Scandinavian Journal of Statistics 6, 65-70",
)
BENJAMINI_HOCHBERG = Reference(
    "Benjamini, Y. & Hochberg, Y.",
    1995,
    "Controlling the false discovery rate: a practical and powerful approach to multiple testing",
    "Journal of the Royal Statistical Society B 57, 289-300",
    "10.1111/j.2517-6161.1995.tb02031.x",
)
BENJAMINI_YEKUTIELI = Reference(
    "Benjamini, Y. & Yekutieli, D.",
    2001,
    "The control of the false discovery rate in multiple testing under dependency",
    "The Annals of Statistics 29, 1165-1188",
    "10.1214/aos/1013699998",
)
SCHWEDER = Reference(
    "Schweder, T. & Hjort, N. L.",
    2002,
    "Confidence and likelihood",
    "Scandinavian Journal of Statistics 29, 309-332",
    "10.1111/1467-9469.00285",
)
FRECHET = Reference(
    "Fréchet, M.",
    1935,
    "Généralisation du théorème des probabilités totales",
    "Fundamenta Mathematicae 25, 379-387",
    "10.4064/fm-25-1-379-387",
)
HEATHERS = Reference(
    "Heathers, J. A. J. et al.",
    2018,
    "Recovering data from summary statistics: sample parameter reconstruction "
    "via iterative techniques (SPRITE)",
    "PeerJ Preprints 6, e26968v1",
    "10.7287/peerj.preprints.26968v1",
)
GOOD = Reference(
    "Good, P.",
    2005,
    "Permutation, Parametric, and Bootstrap Tests of Hypotheses (3rd edition)",
    "Springer",
    "10.1007/b138696",
)
HENDERSON = Reference(
    "Henderson, C. R.",
    1975,
    "Best linear unbiased estimation and prediction under a selection model",
    "Biometrics 31, 423-447",
    "10.2307/2529430",
)
SHANNON = Reference(
    "Shannon, C. E.",
    1948,
    "A mathematical theory of communication",
    "Bell System Technical Journal 27, 379-423",
    "10.1002/j.1538-7305.1948.tb01338.x",
)

BY_STATISTIC: dict[str, Reference] = {
    "paired_t": STUDENT,
    "welch_summary": WELCH,
    "bootstrap_mean": EFRON,
    "wilcoxon": WILCOXON,
    "sign_test": CONOVER,
    "equivalence": SCHUIRMANN,
    "spearman": BONETT,
    "zone_probability": SCHWEDER,
    "zone_crossing": FRECHET,
    "feasible_summary": HEATHERS,
    "ordering": GOOD,
    "common_slope": HENDERSON,
    "holm": HOLM,
    "benjamini_hochberg": BENJAMINI_HOCHBERG,
    "benjamini_yekutieli": BENJAMINI_YEKUTIELI,
    "plug_in": SHANNON,
}


def used(words: set[str]) -> tuple[Reference, ...]:
    """List the references of some statistics, by author, each once."""
    found = {BY_STATISTIC[word] for word in words if word in BY_STATISTIC}
    return tuple(sorted(found, key=lambda reference: (reference.authors, reference.year)))
