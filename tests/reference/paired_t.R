# Reference values for reporter/statistics/paired_t.py, printed to 17 digits.
# Run: Rscript tests/reference/paired_t.R > tests/reference/paired_t.csv
cat(sprintf("# script: paired_t.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
cases <- list(
  published = list(c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03),
                   c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)),
  sleep = list(sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2]),
  two = list(c(1, 2), c(1.5, 3.25))
)
for (name in names(cases)) {
  for (level in c(0.95, 0.90)) {
    test <- t.test(cases[[name]][[2]], cases[[name]][[1]], paired = TRUE, conf.level = level)
    case <- sprintf("%s_%g", name, 100 * level)
    show(case, "estimate", test$estimate)
    show(case, "t", test$statistic)
    show(case, "df", test$parameter)
    show(case, "p", test$p.value)
    show(case, "low", test$conf.int[1])
    show(case, "high", test$conf.int[2])
    show(case, "se", test$stderr)
  }
}
