/*
 * A tag-storage manager behind a cache of clean pages, and its adapter: one file to copy from.
 *
 * Tags of a page lie in its storage page. While no page that it serves is tagged, a storage page may
 * hold the copy of one clean file page (cleancache). Whoever needs the storage for tags claims it:
 * the copy is dropped, nothing has to be moved and nothing can fail.
 *
 * The upper half is the manager, as plain as one can be. The lower half, from "The adapter" on, is
 * all that somebody needs who has a manager already: it reads one request from each line of stdin
 * and writes one reply for each to stdout (docs/protocol.md).
 *
 *   ./manager [--bug claim-leaves-the-copy] [--bug untagged-mapping-does-not-restore]
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_FRAMES = 16,
	MOST_GRANULES = 16,
	MOST_SLOTS = 8,
	MOST_FILES = 4,
	MOST_FILE_PAGES = 4,
	/* 32 on real hardware: the tags of so many pages fill one storage page. */
	PAGES_PER_STORAGE = 2,
	MOST_STORAGE = MOST_FRAMES / PAGES_PER_STORAGE,
	BYTES_PER_PAGE_OF_TAGS = MOST_GRANULES / 2,
	STORAGE_BYTES = PAGES_PER_STORAGE * BYTES_PER_PAGE_OF_TAGS,
	NOBODY = -1,
};

struct frame {
	bool used;
	bool tagged; /* PG_mte_tagged */
	unsigned contents;
};

enum storage_use { STORAGE_FREE, STORAGE_TAGS, STORAGE_COPY };

struct storage {
	enum storage_use use;
	int users; /* tagged pages whose tags lie here */
	unsigned char bytes[STORAGE_BYTES];
};

struct slot {
	int sharers; /* 0: free */
	bool tagged;
	unsigned char tags[MOST_GRANULES];
	unsigned contents;
};

struct file_page {
	unsigned disk;
	bool resident;
	bool dirty;
	unsigned contents;
	int copy; /* the storage page that cleancache keeps its copy in, or NOBODY */
};

static struct {
	int frames, granules, slots, files, file_pages;
} size;

static struct {
	struct frame frame[MOST_FRAMES];
	struct storage storage[MOST_STORAGE];
	struct slot slot[MOST_SLOTS];
	struct file_page file[MOST_FILES][MOST_FILE_PAGES];
	bool exists[MOST_FILES];
	bool mounted;
	int frame_of[MOST_FRAMES]; /* by handle: what a caller holds does not move when its page does */
	int victim;                /* whose copy goes when a put finds no free storage */
} now;

static struct {
	bool claim_leaves_the_copy;
	bool untagged_mapping_does_not_restore;
} bug;

static void note(const char *format, ...);

/* --- tags, inside their storage page: two to a byte ------------------------------------------ */

static unsigned char *tag_byte(int frame, int granule)
{
	int offset = frame % PAGES_PER_STORAGE * BYTES_PER_PAGE_OF_TAGS + granule / 2;

	return &now.storage[frame / PAGES_PER_STORAGE].bytes[offset];
}

static int load_tag(int frame, int granule)
{
	return *tag_byte(frame, granule) >> granule % 2 * 4 & 15;
}

static void store_tag(int frame, int granule, int tag)
{
	unsigned char *byte = tag_byte(frame, granule);
	int shift = granule % 2 * 4;

	*byte = (unsigned char)((*byte & ~(15 << shift)) | tag << shift);
}

/* --- cleancache: copies of clean file pages in storage that no tags need --------------------- */

static void forget_copy(struct file_page *page)
{
	if (page->copy == NOBODY)
		return;
	if (now.storage[page->copy].use == STORAGE_COPY)
		now.storage[page->copy].use = STORAGE_FREE;
	page->copy = NOBODY;
}

static void drop_copy_in(int storage)
{
	for (int file = 0; file < size.files; file++)
		for (int index = 0; index < size.file_pages; index++)
			if (now.file[file][index].copy == storage) {
				note("drop_copy_in(%d): file %d page %d", storage, file, index);
				forget_copy(&now.file[file][index]);
			}
}

static int storage_for_a_copy(void)
{
	int pages = (size.frames + PAGES_PER_STORAGE - 1) / PAGES_PER_STORAGE;

	for (int storage = 0; storage < pages; storage++)
		if (now.storage[storage].use == STORAGE_FREE)
			return storage;
	for (int tried = 0; tried < pages; tried++) {
		int storage = now.victim++ % pages;

		if (now.storage[storage].use == STORAGE_COPY)
			return storage;
	}
	return NOBODY;
}

