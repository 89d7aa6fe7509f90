"""That somebody is typing: told once in a while, kept nowhere, over by itself; it has no place in any order."""

from redis.exceptions import RedisError

from helpdesk.background import connection
from helpdesk.services.news import TYPING

EVERY = 3
"""Seconds between two such words of one side of a conversation."""

LASTS = 6
"""Seconds after which whoever was told takes it back by themselves."""


def tell(chat_id: int, side: str, person_id: int = 0) -> None:
    """That ``side`` (citizen or agent) types; ``person_id`` is the agent who is to know. Lost, it is no loss."""
    try:
        valkey = connection()
        if valkey.set(f"typing:{chat_id}:{side}", 1, nx=True, ex=EVERY):
            line = {"chat": chat_id, "kind": "typing", "side": side, "person": person_id}
            valkey.xadd(f"live:{TYPING}", line, maxlen=500, approximate=True)  # type: ignore[arg-type]
    except RedisError:
        return
