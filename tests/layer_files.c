#include "tests/layer_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit.h"

const char layer_dense[] = "tp,layer,tokens,time_us\n"
			    "1,qkv_proj,1,10\n1,qkv_proj,11,20\n"
			    "1,rotary_emb,1,10\n1,rotary_emb,11,20\n"
			    "1,o_proj,1,10\n1,o_proj,11,20\n"
			    "1,gate_up_proj,1,10\n1,gate_up_proj,11,20\n"
			    "1,act_fn,1,10\n1,act_fn,11,20\n"
			    "1,down_proj,1,10\n1,down_proj,11,20\n"
			    "1,layernorm,1,10\n1,layernorm,11,20\n"
			    "1,embedding,1,3\n1,final_layernorm,1,1\n"
			    "2,qkv_proj,1,777\n";
const char layer_sequence[] = "tp,layer,sequences,time_us\n"
			       "1,lm_head,1,100\n1,lm_head,11,200\n1,sampler,1,7\n1,sampler,11,9\n";
const char layer_attention[] = "tp,prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n"
				"1,0,0,1,16,10\n1,0,0,1,116,20\n1,0,0,1,316,60\n"
				"1,0,0,4,16,20\n1,0,0,4,116,50\n1,0,0,4,316,130\n"
				"1,16,0,0,0,5\n1,16,0,1,16,18\n1,16,0,1,116,33\n1,16,0,4,16,35\n"
				"1,16,100,0,0,9\n1,16,100,1,16,24\n"
				"1,64,0,0,0,13\n1,64,0,1,16,30\n1,64,0,4,16,47\n"
				"1,64,100,0,0,33\n";

void layer_files_write(struct layer_files *f, const char *dense, const char *sequence,
    const char *attention)
{
	const char *text[] = { dense, sequence, attention };
	for (int i = 0; i < 3; i++) {
		strcpy(f->path[i], "/tmp/hearth-layers-XXXXXX");
		int fd = mkstemp(f->path[i]);
		cr_assert(fd >= 0);
		cr_assert_eq(write(fd, text[i], strlen(text[i])), (ssize_t)strlen(text[i]));
		close(fd);
	}
	f->par = (struct layer_table_par){ .name = "test", .tensor_parallel = 1,
		.dense = f->path[0], .sequence = f->path[1], .attention = f->path[2],
		.skew_frac = 0.25 };
	f->object = (struct object){ .cls = &layer_table_class, .par = &f->par };
}

void layer_files_remove(const struct layer_files *f)
{
	for (int i = 0; i < 3; i++) unlink(f->path[i]);
}
