# Reference values for reporter/statistics/welch_summary.py, printed to 17 digits.
# Run: Rscript tests/reference/welch_summary.R > tests/reference/welch_summary.csv
cat(sprintf("# script: welch_summary.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
# raw values with exactly this mean and sd are made, then compared by t.test
raw <- function(n, mean, sd, ddof) {
  x <- as.numeric(scale(seq_len(n)^1.5))
  mean + x * sd * (if (ddof == 0) sqrt(n / (n - 1)) else 1)
}
cells <- list(
  llama = list(c(3, 2.86, 0.04), c(3, 2.96, 0.04)),
  deepseek = list(c(3, 2.95, 0.04), c(3, 3.03, 0.09)),
  gemini = list(c(3, 3.01, 0.01), c(3, 3.07, 0.13)),
  haiku = list(c(3, 3.13, 0.04), c(3, 3.13, 0.02)),
  grok = list(c(3, 3.03, 0.03), c(3, 3.17, 0.08)),
  unequal = list(c(5, 1.2, 0.7), c(12, 0.9, 0.1))
)
for (name in names(cells)) for (ddof in 0:1) for (level in c(0.95, 0.90)) {
  one <- cells[[name]][[1]]
  two <- cells[[name]][[2]]
  test <- t.test(raw(two[1], two[2], two[3], ddof), raw(one[1], one[2], one[3], ddof), conf.level = level)
  case <- sprintf("%s_%d_%g", name, ddof, 100 * level)
  show(case, "t", test$statistic)
  show(case, "df", test$parameter)
  show(case, "p", test$p.value)
  show(case, "se", test$stderr)
  show(case, "low", test$conf.int[1])
  show(case, "high", test$conf.int[2])
}
