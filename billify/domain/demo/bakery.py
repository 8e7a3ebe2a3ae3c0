"""Bakkerij Anna BV: a Ghent bakery with a shop and wholesale to all of Belgium. All made up."""

from billify.domain.demo.bakery_customers import CUSTOMERS
from billify.domain.demo.bakery_suppliers import SUPPLIERS
from billify.domain.demo.incoming import Delivery
from billify.domain.demo.profile import Good, Payroll, Product, Profile, Supplier, Words
from billify.domain.invoices import InvoiceKind
from billify.domain.vat import VatCategory

_GOODS = {
    "flour": (
        Good("Tarwebloem T55, zak 25 kg", "zak", 1795, 1920, 34, 62, 6),
        Good("Volkorenmeel, zak 25 kg", "zak", 1980, 2110, 10, 20, 6),
        Good("Roggemeel fijn, zak 25 kg", "zak", 2145, 2260, 3, 8, 6),
    ),
    "dairy": (
        Good("Roomboter 82 %, blok 10 kg", "blok", 7150, 8290, 10, 17, 6),
        Good("Volle melk, 10 l", "can", 1040, 1120, 8, 16, 6),
        Good("Verse room 40 %, 5 l", "can", 2210, 2390, 3, 7, 6),
    ),
    "butter": (
        Good(
            "Korstboter 84 %, doos 10 kg", "doos", 7890, 8640, 6, 11, 0, VatCategory.INTRA_COMMUNITY
        ),
    ),
    "eggs": (Good("Scharreleieren, tray van 30", "tray", 545, 640, 58, 88, 6),),
    "sugar": (
        Good("Sucre cristallisé, sac 25 kg", "sac", 2390, 2610, 8, 16, 6),
        Good("Sucre impalpable, sac 10 kg", "sac", 1490, 1610, 3, 7, 6),
    ),
    "fruit": (
        Good("Compote de pommes, seau 12 kg", "seau", 2890, 3150, 4, 9, 6),
        Good("Cerises dénoyautées, seau 10 kg", "seau", 4180, 4690, 2, 5, 6),
        Good("Raisins secs, carton 12,5 kg", "carton", 3790, 4150, 2, 5, 6),
    ),
    "chocolate": (
        Good("Bakvaste chocoladestaafjes, doos 5 kg", "doos", 6420, 7380, 5, 11, 6),
        Good("Couverture puur 55 %, zak 10 kg", "zak", 11890, 13490, 1, 4, 6),
    ),
    "yeast": (
        Good("Verse gist, doos 10 kg", "doos", 2480, 2690, 8, 14, 6),
        Good("Broodverbeteraar, zak 20 kg", "zak", 5390, 5790, 1, 3, 6),
    ),
    "electricity": (
        Good("Verbruik elektriciteit, kWh", "kWh", 23, 27, 4900, 5700, 21),
        Good("Nettarief en heffingen", "maand", 19400, 22900, 1, 1, 21),
    ),
    "gas": (
        Good("Verbruik aardgas, kWh", "kWh", 6, 7, 7200, 8900, 21),
        Good("Vaste vergoeding aansluiting", "maand", 3840, 3840, 1, 1, 21),
    ),
    "water": (Good("Waterverbruik en afvoer, m³", "m³", 585, 612, 88, 127, 6),),
    "rent": (Good("Huur winkel en atelier", "maand", 245000, 245000, 1, 1, 0, VatCategory.EXEMPT),),
    "leasing": (
        Good("Huur bestelwagen 1-KHV-238", "maand", 46500, 46500, 1, 1, 21),
        Good("Huur koelwagen 2-CXA-417", "maand", 61900, 61900, 1, 1, 21),
    ),
    "telecom": (Good("Abonnement internet, vaste lijn en 4 gsm", "maand", 13890, 14960, 1, 1, 21),),
    "packaging": (
        Good("Broodzakken bedrukt, per 1000", "duizend", 3240, 3590, 9, 17, 21),
        Good("Taartdozen 26 cm, per 100", "honderd", 2890, 3080, 3, 8, 21),
        Good("Draagtassen kraft, per 250", "pak", 3620, 3840, 2, 5, 21),
    ),
    "accountant": (
        Good("Boekhouding en btw-aangifte kwartaal", "kwartaal", 129000, 135000, 1, 1, 21),
    ),
    "insurance": (
        Good(
            "Premie brand, exploitatie en arbeidsongevallen",
            "kwartaal",
            118240,
            124810,
            1,
            1,
            0,
            VatCategory.EXEMPT,
        ),
    ),
    "secretariat": (Good("Loonadministratie, per dossier", "dossier", 6780, 7020, 9, 9, 21),),
    "fuel": (Good("Diesel B7, liter", "l", 138, 156, 290, 420, 21),),
    "cleaning": (Good("Schoonmaak winkel, uren", "uur", 3050, 3120, 44, 58, 21),),
    "waste": (Good("Ophaling restafval en karton", "ophaling", 2740, 2890, 7, 9, 21),),
    "repairs": (
        Good("Werkuren hersteller", "uur", 7200, 7200, 3, 9, 21),
        Good("Onderdelen etageoven", "stuk", 14500, 48900, 1, 2, 21),
    ),
    "print": (Good("Folders en etiketten", "oplage", 21000, 46000, 1, 1, 21),),
    "machines": (
        Good("Ersatzteile Knetmaschine", "Stk", 18900, 62900, 1, 2, 0, VatCategory.INTRA_COMMUNITY),
    ),
    "electrician": (
        Good(
            "Vernieuwing elektrisch bord, werkuren",
            "uur",
            5400,
            5600,
            8,
            16,
            0,
            VatCategory.REVERSE_CHARGE,
        ),
        Good("Materiaal en kabels", "forfait", 34000, 78000, 1, 1, 0, VatCategory.REVERSE_CHARGE),
    ),
}

