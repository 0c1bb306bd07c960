#!/usr/bin/Rscript
# Adds R's p-values to the table of oracle-ks.py, which says how: psmirnov, the
# distribution behind ks.test. It subtracts from 1, so that it stands there
# down to 1e-2 only.
input <- file("stdin")
lines <- readLines(input)
close(input)
cat(lines[1], ", ", R.version.string, "\n", sep = "")
cat(lines[2], "R\n", sep = "\t")
for (line in lines[-(1:2)]) {
	f <- strsplit(line, "\t")[[1]]
	n <- as.numeric(f[1])
	m <- as.numeric(f[2])
	z <- NULL
	if (f[4] != "-") {
		blocks <- as.numeric(strsplit(f[4], ",")[[1]])
		z <- rep(seq_along(blocks), blocks)
	}
	p <- "-"
	if (as.numeric(f[5]) >= 1e-2)
		p <- sprintf("%.17g", psmirnov(as.numeric(f[3]) / (n * m),
		    sizes = c(n, m), z = z, lower.tail = FALSE))
	cat(line, "\t", p, "\n", sep = "")
}
