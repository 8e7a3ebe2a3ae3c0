"""Label words as data: what stands before or above a value, in nl, fr, en, de and neighbours.

A phrase is written as `layout.folded` leaves it; phrases are parted by semicolons. A weight under
1 says that the words alone are weak evidence. All languages at once, since documents mix them.
"""

from billify.domain.reading import labels_beyond

_FIELDS: dict[str, dict[float, str]] = {
    "invoice_number": {
        1.0: """
            invoice number; invoice no; invoice nr; invoice num; invoice id; inv no;
            inv number; tax invoice no; tax invoice
            number; bill number; bill no; credit note number; credit note no; credit
            memo number; factuurnummer; factuur nummer; factuurnr; factuur nr; factuur
            no; fact nr; faktuurnummer; nr factuur; creditnotanummer; creditnota nr;
            kredietnota nr; creditfactuurnummer; nummer factuur; numero de facture; no
            de facture; n de facture; n facture; facture numero;
            facture no; facture n; facture nr; num facture; numero facture; note de
            credit n; note de credit no; numero de
            la facture; avoir n; rechnungsnummer; rechnungs nr; rechnungsnr; rechnung
            nr; rechnung nummer; rechnungs nummer; rechn nr; re nr; rg nr; rechnung
            no; gutschriftnummer; gutschrift nr; handelsrechnung nr; belegnummer;
            beleg nr; fattura n; numero fattura; fattura nr; n fattura; fattura no;
            numero de factura; no de factura; n de factura; factura n; factura no;
            factura numero; n factura; fatura no; fatura n; numero da fatura; fatura
            recibo no; fatura numero; cislo faktury; faktura c; faktura cislo; faktura
            nr; fakturanr; fakturanummer; numer faktury
        """,
        0.75: """
            document number; document no; documentnummer; document nr; numero du
            document; receipt number; receipt no; statement number; rekeningnummer
            factuur; nota nr; notanummer; bonnummer; quittungsnummer; dokumentnummer;
            belegnr; betaaloverzichtnummer; numero documento; ticket no
        """,
        0.6: """
            invoice; tax invoice; facture; factuur; faktuur; faktura; fattura;
            factura; fatura; rechnung; rechnung gutschrift; creditnota; credit note;
            note de credit; gutschrift; avoir; bill
        """,
        0.35: """
            invoice ref; invoice reference; ref facture; reference facture
        """,
        0.4: """
            numero; number; nummer; no; nr; n
        """,
    },
    "issue_date": {
        1.0: """
            invoice date; date of invoice; date of issue; issue date; issued on; date
            issued; issued; invoiced on; billing date; bill date; tax point; statement
            date; receipt date; credit note date; factuurdatum; factuur datum; datum
            factuur; fact datum; faktuurdatum; creditnotadatum; opmaakdatum;
            uitgiftedatum; date de facture; date facture; date de facturation; date de
            la facture; date d emission; date emission; emise le; emis le; facture du;
            facture le; rechnungsdatum; rechnungs datum; datum der rechnung;
            ausstellungsdatum; belegdatum; rechnung vom; liefer und rechnungsdatum;
            rechnungs und lieferdatum; rechnungsdatum lieferdatum; data fattura; data
            emissione; data di emissione; fecha de factura; fecha factura; fecha de
            emision; fecha emision; data da fatura; data de emissao; data emissao;
            datum vystaveni; vystaveno; betaaloverzichtdatum; data wystawienia
        """,
        0.6: """
            date; datum; data; fecha; dated; le; vom; document date; documentdatum;
            date du document; dato; date time; transaction date; order date and time
        """,
    },
    "due_date": {
        1.0: """
            uiterlijk op; uiterlijk; ten laatste op; ten laatste; au plus tard le; au
            plus tard; spatestens; spatestens am; due date; payment due; payment due
            date; invoice due date; date due; due on; due by; pay by; payable by;
            payment until; payment date; payable before; please pay by; pay before;
            due; expiration date; expiry date; vervaldatum; verval datum; vervaldag;
            uiterste betaaldatum; betalen voor; te betalen voor; te betalen tegen;
            betaaldatum; uiterlijk te betalen op; betaling voor; te betalen uiterlijk;
            betaal voor; gelieve te betalen voor; date d echeance; date echeance;
            echeance; date limite; date limite de paiement; a payer avant; a payer
            avant le; a payer pour le; payable le; payable avant le; paiement avant
            le; echeance le; a regler avant le; date de paiement; falligkeitsdatum;
            fallig am; faelligkeit; falligkeit; zahlbar bis; fallig; fallig bis;
            zahlungsziel; zu zahlen bis; bis zum; zahlbar bis zum; zahlung bis;
            zahlungstermin; data scadenza; scadenza; fecha de vencimiento;
            vencimiento; fecha vencimiento; data de vencimento; vencimento; datum
            splatnosti; splatnost; termin platnosci; forfallsdato
        """,
        0.35: """
            netto bis; innerhalb bis
        """,
    },
    "delivery_date": {
        1.0: """
            delivery date; date of delivery; date of supply; supply date; service
            date; shipping date; ship date; delivered on; leverdatum; leveringsdatum;
            datum levering; verzenddatum; prestatiedatum; date de livraison; livraison
            le; livre le; date de prestation; date livraison; lieferdatum;
            leistungsdatum; liefer und leistungsdatum; liefer leistungsdatum; datum
            der lieferung; datum zdan plneni; data consegna; fecha de entrega
        """,
    },
    "other_date": {
        1.0: """
            order date; orderdatum; besteldatum; date de commande; bestelldatum;
            bestellung vom; commande du; aankoopdatum; date of birth; service period;
            performance period; leistungszeitraum; periode; period; date de facture
            associee; date de debut; date de fin; date de debut de prestation; date de
            fin de prestation; startdatum; einddatum; ontvangst; stand; angebot vom;
            auftrag vom; auftragsdatum; version; begin; ende; von; skonto bis; skonto;
            offer of; date debut; date fin; periode de; op; contract date; lieferavis;
            tagen bis; date de la commande; lieferschein vom
        """,
    },
    "order_reference": {
        1.0: """
            order number; order no; order nr; order id; your order; purchase order;
            purchase order number; po number; po no; p o number; po; p o; order
            reference; customer order; ordernummer; bestelnummer; bestelbon;
            bestelbonnummer; bestelling; uw bestelling; uw bestelnummer; inkooporder;
            uw ordernummer; uw referentie; order; bon de commande; n bon de commande;
            n de bon de commande; numero de commande; numero de bon de commande; n de
            commande; n commande; commande n; votre commande; votre reference;
            reference commande; bestellnummer; bestell nr; bestellung; auftragsnummer;
            auftrags nr; ihre auftragsnummer; ihre bestellung; ihre bestellnummer;
            your reference; your ref; ihr zeichen
        """,
    },
    "payment_reference": {
        1.0: """
            payment reference; remittance reference; structured communication;
            communication structuree; communication; gestructureerde mededeling;
            mededeling; vrije mededeling; strukturierte mitteilung; verwendungszweck;
            zahlungsreferenz; referenznummer; betalingskenmerk; betaalkenmerk;
            reference paiement; reference de paiement; reference avis de paiement;
            variabilni symbol; variable symbol; kid; ocr nummer; mitteilung; reference
            a rappeler; onder vermelding van; met vermelding van; zahlungszweck;
            kassenzeichen; causale
        """,
        0.5: """
            vermelding; payment ref
        """,
    },
    "other_number": {
        1.0: """
            betreft factuur; concerne facture; concerne la facture; zu rechnung;
            original invoice; zur rechnung; voor factuur; pour la facture; credit for
            invoice; customer number; customer no; customer id; client number; client
            no; account number; account no; klantnummer; klant nr; klantnr; klantcode;
            debiteurennummer; debiteurnummer; debiteur nr; numero de client; n de
            client; n client; code client; numero client; no client; ref client;
            kundennummer; kunden nr; kundennr; ihre kundennummer; kd nr;
            lieferantennummer; lieferschein; lieferschein nr; lieferscheinnummer;
            lieferavis; delivery note; delivery note no; pakbon; leveringsbon;
            leverbon; bon de livraison; n bon de livraison; n bon de vente; n bon de
            reception; contract number; contractnummer; n contrat; numero de contrat;
            vertragsnummer; steuernummer; steuer nr; st nr; tax number;
            handelsregisternummer; hrb; hrb nr; amtsgericht; gln; unsere gln; ihre
            gln; kvk; kvk nummer; kvk nr; siret; siren; rcs; rpr; rpm; rcs n; siren
            siret; numero de devis; n de devis; quote number; offerte; offertenummer;
            angebotsnummer; angebot; devis; phone; tel; telephone; telefoon; telefon;
            tel no; fax; mobile; gsm; n de facture associee; numero de facture
            associee; debiteuren; gst no; gst id; gst reg no; gst id no; roc no; co
            reg no; company reg no; reg no; project reference; sort code;
            berichtnummer; serienummer; serial number; serial no; seriennummer; nif;
            nit; contribuinte; codigo; versicherungsnummer; art nr; artikelnummer;
            code banque; code agence; cle rib; n de compte; rib; capital; boeksleutel;
            verkoopordernummer; globale nummer; terminal id; approval code;
            kontonummer; konto; blz; ico; naf
        """,
    },
    "net": {
        1.0: """
            total excl vat; total excluding vat; total ex vat; subtotal excl vat; net
            total; total net; net amount; taxable amount; total before tax; amount
            excl vat; total excluding tax; total excl tax; total excluding gst; total
            sales excluding gst; net value; total net amount; totaal excl btw; totaal
            ex btw; totaal exclusief btw; exclusief btw; excl btw; subtotaal ex btw;
            subtotaal excl btw; bedrag excl btw; bedrag exclusief btw; totaal netto;
            netto totaal; netto bedrag; nettobedrag; maatstaf van heffing; totaal
            zonder btw; totaal excl; totaal exclusief; te belasten; total ht; total
            hors tva; total htva; total hors taxes; total net ht; montant ht; montant
            htva; montant hors tva; base imposable; total h t; total hors taxe; sous
            total ht; sous total htva; total h tva; net ht; total tvac 0; montant net
            ht; nettobetrag; netto betrag; summe netto; netto summe; nettosumme;
            gesamt netto; gesamtnetto; gesamtbetrag netto; gesamt nettobetrag;
            rechnungssumme netto; rechnungssumme ohne ust; summe ohne mwst;
            zwischensumme netto; warenwert netto; steuerpflichtiger betrag; netto
            gesamt; nettoentgelt; entgelt netto; imponibile; totale imponibile; base
            imponible; valor liquido; total iliquido; celkem bez dph; zaklad dane; net
            gbp; wartosc netto; total ex gst; taxable value; total taxable; total
            taxable value; taxable total; amount before tax; total amount before tax
        """,
        0.7: """
            subtotal; sub total; subtotaal; sub totaal; sous total; zwischensumme;
            net; netto; subtotale; positionssumme; substotal; ht; htva; less discount;
            total products; grondslag; entgelt; totaal goederen; soustotal; warenwert;
            ohne mwst
        """,
    },
    "vat": {
        1.0: """
            vat; vat amount; total vat; vat total; sales tax; tax; total tax; tax
            amount; gst; total gst; gst amount; plus vat; btw; btw bedrag; totaal btw;
            bedrag btw; btw totaal; b t w; waarvan btw; total tva; tva; montant tva; t
            v a; dont tva; montant de la tva; taxe; mwst; mwst betrag; ust;
            umsatzsteuer; mehrwertsteuer; steuerbetrag; ust betrag; zzgl mwst; zzgl
            ust; zuzuglich mwst; gesamt mwst; gesamtsteuerbetrag; steuerbetrag in eur;
            summe ust; summe mwst; zzgl umsatzsteuer; enthaltene mwst; summe
            umsatzsteuer; steuer; steuern; iva; total iva; imposta; importo iva; valor
            do iva; total de iva; dph; hst; moms; pdv; vat summe; igst; total amount
            gst; taxes; mwst betrag eur; kwota vat; mehrwertst; estimated tax
        """,
    },
    "gross": {
        1.0: """
            grand total; total incl vat; total including vat; total inc vat; invoice
            total; total amount; total due; amount payable; total payable; total incl
            tax; total including tax; total including gst; total inclusive of gst;
            total sales inclusive of gst; total amount incl gst; total incl gst; total
            inc gst; net total incl; amount due including vat; total amount due; total
            to pay; order total; total charges; total charge; total paid; nett total;
            rounded total rm; total rounded; total sales incl gst; total gbp; gbp
            total; eur total; total eur; usd total; total usd; invoice amount; total
            after tax; total inclusive; totaal incl btw; totaal inclusief btw; bedrag
            incl btw; bedrag inclusief btw; totaalbedrag; totaal bedrag;
            factuurbedrag; factuur totaal; factuurtotaal; factuur totaal eur; te
            betalen; totaal te betalen; te betalen bedrag; totaal te voldoen; te
            voldoen; eindtotaal; algemeen totaal; totaal incl; totaal inclusief;
            totaal eur; totaal verschuldigd; inclusief btw; te betalen incl btw;
            totale som; total ttc; total tvac; total tvac eur; montant ttc; montant
            tvac; montant total; total a payer; net a payer; montant a payer; a payer;
            total general; total net ttc; total toutes taxes comprises; total tva
            comprise; total tva incluse; montant du; total t t c; ttc; tvac; total de
            la facture; somme a payer; total facture; reste a payer; gesamtbetrag;
            gesamtsumme; gesamt brutto; gesamtbetrag brutto; bruttobetrag;
            bruttosumme; brutto summe; summe brutto; rechnungssumme brutto;
            rechnungsbetrag; rechnungssumme; endbetrag; endsumme; zu zahlen; zu
            zahlender betrag; zahlbetrag; gesamt; rechnungsgesamtbetrag; summe eur;
            summe inkl mwst; gesamtbetrag inkl mwst; zahlungsbetrag; falliger betrag;
            total inkl mwst; betrag inkl mwst; totale fattura; totale documento;
            totale da pagare; totale a pagare; total a pagar; importe total; total
            factura; valor total; celkem k uhrade; celkem s dph; k uhrade; do zaplaty;
            bar total; total rm; total rs; net payable; bruttosumme zahlbetrag; total
            round; grand total rm; total incl of gst; total inclusive gst
        """,
        0.8: """
            total; totaal; totale; summe; celkem; amount due; balance due; totaux;
            brutto; totais; charges; total price; prix total; nett; amount; total
            prix; purchase total; total sales; suma; betrag eur; sale amount; balance;
            you paid
        """,
    },
    "not_total": {
        1.0: """
            zonder btw; buiten btw; sans tva; hors tva; vrijgesteld van btw; steuerfrei; vat free;
            exonere de tva; niet onderworpen aan btw; previous unpaid balance;
            previous balance; discount; discounts; total
            discount; gbp discount total; korting; remise; rabatt; rabais; shipping;
            shipping and handling; verzendkosten; frais de port; versandkosten;
            versand; amount paid; paid; betaald; reeds betaald; paye; deja paye;
            acompte; voorschot; anzahlung; erhaltene anzahlungen; gezahlt; cash;
            change; change due; wisselgeld; contant; rendu; especes; ruckgeld;
            gegeben; gegeben bar; bar; geg; geg bar; ruckgeld eur; rounding; rounding
            adjustment; afronding; arrondi; rundung; tip; fooi; pourboire; total de
            descontos; total qty; total quantity; total item; total items; tot qty;
            totqty; gesamtbetrag der zuschlage; gesamtbetrag der abschlage; summe
            zuschlage; summe abschlage; service charge; service tax; serv charge;
            skonto; escompte; capital; tax rate; unit price; total savings; saved; you
            saved; rebate; ubertrag; zuschlag; abschlag; credit card; deposit;
            tendered; cash tendered; balance forward; rembours; total discounts;
            points; gesamtbetrag zuschlage; gesamtbetrag abschlage; pourcentage;
            percentage; total hours; rate; cash received; total saving; item count;
            total weight
        """,
    },
    "buyer": {
        1.0: """
            bill to; billed to; billing address; invoice to; invoice for; invoiced to;
            sold to; customer; customer name; client; client name; buyer; purchased
            by; bill to address; attention; account of; factuuradres; facturatieadres;
            factuur aan; klant; klantgegevens; afnemer; koper; debiteur; aan;
            opdrachtgever; gefactureerd aan; facture a; facturer a; adresse de
            facturation; destinataire; adresse du client; acheteur; nom du client;
            facturee a; adresse facturation; client facture; doit; rechnung an;
            rechnungsadresse; rechnungsempfanger; kunde; kaufer; kaufer
            leistungsempfanger; leistungsempfanger; empfanger; rechnungsanschrift;
            auftraggeber; cliente; destinatario; spett le; spettabile; nombre; nome;
            nom; naam; exmo s senhor es; odberatel; zakaznik; nabywca; facturar a;
            fatturare a; fatturato a; faturar a; to; recipient; name; kundenname;
            cliente nome; guest name; m s; faturado a; razon social
        """,
    },
    "supplier": {
        1.0: """
            seller; vendor; supplier; from; pay to; bill from; billed by; issued by;
            invoice from; service provider; payable to; make payable to; remit to;
            account name; account holder; beneficiary; cheques payable to;
            leverancier; verkoper; crediteur; afzender; van; begunstigde; op naam van;
            t n v; ten name van; tnv; vendeur; fournisseur; emetteur; beneficiaire;
            prestataire; titulaire; titulaire du compte; verkaufer; lieferant;
            rechnungssteller; verkaufer leistungserbringer; leistungserbringer;
            kontoinhaber; zahlungsempfanger; aussteller; fornitore; cedente
            prestatore; proveedor; emisor; vendedor; fornecedor; dodavatel;
            sprzedawca; de; rechnungsaussteller; company name
        """,
    },
    "ship": {
        1.0: """
            ship to; shipping address; deliver to; delivery address; service address;
            afleveradres; leveradres; leveringsadres; verzendadres; geleverd aan;
            adresse de livraison; livraison; livre a; lieferadresse; lieferanschrift;
            warenempfanger; lieferung an; lieu de livraison; consegna; direccion de
            entrega; representant fiscal; kontaktperson; contact; contact name;
            salesperson
        """,
    },
    "vat_number": {
        1.0: """
            vat number; vat no; vat nr; vat id; vat reg no; vat registration no; vat
            registration number; vat; tax id; vat reg; btw nummer; btw nr; btwnummer;
            btw; btw id; btw identificatienummer; ondernemingsnummer; ondernemingsnr;
            numero de tva; n tva; no tva; tva; tva intracommunautaire; n de
            tva; numero tva; tva n; identifiant tva; tva intra; numero d entreprise; n
            entreprise; n d entreprise; bce; kbo; ust idnr; ust id nr; ust id;
            ustidnr; umsatzsteuer id; umsatzsteuer identifikationsnummer; uid nr; uid;
            mwst nr; partita iva; p iva; nif; cif; nipc; dic; nip; gstin; ust id
            nummer; contribuinte; enterprise number; company number;
            unternehmensnummer; cvr; mva
        """,
    },
    "their_vat": {
        1.0: """
            uw btw nummer; uw btw nr; uw btw; votre numero de tva; votre n tva; votre
            tva; n tva client; tva client; ihre ust idnr; ihre ust id; ihre ust id nr;
            your vat number; your vat no; your vat; customer vat; client vat; btw
            nummer klant; btw klant; btw nr klant; uw ondernemingsnummer; buyer vat;
            customer vat number; contribuinte cliente; vat id customer
        """,
    },
}

