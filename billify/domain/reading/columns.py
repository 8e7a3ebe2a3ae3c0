"""Words in the head of a table of goods as data, in nl, fr, en, de and neighbours."""

from billify.domain.reading import labels_beyond
from billify.domain.reading.labels import phrases_of

_COLUMNS: dict[str, str] = {
    "description": """
        description; item; items; product; article; articles; service; details;
        particulars; item description; product description; description of goods;
        omschrijving; artikel; beschrijving; dienst; product omschrijving; libelle;
        designation; prestation; produit; descriptif; beschreibung; bezeichnung;
        artikelbeschreibung; leistung; leistungsbeschreibung; artikelbezeichnung;
        beschreibung preis; descrizione; descripcion; concepto; descricao; designacao;
        popis; project; task; activity; services; nom; produits; code article nom
        designation; produkt; position; opis; sonstiges; ubernachtung; an abreise
    """,
    "quantity": """
        qty; quantity; qty hr; hours; units; hrs; aantal; hoeveelheid; qte; quantite;
        nombre; menge; anzahl; stunden; quantita; qta; cantidad; cant; qtd; quantidade;
        mnozstvi; stuks; uren; aantal uren; heures; ilosc; dienst uur
    """,
    "unit_price": """
        unit price; price; rate; unit cost; price per unit; price unit; cost; each; unit;
        prijs; eenheidsprijs; prijs per stuk; stukprijs; prijs per eenheid; tarief; prix
        unitaire; pu; p u; prix unit; prix; prix unitaire ht; pu ht; p u ht; p u ht eur;
        pu htva; tarif; preis; einzelpreis; stuckpreis; e preis; preis stk; nettopreis;
        einheitspreis; satz; stundensatz; ep; stk; prezzo; prezzo unitario; precio; precio
        unitario; preco un; preco; preco unitario; cena za mj; s price; u price; uprice;
        cena; entfernung pauschale; eh preis; unit price excl vat
    """,
    "net_amount": """
        amount; total; line total; price total; extended price; net amount; amount gbp;
        sub total; subtotal; total amount; net; net gbp; net price; bedrag; totaal; totaal
        eur; prijs incl btw; totaalprijs; totaal excl btw; bedrag excl btw; netto;
        montant; montant ht; total ht; prix total; prix total ht; total htva; montant
        htva; total ttc; betrag; gesamt; gesamtpreis; summe; entgelt; pos betrag;
        gesamtbetrag; positions betrag; importo; totale; importe; valor; celkem; ges;
        wartosc; g preis; total price; total tm; netto betrag; total eur
    """,
    "vat_rate": """
        vat; tax; vat rate; vat percent; tax rate; btw; b t w; btw tarief; tva; taux tva;
        taux; mwst; ust; steuer; steuersatz; iva; dph; gst
    """,
    "other": """
        discount; korting; remise; rabatt; d; toeslag; unite; unit; um; einheit; eenheid;
        ref; reference; referencia; code; codigo; pos; nr; art nr; item code; date; no;
        vat amount; tax amount; sku; zeitpunkt; gross; me; ligne; artikel nr; product
        area; code article; kunde; lief
    """,
}

PHRASES = {
    phrase: column
    for words in (labels_beyond.COLUMNS, _COLUMNS)
    for column in reversed(words)
    for phrase in phrases_of(words[column])
}
"""Phrase in the head of a table → column."""

TOKENS = frozenset(token for phrase in PHRASES for token in phrase.split())
