"""What an e-mail address may look like: too little to carry a second command, header or recipient."""

from __future__ import annotations

import re
from typing import Final

_MARK: Final = r"[^\s\x00-\x20\x7f-\x9f\ud800-\udfff@<>\"(),:;\\]"
_ADDRESS: Final = re.compile(rf"{_MARK}{{1,64}}@{_MARK}{{1,253}}")


def is_address(text: str) -> bool:
    """Whether `text` is one bare address. Addresses in other scripts count, quoted local parts do not."""
    return _ADDRESS.fullmatch(text) is not None
