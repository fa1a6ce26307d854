# Reference values for reporter/statistics/welch_t.py and equivalence_welch.py, printed to 17 digits.
# Run: Rscript tests/reference/welch_t.R > tests/reference/welch_t.csv
cat(sprintf("# script: welch_t.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
cases <- list(
  sleep = list(sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2]),
  unequal = list(c(2.71, 2.93, 3.02), c(3.10, 3.05, 3.32, 2.98, 3.21, 3.47, 3.03)),
  one_constant = list(c(3, 3, 3), c(2.5, 3.1, 2.9, 2.7)),
  two = list(c(1, 2), c(1.5, 3.25))
)
for (name in names(cases)) {
  first <- cases[[name]][[1]]
  second <- cases[[name]][[2]]
  for (level in c(0.95, 0.90)) {
    test <- t.test(second, first, conf.level = level)
    case <- sprintf("%s_%g", name, 100 * level)
    show(case, "estimate", mean(second) - mean(first))
    show(case, "t", test$statistic)
    show(case, "df", test$parameter)
    show(case, "p", test$p.value)
    show(case, "low", test$conf.int[1])
    show(case, "high", test$conf.int[2])
    show(case, "se", test$stderr)
  }
  # the two one-sided tests, by t.test itself
  for (bound in c(0.5, 2)) {
    case <- sprintf("%s_bound_%g", name, bound)
    upper <- t.test(second, first, mu = bound, alternative = "less")
    lower <- t.test(second, first, mu = -bound, alternative = "greater")
    show(case, "p", max(upper$p.value, lower$p.value))
    interval <- t.test(second, first, conf.level = 0.90)$conf.int
    show(case, "low", interval[1])
    show(case, "high", interval[2])
    show(case, "smallest_bound", max(abs(interval)))
  }
}
