#!/bin/sh
# hearth calibrate: constants come back from a table made with them, and what a
# table does not show is refused by name.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99

# products TOKENS... >FILE: times of square products on a device of 165.2 TFLOP/s and
# 1008 GB/s (rtx-4090) that reaches 0.71 and 0.87 of them, with 9 us and p = 1.8; each
# time is up to 2 % off, without a trend.
products() {
	echo m,n,k,latency_ms
	for m; do
		for n in 6144 8192 12288 16384; do
			awk -v m="$m" -v n="$n" 'BEGIN {
				f = 2 * m * n * n / (165.2e12 * .71)
				q = 2 * (n * n + 2 * m * n) / (1008e9 * .87)
				t = 9e-6 + (f ^ 1.8 + q ^ 1.8) ^ (1 / 1.8)
				off = ((m * 7 + n / 2048 * 5) % 9 - 4) / 200
				printf "%d,%d,%d,%.9g\n", m, n, n, 1e3 * t * (1 + off) }'
		done
	done
}
# small TOKENS... >>FILE: the same for matrices in which the fixed time shows.
small() {
	for m; do
		awk -v m="$m" 'BEGIN {
			f = 2 * m * 1024 * 1024 / (165.2e12 * .71)
			q = 2 * (1024 * 1024 + 2 * m * 1024) / (1008e9 * .87)
			printf "%d,1024,1024,%.9g\n", m, 1e3 * (9e-6 + (f ^ 1.8 + q ^ 1.8) ^ (1 / 1.8)) }'
	done
}

calibrate() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" calibrate "$@" >out 2>err
	status=$?
	check "hearth calibrate $*: status $status, not $want" [ "$status" -eq "$want" ] ||
	    cat out err
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$1" || cat "$1"
}
within() { # NAME LOW HIGH: the constant's value in the row that was written
	value=$(sed -n "s/^[[:space:]]*$1=\"\([0-9.]*\).*/\1/p" row.xml)
	check "$1: $value is not in $2 to $3" \
	    awk -v v="${value:-x}" -v a="$2" -v b="$3" 'BEGIN { exit !(v >= a && v <= b) }'
}

some='1 2 4 8 16 32 64 96 128 192 256 384 512 768 1024 2048 4096 8192'
{ products $some; small $some; } >table.csv
calibrate 0 products table.csv --device rtx-4090 --cache "0 B" -o row.xml
within flops-share .70 .72
within bandwidth-share .85 .89
within op-time 8 10
within roundness 1.6 2.0
says row.xml "sha256 $(sha256sum table.csv | cut -d' ' -f1)"
says out '256 tokens and more'
check "nothing is said besides" [ ! -s err ]
check "the row is XML" xmllint --noout row.xml

# A scenario that includes the row runs with it: the name hides the catalogue's.
cat >own.xml <<'END'
<scenario name="own">
	<time start="2024-06-20T00:00+02:00" duration="1 min"/>
	<place latitude="50 deg" longitude="8 deg"/>
	<include href="row.xml"/>
	<datacentre name="cloud"><node device="rtx-4090" model="llama-3.1-8b" weights="q4" engine="llama-cpp"/></datacentre>
	<workload trace="chat-hour.csv"/>
</scenario>
END
check "the row loads again" "$hearth" check own.xml
sed -i 's/op-time="[^"]*"/op-time="-1 us"/' row.xml
"$hearth" check own.xml >out 2>err
says err 'row.xml:'

# With the cache of the card the small matrices are left out, and counted; what is
# left takes 90 us and more and does not show 9 us.
rm row.xml
calibrate 1 products table.csv --device rtx-4090 -o row.xml
says err 'do not identify op-time'
says err 'less than 20 us'
check "nothing is written" [ ! -e row.xml ]

products 1024 2048 4096 8192 >prefill.csv
calibrate 1 products prefill.csv --device rtx-4090 --cache "0 B"
says err 'do not identify bandwidth-share'
says err 'products of 1 to 16 tokens'

