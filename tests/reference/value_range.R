# Reference values for reporter/statistics/value_range.py, printed to 17 digits.
# Run: Rscript tests/reference/value_range.R > tests/reference/value_range.csv
cat(sprintf("# script: value_range.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
first <- c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03)
second <- c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)
cases <- list(first = first, second = second, sleep = sleep$extra)
for (name in names(cases)) {
  values <- cases[[name]]
  show(name, "minimum", min(values))
  show(name, "maximum", max(values))
  show(name, "width", diff(range(values)))
  show(name, "mean", mean(values))
  show(name, "sd", sd(values))
}
