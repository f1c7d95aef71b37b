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

int main(int argc, char **argv)
{
    struct names guarded;
    struct names seen;
    struct names good = {.bytes = NULL};
    struct lookalike *lookalike = NULL;
    enum imitation how;
    if (argc < 3 || !read_names(argv[1], &guarded) || !read_names(argv[2], &seen) ||
        (argc > 3 && !read_names(argv[3], &good)))
        return 2;
    enum errc rc = lookalike_new(&lookalike, NULL);
    for (size_t i = 0; i < guarded.count && rc == ERR_OK; i++)
        rc = lookalike_protect(lookalike, guarded.at[i], NULL);
    for (size_t i = 0; i < good.count && rc == ERR_OK; i++)
        rc = lookalike_allow(lookalike, good.at[i], NULL);
    if (rc < 0)
        return 1;
    size_t hits = 0;
    double begun = cpu_s();
    for (size_t i = 0; i < seen.count; i++)
        hits += lookalike_find(lookalike, seen.at[i], &how) != NULL;
    double spent = cpu_s() - begun;
    for (size_t i = 0; i < seen.count; i++)
        if (!lookalike_find(lookalike, seen.at[i], &how))
            (void)fprintf(stderr, "%.*s\n", (int)seen.at[i].n, seen.at[i].p);
    (void)printf("{\"names\":%zu,\"imitate\":%zu,\"ns_a_name\":%.0f}\n", seen.count, hits,
                 spent * 1e9 / (double)(seen.count ? seen.count : 1));
    lookalike_free(lookalike);
    free(guarded.bytes);
    free(guarded.at);
    free(seen.bytes);
    free(seen.at);
    free(good.bytes);
    free(good.at);
    return 0;
}
