//! What follows the submission: where it goes, what is delivered, how a consent is confirmed, renewed and proved.

use crate::diagnostic::{Place, Report};
use crate::language::Languages;
use crate::period::Period;
use crate::purpose::GatePurpose;
use crate::read::{At, Object};
use crate::text::Text;
use crate::web;

/// The button, and what comes after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// Where the submission is posted; the element only emits events where there is none.
    pub endpoint: Option<String>,
    /// The words of the button.
    pub label: Text,
    /// What is said afterwards.
    pub success: Text,
    /// A page of the same site to go to afterwards.
    pub redirect: Option<String>,
}

impl Submit {
    pub(crate) fn read(report: &mut Report<'_>, languages: Option<&Languages>, at: At<'_>) -> (Option<Self>, bool) {
        let Some(object) = Object::open(report, at, &["endpoint", "label", "success", "redirect"]) else {
            return (None, false);
        };
        let endpoint = object.optional("endpoint").and_then(|at| web::endpoint(report, &at));
        let redirect = object.optional("redirect").and_then(|at| web::page(report, &at));
        let [label, success] = ["label", "success"].map(|name| {
            let at = object.required(report, name);
            Text::read(report, languages?, &at?)
        });
        let submit = label.zip(success).map(|(label, success)| Submit {
            endpoint,
            label,
            success,
            redirect,
        });
        (submit, object.has("endpoint"))
    }
}

/// A file that the form opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Path below the folder of gated files; never leaves it.
    pub asset: String,
    /// The purpose that it serves; never a consent.
    pub purpose: GatePurpose,
    /// How the link gets to the visitor.
    pub delivery: Delivery,
    /// How long the link lives.
    pub expires: Period,
}

/// How a link gets to the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is mailed: the address is necessary.
    Email,
    /// It is in the answer: no address is necessary.
    Screen,
}

impl Delivery {
    pub(crate) const ALL: [Delivery; 2] = [Delivery::Email, Delivery::Screen];

    /// The spelling in definitions.
    pub fn as_str(self) -> &'static str {
        match self {
            Delivery::Email => "email",
            Delivery::Screen => "screen",
        }
    }
}

/// A gate as far as it could be read.
#[derive(Debug)]
pub(crate) struct GateDraft {
    pub(crate) purpose: Option<(String, Place)>,
    pub(crate) delivery: Option<(Delivery, Place)>,
    asset: Option<String>,
    expires: Option<Period>,
}

impl GateDraft {
    pub(crate) fn read(report: &mut Report<'_>, at: At<'_>) -> Option<Self> {
        let object = Object::open(report, at, &["asset", "purpose", "delivery", "expires"])?;
        let asset = object.required(report, "asset").and_then(|at| web::asset(report, &at));
        let purpose = object
            .required(report, "purpose")
            .and_then(|at| Some((at.string(report)?.to_owned(), at.place())));
        let delivery = object
            .required(report, "delivery")
            .and_then(|at| Some((at.choice(report, &Delivery::ALL, Delivery::as_str)?, at.place())));
        let expires = object
            .required(report, "expires")
            .and_then(|at| Period::read(report, &at));
        Some(GateDraft {
            purpose,
            delivery,
            asset,
            expires,
        })
    }

    pub(crate) fn finish(self, purpose: GatePurpose) -> Option<Gate> {
        let (delivery, _) = self.delivery?;
        Some(Gate {
            asset: self.asset?,
            purpose,
            delivery,
            expires: self.expires?,
        })
    }
}

/// Whether a consent waits until the mailbox was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// A consent takes effect when it is given.
    Immediate,
    /// A consent takes effect when the button behind the mailed link was pressed.
    DoubleOptIn {
        /// How long that link lives.
        expires: Period,
    },
}

impl Confirmation {
    /// How long the mailed link lives, where one is mailed.
    pub fn expires(&self) -> Option<&Period> {
        match self {
            Confirmation::Immediate => None,
            Confirmation::DoubleOptIn { expires } => Some(expires),
        }
    }

    pub(crate) fn read(report: &mut Report<'_>, at: At<'_>) -> Option<Self> {
        let object = Object::open(report, at, &["doubleOptIn", "expires"])?;
        let asks = object.required(report, "doubleOptIn").and_then(|at| at.boolean(report));
        let expires = match asks {
            Some(false) => object.optional("expires"),
            _ => object.required(report, "expires"),
        };
        let expires = expires.and_then(|at| Period::read(report, &at));
        if asks? {
            expires.map(|expires| Confirmation::DoubleOptIn { expires })
        } else {
            Some(Confirmation::Immediate)
        }
    }
}

/// What happens when a consent ran out and nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnSilence {
    /// The consent ends.
    #[default]
    Expire,
    /// The person is not contacted until the consent is renewed.
    Pause,
    /// The consent goes on.
    Keep,
}

impl OnSilence {
    pub(crate) const ALL: [OnSilence; 3] = [OnSilence::Expire, OnSilence::Pause, OnSilence::Keep];

    /// The spelling in definitions.
    pub fn as_str(self) -> &'static str {
        match self {
            OnSilence::Expire => "expire",
            OnSilence::Pause => "pause",
            OnSilence::Keep => "keep",
        }
    }

    pub(crate) fn read(report: &mut Report<'_>, at: At<'_>) -> Option<Self> {
        let object = Object::open(report, at, &["onSilence"])?;
        match object.optional("onSilence") {
            Some(at) => at.choice(report, &Self::ALL, Self::as_str),
            None => Some(OnSilence::default()),
        }
    }
}

/// How long sealed evidence is kept after the last purpose ended.
pub(crate) fn read_proof(report: &mut Report<'_>, at: At<'_>) -> Option<Period> {
    let object = Object::open(report, at, &["retention", "from"])?;
    let retention = object
        .required(report, "retention")
        .and_then(|at| Period::read(report, &at));
    object
        .required(report, "from")
        .and_then(|at| at.choice(report, &["end"], |text| text));
    retention
}

/// Where a consent is taken back when no collector does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawal {
    /// A page.
    Url(String),
    /// A mailbox.
    Email(String),
    /// Either.
    Both {
        /// The page.
        url: String,
        /// The mailbox.
        email: String,
    },
}

impl Withdrawal {
    /// The page, where there is one.
    pub fn url(&self) -> Option<&str> {
        match self {
            Withdrawal::Url(url) | Withdrawal::Both { url, .. } => Some(url),
            Withdrawal::Email(_) => None,
        }
    }

    /// The mailbox, where there is one.
    pub fn email(&self) -> Option<&str> {
        match self {
            Withdrawal::Email(email) | Withdrawal::Both { email, .. } => Some(email),
            Withdrawal::Url(_) => None,
        }
    }

    pub(crate) fn read(report: &mut Report<'_>, at: At<'_>) -> Option<Self> {
        let place = at.place();
        let object = Object::open(report, at, &["url", "email"])?;
        let url = object.optional("url").and_then(|at| web::link(report, &at));
        let email = object.optional("email").and_then(|at| web::email(report, &at));
        if !object.has("url") && !object.has("email") {
            let help = "add `url` or `email`: where a consent is taken back";
            report.refuse(crate::rule::WITHDRAWAL, &place, "withdrawal names no address", help);
        }
        match (url, email) {
            (Some(url), Some(email)) => Some(Withdrawal::Both { url, email }),
            (Some(url), None) => Some(Withdrawal::Url(url)),
            (None, Some(email)) => Some(Withdrawal::Email(email)),
            (None, None) => None,
        }
    }
}
