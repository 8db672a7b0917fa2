"""Which mails of ours a message names as those it answers. Pure."""

import uuid

from invites.replies.parts import walk
from invites.replies.read import MOST, OUR_MESSAGE

NAMED_IN = ("In-Reply-To", "References", "X-MS-Exchange-Parent-Message-Id")


def answering(raw: bytes, *, domain: str) -> tuple[uuid.UUID, ...]:
    """The delivery ids in its headers, as claims. Never raises."""
    top = next(walk(raw))
    names = " ".join(top.header(name) for name in NAMED_IN)
    ours = [match[1] for match in OUR_MESSAGE.finditer(names) if match[2].lower() == domain.lower()]
    return tuple(dict.fromkeys(uuid.UUID(one) for one in ours))[:MOST]
