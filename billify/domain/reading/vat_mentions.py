"""Why no VAT is charged, in the words the law asks for.

Mentions: royal decree no. 1 of 29 December 1992, article 5 § 1, and article 226 of directive
2006/112/EC; the wordings are those of Belgium and its neighbours.
"""

import re

from billify.domain.reading import prose
from billify.domain.reading.facts import Facts
from billify.domain.reading.prose import Found
from billify.domain.vat import VatCategory

_MENTIONS: tuple[tuple[VatCategory, float, str], ...] = (
    (
        VatCategory.REVERSE_CHARGE,
        0.93,
        r"btw[ -]?verlegd|(?:btw|heffing) (?:wordt )?verlegd|verlegging van (?:de )?(?:heffing"
        r"|btw)|verlegd naar"
        r"|mede[- ]?contractant|auto[- ]?liquidation|co[- ]?contractant|steuerschuldnerschaft"
        r"|reverse[- ]charge"
        r"|inversione contabile|inversion del sujeto pasivo|autoliquidacao|verlegging|§ ?13 ?b"
        r"|art(?:ikel|icle|\.)? ?20 (?:van )?(?:het )?(?:kb|k\.b\.|ar|a\.r\.)"
        r"|regime du cocontractant"
        r"|btw te voldoen door de (?:klant|afnemer|ontvanger)|tva (?:due"
        r"|a acquitter) par le (?:preneur|client)"
        r"|article 196|art\. ?196|artikel 196|customer (?:is )?liable for (?:the )?vat",
    ),
    (
        VatCategory.INTRA_COMMUNITY,
        0.92,
        r"innergemeinschaftlich\w*|(?:intra[- ]?communautaire|intra[- ]?community)"
        r" (?:levering\w*|supply|supplies|delivery|lieferung\w*|handeling\w*|goederen\w*)"
        r"|(?:livraison|prestation|operation)s? intra[- ]?communautaires?|art(?:ikel|icle"
        r"|\.)? ?39 ?bis"
        r"|(?<!\w)39bis|art(?:ikel|icle|\.)? ?138|§ ?4 nr\. ?1 ?b|262 ?ter|cesione intracomunitaria"
        r"|entrega intracomunitaria|intra-eu supply",
    ),
    (
        VatCategory.EXPORT,
        0.9,
        r"ausfuhrlieferung|art(?:ikel|icle|\.)? ?39[ ,]*(?:§ ?1|par\. ?1)|art(?:ikel|icle"
        r"|\.)? ?146(?!\d)"
        r"|262[ ,-]+i(?!\w)|(?:vrijgestelde?|vrijgesteld wegens|vrijstelling) (?:van )?uitvoer"
        r"|uitvoer buiten"
        r"|exportation (?:exoneree|hors)|exonere\w* .{0,20}export|export (?:supply|of goods)"
        r"|exempt export"
        r"|levering buiten de eu|zero[- ]rated export",
    ),
    (
        VatCategory.EXEMPT,
        0.92,
        r"bijzondere (?:vrijstellings)?regeling (?:van de |voor |der )?(?:kleine|vrijstelling)"
        r"|kleine ondernemingen"
        r"|vrijstellingsregeling|regime (?:particulier )?(?:de |de la )?franchise"
        r"|franchise (?:de |de la )?(?:taxe|tva)"
        r"|petites entreprises|franchise en base|kleinunternehmer|§ ?19 (?:abs\. ?1 )?ustg"
        r"|293 ?b|small business"
        r"|tva non applicable|(?:btw|tva|vat)[- ]?(?:vrij(?:stelling)?|vrijgesteld)"
        r"|vrijgesteld van (?:de )?btw"
        r"|exempt(?:ed)? from vat|vat[- ]exempt|exempt of vat|exoner\w* de (?:la )?tva"
        r"|exoneration de (?:la )?tva"
        r"|steuerbefreit|umsatzsteuerfrei|steuerfrei(?!\w)|umsatzsteuerbefreit|art(?:ikel|icle"
        r"|\.)? ?44(?!\d)"
        r"|§ ?4 nr\. ?(?!1 ?b)\d|261[ ,-]|iva esente|exento de iva|margeregeling|regime de la marge"
        r"|bijzondere regeling[ -–]+gebruikte|differenzbesteuerung|winstmarge",
    ),
    (
        VatCategory.OUTSIDE_SCOPE,
        0.85,
        r"niet onderworpen aan (?:de )?btw|niet btw[- ]plichtig"
        r"|buiten (?:het )?toepassingsgebied|hors champ"
        r"|non (?:assujetti|soumis)\w* a la tva|not subject to vat|outside (?:the )?scope"
        r"|nicht steuerbar"
        r"|nicht umsatzsteuerpflichtig|no vat applicable",
    ),
)
_PATTERNS = tuple(
    (category, sure, re.compile(rf"(?<!\w)(?:{text})")) for category, sure, text in _MENTIONS
)
_ONE_OF_MANY = re.compile(r"(?:indien|si |if |falls|wanneer|when |eventue)")


def category(facts: Facts) -> Found | None:
    """The category of what carries no VAT, by the mention on the pages; None without one.

    Reverse charge goes before the others: a service within the EU names both.
    """
    best: Found | None = None
    text_of_lines = [*prose.lines(facts)]
    for place, (kind, sure, pattern) in enumerate(_PATTERNS):
        for one in text_of_lines:
            seen = pattern.search(one.text)
            if seen is None:
                continue
            doubt = 0.25 if _ONE_OF_MANY.search(one.text[: seen.start()]) else 0.0
            confidence = sure - doubt - 0.01 * place
            if best is None or confidence > best.confidence + 0.005:
                best = Found(
                    kind.value,
                    one.words_at(*seen.span()),
                    one.page,
                    confidence,
                    label=one.printed(*seen.span()),
                )
    return best
