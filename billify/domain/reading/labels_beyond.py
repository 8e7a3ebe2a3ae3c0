"""Label words of the languages that a Belgian firm meets more rarely.

Spanish, Italian, Portuguese, Danish, Swedish, Norwegian, Finnish, Polish, Czech, Slovak, Slovene,
Croatian, Hungarian, Romanian, Estonian, Latvian, Lithuanian, Turkish. Written as in `labels`.
"""

FIELDS: dict[str, dict[float, str]] = {
    "invoice_number": {
        1.0: """
            num de factura; num factura; no factura; no de factura; factura num; numero de la
            factura; numero fattura; nr fattura; fattura numero; documento numero; numero della
            fattura; n documento; fatura no; fatura numero; no da fatura; no fatura; numero de
            fatura; fatura recibo no; documento no; fakturanummer; fakturanr; faktura nr;
            faktura nummer; faktura no; kreditnotanummer; kreditnota nr; kreditfaktura nr;
            laskun numero; laskunumero; lasku nro; laskun nro; numer faktury; faktura numer; nr
            faktury; faktura vat nr; cislo faktury; faktura c; faktura cislo; danovy doklad c;
            doklad c; cislo dokladu; faktura danovy doklad c; stevilka racuna; racun st; st
            racuna; racun broj; broj racuna; racun br; szamla sorszama; szamlaszam; szamla
            szama; sorszam; factura nr; nr factura; numar factura; seria si numar; arve number;
            arve nr; arve; rekina numurs; rekins nr; rekina nr; saskaitos numeris; saskaitos nr;
            saskaita nr; fatura numarasi; fatura no
        """,
        0.6: "lasku; racun; szamla; arve; rekins; saskaita; kreditnota; kreditfaktura",
    },
    "issue_date": {
        1.0: """
            fecha de expedicion; fecha expedicion; fecha de la factura; fecha emision factura;
            data documento; data della fattura; data di fatturazione; data fatt; data do
            documento; data da emissao; data de fatura; fakturadato; fakturadatum; fakturans
            datum; laskun paivays; laskupaiva; laskun pvm; paivays; paivamaara; data
            wystawienia; data faktury; wystawiono; datum vystaveni; datum vystavenia; vystavene
            dna; datum faktury; datum izdaje; datum racuna; datum izdavanja; datum izstavitve;
            szamla kelte; kelt; kiallitas datuma; szamla datuma; kiallitas kelte; data facturii;
            data emiterii; data emitere; arve kuupaev; kuupaev; rekina datums; datums; israsymo
            data; saskaitos data; fatura tarihi; duzenleme tarihi
        """,
        0.6: "dato; pvm; tarih; tarihi; data e ora; fecha y hora",
    },
    "due_date": {
        1.0: """
            fecha limite de pago; fecha limite; fecha de pago; vence; vence el; data di
            scadenza; scadenza pagamento; scadenze; data pagamento; data limite de pagamento;
            data limite; vence em; pagar ate; pagamento ate; forfaldsdato; forfald;
            betalingsdato; betales senest; senest rettidig betaling; forfallsdato;
            forfallodatum; forfallodag; forfall; betalas senast; sista betalningsdag; att betala
            senast; erapaiva; erapvm; maksupaiva; termin platnosci; termin zaplaty; platne do;
            data platnosci; datum splatnosti; splatnost; splatne dna; rok placila; zapade; datum
            zapadlosti; rok placanja; datum dospijeca; dospijece; fizetesi hatarido; fizetes
            hatarideje; esedekesseg; data scadentei; scadenta; scadent la; termen de plata;
            maksetahtaeg; tahtaeg; tasuda hiljemalt; apmaksas termins; apmaksat lidz; apmokejimo
            terminas; apmoketi iki; moketi iki; vade tarihi; son odeme tarihi; vade
        """,
    },
    "delivery_date": {
        1.0: """
            fecha de entrega; fecha de prestacion; fecha operacion; data di consegna; data
            consegna; data de entrega; leveringsdato; leveransdatum; leveransdag; toimituspaiva;
            toimituspvm; data sprzedazy; data dostawy; data wykonania uslugi; datum zdanitelneho
            plneni; duzp; datum dodania; datum uskutecneni plneni; datum opravljene storitve;
            datum dobave; datum isporuke; teljesites; teljesites datuma; teljesites kelte; data
            livrarii; tarnekuupaev; piegades datums; pristatymo data; teslim tarihi
        """,
    },
    "other_date": {
        1.0: """
            fecha de pedido; fecha pedido; data ordine; data ordine cliente; data da encomenda;
            ordredato; bestillingsdato; orderdatum; tilauspaiva; data zamowienia; datum
            objednavky; data contabilizacao; datum narocila; datum narudzbe; rendeles kelte;
            data comenzii
        """,
    },
    "order_reference": {
        1.0: """
            numero de pedido; no pedido; n pedido; pedido; su pedido; su referencia; ordine;
            numero ordine; vostro ordine; rif ordine; ordine n; ordine cliente; encomenda;
            numero da encomenda; no encomenda; requisicao; v requisicao; ordrenummer; ordrenr;
            ordre nr; rekvisition; rekvisitionsnr; deres ref; deres reference;
            bestillingsnummer; ordernummer; ordernr; er referens; er ref; ert ordernr;
            bestallningsnummer; tilausnumero; tilaus nro; viitteenne; numer zamowienia; nr
            zamowienia; zamowienie; cislo objednavky; objednavka; objednavka c; st narocila;
            narocilo; narudzba; broj narudzbe; rendelesszam; rendeles szama; comanda; numar
            comanda; nr comanda; tellimus; tellimuse nr; pasutijuma nr; uzsakymo nr; siparis no;
            siparis numarasi; siparis
        """,
    },
    "payment_reference": {
        1.0: """
            referencia de pago; referencia; concepto de pago; causale; causale pagamento;
            riferimento pagamento; referencia de pagamento; referencia multibanco; kid; kid
            nummer; betalingsid; betalings id; betalingsreference; ocr; ocr nummer; ocr nr;
            betalningsreferens; viitenumero; viite; viitenro; tytul przelewu; tytulem;
            variabilni symbol; variabilny symbol; vs; var symbol; sklic; referenca; poziv na
            broj; model i poziv na broj; kozlemeny; fizetesi azonosito; referinta platii;
            viitenumber; maksajuma merkis; mokejimo paskirtis; odeme referansi
        """,
    },
    "other_number": {
        1.0: """
            numero de cliente; no cliente; cod cliente; codigo cliente; codigo de cliente;
            albaran; no albaran; presupuesto; codice cliente; codice fiscale; cf; ddt; ddt n;
            rea; numero rea; preventivo; codice destinatario; cliente no; no de cliente; guia;
            guia de remessa; orcamento; nif cliente; kundenummer; kundenr; kunde nr; kundnummer;
            kundnr; telefon; tlf; mobil; mob; asiakasnumero; asiakasnro; puhelin; puh; numer
            klienta; nr klienta; regon; krs; cislo zakaznika; ic; ico; dodaci list; st stranke;
            tel st; maticna stevilka; mbs; mb; oib kupca; sifra kupca; ugyfelszam;
            cegjegyzekszam; telefonszam; cod client; nr reg com; reg com; registrikood; reg nr;
            kliendi nr; klienta nr; imones kodas; kodas; kliento nr; musteri no; mersis no;
            ticaret sicil no; konto nr; registreringsnr; kontonr; konto; bankgiro; plusgiro;
            sort code; oib; jmbg; postgiro; registro mercantil; giro
        """,
    },
    "net": {
        1.0: """
            base imponible; base; importe neto; subtotal; total sin iva; total neto; neto; suma;
            importe sin iva; imponibile; totale imponibile; totale netto; totale merce; netto
            merce; totale senza iva; valor sem iva; total sem iva; total liquido; base
            tributavel; incidencia; total iliquido; valor tributavel; total ekskl moms; ialt
            ekskl moms; ekskl moms; momsgrundlag; belob ekskl moms; subtotal ekskl moms; total
            ex moms; netto; nettobelob; summa exkl moms; belopp exkl moms; exkl moms;
            momsunderlag; total eks mva; sum eks mva; eks mva; ex mva; grunnlag; netto belop;
            mva grunnlag; veroton; yhteensa veroton; veroton yhteensa; alv 0; wartosc netto;
            razem netto; kwota netto; suma netto; celkem bez dph; zaklad dane; bez dph; spolu
            bez dph; suma bez dph; zaklad; znesek brez ddv; osnova; osnova za ddv; skupaj brez
            ddv; brez ddv; osnovica; iznos bez pdv a; osnovica za pdv; bez pdv; netto osszesen;
            netto osszeg; netto ertek; adoalap; total fara tva; valoare fara tva; baza de
            impozitare; fara tva; summa kaibemaksuta; kokku kaibemaksuta; kaibemaksuta; km ta;
            summa bez pvn; kopa bez pvn; suma be pvm; is viso be pvm; be pvm; ara toplam;
            matrah; kdv haric; toplam kdv haric
        """,
        0.7: """
            delsum; valisumma; medzisucet; mezisoucet; vmesni sestevek; razem; reszosszeg; vahesumma
        """,
    },
    "vat": {
        1.0: """
            cuota iva; cuota; importe iva; total impuestos; iva repercutido; totale iva;
            imposta; importo iva; totale imposta; valor iva; total do iva; valor do iva;
            imposto; moms; momsbelob; heraf moms; moms i alt; moms total; momsbelopp; varav
            moms; mva; mva belop; merverdiavgift; sum mva; herav mva; alv; alv yhteensa;
            arvonlisavero; alv maara; veron osuus; kwota vat; podatek vat; podatek; razem vat;
            dph; dph celkem; vyska dph; dan; dph spolu; ddv; znesek ddv; skupaj ddv; pdv; iznos
            pdv a; iznos pdv; afa; afa osszesen; afa osszege; afa ertek; valoare tva; total tva;
            tva colectata; kaibemaks; km; kokku kaibemaks; pvn; pvn summa; pvm; pvm suma; kdv;
            kdv tutari; hesaplanan kdv; toplam kdv
        """,
    },
    "gross": {
        1.0: """
            total factura; importe total; total a pagar; total con iva; importe a pagar; total
            iva incluido; total general; importe liquido; totale documento; totale fattura;
            totale da pagare; netto a pagare; totale a pagare; importo totale; totale dovuto;
            totale ivato; totale iva inclusa; netto da pagare; total com iva; total do
            documento; valor a pagar; total geral; total da fatura; ialt; i alt; i alt at
            betale; at betale; total inkl moms; til betaling; total dkk; belob i alt; ialt inkl
            moms; inkl moms; fakturatotal; att betala; summa att betala; totalt; totalt att
            betala; belopp att betala; summa inkl moms; a betale; belop a betale; totalt a
            betale; sum inkl mva; totalsum; sum a betale; total inkl mva; inkl mva; yhteensa;
            maksettava; maksettava yhteensa; loppusumma; verollinen yhteensa; yhteensa
            maksettava; laskun summa; do zaplaty; razem do zaplaty; wartosc brutto; razem
            brutto; kwota brutto; suma brutto; kwota do zaplaty; naleznosc; celkem k uhrade; k
            uhrade; celkem s dph; castka k uhrade; celkova castka; suma na uhradu; spolu na
            uhradu; na uhradu; celkom k uhrade; spolu s dph; celkom na uhradu; k uhrade spolu;
            za placilo; znesek za placilo; skupaj; skupaj za placilo; skupaj z ddv; ukupno;
            ukupno za platiti; ukupno za placanje; za platiti; sveukupno; iznos za placanje;
            fizetendo; fizetendo osszeg; fizetendo vegosszeg; brutto osszesen; vegosszeg;
            fizetendo osszesen; brutto osszeg; mindosszesen; total de plata; total cu tva; de
            plata; kokku; kokku tasuda; tasuda; summa kokku; tasumisele kuulub; arve summa; kopa
            apmaksai; summa apmaksai; kopa; apmaksai; pavisam; moketina suma; suma apmokejimui;
            is viso; bendra suma; is viso su pvm; viso moketi; genel toplam; odenecek tutar;
            toplam; vergiler dahil toplam tutar; toplam tutar
        """,
        0.8: "suma; summa; sum; razem; celkem; celkom; spolu; osszesen",
    },
    "not_total": {
        1.0: """
            descuento; descuentos; portes; pagado; anticipo; efectivo; cambio; entregado;
            retencion; irpf; sconto; spese; spese di trasporto; acconto; contanti; resto;
            ritenuta; ritenuta d acconto; bollo; desconto; adiantamento; pago; numerario; troco;
            retencao; rabat; fragt; betalt; kontant; byttepenge; rabatt; frakt; porto; betald;
            vaxel; oresavrundning; avrundning; avrunding; alennus; toimituskulut; maksettu;
            kateinen; zaplacono; gotowka; reszta; zaliczka; sleva; zaloha; zaplaceno; uhrazeno;
            hotove; vraceno; doprava; zlava; uhradene; hotovost; popust; placano; predujam;
            avans; kedvezmeny; eloleg; szallitasi koltseg; keszpenz; visszajaro; reducere;
            numerar; rest; allahindlus; makstud; ettemaks; atlaide; samaksats; nuolaida;
            apmoketa; indirim; iskonto; kargo; odenen
        """,
    },
    "supplier": {
        1.0: """
            vendedor; emisor; expedidor; proveedor; beneficiario; titular;
            fornitore; cedente prestatore; mittente; intestatario; emitente; fornecedor;
            prestador; saelger; leverandor; udsteder; fra; saljare; leverantor; fran; avsandare;
            selger; utsteder; avsender; toimittaja; myyja; laskuttaja; saaja; sprzedawca;
            wystawca; odbiorca platnosci; dodavatel; vystavce; predavajuci; prodajalec;
            izdajatelj; dobavitelj; prodavatelj; izdavatelj; elado; szallito; kiallito;
            furnizor; vanzator; emitent; muuja; tarnija; pardevejs; piegadatajs; pardavejas;
            tiekejas; satici; duzenleyen; gonderen
        """,
    },
    "buyer": {
        1.0: """
            facturar a; facturado a; datos del cliente; comprador; destinatario; datos de
            facturacion; cliente; senores; intestata a; intestatario fattura; cessionario
            committente; acquirente; committente; exmo senhor; exmos srs; adquirente; faturar a;
            koeber; kober; faktureringsadresse; faktura til; modtager; til; kunde; kund;
            fakturaadress; fakturaadresse; faktureras; kopare; mottagare; betalas av;
            faktureringsadress; mottaker; kjoper; faktureres; laskutusosoite; ostaja; asiakas;
            vastaanottaja; nabywca; kupujacy; klient; zamawiajacy; odberatel; zakaznik;
            objednatel; kupujici; prijemce; fakturacna adresa; kupujuci; prejemnik; kupec;
            narocnik; placnik; kupac; primatelj; vevo; vasarlo; megrendelo; cumparator;
            beneficiar; client; ostja; arve saaja; maksja; pircejs; sanemejs; maksatajs;
            pirkejas; klientas; moketojas; gavejas; alici; sayin; musteri; fatura adresi
        """,
    },
    "ship": {
        1.0: """
            direccion de envio; lugar de entrega; enviar a; luogo di destinazione; destinazione;
            destinazione merce; spedire a; local de entrega; morada de entrega;
            leveringsadresse; leveres til; leveransadress; leveranseadresse; toimitusosoite;
            adres dostawy; dodaci adresa; naslov dostave; adresa dostave; szallitasi cim; adresa
            de livrare; tarneaadress; piegades adrese; pristatymo adresas; teslimat adresi;
            contacto; contatto; kontakt; kontaktperson; var referens; vor referens; deres
            kontakt; yhteyshenkilo
        """,
    },
    "vat_number": {
        1.0: """
            nif; cif; nif iva; n i f; c i f; vat; cif nif; partita iva; p iva; piva; p i; codice
            iva; contribuinte; no contribuinte; nipc; cvr; cvr nr; se nr; cvr nummer; momsnr;
            moms nr; momsregistreringsnummer; momsreg nr; vat nr; org nr; organisationsnummer;
            orgnr; org nummer; foretaksregisteret; y tunnus; alv tunnus; alv nro; nip; nip ue;
            nr nip; dic; ic dph; id st za ddv; id za ddv; davcna st; davcna stevilka; ddv st;
            oib; pdv id; pdv id broj; adoszam; kozossegi adoszam; cod fiscal; cui; kmkr; kmkr
            nr; kaibemaksukohustuslase nr; pvn nr; pvn reg nr; pvm kodas; pvm moketojo kodas;
            vergi no; vergi numarasi; vkn
        """,
    },
    "their_vat": {
        1.0: """
            nif del cliente; cif cliente; nif cliente; p iva cliente; partita iva cliente;
            contribuinte do cliente; v contribuinte; kunde cvr; ert momsnr; kundens momsnr; nip
            nabywcy; dic odberatele; adoszam vevo; vevo adoszama
        """,
    },
    "iban": {
        1.0: """
            cuenta; cuenta bancaria; no de cuenta; numero de cuenta; ccc; conto corrente;
            coordinate bancarie; conto; nib; conta; kontonummer; konto nr; bankkonto;
            tilinumero; tili; pankkitili; numer rachunku; numer konta; nr konta; rachunek; cislo
            uctu; ucet; cislo uctu iban; trr; racun iban; transakcijski racun; ziro racun;
            bankszamlaszam; szamlaszam iban; cont; cont bancar; cont iban; arveldusarve; a a;
            konts; norekina konts; saskaita iban; ats saskaita; hesap no
        """
    },
    "currency": {1.0: "moneda; divisa; valuta; moeda; mena; waluta; penznem; valiuta; para birimi"},
}

