# Reference values for reporter/statistics/spearman_bca.py: boot.ci on resamples that both sides can draw,
# from the generator s <- 16807 s mod (2^31 - 1) with s0 = 2026 (position: s mod n, counted from 0).
# Run: Rscript tests/reference/spearman_bca.R > tests/reference/spearman_bca.csv
library(boot)
cat(sprintf("# script: spearman_bca.R; %s; boot %s; %s\n", R.version.string,
            packageVersion("boot"), Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
rho <- function(data, i) cor(data[i, 1], data[i, 2], method = "spearman")
n <- nrow(mtcars)
resamples <- 999
s <- 2026
index <- matrix(0L, resamples, n)
for (b in seq_len(resamples)) for (i in seq_len(n)) {
  s <- (16807 * s) %% 2147483647
  index[b, i] <- as.integer(s %% n) + 1L
}
for (name in c("mpg_wt", "mpg_qsec", "cyl_qsec")) {
  data <- mtcars[, strsplit(name, "_")[[1]]]
  t0 <- rho(data, seq_len(n))
  # ten digits, so that resamples which tie with the estimate do tie
  t <- round(apply(index, 1, function(i) rho(data, i)), 10)
  t0 <- round(t0, 10)
  influence <- sapply(seq_len(n), function(i) (n - 1) * (t0 - rho(data, -i)))
  influence <- influence - mean(influence)
  # boot.ci counts resamples below the estimate only; half of the ties belong to them
  z0 <- qnorm((sum(t < t0) + sum(t == t0) / 2) / resamples)
  a <- sum(influence^3) / (6 * sum(influence^2)^1.5)
  z <- z0 + qnorm(c(.025, .975))
  alpha <- pnorm(z0 + z / (1 - a * z))
  ends <- boot:::norm.inter(t, alpha)[, 2]
  show(name, "t0", t0)
  show(name, "mean", mean(t))
  show(name, "acceleration", a)
  show(name, "low", ends[1])
  show(name, "high", ends[2])
  # the definition above is boot.ci's own where nothing ties
  if (!any(t == t0)) {
    fake <- list(t0 = t0, t = matrix(t), R = resamples, data = data, statistic = rho, sim = "ordinary",
                 strata = rep(1, n), weights = rep(1 / n, n), stype = "i", call = quote(boot()))
    class(fake) <- "boot"
    ci <- boot.ci(fake, type = "bca", L = influence)$bca
    stopifnot(all.equal(c(ci[4:5]), ends, tolerance = 1e-12))
    show(name, "same_as_boot_ci", 1)
  }
}
