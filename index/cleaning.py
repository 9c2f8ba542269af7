"""Plain text of a page without what is not the story: advertisements, menus, related headlines, comment boxes.

Rules look at the shape of lines, never at one site. When in doubt a line stays: a lost sentence cannot be cited.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.characters import normalise


def _set(lines: str) -> frozenset[str]:
    return frozenset(line.strip() for line in lines.split("|"))


_JUNK = _set(
    "ad|ads|advertisement|advertisements|advertising|advertisement scroll to continue|sponsored|sponsored content|promoted|"
    "paid content|source link|original source|summary|recommendation|recommended|read more|read more here|see more|show more|"
    "load more|share|share this|share this article|share this story|share on facebook|share on twitter|share on linkedin|"
    "copy link|link copied|print|print this page|email|e-mail|facebook|twitter|x|linkedin|whatsapp|reddit|telegram|pinterest|"
    "instagram|youtube|tiktok|save|save article|saved|bookmark|listen|listen to this article|gift this article|menu|search|home|"
    "close|open menu|main menu|skip to content|skip to main content|skip to navigation|sign in|sign up|log in|login|register|"
    "subscribe|subscribe now|newsletter|newsletters|follow us|follow|comments|comment|no comments yet|no comments|"
    "leave a comment|add a comment|post a comment|be the first to comment|reply|view comments|related|related articles|"
    "article continues below|article continues below advertisement|story continues below advertisement|continue reading|"
    "story continues|table of contents|loading|back to top|next article|previous article|next|previous|privacy policy|"
    "terms of use|terms of service|cookie policy|accept|accept all|accept cookies|reject all|manage preferences|got it|"
    "learn more|watch|play|play video|video|photo|photos|image|gallery|view gallery|get the app|download the app"
)
_ADS = _set(
    "ad|ads|advertisement|advertisements|advertisement scroll to continue|article continues below advertisement|loading"
)
_CALL = re.compile(r"(?:click|tap) here to .{1,80}$", re.I)
_TAIL = _set(
    "comments|related articles|related stories|related news|related posts|related content|related topics|related reading|"
    "you may also like|you might also like|you may be interested in|more from this author|more from|more stories|"
    "more news|more on this story|read next|up next|recommended for you|recommended stories|recommended reading|"
    "most read|most popular|most viewed|popular now|popular stories|trending|trending now|trending stories|editors picks|"
    "editor's picks|latest news|latest stories|leave a reply|leave a comment|post a comment|join the conversation|"
    "join the discussion|from our partners|around the web|from the web|sponsored stories|about the author|"
    "sign up for our newsletter|subscribe to our newsletter|share this article|no comments yet"
)
_PHRASE = re.compile(
    r"(?:we use cookies|this (?:web)?site uses cookies|by (?:clicking|continuing|using) .{0,60}(?:cookies|terms|privacy)|"
    r"sign up (?:for|to) (?:our|the|get)|subscribe (?:to|for) (?:our|the|unlimited|full)|follow us on|click here to|"
    r"tap here to|download (?:our|the) app|please enable javascript|enable javascript|your email address will not be|"
    r"required fields are marked|all rights reserved|explore what .{1,40} can do for you|try our |get the latest .{0,40}newsletter|"
    r"already (?:a subscriber|have an account)|this content is for (?:subscribers|members)|listen to (?:this|the) article)",
    re.I,
)
_LABEL = re.compile(
    r"(?:tags?|categor(?:y|ies)|filed under|topics?|keywords|excerpt|hashtags|read also|also read|see also|related)\s*:",
    re.I,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b)\s*(?:©|\(c\))?\s*(?:19|20)\d\d", re.I)
_AGE = re.compile(
    r"(?:updated |posted )?\d+ ?(?:min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?) ago|\d+ min(?:ute)?s? read", re.I
)
_ROW = re.compile(r"\|")
_RULE = re.compile(r"[\s|:=_*~+-]+")
_BULLET = re.compile(r"[-•*–]\s|\d+[.)]\s")
_STOPPED = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_SMALL = re.compile(r"[a-z]")


def clean(text: str) -> str:
    """The story of a plain-text page: its title, headings, paragraphs, list items and table rows, in their order."""
    lines = _unwrapped(normalise(text).split("\n"))
    lines = _without_tail(lines)
    lines = [line for line in lines if not _is_junk(line)]
    lines = _without_headlines(lines)
    lines = _without_repeats(_without_menu(lines))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def tidy(text: str) -> str:
    """A text that somebody has already taken out of its page: only advertisements and rules are left to take out."""
    lines = normalise(text).split("\n")
    kept = [line for line in lines if not (_RULE.fullmatch(line) or _plain(line) in _ADS or _CALL.match(line))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def title_of(text: str) -> str | None:
    """The first line of a cleaned text where it is a title: short, of some words, and not a sentence."""
    first, _, rest = text.partition("\n")
    short = len(first) <= 160 and len(first.split()) >= 2 and rest.strip()
    return (
        first if short and not re.search(r"[.:;|,]$", first) and not _BULLET.match(first) and "|" not in first else None
    )


def is_prose(line: str) -> bool:
    """Whether a line is a sentence or more of running text."""
    return len(line) >= 60 and bool(_STOPPED.search(line)) and not _ROW.search(line)


def _plain(line: str) -> str:
    return re.sub(r"[^\w' -]", "", line.replace("’", "'")).strip(" -").casefold()


def _is_junk(line: str) -> bool:
    if not line:
        return False
    if _RULE.fullmatch(line):
        return True
    if len(line) > 200 or _ROW.search(line):
        return False
    matched = _PHRASE.match(line) or _LABEL.match(line) or _COPYRIGHT.match(line)
    return _plain(line) in _JUNK or bool(matched) or bool(_AGE.fullmatch(line))


def _without_tail(lines: list[str]) -> list[str]:
    """Cut where the story is over: at the heading of comments or of other stories, with most of the text above it."""
    told = 0
    left = sum(len(line) for line in lines if is_prose(line))
    for at, line in enumerate(lines):
        if told > 250 and left <= told / 2 and len(line) < 60 and _plain(line) in _TAIL:
            return lines[:at]
        if is_prose(line):
            told, left = told + len(line), left - len(line)
    return lines


def _is_headline(line: str) -> bool:
    """Many Capitals, No Full Stop at the End; a sentence of the story is not like that."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", line) if len(word) > 3]
    if not words or not 3 <= len(line.split()) <= 25 or len(line) > 160:
        return False
    if _ROW.search(line) or _BULLET.match(line) or line.endswith((":", ",", ";", "”", '"')):
        return False
    return sum(not _SMALL.match(word) for word in words) >= 0.8 * len(words)


