"""What papers call themselves and say, as data, in nl, fr, en, de and neighbours.

Written as `layout.folded` leaves it; phrases are parted by semicolons.
"""

from enum import StrEnum

from billify.domain.refusal import N_


class OtherKind(StrEnum):
    """What a paper is that asks for no booking."""

    DELIVERY_NOTE = "delivery_note"
    ORDER_CONFIRMATION = "order_confirmation"
    ORDER = "order"
    QUOTE = "quote"
    PRO_FORMA = "pro_forma"
    REMINDER = "reminder"
    STATEMENT = "statement"
    TERMS = "terms"
    LETTER = "letter"
    ANNEX = "annex"
    BLANK = "blank"


SENTENCES = {
    OtherKind.DELIVERY_NOTE: N_("This looks like a delivery note."),
    OtherKind.ORDER_CONFIRMATION: N_("This looks like an order confirmation."),
    OtherKind.ORDER: N_("This looks like an order."),
    OtherKind.QUOTE: N_("This looks like a quote."),
    OtherKind.PRO_FORMA: N_("This looks like a pro forma invoice, which is not booked."),
    OtherKind.REMINDER: N_("This looks like a reminder."),
    OtherKind.STATEMENT: N_("This looks like a statement of account."),
    OtherKind.TERMS: N_("These look like terms and conditions."),
    OtherKind.LETTER: N_("This looks like a letter."),
    OtherKind.ANNEX: N_("This looks like an annex."),
    OtherKind.BLANK: N_("This page looks blank."),
}
"""What people are told of a paper that is not drafted."""

TITLES = {
    OtherKind.DELIVERY_NOTE: """
        delivery note; delivery slip; warenbegleitschein; begleitschein; packzettel; bl; bordereau
        d envoi; afgiftebon; ontvangstbon; packing slip; packing list; proof of delivery; dispatch
        note; despatch note; leveringsbon; leverbon; leveringsnota; pakbon; paklijst; vrachtbrief;
        verzendnota; zendnota; afleverbon; bon de livraison; note de livraison; bordereau de
        livraison; bordereau d expedition; lettre de voiture; lieferschein; packliste; albaran;
        bolla di consegna; documento di trasporto; guia de remessa; dodaci list; cmr
    """,
    OtherKind.ORDER_CONFIRMATION: """
        order confirmation; confirmation of order; orderbevestiging; bevestiging van uw
        bestelling; bestelbevestiging; bevestiging bestelling; confirmation de commande; accuse de
        reception de commande; auftragsbestatigung; bestellbestatigung; bestellungsbestatigung;
        confirmacion de pedido; conferma d ordine; sales order; sales order confirmation
    """,
    OtherKind.ORDER: """
        purchase order; bestelbon; bestelorder; inkooporder; aankooporder; bestelling; bon de
        commande; bestellung; pedido; pedido de compra; ordine di acquisto; objednavka
    """,
    OtherKind.QUOTE: """
        quotation; quote; bestek; prijsraming; raming; offre n; kostenschatzung; estimate; offer;
        price offer; sales quotation; offerte; prijsofferte; prijsopgave; prijsvoorstel; devis;
        offre; offre de prix; angebot; kostenvoranschlag; preisangebot; presupuesto; preventivo;
        orcamento; cenova nabidka
    """,
    OtherKind.PRO_FORMA: """
        pro forma invoice; proforma invoice; pro forma; proforma; pro forma factuur; proforma
        factuur; proformafactuur; pro formafactuur; facture pro forma; facture proforma; proforma
        rechnung; proformarechnung; pro forma rechnung; factura proforma; fattura proforma
    """,
    OtherKind.REMINDER: """
        reminder; payment reminder; first reminder; second reminder; final reminder; final notice;
        overdue notice; dunning letter; past due notice; herinnering; betalingsherinnering; eerste
        herinnering; tweede herinnering; laatste herinnering; derde herinnering; aanmaning; eerste
        aanmaning; tweede aanmaning; laatste aanmaning; ingebrekestelling; rappel; rappel de
        paiement; premier rappel; deuxieme rappel; second rappel; troisieme rappel; dernier
        rappel; lettre de rappel; mise en demeure; sommation; zahlungserinnerung; mahnung; erste
        mahnung; zweite mahnung; letzte mahnung; 1 mahnung; 2 mahnung; 3 mahnung; 1ste
        herinnering; 2de herinnering; 1e herinnering; 2e herinnering; 3e herinnering; 1er rappel;
        2e rappel; 2eme rappel; recordatorio de pago; sollecito di pagamento; upominka
    """,
    OtherKind.STATEMENT: """
        statement of account; account statement; customer statement; statement of outstanding
        invoices; open items; overview of outstanding invoices; rekeninguittreksel;
        rekeningoverzicht; overzicht openstaande facturen; openstaande facturen; openstaande
        posten; saldo overzicht; klantenoverzicht; klantoverzicht; klantenuittreksel; releve de
        compte; releve de comptes; extrait de compte; releve des factures; releve de factures;
        factures ouvertes; situation de compte; kontoauszug; saldenbestatigung; offene posten;
        offene rechnungen; saldobevestiging; estado de cuenta; estratto conto
    """,
    OtherKind.TERMS: """
        terms and conditions; terms of business; conditions de facturation; facturatievoorwaarden;
        geschaftsbedingungen; general terms and conditions; general terms; general conditions;
        terms of sale; terms and conditions of sale; general terms and conditions of sale;
        algemene voorwaarden; algemene verkoopsvoorwaarden; algemene verkoopvoorwaarden;
        verkoopsvoorwaarden; verkoopvoorwaarden; algemene factuurvoorwaarden; factuurvoorwaarden;
        leveringsvoorwaarden; algemene leveringsvoorwaarden; algemene verkoop en
        leveringsvoorwaarden; conditions generales; conditions generales de vente; conditions
        generales de facturation; conditions de vente; allgemeine geschaftsbedingungen; agb;
        allgemeine verkaufsbedingungen; allgemeine lieferbedingungen; condiciones generales;
        condizioni generali; condicoes gerais; widerrufsbelehrung; cgv
    """,
    OtherKind.ANNEX: """
        annex; appendix; bijlage; annexe; anlage; anhang; anexo; allegato; timesheet; time sheet;
        urenstaat; prestatiestaat; werkbon; werkverslag; interventieverslag; feuille de
        prestations; rapport d intervention; bon de travail; stundennachweis; leistungsnachweis;
        tatigkeitsnachweis
    """,
}