static void cleancache_put(int file, int index, unsigned contents)
{
	int storage = storage_for_a_copy();

	forget_copy(&now.file[file][index]);
	if (storage == NOBODY)
		return;
	drop_copy_in(storage);
	now.storage[storage].use = STORAGE_COPY;
	memcpy(now.storage[storage].bytes, &contents, sizeof contents);
	now.file[file][index].copy = storage;
	note("cleancache_put(%d, %d): into storage %d", file, index, storage);
}

static bool cleancache_get(int file, int index, unsigned *contents)
{
	int storage = now.file[file][index].copy;

	if (storage == NOBODY)
		return false;
	memcpy(contents, now.storage[storage].bytes, sizeof *contents);
	forget_copy(&now.file[file][index]);
	note("cleancache_get(%d, %d): hit in storage %d", file, index, storage);
	return true;
}

/* --- claims: storage for the tags of a frame -------------------------------------------------- */

static void claim_storage(int frame)
{
	int number = frame / PAGES_PER_STORAGE;
	struct storage *storage = &now.storage[number];

	if (storage->use == STORAGE_COPY && !bug.claim_leaves_the_copy)
		drop_copy_in(number);
	if (storage->users++ > 0)
		return;
	note("claim_storage(%d): for frame %d", number, frame);
	storage->use = STORAGE_TAGS;
	memset(storage->bytes, 0, sizeof storage->bytes);
}

static void release_storage(int frame)
{
	struct storage *storage = &now.storage[frame / PAGES_PER_STORAGE];

	if (--storage->users == 0)
		storage->use = STORAGE_FREE;
}

static void clear_tags(int frame)
{
	for (int granule = 0; granule < size.granules; granule++)
		store_tag(frame, granule, 0);
}

static void enable_tags(int frame)
{
	if (now.frame[frame].tagged)
		return;
	claim_storage(frame);
	clear_tags(frame);
	now.frame[frame].tagged = true;
}

/* --- pages ------------------------------------------------------------------------------------ */

static int allocate_frame(void)
{
	for (int frame = 0; frame < size.frames; frame++)
		if (!now.frame[frame].used) {
			now.frame[frame].used = true;
			now.frame[frame].tagged = false;
			now.frame[frame].contents = 0;
			return frame;
		}
	return NOBODY;
}

static void free_frame(int frame)
{
	if (now.frame[frame].tagged)
		release_storage(frame);
	now.frame[frame].used = false;
}

static void copy_frame(int to, int from)
{
	now.frame[to].contents = now.frame[from].contents;
	if (!now.frame[from].tagged)
		return;
	enable_tags(to);
	for (int granule = 0; granule < size.granules; granule++)
		store_tag(to, granule, load_tag(from, granule));
}

/* The page lies elsewhere afterwards, if there is another place. */
static void migrate(int handle)
{
	int from = now.frame_of[handle];
	int to = allocate_frame();

	if (to == NOBODY)
		return;
	note("migrate: frame %d to frame %d", from, to);
	copy_frame(to, from);
	free_frame(from);
	now.frame_of[handle] = to;
}

/* --- swap ------------------------------------------------------------------------------------- */

static void save_page(struct slot *slot, int frame)
{
	slot->sharers = 1;
	slot->contents = now.frame[frame].contents;
	slot->tagged = now.frame[frame].tagged;
	for (int granule = 0; slot->tagged && granule < size.granules; granule++)
		slot->tags[granule] = (unsigned char)load_tag(frame, granule);
}

static void restore_page(const struct slot *slot, int frame, bool tagged_mapping)
{
	now.frame[frame].contents = slot->contents;
	if (!slot->tagged || (!tagged_mapping && bug.untagged_mapping_does_not_restore))
		return;
	enable_tags(frame);
	for (int granule = 0; granule < size.granules; granule++)
		store_tag(frame, granule, slot->tags[granule]);
	note("mte_restore_tags: onto frame %d", frame);
}

/* --- the page cache --------------------------------------------------------------------------- */

static unsigned read_file(int file, int index)
{
	struct file_page *page = &now.file[file][index];

	if (!page->resident) {
		if (!cleancache_get(file, index, &page->contents))
			page->contents = page->disk;
		page->resident = true;
		page->dirty = false;
	}
	return page->contents;
}

static void write_file(int file, int index, unsigned contents)
{
	struct file_page *page = &now.file[file][index];

	forget_copy(page);
	page->resident = page->dirty = true;
	page->contents = contents;
}

