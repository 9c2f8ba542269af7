"""What a page's markup says is not its story: navigation, adverts, boxes of related stories, comments, forms.

An element is judged by its tag, its role and the words of its class and id; one that holds the headline, or most of
the running text, is never judged by these, since pages name their frames carelessly.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from index.boilerplate import ADVERTS, OTHERS, plain
from index.readers.hidden import hidden_in

Reasons = Mapping[Any, str]

SILENT = frozenset(
    {"script", "style", "template", "noscript", "head", "object", "embed", "svg", "math", "audio", "video", "canvas", "iframe"}
    | {"select", "option", "textarea", "input", "rp", "datalist", "map", "area", "amp-img", "amp-analytics", "amp-pixel"}
)  # fmt: skip
_TAGS = {
    "nav": "navigation", "aside": "beside the story", "form": "a form", "button": "a button", "dialog": "a dialog",
    "menu": "navigation", "amp-ad": "an advertisement", "amp-sidebar": "navigation", "amp-consent": "cookies and privacy",
    "amp-social-share": "sharing",
}  # fmt: skip
_ROLES = {
    "navigation": "navigation", "banner": "the page's header", "contentinfo": "the page's footer", "search": "a form",
    "dialog": "a dialog", "alertdialog": "a dialog", "alert": "a dialog", "menu": "navigation", "menubar": "navigation",
    "toolbar": "sharing", "complementary": "beside the story", "form": "a form", "button": "a button",
}  # fmt: skip
# A word of a class or an id, or two that stand together, and what it says.
_NAMES = {
    "cookies and privacy": "cookie cookies consent onetrust gdpr cmp privacy-notice cookiebanner cookienotice",
    "an advertisement": "ad ads adslot adunit advert adverts advertisement advertising sponsored sponsor promo promos promotion "
    "promobox anzeige anzeigen werbung publicidad publicite taboola outbrain dfp gpt affiliate product-card commerce disclosure",
    "other stories": "related relatedposts related-posts recommended recommendations recommendation recirc recirculation trending "
    "popular most-read most-viewed most-popular mostread mostviewed read-next readnext up-next more-from more-in more-stories "
    "more-on morestories you-may teaser teasers also-from also-like inline-links readmore read-more-inline next-inline "
    "post-navigation latest-news top-stories weitere jp-relatedposts carousel-related",
    "an invitation to subscribe": "newsletter newsletters signup sign-up subscribe subscription subscriptions paywall-gate gateway "
    "regwall upsell epic donate donation membership subscriber-only piano marketing",
    "sharing": "share sharing sharedaddy social share-links sharelinks share-bar shares toolbar",
    "comments": "comment comments commentlist disqus respond discussion kommentare kommentar comentarios commentaires coral livefyre "
    "readers reader-comments",
    "navigation": "nav navbar navigation navi menu submenu breadcrumb breadcrumbs masthead sidebar pagination pager topbar top-bar "
    "skip skip-link toc site-header",
    "about the author": "author-bio authorbio author-box authorbox author-card about-author bio autorenbox author-info-box",
    "labels of the page": "tags taglist tag-list tagged tags-links entry-footer post-footer keywords reading-time lesezeit",
    "the page's footer": "footer foot fuss colophon site-footer page-footer",
    "a credit": "credit credits photo-credit image-credit photographer copyright image-copyright",
    "for screen readers only": "sr-only visually-hidden visuallyhidden screen-reader-text u-visually-hidden assistive-text",
}
_SAYS = {name: why for why, names in _NAMES.items() for name in names.split()}
_PULLED = frozenset({"pullquote", "quote", "blockquote"})
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CATEGORY = re.compile(r"(?:tag|category|tax|term|post|single|has|no|with|without|is|page|layout|theme)-")
# A comment box may be longer than its story; only the headline saves what is named so.
_NEVER_MOST = frozenset({"comments", "cookies and privacy", "the page's footer"})
_MOST = 0.5
_BOX = 700
_BOX_SHARE = 0.3
_GROUND = frozenset({"html", "body", "main", "article"})


def reasons_of(tree: Any, headline: Any) -> dict[Any, str]:
    """Elements that are not of the story, and why; what stands in one is not listed again."""
    words = _running_text(tree)
    whole = max(words.get(tree, 0), 1)
    held = {headline, *headline.iterancestors()} if headline is not None else set()
    reasons = dict.fromkeys(hidden_in(tree), "hidden from readers of the page")
    for each in tree.iter():
        if not isinstance(each.tag, str) or each in reasons or each in held or each.tag in ("html", "body"):
            continue
        why = _why(each)
        if why and (words[each] <= _MOST * whole or why in _NEVER_MOST):
            reasons[each] = why
    for each in [each for each, why in reasons.items() if why == "a credit"]:
        reasons |= {link: "a credit" for link in each.itersiblings("a") if link not in held}
    for each, why in _labelled(tree, words, whole).items():
        if each not in held:
            reasons.setdefault(each, why)
    return reasons


def _why(element: Any) -> str:
    tag = element.tag
    if element.get("aria-hidden") == "true" and tag not in ("a", "i", "br"):
        return "hidden from screen readers"
    role = _ROLES.get((element.get("role") or "").strip().lower())
    named = _named(element)
    if tag == "aside" and (_PULLED & set(_words_of(element.get("class") or ""))):
        return ""
    if tag == "footer":
        quoted = element.getparent() is not None and element.getparent().tag in ("blockquote", "figure")
        return "" if quoted else "the page's footer"
    if tag == "header" and not any(each.tag in ("article", "main") for each in element.iterancestors()):
        return "the page's header"
    return _TAGS.get(tag) or role or named


def _named(element: Any) -> str:
    for kind in ("class", "id", "data-testid", "data-component", "data-gu-name", "data-module"):
        for name in (element.get(kind) or "").split():
            if _CATEGORY.match(name):
                continue
            parts = _words_of(name)
            pairs = [f"{one}-{other}" for one, other in pairwise(parts)]
            for part in (name.lower(), *pairs, *parts):
                if part in _SAYS:
                    return _SAYS[part]
    return ""


def _words_of(name: str) -> list[str]:
    return [each.lower() for each in _PART.findall(name)]


def _running_text(tree: Any) -> dict[Any, int]:
    """Characters in each element that are neither in a link nor silent."""
    words: dict[Any, int] = {}
    for each in reversed(list(tree.iter())):
        parent = each.getparent()
        silent = not isinstance(each.tag, str) or each.tag in SILENT
        own = 0 if silent or each.tag == "a" else len((each.text or "").strip()) + words.get(each, 0)
        words[each] = own
        if parent is not None:
            words[parent] = words.get(parent, 0) + own + len((each.tail or "").strip())
    return words


def _labelled(tree: Any, words: Mapping[Any, int], whole: int) -> dict[Any, str]:
    """Small boxes that begin with such words as “Advertisement” or “Related”, whatever their markup is called."""
    found: dict[Any, str] = {}
    for each in tree.iter():
        if not isinstance(each.tag, str) or each.tag in SILENT or not (each.text or "").strip():
            continue
        label = plain(each.text)
        if len(label) > 60 or (label not in OTHERS and label not in ADVERTS and not _begins(label)):
            continue
        box = each
        while (above := box.getparent()) is not None and _opens_with(above, box) and above.tag not in _GROUND:
            if words[above] > min(_BOX, _BOX_SHARE * whole):
                break
            box = above
        if box is not each:
            found[box] = f"a box headed “{' '.join(each.text.split())}”"
    return found


def _begins(label: str) -> bool:
    return any(
        label.startswith(f"{each} ") for each in ("trending on", "more in", "more from", "popular in", "most read in")
    )


def _opens_with(above: Any, element: Any) -> bool:
    """Whether nothing is said in an element before this child of it."""
    if (above.text or "").strip():
        return False
    before = element.getprevious()
    while before is not None:
        silent = not isinstance(before.tag, str) or before.tag in SILENT
        if (before.tail or "").strip() or (not silent and "".join(before.itertext()).strip()):
            return False
        before = before.getprevious()
    return True
