"""API keys: shown once when made, kept only as digests in `<home>/keys.json`, with what each may do."""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from fastapi import Request

from index.errors import BrokenError, UsageError
from rag.doors.http.problems import Problem

Scope = Literal["read", "write"]
PREFIX = "byl_"


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key: 256 random bits need no slow hash."""

    name: str
    scope: Scope
    sha256: str
    created_at: str


def new_key(home: Path, name: str, scope: Scope = "read") -> str:
    """Make a key and keep its digest; the key itself is returned once and nowhere kept. `write` includes `read`.

    Raises UsageError for a name that is empty, unprintable or taken: whoever reads the file must know which is whose.
    """
    if not name.strip() or not name.isprintable():
        raise UsageError("A key needs a name of printable characters.", "Name who uses it: --new-key desk.")
    held = read_keys(home)
    if any(each.name == name for each in held):
        raise UsageError(
            f"There is a key named {name!r} already.", f"Take another name, or remove it from {keys_path(home)}."
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    key = Key(name, scope, _digest(secret), datetime.now(UTC).isoformat(timespec="seconds"))
    path = keys_path(home)
    home.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps([asdict(each) for each in (*held, key)], indent=1), encoding="utf-8")
    beside.replace(path)
    return secret


def read_keys(home: Path) -> tuple[Key, ...]:
    """The keys of a home; none where there is no file. Raises BrokenError for a file that is not a list of keys."""
    path = keys_path(home)
    try:
        return tuple(Key(**each) for each in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise BrokenError(
            f"{path} is not a list of keys: {error}.", "Mend it, or remove it and make new keys."
        ) from error


def keys_path(home: Path) -> Path:
    """Where a home keeps them."""
    return home / "keys.json"


def require(home: Path, scope: Scope) -> Callable[[Request], Awaitable[None]]:
    """A check for routes: lets everybody in while the home has no keys, else those whose key has the scope."""

    async def check(request: Request) -> None:
        keys = read_keys(home)
        if not keys:
            return
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        given = _digest(secret.strip()) if scheme.lower() == "bearer" else ""
        known = next((key for key in keys if hmac.compare_digest(key.sha256, given)), None)
        if known is None:
            remedy = "Send it as: Authorization: Bearer KEY."
            raise Problem("key-needed", "This needs an API key.", remedy, {"WWW-Authenticate": "Bearer"})
        if scope == "write" and known.scope != "write":
            raise Problem("not-allowed", f"The key {known.name!r} may only read.", "Use a key with the scope write.")

    return check


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
