//! Settings of a Salesforce target: the My Domain of the org, names of fields, the client's credentials.
//! Refuses names of fields that the adapter itself writes.

use super::{
    super::{
        Job, SettingFault, Settings,
        crm::{FromSettings, Names, Reader},
    },
    OBJECTS,
};

#[derive(Debug)]
pub(in super::super) struct Options {
    pub(super) external: String,
    /// Whether the org keeps consents of its own: "Data Protection and Privacy" is switched on.
    pub(super) consents: bool,
    pub(super) purpose: Option<String>,
    pub(super) names: Names,
    pub(super) client: (String, String),
}

impl FromSettings for Options {
    fn read(settings: &Settings) -> Result<Self, Vec<SettingFault>> {
        let mut reader = Reader::new(settings);
        reader.host(
            |host, path| path.is_empty() && is_my_domain(host),
            "https://MYDOMAIN.my.salesforce.com, the My Domain of the org",
        );
        let names = reader.names(
            is_field,
            "the API name of a field of Lead, such as `Title` or `Source__c`",
        );
        let external = reader.text(
            "external",
            |text| is_field(text) && text.ends_with("__c"),
            "the API name of an external id field, such as `Candor__c`, that Lead, Individual and ContactPointTypeConsent have",
        );
        let consents = reader.optional(
            "consents",
            |text| ["yes", "no"].contains(&text),
            "`yes`, or `no` for an org without Data Protection and Privacy",
        );
        let purpose = reader.optional(
            "purpose",
            is_record_id,
            "the id of a DataUsePurpose, 15 or 18 characters",
        );
        let client = (
            reader.secret(
                "client_id",
                "the consumer key of an external client app with the client credentials flow",
            ),
            reader.secret("client_secret", "its consumer secret"),
        );
        reader.finish(Self {
            external,
            consents: consents.as_deref() != Some("no"),
            purpose,
            names,
            client,
        })
    }
}

impl Options {
    /// The path of the record of that object with the person's id.
    pub(super) fn record(&self, object: &str, job: &Job<'_>) -> String {
        format!("{OBJECTS}/{object}/{}/{}", self.external, job.message.subject)
    }

    pub(super) fn sent(&self) -> Vec<&str> {
        let mut names = self.names.all();
        names.extend([
            "LastName",
            "Company",
            "Email",
            "IndividualId",
            "HasOptedOutOfEmail",
            "DoNotCall",
            "PartyId",
            "DataUsePurposeId",
            "PrivacyConsentStatus",
            "EffectiveTo",
            "ContactPointType",
            "CaptureContactPointType",
        ]);
        names.push(&self.external);
        names
    }
}

/// `acme.my.salesforce.com`, `acme--test.sandbox.my.salesforce.com`.
fn is_my_domain(host: &str) -> bool {
    let labels = host
        .strip_suffix(".my.salesforce.com")
        .map(|rest| rest.split('.').collect::<Vec<_>>());
    let fits = |label: &str| {
        !label.is_empty() && label.chars().all(|it| it.is_ascii_alphanumeric() || it == '-') && !label.starts_with('-')
    };
    match labels.as_deref() {
        Some([domain]) => fits(domain),
        Some([domain, kind]) => fits(domain) && ["sandbox", "develop", "scratch", "demo", "trailblaze"].contains(kind),
        _ => false,
    }
}

fn is_field(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|it| it.is_ascii_alphanumeric() || it == '_')
        && text.len() <= 80
        && !["Id", "IndividualId", "HasOptedOutOfEmail", "DoNotCall"].contains(&text)
}

fn is_record_id(text: &str) -> bool {
    [15, 18].contains(&text.len()) && text.chars().all(|it| it.is_ascii_alphanumeric())
}
