# Reference values for the single rank correlations: spearman, stratified_spearman, partial_spearman.
# Run: Rscript tests/reference/spearman.R > tests/reference/spearman.csv
cat(sprintf("# script: spearman.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
bonett_wright <- function(case, r, n, level = 0.95) {
  half <- qnorm((1 + level) / 2) * sqrt((1 + r^2 / 2) / (n - 3))
  show(case, "low", tanh(atanh(r) - half))
  show(case, "high", tanh(atanh(r) + half))
}
entropy <- c(.173, .209, .247, .271, .289, .319)   # published: six models
dimension <- c(1.28, 2.41, 2.78, 1.85, 3.66, 1.91)
# without ties and with n <= 9, cor.test(exact = TRUE) enumerates
exact <- list(published = list(entropy, dimension),
              nine = list(c(44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1),
                          c(2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8)),
              three = list(c(1, 2, 3), c(1.5, 4, 2)))
for (name in names(exact)) {
  test <- cor.test(exact[[name]][[1]], exact[[name]][[2]], method = "spearman", exact = TRUE)
  show(name, "r", test$estimate)
  show(name, "p", test$p.value)
  if (length(exact[[name]][[1]]) > 3) bonett_wright(name, test$estimate, length(exact[[name]][[1]]))
}
tied <- list(limits = list(c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03),
                           c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17)),
             cars = list(mtcars$mpg, mtcars$wt))
for (name in names(tied)) {
  r <- cor(tied[[name]][[1]], tied[[name]][[2]], method = "spearman")
  show(name, "r", r)
  bonett_wright(name, r, length(tied[[name]][[1]]))
}
left <- function(y, x) residuals(lm(rank(y) ~ x))
partial <- function(case, x, k) {
  r <- cor(left(mtcars$mpg, x), left(mtcars$qsec, x))
  show(case, "r", r)
  bonett_wright(case, r, nrow(mtcars) - k)
}
partial("one_covariate", rank(mtcars$wt), 1)
partial("two_covariates", cbind(rank(mtcars$wt), rank(mtcars$disp)), 2)
partial("strata", factor(mtcars$cyl), 2)
# by carburettors, with mpg clipped at 17: one stratum is all at the clip and two have one car
clipped <- pmin(mtcars$mpg, 17)
varies <- function(x) ave(x, mtcars$carb, FUN = function(one) length(unique(one))) > 1
both <- varies(clipped) & varies(mtcars$qsec)
r <- cor(left(clipped, factor(mtcars$carb)), left(mtcars$qsec, factor(mtcars$carb)))
show("uninformative", "r", r)
show("uninformative", "n", sum(both))
bonett_wright("uninformative", r, sum(both) - (length(unique(mtcars$carb[both])) - 1))
for (column in c("mpg", "wt", "qsec", "disp", "cyl", "carb"))
  for (row in seq_len(nrow(mtcars))) show(column, row, mtcars[row, column])