def _without_headlines(lines: list[str]) -> list[str]:
    """Without runs of three and more headlines of other stories; a lone one may be a heading of this one."""
    kept: list[str] = []
    run: list[str] = []
    seen_prose = False
    for line in [*lines, None]:
        if line is not None and seen_prose and (_is_headline(line) or (run and not line)):
            run.append(line)
            continue
        if not _are_headlines([each for each in run if each]):
            kept += run
        run = []
        if line is not None:
            kept.append(line)
            seen_prose = seen_prose or is_prose(line)
    return kept


def _are_headlines(run: Sequence[str]) -> bool:
    words = sum(len(line.split()) for line in run)
    facts = sum(": " in line or any(each.isdigit() for each in line) for line in run)
    return len(run) >= 3 and words >= 5 * len(run) and facts <= len(run) / 2


def _without_menu(lines: list[str]) -> list[str]:
    """Without the words of a menu or a section above the title, which is repeated or at least longer than they are."""
    top = next((at for at, line in enumerate(lines) if is_prose(line)), 0)
    head = lines[:top]
    titles = [at for at, line in enumerate(head) if len(line.split()) >= 4 and not _BULLET.match(line)]
    repeated = [at for at in titles if head[at] in head[at + 1 :]]
    for title in (repeated or titles)[:1]:
        above = [line for line in head[:title] if line]
        if all(len(line.split()) <= 4 and not _STOPPED.search(line) for line in above):
            return lines[title:]
    return lines


def _without_repeats(lines: list[str]) -> list[str]:
    """Without the title where a page says it again."""
    title = next((line for line in lines if line), "")
    if len(title.split()) < 4 or _STOPPED.search(title):
        return lines
    first = lines.index(title)
    return [line for at, line in enumerate(lines) if at == first or line != title]


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that were broken at a fixed width, joined again into paragraphs."""
    full = [len(line) for line in lines if line]
    if len(full) < 6 or max(full) > 100:
        return lines
    width = max(full)
    broken = [a for a, b in pairwise(lines) if a and b and not _STOPPED.search(a)]
    if len(broken) < len(full) / 2 or sum(len(line) > 0.75 * width for line in broken) < 0.8 * len(broken):
        return lines
    joined: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        carries_on = before and line and len(before) > 0.7 * width and not _BULLET.match(line)
        if joined and carries_on:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined
