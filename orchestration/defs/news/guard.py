"""Connections that lead to public addresses only, and end in time.

Belongs here: names to addresses, which addresses are allowed, and the deadline of a connection.
Does not belong here: HTTP (`fetch`).

The name is looked up once, every address it has is checked, and the connection is made to a
checked address and not to the name: a name server that gives another answer a moment later
changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

Resolve = Callable[[str, int], list[str]]
Allow = Callable[[str], bool]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BlockedAddressError(RuntimeError):
    """A name leads to an address that is not public. The message names both."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Tell whether an address is of the public internet, and so is what it wraps.

    IPv4 addresses inside IPv6 ones (mapped, 6to4, Teredo, NAT64) are judged as well.
    """
    try:
        outer = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(outer, ipaddress.IPv4Address):
        return _is_global(outer)
    if outer.scope_id is not None:
        return False
    inner = [outer.ipv4_mapped, outer.sixtofour, *(outer.teredo or ())]
    if outer in _NAT64:
        inner.append(ipaddress.IPv4Address(int(outer) & 0xFFFFFFFF))
    wrapped = [each for each in inner if each is not None]
    return all(map(_is_global, wrapped)) if wrapped else _is_global(outer)


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore.

    Args:
        seconds: how long everything may take together, from now on.
        resolve: names to addresses.
        allow: whether an address may be connected to.
    """

    def __init__(self, seconds: float, resolve: Resolve, allow: Allow) -> None:
        self._deadline = time.monotonic() + seconds
        self._resolve = resolve
        self._allow = allow
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host if every address of it is allowed.

        Raises:
            BlockedAddressError: one of them is not.
            httpcore.NetworkError, httpcore.TimeoutException: none answers in time.
        """
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be found ({error})") from error
        for address in addresses:
            if not self._allow(address):
                raise BlockedAddressError(f"{host} is at {address}, which is not public")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            left = _left(self._deadline, timeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A stream on which no wait outlasts the deadline, however little arrives at a time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the whole answer is used up")
    return left if timeout is None else min(left, timeout)
