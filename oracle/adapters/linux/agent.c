/*
 * An agent that runs as a program on the Linux under test and speaks the vocabulary of programs
 * (docs/processes.md): it maps memory with PROT_MTE, executes tag instructions, forks, has pages
 * swapped out, and tells what it saw.
 *
 * The dispatcher reads one request from each line and hands operations to workers, one process for
 * each name; a fork of a worker is the next one. Places of memory are chosen here, so that the same
 * requests have the same answers. Built static, it needs nothing of the guest but /proc.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PROT_MTE
#define PROT_MTE 0x20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#define EXPOSE_TAGBITS 0x800
#define HWCAP2_MTE3_BIT (1UL << 22)
#define CONTROL_ENABLE 1UL
#define CONTROL_SYNC 2UL
#define CONTROL_ASYNC 4UL
#define CONTROL_TAGS 3

enum {
	MOST_WORKERS = 4,
	MOST_NAME = 32,
	LINE = 1 << 16,
	PAGE = 4096,
	GRANULE = 16,
	ASYNC_FAULT = 8,
	PEEK_TAGS = 33,
	POKE_TAGS = 34,
};

/* Apart by more than any mapping is long. */
static const uintptr_t first_place = 0x1000000000UL, between_places = 16UL << 20;

/* --- requests: flat JSON without blanks, each name once ---------------------------------------- */

static const char *field(const char *line, const char *name)
{
	char key[MOST_NAME + 4];
	const char *at;

	snprintf(key, sizeof key, "\"%s\":", name);
	at = strstr(line, key);
	return at ? at + strlen(key) : NULL;
}

static uint64_t number_of(const char *line, const char *name, uint64_t otherwise)
{
	const char *at = field(line, name);

	if (!at)
		return otherwise;
	if (!strncmp(at, "true", 4))
		return 1;
	return strtoull(*at == '"' ? at + 1 : at, NULL, 0);
}

static bool text_of(const char *line, const char *name, char *text, size_t size)
{
	const char *at = field(line, name), *end;

	if (!at || *at != '"' || !(end = strchr(at + 1, '"')) || (size_t)(end - at) > size)
		return false;
	memcpy(text, at + 1, end - at - 1);
	text[end - at - 1] = 0;
	return true;
}

static bool has_flag(const char *line, const char *flag)
{
	char quoted[MOST_NAME + 4];
	const char *at = field(line, "flags"), *end = at ? strchr(at, ']') : NULL, *found;

	snprintf(quoted, sizeof quoted, "\"%s\"", flag);
	return end && (found = strstr(at, quoted)) && found < end;
}

static int protection_of(const char *line)
{
	char letters[8] = "";
	int protection = 0;

	text_of(line, "prot", letters, sizeof letters);
	for (const char *at = letters; *at; at++)
		protection |= *at == 'r' ? PROT_READ : *at == 'w' ? PROT_WRITE :
			      *at == 'x' ? PROT_EXEC : PROT_MTE;
	return protection;
}

/* --- instructions ------------------------------------------------------------------------------ */

static uintptr_t with_tag(uintptr_t pointer, unsigned tag)
{
	return (pointer & 0x00ffffffffffffffUL) | (uintptr_t)(tag & 15) << 56;
}

#define STORE_TAG(name) \
	static void name(uintptr_t source, uintptr_t at) \
	{ \
		__asm__ volatile(#name " %0, [%1]" ::"r"(source), "r"(at) : "memory"); \
	}
STORE_TAG(stg)
STORE_TAG(stzg)
STORE_TAG(st2g)
STORE_TAG(stz2g)

static uintptr_t ldg(uintptr_t at)
{
	uintptr_t loaded = at;

	__asm__ volatile("ldg %0, [%1]" : "+r"(loaded) : "r"(at) : "memory");
	return loaded;
}

static unsigned tag_at(uintptr_t at)
{
	return ldg(at) >> 56 & 15;
}

static void override(int on)
{
	if (on)
		__asm__ volatile("msr tco, #1" ::: "memory");
	else
		__asm__ volatile("msr tco, #0" ::: "memory");
}

static uint64_t load(uintptr_t at, unsigned size)
{
	uint64_t value = 0;

	switch (size) {
	case 1: __asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(at) : "memory"); break;
	case 2: __asm__ volatile("ldrh %w0, [%1]" : "=r"(value) : "r"(at) : "memory"); break;
	case 4: __asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(at) : "memory"); break;
	default: __asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(at) : "memory");
	}
	return value;
}

