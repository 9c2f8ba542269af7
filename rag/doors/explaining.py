"""What a file would give the index: its articles, line by line what is kept, and why the rest is not. Nothing is indexed."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.drafts import Draft
from index.errors import RejectedFile, UsageError
from index.lines import Line
from rag.answer_json import timestamp

if TYPE_CHECKING:
    from rag.settings import Settings

FIELDS = ("title", "publisher", "author", "published_at", "updated_at", "retrieved_at", "language", "url")


def read_file(settings: "Settings", path: Path) -> list[Draft | RejectedFile]:
    """The articles of a file as its reader gives them. Raises UsageError where it is not one that can be read."""
    from index.files import files_of

    found = list(files_of([path]))
    if path.is_dir() or len(found) != 1 or not isinstance(found[0], Path):
        reason = str(found[0]) if found and isinstance(found[0], RejectedFile) else "it is not one file"
        raise UsageError(f"{path} cannot be looked at: {reason}.", "Name one file: byline articles why FILE")
    from index.readers import reader_for

    reader = reader_for(found[0])
    assert reader is not None
    try:
        return list(reader(found[0], int(settings.index.max_file_mb * 1_000_000)))
    except RejectedFile as rejected:
        return [rejected]


def lines_of(draft: Draft) -> tuple[Line, ...]:
    """The lines with their verdicts; where the reader judges none, all that it gave is kept."""
    return draft.lines or tuple(Line(each) for each in draft.text.split("\n") if each)


def explained(path: Path, read: list[Draft | RejectedFile]) -> dict[str, Any]:
    """The same as plain JSON values."""
    return {
        "path": str(path),
        "articles": [_article(each) for each in read if isinstance(each, Draft)],
        "rejected": [{"path": each.path, "reason": str(each)} for each in read if isinstance(each, RejectedFile)],
    }


def _article(draft: Draft) -> dict[str, Any]:
    lines = lines_of(draft)
    facts = {field: getattr(draft, field) for field in FIELDS}
    return {
        **{field: timestamp(value) if field.endswith("_at") else value for field, value in facts.items()},
        "found": dict(draft.found),
        "unknown": [field for field, value in facts.items() if value is None],
        "kept": sum(not line.why for line in lines),
        "dropped": sum(bool(line.why) for line in lines),
        "judged": bool(draft.lines),
        "lines": [{"text": line.text, "kept": not line.why, "why": line.why or None} for line in lines],
    }
