"""What each statistic rests on: one citation per word of study.toml, listed where it is used."""

from __future__ import annotations

from collections.abc import Set
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
DIXON = Reference(
    "Dixon, W. J. & Mood, A. M.",
    1946,
    "The statistical sign test",
    "Journal of the American Statistical Association 41, 557-566",
    "10.1080/01621459.1946.10501898",
)
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
SIDAK = Reference(
    "Šidák, Z.",
    1967,
    "Rectangular confidence regions for the means of multivariate normal distributions",
    "Journal of the American Statistical Association 62, 626-633",
    "10.1080/01621459.1967.10482935",
)
XIE = Reference(
    "Xie, M. & Singh, K.",
    2013,
    "Confidence distribution, the frequentist distribution estimator of a parameter: a review",
    "International Statistical Review 81, 3-39",
    "10.1111/insr.12000",
)
FRECHET = Reference(
    "Fréchet, M.",
    1935,
    "Généralisation du théorème des probabilités totales",
    "Fundamenta Mathematicae 25, 379-387",
    "10.4064/fm-25-1-379-387",
)
HEATHERS = Reference(
    "Heathers, J. A., Anaya, J., van der Zee, T. & Brown, N. J. L.",
    2018,
    "Recovering data from summary statistics: sample parameter reconstruction "
    "via iterative techniques (SPRITE)",
    "PeerJ Preprints 6, e26968v1",
    "10.7287/peerj.preprints.26968v1",
)
KENDALL = Reference(
    "Kendall, M. G.",
    1938,
    "A new measure of rank correlation",
    "Biometrika 30, 81-93",
    "10.1093/biomet/30.1-2.81",
)
ROBINSON = Reference(
    "Robinson, G. K.",
    1991,
    "That BLUP is a good thing: the estimation of random effects",
    "Statistical Science 6, 15-32",
    "10.1214/ss/1177011926",
)
WILSON = Reference(
    "Wilson, E. B.",
    1927,
    "Probable inference, the law of succession, and statistical inference",
    "Journal of the American Statistical Association 22, 209-212",
    "10.1080/01621459.1927.10502953",
)
GNEITING = Reference(
    "Gneiting, T. & Raftery, A. E.",
    2007,
    "Strictly proper scoring rules, prediction, and estimation",
    "Journal of the American Statistical Association 102, 359-378",
    "10.1198/016214506000001437",
)
COHEN = Reference(
    "Cohen, J.",
    1988,
    "Statistical Power Analysis for the Behavioral Sciences (2nd edition)",
    "Routledge",
    "10.4324/9780203771587",
)
PHILLIPS = Reference(
    "Phillips, K. F.",
    1990,
    "Power of the two one-sided tests procedure in bioequivalence",
    "Journal of Pharmacokinetics and Biopharmaceutics 18, 137-144",
    "10.1007/BF01063556",
)
HOLLANDER = Reference(
    "Hollander, M., Wolfe, D. A. & Chicken, E.",
    2014,
    "Nonparametric Statistical Methods (3rd edition)",
    "Wiley",
)
WESTFALL = Reference(
    "Westfall, P. H. & Young, S. S.",
    1993,
    "Resampling-Based Multiple Testing",
    "Wiley",
)
SHANNON = Reference(
    "Shannon, C. E.",
    1948,
    "A mathematical theory of communication",
    "Bell System Technical Journal 27, 379-423",
    "10.1002/j.1538-7305.1948.tb01338.x",
)
SRIVASTAVA = Reference(
    "Srivastava, M. S.",
    2005,
    "Some tests concerning the covariance matrix in high dimensional data",
    "Journal of the Japan Statistical Society 35, 251-272",
    "10.14490/jjss.35.251",
)
TAYLOR = Reference(
    "Taylor, J. M. G.",
    1987,
    "Kendall's and Spearman's correlation coefficients in the presence of a blocking variable",
    "Biometrics 43, 409-416",
    "10.2307/2531822",
)
FREEDMAN = Reference(
    "Freedman, D. & Lane, D.",
    1983,
    "A nonstochastic interpretation of reported significance levels",
    "Journal of Business & Economic Statistics 1, 292-298",
    "10.1080/07350015.1983.10509354",
)
WINKLER = Reference(
    "Winkler, A. M., Webster, M. A., Vidaurre, D., Nichols, T. E. & Smith, S. M.",
    2015,
    "Multi-level block permutation",
    "NeuroImage 123, 253-268",
    "10.1016/j.neuroimage.2015.05.092",
)
KRIEGESKORTE = Reference(
    "Kriegeskorte, N., Mur, M. & Bandettini, P.",
    2008,
    "Representational similarity analysis: connecting the branches of systems neuroscience",
    "Frontiers in Systems Neuroscience 2, 4",
    "10.3389/neuro.06.004.2008",
)
HEDGES = Reference(
    "Hedges, L. V.",
    1981,
    "Distribution theory for Glass's estimator of effect size and related estimators",
    "Journal of Educational Statistics 6, 107-128",
    "10.3102/10769986006002107",
)
ROUDER = Reference(
    "Rouder, J. N., Speckman, P. L., Sun, D., Morey, R. D. & Iverson, G.",
    2009,
    "Bayesian t tests for accepting and rejecting the null hypothesis",
    "Psychonomic Bulletin & Review 16, 225-237",
    "10.3758/PBR.16.2.225",
)
FISHER = Reference("Fisher, R. A.", 1935, "The Design of Experiments", "Oliver and Boyd")
GELMAN = Reference(
    "Gelman, A. & Stern, H.",
    2006,
    'The difference between "significant" and "not significant" is not itself statistically significant',
    "The American Statistician 60, 328-331",
    "10.1198/000313006X152649",
)
DAVISON = Reference(
    "Davison, A. C. & Hinkley, D. V.",
    1997,
    "Bootstrap Methods and their Application",
    "Cambridge University Press",
    "10.1017/CBO9780511802843",
)
ROY = Reference(
    "Roy, O. & Vetterli, M.",
    2007,
    "The effective rank: a measure of effective dimensionality",
    "15th European Signal Processing Conference, 606-610",
)
COVER = Reference(
    "Cover, T. M. & Thomas, J. A.",
    2006,
    "Elements of Information Theory (2nd edition)",
    "Wiley",
    "10.1002/047174882X",
)

