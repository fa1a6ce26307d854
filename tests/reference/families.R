# Reference values for reporter/families.py, printed to 17 digits.
# Run: Rscript tests/reference/families.R > tests/reference/families.csv
cat(sprintf("# script: families.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
# correlations: nine printed rank correlations at n = 30 (t approximation), and 33 that are not below .05
r <- c(-0.53, -0.39, -0.38, 0.39, 0.58, 0.38, -0.44, -0.43, -0.53)
t <- abs(r) * sqrt(28 / (1 - r^2))
cases <- list(
  correlations = c(2 * pt(-t, 28), seq(0.06, 0.98, length.out = 33))[(0:41 * 17) %% 42 + 1],
  ties = c(0.01, 0.04, 0.01, 0.04, 0.5, 1, 0),
  one = 0.03,
  spread = (1:20 / 21)[(0:19 * 7) %% 20 + 1]^3
)
methods <- c(holm = "holm", benjamini_hochberg = "BH", benjamini_yekutieli = "BY")
for (name in names(cases)) for (i in seq_along(cases[[name]])) {
  show(sprintf("%s_%02d", name, i), "p", cases[[name]][i])
  for (method in names(methods)) show(sprintf("%s_%02d", name, i), method, p.adjust(cases[[name]], methods[method])[i])
}
