# Reference values for reporter/statistics/power_sign_test.py, power_equivalence.py and power_welch_summary.py, printed
# to 17 digits: binomial sums, and numerical integrals over the sample standard deviations themselves.
# Run: Rscript tests/reference/power_exact.R > tests/reference/power_exact.csv
cat(sprintf("# script: power_exact.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
tight <- function(f, low, high) integrate(f, low, high, rel.tol = 1e-11, abs.tol = 0, subdivisions = 5000L)$value

# Sign test: the counts of rises whose two-sided p is at most .05, by R's own binomial test.
sign_power <- function(n, share) {
  p <- sapply(0:n, function(k) binom.test(k, n)$p.value)
  sum(dbinom((0:n)[p <= 0.05 + 1e-12], n, share))
}
for (n in c(6, 8, 30, 42)) {
  case <- sprintf("sign_%d", n)
  show(case, "power_at_0.8", sign_power(n, 0.8))
  show(case, "detectable", uniroot(function(s) sign_power(n, s) - 0.8, c(0.5, 1), tol = 1e-14)$root)
}
for (share in c(0.7, 0.8, 0.9)) {
  every <- sapply(1:200, sign_power, share = share)
  show(sprintf("sign_needed_%g", share), "n_needed", max(which(every < 0.8)) + 1)
}

# Equivalence: over the sample variance, whose df-fold is a chi-square (sd 1, true change 0).
tost_power <- function(n, bound) {
  df <- n - 1
  critical <- qt(0.95, df)
  inside <- function(q) {
    edge <- pmax(sqrt(n) * bound - critical * sqrt(q / df), 0)
    (2 * pnorm(edge) - 1) * dchisq(q, df)
  }
  most <- min(df * n * (bound / critical)^2, qchisq(1e-18, df, lower.tail = FALSE))
  cuts <- c(0, most * 10^(-6:-1), most)  # dchisq is steep at 0
  sum(mapply(function(low, high) tight(inside, low, high), head(cuts, -1), tail(cuts, -1)))
}
for (n in c(3, 8, 30)) {
  case <- sprintf("tost_%d", n)
  for (bound in c(0.5, 1)) show(case, sprintf("power_at_%g", bound), tost_power(n, bound))
  show(case, "detectable", uniroot(function(b) tost_power(n, b) - 0.8, c(0.1, 9), tol = 1e-12)$root)
}
show("tost_needed", "n_needed", min(which(sapply(3:60, tost_power, bound = 0.5) >= 0.8)) + 2)

# Welch: over both sample variances, one inside the other; the mean difference is normal given them.
welch_power <- function(n1, n2, sd1, sd2, effect) {
  v1 <- sd1^2 / n1; v2 <- sd2^2 / n2; se <- sqrt(v1 + v2)
  beyond <- function(q1, q2) {
    s1 <- v1 * q1 / (n1 - 1); s2 <- v2 * q2 / (n2 - 1)
    df <- (s1 + s2)^2 / (s1^2 / (n1 - 1) + s2^2 / (n2 - 1))
    edge <- qt(0.975, df) * sqrt(s1 + s2)
    pnorm((edge - effect) / se, lower.tail = FALSE) + pnorm((-edge - effect) / se)
  }
  # by probability, so that both integrals run over the unit square
  over <- function(u1) sapply(u1, function(u)
    integrate(function(w) beyond(qchisq(u, n1 - 1), qchisq(w, n2 - 1)), 0, 1, rel.tol = 1e-10)$value)
  integrate(over, 0, 1, rel.tol = 1e-9)$value
}
for (one in list(c(3, 3, 1, 1), c(3, 3, 1, 2), c(3, 5, 1, 3), c(8, 8, 1, 0.5))) {
  case <- sprintf("welch_%d_%d_%g_%g", one[1], one[2], one[3], one[4])
  for (effect in c(1, 3)) show(case, sprintf("power_at_%g", effect), welch_power(one[1], one[2], one[3], one[4], effect))
}
