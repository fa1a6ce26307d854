# Reference values for reporter/statistics/power_paired_t.py, power_two_sample_t.py and power_spearman.py, printed to 17 digits.
# Run: Rscript tests/reference/power.R > tests/reference/power.csv
cat(sprintf("# script: power.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
for (n in c(3, 8, 30)) {
  for (power in c(0.8, 0.9)) {
    for (type in c("paired", "two.sample")) {
      case <- sprintf("%s_%d_%g", type, n, 100 * power)
      tight <- 1e-12
      find <- power.t.test(n = n, power = power, sd = 1, type = type, strict = TRUE, tol = tight)
      show(case, "detectable", find$delta)
      show(case, "power_at_half", power.t.test(n = n, delta = 0.5, sd = 1, type = type, strict = TRUE)$power)
      need <- power.t.test(delta = 0.5, power = power, sd = 1, type = type, strict = TRUE, tol = tight)
      show(case, "n_needed", ceiling(need$n))
    }
  }
}
# Fisher's z with variance (1 + rho^2/2)/(n - 3)
for (n in c(8, 30, 420)) {
  at <- function(rho) {
    se <- sqrt((1 + rho^2 / 2) / (n - 3))
    edge <- qnorm(0.975) / sqrt(n - 3)
    pnorm(edge, atanh(rho), se, lower.tail = FALSE) + pnorm(-edge, atanh(rho), se)
  }
  show(sprintf("spearman_%d", n), "power_at_half", at(0.5))
  show(sprintf("spearman_%d", n), "detectable",
       uniroot(function(rho) at(rho) - 0.8, c(1e-6, 1 - 1e-12), tol = 1e-13)$root)
}
