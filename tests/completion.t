#!/bin/sh
# What bash, zsh and fish offer on TAB, asked of the shells themselves.
. "$(dirname "$0")/lib.sh"
from=$top/configs/completion
for f in driftpipe.bash _driftpipe driftpipe.fish; do
	sed "s,/usr/local/share/driftpipe/configs,$top/configs," \
	    "$from/$f" >"$tmp/$f"
done
cd "$tmp" || exit
tools=$(cd "$top" && MAKEFLAGS='' make -s tools sh-tools | tr ' ' '\n' | sort)
cat >r.ndjson <<'E2'
{"image":"a","feat":{"mean":1,"std":2},"act":[1,2,[3]],"x y":1,"s":"}\",{"}
E2
printf 'model:\n  name: m\npht: # one\n  field: a\npht-b:\n  field: b\n' >c.yaml

# --- what there is, of which the shells show a choice
candidates() { sh "$from/candidates.sh" "$@" | cut -f 1 | tr '\n' ' '; }
is 'every option of --help' "$(
    for t in $tools; do candidates "$t" - | tr ' ' '\n' | grep -e '^--'; done)" "$(
    for t in $tools; do
	"$t" --help | sed -nE 's/^ +(-., )?(--[a-z0-9-]+).*/\2/p'
    done)"
is 'words' "$(candidates pht --change '')" 'mean spread both '
is 'behind a short option' "$(candidates pht r.ndjson -f '')" \
    'image feat.mean feat.std act[*] s '
is 'with =' "$(candidates pht --reference=r.ndjson --field=)" \
    '--field=image --field=feat.mean --field=feat.std --field=act[*] --field=s '
is 'of no file' "$(candidates pht -f '')" ''
is 'sections' "$(candidates pht -c c.yaml -n '')" 'pht pht-b '
is 'none but of this file' "$(candidates pht -n '')" ''
is 'names of files are left to the shell' \
    "$(candidates pht -c '')$(candidates pht '')$(candidates pht -s '')" ''
is 'a flag takes no word' "$(candidates pht -e '')" ''
is 'no such program' "$(candidates no-such-tool -)" ''

# --- bash
cat >ask.bash <<'E2'
. ./driftpipe.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_driftpipe "$1"
echo "${COMPREPLY[@]}"
E2
is 'bash: options' "$(bash ask.bash pht --fa)" '--fap --family'
is 'bash: words' "$(bash ask.bash pht --change = s)" 'spread'
is 'bash: = just typed' "$(bash ask.bash pht --change =)" 'mean spread both'
is 'bash: fields, quoted' "$(bash ask.bash pht r.ndjson -f a)" 'act\[\*\]'
is 'bash: every tool' "$(bash -c '. ./driftpipe.bash; complete -p' |
    sed 's/.* //' | sort)" "$tools"

# --- fish
if command -v fish >/dev/null; then
	ask() { HOME=$tmp fish -c "source driftpipe.fish; complete -C'$1'" |
	    cut -f 1 | tr '\n' ' '; }
	is 'fish: options' "$(ask 'pht --fa')" '--family --fap '
	is 'fish: fields' "$(ask 'pht r.ndjson -f feat.')" 'feat.mean feat.std '
	is 'fish: files' "$(ask 'pht -c c.y')" 'c.yaml '
	is 'fish: every tool' "$(HOME=$tmp fish -c \
	    "source driftpipe.fish; complete" |
	    grep -o "[a-z0-9-]* .*driftpipe_cand" | wc -l)" \
	    "$(echo "$tools" | wc -l)"
else
	skip 'fish' 'no fish'
fi

# --- zsh, which completes only where somebody types
if command -v zsh >/dev/null; then
	cat >ask.zsh <<'E2'
zmodload zsh/zpty
zpty -b z zsh -f -i
zpty -w z 'PS1=; fpath=($PWD $fpath); autoload -U compinit; compinit -u -D'
zpty -w z 'bindkey "^I" complete-word; print re""ady'
zpty -r z out '*ready*'
zpty -n -w z "$1"$'\t'
zpty -r z out "*$2*" && print "$2"
zpty -d z
E2
	ask() { HOME=$tmp timeout 60 zsh -f ask.zsh "$1" "$2"; }
	is 'zsh: words' "$(ask ': ; pht --change sp' spread)" 'spread'
	is 'zsh: fields' "$(ask 'pht r.ndjson -f feat.m' feat.mean)" \
	    'feat.mean'
	is 'zsh: files' "$(ask 'pht -c c.y' c.yaml)" 'c.yaml'
	is 'zsh: every tool' "$(sed -n '1s/#compdef //p' _driftpipe |
	    tr ' ' '\n' | sort)" "$tools"
else
	skip 'zsh' 'no zsh'
fi
done_testing
