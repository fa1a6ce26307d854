# Reference values for reporter/statistics/ordering.py, printed to 17 digits.
# Run: Rscript tests/reference/ordering.R > tests/reference/ordering.csv
cat(sprintf("# script: ordering.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
cases <- list(
  three = c(3, 2, 1), swapped = c(3.13, 3.06, 3.08), eight = c(8, 6, 7, 5, 2, 4, 3, 1),
  rising = c(1, 2, 3, 4), seven = c(0.3, 2.5, -1, 0.4, 0.2, -3, 0.1)
)
for (name in names(cases)) {
  test <- cor.test(cases[[name]], -seq_along(cases[[name]]), method = "kendall", exact = TRUE, alternative = "greater")
  show(name, "statistic", test$statistic)
  show(name, "p", test$p.value)
}
