"""The words that pages are furnished with, in the languages of many news sites: labels, buttons, headings of what is not the story."""

import re


def _set(*lines: str) -> frozenset[str]:
    return frozenset(each.strip() for line in lines for each in line.split("|") if each.strip())


LABELS = _set(
    "ad|ads|advertisement|advertisements|advertising|advertisement scroll to continue|sponsored|sponsored content|promoted|",
    "paid content|source link|original source|summary|recommendation|recommended|read more|read more here|see more|show more|",
    "load more|load more posts|load older posts|share|share this|share this article|share this story|share on facebook|",
    "share on twitter|share on x|share on linkedin|share full article|share this post|key events|copy link|link copied|print|print this page|email|e-mail|",
    "facebook|twitter|tweet|x|linkedin|whatsapp|reddit|telegram|pinterest|instagram|youtube|tiktok|save|save article|saved|",
    "bookmark|listen|listen to this article|gift this article|menu|search|home|close|open menu|main menu|skip to content|",
    "skip to main content|skip to navigation|skip to footer|sign in|sign up|log in|login|register|subscribe|subscribe now|",
    "newsletter|newsletters|follow us|follow|comments|comment|no comments yet|no comments|leave a comment|add a comment|",
    "post a comment|be the first to comment|reply|view comments|jump to comments|stay in the know|stay informed|related|related articles|like this|",
    "article continues below|article continues below advertisement|story continues below|story continues below advertisement|",
    "continue reading|story continues|table of contents|loading|back to top|next article|previous article|next|previous|",
    "privacy policy|terms of use|terms of service|cookie policy|accept|accept all|accept cookies|reject all|agree|i agree|",
    "more options|manage preferences|manage cookies|cookie settings|got it|learn more|watch|watch now|play|play video|video|",
    "photo|photos|image|gallery|view gallery|view image in fullscreen|view comments|get the app|download the app|live reporting|",
    "do not sell my info|do not sell my personal information|contact us|send feedback|report an error|ask a question|",
    # German
    "anzeige|werbung|teilen|merken|drucken|startseite|anmelden|registrieren|abonnieren|kommentieren|mehr lesen|weiterlesen|",
    "zum inhalt springen|suche|impressum|datenschutz|alle akzeptieren|nach oben|zur startseite|artikel anhören|",
    # Spanish, Portuguese
    "publicidad|anuncio|compartir|guardar|imprimir|inicio|iniciar sesión|suscríbete|suscribirse|leer más|ver más|comentar|",
    "publicidade|compartilhar|partilhar|início|entrar|assine|leia mais|aceptar|buscar|",
    # French
    "publicité|partager|enregistrer|imprimer|accueil|se connecter|s'abonner|abonnez-vous|lire la suite|lire plus|commenter|",
    "tout accepter|rechercher|",
    # Italian, Dutch, Nordic
    "pubblicità|condividi|salva|stampa|accedi|abbonati|leggi anche|leggi di più|advertentie|delen|bewaren|inloggen|lees meer|",
    "annonse|annons|annonce|del artikkelen|logg inn|logga in|log ind|les mer|läs mer|læs mere",
)

ADVERTS = _set(
    "ad|ads|advertisement|advertisements|advertisement scroll to continue|article continues below advertisement|loading|",
    "story continues below advertisement",
)

# Headings of what stands below a story, or in a box beside it.
OTHERS = _set(
    "comments|related|related articles|related stories|related news|related posts|related content|related topics|related links|",
    "related reading|related coverage|you may also like|you might also like|you might like|you may be interested in|",
    "you might also be interested in|you might be interested in|more from this author|more from|more stories|more news|",
    "more on this story|more on this topic|more for you|read next|up next|read this next|keep reading|what to read next|",
    "recommended for you|recommended stories|recommended reading|recommended articles|most read|most popular|most viewed|",
    "most recent|most shared|most commented|popular now|popular stories|trending|trending now|trending stories|editors picks|",
    "editor's picks|editors' picks|top stories|top news|other news|in other news|also in the news|latest news|latest stories|",
    "latest articles|recent posts|leave a reply|leave a comment|post a comment|join the conversation|join the discussion|",
    "from our partners|around the web|from the web|from around the web|sponsored stories|about the author|about the authors|",
    "sign up for our newsletter|subscribe to our newsletter|share this article|no comments yet|load older posts|",
    "also from this source|also in this issue|elsewhere on the web|discussion about this post|ready for more|explore more|",
    "reader comments|readers' comments|what do you think|follow us|topics|tags|explore|don't miss|in case you missed it|",
    # German
    "kommentare|leserkommentare|das könnte sie auch interessieren|das könnte dich auch interessieren|lesen sie auch|",
    "mehr zum thema|weitere artikel|weitere themen|meistgelesen|meistgelesene artikel|auch interessant|über den autor|",
    "über die autorin|ähnliche artikel|zum thema|mehr aus|empfohlene artikel|verwandte themen|",
    # Spanish, Portuguese
    "comentarios|te puede interesar|también te puede interesar|te recomendamos|lo más leído|lo más visto|más noticias|",
    "noticias relacionadas|artículos relacionados|más sobre este tema|temas relacionados|archivado en|comentários|",
    "leia também|mais lidas|notícias relacionadas|veja também|",
    # French
    "commentaires|à lire aussi|lire aussi|sur le même sujet|articles similaires|les plus lus|les plus partagés|à découvrir|",
    "dans la même rubrique|vous aimerez aussi|nos lecteurs lisent ensuite|",
    # Italian, Dutch, Nordic
    "commenti|leggi anche|articoli correlati|i più letti|potrebbe interessarti|reacties|lees ook|meest gelezen|meer nieuws|",
    "les også|mest lest|läs också|mest läst|læs også|mest læste|kommentarer",
)

