# Reference values for layer_profile, dead_zones, sign_pattern and position_profile, printed to 17 digits.
# Run: Rscript tests/reference/profiles.R > tests/reference/profiles.csv
cat(sprintf("# script: profiles.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
through <- function(case, place, values, level = 0.95) {   # mean and t interval, each by t.test
  test <- t.test(values, conf.level = level)
  show(case, sprintf("mean_%d", place), test$estimate)
  show(case, sprintf("low_%d", place), test$conf.int[1])
  show(case, sprintf("high_%d", place), test$conf.int[2])
}
table <- as.matrix(attitude)                               # thirty departments, seven scores
for (row in seq_len(nrow(table))) for (column in seq_len(ncol(table)))
  show("attitude", sprintf("%d_%d", row - 1, column - 1), table[row, column])

# layer_profile: scores as layers
for (column in seq_len(ncol(table))) for (level in c(0.95, 0.8))
  through(sprintf("layers_%g", 100 * level), column - 1, table[, column], level)

# dead_zones: scores about the middle of their scale as projections
axes <- table / 50 - 1
for (column in seq_len(ncol(axes))) {
  show("axes", sprintf("mean_%d", column - 1), mean(axes[, column]))
  show("axes", sprintf("sd_%d", column - 1), sd(axes[, column]))
  show("axes", sprintf("iqr_%d", column - 1), IQR(axes[, column], type = 7))
}

# sign_pattern: three models of ten questions; the first score against the others
for (model in 1:3) for (axis in 2:7) {
  rows <- (10 * model - 9):(10 * model)
  show("signs", sprintf("%d_%d", model - 1, axis - 2),
       cor(table[rows, 1], table[rows, axis], method = "spearman"))
}

# the same within strata that differ from model to model, by what lm on stratum dummies leaves of ranks
strata <- list(rep(1:2, each = 5), rep(1:3, c(3, 3, 4)), rep(1:2, 5))
for (model in 1:3) {
  rows <- (10 * model - 9):(10 * model)
  left <- function(y) residuals(lm(rank(y) ~ factor(strata[[model]])))
  for (place in 1:10) show("strata", sprintf("%d_%d", model - 1, place - 1), strata[[model]][place])
  for (axis in 2:7)
    show("signs_within", sprintf("%d_%d", model - 1, axis - 2), cor(left(table[rows, 1]), left(table[rows, axis])))
}

# position_profile: levels of Lake Huron as tokens of five answers, in bins that begin at 0, 4, 8, 16, 32
tokens <- as.numeric(LakeHuron)
answers <- split(tokens, rep(1:4, c(33, 20, 7, 38)))
for (at in seq_along(tokens)) show("tokens", at - 1, tokens[at])
begin <- c(0, 4, 8, 16, 32)
end <- c(3, 7, 15, 31, 63)
for (bin in 1:4) {
  found <- lapply(answers, function(answer) answer[seq_along(answer) - 1 >= begin[bin] & seq_along(answer) - 1 <= end[bin]])
  found <- found[lengths(found) > 0]
  show("positions", sprintf("answers_%d", bin - 1), length(found))
  through("positions", bin - 1, sapply(found, mean))
}
# the answers of 33 and 38 fill the bins up to 31, that of 20 up to 15, that of 7 the first alone
changes <- c(mean(answers[[1]][17:32]) - mean(answers[[1]][1:4]),
             mean(answers[[2]][9:16]) - mean(answers[[2]][1:4]),
             mean(answers[[4]][17:32]) - mean(answers[[4]][1:4]))
through("change", 0, changes)
