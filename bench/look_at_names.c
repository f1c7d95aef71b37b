/* look_at_names PROTECTED OBSERVED [KNOWN-GOOD] — the library's own verdict on a list of names, and its cost.
 *
 * Prints the names that imitate nobody to standard error, and counts with CPU nanoseconds a name as JSON.
 */
#include "sensor/lookalike.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct names {
    char *bytes;
    size_t count;
    struct str *at;
};

static double cpu_s(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* All bytes of a file, to be freed; NULL when it cannot be read. */
static char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    char *bytes = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        *size = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*size + 1);
        if (bytes)
            *size = fread(bytes, 1, *size, file);
    }
    (void)fclose(file);
    return bytes;
}

static int read_names(const char *path, struct names *out)
{
    size_t size = 0;
    out->count = 0;
    out->bytes = read_all(path, &size);
    out->at = calloc(size / 2 + 1, sizeof *out->at);
    if (!out->bytes || !out->at)
        return 0;
    for (size_t at = 0; at < size;) {
        char *stop = memchr(out->bytes + at, '\n', size - at);
        size_t n = stop ? (size_t)(stop - out->bytes) - at : size - at;
        if (n > 0)
            out->at[out->count++] = (struct str){out->bytes + at, n};
        at += n + 1;
    }
    return 1;
}

static void free_names(struct names *names)
{
    free(names->bytes);
    free(names->at);
}

static int look(const struct names *guarded, const struct names *seen, const struct names *good)
{
    struct lookalike *lookalike = NULL;
    enum imitation how;
    enum errc rc = lookalike_new(&lookalike, NULL);
    for (size_t i = 0; i < guarded->count && rc == ERR_OK; i++)
        rc = lookalike_protect(lookalike, guarded->at[i], NULL);
    for (size_t i = 0; i < good->count && rc == ERR_OK; i++)
        rc = lookalike_allow(lookalike, good->at[i], NULL);
    if (rc < 0) {
        lookalike_free(lookalike);
        return 1;
    }
    size_t hits = 0;
    double begun = cpu_s();
    for (size_t i = 0; i < seen->count; i++)
        hits += lookalike_find(lookalike, seen->at[i], &how) != NULL;
    double spent = cpu_s() - begun;
    for (size_t i = 0; i < seen->count; i++)
        if (!lookalike_find(lookalike, seen->at[i], &how))
            (void)fprintf(stderr, "%.*s\n", (int)seen->at[i].n, seen->at[i].p);
    (void)printf("{\"names\":%zu,\"imitate\":%zu,\"ns_a_name\":%.0f}\n", seen->count, hits,
                 spent * 1e9 / (double)(seen->count ? seen->count : 1));
    lookalike_free(lookalike);
    return 0;
}

int main(int argc, char **argv)
{
    enum { GUARDED, SEEN, GOOD, LISTS };
    struct names lists[LISTS] = {0};
    int rc = argc < 3 ? 2 : 0;
    for (int i = 0; i < LISTS && i + 1 < argc && rc == 0; i++)
        rc = read_names(argv[i + 1], &lists[i]) ? 0 : 2;
    if (rc == 0)
        rc = look(&lists[GUARDED], &lists[SEEN], &lists[GOOD]);
    for (int i = 0; i < LISTS; i++)
        free_names(&lists[i]);
    return rc;
}
