# Reference values for reporter/statistics/random_effects.py, printed to 17 digits.
# Run: Rscript tests/reference/random_effects.R > tests/reference/random_effects.csv
suppressMessages(library(metafor))
cat(sprintf("# script: random_effects.R; %s; metafor %s; %s\n", R.version.string,
            packageVersion("metafor"), Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cases <- list(bcg = list(as.numeric(bcg$yi), as.numeric(bcg$vi)),
              homogeneous = list(c(.10, .12, .08, .11), c(.04, .05, .03, .06)),
              two = list(c(-.6, .1), c(.03, .05)))
for (name in names(cases)) {
  y <- cases[[name]][[1]]; v <- cases[[name]][[2]]
  for (i in seq_along(y)) { show(name, paste0("y", i), y[i]); show(name, paste0("v", i), v[i]) }
  for (method in c("REML", "DL")) {
    # the default threshold of 1e-5 leaves tau2 with five digits; tau2.init does not matter then
    fit <- rma(y, v, method = method, test = "knha", control = list(threshold = 1e-15, maxiter = 10000))
    case <- paste(name, method, sep = "_")
    show(case, "estimate", fit$beta[1])
    show(case, "se", fit$se)
    show(case, "low", fit$ci.lb)
    show(case, "high", fit$ci.ub)
    show(case, "tau2", fit$tau2)
    show(case, "i2", fit$I2 / 100)
    show(case, "q", fit$QE)
  }
}
