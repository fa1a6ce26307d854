# Reference values for reporter/statistics/hedges_g.py, hedges_g_paired.py, bayes_factor.py and bayes_factor_paired.py, printed to 17 digits.
# Run: Rscript tests/reference/effect_size.R > tests/reference/effect_size.csv
cat(sprintf("# script: effect_size.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
suppressPackageStartupMessages(library(effectsize))
cases <- list(
  sleep = list(sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2]),
  published = list(c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03),
                   c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)),
  small = list(c(2.71, 2.93, 3.02), c(3.10, 3.05, 3.32))
)
# effectsize searches the noncentrality by optim to about 4 digits; uniroot on R's own pt() to 12
limits <- function(t, df) sapply(c(0.975, 0.025), function(p)
  uniroot(function(ncp) pt(t, df, ncp) - p, t + c(-12, 12), tol = 1e-13)$root)
jzs <- function(t, n, df, r) {
  alternative <- integrate(function(g) (1 + n * g * r^2)^(-1 / 2) *
    (1 + t^2 / ((1 + n * g * r^2) * df))^(-(df + 1) / 2) *
    (2 * pi)^(-1 / 2) * g^(-3 / 2) * exp(-1 / (2 * g)), 0, Inf, rel.tol = 1e-12, subdivisions = 2000L)$value
  alternative / (1 + t^2 / df)^(-(df + 1) / 2)
}
for (name in names(cases)) {
  first <- cases[[name]][[1]]
  second <- cases[[name]][[2]]
  n1 <- length(first)
  n2 <- length(second)
  for (kind in c("independent", "paired")) {
    paired <- kind == "paired"
    theirs <- hedges_g(second, first, paired = paired, verbose = FALSE)
    case <- paste(name, kind, sep = "_")
    test <- if (paired) t.test(second, first, paired = TRUE) else t.test(second, first, var.equal = TRUE)
    df <- unname(test$parameter)
    t <- unname(test$statistic)
    root <- if (paired) sqrt(1 / n1) else sqrt(1 / n1 + 1 / n2)
    factor <- exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))
    show(case, "g", theirs$Hedges_g)
    show(case, "effectsize_low", theirs$CI_low)
    show(case, "effectsize_high", theirs$CI_high)
    show(case, "low", factor * root * limits(t, df)[1])
    show(case, "high", factor * root * limits(t, df)[2])
    show(case, "t", t)
    for (r in c(sqrt(2) / 2, 1)) {
      show(case, sprintf("bf_%.3f", r), jzs(t, if (paired) n1 else n1 * n2 / (n1 + n2), df, r))
    }
  }
}
