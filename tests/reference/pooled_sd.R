# Reference values for reporter/statistics/pooled_sd.py, printed to 17 digits.
# Run: Rscript tests/reference/pooled_sd.R > tests/reference/pooled_sd.csv
cat(sprintf("# script: pooled_sd.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
# raw values with exactly these sample sd are made, then pooled by a one-way linear model
cells <- list(even = list(c(3, 0.04), c(3, 0.02), c(3, 0.09)), uneven = list(c(2, 0.5), c(7, 1.25), c(30, 0.8)))
for (name in names(cells)) {
  rows <- do.call(rbind, lapply(seq_along(cells[[name]]), function(i) {
    cell <- cells[[name]][[i]]
    data.frame(cell = factor(i), y = i + as.numeric(scale(seq_len(cell[1])^1.5)) * cell[2])
  }))
  fit <- lm(y ~ cell, rows)
  show(name, "sd", sigma(fit))
  df <- fit$df.residual
  show(name, "low", sqrt(deviance(fit) / qchisq(0.975, df)))
  show(name, "high", sqrt(deviance(fit) / qchisq(0.025, df)))
}