COLUMNS: dict[str, str] = {
    "description": """
        concepto; detalle; servicio; producto; articulo; descrizione; prodotto; articolo;
        descrizione articolo; descricao; artigo; designacao; beskrivelse; varebeskrivelse; vare;
        ydelse; tekst; benamning; beskrivning; tjanst; vara; tuote; kuvaus; selite; nimike;
        palvelu; nazwa; nazwa towaru lub uslugi; nazwa uslugi; opis; usluga; popis; polozka;
        oznaceni dodavky; nazev; nazov; nazov polozky; storitev; artikel; naziv; opis usluge;
        megnevezes; leiras; termek; termek megnevezese; denumire; denumirea produselor;
        descriere; kirjeldus; nimetus; teenus; kauba nimetus; nosaukums; apraksts; pavadinimas;
        aprasymas; paslauga; aciklama; urun; mal hizmet; hizmet
    """,
    "quantity": """
        cantidad; cant; uds; ud; unidades; horas; quantita; q ta; qta; ore; quant; qtde; qtd;
        antal; stk antal; timer; antall; maara; kpl; tuntia; ilosc; mnozstvi; mnozstvo; pocet;
        pocet ks; kolicina; kol; mennyiseg; menny; cantitate; kogus; daudzums; skaits; kiekis;
        miktar; adet
    """,
    "unit_price": """
        precio; precio unitario; precio ud; p unitario; prezzo; prezzo unitario; prezzo unit;
        preco; preco unitario; preco unit; pris; enhedspris; stykpris; a pris; stk pris;
        enhetspris; styckpris; hinta; yksikkohinta; a hinta; cena jedn; cena jednostkowa; cena;
        cena netto; cena jednostkowa netto; cena za jednotku; jednotkova cena; cena mj; cena za
        jednotku bez dph; cena na enoto; cena brez ddv; jedinicna cijena; cijena; egysegar;
        netto egysegar; pret; pret unitar; uhiku hind; hind; uhikuhind; cena par vienibu; kaina;
        vieneto kaina; birim fiyat
    """,
    "net_amount": """
        importe; total; subtotal; importe total; importe neto; importo; totale; prezzo totale;
        imponibile; valor; total liquido; valor total; montante; belob; i alt; linjetotal;
        belopp; summa; radsumma; belop; sum; linjesum; yhteensa; veroton; wartosc; wartosc
        netto; kwota; celkem; cena celkem; celkem bez dph; spolu; cena spolu; celkom; spolu bez
        dph; znesek; skupaj; vrednost; iznos; ukupno; osszeg; netto ertek; ertek; netto ar;
        netto osszesen; valoare; valoarea; kokku; kopa; summa kopa; suma; is viso; tutar; toplam
    """,
    "vat_rate": """
        iva; tipo iva; iva tipo; aliquota; iva aliq; aliquota iva; cod iva; taxa iva; taxa;
        moms; momssats; mva; mva sats; alv; alv kanta; alv prosentti; stawka vat; vat; stawka;
        dph; sazba dph; sadzba dph; sadzba; sazba; ddv; stopnja ddv; pdv; stopa pdv; afa; afa
        kulcs; cota tva; tva; km; kaibemaks; pvn; pvm; kdv; kdv orani
    """,
    "other": """
        dto; descuento; codigo; ref; referencia; sconto; codice; cod; um; u m; unita; desc;
        desconto; un; unidade; rabat; varenr; varenummer; vare nr; enhed; enhet; art nr;
        artikelnr; rabatt; alennus; yksikko; tuotenro; yks; lp; jm; jedn; j m; kod; pkwiu; mj; m
        j; jednotka; c; enota; em; sifra; popust; jed mj; me; m e; cikkszam; sorszam; brutto;
        brutto ertek; nr crt; valoare tva; uhik; kood; mervieniba; kods; mato vnt; vnt; birim;
        stok kodu; sira no
    """,
}
"""Heads of the table of goods, as in `columns`."""
