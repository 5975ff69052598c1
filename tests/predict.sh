#!/bin/sh
# hearth calibrate bench and hearth bench --predict, from a file of a machine that is
# made up here: what went in comes out, and what is not fit for use is refused.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99

# A processor of 2 threads: 20 GB/s of memory, 12 MB of cache at 80 GB/s between which the
# share found is 0.5 at 16.636 MB (h = exp(-(1 - h) S / C) there) and nothing far beyond;
# products with one token reach 18 GB/s in f32 and 16 in q8 and q4 from memory, 17.5
# GFLOP/s and more from cache; with many 60, 90 and 80 GFLOP/s; attention 12 GB/s from
# memory, with shared heads 20 GFLOP/s, prompts 30 GFLOP/s; a layer 5 us beside what it
# moves, at 15 GB/s; 1.25e9 synaptic operations a second by lists, fewer where a call has few.
# Each time is the middle of five samples, up to 2 % off.
machine() { # NOISY
	awk -v noisy="$1" 'function row(group, kernel, pages, keys, flops, bytes, s, i, run) {
		run = group kernel pages keys items
		gsub(/"/, "", run)
		for (i = 0; i < 5; i++)
			printf "%s{\"name\": \"%s\", \"run_name\": \"%s\", \"run_type\": " \
			    "\"iteration\", \"repetition_index\": %d, \"threads\": 2, " \
			    "\"real_time\": %.12g, \"time_unit\": \"ns\", \"iterations\": 3, " \
			    "\"wall_s\": %.12g, \"cpu_s\": %.12g, \"involuntary_switches\": 0}", \
			    rows++ ? ",\n" : "", run, run, i, 1e9 * s * (0.98 + i / 100), \
			    s * (0.98 + i / 100), 2 * s
		printf ",\n{\"name\": \"%s_median\", \"run_name\": \"%s\", \"run_type\": " \
		    "\"aggregate\", \"aggregate_name\": \"median\", \"repetitions\": 5, " \
		    "\"threads\": 2, \"group\": \"%s\", \"kernel\": \"%s\", \"shape\": \"\", " \
		    "\"pages\": \"%s\", \"item\": \"\", \"device\": \"\", \"flops\": %.12g, " \
		    "\"bytes\": %.12g, \"items\": %d, \"error\": 0, \"error_max\": 1, " \
		    "\"noisy\": false, \"why\": \"\", \"keys\": {%s}, " \
		    "\"energy\": {\"source\": \"\", \"scope\": \"\", \"method\": \"\"}}", \
		    run, run, group, kernel, pages, flops, bytes, items, keys
	}
	function read(span, rate) {
		row("memory", "read", "huge", "\"span\": " span, 0, span, span / rate)
	}
	function gemv(word, each, span, rate) { # rate: bytes
		row("gemv", "gemv_" word, "", "\"cols\": 4096, \"span\": " span, \
		    2 * span / each, span, span / rate)
	}
	function gemm(word, tokens, rate) {
		row("gemm", "gemm_" word, "", "\"tokens\": " tokens, \
		    2e6 * tokens, 1e6, 2e6 * tokens / rate)
	}
	function rest(tokens, fixed) { # 2 bytes of 10 x 1024 + 2 x 20 x 64 + 3 x 3072 a token
		row("rest", "rest_f32", "", "\"layers\": 2, \"hidden\": 1024, \"ffn\": 3072, " \
		    "\"heads\": 16, \"kv_heads\": 4, \"head_dim\": 64, \"tokens\": " tokens, \
		    0, 1e5, 2 * (fixed + tokens * 44032 / 15e9))
	}
	function deliver(kernel, operations, rate) {
		items = operations
		row("spiking", kernel, "", "\"fan_out\": 1000", 0, 1e5, operations / rate)
		items = 0
	}
	BEGIN {
		print "{\"context\": {\"date\": \"2026-03-07T12:30:05+01:00\", \"host_name\": " \
		    "\"made-up\", \"library_build_type\": \"release\", \"num_cpus\": 2, " \
		    "\"hearth_version\": \"0\", \"cpu_model\": \"Made-up (R) 7 Processor\", " \
		    "\"isa\": \"none\", \"kernel\": \"none\", \"hypervisor\": \"none\", " \
		    "\"compiler\": \"none\", \"flags\": \"\", \"pinning\": \"\", " \
		    "\"huge_pages\": \"madvise\", \"governor\": \"unknown\", " \
		    "\"memory_bytes\": 16e9, \"page_bytes\": 4096, \"quick\": false, " \
		    "\"duration_s\": 9, \"noisy\": " noisy ", \"noise\": \"others worked\", " \
		    "\"caches\": [{\"type\": \"Unified\", \"level\": 2, \"size\": 524288, " \
		    "\"num_sharing\": 1}], \"load_avg\": [0, 0, 0]}, \"benchmarks\": ["
		read(1e6, 300e9)
		read(4e6, 80e9)
		read(8e6, 80e9)
		read(16635532, 32e9) # 1 / (0.5 / 80 + 0.5 / 20)
		read(200e6, 20e9)
		gemv("f32", 4, 4e6, 50e9)
		gemv("f32", 4, 400e6, 18e9)
		gemv("q8", 1.0625, 4e6, 40e9)
		gemv("q8", 1.0625, 400e6, 16e9)
		gemv("q4", 0.5625, 4e6, 17e9)
		gemv("q4", 0.5625, 400e6, 16e9)
		gemm("f32", 8, 30e9)
		gemm("f32", 128, 60e9)
		gemm("q8", 128, 90e9)
		gemm("q4", 128, 80e9)
		row("attention", "attention", "", "\"group\": 1, \"span\": 200e6", 1e6, 2e6, \
		    2e6 / 12e9)
		row("attention", "attention", "", "\"group\": 1, \"span\": 4e6", 1e6, 2e6, \
		    2e6 / 36e9)
		row("attention", "attention", "", "\"group\": 8, \"context\": 512", 8e6, 2e6, \
		    8e6 / 20e9)
		row("attention", "attention", "", "\"group\": 8, \"tokens\": 128", 8e6, 2e6, \
		    8e6 / 30e9)
		rest(1, 5e-6)
		rest(128, 0)
		deliver("spikes_csr_f32", 100000, 1.25e9)
		deliver("spikes_csr_i8", 500000, 1.25e9)
		deliver("spikes_csr_f32", 9999, 0.2e9)
		deliver("spikes_rows", 1e6, 9e9)
		print "]}"
	}'
}
machine false >cpu.json
machine true >loud.json

