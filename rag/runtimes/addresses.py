"""Where model servers listen, in all the forms that their users write, and whether one answers."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

OLLAMA_PORT = 11434


def ollama_address(host: str) -> str:
    """The URL for a value of OLLAMA_HOST: host, host:port, :port, http(s)://..., a path, IPv6 in brackets.

    A server's bind address, 0.0.0.0 or [::], is reached on the loopback.
    """
    host = host.strip().strip("\"'")
    scheme, _, rest = host.rpartition("://")
    scheme = scheme.lower()
    parts = urlsplit(f"//{rest}")
    name = parts.hostname or "127.0.0.1"
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(name, name)
    try:
        port = parts.port
    except ValueError:
        port = None
    port = port or {"http": 80, "https": 443}.get(scheme, OLLAMA_PORT)
    shown = f"[{name}]" if ":" in name else name
    return f"{scheme or 'http'}://{shown}:{port}{parts.path.rstrip('/')}"


def openai_address(url: str) -> str:
    """The base URL of an OpenAI-compatible server; `/v1` is added where no path is given."""
    url = url.strip().rstrip("/")
    url = url if "://" in url else f"http://{url}"
    return url if urlsplit(url).path else f"{url}/v1"


def answers(url: str, seconds: float = 0.5) -> bool:
    """Whether an Ollama server answers at an address, asked once and briefly."""
    try:
        with urllib.request.urlopen(f"{url}/api/version", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False
