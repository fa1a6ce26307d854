# Reference values for reporter/statistics/bootstrap_mean.py, printed to 17 digits.
# Run: Rscript tests/reference/bootstrap_mean.R > tests/reference/bootstrap_mean.csv
cat(sprintf("# script: bootstrap_mean.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
# BCa from all n^n resamples, listed one by one
first <- c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03)
second <- c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)
cases <- list(
  published = round(second - first, 10),
  skewed = c(0.01, 0.02, 0.02, 0.03, 0.4),
  seven = c(-1.3, 0.2, 0.4, 1.1, 1.15, 2.7, 9.2),
  three = c(-0.5, 0.25, 0.5)
)
for (name in names(cases)) {
  change <- cases[[name]]
  n <- length(change)
  sums <- change
  for (i in 2:n) sums <- as.vector(outer(sums, change, "+"))
  means <- sort(round(sums / n, 10))
  centre <- round(mean(change), 10)
  z0 <- qnorm(mean(means < centre) + mean(means == centre) / 2)
  left_out <- sapply(seq_len(n), function(i) mean(change[-i]))
  pull <- mean(left_out) - left_out
  a <- sum(pull^3) / (6 * sum(pull^2)^1.5)
  show(name, "z0", z0)
  show(name, "a", a)
  for (level in c(0.95, 0.90)) {
    z <- z0 + qnorm(c((1 - level) / 2, (1 + level) / 2))
    ends <- means[ceiling(pnorm(z0 + z / (1 - a * z)) * length(means))]
    show(name, sprintf("low_%g", 100 * level), ends[1])
    show(name, sprintf("high_%g", 100 * level), ends[2])
  }
  for (i in seq_len(n)) show(name, paste0("change", i), change[i])
}
