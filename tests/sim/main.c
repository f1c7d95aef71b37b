/* sim — runs a range of seeds and says which promises were broken.
 *
 *     sim 1 1000            a thousand seeds on all processors
 *     sim --trace 17        the whole story of one
 *     sim --plants 40       which planted bugs the first 40 seeds find (in the build that has them)
 */
#include "sim/sim.h"

#include "base/plant.h"
#include "sim/chance.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

enum {
    JOBS_MAX = 64,
    FAILED_SHOWN = 10,
    SEEDS_A_PLANT = 1000,
    PLANTS_FOUND_MIN = 20,
    KEYS_SEED = 20090519,
    SEED_SECONDS_MAX = 120
};

struct asked {
    uint64_t from;
    uint64_t until;
    unsigned jobs;
    bool trace;
    bool plants;
    int plant; /* -1 = none */
};

/* What one process found out. */
struct result {
    struct tally tally;
    uint64_t failed;
    uint64_t first_failed; /* 0 = none */
    uint64_t digest;
};

static struct country country;
static struct sim sim;

static char running[64]; /* what to say when the seed being run does not end */

static void too_long(int signal)
{
    (void)signal;
    ssize_t n = write(STDERR_FILENO, running, strlen(running));
    _exit(n < 0 ? EXIT_FAILURE + 1 : EXIT_FAILURE);
}

/* A run that does not end is a finding too. */
static bool run_seed(uint64_t seed, FILE *trace)
{
    (void)snprintf(running, sizeof running, "sim: seed %llu does not end\n", (unsigned long long)seed);
    (void)alarm(SEED_SECONDS_MAX);
    bool held = sim_run(&sim, &country, seed, trace);
    (void)alarm(0);
    return held;
}

static void add(struct tally *sum, const struct tally *one)
{
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)one;
    for (size_t i = 0; i < sizeof *sum / sizeof *to; i++)
        to[i] += from[i];
}

static void report(const struct sim *run)
{
    options_print(&run->options, stdout);
    (void)printf("  after %llu events: %s\n", (unsigned long long)run->tally.events, run->why);
    (void)fflush(stdout);
}

/* Every jobs-th seed of the range. */
static struct result run_share(const struct asked *asked, unsigned share)
{
    struct result result = {0};
    for (uint64_t seed = asked->from + share; seed <= asked->until; seed += asked->jobs) {
        bool held = run_seed(seed, asked->trace ? stdout : NULL);
        add(&result.tally, &sim.tally);
        result.digest ^= sim.digest * (2 * seed + 1);
        if (held)
            continue;
        if (result.failed++ < FAILED_SHOWN)
            report(&sim);
        if (result.first_failed == 0)
            result.first_failed = seed;
    }
    return result;
}

