#!/bin/sh
# A hostile spool (spool.pl), with kills in between.
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
cat >net.cfg <<CFG
[net]
width=2
height=2
channels=1

[connected]
output=2
activation=linear

[softmax]
CFG
perl -e 'print pack("l<4 f<10", 0, 0, 0, 0, 1, -1, (1) x 4, (-1) x 4)' \
    >net.weights
exec perl "$top/tests/spool.pl" "${KILLS:-12}" "${SEED:-11}"
