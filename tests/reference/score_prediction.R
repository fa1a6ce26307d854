# Reference values for reporter/statistics/score_prediction.py: the score's defining integral, printed to 17 digits.
# Run: Rscript tests/reference/score_prediction.R > tests/reference/score_prediction.csv
cat(sprintf("# script: score_prediction.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
crps <- function(z, df) {
  below <- function(x) pt(x, df)^2
  above <- function(x) pt(x, df, lower.tail = FALSE)^2
  integrate(below, -Inf, z, rel.tol = 1e-12, subdivisions = 5000L)$value +
    integrate(above, z, Inf, rel.tol = 1e-12, subdivisions = 5000L)$value
}
for (df in c(2, 3, 7, 30)) for (z in c(-3, -0.5, 0, 1, 4)) {
  show(sprintf("df_%d", df), sprintf("z_%g", z), crps(z, df))
}
