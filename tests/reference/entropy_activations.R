# Reference values for histogram, spacing and von_neumann of reporter/entropy/, printed to 17 digits.
# Run: Rscript tests/reference/entropy_activations.R > tests/reference/entropy_activations.csv
cat(sprintf("# script: entropy_activations.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))

# whole numbers divided by 1024, so that both languages start from the same doubles
wave <- function(n, a, b) ((a * seq_len(n)^2 + b * seq_len(n)) %% 2039) / 1024
cases <- list(
  flat = wave(500, 7, 3),
  tailed = wave(800, 5, 11)^3,
  outliers = c(wave(600, 3, 1), 40, -35)
)
entropy <- function(x, bins) {
  breaks <- seq(min(x), max(x), length.out = bins + 1)
  p <- hist(x, breaks = breaks, right = FALSE, include.lowest = TRUE, plot = FALSE)$counts / length(x)
  -sum(ifelse(p > 0, p * log(p), 0))
}
vasicek <- function(x, m) {
  x <- sort(x); n <- length(x)
  mean(sapply(seq_len(n), function(i) log(n / (2 * m) * (x[min(i + m, n)] - x[max(i - m, 1)]))))
}
van_es <- function(x, m) {
  x <- sort(x); n <- length(x)
  spacings <- sapply(seq_len(n - m), function(i) log((n + 1) / m * (x[i + m] - x[i])))
  mean(spacings) + sum(1 / (m:n)) + log(m) - log(n + 1)
}
for (name in names(cases)) {
  x <- cases[[name]]
  n <- length(x)
  asked <- ceiling(diff(range(x)) / (2 * IQR(x) * n^(-1/3)))
  bins <- min(max(asked, 50), 200)
  m <- floor(sqrt(n) + 0.5)
  show(name, "bins_asked", asked)
  show(name, "bins", bins)
  show(name, "histogram", entropy(x, bins))
  show(name, "vasicek", vasicek(x, m))
  show(name, "van_es", van_es(x, m))
  show(name, "excess_kurtosis", mean((x - mean(x))^4) / mean((x - mean(x))^2)^2 - 3)
}
for (shape in list(c(30, 7), c(6, 40))) {
  states <- matrix(wave(prod(shape), 13, 29), nrow = shape[1], byrow = TRUE)
  share <- prcomp(states)$sdev^2
  share <- share[share > 1e-20]
  share <- share / sum(share)
  case <- sprintf("states_%d_%d", shape[1], shape[2])
  show(case, "von_neumann", -sum(share * log(share)))
  show(case, "effective_rank", exp(-sum(share * log(share))))
  show(case, "largest_share", max(share))
  show(case, "rank", length(share))
}
