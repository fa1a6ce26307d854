# Reference values for reporter/statistics/paired_permutation.py and two_sample_permutation.py, printed to 17 digits.
# Run: Rscript tests/reference/permutation.R > tests/reference/permutation.csv
cat(sprintf("# script: permutation.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
paired <- list(
  published = list(c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03),
                   c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)),
  sleep = list(sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2]),
  mixed = list(c(1, 2, 3, 4, 5), c(1.5, 1.25, 4, 3, 7.5))
)
for (name in names(paired)) {
  d <- paired[[name]][[2]] - paired[[name]][[1]]
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(d))))
  means <- as.vector(signs %*% d) / length(d)
  show(name, "paired_statistic", mean(d))
  show(name, "paired_p", mean(abs(means) >= abs(mean(d)) - 1e-9))
}
groups <- list(
  sleep = list(c(0.7, -1.6, -0.2, -1.2, -0.1, 3.4), c(1.9, 0.8, 1.1, 0.1, 4.4, 5.5, 1.6)),
  ties = list(c(1, 1, 2, 2), c(2, 3, 3, 4, 5)),
  small = list(c(2.71, 2.93, 3.02), c(3.10, 3.05, 3.32))
)
for (name in names(groups)) {
  first <- groups[[name]][[1]]
  pooled <- unlist(groups[[name]])
  sizes <- apply(combn(length(pooled), length(first)), 2, function(k)
    abs(t.test(pooled[-k], pooled[k])$statistic))
  observed <- t.test(groups[[name]][[2]], first)$statistic
  show(name, "two_sample_statistic", observed)
  show(name, "two_sample_p", mean(sizes >= abs(observed) - 1e-9))
  show(name, "two_sample_floor", mean(sizes >= max(sizes) - 1e-9))
}