BY_STATISTIC: dict[str, Reference] = {
    "paired_t": STUDENT,
    "welch_summary": WELCH,
    "bootstrap_mean": EFRON,
    "wilcoxon": WILCOXON,
    "sign_test": DIXON,
    "equivalence": SCHUIRMANN,
    "dimension_spearman": BONETT,
    "spearman": BONETT,
    "zone_probability": XIE,
    "zone_crossing": FRECHET,
    "feasible_summary": HEATHERS,
    "ordering": KENDALL,
    "common_slope": ROBINSON,
    "describe_values": STUDENT,
    "layer_profile": STUDENT,
    "position_profile": STUDENT,
    "share": WILSON,
    "score_common_slope": GNEITING,
    "power_paired_t": COHEN,
    "power_two_sample_t": COHEN,
    "power_welch_summary": WELCH,
    "power_equivalence": PHILLIPS,
    "power_sign_test": DIXON,
    "power_wilcoxon": HOLLANDER,
    "power_spearman": BONETT,
    "power_ordering": KENDALL,
    "power_peak_scan": WESTFALL,
    "contrast_t": GELMAN,
    "cluster_mean": DAVISON,
    "effective_dimension": SRIVASTAVA,
    "stratified_spearman": TAYLOR,
    "partial_spearman": FREEDMAN,
    "spearman_bca": EFRON,
    "pooled_scan": WINKLER,
    "peak_scan": WESTFALL,
    "stratified_peak_scan": WESTFALL,
    "fingerprint": KRIEGESKORTE,
    "welch_t": WELCH,
    "hedges_g_paired": HEDGES,
    "bayes_factor_paired": ROUDER,
    "paired_permutation": FISHER,
    "von_neumann": ROY,
    "entropy_rate": COVER,
    "printed_correlations": BENJAMINI_YEKUTIELI,
    "printed_peaks": SIDAK,
    "holm": HOLM,
    "benjamini_hochberg": BENJAMINI_HOCHBERG,
    "benjamini_yekutieli": BENJAMINI_YEKUTIELI,
    "plug_in": SHANNON,
}


def used(words: Set[str]) -> tuple[Reference, ...]:
    """List the references of some statistics, by author, each once."""
    found = {BY_STATISTIC[word] for word in words if word in BY_STATISTIC}
    return tuple(sorted(found, key=lambda reference: (reference.authors, reference.year)))
