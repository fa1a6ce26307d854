# Reference values for reporter/statistics/variance_components.py and quasi_f.py, printed to 17 digits.
# Run: Rscript tests/reference/variance_components.R > tests/reference/variance_components.csv
cat(sprintf("# script: variance_components.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
suppressPackageStartupMessages(library(lme4))
table <- expand.grid(model = 1:8, prompt = 1:3)
waves <- function(m, p) 3 + 0.20 * sin(5 * m) + 0.11 * cos(7 * p) + 0.05 * sin(13 * m + 29 * p)
cases <- list(
  balanced = transform(table, value = waves(model, prompt)),
  # the prompts' means differ less than the residual makes them differ: their component is 0
  boundary = transform(table, value = 3 + 0.2 * sin(5 * model) + 0.1 * sin(13 * model + 29 * prompt) -
    0.09 * ave(sin(13 * model + 29 * prompt), prompt)),
  unbalanced = transform(table, value = waves(model, prompt))[-c(2, 9, 11, 20), ],
  penicillin = data.frame(value = Penicillin$diameter, model = as.integer(Penicillin$plate),
                          prompt = as.integer(Penicillin$sample))
)
for (i in seq_len(nrow(Penicillin))) show("data", sprintf("diameter_%d", i), Penicillin$diameter[i])
for (name in names(cases)) {
  fit <- suppressMessages(lmer(value ~ 1 + (1 | model) + (1 | prompt), cases[[name]],
    control = lmerControl(optimizer = "Nelder_Mead", optCtrl = list(FtolAbs = 1e-12, XtolRel = 1e-12))))
  show(name, "mean", fixef(fit))
  show(name, "model", attr(VarCorr(fit)$model, "stddev"))
  show(name, "prompt", attr(VarCorr(fit)$prompt, "stddev"))
  show(name, "residual", sigma(fit))
}
# two conditions as a fixed effect; the mean is that over conditions, not over rows
two <- rbind(transform(cases$balanced, condition = 1), transform(cases$unbalanced, condition = 2))
two$value <- two$value + ifelse(two$condition == 2, 0.3 + 0.04 * sin(3 * two$model + 11 * two$prompt), 0)
two$condition <- factor(two$condition)
fit <- lmer(value ~ condition + (1 | model) + (1 | prompt), two, contrasts = list(condition = contr.sum),
  control = lmerControl(optimizer = "Nelder_Mead", optCtrl = list(FtolAbs = 1e-12, XtolRel = 1e-12)))
show("condition", "mean", fixef(fit)[1])
show("condition", "model", attr(VarCorr(fit)$model, "stddev"))
show("condition", "prompt", attr(VarCorr(fit)$prompt, "stddev"))
show("condition", "residual", sigma(fit))
# profile of the restricted likelihood, which in a complete table is that of three mean squares
for (name in c("balanced", "boundary", "penicillin")) {
  data <- transform(cases[[name]], model = factor(model), prompt = factor(prompt))
  M <- nlevels(data$model)
  P <- nlevels(data$prompt)
  ms <- anova(lm(value ~ model + prompt, data))
  square <- ms[["Mean Sq"]]
  df <- ms[["Df"]]
  deviance <- function(sd) {
    expected <- sd[3]^2 + c(P * sd[1]^2, M * sd[2]^2, 0)
    sum(df * (log(expected) + square / expected))
  }
  best <- function(which, at) {
    free <- setdiff(1:3, which)
    f <- function(log_sd) {
      sd <- numeric(3)
      sd[which] <- at
      sd[free] <- exp(log_sd)
      deviance(sd)
    }
    runs <- lapply(c(-1, -4, -9), function(start)
      optim(c(start, -1) + log(sd(data$value)), f, control = list(reltol = 1e-14, maxit = 5000)))
    min(sapply(runs, function(run) run$value))
  }
  fit_sd <- sqrt(pmax(0, c((square[1] - square[3]) / P, (square[2] - square[3]) / M, square[3])))
  if (fit_sd[2] == 0) {  # then the prompts' mean square is residual too
    fit_sd[3] <- sqrt(sum((df * square)[2:3]) / sum(df[2:3]))
    fit_sd[1] <- sqrt((square[1] - fit_sd[3]^2) / P)
  }
  least <- deviance(fit_sd)
  words <- c("model", "prompt", "residual")
  for (which in 1:3) {
    rise <- function(at) best(which, at) - least - qchisq(0.95, 1)
    floor <- if (which == 3) 1e-3 * fit_sd[3] else 0
    low <- if (rise(floor) <= 0) 0 else uniroot(rise, c(floor, fit_sd[which]), tol = 1e-9)$root
    high <- uniroot(rise, c(max(fit_sd[which], 1e-3 * fit_sd[3]), 30 * sum(fit_sd)), tol = 1e-9)$root
    show(name, paste0(words[which], "_low"), low)
    show(name, paste0(words[which], "_high"), high)
  }
}
# mean squares of aov, from which the quasi-F can be computed by hand
for (name in c("balanced", "boundary", "residual")) {
  data <- if (name == "residual") transform(table, value = 0.05 + 0.1 * sin(13 * model + 29 * prompt)) else
    transform(cases[[name]], value = value - 2.9)
  data <- transform(data, model = factor(model), prompt = factor(prompt))
  square <- summary(aov(value ~ model + prompt, data))[[1]][["Mean Sq"]]
  df <- summary(aov(value ~ model + prompt, data))[[1]][["Df"]]
  case <- paste0("quasi_f_", name)
  show(case, "models", square[1])
  show(case, "prompts", square[2])
  show(case, "residual", square[3])
  error <- max(square[1], square[2])
  error_df <- df[which.max(square[1:2])]
  combined <- square[1] + square[2] - square[3]
  if (combined > error) {
    error <- combined
    error_df <- combined^2 / sum(square^2 / df)
  }
  f <- nrow(data) * mean(data$value)^2 / error
  show(case, "estimate", mean(data$value))
  show(case, "f", f)
  show(case, "df", error_df)
  show(case, "p", pf(f, 1, error_df, lower.tail = FALSE))
  show(case, "low", mean(data$value) - qt(0.975, error_df) * sqrt(error / nrow(data)))
  show(case, "high", mean(data$value) + qt(0.975, error_df) * sqrt(error / nrow(data)))
}
