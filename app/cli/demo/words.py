"""The words of which the demo company is made: all names are invented, all domains are .example."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words("""
    Ada Bram Carla Dario Elin Fynn Greta Hugo Ines Jonas Keira Lasse Maud Nils Orla Piet Quinn
    Rosa Sanne Tobias Uma Vera Wout Xenia Yann Zoe Alba Boris Cleo Dirk Esme Floor Gilles Hanna
    Ivo Juno Kaspar Linde Milan Noor Otis Paula Remy Silke Theo Ursel Viggo Wanda Yara Zeno
""")
LAST_NAMES = _words("""
    Amberlake Brookmoor Cinderfell Dunmarsh Eberstrand Fallowick Grimsholt Hartenau Isselbrand
    Jorvale Kestwick Lindemoor Marchfell Nettelhorst Oakenrade Pellworth Quillstrom Ravenhagen
    Silberau Thornvliet Ulmenrade Veldstra Wiesengrund Yewbridge Zilverberg Ashgarth Birkmann
    Coldwater Dornfeld Elmsgate Farnholt Gildemeer Hollenbeek Irisvane Juniper Kornblum Larkspur
    Moorgate Nordlund Osterveen
""")

PARTNER_STEMS = _words("""
    Brightmere Kaltenfels Ardoise Polderlicht Fernhollow Steinbruck Clairvaux Waterlijn Oxbarrow
    Nordhafen Marescal Duinrand Redcastle Lichtwerk Bellerive Havenblik Thistledown Eichental
    Sablonne Molenwaard Greywick Rauschenau Montclair Veenpoort Harrowdale Falkenried Rochelune
    Zandvoorde Silverbeck Tannhof Valombre Lindewijk Coppergate Weidenkamp Aubepine Kanaalzicht
    Stonebridge Morgenrot Grandpre Noorderkwartier
""")
PARTNER_KINDS = {
    "GB": ("Systems", "Consulting", "Networks", "Digital"),
    "DE": ("Systemhaus", "Beratung", "Netzwerke", "Digital"),
    "FR": ("Conseil", "Systemes", "Reseaux", "Numerique"),
    "NL": ("Systemen", "Advies", "Netwerken", "Digitaal"),
}
LEGAL_FORMS = {"GB": "Ltd", "DE": "GmbH", "FR": "SAS", "NL": "B.V."}
CITIES = {
    "GB": (("Leeds", "LS1 4AP"), ("Bristol", "BS1 5TR"), ("Glasgow", "G2 8DL")),
    "DE": (("Köln", "50667"), ("Leipzig", "04109"), ("Hamburg", "20095"), ("München", "80331")),
    "FR": (("Lyon", "69002"), ("Nantes", "44000"), ("Lille", "59800")),
    "NL": (("Utrecht", "3511 AB"), ("Rotterdam", "3011 AA"), ("Eindhoven", "5611 EM")),
}
STREETS = {
    "GB": ("Mill Lane", "Station Road", "Canal Street"),
    "DE": ("Lindenstraße", "Am Hafen", "Werkstraße"),
    "FR": ("rue des Tilleuls", "quai du Canal", "rue de la Gare"),
    "NL": ("Kade", "Molenweg", "Stationsstraat"),
}
ZONES = {
    "GB": ("Europe/London", "en_GB"),
    "DE": ("Europe/Berlin", "de_DE"),
    "FR": ("Europe/Paris", "fr_FR"),
    "NL": ("Europe/Amsterdam", "nl_NL"),
}
CURRENCY_OF = {"GB": "GBP", "DE": "EUR", "FR": "EUR", "NL": "EUR"}

CUSTOMER_HEADS = _words("""
    Alder Bexley Corvin Dalmar Estrel Fenwick Galmor Hester Ingram Jarvis Kelmor Lorent Merrin
    Norvik Ostara Pendle Quorra Ridley Selmar Tavish Umbrel Varden Wexcom Yarrow Zelkor Brando
    Celtis Drummel Ferrol Gantor Holmar Javelin Korvex Lumina Mistral Nimbus Orwell Pelican
""")
CUSTOMER_TAILS = _words("""
    ford wick stad haven mark lund dale berg holm rand mont vale crest mere
