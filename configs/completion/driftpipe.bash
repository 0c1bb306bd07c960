# Completion of driftpipe's tools for bash. Installed by the name of each, since
# bash loads it when that is first typed.
_driftpipe() {
	local IFS=$'\n' word words=() cur=${COMP_WORDS[COMP_CWORD]}

	# bash takes the = of --option=value for a word.
	[[ $cur != = ]] || cur=''
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == = ]] || words+=("$word")
	done
	mapfile -t COMPREPLY < <(
		sh /usr/local/share/driftpipe/configs/completion/candidates.sh \
		    "$1" "${words[@]}" "$cur" | cut -f 1 |
		while read -r word; do
			[[ $word != "$cur"* ]] || printf '%q\n' "$word"
		done)
}
complete -o default -F _driftpipe accest chi2 dedup driftfdr driftmerge \
    driftmix driftpipe-init driftpipe-pub driftpipe-run driftpipe-sub \
    driftreport driftscore edet featstat iks imgcls imgdegrade imgtrain mewma \
    nmddm pht promtext