/* The disk changes beneath the page cache: direct I/O, and truncation (a hole reads as zeroes). */
static void change_disk(int file, int index, unsigned contents)
{
	struct file_page *page = &now.file[file][index];

	forget_copy(page);
	page->resident = page->dirty = false;
	page->disk = contents;
}

static void forget_file(int file, bool gone)
{
	for (int index = 0; index < size.file_pages; index++)
		change_disk(file, index, gone ? 0 : now.file[file][index].disk);
}

static bool any_dirty(void)
{
	for (int file = 0; file < size.files; file++)
		for (int index = 0; index < size.file_pages; index++)
			if (now.file[file][index].dirty)
				return true;
	return false;
}

static void begin(void)
{
	memset(&now, 0, sizeof now);
	now.mounted = true;
	for (int handle = 0; handle < MOST_FRAMES; handle++)
		now.frame_of[handle] = NOBODY;
	for (int file = 0; file < MOST_FILES; file++) {
		now.exists[file] = true;
		for (int index = 0; index < MOST_FILE_PAGES; index++)
			now.file[file][index].copy = NOBODY;
	}
}

/* --- The adapter: requests from stdin, replies to stdout -------------------------------------- */

/* What the manager did for the request at hand; it is told with the reply, for whoever reads it. */
static char notes[2048];

static void note(const char *format, ...)
{
	size_t length = strlen(notes);
	va_list arguments;

	if (length > sizeof notes - 200)
		return;
	length += (size_t)sprintf(notes + length, "%s\"", length ? "," : "");
	va_start(arguments, format);
	length += (size_t)vsprintf(notes + length, format, arguments);
	va_end(arguments);
	strcpy(notes + length, "\"");
}

/*
 * The value of a field, wherever it stands in the line. Requests hold no text of anybody's, and no
 * name twice, so that a name in quotes with a colon is that field.
 */
static const char *field(const char *line, const char *name)
{
	char wanted[40];
	const char *found;

	sprintf(wanted, "\"%.30s\":", name);
	found = strstr(line, wanted);
	return found ? found + strlen(wanted) : "";
}

static int number(const char *line, const char *name)
{
	return (int)strtol(field(line, name), NULL, 10);
}

static unsigned bytes_in(const char *line)
{
	return (unsigned)strtoul(field(line, "bytes"), NULL, 10);
}

static bool is(const char *line, const char *name, const char *value)
{
	const char *found = field(line, name);
	size_t length = strlen(value);

	return found[0] == '"' && strncmp(found + 1, value, length) == 0 && found[length + 1] == '"';
}

static bool is_true(const char *line, const char *name)
{
	return strncmp(field(line, name), "true", 4) == 0;
}

static void reply(int id, const char *format, ...)
{
	va_list arguments;

	printf("{\"type\":\"outcome\",\"id\":%d,\"outcome\":", id);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf(",\"notes\":[%s]}\n", notes);
}

static void done(int id)
{
	reply(id, "{\"kind\":\"done\"}");
}

/* Nobody may ask that now: nothing has changed. */
static void refuse(int id)
{
	printf("{\"type\":\"error\",\"id\":%d,\"error\":\"refused\"}\n", id);
}

/* All that can be seen of a page at the moment when it is handed over. */
static const char *seen(int frame)
{
	static char text[256];
	int length;

	if (!now.frame[frame].tagged) {
		sprintf(text, "{\"tagged\":false,\"bytes\":%u}", now.frame[frame].contents);
		return text;
	}
	length = sprintf(text, "{\"tagged\":true,\"bytes\":%u,\"tags\":\"", now.frame[frame].contents);
	for (int granule = 0; granule < size.granules; granule++)
		length += sprintf(text + length, "%x", load_tag(frame, granule));
	strcpy(text + length, "\"}");
	return text;
}

static void reply_page(int id, int handle)
{
	reply(id, "{\"kind\":\"page\",\"handle\":%d,\"seen\":%s}", handle, seen(now.frame_of[handle]));
}

static int new_handle(int frame)
{
	for (int handle = 0; handle < size.frames; handle++)
		if (now.frame_of[handle] == NOBODY) {
			now.frame_of[handle] = frame;
			return handle;
		}
	return NOBODY;
}

static void no_memory(int id)
{
	reply(id, "{\"kind\":\"no-memory\"}");
}

static void allocate(int id, const char *line)
{
	int frame = allocate_frame();
	int handle;

	if (frame == NOBODY) {
		no_memory(id);
		return;
	}
	if (is_true(line, "tagged"))
		enable_tags(frame);
	handle = new_handle(frame);
	reply(id, "{\"kind\":\"pages\",\"handles\":[%d],\"seen\":[%s]}", handle, seen(frame));
}