CALL = re.compile(r"(?:click|tap) here to .{1,80}$", re.I)
PHRASE = re.compile(
    r"(?:we (?:and our .{0,40}partners )?(?:use|store|value) .{0,80}\b(?:cookies|privacy)\b|we value your privacy|"
    r"this (?:web)?site uses cookies|by (?:clicking|continuing|using) .{0,60}(?:cookies|terms|privacy)|"
    r"sign up (?:now |today )?(?:for|to) (?:our|the|get|receive|breaking|daily|weekly|free|news|more)|subscribe (?:to|for) (?:our|the|unlimited|full)|"
    r"(?:subscribe|sign up|register|log ?in) (?:now )?to (?:keep|continue|read|comment|view)|to continue reading|"
    r"(?:want|like) (?:more|what you).{0,40}\?$|follow us on|join us on|click (?:here )?to (?!.{60})|tap here to|"
    r"download (?:our|the) app|please enable javascript|enable javascript|your email address will not be|"
    r"required fields are marked|all rights reserved|explore what .{1,40} can do for you|try our |"
    r"get the latest .{0,40}newsletter|already (?:a subscriber|have an account|registered)|"
    r"this (?:content|article|story) is (?:for|only for|available to|reserved for) (?:our |paying )?(?:subscribers|members)|"
    r"listen to (?:this|the) (?:article|story)|our standards:|ask .{0,30}\bai\b|thank you for (?:reading|subscribing|signing)|"
    r"(?:when|if) you (?:buy|purchase|click) .{0,60}(?:commission|links)|.{0,60}may earn an? .{0,20}commission|"
    r"proudly powered by|powered by \w+|.{1,60}is a reader-supported publication|support (?:our|local|independent) journalism|stay in the (?:know|loop)|your (?:subscription|support|donation) (?:makes|helps|keeps)|(?:photo|photograph|image|picture|illustration)s? by|"
    r"image (?:source|credit|caption)\b|(?:photo|image|picture|illustration|photograph)s?(?: credit)?\s*[:/]|\d+ (?:likes?|restacks?|shares?|views?|comments?|replies|reply)$|"
    # German, Spanish, French
    r"wir verwenden cookies|(?:wir|diese (?:web)?seite) .{0,40}cookies|melden sie sich an|sie müssen sich anmelden|lesedauer|"
    r"(?:usamos|utilizamos) .{0,40}cookies|inicia sesión para|regístrate|suscríbete (?:a|para)|síguenos en|"
    r"(?:nous utilisons|ce site utilise) .{0,40}cookies|inscrivez-vous|suivez-nous|cet article est réservé)",
    re.I,
)
PREFIX = re.compile(
    r"(?:tags?|tagged|categor(?:y|ies)|filed under|posted in|topics?|keywords|excerpt|hashtags|read also|also read|see also|related|"
    r"read more|more|watch|listen|video|don['’]t miss|related (?:story|article|coverage|news)|must read|"
    r"lesen sie auch|mehr zum thema|siehe auch|leer más|lee también|te puede interesar|ver también|"
    r"lire aussi|à lire aussi|voir aussi|leggi anche|leia também|lees ook|les også|läs också|læs også)\s*[:：]",
    re.I,
)
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b)\s*(?:©|\(c\))?\s*(?:19|20)\d\d", re.I)
AGE = re.compile(
    r"(?:updated |posted |published |last updated )?(?:\d+|an?|one)\s?(?:m|h|d|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?) ago|"
    r"(?:just now|yesterday)|\d+[ -]min(?:ute)?s?(?: read| listen)?|vor \d+ (?:minuten|stunden|tagen?)|hace \d+ (?:minutos|horas|días)|"
    r"il y a \d+ (?:minutes|heures|jours)|\d{1,2}[.:]\d\d(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?",
    re.I,
)
COUNTED = re.compile(r"\d+ (?:comments?|thoughts? on\b|replies|responses?|kommentare|comentarios|commentaires)\b", re.I)
LETTER = re.compile(
    r"\bnewsletters?\b|\b(?:in|to|into|through) your (?:inbox|letterbox)\b|\bbriefing (?:newsletter|e-?mail)\b", re.I
)
SUBSCRIBE = _set(
    "sign up|subscribe|subscribe now|sign me up|get it|join|join now|register|submit|your email|email address|your email address|"
    "enter your email|enter your email address"
)


def plain(line: str) -> str:
    """A line as the sets above have it: its letters alone, folded."""
    return re.sub(r"[^\w' -]", "", line.replace("’", "'")).strip(" -").casefold()
