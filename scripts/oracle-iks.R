#!/usr/bin/Rscript
# The p-values of R's exact test, ties included, for each window of m of a
# stream of numbers: against its first n, and against the n before the window.
# R subtracts from 1, so that only those above 1e-3 are good to 1e-12.
#
#	awk 'BEGIN { for (s = 1; i++ < 180;) { s = s * 16807 % 2147483647
#	    print int(8 * s / 2147483647) + (i > 100) } }' |
#	    scripts/oracle-iks.R 60 25 >tests/vectors/iks_ties.tsv
size <- as.numeric(commandArgs(TRUE))
n <- size[1]
m <- size[2]
input <- file("stdin")
x <- as.numeric(readLines(input))
close(input)
cat("# ", R.version.string, ": x, p fixed, p sliding\n", sep = "")
for (i in seq_along(x)) {
	p <- c("-", "-")
	if (i >= n + m) {
		window <- x[(i - m + 1):i]
		refs <- list(x[1:n], x[(i - m - n + 1):(i - m)])
		p <- sapply(refs, function(ref) sprintf("%.17g",
		    ks.test(ref, window, exact = TRUE)$p.value))
	}
	cat(x[i], p, sep = "\t")
	cat("\n")
}