gives() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" "$@" >out 2>err
	status=$?
	check "hearth $*: status $status, not $want" [ "$status" -eq "$want" ] || cat out err
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$1" || cat "$1"
}
holds() { # NAME TEXT: an attribute of the row
	check "$1=\"$2\"" grep -qF -e "$1=\"$2\"" cpu.xml || grep "$1=" cpu.xml
}
near() { # NAME LOW HIGH
	value=$(sed -n "s/^[[:space:]]*$1=\"\([0-9.]*\).*/\1/p" cpu.xml)
	check "$1: $value is not in $2 to $3" \
	    awk -v v="${value:-x}" -v a="$2" -v b="$3" 'BEGIN { exit !(v >= a && v <= b) }'
}

gives 0 calibrate bench cpu.json --tdp '65 W' --idle '7 W' -o cpu.xml
says out 'uncalibrated (+-40 %) for engines other than hearth-decoder'
holds name made-up-r-7-processor
holds memory '16 GB'
holds bandwidth '20 GB/s'
near cache 11.9 12.1
near cache-bandwidth 79.9 80.1
holds fp32 '60 GFLOP/s'
holds fp32-flops '60 GFLOP/s'
holds fp32-vector '25 GFLOP/s'
holds fp32-bandwidth-share "90 %"
holds q8-flops '90 GFLOP/s'
near q8-vector 75.29 75.30
holds q8-bandwidth-share "80 %"
holds q4-flops '80 GFLOP/s'
near q4-vector 60.44 60.45
holds attention-bandwidth-share "60 %"
holds attention-flops '20 GFLOP/s'
holds attention-share "50 %"
holds rest-bandwidth-share "75 %"
near layer-time 4.999 5.001
near synapse-time 0.7999 0.8001
says cpu.xml 'of="synapse-time" verify="derived" low="0.784 ns" high="0.816 ns"'
says cpu.xml "sha256 $(sha256sum cpu.json | cut -d' ' -f1)"
says cpu.xml 'low="19.6078 GB/s" high="20.4082 GB/s"'
check "the rows are XML" xmllint --noout cpu.xml