# Faults of the table and of the command line.
calibrate 2 products table.csv
says err '--device=NAME'
calibrate 2 products --device rtx-4090
says err 'TABLE'
calibrate 2 product table.csv --device rtx-4090
says err "did you mean 'products'?"
calibrate 2 products table.csv --device rtx-4091
says err "no device 'rtx-4091'"
calibrate 2 products table.csv --device rtx-4090 --where gpu
says err 'COLUMN=TEXT'
sed '1s/latency_ms/latency/' table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090
says err "other.csv:1:1: error: no column 'latency_ms'; rename 'latency'"
sed '5s/,16384,16384/,six,16384/' table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090
says err "other.csv:5:"
calibrate 4 products table.csv --device rtx-4090 --cache "0 B" -o /nowhere/row.xml
head -c 300 table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090
says err "cut off"
sed '5s/,[0-9.]*$/,-0.2/' table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090
says err "other.csv:5:1: error: a time of -0.2 ms; write one above 0"
head -n 2 table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090 --cache "0 B"
says err "1 rows are left for 4 constants"
calibrate 2 products table.csv --device rtx-4090 --cache "900 MB"
says err "--cache='0 B'"
for _ in 1 2 3 4 5 6; do sed -n 2p table.csv; done | cat other.csv - >alike.csv
calibrate 1 products alike.csv --device rtx-4090 --cache "0 B"
says err 'do not identify flops-share'
calibrate 2 products table.csv --device rtx-4090 --where gpu=a100
says err "no column 'gpu'"
calibrate 2 products table.csv --device rtx-4090 --cache "0 B" --hold roundnes=2
says err "did you mean 'roundness'?"
calibrate 2 products table.csv --device rtx-4090 --cache "0 B" --hold roundness=0.5
says err "write a value from 1 to 20"
cp table.csv other.csv
calibrate 2 products other.csv --device rtx-4090 --cache "0 B" -o other.csv
says err "is the table itself"
check "and stays as it is" cmp -s table.csv other.csv

# All-reduces of 8 H100 at 0.55 of 450 GB/s after 6 us.
{
	echo op,dtype,num_gpus,message_elements,latency_ms
	for n in 512 4096 32768 262144 2097152 16777216 134217728; do
		awk -v n="$n" 'BEGIN {
			printf "all_reduce,half,8,%d,%.9g\n", n, 6e-3 + 1.75 * 2 * n / (.55 * 450e6) }'
	done
} >calls.csv
calibrate 0 collectives calls.csv --device h100-sxm -o row.xml
within collective-time 5.99 6.01
within link-share .549 .551

# A layer table says nothing of its model. qkv_proj of Llama 3.1 8B makes 6144 of 4096.
{
	echo tp,layer,tokens,time_us
	for m in $some; do
		awk -v m="$m" 'BEGIN {
			split("6144 4096 qkv_proj 4096 4096 o_proj 28672 4096 gate_up_proj " \
			    "4096 14336 down_proj", shape, " ")
			for (i = 1; i < 12; i += 3) {
				n = shape[i]; k = shape[i + 1]
				f = 2 * m * n * k / (165.2e12 * .71)
				q = 2 * (n * k + m * n + m * k) / (1008e9 * .87)
				t = 9e-6 + (f ^ 1.8 + q ^ 1.8) ^ (1 / 1.8)
				printf "1,%s,%d,%.9g\n", shape[i + 2], m, 1e6 * t } }'
	done
	echo 1,act_fn,1,2.6
} >layers.csv
calibrate 2 products layers.csv --device rtx-4090 --cache "0 B"
says err '--model=NAME'
calibrate 0 products layers.csv --device rtx-4090 --cache "0 B" --model llama-3.1-8b -o row.xml
within flops-share .709 .711
within bandwidth-share .869 .871
within op-time 8.9 9.1
within roundness 1.79 1.81

sed '4s/^1,/3,/' layers.csv >other.csv
calibrate 2 products other.csv --device rtx-4090 --cache "0 B" --model llama-3.1-8b
says err "other.csv:4:1: error: tp '3' does not divide the 32 heads"

# A chat service with less than one request at once.
{
	echo source_id,arch,task,model,weight_precision,n_devices,batch_avg,output_tokens_avg,tokens_per_s,power_w_per_device
	echo mlenergy-v3,Dense Transformer,lm-arena-chat,Qwen3-8B,bfloat16,1,0.3,600,900,400
	echo mlenergy-v3,Dense Transformer,lm-arena-chat,Qwen3-8B,bfloat16,1,8,600,0,400
} >chat.csv
calibrate 2 engine chat.csv --device h100-sxm
says err 'chat.csv:2:1: error: a time or a rate is not above 0, or requests'
says err 'chat.csv:3:1:'

