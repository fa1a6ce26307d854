# Reference values for reporter/statistics/sign_test.py, printed to 17 digits.
# Run: Rscript tests/reference/sign_test.R > tests/reference/sign_test.csv
cat(sprintf("# script: sign_test.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
for (counts in list(c(7, 7), c(4, 9), c(1, 10), c(17, 30), c(10, 10), c(3, 6)))
  show(paste(counts, collapse = "_of_"), "p", binom.test(counts[1], counts[2])$p.value)
