"""Signed requests as Standard Webhooks describes them (standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac

TOLERANCE_S = 300  # a request that was signed longer ago, or later than now, is refused


def sign(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a request: its id, the time in s since 1970, and its body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def is_signed(
    secret: str, message_id: str, timestamp: str, body: bytes, signatures: str, now_s: float
) -> bool:
    """Whether one of the signatures, separated by spaces, is right, and the time is near."""
    if not message_id or not timestamp.isdigit() or abs(now_s - int(timestamp)) > TOLERANCE_S:
        return False
    right = sign(secret, message_id, timestamp, body).encode()
    return any(hmac.compare_digest(right, given.encode()) for given in signatures.split(" "))