_FIELDS |= {
    "iban": {
        1.0: "iban; iban nr; iban number; iban no; rekeningnummer; rekening; bankrekening; "
        "compte bancaire; compte; bank account; bankverbindung; bankkonto; numero de compte"
    },
    "bic": {
        1.0: "bic; swift; swift code; bic swift; swift bic; bic swift id; bic code; code bic; "
        "bic nr; swift code bic"
    },
    "currency": {1.0: "currency; valuta; devise; wahrung; rechnungswahrung; munt; monnaie; moneda"},
}


def phrases_of(text: str) -> list[str]:
    """The phrases of one entry."""
    return [" ".join(phrase.split()) for phrase in text.split(";") if phrase.strip()]


def _vocabulary() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, weights in (*_FIELDS.items(), *labels_beyond.FIELDS.items()):
        for weight, text in weights.items():
            for phrase in phrases_of(text):
                of_phrase = found.setdefault(phrase, {})
                of_phrase[name] = max(weight, of_phrase.get(name, 0.0))
    return found


PHRASES = _vocabulary()
"""Phrase → {field: weight}."""

LONGEST = max(len(phrase.split()) for phrase in PHRASES)
TOKENS = frozenset(token for phrase in PHRASES for token in phrase.split())
TOTAL_TOKENS = frozenset(
    token
    for phrase, names in PHRASES.items()
    if set(names) & {"net", "vat", "gross", "not_total", "issue_date", "due_date"}
    for token in phrase.split()
) - {"de", "la", "le", "du", "l", "d"}
