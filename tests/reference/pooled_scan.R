# Reference values for pooled_scan within strata of each model, by regression and enumeration, printed to 17 digits.
# Run: Rscript tests/reference/pooled_scan.R > tests/reference/pooled_scan.csv
cat(sprintf("# script: pooled_scan.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
questions <- 8
blocks <- rep(1:2, each = 4)
strata <- list(c(1, 1, 2, 2, 3, 3, 3, 4), c(1, 2, 1, 2, 2, 1, 2, 1), c(1, 1, 1, 2, 2, 2, 1, 1))
axes <- c("complaints", "privileges", "learning")
models <- lapply(1:3, function(model) attitude[questions * (model - 1) + 1:questions, c("rating", axes)])
models[[2]]$learning <- 10 * strata[[2]]                   # differs between strata only: no rho there
for (model in 1:3) for (place in 1:questions) {
  at <- sprintf("%d_%d", model - 1, place - 1)
  show("strata", at, strata[[model]][place])
  show("first", at, models[[model]]$rating[place])
  for (axis in 1:3) show(sprintf("axis_%d", axis - 1), at, models[[model]][[axes[axis]]][place])
}
for (place in 1:questions) show("blocks", place - 1, blocks[place])

# all orders within blocks: 4! x 4!
arrange <- function(v) if (length(v) < 2) list(v) else
  do.call(c, lapply(seq_along(v), function(i) lapply(arrange(v[-i]), function(rest) c(v[i], rest))))
orders <- list()
for (one in arrange(1:4)) for (two in arrange(5:8)) orders[[length(orders) + 1]] <- c(one, two)

# Freedman and Lane: regress ranks on strata, move what is left of the first series', regress it on strata again
left <- function(y, model) residuals(lm(y ~ factor(strata[[model]])))
ranks <- lapply(1:3, function(model) sapply(models[[model]], function(y) left(rank(y), model)))
varies <- sapply(1:3, function(model) apply(abs(ranks[[model]]) > 1e-9, 2, any)[axes])   # axes x models
z_of <- function(order) {
  rho <- sapply(1:3, function(model) {
    moved <- left(ranks[[model]][order, "rating"], model)
    length <- sqrt(sum(moved^2) * colSums(ranks[[model]][, axes]^2))
    ifelse(length > 1e-9, colSums(moved * ranks[[model]][, axes]) / length, 0)
  })
  z <- atanh(pmin(pmax(rho, 1e-12 - 1), 1 - 1e-12))
  rowSums(z * varies) / rowSums(varies)
}
z <- z_of(1:questions)
null <- abs(t(sapply(orders, z_of)))
for (axis in 1:3) {
  show("z", axis - 1, z[axis])
  show("k", axis - 1, sum(varies[axis, ]))
  show("p", axis - 1, mean(null[, axis] >= abs(z[axis]) - 1e-9))
  show("p_single_step", axis - 1, mean(apply(null, 1, max) >= abs(z[axis]) - 1e-9))
}
falling <- order(-abs(z))
down <- sapply(1:3, function(i) mean(apply(null[, falling[i:3], drop = FALSE], 1, max) >= abs(z[falling[i]]) - 1e-9))
for (i in 1:3) show("p_step_down", falling[i] - 1, cummax(down)[i])
# two resamples of the questions: those drawn are ranked among themselves, on the strata that they brought
drawn <- list(c(1, 1, 2, 3, 4, 6, 7, 7), c(2, 3, 3, 4, 5, 5, 6, 8))
for (way in 1:2) for (axis in 1:3) {
  rho <- sapply(1:3, function(model) {
    one <- models[[model]][drawn[[way]], ]
    held <- factor(strata[[model]][drawn[[way]]])
    x <- residuals(lm(rank(one$rating) ~ held))
    y <- residuals(lm(rank(one[[axes[axis]]]) ~ held))
    if (max(abs(x)) < 1e-9 || max(abs(y)) < 1e-9) NA else cor(x, y)
  })
  show(sprintf("resample_%d", way - 1), axis - 1, mean(atanh(rho), na.rm = TRUE))
}
