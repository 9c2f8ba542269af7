"""`.jsonl`: one article a line."""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from index.characters import normalise
from index.cleaning import tidy
from index.decoding import NotText, decode
from index.drafts import Draft
from index.errors import RejectedFile
from index.readers.headers import known

_FIELDS = ("title", "publisher", "source", "published_at", "updated_at", "author", "url", "language")


def read(path: Path, most: int) -> Iterator[Draft | RejectedFile]:
    """The articles of a file of records; a broken line is named by its number, and the rest goes on.

    A record's place in its file does not matter: it is known by its URL, else by its title and words.
    """
    seen: Counter[str] = Counter()
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(most + 1):
                number += 1
                whole = line.endswith(b"\n") or len(line) <= most
                while not whole and (rest := file.readline(most + 1)):
                    whole = rest.endswith(b"\n")
                    line = b""
                if line.strip() or not whole:
                    yield _record(path, number, line, seen, most)
    except OSError as error:
        raise RejectedFile(str(path), f"it cannot be read: {error.strerror or error}") from error


def _record(path: Path, number: int, line: bytes, seen: Counter[str], most: int) -> Draft | RejectedFile:
    where = f"{path}:{number}"
    if not line:
        return RejectedFile(where, f"the record is larger than {most / 1_000_000:g} MB")
    try:
        record = json.loads(decode(line))
    except (NotText, ValueError, RecursionError) as error:
        return RejectedFile(where, f"the line is not a JSON object: {error}")
    if not isinstance(record, dict):
        return RejectedFile(where, "the line is not a JSON object")
    body = record.get("body")
    if not isinstance(body, str) or not normalise(body).strip():
        return RejectedFile(where, 'the record has no "body"')
    named = {each: record[each] for each in _FIELDS if isinstance(record.get(each), str)}
    fields, found = known(named, "record")
    key = sha256(json.dumps([named.get("title"), body]).encode()).hexdigest()[:16]
    seen[key] += 1
    return Draft(text=tidy(body), key=f"{key}#{seen[key]}", found=found, **fields)
