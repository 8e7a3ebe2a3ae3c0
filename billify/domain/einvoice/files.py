"""Files inside an e-invoice: decoded, with a name that is only a name."""

import base64
import binascii

from billify.domain.einvoice.model import Attachment
from billify.domain.einvoice.tree import Node

_LONGEST_NAME = 200


def attachment(node: Node | None) -> Attachment | None:
    """The embedded file; its content is None when it is no base64."""
    if node is None:
        return None
    bare = node.attribute("filename").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in bare if letter.isprintable())[:_LONGEST_NAME]
    return Attachment(name, node.attribute("mimeCode"), _decoded(node.text()))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
