# Reference values for reporter/statistics/printed_correlations.py and printed_peaks.py, printed to 17 digits.
# Run: Rscript tests/reference/printed.R > tests/reference/printed.csv
cat(sprintf("# script: printed.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, values)
  cat(sprintf("%s_%02d,%s,%.17g\n", case, seq_along(values), field, values), sep = "")
p_of <- function(r, n) 2 * pt(-abs(r) * sqrt((n - 2) / (1 - r^2)), n - 2)
methods <- c(p_holm = "holm", p_benjamini_hochberg = "BH", p_benjamini_yekutieli = "BY")

# questions: the nine that the second document prints of 42; all: every test printed; sizes: unequal n, no order
correlations <- list(
  questions = list(r = c(-0.53, -0.39, -0.38, 0.39, 0.58, 0.38, -0.44, -0.43, -0.53), n = rep(30, 9), tests = 42),
  all = list(r = c(0.5, -0.1, 0, 0.999), n = rep(12, 4), tests = 4),
  sizes = list(r = c(0.9, 0.1, -0.4, 0.4, -0.97), n = c(3, 1000, 30, 12, 5), tests = 11)
)
for (case in names(correlations)) with(correlations[[case]], {
  p <- p_of(r, n)
  show(case, "p", p)
  for (field in names(methods)) show(case, field, p.adjust(p, methods[field], n = tests))
})

# document: the 42 peaks of the second document, a row per model; few: unequal n and depths
peaks <- list(
  document = list(
    r = c(-0.38, +0.42, -0.77, -0.39, +0.75, -0.48, +0.80,
          +0.45, -0.48, +0.51, -0.34, -0.51, -0.48, +0.44,
          +0.57, -0.37, -0.46, +0.38, +0.35, -0.36, +0.00,
          +0.40, -0.18, -0.60, -0.22, +0.28, -0.47, -0.56,
          -0.58, +0.62, +0.77, -0.65, +0.59, -0.69, +0.82,
          +0.33, -0.47, +0.65, +0.45, +0.58, -0.59, +0.74),
    layers = rep(c(29, 33, 31, 33, 43, 49), each = 7), n = rep(30, 42)),
  few = list(r = c(0.5, 0.99, -0.2), layers = c(1, 12, 100), n = c(30, 200, 4))
)
for (case in names(peaks)) with(peaks[[case]], {
  p <- p_of(r, n)
  sidak <- -expm1(layers * log1p(-p))
  show(case, "p", p)
  show(case, "p_sidak", sidak)
  show(case, "p_holm", p.adjust(sidak, "holm"))
})