static void copy(int id, int from)
{
	int frame = allocate_frame();

	if (frame == NOBODY) {
		no_memory(id);
		return;
	}
	copy_frame(frame, now.frame_of[from]);
	reply_page(id, new_handle(frame));
}

static void let_go(int handle)
{
	free_frame(now.frame_of[handle]);
	now.frame_of[handle] = NOBODY;
}

static void swap_out(int id, int handle)
{
	for (int slot = 0; slot < size.slots; slot++)
		if (now.slot[slot].sharers == 0) {
			save_page(&now.slot[slot], now.frame_of[handle]);
			let_go(handle);
			reply(id, "{\"kind\":\"swapped\",\"slots\":[%d]}", slot);
			return;
		}
	refuse(id);
}

static void swap_in(int id, struct slot *slot, bool tagged_mapping)
{
	int frame = allocate_frame();

	if (frame == NOBODY) {
		no_memory(id);
		return;
	}
	restore_page(slot, frame, tagged_mapping);
	slot->sharers--;
	reply_page(id, new_handle(frame));
}

/* An operation on a page that is live; false: it is none of these. */
static bool on_page(int id, const char *line, int handle)
{
	int frame = now.frame_of[handle];
	int granule = number(line, "granule");
	bool tagged = now.frame[frame].tagged;

	if (is(line, "kind", "free")) {
		let_go(handle);
		done(id);
	} else if (is(line, "kind", "migrate")) {
		migrate(handle);
		reply_page(id, handle);
	} else if (is(line, "kind", "enable-tags")) {
		enable_tags(frame);
		reply_page(id, handle);
	} else if (is(line, "kind", "write-tag") && tagged && granule < size.granules) {
		store_tag(frame, granule, number(line, "tag"));
		done(id);
	} else if (is(line, "kind", "read-tag") && tagged && granule < size.granules) {
		reply(id, "{\"kind\":\"tag\",\"tag\":%d}", load_tag(frame, granule));
	} else if (is(line, "kind", "write-bytes")) {
		now.frame[frame].contents = bytes_in(line);
		done(id);
	} else if (is(line, "kind", "read-bytes")) {
		reply(id, "{\"kind\":\"bytes\",\"bytes\":%u}", now.frame[frame].contents);
	} else if (is(line, "kind", "copy")) {
		copy(id, handle);
	} else if (is(line, "kind", "swap-out")) {
		swap_out(id, handle);
	} else {
		return false;
	}
	return true;
}

static bool on_slot(int id, const char *line, struct slot *slot)
{
	if (is(line, "kind", "swap-in")) {
		swap_in(id, slot, is(line, "mapping", "tagged"));
	} else if (is(line, "kind", "share-slot")) {
		slot->sharers++;
		done(id);
	} else if (is(line, "kind", "free-slot")) {
		slot->sharers--;
		reply(id, "{\"kind\":\"slot\",\"freed\":%s}", slot->sharers == 0 ? "true" : "false");
	} else {
		return false;
	}
	return true;
}

static bool on_file_page(int id, const char *line, int file, int index)
{
	struct file_page *page = &now.file[file][index];

	if (is(line, "kind", "read-file")) {
		unsigned contents = read_file(file, index);

		reply(id, "{\"kind\":\"bytes\",\"bytes\":%u}", contents);
		return true;
	}
	if (is(line, "kind", "write-file")) {
		write_file(file, index, bytes_in(line));
	} else if (is(line, "kind", "write-back") && page->dirty) {
		page->disk = page->contents;
		page->dirty = false;
	} else if (is(line, "kind", "direct-write")) {
		change_disk(file, index, bytes_in(line));
	} else if (is(line, "kind", "truncate")) {
		change_disk(file, index, 0);
	} else if (is(line, "kind", "evict") && page->resident && !page->dirty) {
		page->resident = false;
		cleancache_put(file, index, page->contents);
	} else if (is(line, "kind", "drop")) {
		forget_copy(page);
	} else {
		return false;
	}
	done(id);
	return true;
}

/* Files, and the file system as a whole. */
static bool on_file(int id, const char *line, int file)
{
	if (is(line, "kind", "unlink") && now.mounted && now.exists[file]) {
		forget_file(file, true);
		now.exists[file] = false;
	} else if (is(line, "kind", "create") && now.mounted && !now.exists[file]) {
		now.exists[file] = true;
	} else if (is(line, "kind", "unmount") && now.mounted && !any_dirty()) {
		for (int each = 0; each < size.files; each++)
			forget_file(each, false);
		now.mounted = false;
	} else if (is(line, "kind", "mount") && !now.mounted) {
		now.mounted = true;
	} else {
		return false;
	}
	done(id);
	return true;
}

