#!/bin/sh
# A month of records on Slurm: a real slurmctld and slurmd on this machine, as
# root, with tasks that are killed and queued again. Not in make check: make
# fleet-history.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/history.sh"
cd "$tmp" || exit 2
make_month
# Each file takes a while, so that there is something to kill.
sed -i 's/stage: \[/&sleep 1; exec cat, /' month.yaml

host=$(hostname -s)
mkdir ctl spool munge
chmod 755 "$tmp" munge
head -c 1024 /dev/urandom >munge.key
chmod 400 munge.key
cat >slurm.conf <<CONF
ClusterName=drift
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=${SLURMCTLD_PORT:-26817}
SlurmdPort=${SLURMD_PORT:-26818}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$tmp/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
StateSaveLocation=$tmp/ctl
SlurmdSpoolDir=$tmp/spool
SlurmctldPidFile=$tmp/ctl.pid
SlurmdPidFile=$tmp/d.pid
SlurmctldLogFile=$tmp/ctl.log
SlurmdLogFile=$tmp/d.log
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
# Where cgroups are version 2, slurmd asks systemd for one, which may not run.
echo IgnoreSystemdOnFailure=yes >cgroup.conf
export SLURM_CONF="$tmp/slurm.conf"

stop() {
	for p in d.pid ctl.pid munge/pid; do
		[ ! -s "$tmp/$p" ] || kill "$(cat "$tmp/$p")"
	done 2>/dev/null
	sleep 1
	rm -rf "$tmp"
}
trap stop EXIT

# wait_until COMMAND...: the command succeeds within five minutes.
wait_until() {
	for _ in $(seq 1500); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.2
	done
	return 1
}
is_idle() { sinfo -h -o %T | grep -q idle; }
has_state() { [ -e "month/state/1of4/gen.2" ]; }
none_left() { [ -z "$(squeue -h)" ]; }

ok 'munged' munged --force --key-file="$tmp/munge.key" \
    --socket="$tmp/munge/socket" --pid-file="$tmp/munge/pid" \
    --log-file="$tmp/munge/log" --seed-file="$tmp/munge/seed"
ok 'slurmctld' slurmctld
ok 'slurmd' slurmd
if ! wait_until is_idle; then
	ok 'the machine is there' false
	sed -n 's/.*error: /# slurmd: /p' d.log
	done_testing
	exit
fi

# shellcheck disable=SC2086
run sh "$top/configs/slurm/history" month.yaml "$tmp/month" 4 $days
rc_is 0 'the array and the merge are queued'
merge=$(cat out)
ok 'the first part has begun' wait_until has_state
# One process of a task is killed, and a task is queued again.
ok 'a runner is killed' kill -9 \
    "$(pgrep -f "$tmp/month/state.*partition 1/4" | head -n 1)"
ok 'a task is queued again' scontrol requeue \
    "$(squeue -h -r -t R -o %F_%K -n drift-part | tail -n 1)"
ok 'all is done' wait_until none_left
is 'the merge has ended well' \
    "$(scontrol show job "$merge" | sed -n 's/.*JobState=\([A-Z]*\).*/\1/p')" \
    COMPLETED
ok 'a task was tried again' grep -q Killed month/part-1.log
month_is "$tmp/month" 4
# The same command again does nothing twice.
# shellcheck disable=SC2086
run sh "$top/configs/slurm/history" month.yaml "$tmp/month" 4 $days
ok 'again' wait_until none_left
month_is "$tmp/month" 4
done_testing
