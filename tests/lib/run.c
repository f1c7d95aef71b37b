#include "lib/run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reads to the end, so that the program never waits for us; what does not fit is dropped. */
static void take(int fd, char *out, size_t out_bytes)
{
    char bytes[4096];
    size_t used = 0;
    for (ssize_t n = read(fd, bytes, sizeof bytes); n > 0; n = read(fd, bytes, sizeof bytes)) {
        size_t room = out_bytes > used + 1 ? out_bytes - used - 1 : 0;
        size_t keep = (size_t)n < room ? (size_t)n : room;
        if (keep > 0)
            memcpy(out + used, bytes, keep);
        used += keep;
    }
    if (out_bytes > 0)
        out[used] = '\0';
}

int run_program(const char *const *words, char *out, size_t out_bytes)
{
    int ends[2];
    int status = 0;
    if (pipe(ends) < 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execvp(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    (void)close(ends[1]);
    take(ends[0], out, out ? out_bytes : 0);
    (void)close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}
