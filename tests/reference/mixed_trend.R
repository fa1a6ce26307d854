# Reference values for reporter/statistics/mixed_trend.py (and the data of lme4's sleepstudy), printed to 17 digits.
# Run: Rscript tests/reference/mixed_trend.R > tests/reference/mixed_trend.csv
cat(sprintf("# script: mixed_trend.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
suppressPackageStartupMessages(library(lmerTest))
tokens <- expand.grid(limit = c(50, 100, 200, 500, 1000), model = 1:6)
tokens$value <- 2.1 + 0.12 * log2(tokens$limit) + 0.08 * sin(3 * tokens$model) +
  0.03 * cos(5 * tokens$model) * log2(tokens$limit) + 0.02 * sin(17 * tokens$model + tokens$limit)
cases <- list(
  tokens = list(x = log2(tokens$limit), y = tokens$value, model = tokens$model),
  sleepstudy = list(x = sleepstudy$Days, y = sleepstudy$Reaction, model = as.integer(sleepstudy$Subject))
)
for (i in seq_len(nrow(sleepstudy))) show("data", sprintf("reaction_%d", i), sleepstudy$Reaction[i])
for (name in names(cases)) {
  fit <- lmer(y ~ x + (x | model), cases[[name]],
              control = lmerControl(optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12)))
  slope <- summary(fit)$coefficients["x", ]
  show(name, "intercept", fixef(fit)[1])
  show(name, "slope", slope["Estimate"])
  show(name, "se", slope["Std. Error"])
  show(name, "df", slope["df"])
  show(name, "t", slope["t value"])
  show(name, "p", slope["Pr(>|t|)"])
  random <- VarCorr(fit)$model
  show(name, "sd_intercept", attr(random, "stddev")[1])
  show(name, "sd_slope", attr(random, "stddev")[2])
  show(name, "correlation", attr(random, "correlation")[1, 2])
  show(name, "sigma", sigma(fit))
}
