//! Terms in the reader's words: bases, periods, countries, parties. A term without words stands for itself.
//! Refuses to translate what a definition says: its sentences are quoted as they were published.

use candor_definition::Country;
use jiff::Span;

use super::types::{Activity, Datum, LegalBasis, Party, Retention, Said, Source, Transfer};
use crate::{
    catalog::Words,
    dates::{day, moment},
};

/// GDPR articles of each basis; the soft opt-in is the directive's.
const ARTICLES: [(&str, &[&str]); 7] = [
    ("consent", &["GDPR 6(1)(a)"]),
    ("explicit-consent", &["GDPR 6(1)(a)"]),
    ("soft-opt-in", &["GDPR 6(1)(f)", "ePrivacy 13(2)"]),
    ("legitimate-interest", &["GDPR 6(1)(f)"]),
    ("pre-contract", &["GDPR 6(1)(b)"]),
    ("contract", &["GDPR 6(1)(b)"]),
    ("legal-obligation", &["GDPR 6(1)(c)"]),
];

/// A term of a vocabulary in words.
pub(crate) fn term(words: Words, vocabulary: &str, term: &str) -> String {
    words
        .find(&format!("register_{vocabulary}_{term}"))
        .unwrap_or(term)
        .to_owned()
}

/// A term of a vocabulary in words, with the term beside it where they differ.
fn glossed(words: Words, vocabulary: &str, name: &str) -> String {
    let said = term(words, vocabulary, name);
    if said == name { said } else { format!("{said} ({name})") }
}

pub(super) fn basis(words: Words, name: &str) -> LegalBasis {
    let articles = ARTICLES.iter().find(|(known, _)| *known == name);
    LegalBasis {
        term: name.to_owned(),
        articles: articles.map_or_else(Vec::new, |(_, articles)| {
            articles.iter().map(|&article| article.to_owned()).collect()
        }),
        words: term(words, "basis", name),
        interest: None,
        assessment: None,
    }
}

/// `3 years`, `1 year and 6 months`.
pub(super) fn period(words: Words, text: &str) -> String {
    let Ok(span) = text.parse::<Span>() else {
        return text.to_owned();
    };
    let parts: Vec<String> = [
        ("years", i64::from(span.get_years())),
        ("months", i64::from(span.get_months())),
        ("weeks", i64::from(span.get_weeks())),
        ("days", i64::from(span.get_days())),
        ("hours", i64::from(span.get_hours())),
        ("minutes", span.get_minutes()),
        ("seconds", span.get_seconds()),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(unit, count)| {
        let number = if count == 1 { "one" } else { "many" };
        term(words, "period", &format!("{unit}_{number}")).replace("{count}", &count.to_string())
    })
    .collect();
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            format!("{}{}{last}", rest.join(", "), words.get("register_and"))
        }
        _ => parts.concat(),
    }
}

pub(super) fn said_period(words: Words, text: &str, key: &'static str) -> Said {
    Said {
        value: text.to_owned(),
        words: words.fill(key, "period", &period(words, text)),
    }
}

/// `At most once a month`, `At most once in 2 months`.
pub(super) fn frequency(words: Words, text: &str) -> Said {
    let key = match text {
        "P1Y" => "register_frequency_year",
        "P1M" => "register_frequency_month",
        "P1W" => "register_frequency_week",
        "P1D" => "register_frequency_day",
        _ => "register_frequency_words",
    };
    said_period(words, text, key)
}

/// From when a period counts, or until what it lasts; `from` is a word of the register's own vocabulary.
pub(super) fn retention(words: Words, span: Option<&str>, from: &str) -> Retention {
    let said = span.map(|text| period(words, text)).unwrap_or_default();
    Retention {
        period: span.map(str::to_owned),
        from: from.to_owned(),
        words: term(words, "from", from).replace("{period}", &said),
        forms: Vec::new(),
    }
}

pub(crate) fn country(words: Words, code: &str) -> String {
    Country::parse(code)
        .map_or(code, |country| country.name_in(words.language()))
        .to_owned()
}

