"""Files of a model from the publisher's repository on a Hugging Face hub."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx

from rag.weights.landing import room_for
from rag.weights.manifest import Hub, ModelFile

TRIES = 3
# A closed network answers nothing: a few seconds are enough to know, and the package index is next.
TIMEOUT = httpx.Timeout(30.0, connect=4.0)


class HubUnreachable(Exception):
    """The hub gave no bytes; the reason is its message."""


def fetch(hub: Hub, file: ModelFile, partial: Path, tell: Callable[[int], None]) -> None:
    """Fetch one file into `partial`, going on where an earlier try ended. Raises HubUnreachable."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        raise HubUnreachable("HF_HUB_OFFLINE is set")
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    url = f"{endpoint}/{hub.repository}/resolve/{hub.revision}/{file.path}"
    for left in reversed(range(TRIES)):
        before = _size(partial)
        if before > file.bytes:
            partial.unlink()
        if before == file.bytes:
            return
        try:
            _go_on(url, file, partial, tell)
        except httpx.HTTPError as error:
            # A hub that sent something is worth another try; one that cannot be reached is not.
            if not left or _size(partial) == before:
                raise HubUnreachable(f"{url}: {error or type(error).__name__}") from error
        else:
            return


def _go_on(url: str, file: ModelFile, partial: Path, tell: Callable[[int], None]) -> None:
    have = _size(partial)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    if token := os.environ.get("HF_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    with httpx.stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=True) as answer:
        if have and answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            partial.unlink()
        answer.raise_for_status()
        # A server that knows no ranges sends the whole file again.
        goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT
        have = have if goes_on else 0
        with room_for(partial, file.path, file.bytes - have), partial.open("ab" if goes_on else "wb") as out:
            for block in answer.iter_bytes():
                out.write(block)
                have += len(block)
                tell(have)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