_PRODUCTS = (
    Product("Zuurdesembrood 800 g", "Pain au levain 800 g", "Sauerteigbrot 800 g", 298, 24),
    Product("Volkorenbrood gesneden", "Pain complet tranché", "Vollkornbrot geschnitten", 256, 20),
    Product("Stokbrood", "Baguette", "Baguette", 124, 12),
    Product("Boterkoeken", "Couques au beurre", "Butterschnecken", 112, 14),
    Product("Croissants", "Croissants au beurre", "Buttercroissants", 96, 16),
    Product("Pistolets", "Pistolets", "Brötchen", 47, 10),
    Product("Rozijnenbrood", "Cramique", "Rosinenbrot", 412, 8),
    Product(
        "Mini-koffiekoeken, per 100", "Mini-viennoiseries, par 100", "Mini-Gebäck, je 100", 4250, 14
    ),
    Product("Fruittaart 8 personen", "Tarte aux fruits 8 pers.", "Obstkuchen 8 Personen", 1950, 10),
    Product("Speculaas 250 g", "Spéculoos 250 g", "Spekulatius 250 g", 390, 6),
    Product("Huur transportkratten", "Location de bacs", "Miete Transportkisten", 350, 3, 21),
)

_WORDS = Words(
    wages_clerks="Lonen bedienden",
    wages_workers="Lonen arbeiders",
    bonus="Eindejaarspremies",
    withholding="Bedrijfsvoorheffing",
    social_advance="Voorschot RSZ",
    social_balance="Saldo RSZ",
    vat="Btw",
    vat_refund="Terugbetaling btw",
    loan="Aflossing investeringskrediet",
    fees="Kosten zichtrekening en betaalverkeer",
    to_savings="Overboeking naar spaarrekening",
    interest="Creditrente spaarrekening",
    dividend="Dividend vorig boekjaar",
    shop="Winkelverkoop",
    shop_cards="Afrekening betaalterminals",
    shop_cash="Storting winkelkas",
    expected_shop="Verwachte winkelverkoop",
    expected_sales="Verwachte betalingen van klanten",
    expected_purchases="Verwachte aankopen grondstoffen",
    investment="Nieuwe etageoven, saldo bij levering",
    support="Ecologiepremie voor de oven",
    tax_office="FOD Financiën - Inning",
    social_office="Rijksdienst voor Sociale Zekerheid",
    bank="Huisbank",
    staff="Personeel",
    owner="Anna Verhaeghe",
    card="Betaling bankkaart",
    card_places=(
        "Doe-het-zelf Zuiderpoort",
        "Tankstation Drongen",
        "Parking Vrijdagmarkt",
        "Kantoorwinkel De Paperclip",
        "Horecagroothandel Leiekaai",
        "Bloemen Margriet",
    ),
    credit="Creditnota",
    discount_for="Beschadigde levering",
)

ANNA = Profile(
    name="Bakkerij Anna BV",
    slug="bakkerij-anna",
    language="nl",
    enterprise_number="0912345673",
    street="Coupure Rechts 779",
    postcode="9000",
    city="Gent",
    email="boekhouding@bakkerij-anna.example",
    customers=CUSTOMERS,
    suppliers=SUPPLIERS,
    goods=_GOODS,
    products=_PRODUCTS,
    payroll=Payroll(clerks=4960, workers=15850, withholding=4780, contributions=27300),
    words=_WORDS,
    season=(88, 92, 98, 104, 108, 106, 104, 98, 100, 98, 98, 124),
    shop_week=4650,
    loan=126540,
    savings=5200,
    floor=19800,
    investment=6450,
    support=1900,
)

#: What lies in the letter box: known and new suppliers, three languages, several VAT kinds.
ANNA_RECEIVES = (
    Delivery("Molens Rietvelde NV", _GOODS["flour"], 1),
    Delivery(
        Supplier(
            "Emballages Bois-Vert SRL",
            "fr",
            "Rue de la Filature 148",
            "4800",
            "Verviers",
            "packaging",
            1,
            "FA-{yyyy}-{n:05d}",
        ),
        (
            Good("Boîtes pâtissières 24 cm, par 100", "cent", 2790, 3050, 4, 9, 21),
            Good("Film alimentaire, rouleau 300 m", "pièce", 1890, 2040, 3, 6, 21),
            Good("Frais de port", "forfait", 3500, 3500, 1, 1, 21),
        ),
        2,
    ),
    Delivery("Bäckereitechnik Rheinhof GmbH", _GOODS["machines"], 4),
    Delivery(
        Supplier(
            "Hoeve Kleine Vijver",
            "nl",
            "Vijverstraat 61",
            "9840",
            "De Pinte",
            "eggs",
            1,
            "{yy}-{n:04d}",
            terms="days:8",
        ),
        (
            Good("Appelen jonagold, kist 15 kg", "kist", 1850, 2190, 3, 8, 6),
            Good("Aardbeien, bak 5 kg", "bak", 2450, 3190, 2, 5, 6),
            Good("Leeggoed kisten", "stuk", 400, 400, 4, 9, 21),
        ),
        0,
    ),
    Delivery(
        "Zuivelhoeve Ter Meersen BV",
        (Good("Terugname verse room 40 %, 5 l", "can", 2290, 2290, 2, 4, 6),),
        3,
        InvoiceKind.CREDIT_NOTE,
    ),
)
