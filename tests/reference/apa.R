# Reference values for tests/audit/test_apa.py: p at both ends of the rounding interval of a statistic.
# Run: Rscript tests/reference/apa.R > tests/reference/apa.csv
cat(sprintf("# script: apa.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
two <- c("t", "r", "z")  # statistics whose p has two sides
p_of <- function(name, x, df) {
  x <- abs(x)
  if (name == "r") x <- x / sqrt((1 - x^2) / df)
  upper <- switch(name,
    t = , r = pt(x, df, lower.tail = FALSE),
    z = pnorm(x, lower.tail = FALSE),
    F = pf(x, df[1], df[2], lower.tail = FALSE),
    chi2 = , Q = pchisq(x, df[1], lower.tail = FALSE))
  if (name %in% two) 2 * upper else upper
}
cases <- list(
  t = list(list(28, c("1.20", "1.23", "2", "2.0", "2.2", "2.20", "5.20", "22.20", "2000.20")),
           list(28.1, "2.20"), list(553, "4.46")),
  F = list(list(c(2, 28), c("1.23", "2.20", "22.20")), list(c(2.1, 28.1), "2.20"), list(c(1, 76), "23.95")),
  r = list(list(28, c(".20", ".22", ".23", ".52"))),
  chi2 = list(list(28, c("1.23", "2.2", "2.20", "22.20", "52.20")), list(1, "16.78")),
  Q = list(list(28, c("2.20", "22.20")), list(2, "2.20")),
  z = list(list(numeric(0), c("1.20", "2.20")))
)
for (name in names(cases)) for (group in cases[[name]]) for (text in group[[2]]) {
  digits <- if (grepl(".", text, fixed = TRUE)) nchar(sub(".*\\.", "", text)) else 0
  value <- as.numeric(text)
  case <- sprintf("%s(%s)=%.*f", name, paste(group[[1]], collapse = ";"), digits, value)
  half <- 0.5 / 10^digits
  cat(sprintf("%s,low,%.17g\n", case, p_of(name, value + half, group[[1]])))
  cat(sprintf("%s,high,%.17g\n", case, p_of(name, value - half, group[[1]])))
}
