# Reference values for reporter/statistics/trend.py, saturating_trend.py and trend_comparison.py, printed to 17 digits.
# Run: Rscript tests/reference/trend.R > tests/reference/trend.csv
cat(sprintf("# script: trend.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
x <- c(50, 50, 100, 100, 200, 200, 500, 500, 1000, 1000)
y <- c(2.61, 2.58, 2.83, 2.79, 2.97, 3.02, 3.06, 3.09, 3.08, 3.12)
aicc <- function(fit) {
  k <- attr(logLik(fit), "df")
  AIC(fit) + 2 * k * (k + 1) / (length(y) - k - 1)
}
left_out <- function(fit, data) sqrt(mean(unlist(lapply(unique(data$x), function(limit) {
  out <- data$x == limit
  data$y[out] - predict(fit(data[!out, ]), data[out, ])
}))^2))
data <- data.frame(x = x, y = y)
for (scale in c("linear", "log2")) {
  formula <- if (scale == "linear") y ~ x else y ~ log2(x)
  fit <- lm(formula, data)
  coefficients <- summary(fit)$coefficients
  show(scale, "intercept", coefficients[1, 1])
  show(scale, "slope", coefficients[2, 1])
  show(scale, "se", coefficients[2, 2])
  show(scale, "t", coefficients[2, 3])
  show(scale, "p", coefficients[2, 4])
  show(scale, "low", confint(fit)[2, 1])
  show(scale, "high", confint(fit)[2, 2])
  show(scale, "sigma", summary(fit)$sigma)
  show(scale, "r_squared", summary(fit)$r.squared)
  for (at in c(300, 4000)) {
    predicted <- predict(fit, data.frame(x = at), interval = "prediction")
    show(scale, sprintf("predicted_%d", at), predicted[1])
    show(scale, sprintf("predicted_low_%d", at), predicted[2])
    show(scale, sprintf("predicted_high_%d", at), predicted[3])
  }
  show(scale, "aicc", aicc(fit))
  show(scale, "left_out_error", left_out(function(part) lm(formula, part), data))
}
saturating <- function(part) {
  control <- nls.control(tol = 1e-9, maxiter = 500, minFactor = 1e-9, scaleOffset = 1)
  start <- coef(nls(y ~ cbind(1, -exp(-x / exp(log_pace))), part, algorithm = "plinear",
                    start = list(log_pace = 4.3), control = control))
  nls(y ~ top - drop * exp(-x / pace), part, control = control,
      start = list(top = start[[2]], drop = start[[3]], pace = exp(start[[1]])))
}
fit <- saturating(data)
coefficients <- summary(fit)$coefficients
for (name in c("top", "drop", "pace")) {
  show("saturating", name, coefficients[name, 1])
  show("saturating", paste0(name, "_se"), coefficients[name, 2])
}
sigma <- summary(fit)$sigma
show("saturating", "sigma", sigma)
for (at in c(300, 4000)) {
  b <- coef(fit)
  slope <- c(1, -exp(-at / b["pace"]), -b["drop"] * exp(-at / b["pace"]) * at / b["pace"]^2)
  centre <- b["top"] - b["drop"] * exp(-at / b["pace"])
  half <- qt(0.975, 7) * sqrt(sigma^2 + as.vector(slope %*% vcov(fit)[names(b), names(b)] %*% slope))
  show("saturating", sprintf("predicted_%d", at), centre)
  show("saturating", sprintf("predicted_low_%d", at), centre - half)
  show("saturating", sprintf("predicted_high_%d", at), centre + half)
}
show("saturating", "aicc", aicc(fit))
show("saturating", "left_out_error", left_out(saturating, data))