static void store(uintptr_t at, unsigned size, uint64_t value)
{
	switch (size) {
	case 1: __asm__ volatile("strb %w0, [%1]" ::"r"(value), "r"(at) : "memory"); break;
	case 2: __asm__ volatile("strh %w0, [%1]" ::"r"(value), "r"(at) : "memory"); break;
	case 4: __asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(at) : "memory"); break;
	default: __asm__ volatile("str %0, [%1]" ::"r"(value), "r"(at) : "memory");
	}
}

/* --- signals ----------------------------------------------------------------------------------- */

static sigjmp_buf beyond;
static volatile bool armed;
static volatile struct {
	int signal, code;
	uintptr_t address;
	bool reported; /* a SEGV_MTEAERR came */
} caught;

static void handle(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (signal == SIGSEGV && info->si_code == ASYNC_FAULT) {
		caught.reported = true;
		return;
	}
	if (!armed)
		_exit(98);
	caught.signal = signal;
	caught.code = info->si_code;
	caught.address = (uintptr_t)info->si_addr;
	armed = false;
	siglongjmp(beyond, 1);
}

static void install(int flags)
{
	struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_NODEFER | flags};

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGILL, &action, NULL);
}

/* Runs statements; a system call at their end brings what asynchronous checks have recorded. */
#define ATTEMPT(statements) \
	do { \
		caught.signal = 0; \
		caught.reported = false; \
		if (!sigsetjmp(beyond, 1)) { \
			armed = true; \
			statements; \
			armed = false; \
		} \
		syscall(SYS_getppid); \
	} while (0)

static const char *fault_name(void)
{
	if (caught.signal == SIGILL)
		return "SIGILL";
	if (caught.signal == SIGBUS)
		return caught.code == 1 ? "BUS_ADRALN" : "BUS_ADRERR";
	return caught.code == 1 ? "SEGV_MAPERR" : caught.code == 2 ? "SEGV_ACCERR" : "SEGV_MTESERR";
}

/* --- what was seen ------------------------------------------------------------------------------ */

static char seen[LINE];
static int seen_length;

static void see(const char *format, ...)
{
	va_list arguments;

	if (seen_length > 0)
		seen[seen_length++] = ',';
	va_start(arguments, format);
	seen_length += vsnprintf(seen + seen_length, sizeof seen - seen_length, format, arguments);
	va_end(arguments);
}

static void see_signals(void)
{
	if (caught.signal)
		see("\"fault\":\"%s\",\"addr\":\"0x%lx\",\"addrTop\":%lu", fault_name(),
		    (unsigned long)(caught.address & 0x00ffffffffffffffUL),
		    (unsigned long)(caught.address >> 56));
	see("\"async\":%d", caught.reported);
}

static const char *error_name(int error)
{
	static const struct { int error; const char *name; } names[] = {
		{EPERM, "EPERM"}, {ESRCH, "ESRCH"}, {EIO, "EIO"}, {EBADF, "EBADF"}, {EAGAIN, "EAGAIN"},
		{ENOMEM, "ENOMEM"}, {EACCES, "EACCES"}, {EFAULT, "EFAULT"}, {EBUSY, "EBUSY"},
		{EEXIST, "EEXIST"}, {EINVAL, "EINVAL"}, {ERANGE, "ERANGE"}, {ENOENT, "ENOENT"},
		{EOPNOTSUPP, "EOPNOTSUPP"},
	};

	for (size_t at = 0; at < sizeof names / sizeof *names; at++)
		if (names[at].error == error)
			return names[at].name;
	return "EOTHER";
}

static void see_returned(const char *name, long returned)
{
	if (returned < 0)
		see("\"errno\":\"%s\"", error_name(errno));
	else
		see("\"%s\":%ld", name, returned);
}

static void see_pointer(void *pointer)
{
	if (pointer == MAP_FAILED)
		see("\"errno\":\"%s\"", error_name(errno));
	else
		see("\"pointer\":\"0x%lx\"", (unsigned long)pointer);
}

/* --- operations of a worker ---------------------------------------------------------------------- */

static uintptr_t next_place = first_place;

static void *fresh_place(void)
{
	uintptr_t place = next_place;

	next_place += between_places;
	return (void *)place;
}

static uint64_t pagemap(uintptr_t at)
{
	uint64_t entry = 0;
	int file = open("/proc/self/pagemap", O_RDONLY);

	if (pread(file, &entry, sizeof entry, (at & 0x00ffffffffffffffUL) / PAGE * sizeof entry) !=
	    sizeof entry)
		entry = 0;
	close(file);
	return entry;
}

