# Reference values for the estimators of reporter/entropy/ that take counts, printed to 17 digits.
# Written from the papers in base R: G(n) by its recurrence, NSB by adaptive quadrature with exact products.
# Run: Rscript tests/reference/entropy_counts.R > tests/reference/entropy_counts.csv
cat(sprintf("# script: entropy_counts.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))

plug_in <- function(p) -sum(ifelse(p > 0, p * log(p), 0))

# Grassberger (2003): G_1 = -gamma - log 2, G_2 = 2 + G_1, G_{2m+1} = G_{2m}, G_{2m+2} = G_{2m} + 2/(2m+1)
G <- function(n) {
  first <- digamma(1) - log(2)
  if (n == 1) return(first)
  even <- n %/% 2
  first + sum(2 / (2 * seq_len(even) - 1))
}

chao_shen <- function(y) {
  n <- sum(y)
  once <- sum(y == 1)
  if (once == n) once <- n - 1
  p <- (1 - once / n) * y / n
  -sum(p * log(p) / (1 - (1 - p)^n))
}

james_stein <- function(y, K) {
  y <- c(y, rep(0, K - length(y)))
  n <- sum(y)
  p <- y / n
  spread <- sum((1 / K - p)^2)
  lambda <- if (spread == 0) 1 else min(1, sum(p * (1 - p)) / (n - 1) / spread)
  plug_in(lambda / K + (1 - lambda) * p)
}

nsb <- function(y, K) {
  N <- sum(y)
  rising <- function(x, n) sum(log(x + seq_len(n) - 1))
  log_weight <- function(u) sapply(u, function(u) {
    b <- exp(u)
    dxi <- if (b > 1e4) (1 - 1 / K) / (2 * b^2) - (1 - 1 / K^2) / (6 * b^3) else K * trigamma(K * b + 1) - trigamma(b + 1)
    sum(sapply(y, function(n) rising(b, n))) - rising(K * b, N) + log(dxi) + u
  })
  mean_entropy <- function(u) sapply(u, function(u) {
    b <- exp(u)
    a <- c(y + b, rep(b, K - length(y)))
    digamma(N + K * b + 1) - sum(a / (N + K * b) * digamma(a + 1))
  })
  top <- optimize(log_weight, c(-10, 15), maximum = TRUE)$maximum
  shift <- log_weight(top)
  pieces <- top + c(-35, -15, -6, -3, -1, 0, 1, 3, 6, 15, 35)
  area <- function(f) sum(sapply(seq_len(length(pieces) - 1), function(i)
    integrate(f, pieces[i], pieces[i + 1], rel.tol = 1e-12, abs.tol = 1e-14, subdivisions = 1000)$value))
  area(function(u) exp(log_weight(u) - shift) * mean_entropy(u)) / area(function(u) exp(log_weight(u) - shift))
}

cases <- list(
  tiny = c(4, 2, 2, 1), equal = c(3, 3, 3), one = 7, pair = c(1, 2),
  letters = c(128, 96, 82, 74, 70, 66, 61, 60, 41, 39, 28, 26, 24, 23, 20, 19, 19, 15, 10, 8, 2, 1, 1, 1),
  sparse = c(5, 3, 2, 1, 1, 1, 1, 1, 1), skewed = c(900, 40, 9, 1)
)
for (name in names(cases)) {
  y <- cases[[name]]
  n <- sum(y)
  show(name, "plug_in", plug_in(y / n))
  show(name, "miller_madow", plug_in(y / n) + (length(y) - 1) / (2 * n))
  show(name, "grassberger", log(n) - sum(y * sapply(y, G)) / n)
  show(name, "chao_shen", chao_shen(y))
  show(name, "james_stein", james_stein(y, length(y)))
  show(name, "james_stein_declared", james_stein(y, 3 * length(y)))
  show(name, "nsb_declared", nsb(y, 3 * length(y)))
  if (length(y) > 1) show(name, "nsb", nsb(y, length(y)))
}
