"""Topics that people name, and how a subscription is described: by what it gets now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.callbacks import Press, PressKind, encode
from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.model import Button, Keyboard
from bot.core.readers import filters, in_words, topics
from bot.core.readers.topics import NamedTopics
from bot.core.search.query import parse
from bot.core.text import fit
from bot.readers import choices
from bot.readers.choices import Spot
from storage import Connection, topic_labels

_LISTED = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """The topics that somebody named, and the existing labels."""

    named: NamedTopics
    labels: Sequence[str]

    @property
    def names(self) -> tuple[str, ...]:
        return self.named.all


async def asked(cx: Connection, text: str, tr: Translator) -> Asked:
    """The topics in a text. While there are no articles, any name is a topic. Raises Refusal for
    too long a text."""
    labels = await topic_labels.known(cx)
    try:
        found = topics.named(text, labels)
    except ValueError:
        raise Refusal(
            tr.gettext("A topic's name can have up to 64 characters; up to 20 topics at once.")
        ) from None
    return Asked(found if labels else NamedTopics(found.all), labels)


async def in_filter(cx: Connection, text: str, zone: ZoneInfo) -> Asked:
    """The topics that a filter asks for and no article has. While there are no articles, any name
    is a topic."""
    labels = await topic_labels.known(cx)
    missing = filters.unknown_topics(parse(text, zone), labels) if labels else ()
    return Asked(NamedTopics(unknown=missing), labels)


def unknown(one: Asked, tr: Translator) -> list[str]:
    """What to say about unknown names: that they are unknown, and which labels exist."""
    if not one.named.unknown:
        return []
    quoted = tr.listed(f"“{name}”" for name in one.named.unknown)
    near = dict.fromkeys(
        label for name in one.named.unknown for label in topics.nearest(name, one.labels)
    )
    lines = [tr.gettext("There are no articles on {topics} yet.", topics=quoted)]
    if near:
        lines.append(tr.gettext("Did you mean {words}?", words=tr.listed(near)))
    if one.labels:
        more = " …" if len(one.labels) > _LISTED else ""
        some = tr.listed(one.labels[:_LISTED]) + more
        lines.append(tr.gettext("Topics: {topics}", topics=some))
    return lines


async def instead(cx: Connection, one: Asked) -> Keyboard:
    """Buttons that replace each unknown name by one of the nearest labels."""
    rows = []
    for name in one.named.unknown[:3]:
        near = topics.nearest(name, one.labels)
        numbers = await topic_labels.numbers(cx, [name, *near])
        old = numbers.get(topics.key_of(name), 0)
        rows.append(
            tuple(
                Button(
                    "🔔 " + fit(label, 30),
                    data=encode(Press(PressKind.INSTEAD, (old, numbers[topics.key_of(label)]))),
                )
                for label in near
            )
        )
    return tuple(row for row in rows if row)


async def state(cx: Connection, spot: Spot, tr: Translator) -> str:
    """What a chat gets now, in one line."""
    return in_words.chosen(await choices.chosen(cx, spot), tr)