static void map(const char *line)
{
	int shared = has_flag(line, "shared") ? MAP_SHARED : MAP_PRIVATE;

	see_pointer(mmap(fresh_place(), number_of(line, "len", 0), protection_of(line),
			 shared | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
}

static void remap(const char *line)
{
	void *old = (void *)number_of(line, "addr", 0);
	uint64_t from = number_of(line, "old", 0), to = number_of(line, "new", 0);
	int flags = has_flag(line, "maymove") ? MREMAP_MAYMOVE : 0;
	/* What has to move, or has no room where it is, goes to a place of our own. */
	bool moves = number_of(line, "force", 0) || to > from;

	see_pointer(moves ? mremap(old, from, to, flags | MREMAP_FIXED, fresh_place())
			  : mremap(old, from, to, flags));
}

static void advise(const char *line)
{
	static const struct { const char *name; int advice; } known[] = {
		{"dontneed", 4}, {"free", 8}, {"dontfork", 10}, {"dofork", 11}, {"mergeable", 12},
		{"wipeonfork", 18}, {"cold", 20}, {"pageout", MADV_PAGEOUT}, {"normal", 0},
	};
	char name[MOST_NAME] = "";
	int advice = -1;

	text_of(line, "advice", name, sizeof name);
	for (size_t at = 0; at < sizeof known / sizeof *known; at++)
		if (!strcmp(known[at].name, name))
			advice = known[at].advice;
	see_returned("ret", madvise((void *)number_of(line, "addr", 0), number_of(line, "len", 0), advice));
}

static void control(const char *line)
{
	char mode[MOST_NAME] = "none";
	unsigned long word = number_of(line, "enable", 1) ? CONTROL_ENABLE : 0;

	text_of(line, "tcf", mode, sizeof mode);
	word |= strstr(mode, "async") ? CONTROL_ASYNC : 0;
	word |= !strncmp(mode, "sync", 4) ? CONTROL_SYNC : 0;
	word |= (number_of(line, "incl", 0) & 0xffff) << CONTROL_TAGS;
	see_returned("ret", prctl(PR_SET_TAGGED_ADDR_CTRL, word, 0, 0, 0));
}

static void page_out(const char *line)
{
	uintptr_t from = number_of(line, "addr", 0) & ~(uintptr_t)(PAGE - 1);
	uint64_t length = number_of(line, "len", PAGE);
	int swapped = 0, present = 0;

	madvise((void *)from, length, MADV_PAGEOUT);
	for (uintptr_t at = from; at < from + length; at += PAGE) {
		uint64_t entry = pagemap(at);

		swapped += entry >> 62 & 1;
		present += entry >> 63 & 1;
	}
	see("\"swapped\":%d", swapped > 0 && present == 0);
}

static void write_pipe(const char *line)
{
	int ends[2];

	if (pipe(ends)) {
		see("\"errno\":\"%s\"", error_name(errno));
		return;
	}
	see_returned("ret", write(ends[1], (void *)number_of(line, "addr", 0), number_of(line, "len", 0)));
	close(ends[0]);
	close(ends[1]);
}

static void access_memory(const char *op, const char *line)
{
	uintptr_t at = number_of(line, "addr", 0);
	unsigned size = number_of(line, "size", 8);
	uint64_t length = number_of(line, "len", 0), byte = number_of(line, "byte", 0);
	volatile uint64_t count = 0, value = 0;

	if (!strcmp(op, "load"))
		ATTEMPT(value = load(at, size));
	else if (!strcmp(op, "store"))
		ATTEMPT(store(at, size, number_of(line, "value", 0)));
	else if (!strcmp(op, "fill"))
		ATTEMPT(for (; count < length; count++) store(at + count, 1, byte));
	else
		ATTEMPT(for (; count < length; count++) load(at + count, 1));
	see_signals();
	if (!strcmp(op, "fill") || !strcmp(op, "scan"))
		see("\"count\":%lu", (unsigned long)count);
	else if (!strcmp(op, "load") && !caught.signal)
		see("\"val\":\"0x%lx\"", (unsigned long)value);
}

static void look(const char *op, const char *line)
{
	uintptr_t at = number_of(line, "addr", 0);
	uint64_t length = number_of(line, "len", 0), byte = number_of(line, "byte", 0);
	static unsigned char bytes[PAGE];
	volatile uint64_t done = 0;

	if (length > sizeof bytes)
		length = sizeof bytes;
	override(1);
	if (!strcmp(op, "peek"))
		ATTEMPT(for (; done < length; done++) bytes[done] = load(at + done, 1));
	else
		ATTEMPT(for (; done < length; done++) store(at + done, 1, byte));
	override(0);
	see_signals();
	if (caught.signal || strcmp(op, "peek"))
		return;
	see("\"data\":\"");
	for (uint64_t each = 0; each < length; each++)
		seen_length += sprintf(seen + seen_length, "%02x", bytes[each]);
	seen[seen_length++] = '"';
}

static void access_tags(const char *op, const char *line)
{
	uintptr_t at = number_of(line, "addr", 0), source = number_of(line, "src", at);
	uint64_t granules = number_of(line, "n", 0);
	uint64_t length = number_of(line, "len", 0);
	static unsigned char tags[PAGE];
	volatile uint64_t done = 0;
	volatile uintptr_t loaded = 0;

	if (!strcmp(op, "tags")) {
		ATTEMPT(for (; done < granules && done < PAGE; done++) tags[done] = tag_at(at + GRANULE * done));
		see_signals();
		if (caught.signal)
			return;
		see("\"tags\":\"");
		for (uint64_t each = 0; each < granules; each++)
			seen_length += sprintf(seen + seen_length, "%x", tags[each]);
		seen[seen_length++] = '"';
		return;
	}
	if (!strcmp(op, "settags"))
		ATTEMPT(for (; done * GRANULE < length; done++)
				stg(with_tag(at, number_of(line, "tag", 0)), at + GRANULE * done));
	else if (!strcmp(op, "ldg"))
		ATTEMPT(loaded = ldg(at));
	else if (!strcmp(op, "stg"))
		ATTEMPT(stg(source, at));
	else if (!strcmp(op, "stzg"))
		ATTEMPT(stzg(source, at));
	else if (!strcmp(op, "st2g"))
		ATTEMPT(st2g(source, at));
	else
		ATTEMPT(stz2g(source, at));
	see_signals();
	if (!strcmp(op, "ldg") && !caught.signal)
		see("\"tag\":%lu", (unsigned long)(loaded >> 56 & 15));
}

static void draw_tag(const char *line)
{
	uintptr_t drawn, source = number_of(line, "src", 0);
	uint64_t exclude = number_of(line, "excl", 0);

	__asm__ volatile("irg %0, %1, %2" : "=r"(drawn) : "r"(source), "r"(exclude));
	see("\"pointer\":\"0x%lx\"", (unsigned long)drawn);
}

static void expose(const char *line)
{
	install(number_of(line, "v", 0) ? EXPOSE_TAGBITS : 0);
	see("\"ret\":0");
}

static const char *const accesses = " load store fill scan ";
static const char *const looks = " peek poke ";
static const char *const tag_accesses = " tags settags ldg stg stzg st2g stz2g ";

static bool is_in(const char *op, const char *list)
{
	char word[MOST_NAME + 3];

	snprintf(word, sizeof word, " %s ", op);
	return strstr(list, word) != NULL;
}

/* What is seen of one operation; false: it is not known. */
static bool operate(const char *op, const char *line)
{
	void *at = (void *)number_of(line, "addr", 0);
	uint64_t length = number_of(line, "len", 0);

	if (is_in(op, accesses)) access_memory(op, line);
	else if (is_in(op, looks)) look(op, line);
	else if (is_in(op, tag_accesses)) access_tags(op, line);
	else if (!strcmp(op, "mmap")) map(line);
	else if (!strcmp(op, "mremap")) remap(line);
	else if (!strcmp(op, "munmap")) see_returned("ret", munmap(at, length));
	else if (!strcmp(op, "mprotect")) see_returned("ret", mprotect(at, length, protection_of(line)));
	else if (!strcmp(op, "madvise")) advise(line);
	else if (!strcmp(op, "prctl")) control(line);
	else if (!strcmp(op, "getprctl")) see_returned("val", prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
	else if (!strcmp(op, "pageout")) page_out(line);
	else if (!strcmp(op, "present")) see("\"present\":%d", (int)(pagemap((uintptr_t)at) >> 63 & 1));
	else if (!strcmp(op, "syspipe")) write_pipe(line);
	else if (!strcmp(op, "irg")) draw_tag(line);
	else if (!strcmp(op, "exposetag")) expose(line);
	else return false;
	return true;
}

/* --- workers: the dispatcher's end of each channel is 0, the worker's 1 --------------------------- */

static int channel[MOST_WORKERS][2];
static char name_of[MOST_WORKERS][MOST_NAME];
static pid_t pid_of[MOST_WORKERS];
static int workers;

/* A line without its end; what comes after it waits in `rest`. */
static bool read_line(int file, char *rest, int *length, char *line)
{
	for (;;) {
		char *end = memchr(rest, '\n', *length);
		int got;

		if (end) {
			int used = end + 1 - rest;

			memcpy(line, rest, used - 1);
			line[used - 1] = 0;
			memmove(rest, rest + used, *length - used);
			*length -= used;
			return true;
		}
		got = read(file, rest + *length, LINE - *length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		*length += got;
	}
}

static void write_all(int file, const char *text, int length)
{
	for (int at = 0; at < length;) {
		int wrote = write(file, text + at, length - at);

		if (wrote <= 0)
			_exit(1);
		at += wrote;
	}
}

static void work(int me)
{
	static char rest[LINE], line[LINE + 1];
	int length = 0;

	install(0);
	while (read_line(channel[me][1], rest, &length, line)) {
		char op[MOST_NAME] = "";

		seen_length = 0;
		text_of(line, "op", op, sizeof op);
		if (!strcmp(op, "fork")) {
			int child = number_of(line, "child", 0);
			pid_t pid = fork();

			if (pid == 0) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				me = child;
				length = 0;
				continue;
			}
			see("\"pid\":%d", pid);
		} else if (!operate(op, line))
			seen_length = sprintf(seen, "?");
		seen[seen_length++] = '\n';
		write_all(channel[me][1], seen, seen_length);
	}
	_exit(0);
}

static const char *swap_device;
static bool swap_is_off;

static void begin(void)
{
	for (int at = workers - 1; at >= 0; at--)
		kill(pid_of[at], SIGKILL);
	while (wait(NULL) > 0)
		;
	for (int at = 0; at < MOST_WORKERS; at++) {
		if (workers > 0) {
			close(channel[at][0]);
			close(channel[at][1]);
		}
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, channel[at]))
			_exit(3);
	}
	if (swap_is_off && swap_device)
		swap_is_off = swapon(swap_device, 0) != 0;
	workers = 1;
	strcpy(name_of[0], "p");
	pid_of[0] = fork();
	if (pid_of[0] == 0)
		work(0);
}

static int worker_named(const char *name)
{
	for (int at = 0; at < workers; at++)
		if (!strcmp(name_of[at], name))
			return at;
	return -1;
}

/* What a worker answers to a line. */
static bool ask(int worker, const char *line, char *answer)
{
	static char rest[LINE];
	int length = 0;

	write_all(channel[worker][0], line, strlen(line));
	write_all(channel[worker][0], "\n", 1);
	return read_line(channel[worker][0], rest, &length, answer);
}

/* --- what the dispatcher does itself ---------------------------------------------------------------- */

/* PTRACE_PEEKMTETAGS and PTRACE_POKEMTETAGS of a worker that stands still for as long. */
static void trace(const char *op, const char *by, const char *line)
{
	char name[MOST_NAME] = "", digits[MOST_NAME * 2] = "";
	unsigned char tags[MOST_NAME] = {0};
	uint64_t granules = number_of(line, "n", 1);
	int request = strcmp(op, "peektags") ? POKE_TAGS : PEEK_TAGS, worker, status, error;
	struct iovec tagged = {tags, granules < sizeof tags ? granules : sizeof tags};
	long failed;

	text_of(line, "pid", name, sizeof name);
	worker = worker_named(name);
	text_of(line, "tags", digits, sizeof digits);
	for (size_t at = 0; request == POKE_TAGS && at < tagged.iov_len && digits[at]; at++)
		tags[at] = strtoul((char[]){digits[at], 0}, NULL, 16);
	if (!strcmp(name, by)) {
		see("\"errno\":\"EPERM\"");
		return;
	}
	if (worker < 0 || ptrace(PTRACE_SEIZE, pid_of[worker], 0, 0) ||
	    ptrace(PTRACE_INTERRUPT, pid_of[worker], 0, 0)) {
		see("\"errno\":\"ESRCH\"");
		return;
	}
	waitpid(pid_of[worker], &status, __WALL);
	failed = ptrace(request, pid_of[worker], number_of(line, "addr", 0), &tagged);
	error = errno;
	ptrace(PTRACE_DETACH, pid_of[worker], 0, 0);
	if (failed) {
		see("\"errno\":\"%s\"", error_name(error));
		return;
	}
	if (request == POKE_TAGS) {
		see("\"n\":%zu", tagged.iov_len);
		return;
	}
	see("\"tags\":\"");
	for (size_t at = 0; at < tagged.iov_len; at++)
		seen_length += sprintf(seen + seen_length, "%x", tags[at]);
	seen[seen_length++] = '"';
}

/* The worker that forks, and the one that comes of it. */
static bool fork_worker(int worker, const char *line)
{
	static char asked[MOST_NAME * 2], answer[LINE + 1];

	if (workers == MOST_WORKERS || !text_of(line, "as", name_of[workers], MOST_NAME))
		return false;
	snprintf(asked, sizeof asked, "{\"op\":\"fork\",\"child\":%d}", workers);
	if (!ask(worker, asked, answer))
		return false;
	pid_of[workers] = number_of(answer, "pid", 0);
	workers++;
	see("\"ok\":1");
	return true;
}

static bool swap_switched(const char *op)
{
	long failed;

	if (!swap_device)
		return false;
	failed = strcmp(op, "swapoff") ? swapon(swap_device, 0) : swapoff(swap_device);
	if (!failed)
		swap_is_off = !strcmp(op, "swapoff");
	see_returned("ret", failed);
	return true;
}

/* Fills `seen`; false: it is not done. */
static bool dispatched(const char *line)
{
	char op[MOST_NAME] = "", by[MOST_NAME] = "p";
	int worker;

	text_of(line, "op", op, sizeof op);
	text_of(line, "proc", by, sizeof by);
	worker = worker_named(by);
	seen_length = 0;
	if (worker < 0)
		return false;
	if (!strcmp(op, "peektags") || !strcmp(op, "poketags")) {
		trace(op, by, line);
		return true;
	}
	if (!strcmp(op, "swapoff") || !strcmp(op, "swapon"))
		return swap_switched(op);
	if (!strcmp(op, "fork"))
		return fork_worker(worker, line);
	if (!ask(worker, line, seen))
		_exit(4);
	seen_length = strlen(seen);
	return strcmp(seen, "?") != 0;
}

static const char *const operations =
	"\"load\",\"store\",\"fill\",\"scan\",\"peek\",\"poke\",\"tags\",\"settags\",\"ldg\",\"stg\","
	"\"stzg\",\"st2g\",\"stz2g\",\"irg\",\"mmap\",\"munmap\",\"mprotect\",\"mremap\",\"madvise\","
	"\"prctl\",\"getprctl\",\"exposetag\",\"syspipe\",\"fork\",\"pageout\",\"present\",\"peektags\","
	"\"poketags\"";

static void hello(void)
{
	struct utsname system;
	bool asymmetric = getauxval(AT_HWCAP2) & HWCAP2_MTE3_BIT;

	uname(&system);
	printf("{\"type\":\"hello\",\"protocol\":\"mte-oracle/adapter\",\"version\":1,"
	       "\"vocabulary\":\"process\",\"name\":\"Linux %s\",\"capabilities\":{\"kernel\":\"%s\","
	       "\"cpu\":\"%s\",\"processes\":%d,\"memory\":[\"private\",\"shared\"],"
	       "\"operations\":[%s%s]}}\n",
	       system.release, system.release, asymmetric ? "mte3" : "mte2", MOST_WORKERS - 1,
	       operations, swap_device ? ",\"swapoff\",\"swapon\"" : "");
}

int main(void)
{
	static char rest[LINE], line[LINE + 1];
	int length = 0;

	signal(SIGPIPE, SIG_IGN);
	swap_device = getenv("SWAPDEV");
	while (read_line(0, rest, &length, line)) {
		char type[MOST_NAME] = "";
		unsigned long id = number_of(line, "id", 0);

		text_of(line, "type", type, sizeof type);
		if (!strcmp(type, "bye"))
			break;
		if (!strcmp(type, "hello"))
			hello();
		else if (!strcmp(type, "reset")) {
			begin();
			printf("{\"type\":\"ready\",\"id\":%lu}\n", id);
		} else if (dispatched(line))
			printf("{\"type\":\"outcome\",\"id\":%lu,\"outcome\":{%.*s}}\n", id, seen_length, seen);
		else
			printf("{\"type\":\"error\",\"id\":%lu,\"error\":\"not-done\"}\n", id);
		fflush(stdout);
	}
	for (int at = 0; at < workers; at++)
		kill(pid_of[at], SIGKILL);
	return 0;
}
