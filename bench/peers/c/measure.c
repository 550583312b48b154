/*
 * Runs a command and writes to a file what it took: seconds of wall time, seconds of processor time
 * (children included), and the most kilobytes of memory. Arguments: the file, the command.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **given) {
  if (count < 3) return 2;
  struct timespec from, to;
  struct rusage used;
  int status = 0;
  clock_gettime(CLOCK_MONOTONIC, &from);
  pid_t child = fork();
  if (child == 0) {
    execvp(given[2], given + 2);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) < 0) return 2;
  clock_gettime(CLOCK_MONOTONIC, &to);
  FILE *file = fopen(given[1], "w");
  if (!file) return 2;
  fprintf(file, "%.4f %.4f %ld\n", (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9,
          used.ru_utime.tv_sec + used.ru_utime.tv_usec / 1e6 + used.ru_stime.tv_sec +
              used.ru_stime.tv_usec / 1e6,
          used.ru_maxrss);
  fclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
