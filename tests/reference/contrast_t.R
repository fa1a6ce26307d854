# Reference values for reporter/statistics/contrast_t.py, printed to 17 digits.
# Run: Rscript tests/reference/contrast_t.R > tests/reference/contrast_t.csv
cat(sprintf("# script: contrast_t.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
# four series each: first model at the negative and at the positive pole, then the second model
cases <- list(
  five = list(c(2.10, 1.95, 2.40, 2.22, 2.05), c(2.31, 1.90, 2.66, 2.35, 2.41),
              c(1.70, 1.62, 1.95, 1.88, 1.59), c(1.66, 1.75, 1.90, 2.02, 1.61)),
  two = list(c(1, 2), c(1.5, 3.25), c(0, 1), c(2, 1.125)),
  women = list(women$height[1:8], women$weight[1:8], women$height[8:15], women$weight[8:15])
)
for (name in names(cases)) {
  cell <- cases[[name]]
  n <- length(cell[[1]])
  for (level in c(0.95, 0.90)) {
    test <- t.test(cell[[4]] - cell[[3]], cell[[2]] - cell[[1]], paired = TRUE, conf.level = level)
    case <- sprintf("%s_%g", name, 100 * level)
    show(case, "estimate", test$estimate)
    show(case, "t", test$statistic)
    show(case, "df", test$parameter)
    show(case, "p", test$p.value)
    show(case, "low", test$conf.int[1])
    show(case, "high", test$conf.int[2])
    show(case, "se", test$stderr)
  }
  # the same question as an analysis of variance: the interaction, with questions as blocks
  rows <- data.frame(y = unlist(cell), question = factor(rep(1:n, 4)), model = factor(rep(1:2, each = 2 * n)),
                     pole = factor(rep(c(1:2, 1:2), each = n)))
  fit <- summary(aov(y ~ model * pole + Error(question / (model * pole)), rows))
  line <- fit[["Error: question:model:pole"]][[1]]
  show(name, "interaction_F", line["model:pole", "F value"])
  show(name, "interaction_p", line["model:pole", "Pr(>F)"])
}