# llama-bench. A token of Llama 3.1 8B reads 4.92 GB of q4 weights and, at the middle of
# its answer, 8 MB of keys and values: with a card of 1008 GB/s, of whose bandwidth
# llama-cpp reaches 0.8945 with packed weights, 7.14 ms are 0.87 of it when 0.8 to
# 1.8 ms go to what is fixed (129 products of 5.6 us, 32 attentions of 13 us and more).
bench() { # PROMPT ANSWER RATE...
	prompt=$1 answer=$2
	shift 2
	printf '{"model_filename": "m.gguf", "model_type": "llama 8B Q4_K - Medium", '
	printf '"model_size": 4920739072, "model_n_params": 8030261312, '
	printf '"n_prompt": %s, "n_gen": %s, "avg_ts": %s, "stddev_ts": 1, ' "$prompt" "$answer" "$1"
	printf '"samples_ts": [%s, %s, %s]}\n' "$@"
}
bench 512 0 9000 9010 8990 >prompt.jsonl
bench 0 128 140 140.2 139.8 >answer.jsonl
cat prompt.jsonl answer.jsonl >bench.jsonl
calibrate 0 llama-bench bench.jsonl --device rtx-4090 -o row.xml
within bandwidth-share .80 .94
within flops-share .4 1.2
check "the row loads again" "$hearth" check own.xml
first=$(sed -n 's/^[[:space:]]*bandwidth-share="\(.*\)".*/\1/p' row.xml)
{ cat prompt.jsonl; bench 0 128 126 126.2 125.8; } >slower.jsonl
calibrate 0 llama-bench slower.jsonl --device rtx-4090 -o row.xml
within bandwidth-share .70 "$first"
calibrate 1 llama-bench prompt.jsonl --device rtx-4090
says err 'do not identify bandwidth-share'
says err 'llama-bench -n 128'
calibrate 1 llama-bench answer.jsonl --device rtx-4090
says err 'do not identify flops-share'
says err 'llama-bench -p 512'
sed 's/8030261312/5030261312/; s/4920739072/3080739072/' bench.jsonl >other.jsonl
calibrate 2 llama-bench other.jsonl --device rtx-4090
says err 'other.jsonl:1: error: no model of the catalogues has 5.03e+09 parameters'
says err '--model=NAME'
calibrate 0 llama-bench other.jsonl --device rtx-4090 --model qwen3-4b
head -c 300 bench.jsonl >other.jsonl
calibrate 2 llama-bench other.jsonl --device rtx-4090
says err 'other.jsonl:2:'
sed 's/"n_prompt": 512/"n_prompt": 1e15/' bench.jsonl >other.jsonl
calibrate 2 llama-bench other.jsonl --device rtx-4090
says err 'other.jsonl:1: error: no good "n_prompt"'
sed 's/139.8/-1/' bench.jsonl >other.jsonl
calibrate 2 llama-bench other.jsonl --device rtx-4090
says err 'not above 0'

# llama-batched-bench tells neither model nor weights. The same prompt and decoding as
# above: 512 tokens at 9000 a second, 128 at 140 with 512 + 64.5 before them on average.
batched() { # REQUESTS T_PP T_TG
	printf '{"n_kv_max": 2048, "n_batch": 2048, "pp": 512, "tg": 128, "pl": %s, "n_kv": 640, ' "$1"
	printf '"t_pp": %s, "speed_pp": 1, "t_tg": %s, "speed_tg": 1, "t": 1, "speed": 1}\n' "$2" "$3"
}
{ batched 1 0.056889 0.914286; batched 1 0.057 0.913; batched 8 0.4 0.95; } >batched.jsonl
calibrate 2 llama-bench batched.jsonl --device rtx-4090
says err 'batched.jsonl:1: error: llama-batched-bench does not tell what it ran'
calibrate 2 llama-bench batched.jsonl --device rtx-4090 --model llama-3.1-8b --weights q5
says err 'is none of fp16'
calibrate 0 llama-bench batched.jsonl --device rtx-4090 --model llama-3.1-8b --weights q4 -o row.xml
within bandwidth-share .80 .95
says out '4 rows'
batched 1 0.056889 0 >other.jsonl
calibrate 2 llama-bench other.jsonl --device rtx-4090 --model llama-3.1-8b --weights q4
says err 't_tg'

# A device of OpenCL from its bench to a run, where PoCL is: the machine may do other work, so
# that nothing is said of how fast it is. Its rows have no products of many tokens.
POCL_CACHE_DIR=$scratch
export POCL_CACHE_DIR
"$hearth" bench opencl --quick --device=pthread -o opencl.json >out 2>err
if grep -q '^opencl_read' out; then
	calibrate 1 bench opencl.json --device=pthread --force --tdp '50 W' --idle '5 W'
	says err '--fp16=RATE'
	calibrate 2 bench opencl.json --device=nobodys --force
	says err "this file has 'pthread"
	calibrate 0 bench opencl.json --device=pthread --force --tdp '50 W' --idle '5 W' \
	    --fp16 '50 GFLOP/s' --name=by-pocl -o row.xml
	says out 'assumed, for no case tells it: flops-share 80 %, op-time 5 us, roundness 1.5'
	says row.xml 'fp16 as given by --fp16; assumed: flops-share'
	sed 's/device="rtx-4090" model="llama-3.1-8b" weights="q4"/device="by-pocl" model="tiny-15m" \
		weights="q8"/' own.xml >pocl.xml
	check "a node of that device runs" "$hearth" run pocl.xml -o pocl.h5 --quiet
else
	echo "no PoCL: OpenCL to a device is not tried"
	cat err
fi
finish
