"""Every provider by its code, one line each. The code is `sms.provider` in the settings and names the hooks' path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sms.providers import kavenegar, sandbox
from sms.providers.provider import ProviderEntry

PROVIDERS: Mapping[str, ProviderEntry] = MappingProxyType(
    {
        "sandbox": ProviderEntry(sandbox.create),
        "kavenegar": ProviderEntry(kavenegar.create, kavenegar.parse_inbound, kavenegar.parse_receipt),
    }
)
