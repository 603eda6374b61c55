//! The class of a mail domain: told from its name and a list of providers that stands in the tree, never by asking anybody.
//! Refuses to guess a country or a person behind it.

use super::rules::DomainClass;

/// Providers that give addresses to anybody, sorted; a domain below one of them counts too.
const FREE_MAIL: &str = include_str!("free_mail.txt");

/// Ends by which schools and universities are known.
const EDUCATION: [&str; 12] = [
    "edu", "ac.uk", "ac.at", "ac.be", "ac.jp", "ac.nz", "edu.au", "edu.pl", "edu.es", "edu.it", "edu.gr", "edu.pt",
];

/// Ends by which authorities are known.
const PUBLIC_SECTOR: [&str; 16] = [
    "europa.eu",
    "gov",
    "gouv.fr",
    "gov.uk",
    "gob.es",
    "gov.it",
    "gov.pl",
    "gov.pt",
    "gov.ie",
    "gov.gr",
    "gv.at",
    "bund.de",
    "fgov.be",
    "overheid.nl",
    "admin.ch",
    "mil",
];

/// The class of the part after the `@`, in lower case and with A-labels (as mailboxes are compared).
pub(super) fn class_of(mailbox: &str) -> Option<DomainClass> {
    let (_, domain) = mailbox.rsplit_once('@')?;
    if domain.is_empty() {
        return None;
    }
    let ends = |known: &str| {
        let rest = domain.strip_suffix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    Some(if FREE_MAIL.lines().any(ends) {
        DomainClass::FreeMail
    } else if EDUCATION.into_iter().any(ends) {
        DomainClass::Education
    } else if PUBLIC_SECTOR.into_iter().any(ends) {
        DomainClass::PublicSector
    } else {
        DomainClass::Company
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_known_by_their_names() {
        for (mailbox, class) in [
            ("ada@gmail.com", Some(DomainClass::FreeMail)),
            ("ada@sub.gmx.net", Some(DomainClass::FreeMail)),
            ("ada@notgmail.com", Some(DomainClass::Company)),
            ("ada@acme.example", Some(DomainClass::Company)),
            ("ada@cs.ox.ac.uk", Some(DomainClass::Education)),
            ("ada@economie.gouv.fr", Some(DomainClass::PublicSector)),
            ("ada@ec.europa.eu", Some(DomainClass::PublicSector)),
            ("ada@gov.example", Some(DomainClass::Company)),
            ("ada@", None),
            ("ada", None),
        ] {
            assert_eq!(class_of(mailbox), class, "{mailbox}");
        }
        assert!(FREE_MAIL.lines().is_sorted() && FREE_MAIL.lines().all(|line| line == line.to_lowercase().trim()));
    }
}
