# Reference values for reporter/statistics/power_wilcoxon.py, power_ordering.py and power_peak_scan.py: R's own tests in
# simulated samples (20,000; scans: 4,000 with 4,000 more for their threshold), and the standard error of each share.
# Run: Rscript tests/reference/power_simulated.R > tests/reference/power_simulated.csv
cat(sprintf("# script: power_simulated.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
set.seed(20260104)
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
show_share <- function(case, field, found) {
  share <- mean(found)
  show(case, field, share)
  show(case, paste0(field, "_error"), sqrt(share * (1 - share) / length(found)))
}

for (n in c(6, 8, 20)) for (shift in c(0.5, 1, 1.5)) {
  p <- 2 * psignrank(0:(n * (n + 1) / 2), n)
  found <- replicate(20000, {
    x <- rnorm(n, shift)
    v <- sum(rank(abs(x))[x > 0])
    p[min(v, n * (n + 1) / 2 - v) + 1] <= 0.05
  })
  show_share(sprintf("wilcoxon_%d", n), sprintf("power_at_%g", shift), found)
}

# Kendall's S of values against their place, in all orders of n values: its upper tail is the one-sided p.
orders <- function(n) if (n == 1) matrix(1) else {
  less <- orders(n - 1)
  do.call(rbind, lapply(1:n, function(k) cbind(k, less + (less >= k))))
}
falls <- function(x) sum(outer(x, x, ">")[upper.tri(diag(length(x)))])
for (n in 4:6) {
  null <- apply(orders(n), 1, falls)
  least <- min(Filter(function(s) mean(null >= s) <= 0.05, 0:max(null)))
  for (step in c(0.5, 1)) {
    found <- replicate(20000, falls(rnorm(n) - step * (1:n)) >= least)
    show_share(sprintf("ordering_%d", n), sprintf("power_at_%g", step), found)
  }
}

# A scan of 2 axes by 3 layers, all independent; rank correlations by cor(method = "spearman").
for (n in c(10, 30)) {
  scan <- function() max(abs(cor(matrix(rnorm(2 * n), n), matrix(rnorm(3 * n), n), method = "spearman")))
  threshold <- sort(replicate(4000, scan()))[ceiling(0.95 * 4000) + 1]
  show(sprintf("scan_%d", n), "threshold", threshold)
  for (rho in c(0.5, 0.7)) {
    pearson <- 2 * sin(pi * rho / 6)
    found <- replicate(4000, {
      x <- rnorm(n)
      abs(cor(x, pearson * x + sqrt(1 - pearson^2) * rnorm(n), method = "spearman")) > threshold + 1e-12
    })
    show_share(sprintf("scan_%d", n), sprintf("power_at_%g", rho), found)
  }
}