# They load again, and their intervals with them.
cat >own.xml <<'END'
<scenario name="own">
	<time start="2024-06-20T00:00+02:00" duration="1 min"/>
	<place latitude="50 deg" longitude="8 deg"/>
	<include href="cpu.xml"/>
	<datacentre name="desk"><node device="made-up-r-7-processor" model="stories-110m"
		weights="q4-0" kv="fp32" engine="hearth-decoder"/></datacentre>
	<workload trace="chat-hour.csv"/>
</scenario>
END
check "the rows load again" "$hearth" check own.xml
sed 's/low="19.6078 GB.s"/low="20.1 GB\/s"/' cpu.xml >other.xml
sed 's/cpu.xml/other.xml/' own.xml >another.xml
"$hearth" check another.xml >out 2>err
says err 'bandwidth is not between low= and high='

# Refusals.
gives 1 calibrate bench loud.json --tdp '65 W' --idle '7 W' -o loud.xml
says err 'the machine was noisy: others worked'
check "nothing is written" [ ! -e loud.xml ]
gives 0 calibrate bench loud.json --tdp '65 W' --idle '7 W' -o loud.xml --force
says loud.xml 'NOISY'
gives 2 calibrate bench cpu.json
says err '--tdp=POWER'
says err '--idle=POWER'
gives 2 calibrate bench cpu.json --tdp '7 W' --idle '65 W'
says err 'are more than'
gives 2 calibrate bench cpu.json --tdp 7
says err '--tdp'
gives 1 calibrate bench cpu.json --tdp '65 W' --idle '7 W' -t 5
says err 'no case of group memory with 5 threads'
gives 2 calibrate bench cpu.json --tdp '65 W' --idle '7 W' -o cpu.json
says err 'is the bench file itself'
head -c 3000 cpu.json >cut.json
gives 2 calibrate bench cut.json --tdp '65 W' --idle '7 W'
says err 'cut.json'

# An engine on it whose products read half as many weights a second as hearth's and compute
# 1.4 times as fast, and that takes 300 us for each request. A token of stories-110m in q4-0
# reads 61.6 MB of weights, for each request 36864 bytes a token of context, 360 kB of
# activations (2 bytes of 12 layers x 12288 and the head's 32768) and what is said below; a prompt has 84.9e6 weights in its layers, half of its square in attention at 30
# GFLOP/s, and the head for its last token alone.
batched() { # PROMPT REQUESTS
	awk -v p="$1" -v n="$2" 'BEGIN {
		chunks = int((n * p + 511) / 512)
		prompt = 2 * 84.9e6 * n * p / 112e9 + n * 2 * 12 * 768 * p * p / 30e9 + \
		    12 * (chunks * 5e-6 + n * p * 35840 / 20e9) + \
		    chunks * 24.6e6 * .5625 / 8e9 + n * 3e-4
		token = (109.5e6 * .5625 + 360e3 * n) / 8e9 + n * (p + 32.5) * 36864 / 12e9 + \
		    12 * (5e-6 + n * 35840 / 20e9) + n * 3e-4
		printf "{\"n_kv_max\": 2048, \"pp\": %d, \"tg\": 64, \"pl\": %d, \"n_kv\": 9, " \
		    "\"n_threads\": 2, \"t_pp\": %.9g, \"t_tg\": %.9g}\n", p, n, prompt, 64 * token }'
}
{ batched 128 1; batched 256 1; batched 128 2; batched 256 2; } >batched.jsonl
anchor() { # STATUS LINES OPTIONS...
	want=$1 lines=$2
	shift 2
	gives "$want" calibrate bench cpu.json --tdp '65 W' --idle '7 W' --anchor "$lines" "$@"
}
anchor 0 batched.jsonl --model stories-110m --weights q4-0 -o cpu.xml
near decode-share 49.5 50.5
near prompt-share 137 143
near sequence-time 270 330
says out 'engine anchor-q4-0'
says cpu.xml 'hearth-decoder and anchor-q4-0'
says cpu.xml 'max-sequences="2"'
says cpu.xml "$(sha256sum batched.jsonl | cut -d' ' -f1)"
off() { awk -v i="$1" '/^mean error/ { print $i }' out; }
check "$(off 3) % by the kernels, $(off 9) % anchored" \
    awk -v a="$(off 3)" -v b="$(off 9)" 'BEGIN { exit !(a > 30 && b < 2) }'
