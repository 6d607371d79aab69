"""Who is calling: the client's address behind proxies we trust, and a budget of requests for each.

An address a stranger wrote into a header counts for nothing: X-Forwarded-For is read from the right, and only past
proxies named in the settings.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import web

from ticketing.errors import TooMany

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_MOST_CLIENTS: Final = 50_000
_MOST_HOPS: Final = 20
_IPV6_CLIENT_BITS: Final = 64


def parse_networks(written: Iterable[str]) -> tuple[Network, ...]:
    """The trusted proxies of the settings, single addresses or networks."""
    return tuple(ip_network(each, strict=False) for each in written)


def client_of(request: web.Request, trusted: tuple[Network, ...]) -> str:
    """The address of whoever is calling, as text; of IPv6 its /64, which is one household.

    "" where there is none (a Unix socket).
    """
    address = _parse(request.remote or "")
    hops = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")[-_MOST_HOPS:]
    while address is not None and hops and _is_trusted(address, trusted):
        claimed = _parse(hops.pop())
        if claimed is None:
            break
        address = claimed
    if address is None:
        return ""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_CLIENT_BITS), strict=False).network_address)
    return str(address)


class Budget:
    """A token bucket for each client: `per_minute` requests at once, then one every 60/`per_minute` seconds.

    0 is no limit. Counts live in this process; the clients seen longest ago are forgotten first.
    """

    def __init__(self, per_minute: int, now: Callable[[], datetime]) -> None:
        self._per_minute = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, client: str) -> None:
        """Take one request from the client's budget. Raises TooMany with the seconds until there is another."""
        if not self._per_minute:
            return
        moment = self._now().timestamp()
        tokens, since = self._buckets.get(client, (float(self._per_minute), moment))
        tokens = min(float(self._per_minute), tokens + max(0.0, moment - since) * self._per_minute / 60)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - 1 if allowed else tokens, moment)
        self._buckets.move_to_end(client)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooMany(math.ceil((1 - tokens) * 60 / self._per_minute))


def _parse(written: str) -> Address | None:
    try:
        address = ip_address(written.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_trusted(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address in network for network in trusted)
