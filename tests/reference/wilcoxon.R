# Reference values for reporter/statistics/wilcoxon.py, printed to 17 digits.
# Run: Rscript tests/reference/wilcoxon.R > tests/reference/wilcoxon.csv
cat(sprintf("# script: wilcoxon.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
first <- c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03)
second <- c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)
cases <- list(
  published = round(second - first, 10),
  cubes = (-3:5 + 0.3)^3,
  waves = sin(1:20) + 0.2,
  down = -sqrt(1:6)
)
for (name in names(cases)) {
  change <- cases[[name]][cases[[name]] != 0]
  test <- wilcox.test(change, exact = TRUE)
  show(name, "v", test$statistic)
  show(name, "p", test$p.value)
  for (i in seq_along(cases[[name]])) show(name, paste0("change", i), cases[[name]][i])
}