sed 's/hearth-decoder/anchor-q4-0/' own.xml >another.xml
check "the engine loads again" "$hearth" check another.xml

# One line, one ratio; and what it says of the run. Its three samples are 1 % apart: 7.7 of
# the 7.86 ms are weights.
single() { # PROMPT ANSWER RATE
	awk -v p="$1" -v g="$2" -v r="$3" 'BEGIN {
		printf "{\"build_commit\": \"abc1234\", \"build_number\": 4748, \"cpu_info\": " \
		    "\"Made-up (R) 7 Processor\", \"gpu_info\": \"\", \"n_threads\": 2, " \
		    "\"n_ubatch\": 512, \"type_k\": \"f16\", \"model_size\": 61593750, " \
		    "\"model_n_params\": 109500000, \"n_prompt\": %d, \"n_gen\": %d, " \
		    "\"test_time\": \"2026-03-01T10:00:00Z\", \"avg_ts\": %g, " \
		    "\"samples_ts\": [%g, %g, %g]}\n", p, g, r, .99 * r, r, 1.01 * r }'
}
single 0 64 126.1 >lines.jsonl
anchor 0 lines.jsonl -o cpu.xml
near decode-share 49 51
check "prompts stay as they are" grep -q 'prompt-share="100 %"' cpu.xml
says out 'prompts stay uncalibrated (+-40 %); run llama-bench -p 512'
says cpu.xml 'engine name="anchor-b4748-q4-0"'
says cpu.xml 'fitted to 3 samples of lines.jsonl, build 4748, commit abc1234, 2026-03-01T10:00:00Z'
low=$(sed -n 's/.*of="decode-share".* low="\([0-9.]*\) %".*/\1/p' cpu.xml)
check "low: $low %" awk -v v="${low:-0}" 'BEGIN { exit !(v > 48.5 && v < 50) }'
batched 128 1 | sed 's/"tg": 64/"tg": 0/' >one.jsonl
anchor 0 one.jsonl --model stories-110m --weights q4-0 -o cpu.xml
says out 'decoding stays uncalibrated (+-40 %); run llama-bench -n 128'
check "one sample has no interval" [ "$(grep -c 'of="prompt-share".* low=' cpu.xml)" = 0 ]

# Lines that do not belong to it, or to each other.
refused() { # SED TEXT
	{ cat lines.jsonl; sed "$1" lines.jsonl; } >other.jsonl
	anchor 2 other.jsonl -o unwritten.xml
	says err "$2"
}
refused 's/abc1234/abc1235/' 'other.jsonl:2: error: "build_commit" is not that of line 1'
refused 's/Made-up (R) 7/Another/' 'run both on the same machine'
refused 's/"gpu_info": ""/"gpu_info": "A card"/' 'run llama-bench -ngl 0'
refused 's/61593750/116343750/' 'lines of several formats'
refused 's/109500000/209500000/; s/61593750/117843750/' 'no model of the catalogues'
sed 's/"n_threads": 2/"n_threads": 4/' lines.jsonl >other.jsonl
anchor 2 other.jsonl
says err 'ran with 4 threads, the bench file'
sed 's/"type_k": "f16"/"type_k": "q8_0"/' lines.jsonl >other.jsonl
anchor 2 other.jsonl
says err 'run llama-bench -ctk f16'
sed 's/61593750/219000000/' lines.jsonl >other.jsonl
anchor 2 other.jsonl
says err 'no products with such weights and 2 threads'
sed 's/"n_prompt": 0/"n_prompt": 8/' lines.jsonl >other.jsonl
anchor 2 other.jsonl
says err 'no line of a prompt or of decoding alone'
anchor 2 batched.jsonl
says err '--model=NAME --weights=FORMAT'
anchor 2 lines.jsonl -o lines.jsonl
says err 'is the file of --anchor itself'
check "nothing is written" [ ! -e unwritten.xml ]
gives 2 calibrate products cpu.json --device rtx-4090 --anchor lines.jsonl
says err '--anchor: goes with kind bench alone'

