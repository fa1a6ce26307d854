# Reference values for reporter/statistics/slope_heterogeneity.py, printed to 17 digits.
# Run: Rscript tests/reference/slope_heterogeneity.R ../shared/data/nat-challenge > tests/reference/slope_heterogeneity.csv
cat(sprintf("# script: slope_heterogeneity.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
library(jsonlite)
folder <- commandArgs(trailingOnly = TRUE)[1]
read_limit <- function(limit) {
  files <- sort(list.files(file.path(folder, limit), full.names = TRUE))
  runs <- lapply(files, function(file) fromJSON(file))
  table <- sapply(runs, function(run) run$prompt_results$text_entropy)
  colnames(table) <- sapply(runs, function(run) run$model_name)
  rownames(table) <- runs[[1]]$prompt_results$prompt
  table
}
one <- read_limit(100)
two <- read_limit(200)
cases <- list(
  runs = t(two[rownames(one), colnames(one)] - one),
  made = rbind(c(0.1, 0.2, 0.15, 0.3), c(-0.1, 0.1, 0.05, 0), c(0.4, 0.35, 0.5, 0.7)),
  alike = rbind(c(0.1, 0.9, 0.2), c(0.8, 0.15, 0.3))
)
for (name in names(cases)) {
  table <- cases[[name]]
  rows <- data.frame(change = as.vector(table), model = factor(row(table)), prompt = factor(col(table)))
  effects <- summary(aov(change ~ model + prompt, rows))[[1]]
  show(name, "f", effects[1, "F value"])
  show(name, "p", effects[1, "Pr(>F)"])
  show(name, "df_model", effects[1, "Df"])
  show(name, "df_residual", effects[3, "Df"])
  show(name, "share", max(0, 1 - effects[3, "Mean Sq"] / effects[1, "Mean Sq"]))
}
