//! What a letter was about, and the one button that ends it. Refuses to say anything else of the person.

use askama::Template;

use crate::catalog::Words;

/// The page behind `List-Unsubscribe`, for mail programs that open it.
#[derive(Debug, Template)]
#[template(path = "unsubscribe.html")]
pub struct UnsubscribePage {
    pub words: Words,
    pub action: String,
    /// What the button ends: the language of each statement, and its words.
    pub ending: Vec<(String, String)>,
    /// Of what it has just ended.
    pub receipts: Option<Vec<String>>,
}
