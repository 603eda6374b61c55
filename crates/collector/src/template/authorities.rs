//! The supervisory authorities (GDPR Art. 51) of the European Economic Area and of the United Kingdom, by country: the
//! one that a template names. Names and addresses as the European Data Protection Board lists its members.

/// ISO 3166-1 alpha-2 code, name, site.
pub(super) const AUTHORITIES: [(&str, &str, &str); 31] = [
    ("AT", "Datenschutzbehörde", "https://www.dsb.gv.at"),
    (
        "BE",
        "Autorité de protection des données / Gegevensbeschermingsautoriteit",
        "https://www.autoriteprotectiondonnees.be",
    ),
    ("BG", "Комисия за защита на личните данни", "https://www.cpdp.bg"),
    (
        "CY",
        "Office of the Commissioner for Personal Data Protection",
        "https://www.dataprotection.gov.cy",
    ),
    ("CZ", "Úřad pro ochranu osobních údajů", "https://uoou.gov.cz"),
    (
        "DE",
        "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
        "https://www.bfdi.bund.de",
    ),
    ("DK", "Datatilsynet", "https://www.datatilsynet.dk"),
    ("EE", "Andmekaitse Inspektsioon", "https://www.aki.ee"),
    ("ES", "Agencia Española de Protección de Datos", "https://www.aepd.es"),
    ("FI", "Tietosuojavaltuutetun toimisto", "https://tietosuoja.fi"),
    ("FR", "CNIL", "https://www.cnil.fr"),
    ("GB", "Information Commissioner’s Office", "https://ico.org.uk"),
    (
        "GR",
        "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα",
        "https://www.dpa.gr",
    ),
    ("HR", "Agencija za zaštitu osobnih podataka", "https://azop.hr"),
    (
        "HU",
        "Nemzeti Adatvédelmi és Információszabadság Hatóság",
        "https://naih.hu",
    ),
    ("IE", "Data Protection Commission", "https://www.dataprotection.ie"),
    ("IS", "Persónuvernd", "https://www.personuvernd.is"),
    (
        "IT",
        "Garante per la protezione dei dati personali",
        "https://www.garanteprivacy.it",
    ),
    ("LI", "Datenschutzstelle", "https://www.datenschutzstelle.li"),
    ("LT", "Valstybinė duomenų apsaugos inspekcija", "https://vdai.lrv.lt"),
    (
        "LU",
        "Commission nationale pour la protection des données",
        "https://cnpd.public.lu",
    ),
    ("LV", "Datu valsts inspekcija", "https://www.dvi.gov.lv"),
    (
        "MT",
        "Office of the Information and Data Protection Commissioner",
        "https://idpc.org.mt",
    ),
    (
        "NL",
        "Autoriteit Persoonsgegevens",
        "https://www.autoriteitpersoonsgegevens.nl",
    ),
    ("NO", "Datatilsynet", "https://www.datatilsynet.no"),
    ("PL", "Urząd Ochrony Danych Osobowych", "https://uodo.gov.pl"),
    ("PT", "Comissão Nacional de Proteção de Dados", "https://www.cnpd.pt"),
    (
        "RO",
        "Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
        "https://www.dataprotection.ro",
    ),
    ("SE", "Integritetsskyddsmyndigheten", "https://www.imy.se"),
    ("SI", "Informacijski pooblaščenec", "https://www.ip-rs.si"),
    (
        "SK",
        "Úrad na ochranu osobných údajov Slovenskej republiky",
        "https://dataprotection.gov.sk",
    ),
];
