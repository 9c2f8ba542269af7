"""API keys: shown once when made, kept only as digests in `<home>/keys.json`, with what each may do and until when."""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
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
    """What is kept of a key: 256 random bits need no slow hash.

    `per_minute` is how many requests it may make a minute, 0 what the service allows everybody; `until` is when it
    ends, None never.
    """

    name: str
    scope: Scope
    sha256: str
    created_at: str
    per_minute: int = 0
    until: str | None = None

    def ended(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.until is not None and datetime.fromisoformat(self.until) <= now


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for shares and limits: a key by its name, or an address where no keys are in use."""

    name: str
    per_minute: int = 0


def new_key(home: Path, name: str, scope: Scope = "read", per_minute: int = 0) -> str:
    """Make a key and keep its digest; the key itself is returned once and nowhere kept. `write` includes `read`.

    Raises UsageError for a name that is empty, unprintable or taken: whoever reads the file must know which is whose.
    """
    if not name.strip() or not name.isprintable():
        raise UsageError("A key needs a name of printable characters.", "Name who uses it: --new-key desk.")
    held = _in_force(read_keys(home))
    if any(each.name == name for each in held):
        raise UsageError(
            f"There is a key named {name!r} already.", "Take another name, or --rotate-key or --remove-key it."
        )
    secret, key = _made(name, scope, per_minute)
    _write(home, (*held, key))
    return secret


def rotate_key(home: Path, name: str, overlap: timedelta = timedelta(hours=24)) -> str:
    """A new key in place of one of that name, which still opens for the overlap. Raises UsageError where there is none."""
    held = _in_force(read_keys(home))
    old = [each for each in held if each.name == name]
    if not old:
        raise _no_key(home, name)
    ends = datetime.now(UTC) + overlap
    secret, key = _made(name, old[-1].scope, old[-1].per_minute)
    kept = [_ending(each, ends) if each.name == name else each for each in held]
    _write(home, _in_force((*kept, key)))
    return secret


def remove_key(home: Path, name: str) -> None:
    """Take away every key of that name, at once. Raises UsageError where there is none."""
    held = read_keys(home)
    if all(each.name != name for each in held):
        raise _no_key(home, name)
    _write(home, tuple(each for each in held if each.name != name))


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
    """A check for routes: lets everybody in while the home has no file of keys, else those whose key has the scope.

    A file without a key lets nobody in: who takes the last key away does not open the door. `request.state.asker` is
    who it was.
    """

    async def check(request: Request) -> None:
        keys = read_keys(home)
        if not keys and not keys_path(home).exists():
            request.state.asker = Asker(request.client.host if request.client else "")
            return
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        given = _digest(secret.strip()) if scheme.lower() == "bearer" else ""
        known = next((key for key in _in_force(keys) if hmac.compare_digest(key.sha256, given)), None)
        if known is None:
            remedy = "Send it as: Authorization: Bearer KEY."
            raise Problem("key-needed", "This needs an API key.", remedy, {"WWW-Authenticate": "Bearer"})
        if scope == "write" and known.scope != "write":
            raise Problem("not-allowed", f"The key {known.name!r} may only read.", "Use a key with the scope write.")
        request.state.asker = Asker(known.name, known.per_minute)

    return check


def _made(name: str, scope: Scope, per_minute: int) -> tuple[str, Key]:
    secret = PREFIX + secrets.token_urlsafe(32)
    return secret, Key(name, scope, _digest(secret), datetime.now(UTC).isoformat(timespec="seconds"), per_minute)


def _ending(key: Key, ends: datetime) -> Key:
    earlier = key.until is not None and datetime.fromisoformat(key.until) < ends
    return key if earlier else replace(key, until=ends.isoformat(timespec="seconds"))


def _in_force(keys: Sequence[Key]) -> tuple[Key, ...]:
    now = datetime.now(UTC)
    return tuple(each for each in keys if not each.ended(now))


def _write(home: Path, keys: Sequence[Key]) -> None:
    path = keys_path(home)
    home.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps([asdict(each) for each in keys], indent=1), encoding="utf-8")
    beside.replace(path)


def _no_key(home: Path, name: str) -> UsageError:
    names = ", ".join(dict.fromkeys(each.name for each in read_keys(home))) or "none"
    return UsageError(f"There is no key named {name!r}.", f"There are: {names}.")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
