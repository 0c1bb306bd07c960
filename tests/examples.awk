# Takes the examples out of a manual page.
#
#	awk -v dir=DIR -f tests/examples.awk PAGE
#
# Each .Bd -literal block of the section EXAMPLES goes to DIR: a block with
# lines that begin with "$ " as pairs of files NUMBER.cmd, what stands behind
# the "$ ", and NUMBER.want, the lines that follow it; any other block as
# NUMBER.text. A command goes on in the next line while it ends in \ or |.
# The names are printed, in order.

function close_pair() {
	if (cmd == "")
		return
	printf "%s", cmd >(name ".cmd")
	printf "%s", want >(name ".want")
	close(name ".cmd")
	close(name ".want")
	print name ".cmd"
	cmd = want = ""
}

/^\.Sh / { inside = $2 == "EXAMPLES" }
inside && /^\.Bd -literal/ { block = 1; text = ""; pairs = 0; next }
block && /^\.Ed/ {
	close_pair()
	if (!pairs) {
		name = sprintf("%s/%02d.text", dir, ++number)
		printf "%s", text >name
		close(name)
		print name
	}
	block = more = 0
	next
}
block {
	gsub(/\\&/, "")
	gsub(/\\-/, "-")
	gsub(/\\e/, "\\")
	if (more) {
		cmd = cmd $0 "\n"
		more = /[\\|]$/
	} else if (/^\$ /) {
		close_pair()
		pairs++
		name = sprintf("%s/%02d", dir, ++number)
		cmd = substr($0, 3) "\n"
		more = /[\\|]$/
	} else if (pairs) {
		want = want $0 "\n"
	} else {
		text = text $0 "\n"
	}
}