""")
SECTORS = {
    "Logistics": "transport", "Foods": "food", "Insurance": "insurance", "Textiles": "textiles",
    "Energy": "energy", "Clinics": "health", "Retail": "retail", "Chemicals": "chemicals",
    "Publishing": "media", "Machinery": "manufacturing", "Shipping": "transport",
    "Pharma": "health", "Furniture": "manufacturing", "Hotels": "hospitality",
}  # fmt: skip

FAMILIES = {
    "NET": ("Campus network", (
        ("NET-SWITCH", "Edge switch 48", 4_200_00), ("NET-CORE", "Core switch", 18_500_00),
        ("NET-WIFI", "Wireless access point", 640_00))),
    "SEC": ("Security", (
        ("SEC-WALL", "Perimeter firewall", 9_800_00),
        ("SEC-MAIL", "Mail gate, per 100 users", 2_400_00),
        ("SEC-SIEM", "Event watch, yearly", 26_000_00))),
    "CLD": ("Cloud platform", (
        ("CLD-BASE", "Platform, yearly", 14_000_00), ("CLD-DR", "Second site, yearly", 11_500_00),
        ("CLD-BACK", "Backup, per 10 TB yearly", 3_100_00))),
    "SRV": ("Services", (
        ("SRV-PLAN", "Design workshop", 5_600_00), ("SRV-MIG", "Migration, per week", 8_400_00),
        ("SRV-CARE", "Care contract, yearly", 12_300_00))),
}  # fmt: skip
"""Code -> name and products: code, name, price in cents of a euro."""
COUNTRY_PRICE = {"EUR": 100, "GBP": 87}
"""Percent of the price in euro."""

DEALS = {
    "NET": ("Network for {n} sites", "Wireless in the warehouse", "Core renewal at headquarters"),
    "SEC": ("Firewall renewal", "Mail protection for {n}00 users", "Watch over {n} plants"),
    "CLD": ("Move of {n} systems to the platform", "Second site", "Backup for the branch offices"),
    "SRV": ("Migration over {n} weeks", "Design for the new building", "Care for {n} locations"),
}
PROBLEMS = (
    "The present equipment fails about twice a month, and each outage stops picking for an hour.",
    "Their auditor found no protection against loss of a whole site and asks for one this year.",
    "Branch offices wait minutes for their files; people carry data about on sticks instead.",
    "A supplier was broken into last spring, and the board wants to know who is on their network.",
    "The contract with the present provider ends, and its price for a renewal has doubled.",
    "Two companies were merged, and nobody can see both stocks on one screen.",
)
COMPETITORS = ("", "", "", "Halden Networks", "Orbis Data", "Tessera Cloud", "in-house team")
NEXT_STEPS = (
    "Call the head of IT about the site list",
    "Send the design for the two largest sites",
    "Agree on the date of the workshop",
    "Bring the offer to the buyer",
    "Show the reference in Utrecht",
    "Have the contract read by their lawyer",
)
NOTES = (
    "They have budget until the end of the quarter; the board meets on the second Tuesday.",
    "The head of operations is in favour, finance wants to see the running costs first.",
    "Demo went well. They asked twice how long the move of one site takes.",
    "Their buyer compares three offers; ours is in the middle on price.",
)
INTERNAL = (
    "Give at most eight percent here; the list is what they signed last time.",
    "Reference customer for the region if it works out; keep the lead informed.",
)
EVIDENCE = {
    "introduction": "Introduced us to the head of operations.",
    "demo": "Showed the platform on the customer's own data.",
    "workshop": "Half-day workshop with eight people of the customer.",
    "proof_of_concept": "Two weeks on one site; the report is with the customer.",
    "proposal": "Wrote the technical half of the offer.",
    "event": "Brought the customer to the open day.",
}
REJECTIONS = {
    "not_qualified": "We spoke to the customer: there is no project and no budget this year.",
    "duplicate": "Another partner registered this customer for the same products before you.",
    "incumbent_partner": "The customer is served by another partner, who keeps the renewal.",
    "existing_opportunity": "Our own sales team has worked on this deal since before your entry.",
    "outside_territory": "Your agreement does not cover the customer's country.",
    "incomplete": "We asked twice for the name of a contact who knows about this project.",
}
ASKED = {
    "problem": "Please say how many sites this is about and what they use today.",
    "lines": "The quantities do not fit the title. Please check them with the customer.",
    "contact_email": "The address of the contact does not answer. Is it spelled correctly?",
    "expected_close_on": "Please give a realistic date; the board of the customer meets in spring.",
}
DISPUTES = (
    "The offer was signed while we were Gold; we expect that tier's rate.",
    "We brought a second site into this order; its share is missing from the base.",
    "By our records the customer paid the whole invoice before the end of the month.",
)


def address(country: str, number: int, house: int) -> str:
    """Return a street of a country, one after the other by ``number``, with a house in it."""
    street = STREETS[country][number % len(STREETS[country])]
    return f"{house} {street}" if country in {"GB", "FR"} else f"{street} {house}"
