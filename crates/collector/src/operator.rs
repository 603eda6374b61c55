//! Who asks on the operators' side: roles, what each may do, and the bearer tokens that stand for them.
//! Refuses to keep a token: what is stored is its SHA-256, and nothing here prints one. Read next: `http/operator.rs`.

use std::{fmt, str::FromStr};

use candor_record::{base64url, digest::Sha256Digest};
use uuid::Uuid;

use crate::{app::App, clock::Random, store::StoreError, store::operators::Access};

/// What an operator is here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Asks what is allowed, and looks at one person at a time; takes nothing out.
    Viewer,
    /// Answers for the rights of people; alone in reading sealed records.
    Dpo,
    /// Runs the installation.
    Admin,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Dpo, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Dpo => "dpo",
            Self::Admin => "admin",
        }
    }
}

/// A word that is no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is viewer, dpo or admin")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or(UnknownRole)
    }
}

/// What can be asked of the operator interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// "May I contact?"
    AskPermission,
    Statistics,
    Register,
    /// To report contacts that were made.
    ReportContacts,
    SeePerson,
    /// To rectify and to erase.
    ChangePerson,
    ExportPerson,
    ExportRecords,
    ExportLeads,
    /// To run the owner's rules over leads, and to decide about the results.
    Qualify,
    SealedRecords,
    /// To list whom a breach affects, with their addresses.
    Breach,
    /// To see and answer what people asked for.
    Requests,
    AccessLog,
    Webhooks,
    Tokens,
}

impl Permission {
    pub const ALL: [Self; 16] = [
        Self::AskPermission,
        Self::Statistics,
        Self::Register,
        Self::ReportContacts,
        Self::SeePerson,
        Self::ChangePerson,
        Self::ExportPerson,
        Self::ExportRecords,
        Self::ExportLeads,
        Self::Qualify,
        Self::SealedRecords,
        Self::Breach,
        Self::Requests,
        Self::AccessLog,
        Self::Webhooks,
        Self::Tokens,
    ];

    /// The row of docs/operators.md.
    pub fn words(self) -> &'static str {
        match self {
            Self::AskPermission => "ask whether a contact is allowed",
            Self::Statistics => "read statistics",
            Self::Register => "read the register (Art. 30) and what stands marked about forms",
            Self::ReportContacts => "report contacts",
            Self::SeePerson => "look at one person",
            Self::ChangePerson => "rectify and erase",
            Self::ExportPerson => "export one person",
            Self::ExportRecords => "export records",
            Self::ExportLeads => "export leads by purpose",
            Self::Qualify => "qualify leads",
            Self::SealedRecords => "read sealed records",
            Self::Breach => "list people affected by a breach",
            Self::Requests => "see and answer requests",
            Self::AccessLog => "read the access log",
            Self::Webhooks => "manage webhooks",
            Self::Tokens => "manage tokens",
        }
    }
}

/// The table of roles: the only place that decides.
pub const fn may(role: Role, permission: Permission) -> bool {
    match permission {
        Permission::AskPermission
        | Permission::Statistics
        | Permission::Register
        | Permission::ReportContacts
        | Permission::SeePerson => true,
        Permission::ChangePerson
        | Permission::ExportPerson
        | Permission::ExportRecords
        | Permission::Requests
        | Permission::AccessLog => matches!(role, Role::Dpo | Role::Admin),
        // Not even the admin: what an erasure left is there for the defence of legal claims alone (Art. 17(3)(e)), and whom
        // a breach affects is for who answers for their rights (Art. 33, 34).
        Permission::SealedRecords | Permission::Breach => matches!(role, Role::Dpo),
        Permission::ExportLeads | Permission::Qualify | Permission::Webhooks | Permission::Tokens => {
            matches!(role, Role::Admin)
        }
    }
}

/// Whom the access log names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorId {
    /// The id of a token.
    Token(Uuid),
    /// Whoever runs commands on the machine.
    Command,
}

