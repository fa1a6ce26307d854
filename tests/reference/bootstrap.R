# Reference values for reporter/statistics/bootstrap.py (boot.ci on resamples that both sides draw alike), printed to 17 digits.
# Run: Rscript tests/reference/bootstrap.R > tests/reference/bootstrap.csv
cat(sprintf("# script: bootstrap.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
library(boot)
x <- c(2.31, 0.42, 1.17, 5.93, 0.88, 3.05, 1.46, 0.27, 2.64, 9.12)
n <- length(x)
R <- 1999
# a linear congruential generator, exact in doubles, that the Python test repeats
state <- 1
draw <- function(i) {
  state <<- (69069 * state + 1) %% 2^32
  floor(state / 2^32 * n) + 1
}
index <- matrix(sapply(seq_len(R * n), draw), R, n, byrow = TRUE)
statistics <- list(
  mean = function(x) mean(x),
  log_sd = function(x) log(sd(x)),
  ratio = function(x) mean(x) / (1 + sd(x))
)
jackknife <- function(f, x) sapply(seq_along(x), function(i) f(x[-i]))
variance <- function(f, x) {
  left <- jackknife(f, x)
  (length(x) - 1) / length(x) * sum((left - mean(left))^2)
}
for (name in names(statistics)) {
  f <- statistics[[name]]
  t <- apply(index, 1, function(i) f(x[i]))
  v <- apply(index, 1, function(i) variance(f, x[i]))
  left <- jackknife(f, x)
  out <- list(t0 = c(f(x), variance(f, x)), t = cbind(t, v), R = R, data = x, sim = "ordinary", stype = "i",
              strata = rep(1, n), weights = rep(1 / n, n), call = quote(boot()))
  class(out) <- "boot"
  for (level in c(0.95, 0.90)) {
    case <- sprintf("%s_%g", name, 100 * level)
    found <- boot.ci(out, conf = level, type = c("perc", "bca", "stud"),
                     L = (n - 1) * (mean(left) - left))
    show(case, "percentile_low", found$percent[4])
    show(case, "percentile_high", found$percent[5])
    show(case, "bca_low", found$bca[4])
    show(case, "bca_high", found$bca[5])
    show(case, "studentised_low", found$student[4])
    show(case, "studentised_high", found$student[5])
  }
}
