# Reference values for reporter/statistics/equivalence.py, printed to 17 digits.
# Run: Rscript tests/reference/equivalence.R > tests/reference/equivalence.csv
cat(sprintf("# script: equivalence.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
cases <- list(
  published = list(c(2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03),
                   c(2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17), 0.10),
  sleep = list(sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2], 2),
  down = list(c(1, 2, 3.5, 4), c(0.5, 1.75, 2, 4.25), 0.3)
)
for (name in names(cases)) for (level in c(0.95, 0.99)) {
  case <- cases[[name]]
  below <- t.test(case[[2]], case[[1]], paired = TRUE, mu = case[[3]], alternative = "less")
  above <- t.test(case[[2]], case[[1]], paired = TRUE, mu = -case[[3]], alternative = "greater")
  interval <- t.test(case[[2]], case[[1]], paired = TRUE, conf.level = 2 * level - 1)$conf.int
  label <- sprintf("%s_%g", name, 100 * level)
  show(label, "p", max(below$p.value, above$p.value))
  show(label, "low", interval[1])
  show(label, "high", interval[2])
  show(label, "smallest_bound", max(abs(interval)))
}
