"""What a page's markup says that no reader of the page sees: it is taken out of the tree, so that nobody can be told it.

Read are the `hidden` attribute, inline styles and the page's own style sheets; sheets elsewhere are not fetched.
"""

import re
from collections.abc import Iterator
from typing import Any

from cssselect import HTMLTranslator, SelectorError

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.S)
_NUMBER = r"(?:0*\.0+|0+(?:\.0*)?)"
_HIDES = re.compile(
    rf"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden|"
    rf"opacity\s*:\s*{_NUMBER}%?\s*(?:!|;|$)|font-size\s*:\s*(?:{_NUMBER}(?:[a-z]+|%)?|[01](?:\.\d+)?px)\s*(?:!|;|$)|"
    rf"text-indent\s*:\s*-\d{{3,}}|(?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{{4,}}px|"
    rf"transform\s*:\s*scale[xy]?\(\s*{_NUMBER}\s*\)|clip\s*:\s*rect\(\s*{_NUMBER}|clip-path\s*:\s*inset\(\s*(?:50|100)%|"
    rf"color\s*:\s*transparent)",
    re.I,
)
_NO_SIZE = re.compile(rf"(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*(?:{_NUMBER}|1)(?:px)?\s*(?:!|;|$)", re.I)
_CLIPPED = re.compile(r"(?:^|;)\s*overflow\s*:\s*hidden", re.I)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.I)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color|-image)?\s*:\s*([^;!]+)", re.I)
_SHOWN_MEDIA = re.compile(r"@(?:media\s+(?:only\s+)?(?:screen|all)\s*$|layer|supports)", re.I)
_TOKEN = re.compile(r"[.#]([\w-]+)")
_NAMED = {"white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "black": (0, 0, 0)}
_UNSEEN = "unseen"
# Style sheets are read so far; what hides text stands among the first rules of a page, and a longer one costs time.
_LONGEST_SHEET = 500_000
_MOST_RULES = 500
_LONGEST_SELECTOR = 200
_MOST_VISITS = 3_000_000


def remove_hidden(tree: Any) -> None:
    """Take out of a parsed page every element that its own markup hides; the page and its body are never hidden."""
    for each in hidden_in(tree):
        _drop(each)


def hidden_in(tree: Any) -> list[Any]:
    """Every element of a parsed page that its own markup hides."""
    hiding, colouring = _from_sheets(tree)
    hidden = [each for each in tree.iter() if isinstance(each.tag, str) and (each in hiding or _hides(each))]
    hidden += _faint(tree, colouring)
    return [each for each in hidden if each.tag not in ("html", "body", "head", "meta", "link", "script", "style")]


def _drop(element: Any) -> None:
    """Without the element, with the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _hides(element: Any) -> bool:
    return "hidden" in element.attrib or _is_hiding(element.get("style") or "")


def _is_hiding(style: str) -> bool:
    return bool(style) and bool(_HIDES.search(style) or (_NO_SIZE.search(style) and _CLIPPED.search(style)))


def _faint(tree: Any, colouring: dict[Any, str]) -> Iterator[Any]:
    """Elements whose letters have the colour of the ground they stand on; an unset ground is white."""
    grounds: dict[Any, Any] = {}
    for each in tree.iter():
        if not isinstance(each.tag, str):
            continue
        style = f"{colouring.get(each, '')};{each.get('style') or ''}"
        ground = _last(_GROUND, style) or each.get("bgcolor")
        above = each.getparent()
        grounds[each] = _rgb(ground) if ground else grounds.get(above, (255, 255, 255))
        colour = _last(_COLOUR, style) or (each.get("color") if each.tag == "font" else None)
        letters = _rgb(colour) if colour else None
        if letters and grounds[each] and max(abs(a - b) for a, b in zip(letters, grounds[each], strict=True)) <= 12:
            yield each


def _last(pattern: re.Pattern[str], style: str) -> str | None:
    found = pattern.findall(style)
    return str(found[-1]).strip().lower() if found else None


def _rgb(written: str) -> tuple[int, ...] | None:
    """Red, green and blue; None for a picture, a gradient or a colour that is not written plainly."""
    written = written.strip().lower()
    if written in _NAMED:
        return _NAMED[written]
    if found := re.fullmatch(r"#?([0-9a-f]{3})(?:[0-9a-f])?", written):
        return tuple(int(each * 2, 16) for each in found[1])
    if found := re.fullmatch(r"#?([0-9a-f]{6})(?:[0-9a-f]{2})?", written):
        return tuple(int(found[1][at : at + 2], 16) for at in (0, 2, 4))
    if found := re.match(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*[,)/]", written):
        return tuple(int(each) for each in found.groups())
    return None


def _from_sheets(tree: Any) -> tuple[set[Any], dict[Any, str]]:
    """Elements that the page's own style sheets hide, and what they say of the colours of others."""
    sheets = "\n".join(each.text or "" for each in tree.iter("style"))[:_LONGEST_SHEET]
    rules = list(_rules(_COMMENT.sub("", sheets)))
    names = _names(tree) if rules else set()
    hiding = {each for each, _ in _applied(tree, [rule for rule in rules if _is_hiding(rule[1])], names)}
    colouring: dict[Any, str] = {}
    for pattern in (_COLOUR, _GROUND):
        for each, style in _applied(tree, [rule for rule in rules if pattern.search(rule[1])], names):
            colouring[each] = f"{colouring.get(each, '')};{style}"
    return hiding, colouring


def _applied(tree: Any, rules: list[tuple[str, str]], names: set[str]) -> Iterator[tuple[Any, str]]:
    """Elements that rules apply to, each with what the rule declares; of very many rules the first."""
    plain = [
        (each, style)
        for selectors, style in rules
        for each in selectors.split(",")
        if len(each) < _LONGEST_SELECTOR and not re.search(r"[:*]", each)
    ]
    most = max(20, min(_MOST_RULES, _MOST_VISITS // max(1, sum(1 for _ in tree.iter()))))
    for selector, style in [each for each in plain if set(_TOKEN.findall(each[0])) <= names][:most]:
        for each in _matched(tree, selector):
            yield each, style


def _names(tree: Any) -> set[str]:
    return {name for each in tree.iter() for kind in ("class", "id") for name in (each.get(kind) or "").split()}


def _matched(tree: Any, selector: str) -> list[Any]:
    try:
        found: list[Any] = tree.xpath(HTMLTranslator().css_to_xpath(selector.strip()))
    except (SelectorError, ValueError):
        return []
    return found


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules for screens; those for print or for narrow screens hide other things."""
    within: list[bool] = []
    selectors, before = "", ""
    for part in re.split(r"([{}])", sheet):
        if part == "{":
            shown = not within or within[-1]
            selectors = before.rpartition(";")[2].strip()
            within.append(shown and (not selectors.startswith("@") or bool(_SHOWN_MEDIA.match(selectors))))
        elif part == "}" and within:
            if within.pop() and selectors and not selectors.startswith("@"):
                yield selectors, before
            selectors = ""
        before = part
