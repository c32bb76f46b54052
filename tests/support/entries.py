"""Entries written for tests, and the story of one."""

from __future__ import annotations

from dataclasses import replace

from bot.core.articles import story as stories
from bot.core.articles.entry import Entry
from bot.core.articles.story import Paper
from bot.core.model import Picture, Story

NOW = 1_800_000_000
PAPER = Paper(title="Majalah Jurnalis", site="https://www.majalahjurnalis.com/")
BLOGGER = "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvX"


def story(content: str = "", **more: object) -> Story:
    entry = replace(
        Entry(title="Judul berita", content=content, base="https://p.example/a/"),
        **more,  # type: ignore[arg-type]  # the tests name Entry's own fields
    )
    return stories.story(stories.draft(entry), PAPER, now=NOW)


def picture(content: str, **more: object) -> tuple[str, str, str]:
    shot = story(content, **more).picture or Picture("")
    return shot.address, shot.caption, shot.credit