static int handle_in(const char *line)
{
	if (is(line, "kind", "copy"))
		return number(line, "from");
	if (is(line, "kind", "swap-out"))
		return (int)strtol(field(line, "handles") + 1, NULL, 10);
	return number(line, "handle");
}

static void operate(int id, const char *line)
{
	bool page = *field(line, "handle") || *field(line, "handles") || *field(line, "from");
	int handle = page ? handle_in(line) : NOBODY;
	int slot = *field(line, "slot") ? number(line, "slot") : NOBODY;
	int file = number(line, "file");
	int index = number(line, "index");

	if (is(line, "kind", "allocate"))
		allocate(id, line);
	else if (page && (handle >= size.frames || now.frame_of[handle] == NOBODY))
		refuse(id);
	else if (page && on_page(id, line, handle))
		return;
	else if (slot != NOBODY && (slot >= size.slots || now.slot[slot].sharers == 0))
		refuse(id);
	else if (slot != NOBODY && on_slot(id, line, &now.slot[slot]))
		return;
	else if (file < size.files && on_file(id, line, file))
		return;
	else if (!now.mounted || file >= size.files || index >= size.file_pages || !now.exists[file])
		refuse(id);
	else if (!*field(line, "index") || !on_file_page(id, line, file, index))
		refuse(id);
}

static void configure(const char *line)
{
	size.frames = number(line, "taggablePages");
	size.granules = number(line, "granulesPerPage");
	size.slots = number(line, "slots");
	size.files = number(line, "files");
	size.file_pages = number(line, "pagesPerFile");
}

static void hello(void)
{
	printf("{\"type\":\"hello\",\"protocol\":\"mte-oracle/adapter\",\"version\":1,"
	       "\"name\":\"cleancache manager in C\",\"capabilities\":{\"refuses\":true,"
	       "\"mostSharers\":4,\"owners\":2,\"contexts\":[\"sleepable\",\"atomic\"],"
	       "\"operations\":[\"allocate\",\"free\",\"migrate\",\"enable-tags\",\"write-tag\","
	       "\"read-tag\",\"write-bytes\",\"read-bytes\",\"copy\",\"swap-out\",\"swap-in\","
	       "\"share-slot\",\"free-slot\",\"read-file\",\"write-file\",\"write-back\","
	       "\"direct-write\",\"truncate\",\"evict\",\"unlink\",\"create\",\"unmount\",\"mount\","
	       "\"drop\"],\"sizes\":{\"granulesPerPage\":{\"least\":1,\"most\":%d},"
	       "\"handles\":{\"least\":1,\"most\":%d},\"taggablePages\":{\"least\":1,\"most\":%d},"
	       "\"slots\":{\"least\":0,\"most\":%d},\"files\":{\"least\":0,\"most\":%d},"
	       "\"pagesPerFile\":{\"least\":0,\"most\":%d}}}}\n",
	       MOST_GRANULES, MOST_FRAMES, MOST_FRAMES, MOST_SLOTS, MOST_FILES, MOST_FILE_PAGES);
}

static bool switch_on(const char *name)
{
	if (strcmp(name, "claim-leaves-the-copy") == 0)
		bug.claim_leaves_the_copy = true;
	else if (strcmp(name, "untagged-mapping-does-not-restore") == 0)
		bug.untagged_mapping_does_not_restore = true;
	else
		return false;
	return true;
}

int main(int count, char **words)
{
	static char line[65536];

	for (int word = 1; word < count; word += 2)
		if (strcmp(words[word], "--bug") != 0 || word + 1 == count || !switch_on(words[word + 1])) {
			fprintf(stderr, "usage: %s [--bug claim-leaves-the-copy]"
				" [--bug untagged-mapping-does-not-restore]\n", words[0]);
			return 2;
		}
	begin();
	while (fgets(line, sizeof line, stdin)) {
		int id = number(line, "id");

		notes[0] = '\0';
		if (is(line, "type", "hello"))
			hello();
		else if (is(line, "type", "bye"))
			break;
		else if (is(line, "type", "operation"))
			operate(id, line);
		else {
			if (is(line, "type", "configure"))
				configure(line);
			begin();
			printf("{\"type\":\"ready\",\"id\":%d}\n", id);
		}
		/* Without this the reply waits in a buffer, and whoever asked waits for it. */
		fflush(stdout);
	}
	return 0;
}
