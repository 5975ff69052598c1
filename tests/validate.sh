#!/bin/sh
# hearth validate: the errors that the documents promise, with the shipped
# constants; and that a wrong constant is noticed.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
shared=${HEARTH_SHARED:-}
unset HEARTH_SHARED

validate() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" validate "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
	check "hearth validate $*: status $status, not $want" [ "$status" -eq "$want" ] ||
	    cat "$scratch/out" "$scratch/err"
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$scratch/$1" || cat "$scratch/$1"
}

validate 2
validate 2 nonsense
says err "unknown area 'nonsense'"
validate 0 serving
says err 'no folder of measurements'
says out 'serving-points.csv'
validate 2 serving --data /nowhere
says err '/nowhere'
validate 2 grid
says err 'name a folder of published solutions'

# When spikes pay, by what is shipped: counts of 7.85e6 at 4.6 pJ and 7.3e7 at 0.9 pJ, and 1.48,
# 0.23 and 0.74 over 1.28.
row() { # WHAT ENDS: its row, told or judged, has these words behind
	check "'$1': $2" grep -Eq "^$1 .*$2" "$scratch/out" || cat "$scratch/out"
}
validate 0 spiking
says err 'no folder of measurements'
says out '0 of '
row "NeuroBench's few-shot words, without spikes" '36 uJ +36\.11 uJ .* pass'
row 'the same with spikes, in 200 steps' '66 uJ +65\.7 uJ .* pass'
row 'k\*, 8 bit, 8 KB of SRAM, .*' '0\.15 to 1\.38 +1\.15625 .* 0 %  pass'
row "the same, the ANN's weights .*" ' 0\.179687 .* pass'
row 'k\* of a synapse of 12 E .*' ' 1\.71429 .* pass'
row 'k\*, 8 bit, 8 KB, an ANN that skips .*' '0\.32 to 0\.64 +0\.578125 .* pass'
row 'dvs on loihi \(simple\), neurons' '117\.378 uJ +117\.378 uJ .* 0\.1 %  pass'
row 'dvs on loihi \(simple\), messages' '35\.4426 uJ .* pass .*fitted: .*hops'
row 'dvs on loihi \(simple\), a step as mapped' '14\.176 us .* 2 %  pass .*fitted: one rate'
row 'example_snn on example_chip \(detailed\), a step' '8\.44 ns +8\.5 ns .* 2 %  pass'
row 'k\* of Loihi 1 against an H100, 8B in batches of 8' '1\.59543 .* 15 %  pass'
row 'TrueNorth for a second at 20.07 Hz' '71 mJ +70\.5956 mJ .* pass'
row 'BrainScaleS-2, an electrocardiogram .*' '192 uJ +192\.096 uJ .* pass'
row 'Speck, 540 ms of gestures, .*' '5\.13 mJ +5\.1268 mJ .* pass'
says out 'spiking-brain-7b, 2025, counted'
if [ -r /usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz ]; then
	row 'the same by its spikes in 64 steps, .*' ' 2 %  pass'
else
	says err 'install python3-sklearn'
fi

[ -r "$shared/data/gpu/vidur_layer_ops.csv" ] || {
	echo "passed over: no \$HEARTH_SHARED/data/gpu"
	finish
}
HEARTH_SHARED=$shared
export HEARTH_SHARED
validate 0 serving
says out '0 of '
for what in E2E TPOT TTFT; do
	for gpu in 'RTX 4090' 'RTX PRO 6000'; do
		says out "mean $what, Llama 3.1 8B on an $gpu, formulas "
		says out "mean $what, Llama 3.1 8B on an $gpu, measured layers "
	done
done
cat "$scratch/out"

# Whether fp8 saves turns with the batch. Published, in J a token: 11.39 over 7.2926, 0.95033 over
# 1.0927, 9.2579 over 6.0276, 0.64554 over 0.76451; ten of seventeen differ by more than a tenth.
validate 0 spiking
fp8='fp8 instead of bf16, Qwen3 235B on'
row "$fp8 8 H100, chat, batch 8" '  56\.1857 % +63\.[0-9]* % .* 20 %  pass .*fitted: expert-time'
row "$fp8 8 H100, chat, batch 256" ' -13\.0292 % +-16\.[0-9]* % .* 20 %  pass '
row "$fp8 4 B200, GPQA, batch 8" '  53\.5918 % +68\.[0-9]* % .* 20 %  pass '
row "$fp8 4 B200, GPQA, batch 256" ' -15\.5616 % +-24\.[0-9]* % .* 20 %  pass '
row 'signs of those beyond 10 %' ' 10 +10 .* 0 %  pass '