# Predictions. A token of stories-110m after 512 reads 109.5e6 weights and 513 times 73728
# bytes of keys and values; its 12 layers take 5 us and 35840 bytes (those of 10 x 768 + 2 x
# 24 x 64 + 3 x 2048 values of 2 bytes) at 15 GB/s each. In f32 438 MB come at 18 GB/s;
# in q4 61.6 MB, with 37.8 MB of which a cache of 12 MB finds next to nothing, at 16 GB/s.
token() { # WORD BYTES RATE: tokens a second
	rate=$(awk -v w="$1" '$1 == w && /token after 512/ { print $5 }' out)
	check "$1: $rate tokens/s" awk -v r="${rate:-0}" -v b="$2" -v v="$3" 'BEGIN {
		s = b * 109.5e6 / v + 513 * 73728 / 12e9 + 12 * (5e-6 + 35840 / 15e9)
		exit !(r > .99 / s && r < 1.01 / s) }'
}
gives 0 bench --predict stories-110m --from cpu.json --no-measure
token f32 4 18e9
token q8 1.0625 16e9
token q4 0.5625 16e9
says out 'prompt of 512'
says out 'first token of 512'
prompt=$(awk '$1 == "q8" && /prompt of 128/ { print $5 }' out)
check "a prompt in q8: $prompt tokens/s" awk -v r="${prompt:-0}" 'BEGIN {
	s = 2 * 84.9e6 / 90e9 + 2 * 24.6e6 / 90e9 / 128 # its layers; the head once
	s += 12 * (5e-6 / 128 + 35840 / 15e9) # their rest; attention is left
	exit !(r > .92 / s && r < 1.0 / s) }'
# What a small model reads a token partly stays in the cache: of tiny-15m in q8 17.86e6 weights
# and 15360 bytes a token of context share 12 MB, and come at 40 GB/s, bound by unpacking,
# and in 15360 / 2 flops at 20 GFLOP/s where they are found. A layer moves 14336 bytes.
small() { # CONTEXT
	rate=$(awk -v n="$1" '$1 == "q8" && $2 == "token" && $4 == n { print $5 }' out)
	check "tiny-15m after $1: $rate tokens/s" awk -v r="${rate:-0}" -v n="$1" 'BEGIN {
		w = 1.0625 * 17.858e6
		for (i = 0; i < 200; i++) h = exp((h - 1) * (w + (n + 1) * 15360) / 12e6)
		s = w * (h / 40e9 + (1 - h) / 16e9) + 6 * (5e-6 + 14336 / 15e9) + \
		    (n + 1) * (h * 7680 / 20e9 + (1 - h) * 15360 / 12e9)
		exit !(h > 0.05 && r > .99 / s && r < 1.01 / s) }'
}
gives 0 bench --predict tiny-15m --from cpu.json --no-measure
small 16
small 512
small 1024
gives 0 bench --predict stories-110m --from cpu.json --no-measure --weights q8
check "q8 alone" [ "$(grep -c '^q4' out)" = 0 ]
gives 1 bench --predict stories-110m --from loud.json --no-measure
says err 'noisy'
gives 0 bench --predict stories-110m --from loud.json --no-measure --force
gives 2 bench --predict stories-111m --from cpu.json --no-measure
says err "no model 'stories-111m'"
gives 2 bench --predict stories-110m --from cpu.json --no-measure --weights q5
says err 'is not f32, q8 or q4'
gives 2 bench --predict deepseek-v3 --from cpu.json --weights q4
says err 'the decoder cannot compute'
finish
