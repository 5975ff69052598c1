#include "bench/gpu/opencl.h"

#include "base/mem.h"

#ifndef HAVE_CL_CL_H

struct gpu *opencl_open(const char *wanted, const char *source, char **said)
{
	(void)wanted, (void)source;
	*said = mem_text("built without CL/cl.h (opencl-headers)");
	return NULL;
}

#else

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- the library ---- */

#define OPENCL_LIST(X) \
	X(clBuildProgram) \
	X(clCreateBuffer) \
	X(clCreateCommandQueue) \
	X(clCreateContext) \
	X(clCreateKernel) \
	X(clCreateProgramWithSource) \
	X(clEnqueueNDRangeKernel) \
	X(clEnqueueReadBuffer) \
	X(clEnqueueWriteBuffer) \
	X(clFinish) \
	X(clGetDeviceIDs) \
	X(clGetDeviceInfo) \
	X(clGetEventProfilingInfo) \
	X(clGetPlatformIDs) \
	X(clGetProgramBuildInfo) \
	X(clReleaseCommandQueue) \
	X(clReleaseContext) \
	X(clReleaseEvent) \
	X(clReleaseKernel) \
	X(clReleaseMemObject) \
	X(clReleaseProgram) \
	X(clSetKernelArg)

struct calls {
#define X(name) __typeof__(&name) name;
	OPENCL_LIST(X)
#undef X
};

/* The library stays loaded: drivers keep threads of their own in it. NULL, or what is
 * missing. */
static const char *load(struct calls *c)
{
	void *lib = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!lib) return "no libOpenCL.so.1 (Debian: ocl-icd-libopencl1 and a driver's ICD)";
#define X(name) \
	c->name = (__typeof__(&name))dlsym(lib, #name); \
	if (!c->name) return "libOpenCL.so.1 has no " #name;
	OPENCL_LIST(X)
#undef X
	return NULL;
}

#ifdef __SANITIZE_ADDRESS__
/* What the sanitizer asks at the end: a driver's leaks are not ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libOpenCL\nleak:libpocl\nleak:libLLVM\n";
}
#endif

/* ---- devices ---- */

enum { DEVICES_MAX = 32 };

struct found {
	cl_device_id id;
	cl_device_type type;
	char name[GPU_TEXT_SIZE];
};

static size_t find(const struct calls *c, struct found *f)
{
	cl_platform_id platform[DEVICES_MAX];
	cl_uint platforms = 0, devices;
	size_t n = 0;
	if (c->clGetPlatformIDs(DEVICES_MAX, platform, &platforms) != CL_SUCCESS) return 0;
	for (cl_uint p = 0; p < platforms && p < DEVICES_MAX; p++) {
		cl_device_id id[DEVICES_MAX];
		if (c->clGetDeviceIDs(platform[p], CL_DEVICE_TYPE_ALL, DEVICES_MAX, id, &devices))
			continue; /* CL_DEVICE_NOT_FOUND: a driver without its hardware */
		for (cl_uint d = 0; d < devices && n < DEVICES_MAX; d++, n++) {
			f[n] = (struct found){ .id = id[d] };
			c->clGetDeviceInfo(id[d], CL_DEVICE_TYPE, sizeof f[n].type, &f[n].type, NULL);
			c->clGetDeviceInfo(id[d], CL_DEVICE_NAME, sizeof f[n].name - 1, f[n].name, NULL);
		}
	}
	return n;
}

static bool is_gpu(const struct found *f)
{
	return f->type & (CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_ACCELERATOR);
}

static const struct found *choose(const struct found *f, size_t n, const char *wanted)
{
	for (size_t i = 0; i < n; i++)
		if (wanted ? text_holds(f[i].name, wanted) : is_gpu(&f[i])) return &f[i];
	return wanted || !n ? NULL : &f[0];
}

/* "a (GPU), b (processor)": the caller frees. */
static char *list_found(const struct found *f, size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s (%s)", i ? ", " : "", f[i].name, is_gpu(&f[i]) ? "GPU" : "processor");
	fclose(out);
	return text;
}

/* ---- an opened device ---- */

struct opencl {
	struct gpu gpu;
	struct calls call;
	cl_device_id id;
	cl_context context;
	cl_command_queue queue;
	cl_program program;
	cl_kernel kernel[GPU_KERNELS];
};