NUMBERS = {
    OtherKind.DELIVERY_NOTE: """
        lieferscheinnummer; lieferschein nr; leveringsbonnummer; leverbonnummer; pakbonnummer;
        delivery note number; delivery note no; numero de bon de livraison; bon de livraison n
    """,
    OtherKind.ORDER_CONFIRMATION: """
        order confirmation number; order confirmation no; numero de confirmation;
        auftragsbestatigung nr; orderbevestiging nr
    """,
    OtherKind.QUOTE: """
        offertenummer; offerte nr; nummer offerte; quote number; quote no; quotation number;
        quotation no; estimate number; numero de devis; devis n; numero devis; n de devis;
        angebotsnummer; angebot nr; angebots nr; offre n; numero d offre
    """,
    OtherKind.PRO_FORMA: """
        pro forma number; proforma number; proforma nr; proforma no; proforma n; pro forma nr;
        numero proforma; proformanummer
    """,
}
"""Labels of numbers that stand where an invoice has its own."""

INVOICE_TITLES = """
    invoice; tax invoice; sales invoice; commercial invoice; vat invoice; factuur; verkoopfactuur;
    verkoopsfactuur; facture; facture de vente; rechnung; handelsrechnung; fattura; factura;
    fatura; faktura; fatura recibo; faktuur; bill; receipt; credit note; credit memo; credit
    invoice; creditnota; credit nota; kredietnota; creditfactuur; note de credit; gutschrift;
    rechnungskorrektur; stornorechnung; avoir; facture d avoir; nota di credito; nota de credito;
    dobropis; facture originale; facture acquittee; facture finale; facture definitive; original
    invoice; invoice copy; kopie factuur; factuur kopie; duplicata de facture; credit factuur;
    voorschotfactuur; facture d acompte; anzahlungsrechnung; abschlagsrechnung; schlussrechnung;
    slotfactuur; eindfactuur; facture de solde; vorderingsstaat; etat d avancement; kassabon;
    kasticket; kassaticket; kassenbon; quittung; ticket; ereloonnota; note d honoraires;
    honorarnota; honorarrechnung; onkostennota; note de frais; debetnota; note de debit;
    sammelrechnung; verzamelfactuur; monatsrechnung; maandfactuur; afrekening; eindafrekening;
    decompte; jahresabrechnung; energierechnung
"""

