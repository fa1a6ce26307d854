# Reference values for reporter/statistics/common_slope.py, printed to 17 digits.
# Run: Rscript tests/reference/common_slope.R > tests/reference/common_slope.csv
# common_slope: the interval at heterogeneity 0 is exactly that of predict.lm
cat(sprintf("# script: common_slope.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
first <- c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03)
second <- c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)
cases <- list(
  published_500 = list(first, second, 100, 200, 500, 0.95),
  published_1000_90 = list(first, second, 100, 200, 1000, 0.90),
  uneven = list(c(1, 2, 4), c(1.5, 2.1, 5), 30, 100, 50, 0.95),
  two = list(c(1, 2), c(1.5, 3.25), 10, 20, 40, 0.95)
)
for (name in names(cases)) {
  case <- cases[[name]]
  models <- length(case[[1]])
  rows <- data.frame(y = c(case[[1]], case[[2]]), model = factor(rep(seq_len(models), 2)),
                     limit = rep(c(case[[3]], case[[4]]), each = models))
  fit <- lm(y ~ model + log2(limit), rows)
  at <- data.frame(model = factor(seq_len(models)), limit = case[[5]])
  predicted <- predict(fit, at, interval = "prediction", level = case[[6]])
  show(name, "sigma", sigma(fit))
  show(name, "df", fit$df.residual)
  for (i in seq_len(models)) {
    show(name, paste0("centre", i), predicted[i, "fit"])
    show(name, paste0("low", i), predicted[i, "lwr"])
    show(name, paste0("high", i), predicted[i, "upr"])
    own <- lm(y ~ log2(limit), rows[rows$model == i, ])
    show(name, paste0("own", i), predict(own, at[i, ]))
    line <- lm(y ~ limit, rows[rows$model == i, ])
    show(name, paste0("linear", i), predict(line, at[i, ]))
  }
}