static bool read_whole(int fd, void *out, size_t size_bytes)
{
    for (unsigned char *at = out; size_bytes > 0;) {
        ssize_t n = read(fd, at, size_bytes);
        if (n <= 0 && errno != EINTR)
            return false;
        at += n > 0 ? n : 0;
        size_bytes -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static int start_share(const struct asked *asked, unsigned share)
{
    int ends[2];
    if (pipe(ends) < 0)
        return -1;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct result result = run_share(asked, share);
        ssize_t n = write(ends[1], &result, sizeof result);
        _exit(n == (ssize_t)sizeof result ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    (void)close(ends[1]);
    if (child < 0) {
        (void)close(ends[0]);
        return -1;
    }
    return ends[0];
}

static bool run_range(const struct asked *asked, struct result *out)
{
    int shares[JOBS_MAX];
    bool whole = true;
    *out = (struct result){0};
    if (asked->jobs == 1) {
        *out = run_share(asked, 0);
        return true;
    }
    for (unsigned i = 0; i < asked->jobs; i++)
        shares[i] = start_share(asked, i);
    for (unsigned i = 0; i < asked->jobs; i++) {
        struct result part;
        if (shares[i] < 0 || !read_whole(shares[i], &part, sizeof part)) {
            (void)fprintf(stderr, "sim: a process ended without its result\n");
            whole = false;
            continue;
        }
        (void)close(shares[i]);
        add(&out->tally, &part.tally);
        out->failed += part.failed;
        out->digest ^= part.digest;
        if (part.first_failed && (!out->first_failed || part.first_failed < out->first_failed))
            out->first_failed = part.first_failed;
    }
    while (wait(NULL) > 0)
        ;
    return whole;
}

static void summarise(const struct asked *asked, const struct result *result)
{
    const struct tally *t = &result->tally;
    (void)printf("%llu seeds, %llu failed; digest %016llx\n",
                 (unsigned long long)(asked->until - asked->from + 1), (unsigned long long)result->failed,
                 (unsigned long long)result->digest);
    (void)printf(
        "  %llu simulated days, %llu events, %llu requests (%llu lost, %llu repeated), %llu power cuts\n",
        (unsigned long long)(t->simulated_ms / 86400000), (unsigned long long)t->events,
        (unsigned long long)t->requests, (unsigned long long)t->lost, (unsigned long long)t->repeated,
        (unsigned long long)t->power_cuts);
    (void)printf("  %llu asked for, %llu refused, %llu acts made, %llu transfers, %llu hostile messages, "
                 "%llu duties looked at\n",
                 (unsigned long long)t->submitted, (unsigned long long)t->refused,
                 (unsigned long long)t->acts, (unsigned long long)t->transfers,
                 (unsigned long long)t->hostile, (unsigned long long)t->duties);
}

static int run_seeds(const struct asked *asked)
{
    struct result result;
    bool whole = run_range(asked, &result);
    summarise(asked, &result);
    if (result.first_failed && !asked->trace) {
        (void)printf("the story of seed %llu:\n", (unsigned long long)result.first_failed);
        (void)run_seed(result.first_failed, stdout);
    }
    return whole && result.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#ifdef FENGSUI_PLANT
/* The first seed that finds it; 0 = none. */
static uint64_t find_plant(enum plant plant, uint64_t until)
{
    uint64_t seed = 1;
    plant_set(plant, true);
    while (seed <= until && run_seed(seed, NULL))
        seed++;
    plant_set(plant, false);
    return seed <= until ? seed : 0;
}

static int run_plants(const struct asked *asked)
{
    unsigned found = 0;
    uint64_t until = asked->until > 0 ? asked->until : SEEDS_A_PLANT;
    for (int i = 0; i < PLANT_COUNT; i++) {
        uint64_t seed = find_plant((enum plant)i, until);
        (void)printf("%s: %s\n", plant_name((enum plant)i), plant_what((enum plant)i));
        if (seed)
            (void)printf("    seed %llu: %s\n", (unsigned long long)seed, sim.why);
        else
            (void)printf("    NOT FOUND in %llu seeds\n", (unsigned long long)until);
        (void)fflush(stdout);
        found += seed != 0;
    }
    (void)printf("%d planted bugs, %u found, at least %d wanted\n", PLANT_COUNT, found, PLANTS_FOUND_MIN);
    return found >= PLANTS_FOUND_MIN ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void set_plant(int plant)
{
    if (plant >= 0)
        plant_set((enum plant)plant, true);
}
#else
static int run_plants(const struct asked *asked)
{
    (void)asked;
    (void)fprintf(stderr, "sim: this build has no planted bugs; sim-planted has\n");
    return EXIT_FAILURE;
}

static void set_plant(int plant)
{
    (void)plant;
}
#endif

static int usage(void)
{
    (void)fprintf(stderr, "usage: sim [--jobs N] [--trace] [--plant NAME] FROM [UNTIL]\n"
                          "       sim-planted --plants [SEEDS]\n");
    return 2;
}

static bool number(const char *text, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *text && !*end && errno == 0;
}

static int plant_of(const char *name)
{
    for (int i = 0; i < PLANT_COUNT; i++)
        if (strcmp(plant_name((enum plant)i), name) == 0)
            return i;
    return -1;
}

static bool read_words(int argc, char **argv, struct asked *out)
{
    uint64_t given[2];
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        uint64_t jobs = 0;
        if (strcmp(argv[i], "--trace") == 0) {
            out->trace = true;
        } else if (strcmp(argv[i], "--plants") == 0) {
            out->plants = true;
        } else if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc && number(argv[++i], &jobs) &&
                   jobs <= JOBS_MAX) {
            out->jobs = (unsigned)jobs;
        } else if (strcmp(argv[i], "--plant") == 0 && i + 1 < argc) {
            out->plant = plant_of(argv[++i]);
            if (out->plant < 0)
                return false;
        } else if (count == 2 || !number(argv[i], &given[count++])) {
            return false;
        }
    }
    out->from = count > 0 ? given[0] : 0;
    out->until = count > 1 ? given[1] : out->from; /* with --plants: how many seeds a bug */
    if (out->trace || out->jobs == 0)
        out->jobs = 1;
    return out->plants || (count > 0 && out->from <= out->until);
}

int main(int argc, char **argv)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct asked asked = {.plant = -1, .jobs = processors > JOBS_MAX ? JOBS_MAX : (unsigned)processors};
    if (!read_words(argc, argv, &asked))
        return usage();
    (void)signal(SIGALRM, too_long);
    chance_take_over(KEYS_SEED);
    country_open(&country);
    set_plant(asked.plant);
    int rc = asked.plants ? run_plants(&asked) : run_seeds(&asked);
    country_close(&country);
    return rc;
}
