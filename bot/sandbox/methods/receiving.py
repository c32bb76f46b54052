"""How the bot gets its updates: by asking, or by a web hook."""

from __future__ import annotations

from bot.sandbox.methods.base import Call, method
from bot.sandbox.world import Json


@method("getUpdates")
async def get_updates(call: Call) -> list[Json]:
    """The updates that wait, or the first that comes within `timeout` (at most 50 s)."""
    params, updates = call.params, call.activity.updates
    if not updates.webhook:
        updates.allow(params.array("allowed_updates"))
    return await updates.poll(
        params.number("offset"),
        params.number("limit", 100, 1, 100),
        params.number("timeout", 0, 0, 50),
    )


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Updates are sent to an address from now on; an empty one ends that."""
    url = call.params.text("url")
    if not url:
        return _remove(call)
    call.webhook.set(
        url,
        secret=call.params.text("secret_token"),
        most=call.params.number("max_connections", 40, 1, 100),
        allowed=call.params.array("allowed_updates"),
    )
    if call.params.flag("drop_pending_updates"):
        call.activity.updates.drop()
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Updates wait for getUpdates again."""
    return _remove(call)


def _remove(call: Call) -> bool:
    call.webhook.remove()
    if call.params.flag("drop_pending_updates"):
        call.activity.updates.drop()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """The address and how it fares."""
    return call.webhook.json()
