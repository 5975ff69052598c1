#!/bin/sh
# hearth bench: a machine that does other work is found out, and files of a run tell what was
# measured. Nothing here depends on how fast the machine is.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99
cp "$srcdir/tests/bench-run.json" run.json

bench() { # STATUS ARGUMENTS...
	want=$1
	shift
	"$hearth" bench "$@" >out 2>err </dev/null
	status=$?
	check "bench $*: exit status $status, not $want" [ "$status" -eq "$want" ] || cat err
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$1" || cat "$1"
}

# --- a file of a run
bench 0 --from run.json
says out '6.41 ms    0.3  19.98'
bench 0 --from run.json --csv
says out ',0.0064064,' # s, as the file has them
bench 0 --from run.json --md
says out '| read | 128 MB | 1 |'
bench 0 --from run.json
says out 'quiet: others used 0.01 of 3 processors'
check "nothing is said besides" [ ! -s err ]
bench 0 --from run.json --json
check "a file that was read is written as it was" cmp -s out run.json
bench 0 --from run.json -o again.json
check "to a file, too" cmp -s again.json run.json
sed '/"noisy": false,/s//"noisy": true,/; s/"quiet: others/"others/' run.json >noisy.json
bench 0 --from noisy.json
says out 'NOISY: others used 0.01 of 3'
says err 'not fit to calibrate'
sed 's/"error": 9.9[0-9e-]*/"error": 0.5/' run.json >wrong.json
bench 1 --from wrong.json
says out 'WRONG'
says err 'INVALID'
line=$(grep -n '"decode_q4/llama-3.1-8b/threads:1"' run.json | sed -n '3s/:.*//p')
sed "$line"'s/"wall_s": /"wall_s": -/' run.json >bad.json
bench 2 --from bad.json
says err "bad.json:$line: error: \"wall_s\" is -0.9"
printf '{"context": {"num_cpus": 8}, "benchmarks": []}' >other.json
bench 2 --from other.json
says err 'results of another program'
bench 2 --from nowhere.json
bench 2 --from run.json queue
says err "leave out 'queue'"

# --- llama-bench's lines: a token of Llama 3.1 8B in 7.14 ms, as in calibrate.sh
bench 0 --from run.json --jsonl lines.jsonl
check "a line for each row of the decoder" [ "$(wc -l <lines.jsonl)" -eq 2 ]
"$hearth" calibrate llama-bench lines.jsonl --device rtx-4090 -o row.xml >out 2>err
check "hearth calibrate reads them" grep -q 'bandwidth-share="0\.8' row.xml || cat err
sed 's/n_prompt/n_asked/; s/n_gen/n_given/' run.json >bare.json
bench 4 --from bare.json --jsonl none.jsonl
says err 'no whole model was measured'
check "no file is left" [ ! -e none.jsonl ]

# --- digits: 400 made up, each class with a row and a column of its own
awk 'BEGIN { for (i = 0; i < 400; i++) { c = int(i * 7 / 3) % 10
	for (p = 0; p < 64; p++) printf "%d,", int(p / 8) == c % 8 || p % 8 == (3 * c) % 8 ? 9 + i % 8 : i % 3
	print c } }' >made.csv
bench 0 --quick digits --digits=made.csv --network=net.xml
says out 'Digits of 8 x 8 pixels, 80 that were not learnt from'
says out 'NeuroBench'
mkdir -p share && cp -r "$srcdir/data" "$srcdir/scenarios" share && cp net.xml share/data/spiking.xml
HEARTH_DATA=$PWD/share "$hearth" catalog spiking digits-mlp-16-32bit >out 2>err
check "hearth reads that network" grep -q '4 of them' out || cat err
bench 2 --quick digits --digits=run.json
says err 'run.json:1: error:'
bench 4 --from run.json --network=none.xml
says err "name the group 'digits' too"

# --- the roofline
if command -v gnuplot >/dev/null; then
	bench 0 --from run.json --plot roof.svg
	check "it is a picture" grep -q '<svg' roof.svg
	for text in 'L1 99.9 GB/s' 'memory 20 GB/s' gemv_q8 'q8: at most'; do
		says roof.svg "$text"
	done
	! command -v xmllint >/dev/null || check "well-formed" xmllint --noout roof.svg
fi
mkdir -p empty
PATH=$scratch/empty "$hearth" bench --from run.json --plot none.svg >out 2>err
check "without gnuplot: status $?" [ ! -e none.svg ]
says err 'install gnuplot-nox'

# --- the command line
bench 0 --list
says out 'opencl '
bench 2 opencll
says err "did you mean 'opencl'?"
bench 2 --threads=0
bench 4 opencl -o /nowhere/run.json

# --- a machine that is busy on every processor for as long as the run takes
loops=
for _ in $(seq "$(nproc)"); do
	sh -c 'while :; do :; done' &
	loops="$loops $!"
done
trap 'kill $loops 2>/dev/null; rm -rf "$scratch"' EXIT
bench 0 --quick queue -o loaded.json --threads=1
kill $loops
wait 2>/dev/null
says err 'the machine is NOISY: others used'
says out 'noise: NOISY'
says loaded.json '"noisy": true,'
bench 0 --from loaded.json
says out 'noise: NOISY: others used'
finish