impl fmt::Display for OperatorId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => id.fmt(formatter),
            Self::Command => formatter.write_str("command"),
        }
    }
}

/// An operator who has shown a living token, or who runs a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    pub id: OperatorId,
    pub role: Role,
}

impl Operator {
    /// The machine's owner, on the command line: an admin. Sealed records ask for a token of role dpo there too.
    pub const COMMAND: Self = Self {
        id: OperatorId::Command,
        role: Role::Admin,
    };
}

/// Longest reason in characters: a sentence.
const MAX_REASON_CHARACTERS: usize = 200;

/// What cannot be a reason: the access log outlives the data, so it names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reason is one line of at most {MAX_REASON_CHARACTERS} characters, without a mail address")]
pub struct UnfitReason;

/// Why somebody reads or changes the data of a person, as the access log takes it.
pub fn reason(text: &str) -> Result<&str, UnfitReason> {
    let text = text.trim();
    let fits = !text.is_empty()
        && text.chars().count() <= MAX_REASON_CHARACTERS
        && !text.contains('@')
        && !text.contains(char::is_control);
    fits.then_some(text).ok_or(UnfitReason)
}

impl App {
    /// Writes who reads or changes what about whom, and why; call it first, and do nothing where it fails.
    ///
    /// `action` is a stable word (`see`, `export`, `erase`, …); `reason` holds nothing personal.
    pub async fn log_access(
        &self,
        operator: &Operator,
        action: &'static str,
        person: Option<Uuid>,
        reason: &str,
    ) -> Result<(), StoreError> {
        let access = Access {
            at: self.clock.now(),
            actor: operator.id.to_string(),
            role: operator.role,
            action: action.to_owned(),
            person,
            reason: reason.to_owned(),
        };
        self.store.log_access(&access).await
    }
}

/// What a client sends as `Authorization: Bearer`: `candor_` and 32 random bytes in base64url.
pub struct Token(String);

impl Token {
    const PREFIX: &str = "candor_";
    const SECRET_LEN: usize = 32;

    pub fn generate(random: &dyn Random) -> Self {
        let mut secret = [0; Self::SECRET_LEN];
        random.fill(&mut secret);
        Self(format!("{}{}", Self::PREFIX, base64url::encode(&secret)))
    }

    /// `None` for what no token looks like; whether it opens anything is the store's word.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = base64url::decode(text.strip_prefix(Self::PREFIX)?).ok()?;
        (secret.len() == Self::SECRET_LEN).then(|| Self(text.to_owned()))
    }

    /// The secret itself, for the one place that prints it: `candor token create`.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored. No salt and no slow hash: 256 random bits cannot be guessed. Found by index, not compared here.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256Digest::of(self.0.as_bytes()).as_bytes().to_vec())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(secret)")
    }
}

/// SHA-256 of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(Vec<u8>);

impl TokenHash {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandomness;

    #[test]
    fn tokens_are_read_strictly_and_never_printed() {
        let token = Token::generate(&SystemRandomness);
        let text = token.reveal();
        assert_eq!(text.len(), 7 + 43);
        assert_eq!(Token::parse(text).map(|token| token.hash()), Some(token.hash()));
        assert_ne!(Token::generate(&SystemRandomness).hash(), token.hash());
        assert!(!format!("{token:?}").contains(&text[7..]));
        for wrong in [
            "",
            "candor_",
            &text[7..],
            &text[..49],
            &format!("{text}A"),
            &format!("{text}="),
            &format!(" {text}"),
            &format!("Candor_{}", &text[7..]),
        ] {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_table_of_the_documentation_is_this_one() {
        let document = include_str!("../../../docs/operators.md");
        for permission in Permission::ALL {
            let cells = Role::ALL.map(|role| if may(role, permission) { "yes" } else { "–" });
            let row = format!("| {} | {} |\n", permission.words(), cells.join(" | "));
            assert!(document.contains(&row), "docs/operators.md lacks: {row}");
        }
    }
}
