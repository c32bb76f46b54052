"""A strict stand-in for Telegram's Bot API. It knows nothing of news, and nothing of Kabar.

Rooms: `server` (HTTP) -> `methods/` (one function per method) -> `activity` (what follows from it)
-> `world` (what exists); `people` acts for everybody but the bot; `sandbox` holds it all together;
`control` is the same over HTTP. `python -m bot.sandbox --help` runs the bare server.

The bot's base address is `<root>/bot<token>/`, files are at `<root>/file/bot<token>/`.

Control over HTTP: POST /control/<action> with a JSON object. Users and chats go by their numbers;
without `chat` an act happens in the person's private chat with the bot. A mistake is 400
`{"error": sentence}`, an answer that does not come in time 504.

    action        arguments (those in brackets may be left out)              answer
    user          first_name [language_code username last_name]              user
    chat          type (group supergroup channel) title creator              chat
                  [username forum linked]
    topic         chat name                                                  {id, name}
    close_topic   chat topic (0 = General) [closed]                          true
    add_bot       chat [as_admin rights {right: bool}]                       true
    kick_bot      chat                                                       true
    member        chat user status [rights]                                  true
    permissions   chat permissions {right: bool}                             true
    migrate       chat                                                       the supergroup
    say           user text [chat reply_to thread]                           message
    file          user content (base64) [kind chat caption name reply_to     message
                  thread]
    album         user photos [base64 ...] [chat caption]                    messages
    edit          user message_id text [chat]                                message
    delete        user message_id [chat]                                     true
    react         user message_id [emoji chat]                               true
    press         user chat message_id button (data or text) [timeout]       text, show_alert [url]
    inline        user query [offset timeout]                                results, query_id ...
    choose        user chat query_id result (its id)                         message
    block         user [blocked]                                             true
    deactivate    user                                                       true
    fault         [method chat times error [code, text, parameters?]         faults that wait
                  delay drop (before after)]
    clear_faults                                                             true
    calls         [method last]                                              [{time, method, params,
                                                                             status, description}]

    GET /control/snapshot           serial, bot (profile, commands), users, chats, counts
    GET /control/messages/<chat>    [?after=id] messages, oldest first
    GET /control/file/<file id>     the bytes
    GET /control/events             server-sent events, `data: {"type", "serial", ...}`:
                                    message edit reaction (chat, message_id, message), delete,
                                    pin (chat, message_id), member (chat, user, status), chat,
                                    topic, user, action (chat, action), answer (query, user,
                                    answer), query (query, user), profile, poll, fault (method),
                                    call (method, status)

A message: id chat kind mine from date edited text html entities files [{kind, file_id, ...}]
buttons [[{text, ...}]] keyboard (force_reply or reply keyboard, else null) reply_to thread topic
(its name in a forum) pinned silent reactions album preview, and `data`, the Message as the Bot API
shows it.
"""

from __future__ import annotations

from bot.sandbox.errors import ControlError
from bot.sandbox.limits import RateLimits
from bot.sandbox.sandbox import TOKEN, Sandbox
from bot.sandbox.world import Message, User, WorldChat

__all__ = ["TOKEN", "ControlError", "Message", "RateLimits", "Sandbox", "User", "WorldChat"]
