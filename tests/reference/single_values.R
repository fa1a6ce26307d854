# Reference values for describe_values, share and score_common_slope, printed as case,field,value.
emit <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
cat(sprintf("# script: single_values.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")

series <- list(two = c(2.5, 3.5), four = c(4, 1, 2.5, 3.1), six = c(2.98, 3.05, 3.11, 2.87, 3.40, 3.02))
for (name in names(series)) {
  x <- series[[name]]
  for (level in c(0.95, 0.9)) {
    case <- sprintf("describe_%s_%g", name, 100 * level)
    test <- t.test(x, conf.level = level)
    emit(case, "mean", mean(x)); emit(case, "median", median(x)); emit(case, "sd", sd(x))
    emit(case, "minimum", min(x)); emit(case, "maximum", max(x)); emit(case, "width", diff(range(x)))
    emit(case, "low", test$conf.int[1]); emit(case, "high", test$conf.int[2])
    quartiles <- quantile(x, c(0.25, 0.75), type = 7, names = FALSE)
    emit(case, "lower_quartile", quartiles[1]); emit(case, "upper_quartile", quartiles[2])
  }
}

for (counted in list(c(0, 12), c(3, 12), c(29, 60), c(60, 60))) for (level in c(0.95, 0.9)) {
  case <- sprintf("share_%d_of_%d_%g", counted[1], counted[2], 100 * level)
  test <- suppressWarnings(prop.test(counted[1], counted[2], conf.level = level, correct = FALSE))
  emit(case, "share", unname(test$estimate))
  emit(case, "low", test$conf.int[1]); emit(case, "high", test$conf.int[2])
}

# Five units at the limits 100 and 200, predicted for 500 by one slope, and what was found there.
first <- c(2.91, 3.02, 2.97, 3.10, 3.05)
second <- c(2.99, 3.04, 3.08, 3.12, 3.15)
later <- c(3.06, 3.21, 3.10, 3.42, 3.20)
rows <- data.frame(y = c(first, second), unit = factor(rep(1:5, 2)), x = rep(log2(c(100, 200)), each = 5))
new <- data.frame(unit = factor(1:5), x = log2(500))
found <- predict(lm(y ~ unit + x, rows), new, interval = "prediction")
inside <- later >= found[, "lwr"] & later <= found[, "upr"]
emit("score_five", "hits", sum(inside))
emit("score_five", "hit_share", mean(inside))
emit("score_five", "mean_error", mean(later - found[, "fit"]))
scale <- (found[, "upr"] - found[, "fit"]) / qt(0.975, 4)
crps <- mapply(function(middle, s, y) integrate(
  function(z) (pt((z - middle) / s, 4) - (z >= y))^2, -Inf, y, rel.tol = 1e-12)$value + integrate(
  function(z) (pt((z - middle) / s, 4) - (z >= y))^2, y, Inf, rel.tol = 1e-12)$value,
  found[, "fit"], scale, later)
emit("score_five", "crps", mean(crps))
emit("score_five", "hits_probability", pbinom(sum(inside), 5, 0.95))
errors <- t.test(later - found[, "fit"])$conf.int
emit("score_five", "low", errors[1]); emit("score_five", "high", errors[2])
# The envelope: centres and errors for every share lambda of true slope heterogeneity, on a fine grid.
d <- second - first; V <- var(d); reach <- log2(5) - 0.5
lambda <- seq(0, 1, length.out = 20001)
half <- qt(0.975, 4) * sqrt(V * (1 - lambda) * (0.75 + reach^2 * (lambda + (1 - lambda) / 5)))
within <- sapply(1:5, function(i) {
  centre <- (first[i] + second[i]) / 2 + reach * (mean(d) + lambda * (d[i] - mean(d)))
  later[i] >= min(centre - half) && later[i] <= max(centre + half)
})
emit("score_five", "envelope_hits", sum(within))
