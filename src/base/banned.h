/* base/banned.h — calls that have a better way here; the build forces this file into every translation unit.
 *
 * Each call is declared as unavailable, so that using it, or taking its address, is an error that says
 * what to use instead. What libc may define inline is declared before its headers, since a compiler takes
 * no attribute after a definition; what needs their types, after them.
 *
 * Layer    base.
 * Tests    tests/gates/test_banned.py
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdarg.h>
#include <stddef.h>

#define BANNED(instead) __attribute__((unavailable(instead)))

/* Copies whose room nobody checks. */
char *strcpy(char *to, const char *from) BANNED("use snprintf, arena_strdup or struct buf");
char *strcat(char *to, const char *from) BANNED("use snprintf or struct buf");
char *strncpy(char *to, const char *from, size_t size) BANNED("leaves no NUL: use snprintf");
char *strncat(char *to, const char *from, size_t size) BANNED("use snprintf or struct buf");
char *stpcpy(char *to, const char *from) BANNED("use snprintf or struct buf");
int sprintf(char *to, const char *fmt, ...) BANNED("use snprintf");
int vsprintf(char *to, const char *fmt, va_list args) BANNED("use vsnprintf");

/* Readers that cannot say that the text was no number. */
int atoi(const char *text) BANNED("use strtoll and check its end");
long atol(const char *text) BANNED("use strtoll and check its end");
long long atoll(const char *text) BANNED("use strtoll and check its end");
double atof(const char *text) BANNED("use strtod and check its end");

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Macros instead of functions, with _FORTIFY_SOURCE. */
#undef sprintf
#undef vsprintf

int scanf(const char *fmt, ...) BANNED("overflows silently: write a reader");
int sscanf(const char *text, const char *fmt, ...) BANNED("overflows silently: write a reader");
int fscanf(FILE *in, const char *fmt, ...) BANNED("overflows silently: write a reader");

/* Hidden state: the environment is injected (base/env.h), dates do not depend on TZ (base/civil.h). */
char *strtok(char *text, const char *set) BANNED("use strcspn or strsep");
int rand(void) BANNED("use env_random");
void srand(unsigned seed) BANNED("use env_random");
long random(void) BANNED("use env_random");
void srandom(unsigned seed) BANNED("use env_random");
double drand48(void) BANNED("use env_random");
time_t time(time_t *out) BANNED("use env_now_ms");
struct tm *localtime(const time_t *at) BANNED("use base/civil.h");
struct tm *localtime_r(const time_t *at, struct tm *out) BANNED("use base/civil.h");
struct tm *gmtime(const time_t *at) BANNED("use base/civil.h");
time_t mktime(struct tm *at) BANNED("use base/civil.h");
char *ctime(const time_t *at) BANNED("use base/civil.h");
char *asctime(const struct tm *at) BANNED("use base/civil.h");

/* Races and shells. */
char *tmpnam(char out[L_tmpnam]) BANNED("use mkstemp");
char *tempnam(const char *folder, const char *prefix) BANNED("use mkstemp");
char *mktemp(char *form) BANNED("use mkstemp");
int system(const char *line) BANNED("use posix_spawn with a list of words");
FILE *popen(const char *line, const char *mode) BANNED("use posix_spawn with a list of words");

#undef BANNED

#endif
