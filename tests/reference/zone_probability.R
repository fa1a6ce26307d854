# Reference values for reporter/statistics/zone_probability.py, printed to 17 digits.
# Run: Rscript tests/reference/zone_probability.R > tests/reference/zone_probability.csv
cat(sprintf("# script: zone_probability.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
cells <- list(
  llama = c(3, 2.86, 0.04), deepseek = c(3, 3.03, 0.09), gemini = c(3, 3.07, 0.13), high = c(9, 4.1, 0.6)
)
for (name in names(cells)) for (ddof in 0:1) {
  n <- cells[[name]][1]
  se <- cells[[name]][3] * (if (ddof == 0) sqrt(n / (n - 1)) else 1) / sqrt(n)
  below <- pt((c(3, 4) - cells[[name]][2]) / se, n - 1)
  case <- sprintf("%s_%d", name, ddof)
  show(case, "zone0", below[1])
  show(case, "zone1", below[2] - below[1])
  show(case, "zone2", 1 - below[2])
}
