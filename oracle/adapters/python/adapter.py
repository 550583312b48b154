#!/usr/bin/env python3
"""A cleancache back end, and its adapter: an example that needs the standard library only.

The back end keeps copies of clean file pages in storage that tags do not need. It knows no files and
no page cache: the tester plays those, and asks what a kernel would ask (docs/protocol.md).

  adapter.py [--bug refused-put-keeps-the-older-copy] [--bug invalidation-misses-the-last-page]
"""

import argparse
import json
import sys

BUGS = ("refused-put-keeps-the-older-copy", "invalidation-misses-the-last-page")
STORAGE_PAGES = 8

CAPABILITIES = {
    "operations": ["put", "get", "invalidate-page", "invalidate-object", "invalidate-pool"],
    "sizes": {"files": {"least": 1, "most": 4}, "pagesPerFile": {"least": 1, "most": 4}},
    "getForm": "consuming",
}


class Cleancache:
    """Copies by (file, index). A get takes the copy out; a put may be refused."""

    def __init__(self, bugs):
        self.bugs = bugs
        self.notes = []
        self.begin()

    def begin(self):
        self.copies = {}

    def put(self, key, contents):
        # Some contents do not compress, and then a copy is not worth its place.
        refused = len(self.copies) >= STORAGE_PAGES or contents % 4 == 3
        if not refused or BUGS[0] not in self.bugs:
            self.copies.pop(key, None)
        if refused:
            self.notes.append(f"put{key}: refused")
            return False
        self.copies[key] = contents
        return True

    def get(self, key):
        return self.copies.pop(key, None)

    def invalidate(self, wanted):
        gone = sorted(key for key in self.copies if wanted(key))
        if len(gone) > 1 and BUGS[1] in self.bugs:
            gone.pop()
        for key in gone:
            del self.copies[key]
        self.notes.append(f"invalidate: forgets {gone}")


def outcome_of(cache, operation):
    """What came of an operation: the outcome, and whether a put was stored."""
    kind = operation["kind"]
    key = (operation.get("file"), operation.get("index"))
    if kind == "put":
        return {"kind": "done"}, cache.put(key, operation["bytes"])
    if kind == "get":
        contents = cache.get(key)
        hit = {"kind": "hit", "bytes": contents}
        return ({"kind": "miss"} if contents is None else hit), None
    if kind == "invalidate-page":
        cache.invalidate(lambda each: each == key)
    elif kind == "invalidate-object":
        cache.invalidate(lambda each: each[0] == operation["file"])
    else:
        cache.invalidate(lambda each: True)
    return {"kind": "done"}, None


def reply_to(request, cache):
    if request["type"] == "hello":
        opening = {"protocol": "mte-oracle/adapter", "version": 1}
        name = "cleancache in Python"
        return {"type": "hello", **opening, "name": name, "capabilities": CAPABILITIES}
    if request["type"] in ("configure", "reset"):
        cache.begin()
        return {"type": "ready", "id": request["id"]}
    cache.notes.clear()
    outcome, stored = outcome_of(cache, request["operation"])
    reply = {"type": "outcome", "id": request["id"], "outcome": outcome, "notes": cache.notes}
    return reply if stored is None else {**reply, "stored": stored}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bug", action="append", default=[], choices=BUGS)
    cache = Cleancache(parser.parse_args().bug)
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "bye":
            break
        # Without the flush the reply waits in a buffer, and whoever asked waits for it.
        print(json.dumps(reply_to(request, cache)), flush=True)


if __name__ == "__main__":
    main()