# The same with a device whose arithmetic is said to reach half of its peak: other numbers
# through the code that has just run, so that a sanitizer has nothing to add.
mkdir -p "$scratch/wrong/data" "$scratch/wrong/scenarios"
cp -r "$srcdir"/data/* "$scratch/wrong/data"
sed '/name="h100-sxm"/,/<device name="h200/s/\([[:space:]]\)flops-share="[^"]*"/\1flops-share="0.37"/' \
    "$srcdir/data/devices.xml" >"$scratch/wrong/data/devices.xml"
is_sanitized || {
	HEARTH_DATA=$scratch/wrong validate 1 serving
	says out FAIL
}

# Chips whose operations are said to take other energies than their sources measured.
sed '/name="hala-point"/,/synop-energy/s/synop-energy="[^"]*"/synop-energy="7 pJ"/' \
    "$srcdir/data/chips.xml" >"$scratch/wrong/data/chips.xml"
HEARTH_DATA=$scratch/wrong validate 1 spiking
check 'a wrong chip is noticed' grep -q '^1 of [0-9]* rows miss' "$scratch/out"

# Kernels for experts in fp8 that compute only what tokens pick: a saving at any batch.
sed 's/fp8-expert-rows="64"/fp8-expert-rows="0"/' "$srcdir/data/engines.xml" >"$scratch/wrong/data/engines.xml"
cp "$srcdir/data/chips.xml" "$scratch/wrong/data"
HEARTH_DATA=$scratch/wrong validate 1 spiking
row 'signs of those beyond 10 %' ' 10 +[3-7] .* FAIL '
cp "$srcdir/data/engines.xml" "$scratch/wrong/data"

# Layer times that are a tenth too long are noticed in all three rows.
mkdir -p "$scratch/long/gpu"
cp "$shared"/data/gpu/vllm_rtx4090_* "$scratch/long/gpu"
chmod u+w "$scratch"/long/gpu/*
awk -F, -v OFS=, 'NR > 1 { $4 *= 1.1 } 1' "$shared/data/gpu/vllm_rtx4090_llama31_8b_dense.csv" \
    >"$scratch/long/gpu/vllm_rtx4090_llama31_8b_dense.csv"
validate 1 serving --data "$scratch/long"
says out '3 of 8 rows'

# The engine's settings come with the run.
sed '/max_num_seqs/d' "$shared/data/gpu/vllm_rtx4090_llama31_8b_config.json" \
    >"$scratch/long/gpu/vllm_rtx4090_llama31_8b_config.json"
validate 2 serving --data "$scratch/long"
says err 'max_num_seqs and max_num_batched_tokens'

# A table that was cut short in the middle of a row is not passed over.
mkdir -p "$scratch/cut/gpu"
head -c 3000 "$shared/data/gpu/vidur_layer_ops.csv" | sed '3s/,/,x/' >"$scratch/cut/gpu/vidur_layer_ops.csv"
cp "$shared/data/gpu/vidur_models.csv" "$scratch/cut/gpu"
validate 2 serving --data "$scratch/cut"
says err 'vidur_layer_ops.csv:3'

# Power flow: solutions of others; a tap that is one step off is noticed.
validate 0 grid
check 'no limit of the grid is missed' grep -q '^0 of [0-9]* rows miss' "$scratch/out"
for row in 'the sweep and the nodal equations, wherever a feeder is a tree' \
    'the flow reduced to the loads and the nodal equations' \
    'case33bw until it collapses' 'case33bw at 3.6 times its loads'; do
	says out "$row"
done
cat "$scratch/out"
mkdir -p "$scratch/tap/feeders"
cp -r "$shared/data/feeders/ieee13" "$scratch/tap/feeders"
chmod -R u+w "$scratch/tap"
sed -i 's/wye,c,11/wye,c,12/' "$scratch/tap/feeders/ieee13/regulators.csv"
validate 1 grid --data "$scratch/tap"
check 'a tap that is one step off is noticed' grep -q '^2 of [0-9]* rows miss' "$scratch/out"

# Spikes: a table of answers by energy that is 2 % off is noticed.
validate 0 spiking
check 'no limit of spiking is missed' grep -q '^0 of [0-9]* rows miss' "$scratch/out"
row 'correct answers a kJ, openai/gpt-oss-120b on b200' '10\.274 +10\.2958 +\+0\.21 % .* pass'
cat "$scratch/out"
mkdir -p "$scratch/answers/hardware"
sed 's/,10\.274,/,10.5,/' "$shared/data/hardware/energy-to-intelligence-example.csv" \
    >"$scratch/answers/hardware/energy-to-intelligence-example.csv"
validate 1 spiking --data "$scratch/answers"
check 'answers by energy that are 2 % off are noticed' grep -q '^1 of [0-9]* rows miss' "$scratch/out"

# Homes and energy.
validate 0 energy
check 'no limit of energy is missed' grep -q '^0 of [0-9]* rows miss' "$scratch/out"
says out 'ageing, lfp-250ah'
cat "$scratch/out"
finish
