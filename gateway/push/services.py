"""Which push services may be sent to. An endpoint is a URL that a browser hands us and we then call: only the
settings' hosts, only https, so that nobody makes the gateway call where it should not."""

from __future__ import annotations

from collections.abc import Sequence

from yarl import URL

_LONGEST_ENDPOINT = 2048
_HTTPS_PORT = 443
_LOOPBACK = "127.0.0.1"


class PushServices:
    """The allowed services: hosts, `*.` for every host below one, and `host:port` where the port is another.

    127.0.0.1 is called by http too, but only where it is written with its port: for trying things out.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        self._entries = tuple(entries)

    def entry_of(self, endpoint: str) -> str | None:
        """The entry that allows `endpoint`, None where none does."""
        url = endpoint_url(endpoint)
        if url is None or url.host is None or url.user is not None or url.fragment:
            return None
        return next((entry for entry in self._entries if _allows(entry, url)), None)


def endpoint_url(endpoint: str) -> URL | None:
    """The URL that is both judged and called; None for what is none."""
    if len(endpoint) > _LONGEST_ENDPOINT or not (endpoint.isascii() and endpoint.isprintable()):
        return None
    try:
        url = URL(endpoint, encoded=True)
        has_port = url.port is not None  # read only when it is asked for, and refused only then
    except ValueError:
        return None
    return url if has_port else None


def _allows(entry: str, url: URL) -> bool:
    host, _, port = entry.partition(":")
    its_port = int(port) if port else _HTTPS_PORT
    if url.port != its_port or url.host is None:
        return False
    if url.scheme == "http":
        return bool(port) and url.host == host == _LOOPBACK
    if host.startswith("*."):
        return url.scheme == "https" and url.host.endswith(host[1:])
    return url.scheme == "https" and url.host == host
