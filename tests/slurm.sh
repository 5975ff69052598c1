# A private SLURM on this machine, of two virtual nodes with a core each, n1 and n2. To be sourced
# after shell.sh. All of it lies in $scratch/slurm; it needs no rights of root.
# slurm COMMAND... runs a client; slurm_stop ends every process of it, whatever has been started.

slurm_home=$scratch/slurm
slurm_port=$((20000 + $$ % 4000 * 3)) # the first of three, below those that the kernel hands out

# The programs that are missing.
slurm_missing() {
	for program in slurmctld slurmd sbatch munged; do
		PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || echo "$program"
	done
}

slurm() {
	SLURM_CONF=$slurm_home/slurm.conf PATH=$PATH:/usr/sbin "$@"
}

# What differs from a site: all is on one host, and its patience. A silent node is given up after
# 5 s (SlurmdTimeout, else 300 s), a job of it starts again when its credential has run out
# (cred_expire, else 120 s), and jobs are looked at as they come (batch_sched_delay, else 3 s).
slurm_configure() {
	host=$(hostname -s)
	cat <<END
ClusterName=hearth
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$slurm_home/munge/socket,cred_expire=5
CredType=cred/munge
SlurmctldPort=$slurm_port
StateSaveLocation=$slurm_home/state
SlurmdSpoolDir=$slurm_home/spool-%n
SlurmctldPidFile=$slurm_home/slurmctld.pid
SlurmdPidFile=$slurm_home/slurmd-%n.pid
SlurmctldLogFile=$slurm_home/slurmctld.log
SlurmdLogFile=$slurm_home/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,sched_min_interval=50000,batch_sched_delay=0
ReturnToService=2
SlurmdTimeout=5
MessageTimeout=2
KillWait=2
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((slurm_port + 1)) CPUs=1 RealMemory=1000
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((slurm_port + 2)) CPUs=1 RealMemory=1000
PartitionName=short Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
}

# Others must be able to enter the folders above munge's socket.
slurm_start() {
	mkdir -p "$slurm_home/munge" "$slurm_home/state" "$slurm_home/spool-n1" \
	    "$slurm_home/spool-n2" && chmod 711 "$scratch" "$slurm_home" "$slurm_home/munge" &&
	    (umask 077 && head -c 128 /dev/urandom >"$slurm_home/munge/key") &&
	    slurm_configure >"$slurm_home/slurm.conf" &&
	    slurm munged --key-file="$slurm_home/munge/key" --socket="$slurm_home/munge/socket" \
	        --pid-file="$slurm_home/munge/pid" --log-file="$slurm_home/munge/log" \
	        --seed-file="$slurm_home/munge/seed" &&
	    slurm slurmctld -f "$slurm_home/slurm.conf" -c &&
	    slurm slurmd -f "$slurm_home/slurm.conf" -c -N n1 &&
	    slurm slurmd -f "$slurm_home/slurm.conf" -c -N n2 &&
	    await 30 slurm_is_idle
}

slurm_is_idle() {
	[ "$(slurm sinfo -h -N -o %T 2>/dev/null | grep -cx idle)" = 2 ]
}

slurm_is_done() {
	[ -z "$(slurm squeue -h)" ]
}

# await SECONDS COMMAND...: until it succeeds; fails when it does not in that time.
await() {
	await_until=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$await_until" ] || return 1
		sleep 0.05
	done
}

slurm_is_of() { # ENVIRONMENT-FILE NODE
	tr '\0' '\n' <"$1" >"$slurm_home/environment" &&
	    grep -qxF "SLURM_CONF=$slurm_home/slurm.conf" "$slurm_home/environment" &&
	    grep -qx "SLURMD_NODENAME=$2" "$slurm_home/environment"
} 2>/dev/null

# Processes of jobs, by what SLURM puts into their environment, and the daemons that watch them.
slurm_processes() { # NODE
	for environment in /proc/[0-9]*/environ; do
		slurm_is_of "$environment" "$1" || continue
		process=${environment#/proc/}
		process=${process%/environ}
		parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status" 2>/dev/null)
		echo "$process"
		grep -qx slurmstepd "/proc/${parent:-none}/comm" 2>/dev/null && echo "$parent"
	done | sort -un
}

# As if its power had gone: nobody there says a last word.
slurm_kill_node() { # NODE
	# shellcheck disable=SC2046 # one word a process
	kill -9 "$(cat "$slurm_home/slurmd-$1.pid")" $(slurm_processes "$1")
}

slurm_stop() {
	[ -d "$slurm_home" ] || return
	for file in slurmctld.pid slurmd-n1.pid slurmd-n2.pid munge/pid; do
		[ ! -s "$slurm_home/$file" ] || kill -9 "$(cat "$slurm_home/$file")"
	done
	# shellcheck disable=SC2046 # one word a process
	kill -9 $(slurm_processes 'n[12]')
} 2>/dev/null
