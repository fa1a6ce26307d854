# Reference values for reporter/statistics/cluster_mean.py, printed to 17 digits.
# Run: Rscript tests/reference/cluster_mean.R > tests/reference/cluster_mean.csv
cat(sprintf("# script: cluster_mean.R; %s; %s\n", R.version.string, Sys.Date()))
cat("case,field,value\n")
show <- function(case, field, value) cat(sprintf("%s,%s,%.17g\n", case, field, value))
# The studentised interval from all k^k ways to draw k whole clusters, listed one by one. The error of a mean
# is that of the intercept of lm with clusters: their summed residuals squared, times k/(k - 1).
cases <- list(
  equal = list(c(2.1, 2.4), c(1.9, 2.2), c(2.8, 2.5), c(3.1, 3.6), c(2.0, 2.05)),
  unequal = list(c(2.1, 2.4, 2.6), 1.9, c(2.8, 2.5), c(3.1, 3.6, 3.3, 2.9), 2.0, c(2.7, 1.4)),
  single = list(0.3, 1.7, 0.9, 4.2, 2.2),
  four = list(c(5.5, 4.5, 6), c(-1.25, 0.5), 2, c(8, 9.5))
)
error_of <- function(clusters) {
  values <- unlist(clusters)
  member <- rep(seq_along(clusters), lengths(clusters))
  k <- length(clusters)
  scores <- tapply(residuals(lm(values ~ 1)), member, sum)
  scores[abs(scores) < 1e-12] <- 0
  sqrt(k / (k - 1) * sum(scores^2)) / length(values)
}
for (name in names(cases)) {
  clusters <- cases[[name]]
  k <- length(clusters)
  draws <- as.matrix(expand.grid(rep(list(seq_len(k)), k)))
  # resamples that differ in order only have the same mean and error: each set of clusters is fitted once
  key <- apply(draws, 1, function(draw) paste(sort(draw), collapse = " "))
  sets <- lapply(strsplit(unique(key), " "), as.integer)
  means <- sapply(sets, function(draw) mean(unlist(clusters[draw])))
  errors <- sapply(sets, function(draw) error_of(clusters[draw]))
  observed <- mean(unlist(clusters))
  se <- error_of(clusters)
  t <- ifelse(abs(means - observed) < 1e-12, 0, (means - observed) / errors)
  every <- sort(t[match(key, unique(key))])
  all_means <- means[match(key, unique(key))]
  show(name, "value", observed)
  show(name, "error", se)
  show(name, "bias", mean(all_means) - observed)
  show(name, "se", sqrt(mean((all_means - mean(all_means))^2)))
  show(name, "resamples", length(sets))
  for (level in c(0.95, 0.90)) {
    ends <- every[ceiling(round(c((1 - level) / 2, (1 + level) / 2) * length(every), 6))]
    show(name, sprintf("low_%g", 100 * level), observed - se * ends[2])
    show(name, sprintf("high_%g", 100 * level), observed - se * ends[1])
  }
}
