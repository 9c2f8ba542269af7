"""Connections to the web that go only to public addresses, and to the very address that was checked."""

import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Any

import httpx

from index.errors import RejectedFile

_HOLDS_V4 = tuple(IPv6Network(each) for each in ("::/96", "::ffff:0:0/96", "64:ff9b::/32", "2001::/32", "2002::/16"))
ALLOW = "Set index.private_addresses to read pages of your own network."


class Pinned(httpx.BaseTransport):
    """Looks a name up once, refuses what is not of the public web, and connects to what it looked up.

    Every hop of a redirect comes through here. The name itself is kept for the Host header and the certificate, and no
    connection is kept: two names of one address must not share a certificate.
    """

    def __init__(self, *, private: bool, ends: float) -> None:
        """`ends`, by the monotonic clock, is when every connection is cut: a server that sends a byte now and then would hold us for ever."""
        self._private = private
        self._wire = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        self._sockets: list[socket.socket] = []
        self._cutter = Timer(max(0.0, ends - time.monotonic()), self._cut)
        self._cutter.daemon = True
        self._cutter.start()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first address of its host that answers. Raises RejectedFile."""
        check_url(str(request.url))
        host = request.url.raw_host.decode("ascii")
        addresses = look_up(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        if not self._private and not all(is_public(each) for each in addresses):
            raise RejectedFile(host, f"{host} is an address of a private network", ALLOW)
        for number, address in enumerate(addresses, 1):
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host, "trace": self._keep},
            )
            try:
                return self._wire.handle_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpx.ConnectError(f"{host} has no address")

    def close(self) -> None:
        """Close what is open."""
        self._cutter.cancel()
        self._wire.close()

    def _keep(self, event: str, told: dict[str, Any]) -> None:
        """Remember the socket of each connection as it is made, and again as it is encrypted."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._sockets.append(told["return_value"].get_extra_info("socket"))

    def _cut(self) -> None:
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def check_url(url: str) -> None:
    """Raises RejectedFile for an address that is not of the web, or that carries a password; it is not repeated."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise RejectedFile("the address", f"it is not an address of the web: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise RejectedFile("the address", "only addresses that begin with http:// or https:// are fetched")
    if parts.userinfo:
        raise RejectedFile("the address", "it holds a user name or a password", "Give the address without it.")


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order of the system. Raises httpx.ConnectError where there is none."""
    try:
        found: Iterable[str] = (str(each[4][0]) for each in socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP))
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host} is not known: {error}") from error
    return list(dict.fromkeys(found))


def is_public(address: str) -> bool:
    """Whether an address is of the public web. One of IPv6 that carries one of IPv4 is not: it may lead anywhere."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    return not (isinstance(ip, IPv6Address) and (ip.is_site_local or any(ip in each for each in _HOLDS_V4)))