static bool good(struct gpu *g, cl_int status, const char *doing)
{
	if (status != CL_SUCCESS) gpu_fault(g, "%s: OpenCL error %d", doing, status);
	return status == CL_SUCCESS;
}

static void *alloc_buffer(struct gpu *g, size_t bytes)
{
	struct opencl *o = (struct opencl *)g;
	cl_int status;
	cl_mem m = o->call.clCreateBuffer(o->context, CL_MEM_READ_WRITE, bytes, NULL, &status);
	return good(g, status, "clCreateBuffer") ? m : NULL;
}

static void release_buffer(struct gpu *g, void *buffer)
{
	struct opencl *o = (struct opencl *)g;
	if (buffer) o->call.clReleaseMemObject(buffer);
}

static bool put(struct gpu *g, void *buffer, size_t at, const void *from, size_t bytes)
{
	struct opencl *o = (struct opencl *)g;
	return good(g, o->call.clEnqueueWriteBuffer(o->queue, buffer, CL_TRUE, at, bytes, from, 0,
	    NULL, NULL), "clEnqueueWriteBuffer");
}

static bool get(struct gpu *g, void *to, void *buffer, size_t at, size_t bytes)
{
	struct opencl *o = (struct opencl *)g;
	return good(g, o->call.clEnqueueReadBuffer(o->queue, buffer, CL_TRUE, at, bytes, to, 0, NULL,
	    NULL), "clEnqueueReadBuffer");
}

/* Asks for the event of the launch where `e` is given. */
static bool launch(struct opencl *o, const struct gpu_launch *l, cl_event *e)
{
	cl_kernel k = o->kernel[l->kernel];
	size_t local = GPU_GROUP, global = l->groups * local;
	for (size_t i = 0; i < l->args; i++)
		if (!good(&o->gpu, o->call.clSetKernelArg(k, (cl_uint)i, l->arg[i].size,
		    l->arg[i].value), "clSetKernelArg")) return false;
	return good(&o->gpu, o->call.clEnqueueNDRangeKernel(o->queue, k, 1, NULL, &global, &local, 0,
	    NULL, e), "clEnqueueNDRangeKernel");
}

static double seconds_between(struct opencl *o, cl_event first, cl_event last)
{
	cl_ulong begin_ns, end_ns;
	bool known = good(&o->gpu, o->call.clGetEventProfilingInfo(first, CL_PROFILING_COMMAND_START,
	    sizeof begin_ns, &begin_ns, NULL), "clGetEventProfilingInfo") &&
	    good(&o->gpu, o->call.clGetEventProfilingInfo(last, CL_PROFILING_COMMAND_END,
	    sizeof end_ns, &end_ns, NULL), "clGetEventProfilingInfo");
	return known ? 1e-9 * (double)(end_ns - begin_ns) : NAN;
}

static double run(struct gpu *g, const struct gpu_launch *l, size_t n, int times)
{
	struct opencl *o = (struct opencl *)g;
	size_t all = n * (size_t)times;
	cl_event first = NULL, last = NULL;
	bool going = true;
	for (size_t i = 0; going && i < all; i++)
		going = launch(o, &l[i % n], i == 0 ? &first : i == all - 1 ? &last : NULL);
	going = good(g, o->call.clFinish(o->queue), "clFinish") && going;
	double s = going ? seconds_between(o, first, last ? last : first) : NAN;
	if (first) o->call.clReleaseEvent(first);
	if (last) o->call.clReleaseEvent(last);
	return s;
}

static void close_device(struct gpu *g)
{
	struct opencl *o = (struct opencl *)g;
	for (size_t i = 0; i < GPU_KERNELS; i++)
		if (o->kernel[i]) o->call.clReleaseKernel(o->kernel[i]);
	if (o->program) o->call.clReleaseProgram(o->program);
	if (o->queue) o->call.clReleaseCommandQueue(o->queue);
	if (o->context) o->call.clReleaseContext(o->context);
	free(o);
}

static const struct gpu_ops ops = { alloc_buffer, release_buffer, put, get, run, close_device };

/* ---- opening ---- */

