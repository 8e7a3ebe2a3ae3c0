"""Checks the HTTP signature of Ponto Connect, written apart from the client that makes it."""

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billify.stand_ins.ponto.answers import Call


def is_signed(call: "Call", key: Any) -> bool:  # Any: an RSA public key of cryptography
    """Whether body, path and headers are what the owner of the key has signed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    digest = base64.b64encode(hashlib.sha512(call.body).digest()).decode()
    if call.headers.get("digest") != f"SHA-512={digest}":
        return False
    parts = dict(re.findall(r'(\w+)="([^"]*)"', call.headers.get("signature", "")))
    names = parts.get("headers", "").split()
    if not {"(request-target)", "host", "digest", "(created)"} <= set(names):
        return False
    if "authorization" in call.headers and "authorization" not in names:
        return False
    derived = {
        "(request-target)": f"{call.method.lower()} {call.target}",
        "(created)": parts.get("created", ""),
    }
    said = "\n".join(
        f"{name}: {derived[name] if name in derived else call.headers.get(name, '')}"
        for name in names
    )
    try:
        key.verify(
            base64.b64decode(parts.get("signature", "")),
            said.encode(),
            padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32),
            hashes.SHA256(),
        )
    except InvalidSignature:
        return False
    return True