SUPPORT = {
    OtherKind.DELIVERY_NOTE: """
        goods received; received in good order; goederen ontvangen; voor ontvangst; pour
        reception; marchandises recues; ware erhalten; handtekening ontvanger; signature du
        destinataire; unterschrift empfanger; aantal colli; nombre de colis; aantal geleverd;
        geleverd aantal; quantite livree; gelieferte menge; delivered quantity; quantity
        delivered; driver; chauffeur
    """,
    OtherKind.ORDER_CONFIRMATION: """
        thank you for your order; we confirm your order; wij bevestigen; hierbij bevestigen wij;
        bedankt voor uw bestelling; nous confirmons; nous accusons reception; merci pour votre
        commande; wir bestatigen; vielen dank fur ihren auftrag; vielen dank fur ihre bestellung;
        expected delivery; verwachte levering; verwachte leverdatum; livraison prevue;
        voraussichtlicher liefertermin; liefertermin
    """,
    OtherKind.ORDER: """
        gelieve te leveren; please deliver; please supply; veuillez livrer; veuillez nous livrer;
        bitte liefern sie; hiermit bestellen wir; hierbij bestellen wij; nous commandons; we
        hereby order
    """,
    OtherKind.QUOTE: """
        valid until; offer valid; quote valid; geldig tot; geldigheid; geldigheidsduur; deze
        offerte is geldig; valable jusqu; validite; duree de validite; offre valable; gultig bis;
        bindefrist; freibleibend; for approval; voor akkoord; bon pour accord; akkoord klant; lu
        et approuve; gelezen en goedgekeurd; mit freundlicher auftragserteilung; angebot gultig;
        hopende u
    """,
    OtherKind.PRO_FORMA: """
        this is not a tax invoice; this is not an invoice; not a vat invoice; dit is geen factuur;
        geen geldige factuur; ceci n est pas une facture; dies ist keine rechnung; keine rechnung
        im sinne
    """,
    OtherKind.REMINDER: """
        nog niet betaald; nog niet ontvangen; nog geen betaling; betaling nog niet; onbetaald;
        onbetaalde facturen; niet tijdig betaald; vervallen facturen; openstaand bedrag; niet
        vereffend; n avons pas encore recu; pas encore recu votre paiement; impayee; impayees;
        reste impaye; restee impayee; demeure impayee; sauf erreur ou omission; solde restant du;
        echue; noch offen; noch nicht eingegangen; noch keinen zahlungseingang; uberfallig;
        zahlungseingang; overdue; still outstanding; remains unpaid; not yet received; have not
        received; aanmaningskosten; herinneringskosten; frais de rappel; mahngebuhr; mahnkosten;
        reminder fee; indien u reeds betaald heeft; mocht uw betaling; si vous avez deja paye;
        sollten sie bereits
    """,
    OtherKind.STATEMENT: """
        openstaand saldo; solde du compte; solde ouvert; offener saldo; account balance; closing
        balance; opening balance; beginsaldo; eindsaldo; solde initial; solde final; saldo klant;
        saldo in ons voordeel; solde en notre faveur; saldo zu unseren gunsten; ageing; aging;
        vervaldagen; days overdue
    """,
}

GREETINGS = """
    geachte; geachte heer mevrouw; beste; beste klant; geachte klant; geachte mevrouw; geachte
    heer; dear sir or madam; dear customer; dear sir madam; dear; madame monsieur; chere madame;
    cher monsieur; cher client; chere cliente; madame; monsieur; sehr geehrte damen und herren;
    sehr geehrte; sehr geehrter
"""

CLOSINGS = """
    met vriendelijke groeten; met vriendelijke groet; hoogachtend; met de meeste hoogachting;
    vriendelijke groeten; kind regards; best regards; yours sincerely; yours faithfully;
    sincerely; cordialement; bien cordialement; salutations distinguees; sinceres salutations; mit
    freundlichen grussen; freundliche grusse; hochachtungsvoll; meilleures salutations
"""
