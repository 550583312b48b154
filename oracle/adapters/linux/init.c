/*
 * The first process of the guest that the agent runs in: mounts what it needs, loads modules, makes
 * swap on zram, and gives the agent the port to the host as stdin and stdout. Then power off.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, SIGNATURE_AT = 4086, TRIES = 500, MICROSECONDS = 10000 };

static const char *const port = "/dev/vport0p1", *const swap_device = "/dev/zram0";

static void put(const char *file, const char *text)
{
	int opened = open(file, O_WRONLY);

	if (opened < 0 || write(opened, text, strlen(text)) < 0)
		perror(file);
	close(opened);
}

/* In the order in which the archive lists them: dependencies first. */
static void load_modules(void)
{
	char name[200], path[256];
	FILE *order = fopen("/modules/order", "r");

	while (order && fgets(name, sizeof name, order)) {
		int file;

		name[strcspn(name, "\n")] = 0;
		snprintf(path, sizeof path, "/modules/%s", name);
		file = open(path, O_RDONLY);
		if (file < 0 || syscall(SYS_finit_module, file, "", 0))
			perror(path);
		close(file);
	}
}

static void wait_for(const char *file)
{
	for (int tried = 0; tried < TRIES && access(file, F_OK); tried++)
		usleep(MICROSECONDS);
}

static int swap_on(void)
{
	static char header[PAGE];
	uint32_t *words = (uint32_t *)(header + 1024);
	int file;

	put("/sys/block/zram0/disksize", "67108864");
	wait_for(swap_device);
	file = open(swap_device, O_RDWR);
	if (file < 0)
		return -1;
	words[0] = 1;
	words[1] = lseek(file, 0, SEEK_END) / PAGE - 1;
	memcpy(header + SIGNATURE_AT, "SWAPSPACE2", 10);
	if (pwrite(file, header, PAGE, 0) != PAGE)
		perror(swap_device);
	fsync(file);
	close(file);
	put("/proc/sys/vm/page-cluster", "0");
	return swapon(swap_device, 0);
}

int main(void)
{
	int console, status;
	pid_t agent;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	console = open("/dev/console", O_RDWR);
	dup2(console, 1);
	dup2(console, 2);
	load_modules();
	if (swap_on() == 0)
		setenv("SWAPDEV", swap_device, 1);
	else
		perror("swapon");
	agent = fork();
	if (agent == 0) {
		int host;

		wait_for(port);
		host = open(port, O_RDWR);
		dup2(host, 0);
		dup2(host, 1);
		execl("/agent", "agent", NULL);
		_exit(127);
	}
	waitpid(agent, &status, 0);
	reboot(RB_POWER_OFF);
	return 0;
}
