"""Coming and going."""

from __future__ import annotations

from types import SimpleNamespace

import discord

from bot.exts import servers as servers_module
from bot.guild import GuildSettings


async def test_joining_greets_once_where_the_system_speaks(scene):
    rooms = [scene.channel, scene.review, *scene.guild.channels.values()]
    greetings = {
        message.id: message
        for room in rooms
        for message in room.history()
        if "thank you" in scene.words(message)
    }
    assert len(greetings) == 1
    scene.client.dispatch("guild_join", scene.client.get_guild(scene.guild.id))
    await scene.env.settle()
    again = {
        message.id for room in rooms for message in room.history() if "thank you" in scene.words(message)
    }
    assert again == set(greetings)


async def test_leaving_deletes_what_was_kept_of_the_server(scene, app):
    await scene.ann.slash(scene.channel, "ask", question="my leg is numb since last week")
    guild = scene.client.get_guild(scene.guild.id)
    assert len(await app.store.queue.cases(str(guild.id))) == 1
    await scene.client.get_cog("Servers").on_guild_remove(guild)
    assert await app.store.queue.cases(str(guild.id)) == []
    assert (await app.store.persons.export(str(scene.ann.id)))["exchanges"] == []


async def test_a_server_left_while_spotter_was_not_running_is_forgotten_after_an_hour(
    scene, app, monkeypatch
):
    await app.store.guilds.save("987654321987654321", GuildSettings(language="de"), "boss")
    servers = scene.client.get_cog("Servers")
    assert await servers.forget_left() == []
    later = servers_module.time.monotonic() + 4000
    monkeypatch.setattr(servers_module.time, "monotonic", lambda: later)

    async def silent(*_args, **_kwargs):
        raise discord.HTTPException(SimpleNamespace(status=503, reason="away"), "")

    with monkeypatch.context() as away:
        away.setattr(scene.client, "fetch_guild", silent)
        assert await servers.forget_left() == []
    assert await servers.forget_left() == ["987654321987654321"]
    assert await app.store.guilds.kept() == {str(scene.guild.id)}


async def test_a_store_that_fails_leaves_the_answer_standing(scene, app, monkeypatch):
    async def broken(*_args, **_kwargs):
        raise RuntimeError("no database")

    monkeypatch.setattr(app.store.exchanges, "record", broken)
    monkeypatch.setattr(app.store.exchanges, "delivered", broken)
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    text = scene.words(result.response)
    assert "Push the floor away" in text
    assert "could not be recorded" in text
    app.coach.outbox._waiting.clear()


async def test_where_the_bot_may_not_write_it_stays_silent_without_an_error(scene, made_up):
    hidden = scene.guild.create_text_channel(
        "rules", overwrites={scene.guild.roles["TestBot"]: discord.PermissionOverwrite(send_messages=False)}
    )
    await scene.ann.send(hidden, f"{scene.client.user.mention} how do I hinge?")
    assert made_up.asked == []
