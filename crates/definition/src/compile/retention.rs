//! How long data is kept, in words.

use super::Form;
use super::texts::is_choice;
use crate::period::Period;
use crate::purpose::Purpose;

/// Every retention period once, said of what it holds for where that can be told in a few words.
pub(super) fn sentence(form: &Form<'_>) -> String {
    let purposes = form.definition.purposes();
    let (choices, services): (Vec<&Purpose>, Vec<&Purpose>) = purposes.iter().partition(|it| is_choice(form, it));
    let all = distinct(form, purposes.iter());
    let periods = match (distinct(form, services).as_slice(), distinct(form, choices).as_slice()) {
        ([service], [choice]) if all.len() > 1 => vec![
            form.say("retention.service", &[("period", service)]),
            form.say("retention.choices", &[("period", choice)]),
        ],
        _ => all,
    };
    form.say("retention", &[("periods", &periods.join(&form.say("semicolon", &[])))])
}

/// `3 years after your last contact`.
pub(crate) fn of(form: &Form<'_>, purpose: &Purpose) -> String {
    let key = format!("retention.{}", purpose.storage.from);
    form.say(&key, &[("period", &words(form, &purpose.storage.retention))])
}

/// `18 months`, `1 year and 6 months`.
pub(crate) fn words(form: &Form<'_>, period: &Period) -> String {
    let part = |(unit, count): (&str, i64)| form.catalog.plural(&format!("period.{unit}"), count.unsigned_abs());
    let parts: Vec<String> = period.parts().map(part).collect();
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}{}{last}", rest.join(", "), form.say("and", &[])),
        _ => parts.concat(),
    }
}

fn distinct<'d>(form: &Form<'_>, purposes: impl IntoIterator<Item = &'d Purpose>) -> Vec<String> {
    let mut periods = Vec::new();
    for purpose in purposes {
        let period = of(form, purpose);
        if !periods.contains(&period) {
            periods.push(period);
        }
    }
    periods
}
