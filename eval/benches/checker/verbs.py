"""Forms of English verbs, as far as the edits need them: from "buy" to "bought" and back."""

_IRREGULAR = (
    "be was been; become became become; begin began begun; break broke broken; bring brought brought; build built built; "
    "buy bought bought; choose chose chosen; come came come; cost cost cost; cut cut cut; do did done; draw drew drawn; "
    "drive drove driven; fall fell fallen; fight fought fought; find found found; get got got; give gave given; go went gone; "
    "grow grew grown; have had had; hear heard heard; hit hit hit; hold held held; keep kept kept; know knew known; "
    "lay laid laid; lead led led; leave left left; lose lost lost; make made made; mean meant meant; meet met met; "
    "pay paid paid; put put put; quit quit quit; read read read; ride rode ridden; rise rose risen; run ran run; "
    "say said said; see saw seen; seek sought sought; sell sold sold; send sent sent; set set set; shoot shot shot; "
    "show showed shown; shut shut shut; sign signed signed; sit sat sat; speak spoke spoken; spend spent spent; "
    "stand stood stood; strike struck struck; sue sued sued; take took taken; teach taught taught; tell told told; "
    "think thought thought; throw threw thrown; win won won; write wrote written; beat beat beaten; bear bore born; "
    "lend lent lent; split split split; spread spread spread; step stepped stepped; ship shipped shipped; stop stopped stopped; "
    "drop dropped dropped; plan planned planned; ban banned banned; let let let; cast cast cast; feel felt felt"
)
_FORMS = {row.split()[0]: (row.split()[1], row.split()[2]) for row in _IRREGULAR.split("; ")}
_BASES = {form: base for base, forms in _FORMS.items() for form in forms}
_VOWELS = "aeiou"


def past(base: str) -> str:
    """ "buy" is "bought", "open" is "opened"."""
    return _FORMS[base][0] if base in _FORMS else _regular(base)


def participle(base: str) -> str:
    """ "take" is "taken", "open" is "opened"."""
    return _FORMS[base][1] if base in _FORMS else _regular(base)


def base_of(form: str) -> str | None:
    """The base of an irregular past form; None for any other word."""
    return _BASES.get(form)


def base_of_ing(form: str) -> str:
    """ "buying" is "buy"; a guess where spelling does not tell ("making" is known, "closing" is guessed)."""
    cut = form.removesuffix("ing")
    if cut in _FORMS or f"{cut}e" in _FORMS:
        return cut if cut in _FORMS else f"{cut}e"
    if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "lsz":
        return cut[:-1]
    return f"{cut}e" if cut[-1] in "cgsuvz" or cut.endswith(("at", "ir", "ur", "ar")) else cut


def _regular(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return f"{base[:-1]}ied"
    return f"{base}ed"
