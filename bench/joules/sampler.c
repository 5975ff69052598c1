#include "bench/joules/sampler.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double clock_s(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double sampler_now_s(void)
{
	return clock_s(CLOCK_MONOTONIC);
}

double sampler_age_s(const struct joules_source *s)
{
	return fmax(s->step_s, s->news_s);
}

bool sampler_read(const struct joules_source *s, struct joules_value *value, char *why,
    size_t why_size)
{
	for (size_t i = 0; i < s->channels; i++)
		value[i] = (struct joules_value){ 0, NAN };
	return s->class->read(s->state, value, why, why_size);
}

bool sampler_take(struct sampler *s)
{
	struct joules_value value[JOULES_CHANNELS_MAX];
	if (!sampler_read(s->source, value, s->why, sizeof s->why)) {
		s->failed = true;
		return false;
	}
	double now_s = sampler_now_s();
	for (size_t i = 0; i < s->source->channels; i++)
		track_add(&s->track[i], value[i], now_s, sampler_age_s(s->source));
	return true;
}

/* The time `ahead_s` from now as the condition wants it. */
static struct timespec later(double ahead_s)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	double whole = floor(ahead_s);
	t.tv_sec += (time_t)whole;
	t.tv_nsec += (long)((ahead_s - whole) * 1e9);
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

static void *run(void *arg)
{
	struct sampler *s = arg;
	pthread_mutex_lock(&s->lock);
	while (!s->stop) {
		struct timespec due = later(s->interval_s);
		int late = 0;
		while (!s->stop && !late)
			late = pthread_cond_timedwait(&s->wake, &s->lock, &due);
		if (s->stop || !sampler_take(s)) break;
	}
	s->cpu_s = clock_s(CLOCK_THREAD_CPUTIME_ID);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* On the processors that the process began with: who starts us may since be pinned to
 * the one that is measured. */
static int create(struct sampler *s)
{
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setaffinity_np(&attr, sizeof s->cpus, &s->cpus);
	int error = pthread_create(&s->thread, &attr, run, s);
	pthread_attr_destroy(&attr);
	return error;
}

void sampler_start(struct sampler *s)
{
	pthread_condattr_t attr;
	if (isinf(s->interval_s)) return;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->wake, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&s->lock, NULL);
	int error = create(s);
	s->runs = !error;
	if (!error) return;
	s->failed = true;
	snprintf(s->why, sizeof s->why, "no thread for the meter: %s", strerror(error));
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
}

void sampler_stop(struct sampler *s)
{
	if (!s->runs) return;
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	s->runs = false;
}
