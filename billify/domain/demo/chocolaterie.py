"""Chocolaterie Chloé SRL: a small chocolate maker in Namur, in French. All made up."""

from billify.domain.demo.incoming import Delivery
from billify.domain.demo.profile import (
    Customer,
    Good,
    Payroll,
    Product,
    Profile,
    Supplier,
    Words,
)
from billify.domain.vat import VatCategory

_CUSTOMERS = (
    Customer(
        "Épicerie fine L'Heure Bleue SRL", "fr", "Rue de l'Ange 362", "5000", "Namur", 1480, late=4
    ),
    Customer(
        "Hôtel du Vieux Cloître SA", "fr", "Place Saint-Aubain 311", "5000", "Namur", 2150, late=9
    ),
    Customer(
        "Comptoir des Saveurs Mosanes", "fr", "Rue Neuve 478", "5500", "Dinant", 1120, late=18
    ),
    Customer(
        "Pralinehuis Belfortje BV", "nl", "Breidelstraat 216", "8000", "Brugge", 2380, 2, late=1
    ),
    Customer(
        "Eifeler Feinkost GmbH",
        "de",
        "Malmedyer Straße 290",
        "4780",
        "Sankt Vith",
        980,
        late=0,
        references=100,
    ),
    Customer(
        "Cadeaux d'Entreprise Orlanne SRL",
        "fr",
        "Chaussée de Louvain 1633",
        "1200",
        "Woluwe-Saint-Lambert",
        3350,
        terms="days:45",
        late=12,
    ),
)

_SUPPLIERS = (
    Supplier("Kakaovita NV", "nl", "Havenlaan 388", "2030", "Antwerpen", "cocoa", 18, "VF{n:06d}"),
    Supplier(
        "Laiterie des Grands Prés SRL",
        "fr",
        "Rue du Moulin 144",
        "5030",
        "Gembloux",
        "cream",
        20,
        "{yyyy}-{n:05d}",
        terms="days:14",
    ),
    Supplier(
        "Cartonnages Rosoux SA",
        "fr",
        "Zoning de Rhisnes 37",
        "5080",
        "La Bruyère",
        "boxes",
        8,
        "FC{n:06d}",
    ),
    Supplier(
        "Immobilière du Grognon SRL",
        "fr",
        "Rue des Brasseurs 411",
        "5000",
        "Namur",
        "rent",
        12,
        "L-{yyyy}-{n:03d}",
        day=21,
        terms="days:11",
        reference="free",
    ),
    Supplier(
        "Courant Sambre SA",
        "fr",
        "Avenue de l'Énergie 222",
        "6000",
        "Charleroi",
        "electricity",
        12,
        "{yyyy}{n:07d}",
        day=8,
        terms="days:14",
        is_debited=True,
    ),
    Supplier(
        "Ligne Directe Télécom SA",
        "fr",
        "Rue du Réseau 9",
        "1000",
        "Bruxelles",
        "telecom",
        12,
        "52{n:08d}",
        day=5,
        terms="days:14",
        is_debited=True,
    ),
    Supplier(
        "Fiduciaire Clairchiffre SRL",
        "fr",
        "Avenue de la Plante 275",
        "5000",
        "Namur",
        "accountant",
        4,
        "{yyyy}/{n:03d}",
        day=27,
    ),
)

_GOODS = {
    "cocoa": (
        Good("Couverture lait 34 %, zak 10 kg", "zak", 10890, 13290, 5, 11, 6),
        Good("Couverture puur 60 %, zak 10 kg", "zak", 12490, 14890, 4, 9, 6),
    ),
    "cream": (
        Good("Crème fraîche 40 %, 5 l", "bidon", 2190, 2410, 3, 8, 6),
        Good("Beurre, bloc 10 kg", "bloc", 7240, 8310, 1, 3, 6),
    ),
    "boxes": (
        Good("Ballotins 250 g imprimés, par 500", "lot", 18900, 20900, 2, 4, 21),
        Good("Rubans et étiquettes", "lot", 6400, 8800, 1, 3, 21),
    ),
    "rent": (
        Good("Loyer atelier et boutique", "mois", 152000, 152000, 1, 1, 0, VatCategory.EXEMPT),
    ),
    "electricity": (Good("Consommation d'électricité, kWh", "kWh", 24, 28, 1500, 2100, 21),),
    "telecom": (Good("Internet et téléphonie", "mois", 7990, 8490, 1, 1, 21),),
    "accountant": (Good("Tenue de comptabilité, trimestre", "trimestre", 89000, 94000, 1, 1, 21),),
}

_PRODUCTS = (
    Product("Ballotin pralines 500 g", "Ballotin de pralines 500 g", "Pralinen 500 g", 1690, 34),
    Product("Orangettes 200 g", "Orangettes 200 g", "Orangetten 200 g", 890, 16),
    Product("Truffels 250 g", "Truffes 250 g", "Trüffel 250 g", 1090, 22),
    Product("Tablet puur 70 %", "Tablette noir 70 %", "Tafel Zartbitter 70 %", 420, 18),
    Product("Geschenkdoos", "Coffret cadeau", "Geschenkkarton", 2750, 10),
)

_WORDS = Words(
    wages_clerks="Salaires employés",
    wages_workers="Salaires ouvriers",
    bonus="Primes de fin d'année",
    withholding="Précompte professionnel",
    social_advance="Provision ONSS",
    social_balance="Solde ONSS",
    vat="TVA",
    vat_refund="Remboursement TVA",
    loan="Remboursement crédit d'investissement",
    fees="Frais de compte et de paiement",
    to_savings="Virement vers compte d'épargne",
    interest="Intérêts créditeurs",
    dividend="Dividende exercice précédent",
    shop="Ventes boutique",
    shop_cards="Décompte terminaux de paiement",
    shop_cash="Versement caisse boutique",
    expected_shop="Ventes boutique attendues",
    expected_sales="Paiements attendus des clients",
    expected_purchases="Achats de matières attendus",
    investment="Nouvelle tempéreuse, solde à la livraison",
    support="Prime à l'investissement de la Région",
    tax_office="SPF Finances - Perception",
    social_office="Office national de sécurité sociale",
    bank="Banque",
    staff="Personnel",
    owner="Chloé Lambrecht",
    card="Paiement par carte",
    card_places=("Papeterie du Centre", "Station-service Jambes", "Parking Hôtel de Ville"),
    credit="Note de crédit",
    discount_for="Livraison endommagée",
)

CHLOE = Profile(
    name="Chocolaterie Chloé SRL",
    slug="chocolaterie-chloe",
    language="fr",
    enterprise_number="0948172030",
    street="Rue des Brasseurs 413",
    postcode="5000",
    city="Namur",
    email="comptabilite@chocolaterie-chloe.example",
    customers=_CUSTOMERS,
    suppliers=_SUPPLIERS,
    goods=_GOODS,
    products=_PRODUCTS,
    payroll=Payroll(clerks=3380, workers=5860, withholding=2060, contributions=11900),
    words=_WORDS,
    season=(78, 112, 102, 124, 92, 84, 72, 74, 92, 102, 118, 168),
    shop_week=1980,
    loan=48215,
    savings=3100,
    floor=4100,
    investment=3200,
    support=900,
)

CHLOE_RECEIVES = (
    Delivery("Cartonnages Rosoux SA", _GOODS["boxes"], 1),
    Delivery("Laiterie des Grands Prés SRL", _GOODS["cream"], 2),
)