/// `A46-2-c` as `46(2)(c)`.
fn article(mechanism: &str) -> String {
    let mut parts = mechanism.trim_start_matches('A').split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |article, part| format!("{article}({part})"))
}

pub(super) fn mechanism(words: Words, name: &str) -> String {
    let said = term(words, "mechanism", name);
    let cited = words.fill("register_article_gdpr", "articles", &article(name));
    format!("{said} ({cited})")
}

/// The basis with its articles: what a register has to name first.
pub(super) fn legal_basis(words: Words, basis: &LegalBasis) -> Vec<String> {
    let of = |law: &str| {
        let articles: Vec<&str> = basis.articles.iter().filter_map(|it| it.strip_prefix(law)).collect();
        articles.join(", ")
    };
    let cited: Vec<String> = [
        ("GDPR ", "register_article_gdpr"),
        ("ePrivacy ", "register_article_eprivacy"),
    ]
    .into_iter()
    .map(|(law, key)| (of(law), key))
    .filter(|(articles, _)| !articles.is_empty())
    .map(|(articles, key)| words.fill(key, "articles", &articles))
    .collect();
    let mut lines = vec![match cited.as_slice() {
        [] => basis.words.clone(),
        cited => format!("{} ({})", basis.words, cited.join(words.get("register_semicolon"))),
    }];
    lines.extend(basis.interest.clone());
    lines.extend(
        basis
            .assessment
            .as_ref()
            .map(|reference| words.fill("register_assessment", "reference", reference)),
    );
    lines
}

/// Name and every way to reach a party.
pub(super) fn contact(words: Words, party: &Party) -> String {
    let country = country(words, &party.country);
    let parts = [
        Some(&party.name),
        party.address.as_ref(),
        Some(&country),
        party.email.as_ref(),
        party.phone.as_ref(),
        party.url.as_ref(),
    ];
    parts
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Who gets the data: name, role, trade, country, contract, notice.
pub(super) fn recipient(words: Words, party: &Party) -> String {
    let role = match &party.sector {
        Some(sector) => format!("{}, {sector}", term(words, "role", &party.role)),
        None => term(words, "role", &party.role),
    };
    let agreement = party.agreement.as_ref().map(|text| {
        let date = text.parse().map_or_else(|_| text.clone(), |date| day(words, date));
        words.fill("register_agreement", "value", &date)
    });
    let notice = party
        .policy
        .as_ref()
        .map(|policy| words.fill("register_notice", "value", policy));
    let parts = [
        Some(format!("{} ({role})", party.name)),
        Some(country(words, &party.country)),
        agreement,
        notice,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn datum(words: Words, datum: &Datum) -> String {
    let need = match datum.required {
        Some(true) => words.get("register_required"),
        Some(false) => words.get("register_optional"),
        None => "",
    };
    format!("{} ({}){need}", datum.label, datum.term)
}

pub(super) fn transfer(words: Words, transfer: &Transfer) -> String {
    let country = country(words, &transfer.country);
    let copy = transfer
        .copy
        .as_ref()
        .map(|copy| words.fill("register_copy", "value", copy));
    let colon = words.get("colon");
    format!("{country}{colon} {}{}", transfer.words, copy.unwrap_or_default())
}

pub(super) fn kept(words: Words, retention: &Retention) -> String {
    if retention.forms.is_empty() {
        return retention.words.clone();
    }
    let forms = words.fill("register_for_forms", "forms", &retention.forms.join(", "));
    format!("{}{forms}", retention.words)
}

pub(super) fn nature(words: Words, activity: &Activity) -> String {
    let kind = activity.kind.as_deref().unwrap_or("own");
    let channel = term(words, "channel", &activity.channel);
    let said = term(words, "kind", kind);
    if channel.is_empty() {
        said
    } else {
        format!("{said}, {channel}")
    }
}

pub(super) fn category(words: Words, activity: &Activity) -> String {
    glossed(words, "category", &activity.category)
}

pub(super) fn source(words: Words, source: &Source) -> String {
    let published = moment(words, source.published);
    let published = words.fill("register_published", "date", &published);
    format!("{}, {}, {published}", source.form, source.version)
}
