# How many digits R itself gets right on NIST's sets, as log relative errors (15 where all agree).
# Run: Rscript tests/reference/nist.R FOLDER > tests/reference/nist.csv, with FOLDER = scipy/stats/tests/data
cat(sprintf("# script: nist.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
lre <- function(value, certified) {
  if (value == certified) return(15)
  min(15, max(0, -log10(abs(value - certified) / if (certified == 0) 1 else abs(certified))))
}
folder <- commandArgs(trailingOnly = TRUE)[1]
alternating <- function(first, low, high, n) c(first, rep(c(low, high), n / 2))
univariate <- list(
  NumAcc1 = list(c(10000001, 10000003, 10000002), 10000002, 1),
  NumAcc2 = list(alternating(1.2, 1.1, 1.3, 1000), 1.2, 0.1),
  NumAcc3 = list(alternating(1000000.2, 1000000.1, 1000000.3, 1000), 1000000.2, 0.1),
  NumAcc4 = list(alternating(10000000.2, 10000000.1, 10000000.3, 1000), 10000000.2, 0.1),
  Michelso = list(morley$Speed / 1000 + 299, 299.8524, 0.0790105478190518)
)
for (i in seq_len(nrow(morley))) show("data", sprintf("michelson_%d", i), morley$Speed[i])
for (name in names(univariate)) {
  set <- univariate[[name]]
  show(name, "mean", lre(mean(set[[1]]), set[[2]]))
  show(name, "sd", lre(sd(set[[1]]), set[[3]]))
}
norris <- read.table(file.path(folder, "nist_linregress", "Norris.dat"), skip = 60, col.names = c("y", "x"))
fit <- summary(lm(y ~ x, norris))
show("Norris", "intercept", lre(fit$coefficients[1, 1], -0.262323073774029))
show("Norris", "slope", lre(fit$coefficients[2, 1], 1.00211681802045))
show("Norris", "se", lre(fit$coefficients[2, 2], 0.429796848199937E-03))
show("Norris", "sigma", lre(fit$sigma, 0.884796396144373))
show("Norris", "r_squared", lre(fit$r.squared, 0.999993745883712))
for (path in list.files(file.path(folder, "nist_anova"), full.names = TRUE)) {
  name <- sub(".dat", "", basename(path))
  lines <- readLines(path)
  certified <- function(word) {  # the line says: Between Treatment df sum-of-squares mean-square
    line <- grep(paste0("^", word, " "), lines, value = TRUE)[1]
    as.numeric(strsplit(trimws(line), " +")[[1]][5])
  }
  data <- read.table(path, skip = 60, col.names = c("treatment", "response"))
  square <- suppressWarnings(anova(lm(response ~ factor(treatment), data)))[["Mean Sq"]]
  show(name, "between", lre(square[1], certified("Between")))
  show(name, "within", lre(square[2], certified("Within")))
}