static double info_number(struct opencl *o, cl_device_info what)
{
	cl_ulong v = 0;
	o->call.clGetDeviceInfo(o->id, what, sizeof v, &v, NULL);
	return (double)v;
}

static void describe(struct opencl *o, const struct found *f)
{
	cl_uint units = 1;
	strcpy(o->gpu.name, f->name);
	o->call.clGetDeviceInfo(o->id, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof units, &units, NULL);
	char version[GPU_TEXT_SIZE - 16] = "";
	o->call.clGetDeviceInfo(o->id, CL_DRIVER_VERSION, sizeof version - 1, version, NULL);
	snprintf(o->gpu.driver, sizeof o->gpu.driver, "OpenCL driver %s", version);
	o->gpu.units = (int)units;
	o->gpu.memory_bytes = info_number(o, CL_DEVICE_GLOBAL_MEM_SIZE);
	o->gpu.buffer_bytes = info_number(o, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
	o->gpu.cache_bytes = info_number(o, CL_DEVICE_GLOBAL_MEM_CACHE_SIZE);
	o->gpu.processor = !is_gpu(f);
}

static void tell_build_log(struct opencl *o, cl_int status)
{
	char log[GPU_FAULT_SIZE - 128] = "";
	size_t size = 0;
	o->call.clGetProgramBuildInfo(o->program, o->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &size);
	char *all = mem_new(size + 1, 1);
	o->call.clGetProgramBuildInfo(o->program, o->id, CL_PROGRAM_BUILD_LOG, size, all, NULL);
	snprintf(log, sizeof log, "%s", all);
	free(all);
	gpu_fault(&o->gpu, "its kernels do not compile (OpenCL error %d):\n%s", status, log);
}

static bool build(struct opencl *o, const char *source)
{
	static const char *const name[] = {
#define X(kernel) #kernel,
		GPU_KERNEL_LIST(X)
#undef X
	};
	cl_int status;
	o->program = o->call.clCreateProgramWithSource(o->context, 1, &source, NULL, &status);
	if (!good(&o->gpu, status, "clCreateProgramWithSource")) return false;
	status = o->call.clBuildProgram(o->program, 1, &o->id, "-cl-std=CL1.2", NULL, NULL);
	if (status != CL_SUCCESS) tell_build_log(o, status);
	for (size_t i = 0; status == CL_SUCCESS && i < GPU_KERNELS; i++) {
		o->kernel[i] = o->call.clCreateKernel(o->program, name[i], &status);
		good(&o->gpu, status, name[i]);
	}
	return status == CL_SUCCESS;
}

static bool start(struct opencl *o, const char *source)
{
	cl_int status;
	o->context = o->call.clCreateContext(NULL, 1, &o->id, NULL, NULL, &status);
	if (!good(&o->gpu, status, "clCreateContext")) return false;
	o->queue = o->call.clCreateCommandQueue(o->context, o->id, CL_QUEUE_PROFILING_ENABLE, &status);
	return good(&o->gpu, status, "clCreateCommandQueue") && build(o, source);
}

static struct gpu *open_found(const struct calls *c, const struct found *f, const char *source,
    const char *all, char **said)
{
	struct opencl *o = mem_new(1, sizeof *o);
	o->gpu.ops = &ops;
	o->call = *c;
	o->id = f->id;
	describe(o, f);
	if (start(o, source)) {
		*said = mem_print("%s; measuring %s", all, f->name);
		return &o->gpu;
	}
	*said = mem_print("%s: %s", f->name, o->gpu.fault);
	close_device(&o->gpu);
	return NULL;
}

struct gpu *opencl_open(const char *wanted, const char *source, char **said)
{
	struct calls c;
	struct found f[DEVICES_MAX];
	struct gpu *g = NULL;
	const char *missing = load(&c);
	size_t n = missing ? 0 : find(&c, f);
	const struct found *chosen = choose(f, n, wanted);
	char *all = list_found(f, n);
	if (missing) *said = mem_text(missing);
	else if (!n) *said = mem_text("no device of OpenCL (clinfo lists what drivers offer)");
	else if (!chosen) *said = mem_print("no device named '%s'; there is %s", wanted, all);
	else g = open_found(&c, chosen, source, all, said);
	free(all);
	return g;
}

#endif
